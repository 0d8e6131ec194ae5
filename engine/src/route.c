/*
 * route.c - adding, changing, deleting and telling about routes.
 */
#include <string.h>

#include "address.h"
#include "change.h"
#include "criteria.h"
#include "deadline.h"
#include "expiry.h"
#include "list.h"
#include "notify.h"
#include "route.h"

/*
 * The references of an owner that has its route locked
 */

/* While the owner has the route locked, the references in the live RTM_ROUTE_INFO are the owner's: it adds one for each
 * next hop that it puts in and releases one for each that it takes out. */
static void
hops_lend(struct call *c, const struct route *r)
{
	for (unsigned i = 0; i < r->r_hops; i++)
		(void)refer(c, route_hop(r, i), &nexthop_at(route_hop(r, i))->n_object);
	if (r->r_neighbour != 0)
		(void)refer(c, r->r_neighbour, &nexthop_at(r->r_neighbour)->n_object);
}

static void
hop_return(struct call *c, ref_t hop)
{
	consume(c, &nexthop_at(hop)->n_object);
	nexthop_settle(c->c_table, hop);
}

static void
hops_return(struct call *c, const struct route *r)
{
	for (unsigned i = 0; i < r->r_hops; i++)
		hop_return(c, route_hop(r, i));
	if (r->r_neighbour != 0)
		hop_return(c, r->r_neighbour);
}

void
route_lend_or_return(struct call *c, ref_t ref, bool lock)
{
	struct route *r = route_at(ref);
	struct routeextra *x;

	/* It was locked as a destination. */
	if (r->r_extra == 0)
		return;
	x = routeextra_at(r->r_extra);
	if (lock) {
		if (x->rx_lent++ == 0)
			hops_lend(c, r);
	} else if (x->rx_lent > 0 && --x->rx_lent == 0) {
		hops_return(c, r);
		route_publish(ref);
	}
}

/* Takes back the references that the owner's locks lent it, because the route is changed or deleted under them; tells
 * the number of locks. */
static uint32_t
route_reclaim(struct call *c, ref_t ref)
{
	struct route *r = route_at(ref);
	uint32_t lent = r->r_extra != 0 ? routeextra_at(r->r_extra)->rx_lent : 0;

	if (lent == 0)
		return 0;
	routeextra_at(r->r_extra)->rx_lent = 0;
	hops_return(c, r);
	return lent;
}

/* Lends the owner those of the present next hops again, for so many locks. */
static void
route_lend(struct call *c, ref_t ref, uint32_t lent)
{
	if (lent == 0)
		return;
	routeextra_at(route_at(ref)->r_extra)->rx_lent = lent;
	hops_lend(c, route_at(ref));
}

/*
 * Adding and changing
 */

/* A next hop that a route may name: 6 unless it is a live one in a list, 87 unless the list is the caller's. */
static DWORD
wanted_hop(const struct call *c, HANDLE handle, ref_t *ref)
{
	const struct nexthop *n = call_resolve(c, handle, KIND_NEXTHOP);

	if (n == NULL || n->n_info.State == RTM_NEXTHOP_STATE_DELETED)
		return ERROR_INVALID_HANDLE;
	*ref = handle_ref(handle);
	return n->n_owner == c->c_self ? NO_ERROR : ERROR_INVALID_PARAMETER;
}

DWORD
wanted_read(const struct call *c, const RTM_ROUTE_INFO *info, struct wanted *w)
{
	DWORD status = NO_ERROR;

	memset(w, 0, sizeof(*w));
	if (info == NULL || info->NextHopsList.NumNextHops > MAX_NEXT_HOPS)
		return ERROR_INVALID_PARAMETER;
	w->w_info = info;
	w->w_hops = info->NextHopsList.NumNextHops;
	/* An invalid handle is told before a wrong one, so all are looked at. */
	for (unsigned i = 0; i <= w->w_hops; i++) {
		HANDLE handle = i < w->w_hops ? info->NextHopsList.NextHops[i] : info->Neighbour;
		DWORD s;

		if (handle == NULL)
			s = i < w->w_hops ? ERROR_INVALID_PARAMETER : NO_ERROR;
		else
			s = wanted_hop(c, handle, i < w->w_hops ? &w->w_hop[i] : &w->w_neighbour);
		if (s == ERROR_INVALID_HANDLE)
			return s;
		if (s != NO_ERROR)
			status = s;
	}
	if (!views_of_mask(info->BelongsToViews, &w->w_views))
		status = ERROR_INVALID_PARAMETER;
	return status;
}

