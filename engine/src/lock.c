/*
 * lock.c - locks that clients hold from one call to another, and pointers to what they guard.
 *
 * A lock belongs to a thread and may be taken again by it. Locking a route locks its destination with all routes. While
 * another thread has the lock, calls that would change the destination wait; reading goes on, because a route is read
 * from the engine's own record and not from the RTM_ROUTE_INFO that the holder of the lock is changing. A next hop has
 * no record but the RTM_NEXTHOP_INFO that its owner changes under an exclusive lock, so reading it waits too.
 *
 * A timer that is due does not wait but tries again, so it would seldom meet a destination that clients lock by turns.
 * It leaves a claim there: until it has run, nobody locks the destination who does not have it locked already.
 */
#include "change.h"
#include "list.h"
#include "nexthop.h"
#include "object.h"
#include "route.h"

/*
 * Locks
 */

/* Locks or unlocks; a hold on the object for each lock keeps it from going. */
static DWORD
userlock_turn(struct userlock *l, bool exclusive, bool lock, uint32_t *holds)
{
	if (lock) {
		if (!userlock_take(l, exclusive))
			return WAITING;
		++*holds;
		return NO_ERROR;
	}
	if (!userlock_give(l, exclusive))
		return ERROR_ACCESS_DENIED;
	--*holds;
	wake_waiting();
	return NO_ERROR;
}

static DWORD
dest_turn(struct table *t, struct dest *d, bool exclusive, bool lock)
{
	struct destextra *x;

	/* What was never locked has nowhere to say so: unlocking needs no memory. */
	if (!lock && d->d_extra == 0)
		return ERROR_ACCESS_DENIED;
	if ((x = dest_extra(t, d)) == NULL)
		return ERROR_NOT_ENOUGH_MEMORY;
	return userlock_turn(&x->dx_lock, exclusive, lock, &d->d_holds);
}

static DWORD
lock_destination(struct call *c, RTM_DEST_HANDLE handle, bool exclusive, bool lock)
{
	struct dest *d = call_resolve(c, handle, KIND_DEST);
	DWORD status;

	if (d == NULL)
		return ERROR_INVALID_HANDLE;
	status = dest_turn(c->c_table, d, exclusive, lock);
	dest_settle(c->c_table, handle_ref(handle));
	return status;
}

DWORD WINAPI
RtmLockDestination(RTM_ENTITY_HANDLE RtmRegHandle, RTM_DEST_HANDLE DestHandle, BOOL Exclusive, BOOL LockDest)
{
	struct call c = call_by(RtmRegHandle, WRITE);

	while (call_attempt(&c))
		c.c_status = lock_destination(&c, DestHandle, Exclusive != FALSE, LockDest != FALSE);
	return c.c_status;
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
	if (!x->rx_published) {
		x->rx_published = true;
		route_publish(ref);
	}
	return &x->rx_info;
}

static DWORD
lock_route(struct call *c, RTM_ROUTE_HANDLE handle, bool exclusive, bool lock, RTM_ROUTE_INFO **pointer)
{
	struct route *r = live_route(c, handle);
	RTM_ROUTE_INFO *info = NULL;
	DWORD status;

	if (r == NULL)
		return ERROR_INVALID_HANDLE;
	if (r->r_owner != c->c_self)
		return ERROR_ACCESS_DENIED;
	if ((lock || pointer != NULL) && (info = route_pointer(c->c_table, handle_ref(handle))) == NULL)
		return ERROR_NOT_ENOUGH_MEMORY;
	if ((status = dest_turn(c->c_table, dest_at(r->r_dest), exclusive, lock)) != NO_ERROR)
		return status;
	if (exclusive)
		route_lend_or_return(c, handle_ref(handle), lock);
	if (pointer != NULL)
		*pointer = info;
	return NO_ERROR;
}

DWORD WINAPI
RtmLockRoute(RTM_ENTITY_HANDLE RtmRegHandle, RTM_ROUTE_HANDLE RouteHandle, BOOL Exclusive, BOOL LockRoute,
             PRTM_ROUTE_INFO *RoutePointer)
{
	struct call c = call_by(RtmRegHandle, WRITE);

	while (call_attempt(&c))
		c.c_status = lock_route(&c, RouteHandle, Exclusive != FALSE, LockRoute != FALSE, RoutePointer);
	return c.c_status;
}

/* Whether this thread has the caller's route locked as an update in place needs it. */
static bool
is_locked_to_update(const struct call *c, const struct route *r)
{
	const struct dest *d = dest_at(r->r_dest);

	return r->r_owner == c->c_self && d->d_extra != 0 && r->r_extra != 0 &&
	       routeextra_at(r->r_extra)->rx_lent != 0 &&
	       destextra_at(d->d_extra)->dx_lock.l_owner == sys_thread_self();
}

