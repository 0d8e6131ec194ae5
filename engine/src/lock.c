/*
 * lock.c - locks that clients hold from one call to another, and pointers to what they guard.
 *
 * A lock belongs to a thread and may be taken again by it. Locking a route locks its destination with all routes. While
 * another thread has the lock, calls that would change the destination wait; reading goes on, because a route is read from
 * the engine's own record and not from the RTM_ROUTE_INFO that the holder of the lock is changing. A next hop has no record
 * but the RTM_NEXTHOP_INFO that its owner changes under an exclusive lock, so reading it waits too.
 */
#include "list.h"
#include "route.h"

/*
 * Locks
 */

static bool
is_shared_by_others(const struct userlock *l, uintptr_t self)
{
	for (unsigned i = 0; i < LOCK_SHARERS; i++)
		if (l->l_sharer[i].s_depth > 0 && l->l_sharer[i].s_thread != self)
			return true;
	return false;
}

bool
userlock_bars(const struct userlock *l)
{
	uintptr_t self = sys_thread_self();

	return (l->l_owner != 0 && l->l_owner != self) || is_shared_by_others(l, self);
}

bool
userlock_bars_reading(const struct userlock *l)
{
	return l->l_owner != 0 && l->l_owner != sys_thread_self();
}

static bool
userlock_is_held(const struct userlock *l, uintptr_t self)
{
	for (unsigned i = 0; i < LOCK_SHARERS; i++)
		if (l->l_sharer[i].s_depth > 0 && l->l_sharer[i].s_thread == self)
			return true;
	return l->l_owner == self;
}

bool
userlock_take(struct userlock *l, bool exclusive)
{
	uintptr_t self = sys_thread_self();
	unsigned vacant = LOCK_SHARERS;

	/* The worker would wait for itself. */
	if (l->l_claimed && !userlock_is_held(l, self) && !worker_is_here())
		return false;
	if (exclusive) {
		if (userlock_bars(l))
			return false;
		l->l_owner = self;
		l->l_depth++;
		return true;
	}
	if (userlock_bars_reading(l))
		return false;
	for (unsigned i = 0; i < LOCK_SHARERS; i++) {
		if (l->l_sharer[i].s_depth > 0 && l->l_sharer[i].s_thread == self) {
			l->l_sharer[i].s_depth++;
			return true;
		}
		if (l->l_sharer[i].s_depth == 0 && vacant == LOCK_SHARERS)
			vacant = i;
	}
	if (vacant == LOCK_SHARERS)
		return false;
	l->l_sharer[vacant].s_thread = self;
	l->l_sharer[vacant].s_depth = 1;
	return true;
}

bool
userlock_give(struct userlock *l, bool exclusive)
{
	uintptr_t self = sys_thread_self();

	if (exclusive) {
		if (l->l_owner != self)
			return false;
		if (--l->l_depth == 0)
			l->l_owner = 0;
		return true;
	}
	for (unsigned i = 0; i < LOCK_SHARERS; i++)
		if (l->l_sharer[i].s_depth > 0 && l->l_sharer[i].s_thread == self) {
			l->l_sharer[i].s_depth--;
			return true;
		}
	return false;
}

bool
dest_is_barred(const struct dest *d)
{
	return d->d_extra != 0 && userlock_bars(&destextra_at(d->d_extra)->x_lock);
}

void
dest_claim(const struct dest *d)
{
	destextra_at(d->d_extra)->x_lock.l_claimed = true;
}

void
dest_unclaim(const struct dest *d)
{
	if (d->d_extra == 0 || !destextra_at(d->d_extra)->x_lock.l_claimed)
		return;
	destextra_at(d->d_extra)->x_lock.l_claimed = false;
	wake_waiting();
}

enum outcome { LOCKED, WAIT, REFUSED, NO_MEMORY };

/* Locks or unlocks; a hold on the object for each lock keeps it from going. */
static enum outcome
userlock_turn(struct userlock *l, bool exclusive, bool lock, uint32_t *holds)
{
	if (lock) {
		if (!userlock_take(l, exclusive))
			return WAIT;
		++*holds;
		return LOCKED;
	}
	if (!userlock_give(l, exclusive))
		return REFUSED;
	--*holds;
	wake_waiting();
	return LOCKED;
}

static enum outcome
dest_turn(struct table *t, struct dest *d, bool exclusive, bool lock)
{
	struct destextra *x;

	/* What was never locked has nowhere to say so: unlocking needs no memory. */
	if (!lock && d->d_extra == 0)
		return REFUSED;
	if ((x = dest_extra(t, d)) == NULL)
		return NO_MEMORY;
	return userlock_turn(&x->x_lock, exclusive, lock, &d->d_holds);
}