/* Replaces the route's neighbour and next hops. False, and nothing changed, when memory is short. */
static bool
route_set_hops(struct table *t, struct route *r, const struct wanted *w)
{
	struct route before = *r;
	ref_t several = 0;

	if (w->w_hops > 1) {
		struct hopset *h = pool_alloc(&t->t_pool[KIND_HOPSET], &several);

		if (h == NULL)
			return false;
		memcpy(h->hs_hop, w->w_hop, sizeof(h->hs_hop));
	}
	/* Count the new ones first: a hop in both lists must not be freed in between. */
	for (unsigned i = 0; i < w->w_hops; i++)
		nexthop_at(w->w_hop[i])->n_holds++;
	if (w->w_neighbour != 0)
		nexthop_at(w->w_neighbour)->n_holds++;
	r->r_hops = (uint8_t)w->w_hops;
	r->r_hop = w->w_hops > 1 ? several : w->w_hop[0];
	r->r_neighbour = w->w_neighbour;

	for (unsigned i = 0; i < before.r_hops; i++) {
		nexthop_at(route_hop(&before, i))->n_holds--;
		nexthop_settle(t, route_hop(&before, i));
	}
	if (before.r_hops > 1)
		pool_free(&t->t_pool[KIND_HOPSET], before.r_hop);
	if (before.r_neighbour != 0) {
		nexthop_at(before.r_neighbour)->n_holds--;
		nexthop_settle(t, before.r_neighbour);
	}
	return true;
}

static void
route_set_values(struct route *r, const struct wanted *w)
{
	r->r_metric = w->w_info->PrefInfo.Metric;
	r->r_preference = w->w_info->PrefInfo.Preference;
	r->r_flags = w->w_info->Flags;
	r->r_flags1 = w->w_info->Flags1;
	r->r_views = (uint8_t)w->w_views;
	r->r_specific = w->w_info->EntitySpecificInfo;
}

/* The caller's route in the list that an add would update, or 0. */
static ref_t
route_equal(const struct call *c, const struct dest *d, const struct wanted *w, RTM_ROUTE_CHANGE_FLAGS flags)
{
	if ((flags & RTM_ROUTE_CHANGE_NEW) != 0)
		return 0;
	for (ref_t ref = d->d_routes; ref != 0; ref = route_at(ref)->r_next) {
		const struct route *r = route_at(ref);

		if (r->r_owner == c->c_self &&
		    ((flags & RTM_ROUTE_CHANGE_FIRST) != 0 || r->r_neighbour == w->w_neighbour))
			return ref;
	}
	return 0;
}

/* The destination of this key; made, without routes, if there is none. 0 when memory is short. */
static ref_t
dest_obtain(struct table *t, const uint8_t *key)
{
	struct trie_end end;
	ref_t ref = trie_seek(&t->t_dests, key, &end);
	struct dest *d;

	if (ref != 0 || !notify_reserve(t) || (d = pool_alloc(&t->t_pool[KIND_DEST], &ref)) == NULL)
		return ref;
	memcpy(d->d_key, key, 1 + t->t_octets);
	if (trie_put(&t->t_dests, &end, ref))
		return ref;
	pool_free(&t->t_pool[KIND_DEST], ref);
	return 0;
}

/* Sees to it that the route's timer and list links can be had. */
static DWORD
route_reserve(struct table *t, struct route *r, const struct wanted *w)
{
	if (w->w_ttl == INFINITE && w->w_list == 0)
		return NO_ERROR;
	if (route_extra(t, r) == NULL)
		return ERROR_NOT_ENOUGH_MEMORY;
	if (w->w_ttl == INFINITE)
		return NO_ERROR;
	if (!timer_reserve(&t->t_timers))
		return ERROR_NOT_ENOUGH_MEMORY;
	return worker_start(expiry_run) ? NO_ERROR : ERROR_NO_SYSTEM_RESOURCES;
}

