/*
 * list.c - route lists: an owner's routes in an order of its own. See list.h.
 */
#include "list.h"
#include "object.h"

struct list {
	struct object li_object;
	ref_t li_owner;
	ref_t li_first, li_last;
	struct list_cursor *li_cursors;
	ref_t li_next, li_prev; /* the owner's lists */
};

#define list_at(ref) ((struct list *)object_at(ref))

size_t
list_size(void)
{
	return sizeof(struct list);
}

static struct routeextra *
extra_of(ref_t route)
{
	return routeextra_at(route_at(route)->r_extra);
}

ref_t
list_resolve(const struct call *c, RTM_ROUTE_LIST_HANDLE handle)
{
	const struct list *l = call_resolve(c, handle, KIND_LIST);

	return l != NULL && l->li_owner == c->c_self ? handle_ref(handle) : 0;
}

void
list_leave(ref_t route)
{
	struct routeextra *x = extra_of(route);
	struct list *l;

	if (x->rx_list == 0)
		return;
	l = list_at(x->rx_list);
	for (struct list_cursor *u = l->li_cursors; u != NULL; u = u->lc_next)
		if (u->lc_at == route)
			u->lc_at = x->rx_next;
	if (x->rx_prev != 0)
		extra_of(x->rx_prev)->rx_next = x->rx_next;
	else
		l->li_first = x->rx_next;
	if (x->rx_next != 0)
		extra_of(x->rx_next)->rx_prev = x->rx_prev;
	else
		l->li_last = x->rx_prev;
	x->rx_list = x->rx_next = x->rx_prev = 0;
}

void
list_move(ref_t route, ref_t list)
{
	struct routeextra *x = extra_of(route);
	struct list *l;

	list_leave(route);
	if (list == 0)
		return;
	l = list_at(list);
	x->rx_list = list;
	x->rx_prev = l->li_last;
	if (l->li_last != 0)
		extra_of(l->li_last)->rx_next = route;
	else
		l->li_first = route;
	l->li_last = route;
	/* Whoever has seen the whole list so far sees this one next. */
	for (struct list_cursor *u = l->li_cursors; u != NULL; u = u->lc_next)
		if (u->lc_at == 0)
			u->lc_at = route;
}

void
list_cursor_open(struct list_cursor *u, ref_t list)
{
	struct list *l = list_at(list);

	u->lc_list = list;
	u->lc_at = l->li_first;
	u->lc_next = l->li_cursors;
	l->li_cursors = u;
}

ref_t
list_cursor_next(struct list_cursor *u)
{
	ref_t route = u->lc_at;

	if (route != 0)
		u->lc_at = extra_of(route)->rx_next;
	return route;
}

void
list_cursor_close(struct list_cursor *u)
{
	struct list_cursor **link;

	if (u->lc_list == 0)
		return;
	for (link = &list_at(u->lc_list)->li_cursors; *link != u; link = &(*link)->lc_next)
		continue;
	*link = u->lc_next;
}

/* The routes stay, the enumerations find nothing more. */
static void
list_end(struct table *t, struct entity *owner, ref_t ref)
{
	struct list *l = list_at(ref);

	while (l->li_first != 0)
		list_leave(l->li_first);
	for (struct list_cursor *u = l->li_cursors; u != NULL; u = u->lc_next)
		u->lc_list = 0;
	if (l->li_prev != 0)
		list_at(l->li_prev)->li_next = l->li_next;
	else
		owner->e_lists = l->li_next;
	if (l->li_next != 0)
		list_at(l->li_next)->li_prev = l->li_prev;
	pool_free(&t->t_pool[KIND_LIST], ref);
	atomic_fetch_sub_explicit(&owner->e_handles, 1, memory_order_relaxed);
}

void
list_end_all(struct table *t, struct entity *owner)
{
	while (owner->e_lists != 0)
		list_end(t, owner, owner->e_lists);
}

static DWORD
create_route_list(struct call *c, RTM_ROUTE_LIST_HANDLE *handle)
{
	struct list *l;
	ref_t ref;

	if (handle == NULL)
		return ERROR_INVALID_PARAMETER;
	if ((l = pool_alloc(&c->c_table->t_pool[KIND_LIST], &ref)) == NULL)
		return ERROR_NOT_ENOUGH_MEMORY;
	l->li_owner = c->c_self;
	l->li_next = c->c_caller->e_lists;
	if (l->li_next != 0)
		list_at(l->li_next)->li_prev = ref;
	c->c_caller->e_lists = ref;
	c->c_balance++;
	*handle = handle_of(ref, l);
	return NO_ERROR;
}

DWORD WINAPI
RtmCreateRouteList(RTM_ENTITY_HANDLE RtmRegHandle, PRTM_ROUTE_LIST_HANDLE RouteListHandle)
{
	struct call c = call_by(RtmRegHandle, WRITE);

	while (call_attempt(&c))
		c.c_status = create_route_list(&c, RouteListHandle);
	return c.c_status;
}

static DWORD
delete_route_list(const struct call *c, RTM_ROUTE_LIST_HANDLE handle)
{
	ref_t list = list_resolve(c, handle);

	if (list == 0)
		return ERROR_INVALID_HANDLE;
	list_end(c->c_table, c->c_caller, list);
	return NO_ERROR;
}

DWORD WINAPI
RtmDeleteRouteList(RTM_ENTITY_HANDLE RtmRegHandle, RTM_ROUTE_LIST_HANDLE RouteListHandle)
{
	struct call c = call_by(RtmRegHandle, WRITE);

	while (call_attempt(&c))
		c.c_status = delete_route_list(&c, RouteListHandle);
	return c.c_status;
}

/* Whether the caller may list these routes; all are looked at before any is moved. */
static DWORD
check_routes(const struct call *c, UINT count, HANDLE *handles)
{
	DWORD status = NO_ERROR;

	if (handles == NULL && count > 0)
		return ERROR_INVALID_PARAMETER;
	for (UINT i = 0; i < count; i++) {
		struct route *r = call_resolve(c, handles[i], KIND_ROUTE);

		if (r == NULL || r->r_state == RTM_ROUTE_STATE_DELETED)
			return ERROR_INVALID_HANDLE;
		if (r->r_owner != c->c_self)
			status = ERROR_ACCESS_DENIED;
	}
	for (UINT i = 0; status == NO_ERROR && i < count; i++)
		if (route_extra(c->c_table, call_resolve(c, handles[i], KIND_ROUTE)) == NULL)
			return ERROR_NOT_ENOUGH_MEMORY;
	return status;
}

static DWORD
insert_in_route_list(const struct call *c, RTM_ROUTE_LIST_HANDLE handle, UINT count, RTM_ROUTE_HANDLE *routes)
{
	ref_t list = list_resolve(c, handle);
	DWORD status;

	if (list == 0 && handle != NULL)
		return ERROR_INVALID_HANDLE;
	if ((status = check_routes(c, count, routes)) != NO_ERROR)
		return status;
	for (UINT i = 0; i < count; i++)
		list_move(handle_ref(routes[i]), list);
	return NO_ERROR;
}

DWORD WINAPI
RtmInsertInRouteList(RTM_ENTITY_HANDLE RtmRegHandle, RTM_ROUTE_LIST_HANDLE RouteListHandle, UINT NumRoutes,
                     PRTM_ROUTE_HANDLE RouteHandles)
{
	struct call c = call_by(RtmRegHandle, WRITE);

	while (call_attempt(&c))
		c.c_status = insert_in_route_list(&c, RouteListHandle, NumRoutes, RouteHandles);
	return c.c_status;
}
