/*
 * enum.h - enumerations, of all four kinds.
 */
#ifndef RTM2_ENUM_H
#define RTM2_ENUM_H

#include "criteria.h"
#include "list.h"

enum subject { DESTS, ROUTES, NEXT_HOPS, LISTED_ROUTES };

struct enumeration {
	struct object n_object;
	ref_t n_owner;
	ref_t n_next, n_prev;   /* the owner's enumerations */
	enum subject n_subject;
	bool n_own;             /* only destinations with a best route, or routes, of the owner */
	bool n_in_range;        /* stop at the end of n_range */
	bool n_begun;           /* n_key was already returned */
	unsigned n_views;
	ULONG n_protocol;
	RTM_DEST_HANDLE n_dest; /* the only destination, or NULL */
	struct criteria n_criteria;
	HANDLE *n_noted;        /* routes of the present destination */
	uint32_t n_noted_count, n_noted_room, n_noted_done;
	struct list_cursor n_list;
	uint8_t n_key[KEY_SIZE];
	uint8_t n_range[KEY_SIZE];
};

#define enum_at(ref) ((struct enumeration *)object_at(ref))

/* Ends all enumerations of an entity that leaves. */
void enum_end_all(struct table *, struct entity *);

#endif