/* Makes a new route of the caller for the destination, not in its list yet. */
static DWORD
route_make(const struct call *c, ref_t dest, const struct wanted *w, ref_t *ref)
{
	struct table *t = c->c_table;
	struct dest *d = dest_at(dest);
	bool first = !dest_has_route_of(d, c->c_self);
	struct route *r = pool_alloc_beside(&t->t_pool[KIND_ROUTE], dest, ref);
	DWORD status;

	if (r == NULL)
		return ERROR_NOT_ENOUGH_MEMORY;
	if (!route_set_hops(t, r, w)) {
		pool_free(&t->t_pool[KIND_ROUTE], *ref);
		return ERROR_NOT_ENOUGH_MEMORY;
	}
	r->r_dest = dest;
	r->r_owner = c->c_self;
	d->d_holds++;
	c->c_caller->e_holds++;
	status = route_reserve(t, r, w);
	if (status == NO_ERROR && first && !trie_insert(&c->c_caller->e_dests, dest))
		status = ERROR_NOT_ENOUGH_MEMORY;
	if (status != NO_ERROR) {
		r->r_state = RTM_ROUTE_STATE_DELETED;
		route_settle(t, *ref);
		return status;
	}
	r->r_age = d->d_made++;
	if (d->d_routes == 0)
		t->t_routed++;
	c->c_caller->e_routes++;
	return NO_ERROR;
}

/* Restarts or stops the route's time to live, and puts it into its list. */
static void
route_arm(struct table *t, ref_t ref, const struct wanted *w)
{
	if (route_at(ref)->r_extra == 0)
		return;
	if (w->w_ttl == INFINITE)
		deadline_cancel(t, ref, false);
	else
		deadline_set(t, ref, false, sys_milliseconds() + w->w_ttl);
	routeextra_at(route_at(ref)->r_extra)->rx_asked = false;
	if (w->w_list != 0)
		list_move(ref, w->w_list);
	route_publish(ref);
}

static bool
is_best(const struct dest *d, ref_t route)
{
	for (unsigned v = 0; v < VIEW_COUNT; v++)
		if (d->d_best[v] == route)
			return true;
	return false;
}

/* Puts the route, new or taken out for a change, in its place. */
static RTM_ROUTE_CHANGE_FLAGS
route_place(struct table *t, ref_t ref, const struct before *before)
{
	ref_t dest = route_at(ref)->r_dest;
	bool changed;

	route_link(dest_at(dest), ref);
	changed = after_change(t, dest, ref, before);
	return changed || is_best(dest_at(dest), ref) ? RTM_ROUTE_CHANGE_BEST : 0;
}

DWORD
route_update(struct call *c, ref_t ref, const struct wanted *w, RTM_ROUTE_CHANGE_FLAGS *change)
{
	struct table *t = c->c_table;
	struct route *r = route_at(ref);
	struct dest *d = dest_at(r->r_dest);
	struct before before;
	DWORD status = route_reserve(t, r, w);

	if (status != NO_ERROR)
		return status;
	before_change(d, ref, &before);
	if (!route_set_hops(t, r, w))
		return ERROR_NOT_ENOUGH_MEMORY;
	route_unlink(d, ref);
	route_set_values(r, w);
	*change = route_place(t, ref, &before);
	route_arm(t, ref, w);
	return NO_ERROR;
}

/* An update other than in place. */
static DWORD
route_replace(struct call *c, ref_t ref, const struct wanted *w, RTM_ROUTE_CHANGE_FLAGS *change)
{
	uint32_t locks = route_reclaim(c, ref);
	DWORD status = route_update(c, ref, w, change);

	route_lend(c, ref, locks);
	return status;
}