DWORD WINAPI
RtmLockDestination(RTM_ENTITY_HANDLE RtmRegHandle, RTM_DEST_HANDLE DestHandle, BOOL Exclusive, BOOL LockDest)
{
	for (;;) {
		struct dest *d;
		struct call c;
		DWORD status = NO_ERROR;
		enum outcome outcome;

		if (!call_begin(&c, RtmRegHandle, WRITE))
			return ERROR_INVALID_HANDLE;
		if ((d = call_resolve(&c, DestHandle, KIND_DEST)) == NULL)
			status = ERROR_INVALID_HANDLE;
		else {
			outcome = dest_turn(c.c_table, d, Exclusive != FALSE, LockDest != FALSE);
			if (outcome == WAIT) {
				call_wait(&c);
				continue;
			}
			if (outcome != LOCKED)
				status = outcome == REFUSED ? ERROR_ACCESS_DENIED : ERROR_NOT_ENOUGH_MEMORY;
			dest_settle(c.c_table, handle_ref(DestHandle));
		}
		call_end(&c);
		return status;
	}
}

/*
 * Routes
 */

/* While the owner has the route locked, the references in the live RTM_ROUTE_INFO are the owner's: it adds one for each next
 * hop that it puts in and releases one for each that it takes out. */
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

/* What the owner's exclusive lock or unlock does to the references; an unlock without update drops what was changed. */
static void
route_lend_or_return(struct call *c, ref_t ref, bool lock)
{
	struct route *r = route_at(ref);
	struct routeextra *x;

	/* It was locked as a destination. */
	if (r->r_extra == 0)
		return;
	x = routeextra_at(r->r_extra);
	if (lock) {
		if (x->x_lent++ == 0)
			hops_lend(c, r);
	} else if (x->x_lent > 0 && --x->x_lent == 0) {
		hops_return(c, r);
		route_publish(ref);
	}
}

uint32_t
route_reclaim(struct call *c, ref_t ref)
{
	struct route *r = route_at(ref);
	uint32_t lent = r->r_extra != 0 ? routeextra_at(r->r_extra)->x_lent : 0;

	if (lent == 0)
		return 0;
	routeextra_at(r->r_extra)->x_lent = 0;
	hops_return(c, r);
	return lent;
}

void
route_lend(struct call *c, ref_t ref, uint32_t lent)
{
	if (lent == 0)
		return;
	routeextra_at(route_at(ref)->r_extra)->x_lent = lent;
	hops_lend(c, route_at(ref));
}

static struct route *
live_route(const struct call *c, RTM_ROUTE_HANDLE handle)
{
	struct route *r = call_resolve(c, handle, KIND_ROUTE);

	return r != NULL && r->r_state != RTM_ROUTE_STATE_DELETED ? r : NULL;
}

/* The route's live RTM_ROUTE_INFO, for its owner; NULL when memory is short. */
static RTM_ROUTE_INFO *
route_pointer(struct table *t, ref_t ref)
{
	struct routeextra *x = route_extra(t, route_at(ref));

	if (x == NULL)
		return NULL;
	if (!x->x_published) {
		x->x_published = true;
		route_publish(ref);
	}
	return &x->x_info;
}

DWORD WINAPI
RtmLockRoute(RTM_ENTITY_HANDLE RtmRegHandle, RTM_ROUTE_HANDLE RouteHandle, BOOL Exclusive, BOOL LockRoute,
             PRTM_ROUTE_INFO *RoutePointer)
{
	for (;;) {
		RTM_ROUTE_INFO *info = NULL;
		struct route *r;
		struct call c;
		DWORD status = NO_ERROR;
		enum outcome outcome;

		if (!call_begin(&c, RtmRegHandle, WRITE))
			return ERROR_INVALID_HANDLE;
		if ((r = live_route(&c, RouteHandle)) == NULL)
			status = ERROR_INVALID_HANDLE;
		else if (r->r_owner != c.c_self)
			status = ERROR_ACCESS_DENIED;
		else if ((LockRoute != FALSE || RoutePointer != NULL) &&
		         (info = route_pointer(c.c_table, handle_ref(RouteHandle))) == NULL)
			status = ERROR_NOT_ENOUGH_MEMORY;
		else {
			outcome = dest_turn(c.c_table, dest_at(r->r_dest), Exclusive != FALSE, LockRoute != FALSE);
			if (outcome == WAIT) {
				call_wait(&c);
				continue;
			}
			if (outcome != LOCKED)
				status = outcome == REFUSED ? ERROR_ACCESS_DENIED : ERROR_NOT_ENOUGH_MEMORY;
			else {
				if (Exclusive != FALSE)
					route_lend_or_return(&c, handle_ref(RouteHandle), LockRoute != FALSE);
				if (RoutePointer != NULL)
					*RoutePointer = info;
			}
		}
		call_end(&c);
		return status;
	}
}

