/*
 * route.h - routes as clients see them, and matching by criteria.
 */
#ifndef RTM2_ROUTE_H
#define RTM2_ROUTE_H

#include "table.h"

#define MATCH_ALL \
	(RTM_MATCH_OWNER | RTM_MATCH_NEIGHBOUR | RTM_MATCH_PREF | RTM_MATCH_NEXTHOP | RTM_MATCH_INTERFACE)

/* What RTM_MATCH_* flags select. Handles, not ref_ts: what goes while an enumeration is open never matches again. */
struct criteria {
	RTM_MATCH_FLAGS m_flags;
	ULONG m_interface;
	HANDLE m_owner, m_neighbour;
	RTM_PREF_INFO m_pref;
	unsigned m_hops;
	HANDLE m_hop[MAX_NEXT_HOPS];
};

/* Reads the criteria of a call. Returns NO_ERROR; 6 for a handle that is none; 87 for undefined flags, too many next
 * hops, or no info where the flags need it. */
DWORD criteria_read(const struct call *, RTM_MATCH_FLAGS, const RTM_ROUTE_INFO *, ULONG interface_index,
                    struct criteria *);

bool criteria_match(const struct criteria *, const struct route *);

/* What an RTM_ROUTE_INFO and the other arguments of an add or update ask for, checked. */
struct wanted {
	const RTM_ROUTE_INFO *w_info;
	unsigned w_views;
	ULONG w_ttl;  /* ms */
	ref_t w_list; /* 0: leave the route in the list that it is in */
	ref_t w_neighbour;
	unsigned w_hops;
	ref_t w_hop[MAX_NEXT_HOPS];
};

/* Reads the info. NO_ERROR; 6 for a handle that is none, or of a deleted next hop; 87. */
DWORD wanted_read(const struct call *, const RTM_ROUTE_INFO *, struct wanted *);

/* Takes back the references that the owner's locks lent it, because the route is changed or deleted under them; and lends
 * those of its present next hops again. Both by the number of locks (lock.c). */
uint32_t route_reclaim(struct call *, ref_t);
void route_lend(struct call *, ref_t, uint32_t locks);

/* Changes a live route of the caller. NO_ERROR, 8, 1450; nothing is changed unless all is. */
DWORD route_update(struct call *, ref_t, const struct wanted *, RTM_ROUTE_CHANGE_FLAGS *);

static inline bool
route_in_views(const struct route *r, unsigned views)
{
	return views == 0 || (r->r_views & views) != 0;
}

#endif