static DWORD
route_add(struct call *c, const uint8_t *key, const struct wanted *w, RTM_ROUTE_CHANGE_FLAGS *change, ref_t *ref)
{
	struct table *t = c->c_table;
	ref_t dest = dest_obtain(t, key);
	struct before before;
	DWORD status;

	if (dest == 0)
		return ERROR_NOT_ENOUGH_MEMORY;
	if (dest_is_barred(dest_at(dest)))
		return WAITING;
	if ((*ref = route_equal(c, dest_at(dest), w, *change)) != 0)
		return route_replace(c, *ref, w, change);
	before_change(dest_at(dest), 0, &before);
	status = route_make(c, dest, w, ref);
	if (status != NO_ERROR) {
		/* A destination made for this route goes with it; route_make may already have seen to that. */
		if ((dest = trie_find(&t->t_dests, key)) != 0)
			dest_settle(t, dest);
		return status;
	}
	route_set_values(route_at(*ref), w);
	*change = route_place(t, *ref, &before) | RTM_ROUTE_CHANGE_NEW;
	route_arm(t, *ref, w);
	return NO_ERROR;
}

static DWORD
add_route_to_dest(struct call *c, RTM_ROUTE_HANDLE *handle, const RTM_NET_ADDRESS *address, const RTM_ROUTE_INFO *info,
                  ULONG ttl, RTM_ROUTE_LIST_HANDLE list, RTM_ROUTE_CHANGE_FLAGS *flags)
{
	bool by_handle = handle != NULL && *handle != NULL;
	const struct route *r = by_handle ? call_resolve(c, *handle, KIND_ROUTE) : NULL;
	RTM_ROUTE_CHANGE_FLAGS change;
	uint8_t key[KEY_SIZE];
	struct wanted w;
	ref_t ref = 0;
	DWORD status;

	if (by_handle && (r == NULL || r->r_state == RTM_ROUTE_STATE_DELETED))
		return ERROR_INVALID_HANDLE;
	if (list != NULL && list_resolve(c, list) == 0)
		return ERROR_INVALID_HANDLE;
	if ((status = wanted_read(c, info, &w)) != NO_ERROR)
		return status;
	if (flags == NULL || (!by_handle && !key_of_prefix(c->c_table, address, key)))
		return ERROR_INVALID_PARAMETER;
	w.w_ttl = ttl;
	w.w_list = list != NULL ? handle_ref(list) : 0;
	change = *flags;
	if (!by_handle)
		status = route_add(c, key, &w, &change, &ref);
	else if (r->r_owner != c->c_self)
		status = ERROR_ACCESS_DENIED;
	else if (dest_is_barred(dest_at(r->r_dest)))
		status = WAITING;
	else
		status = route_replace(c, handle_ref(*handle), &w, &change);
	if (status != NO_ERROR)
		return status;
	if (handle != NULL && !by_handle)
		*handle = refer(c, ref, &route_at(ref)->r_object);
	*flags = change;
	return NO_ERROR;
}

DWORD WINAPI
RtmAddRouteToDest(RTM_ENTITY_HANDLE RtmRegHandle, PRTM_ROUTE_HANDLE RouteHandle, PRTM_NET_ADDRESS DestAddress,
                  PRTM_ROUTE_INFO RouteInfo, ULONG TimeToLive, RTM_ROUTE_LIST_HANDLE RouteListHandle,
                  RTM_NOTIFY_FLAGS NotifyType, RTM_NOTIFY_HANDLE NotifyHandle, PRTM_ROUTE_CHANGE_FLAGS ChangeFlags)
{
	struct call c = call_by(RtmRegHandle, WRITE);

	(void)NotifyType;
	(void)NotifyHandle;
	while (call_attempt(&c))
		c.c_status = add_route_to_dest(&c, RouteHandle, DestAddress, RouteInfo, TimeToLive, RouteListHandle,
		                               ChangeFlags);
	return c.c_status;
}

/*
 * Deleting
 */

static DWORD
delete_route_to_dest(struct call *c, RTM_ROUTE_HANDLE handle, RTM_ROUTE_CHANGE_FLAGS *flags)
{
	struct route *r = call_resolve(c, handle, KIND_ROUTE);

	if (r == NULL)
		return ERROR_INVALID_HANDLE;
	if (flags == NULL)
		return ERROR_INVALID_PARAMETER;
	if (r->r_owner != c->c_self)
		return ERROR_ACCESS_DENIED;
	if (r->r_state == RTM_ROUTE_STATE_DELETED)
		return ERROR_NOT_FOUND;
	if (dest_is_barred(dest_at(r->r_dest)))
		return WAITING;
	consume(c, &r->r_object);
	(void)route_reclaim(c, handle_ref(handle));
	*flags = route_remove(c->c_table, handle_ref(handle)) ? RTM_ROUTE_CHANGE_BEST : 0;
	return NO_ERROR;
}