DWORD WINAPI
RtmUpdateAndUnlockRoute(RTM_ENTITY_HANDLE RtmRegHandle, RTM_ROUTE_HANDLE RouteHandle, ULONG TimeToLive,
                        RTM_ROUTE_LIST_HANDLE RouteListHandle, RTM_NOTIFY_FLAGS NotifyType,
                        RTM_NOTIFY_HANDLE NotifyHandle, PRTM_ROUTE_CHANGE_FLAGS ChangeFlags)
{
	struct wanted w;
	struct route *r;
	struct dest *d;
	struct call c;
	DWORD status;

	(void)NotifyType;
	(void)NotifyHandle;
	if (!call_begin(&c, RtmRegHandle, WRITE))
		return ERROR_INVALID_HANDLE;
	status = ERROR_INVALID_HANDLE;
	if ((r = live_route(&c, RouteHandle)) == NULL)
		goto done;
	if (RouteListHandle != NULL && list_resolve(&c, RouteListHandle) == 0)
		goto done;
	status = ERROR_INVALID_PARAMETER;
	if (ChangeFlags == NULL)
		goto done;
	status = ERROR_ACCESS_DENIED;
	d = dest_at(r->r_dest);
	if (r->r_owner != c.c_self || d->d_extra == 0 || r->r_extra == 0 || routeextra_at(r->r_extra)->x_lent == 0 ||
	    destextra_at(d->d_extra)->x_lock.l_owner != sys_thread_self())
		goto done;
	if ((status = wanted_read(&c, &routeextra_at(r->r_extra)->x_info, &w)) != NO_ERROR)
		goto done;
	w.w_ttl = TimeToLive;
	w.w_list = RouteListHandle != NULL ? handle_ref(RouteListHandle) : 0;
	if ((status = route_update(&c, handle_ref(RouteHandle), &w, ChangeFlags)) != NO_ERROR)
		goto done;
	route_lend_or_return(&c, handle_ref(RouteHandle), false);
	(void)dest_turn(c.c_table, d, true, false);
done:
	call_end(&c);
	return status;
}

DWORD WINAPI
RtmGetRoutePointer(RTM_ENTITY_HANDLE RtmRegHandle, RTM_ROUTE_HANDLE RouteHandle, PRTM_ROUTE_INFO *RoutePointer)
{
	RTM_ROUTE_INFO *info;
	const struct route *r;
	struct call c;
	DWORD status = NO_ERROR;

	if (!call_begin(&c, RtmRegHandle, WRITE))
		return ERROR_INVALID_HANDLE;
	if ((r = call_resolve(&c, RouteHandle, KIND_ROUTE)) == NULL)
		status = ERROR_INVALID_HANDLE;
	else if (RoutePointer == NULL)
		status = ERROR_INVALID_PARAMETER;
	else if (r->r_owner != c.c_self)
		status = ERROR_ACCESS_DENIED;
	else if ((info = route_pointer(c.c_table, handle_ref(RouteHandle))) == NULL)
		status = ERROR_NOT_ENOUGH_MEMORY;
	else
		*RoutePointer = info;
	call_end(&c);
	return status;
}

/*
 * Next hops
 */

DWORD WINAPI
RtmGetNextHopPointer(RTM_ENTITY_HANDLE RtmRegHandle, RTM_NEXTHOP_HANDLE NextHopHandle,
                     PRTM_NEXTHOP_INFO *NextHopPointer)
{
	struct nexthop *n;
	struct call c;
	DWORD status = NO_ERROR;

	if (!call_begin(&c, RtmRegHandle, READ))
		return ERROR_INVALID_HANDLE;
	if ((n = call_resolve(&c, NextHopHandle, KIND_NEXTHOP)) == NULL)
		status = ERROR_INVALID_HANDLE;
	else if (NextHopPointer == NULL)
		status = ERROR_INVALID_PARAMETER;
	else if (n->n_owner != c.c_self)
		status = ERROR_ACCESS_DENIED;
	else
		*NextHopPointer = &n->n_info;
	call_end(&c);
	return status;
}

