/*
 * change.c - what a change to a route means: which route is best then, who is told, what is held. See change.h.
 */
#include <string.h>

#include "change.h"
#include "deadline.h"
#include "list.h"
#include "notify.h"

bool
dest_has_route_of(const struct dest *d, ref_t owner)
{
	for (ref_t ref = d->d_routes; ref != 0; ref = route_at(ref)->r_next)
		if (route_at(ref)->r_owner == owner)
			return true;
	for (unsigned v = 0; v < VIEW_COUNT; v++)
		if (dest_held(d, v) != 0 && route_at(dest_held(d, v))->r_owner == owner)
			return true;
	return false;
}

void
route_publish(ref_t ref)
{
	const struct route *r = route_at(ref);
	RTM_ROUTE_INFO *info;

	if (r->r_extra == 0 || !routeextra_at(r->r_extra)->rx_published)
		return;
	info = &routeextra_at(r->r_extra)->rx_info;
	info->DestHandle = handle_of(r->r_dest, dest_at(r->r_dest));
	info->RouteOwner = handle_of(r->r_owner, entity_at(r->r_owner));
	info->Neighbour = hop_handle(r->r_neighbour);
	info->State = r->r_state;
	info->Flags1 = r->r_flags1;
	info->Flags = r->r_flags;
	info->PrefInfo = (RTM_PREF_INFO){ r->r_metric, r->r_preference };
	info->BelongsToViews = r->r_views;
	info->EntitySpecificInfo = r->r_specific;
	info->NextHopsList.NumNextHops = r->r_hops;
	for (unsigned i = 0; i < r->r_hops; i++)
		info->NextHopsList.NextHops[i] = hop_handle(route_hop(r, i));
}

/* Below zero: a is to be preferred. Smaller preference, then smaller metric wins. */
static int
route_compare(const struct route *a, const struct route *b)
{
	if (a->r_preference != b->r_preference)
		return a->r_preference < b->r_preference ? -1 : 1;
	if (a->r_metric != b->r_metric)
		return a->r_metric < b->r_metric ? -1 : 1;
	return 0;
}

void
route_link(struct dest *d, ref_t ref)
{
	struct route *r = route_at(ref);
	ref_t *link = &d->d_routes;

	while (*link != 0) {
		const struct route *other = route_at(*link);
		int order = route_compare(r, other);

		if (order < 0 || (order == 0 && r->r_age < other->r_age))
			break;
		link = &route_at(*link)->r_next;
	}
	r->r_next = *link;
	*link = ref;
}

void
route_unlink(struct dest *d, ref_t ref)
{
	ref_t *link = &d->d_routes;

	while (*link != ref)
		link = &route_at(*link)->r_next;
	*link = route_at(ref)->r_next;
}

/* The best route in a view. Among equals the incumbent stays; without one the first made wins. */
static ref_t
dest_best(const struct dest *d, unsigned view)
{
	ref_t first = 0;

	for (ref_t ref = d->d_routes; ref != 0; ref = route_at(ref)->r_next) {
		const struct route *r = route_at(ref);

		if ((r->r_views >> view & 1) == 0)
			continue;
		if (first != 0 && route_compare(route_at(first), r) != 0)
			break;
		if (ref == d->d_best[view])
			return ref;
		if (first == 0)
			first = ref;
	}
	return first;
}

void
dest_stamp(struct dest *d)
{
	uint64_t now = sys_filetime();

	d->d_changed[0] = (uint32_t)now;
	d->d_changed[1] = (uint32_t)(now >> 32);
}

void
before_change(const struct dest *d, ref_t ref, struct before *b)
{
	const struct route *r = ref != 0 ? route_at(ref) : NULL;

	memcpy(b->b_best, d->d_best, sizeof(b->b_best));
	b->b_views = r != NULL ? r->r_views : 0;
	if (r == NULL)
		return;
	b->b_preference = r->r_preference;
	b->b_metric = r->r_metric;
	b->b_flags = r->r_flags;
	b->b_hops = r->r_hops;
	for (unsigned i = 0; i < r->r_hops; i++)
		b->b_hop[i] = route_hop(r, i);
}