DWORD WINAPI
RtmDeleteRouteToDest(RTM_ENTITY_HANDLE RtmRegHandle, RTM_ROUTE_HANDLE RouteHandle, PRTM_ROUTE_CHANGE_FLAGS ChangeFlags)
{
	struct call c = call_by(RtmRegHandle, WRITE);

	while (call_attempt(&c))
		c.c_status = delete_route_to_dest(&c, RouteHandle, ChangeFlags);
	return c.c_status;
}

/*
 * Telling
 */

/* Writes nothing behind the last next hop: buffers sized by the header's macro are that short. */
static void
route_info_fill(struct call *c, ref_t ref, RTM_ROUTE_INFO *info)
{
	const struct route *r = route_at(ref);

	info->DestHandle = refer(c, r->r_dest, &dest_at(r->r_dest)->d_object);
	info->RouteOwner = refer(c, r->r_owner, &entity_at(r->r_owner)->e_object);
	info->Neighbour = NULL;
	if (r->r_neighbour != 0)
		info->Neighbour = refer(c, r->r_neighbour, &nexthop_at(r->r_neighbour)->n_object);
	info->State = r->r_state;
	info->Flags1 = r->r_flags1;
	info->Flags = r->r_flags;
	info->PrefInfo.Metric = r->r_metric;
	info->PrefInfo.Preference = r->r_preference;
	info->BelongsToViews = r->r_views;
	info->EntitySpecificInfo = r->r_specific;
	info->NextHopsList.NumNextHops = r->r_hops;
	for (unsigned i = 0; i < r->r_hops; i++) {
		ref_t hop = route_hop(r, i);

		info->NextHopsList.NextHops[i] = refer(c, hop, &nexthop_at(hop)->n_object);
	}
}

static DWORD
get_route_info(struct call *c, RTM_ROUTE_HANDLE handle, RTM_ROUTE_INFO *info, RTM_NET_ADDRESS *address)
{
	const struct route *r = call_resolve(c, handle, KIND_ROUTE);

	if (r == NULL)
		return ERROR_INVALID_HANDLE;
	if (info != NULL)
		route_info_fill(c, handle_ref(handle), info);
	if (address != NULL)
		prefix_of_key(c->c_table, dest_at(r->r_dest)->d_key, address);
	return NO_ERROR;
}

DWORD WINAPI
RtmGetRouteInfo(RTM_ENTITY_HANDLE RtmRegHandle, RTM_ROUTE_HANDLE RouteHandle, PRTM_ROUTE_INFO RouteInfo,
                PRTM_NET_ADDRESS DestAddress)
{
	struct call c = call_by(RtmRegHandle, READ);

	while (call_attempt(&c))
		c.c_status = get_route_info(&c, RouteHandle, RouteInfo, DestAddress);
	return c.c_status;
}

static DWORD
release_route_info(struct call *c, const RTM_ROUTE_INFO *info)
{
	struct held held[3 + MAX_NEXT_HOPS];
	unsigned hops;

	if (info == NULL || info->NextHopsList.NumNextHops > MAX_NEXT_HOPS)
		return ERROR_INVALID_PARAMETER;
	hops = info->NextHopsList.NumNextHops;
	held[0] = (struct held){ info->DestHandle, KIND_DEST };
	held[1] = (struct held){ info->RouteOwner, KIND_ENTITY };
	held[2] = (struct held){ info->Neighbour, KIND_NEXTHOP };
	for (unsigned i = 0; i < hops; i++)
		held[3 + i] = (struct held){ info->NextHopsList.NextHops[i], KIND_NEXTHOP };
	return give_back(c, held, 3 + hops);
}

DWORD WINAPI
RtmReleaseRouteInfo(RTM_ENTITY_HANDLE RtmRegHandle, PRTM_ROUTE_INFO RouteInfo)
{
	struct call c = call_by(RtmRegHandle, READ);

	while (call_attempt(&c))
		c.c_status = release_route_info(&c, RouteInfo);
	return c.c_status;
}

