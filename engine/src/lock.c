/*
 * lock.c - locks that clients hold from one call to another, and pointers to what they guard.
 *
 * A lock belongs to a thread and may be taken again by it. Locking a route locks its destination with all routes. While
 * another thread has the lock, calls that would change the destination wait; reading goes on, because a route is read from
 * the engine's own record and not from the RTM_ROUTE_INFO that the holder of the lock is changing. A next hop has no record
 * but the RTM_NEXTHOP_INFO that its owner changes under an exclusive lock, so reading it waits too.
 */
#include "change.h"
#include "list.h"
#include "nexthop.h"
#include "object.h"
#include "route.h"

/*
 * Locks
 */

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
