/*
 * enum.h - enumerations, of all four kinds.
 */
#ifndef RTM2_ENUM_H
#define RTM2_ENUM_H

#include "criteria.h"
#include "list.h"

enum subject { DESTS, ROUTES, NEXT_HOPS, LISTED_ROUTES };

struct enumeration {
	struct object en_object;
	ref_t en_owner;
	ref_t en_next, en_prev;   /* the owner's enumerations */
	enum subject en_subject;
	bool en_own;             /* only destinations with a best route, or routes, of the owner */
	bool en_in_range;        /* stop at the end of en_range */
	bool en_begun;           /* en_key was already returned */
	unsigned en_views;
	ULONG en_protocol;
	RTM_DEST_HANDLE en_dest; /* the only destination, or NULL */
	struct criteria en_criteria;
	HANDLE *en_noted;        /* routes of the present destination */
	uint32_t en_noted_count, en_noted_room, en_noted_done;
	struct list_cursor en_list;
	uint8_t en_key[KEY_SIZE];
	uint8_t en_range[KEY_SIZE];
};

#define enum_at(ref) ((struct enumeration *)object_at(ref))

/* Ends all enumerations of an entity that leaves. */
void enum_end_all(struct table *, struct entity *);

#endif