/* Whether the route's next hops are another set than before. */
static bool
hops_changed(const struct route *r, const struct before *b)
{
	if (r->r_hops != b->b_hops)
		return true;
	for (unsigned i = 0; i < r->r_hops; i++) {
		bool found = false;

		for (unsigned k = 0; k < b->b_hops; k++)
			found |= b->b_hop[k] == route_hop(r, i);
		if (!found)
			return true;
	}
	return false;
}

bool
after_change(struct table *t, ref_t dest, ref_t ref, const struct before *b)
{
	struct dest *d = dest_at(dest);
	const struct route *r = route_at(ref);
	bool gone = r->r_state == RTM_ROUTE_STATE_DELETED, changed = false;
	bool better = r->r_preference != b->b_preference || hops_changed(r, b);
	struct changes changes = { b->b_views | (gone ? 0u : r->r_views), 0, 0 };

	for (unsigned v = 0; v < VIEW_COUNT; v++) {
		ref_t best = dest_best(d, v);

		if (best != b->b_best[v]) {
			changed = true;
			changes.g_best |= 1u << v;
			changes.g_forwarding |= 1u << v;
		} else if (best == ref) {
			/* The best route stays the best but is not what it was. */
			unsigned flags = (unsigned)(r->r_flags ^ b->b_flags);

			if (better || flags != 0 || r->r_metric != b->b_metric)
				changes.g_best |= 1u << v;
			if (better || (flags & RTM_ROUTE_FLAGS_FORWARDING) != 0)
				changes.g_forwarding |= 1u << v;
		}
		d->d_best[v] = best;
	}
	dest_stamp(d);
	notify_changes(t, dest, &changes);
	return changed;
}

/* Marks the route that goes as held in the views where it was the last one, if they are marked for that. */
static void
hold_begin(struct table *t, struct dest *d, ref_t dest, ref_t ref)
{
	struct destextra *x = d->d_extra != 0 ? destextra_at(d->d_extra) : NULL;
	struct route *r = route_at(ref);

	for (unsigned v = 0; x != NULL && v < VIEW_COUNT; v++) {
		if ((r->r_views & x->dx_hold_views & 1u << v) == 0 || x->dx_held[v] != 0 || dest_best(d, v) != 0)
			continue;
		x->dx_held[v] = ref;
		r->r_held++;
		if (x->dx_hold_since != 0)
			continue;
		x->dx_hold_since = sys_milliseconds();
		timer_unkeep(&t->t_timers);
		deadline_set(t, dest, true, x->dx_hold_since + x->dx_hold_time);
	}
}

void
hold_end(struct table *t, ref_t dest)
{
	struct dest *d = dest_at(dest);
	struct destextra *x = destextra_at(d->d_extra);
	struct changes changes = { 0, 0, 0 };

	d->d_holds++;
	x->dx_hold_views = 0;
	x->dx_hold_time = 0;
	x->dx_hold_since = 0;
	for (unsigned v = 0; v < VIEW_COUNT; v++) {
		ref_t ref = x->dx_held[v];
		struct entity *owner;

		if (ref == 0)
			continue;
		changes.g_all |= 1u << v;
		x->dx_held[v] = 0;
		route_at(ref)->r_held--;
		owner = entity_at(route_at(ref)->r_owner);
		if (route_at(ref)->r_held == 0 && !dest_has_route_of(d, route_at(ref)->r_owner))
			trie_remove(&owner->e_dests, dest);
		route_settle(t, ref);
	}
	changes.g_best = changes.g_all;
	dest_stamp(d);
	notify_changes(t, dest, &changes);
	d->d_holds--;
	dest_settle(t, dest);
}

bool
route_remove(struct table *t, ref_t ref)
{
	struct route *r = route_at(ref);
	ref_t dest = r->r_dest;
	struct dest *d = dest_at(dest);
	struct entity *owner = entity_at(r->r_owner);
	struct before before;
	bool changed;

	before_change(d, ref, &before);
	route_unlink(d, ref);
	r->r_state = RTM_ROUTE_STATE_DELETED;
	owner->e_routes--;
	if (d->d_routes == 0)
		t->t_routed--;
	if (r->r_extra != 0) {
		deadline_cancel(t, ref, false);
		list_leave(ref);
		route_publish(ref);
	}
	hold_begin(t, d, dest, ref);
	if (!dest_has_route_of(d, r->r_owner))
		trie_remove(&owner->e_dests, dest);
	changed = after_change(t, dest, ref, &before);
	route_settle(t, ref);
	return changed;
}