DWORD WINAPI
RtmReleaseRoutes(RTM_ENTITY_HANDLE RtmRegHandle, UINT NumRoutes, PRTM_ROUTE_HANDLE RouteHandles)
{
	return release_handles(RtmRegHandle, NumRoutes, RouteHandles, KIND_ROUTE);
}

/* The first route in order that is in the views and fits; without criteria the best one of a view goes before its
 * equals. */
static ref_t
route_match(const struct dest *d, unsigned views, const struct criteria *m)
{
	ref_t first = d->d_routes;

	while (first != 0 && !(route_in_views(route_at(first), views) && criteria_match(m, route_at(first))))
		first = route_at(first)->r_next;
	for (unsigned v = 0; first != 0 && m->m_flags == RTM_MATCH_NONE && v < VIEW_COUNT; v++) {
		ref_t best = views == 0 || (views >> v & 1) != 0 ? d->d_best[v] : 0;

		if (best != 0 && route_at(best)->r_preference == route_at(first)->r_preference &&
		    route_at(best)->r_metric == route_at(first)->r_metric)
			return best;
	}
	return first;
}

static DWORD
get_exact_match_route(struct call *c, const RTM_NET_ADDRESS *address, RTM_MATCH_FLAGS flags, RTM_ROUTE_INFO *info,
                      ULONG interface_index, RTM_VIEW_SET mask, RTM_ROUTE_HANDLE *handle)
{
	uint8_t key[KEY_SIZE];
	struct criteria m;
	unsigned views;
	ref_t dest, ref = 0;
	DWORD status = criteria_read(c, flags, info, interface_index, &m);

	if (status != NO_ERROR)
		return status;
	if (info == NULL || !key_of_prefix(c->c_table, address, key))
		return ERROR_INVALID_PARAMETER;
	if (!views_of_mask(mask, &views))
		return ERROR_NOT_SUPPORTED;
	if ((dest = trie_find(&c->c_table->t_dests, key)) != 0)
		ref = route_match(dest_at(dest), views, &m);
	if (ref == 0)
		return ERROR_NOT_FOUND;
	route_info_fill(c, ref, info);
	if (handle != NULL)
		*handle = refer(c, ref, &route_at(ref)->r_object);
	return NO_ERROR;
}

DWORD WINAPI
RtmGetExactMatchRoute(RTM_ENTITY_HANDLE RtmRegHandle, PRTM_NET_ADDRESS DestAddress, RTM_MATCH_FLAGS MatchingFlags,
                      PRTM_ROUTE_INFO RouteInfo, ULONG InterfaceIndex, RTM_VIEW_SET TargetViews,
                      PRTM_ROUTE_HANDLE RouteHandle)
{
	struct call c = call_by(RtmRegHandle, READ);

	while (call_attempt(&c))
		c.c_status = get_exact_match_route(&c, DestAddress, MatchingFlags, RouteInfo, InterfaceIndex,
		                                   TargetViews, RouteHandle);
	return c.c_status;
}

static DWORD
is_best_route(const struct call *c, RTM_ROUTE_HANDLE handle, RTM_VIEW_SET *views)
{
	const struct route *r = call_resolve(c, handle, KIND_ROUTE);

	if (r == NULL)
		return ERROR_INVALID_HANDLE;
	if (views == NULL)
		return ERROR_INVALID_PARAMETER;
	*views = 0;
	for (unsigned v = 0; v < VIEW_COUNT; v++)
		if (dest_at(r->r_dest)->d_best[v] == handle_ref(handle))
			*views |= (RTM_VIEW_SET)1 << v;
	return NO_ERROR;
}

DWORD WINAPI
RtmIsBestRoute(RTM_ENTITY_HANDLE RtmRegHandle, RTM_ROUTE_HANDLE RouteHandle, PRTM_VIEW_SET BestInViews)
{
	struct call c = call_by(RtmRegHandle, READ);

	while (call_attempt(&c))
		c.c_status = is_best_route(&c, RouteHandle, BestInViews);
	return c.c_status;
}
