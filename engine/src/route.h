/*
 * route.h - changing routes, as far as it is done under locks too.
 */
#ifndef RTM2_ROUTE_H
#define RTM2_ROUTE_H

#include "call.h"

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

/* What the owner's exclusive lock or unlock of a route does to the references; an unlock without update drops what was
 * changed. */
void route_lend_or_return(struct call *, ref_t, bool lock);

/* Changes a live route of the caller. NO_ERROR, 8, 1450; nothing is changed unless all is. */
DWORD route_update(struct call *, ref_t, const struct wanted *, RTM_ROUTE_CHANGE_FLAGS *);

#endif
