/*
 * change.h - what a change to a route means for its destination.
 *
 * A change goes: before_change notes what the destination is like; the route is put in, taken out, or altered;
 * after_change chooses the best routes and tells those whom it concerns. When the last route of a view goes from a
 * destination that is marked for that, the route is held: deleted, but shown as the one that was there, until the hold
 * ends.
 *
 * All of it is for a table that is locked for writing.
 */
#ifndef RTM2_CHANGE_H
#define RTM2_CHANGE_H

#include "object.h"

/* Notes the time of a change. */
void dest_stamp(struct dest *);

/* Whether any route of this owner is in the destination's list, or held. */
bool dest_has_route_of(const struct dest *, ref_t owner);

/* Brings the route's published RTM_ROUTE_INFO up to date, if there is one. */
void route_publish(ref_t);

/* Puts a route that is complete into its destination's list; d_best is not touched. */
void route_link(struct dest *, ref_t);
void route_unlink(struct dest *, ref_t);

/* What a destination was like before a change to one of its routes: what the change is measured against. */
struct before {
	ref_t b_best[VIEW_COUNT];
	unsigned b_views; /* of the route; the rest is of use only if it was in some */
	ULONG b_preference, b_metric;
	uint16_t b_flags;
	unsigned b_hops;
	ref_t b_hop[MAX_NEXT_HOPS];
};

/* Takes the destination down before the change of a route; route 0 for one that is to be added. */
void before_change(const struct dest *, ref_t route, struct before *);

/* After it: chooses the best route of each view anew, stamps the destination, tells the change registrations. True if a
 * best route is another than before. */
bool after_change(struct table *, ref_t dest, ref_t route, const struct before *);

/* Takes a live route out of the table, held down or for good, and frees it if nothing counts on it. True if it was a
 * best one. */
bool route_remove(struct table *, ref_t);

/* Ends the hold of a destination whose time is up. */
void hold_end(struct table *, ref_t dest);

#endif