DWORD WINAPI
RtmLockNextHop(RTM_ENTITY_HANDLE RtmRegHandle, RTM_NEXTHOP_HANDLE NextHopHandle, BOOL Exclusive, BOOL LockNextHop,
               PRTM_NEXTHOP_INFO *NextHopPointer)
{
	for (;;) {
		struct nexthop *n;
		struct call c;
		DWORD status = NO_ERROR;
		enum outcome outcome;

		if (!call_begin(&c, RtmRegHandle, WRITE))
			return ERROR_INVALID_HANDLE;
		if ((n = call_resolve(&c, NextHopHandle, KIND_NEXTHOP)) == NULL)
			status = ERROR_INVALID_HANDLE;
		else if (n->n_owner != c.c_self)
			status = ERROR_ACCESS_DENIED;
		else if (LockNextHop != FALSE && n->n_info.State == RTM_NEXTHOP_STATE_DELETED)
			status = ERROR_NOT_FOUND;
		else {
			outcome = userlock_turn(&n->n_lock, Exclusive != FALSE, LockNextHop != FALSE, &n->n_holds);
			if (outcome == WAIT) {
				call_wait(&c);
				continue;
			}
			if (outcome == LOCKED && Exclusive != FALSE && LockNextHop == FALSE)
				nexthop_commit(&c, handle_ref(NextHopHandle));
			if (outcome == REFUSED)
				status = ERROR_ACCESS_DENIED;
			else if (NextHopPointer != NULL)
				*NextHopPointer = &n->n_info;
			nexthop_settle(c.c_table, handle_ref(NextHopHandle));
		}
		call_end(&c);
		return status;
	}
}

/*
 * Opaque pointers and hold-down
 */

DWORD WINAPI
RtmGetOpaqueInformationPointer(RTM_ENTITY_HANDLE RtmRegHandle, RTM_DEST_HANDLE DestHandle, PVOID *OpaqueInfoPointer)
{
	struct destextra *x;
	struct dest *d;
	struct call c;
	DWORD status = NO_ERROR;

	if (!call_begin(&c, RtmRegHandle, WRITE))
		return ERROR_INVALID_HANDLE;
	if ((d = call_resolve(&c, DestHandle, KIND_DEST)) == NULL)
		status = ERROR_INVALID_HANDLE;
	else if (OpaqueInfoPointer == NULL)
		status = ERROR_INVALID_PARAMETER;
	else if (c.c_caller->e_opaque == 0)
		status = ERROR_NOT_FOUND;
	else if ((x = dest_extra(c.c_table, d)) == NULL)
		status = ERROR_NOT_ENOUGH_MEMORY;
	else
		*OpaqueInfoPointer = &x->x_opaque[c.c_caller->e_opaque - 1];
	call_end(&c);
	return status;
}

DWORD WINAPI
RtmHoldDestination(RTM_ENTITY_HANDLE RtmRegHandle, RTM_DEST_HANDLE DestHandle, RTM_VIEW_SET TargetViews, ULONG HoldTime)
{
	struct destextra *x;
	struct dest *d;
	struct call c;
	unsigned views;
	DWORD status;

	if (!call_begin(&c, RtmRegHandle, WRITE))
		return ERROR_INVALID_HANDLE;
	status = ERROR_INVALID_HANDLE;
	if ((d = call_resolve(&c, DestHandle, KIND_DEST)) == NULL)
		goto done;
	status = ERROR_INVALID_PARAMETER;
	if (HoldTime == 0 || TargetViews == 0 || !views_of_mask(TargetViews, &views))
		goto done;
	status = ERROR_NOT_ENOUGH_MEMORY;
	if ((x = dest_extra(c.c_table, d)) == NULL || (x->x_hold_views == 0 && !timer_reserve(c.c_table)))
		goto done;
	status = ERROR_NO_SYSTEM_RESOURCES;
	if (!worker_start())
		goto done;
	c.c_table->t_timers.i_reserved += x->x_hold_views == 0;
	x->x_hold_views |= views;
	if (HoldTime > x->x_hold_time)
		x->x_hold_time = HoldTime;
	if (x->x_hold_since != 0)
		timer_set(c.c_table, handle_ref(DestHandle), true, x->x_hold_since + x->x_hold_time);
	dest_stamp(d);
	status = NO_ERROR;
done:
	call_end(&c);
	return status;
}