static DWORD
update_and_unlock_route(struct call *c, RTM_ROUTE_HANDLE handle, ULONG ttl, RTM_ROUTE_LIST_HANDLE list,
                        RTM_ROUTE_CHANGE_FLAGS *flags)
{
	const struct route *r = live_route(c, handle);
	struct wanted w;
	DWORD status;

	if (r == NULL || (list != NULL && list_resolve(c, list) == 0))
		return ERROR_INVALID_HANDLE;
	if (flags == NULL)
		return ERROR_INVALID_PARAMETER;
	if (!is_locked_to_update(c, r))
		return ERROR_ACCESS_DENIED;
	if ((status = wanted_read(c, &routeextra_at(r->r_extra)->rx_info, &w)) != NO_ERROR)
		return status;
	w.w_ttl = ttl;
	w.w_list = list != NULL ? handle_ref(list) : 0;
	if ((status = route_update(c, handle_ref(handle), &w, flags)) != NO_ERROR)
		return status;
	route_lend_or_return(c, handle_ref(handle), false);
	return dest_turn(c->c_table, dest_at(r->r_dest), true, false);
}

DWORD WINAPI
RtmUpdateAndUnlockRoute(RTM_ENTITY_HANDLE RtmRegHandle, RTM_ROUTE_HANDLE RouteHandle, ULONG TimeToLive,
                        RTM_ROUTE_LIST_HANDLE RouteListHandle, RTM_NOTIFY_FLAGS NotifyType,
                        RTM_NOTIFY_HANDLE NotifyHandle, PRTM_ROUTE_CHANGE_FLAGS ChangeFlags)
{
	struct call c = call_by(RtmRegHandle, WRITE);

	(void)NotifyType;
	(void)NotifyHandle;
	while (call_attempt(&c))
		c.c_status = update_and_unlock_route(&c, RouteHandle, TimeToLive, RouteListHandle, ChangeFlags);
	return c.c_status;
}

static DWORD
get_route_pointer(struct call *c, RTM_ROUTE_HANDLE handle, RTM_ROUTE_INFO **pointer)
{
	const struct route *r = call_resolve(c, handle, KIND_ROUTE);
	RTM_ROUTE_INFO *info;

	if (r == NULL)
		return ERROR_INVALID_HANDLE;
	if (pointer == NULL)
		return ERROR_INVALID_PARAMETER;
	if (r->r_owner != c->c_self)
		return ERROR_ACCESS_DENIED;
	if ((info = route_pointer(c->c_table, handle_ref(handle))) == NULL)
		return ERROR_NOT_ENOUGH_MEMORY;
	*pointer = info;
	return NO_ERROR;
}

DWORD WINAPI
RtmGetRoutePointer(RTM_ENTITY_HANDLE RtmRegHandle, RTM_ROUTE_HANDLE RouteHandle, PRTM_ROUTE_INFO *RoutePointer)
{
	struct call c = call_by(RtmRegHandle, WRITE);

	while (call_attempt(&c))
		c.c_status = get_route_pointer(&c, RouteHandle, RoutePointer);
	return c.c_status;
}

/*
 * Next hops
 */

static DWORD
get_next_hop_pointer(const struct call *c, RTM_NEXTHOP_HANDLE handle, RTM_NEXTHOP_INFO **pointer)
{
	struct nexthop *n = call_resolve(c, handle, KIND_NEXTHOP);

	if (n == NULL)
		return ERROR_INVALID_HANDLE;
	if (pointer == NULL)
		return ERROR_INVALID_PARAMETER;
	if (n->n_owner != c->c_self)
		return ERROR_ACCESS_DENIED;
	*pointer = &n->n_info;
	return NO_ERROR;
}

DWORD WINAPI
RtmGetNextHopPointer(RTM_ENTITY_HANDLE RtmRegHandle, RTM_NEXTHOP_HANDLE NextHopHandle,
                     PRTM_NEXTHOP_INFO *NextHopPointer)
{
	struct call c = call_by(RtmRegHandle, READ);

	while (call_attempt(&c))
		c.c_status = get_next_hop_pointer(&c, NextHopHandle, NextHopPointer);
	return c.c_status;
}

static DWORD
lock_next_hop(struct call *c, RTM_NEXTHOP_HANDLE handle, bool exclusive, bool lock, RTM_NEXTHOP_INFO **pointer)
{
	struct nexthop *n = call_resolve(c, handle, KIND_NEXTHOP);
	DWORD status;

	if (n == NULL)
		return ERROR_INVALID_HANDLE;
	if (n->n_owner != c->c_self)
		return ERROR_ACCESS_DENIED;
	if (lock && n->n_info.State == RTM_NEXTHOP_STATE_DELETED)
		return ERROR_NOT_FOUND;
	if ((status = userlock_turn(&n->n_lock, exclusive, lock, &n->n_holds)) != NO_ERROR)
		return status;
	if (exclusive && !lock)
		nexthop_commit(c, handle_ref(handle));
	if (pointer != NULL)
		*pointer = &n->n_info;
	nexthop_settle(c->c_table, handle_ref(handle));
	return NO_ERROR;
}

DWORD WINAPI
RtmLockNextHop(RTM_ENTITY_HANDLE RtmRegHandle, RTM_NEXTHOP_HANDLE NextHopHandle, BOOL Exclusive, BOOL LockNextHop,
               PRTM_NEXTHOP_INFO *NextHopPointer)
{
	struct call c = call_by(RtmRegHandle, WRITE);

	while (call_attempt(&c))
		c.c_status = lock_next_hop(&c, NextHopHandle, Exclusive != FALSE, LockNextHop != FALSE, NextHopPointer);
	return c.c_status;
}
