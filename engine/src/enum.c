/*
 * enum.c - enumerations of destinations, routes and next hops.
 *
 * An enumeration is a live cursor: it remembers the key of the last object that it returned and goes on behind it, so
 * what is added behind the cursor appears, what is deleted does not, and nothing appears twice. When the cursor of a
 * route enumeration comes to a destination, the routes there are noted down, best first, as handles: routes that
 * change places meanwhile are neither lost nor repeated, and the handle of a route that goes meanwhile names nothing.
 */
#include <stdlib.h>
#include <string.h>

#include "address.h"
#include "destinfo.h"
#include "enum.h"

static void
enum_end(struct table *t, struct entity *owner, ref_t ref)
{
	struct enumeration *n = enum_at(ref);

	if (n->en_prev != 0)
		enum_at(n->en_prev)->en_next = n->en_next;
	else
		owner->e_enums = n->en_next;
	if (n->en_next != 0)
		enum_at(n->en_next)->en_prev = n->en_prev;
	list_cursor_close(&n->en_list);
	free(n->en_noted);
	pool_free(&t->t_pool[KIND_ENUM], ref);
	atomic_fetch_sub_explicit(&owner->e_handles, 1, memory_order_relaxed);
}

void
enum_end_all(struct table *t, struct entity *owner)
{
	while (owner->e_enums != 0)
		enum_end(t, owner, owner->e_enums);
}

/*
 * Creation
 */

/* An enumeration of the caller from the start of the table, or NULL when memory is short. */
static struct enumeration *
enum_make(struct call *c, enum subject subject, HANDLE *handle)
{
	ref_t ref;
	struct enumeration *n = pool_alloc(&c->c_table->t_pool[KIND_ENUM], &ref);

	if (n == NULL)
		return NULL;
	n->en_subject = subject;
	n->en_owner = c->c_self;
	n->en_next = c->c_caller->e_enums;
	if (n->en_next != 0)
		enum_at(n->en_next)->en_prev = ref;
	c->c_caller->e_enums = ref;
	c->c_balance++;
	*handle = handle_of(ref, n);
	return n;
}

/* Whether the range flags are legal, leaving aside the scope flag that goes with them. */
static bool
range_is_valid(const struct table *t, RTM_ENUM_FLAGS flags, RTM_ENUM_FLAGS scope, const RTM_NET_ADDRESS *address,
               bool hops)
{
	uint8_t key[KEY_SIZE];

	flags &= ~scope;
	if (flags == RTM_ENUM_START)
		return true;
	if (flags != RTM_ENUM_NEXT && flags != RTM_ENUM_RANGE)
		return false;
	return hops ? key_of_hop(t, address, 0, key) : key_of_prefix(t, address, key);
}

/* Moves the cursor in front of the first object of the range. */
static void
range_set(struct enumeration *n, const struct table *t, RTM_ENUM_FLAGS flags, const RTM_NET_ADDRESS *address)
{
	if (n->en_subject == NEXT_HOPS)
		n->en_key[0] = (uint8_t)(8 * (t->t_hop_octets + 5));
	if ((flags & (RTM_ENUM_NEXT | RTM_ENUM_RANGE)) == 0)
		return;
	if (n->en_subject == NEXT_HOPS)
		(void)key_of_hop(t, address, 0, n->en_key);
	else
		(void)key_of_prefix(t, address, n->en_key);
	n->en_in_range = (flags & RTM_ENUM_RANGE) != 0;
	memcpy(n->en_range, n->en_key, KEY_SIZE);
	if (n->en_subject != NEXT_HOPS)
		return;
	n->en_range[0] = (uint8_t)address->NumBits;
	/* As with destinations, bits behind the prefix do not count; those of a next hop itself do. */
	for (unsigned bit = address->NumBits; bit < 8 * t->t_hop_octets; bit++)
		n->en_key[1 + bit / 8] &= (uint8_t)~(0x80u >> bit % 8);
}

static DWORD
create_dest_enum(struct call *c, RTM_VIEW_SET mask, RTM_ENUM_FLAGS flags, const RTM_NET_ADDRESS *address,
                 ULONG protocol, RTM_ENUM_HANDLE *handle)
{
	struct enumeration *n;
	unsigned views;

	if (handle == NULL || !range_is_valid(c->c_table, flags, RTM_ENUM_OWN_DESTS, address, false))
		return ERROR_INVALID_PARAMETER;
	if (!views_of_mask(mask, &views))
		return ERROR_NOT_SUPPORTED;
	if ((n = enum_make(c, DESTS, handle)) == NULL)
		return ERROR_NOT_ENOUGH_MEMORY;
	n->en_views = views;
	n->en_protocol = protocol;
	n->en_own = (flags & RTM_ENUM_OWN_DESTS) != 0;
	range_set(n, c->c_table, flags, address);
	return NO_ERROR;
}

DWORD WINAPI
RtmCreateDestEnum(RTM_ENTITY_HANDLE RtmRegHandle, RTM_VIEW_SET TargetViews, RTM_ENUM_FLAGS EnumFlags,
                  PRTM_NET_ADDRESS NetAddress, ULONG ProtocolId, PRTM_ENUM_HANDLE RtmEnumHandle)
{
	struct call c = call_by(RtmRegHandle, WRITE);

	while (call_attempt(&c))
		c.c_status = create_dest_enum(&c, TargetViews, EnumFlags, NetAddress, ProtocolId, RtmEnumHandle);
	return c.c_status;
}

/* The criteria are read by then: an enumeration with them, or for a destination alone if that is not NULL. */
static DWORD
create_route_enum(struct call *c, RTM_DEST_HANDLE dest, RTM_VIEW_SET mask, RTM_ENUM_FLAGS flags,
                  const RTM_NET_ADDRESS *address, const struct criteria *m, RTM_ENUM_HANDLE *handle)
{
	struct enumeration *n;
	unsigned views;

	/* With a destination the range means nothing. */
	if (dest != NULL)
		flags &= ~(RTM_ENUM_NEXT | RTM_ENUM_RANGE);
	if (handle == NULL || !range_is_valid(c->c_table, flags, RTM_ENUM_OWN_ROUTES, address, false))
		return ERROR_INVALID_PARAMETER;
	if (!views_of_mask(mask, &views))
		return ERROR_NOT_SUPPORTED;
	if ((n = enum_make(c, ROUTES, handle)) == NULL)
		return ERROR_NOT_ENOUGH_MEMORY;
	n->en_dest = dest;
	n->en_views = views;
	n->en_own = (flags & RTM_ENUM_OWN_ROUTES) != 0;
	n->en_criteria = *m;
	range_set(n, c->c_table, flags, address);
	return NO_ERROR;
}

DWORD WINAPI
RtmCreateRouteEnum(RTM_ENTITY_HANDLE RtmRegHandle, RTM_DEST_HANDLE DestHandle, RTM_VIEW_SET TargetViews,
                   RTM_ENUM_FLAGS EnumFlags, PRTM_NET_ADDRESS StartDest, RTM_MATCH_FLAGS MatchingFlags,
                   PRTM_ROUTE_INFO CriteriaRoute, ULONG CriteriaInterface, PRTM_ENUM_HANDLE RtmEnumHandle)
{
	struct call c = call_by(RtmRegHandle, WRITE);
	struct criteria m;

	while (call_attempt(&c)) {
		c.c_status = ERROR_INVALID_HANDLE;
		if (DestHandle == NULL || call_resolve(&c, DestHandle, KIND_DEST) != NULL)
			c.c_status = criteria_read(&c, MatchingFlags, CriteriaRoute, CriteriaInterface, &m);
		if (c.c_status == NO_ERROR)
			c.c_status = create_route_enum(&c, DestHandle, TargetViews, EnumFlags, StartDest, &m,
			                               RtmEnumHandle);
	}
	return c.c_status;
}

static DWORD
create_next_hop_enum(struct call *c, RTM_ENUM_FLAGS flags, const RTM_NET_ADDRESS *address, RTM_ENUM_HANDLE *handle)
{
	struct enumeration *n;

	if (handle == NULL || !range_is_valid(c->c_table, flags, 0, address, true))
		return ERROR_INVALID_PARAMETER;
	if ((n = enum_make(c, NEXT_HOPS, handle)) == NULL)
		return ERROR_NOT_ENOUGH_MEMORY;
	range_set(n, c->c_table, flags, address);
	return NO_ERROR;
}

DWORD WINAPI
RtmCreateNextHopEnum(RTM_ENTITY_HANDLE RtmRegHandle, RTM_ENUM_FLAGS EnumFlags, PRTM_NET_ADDRESS NetAddress,
                     PRTM_ENUM_HANDLE RtmEnumHandle)
{
	struct call c = call_by(RtmRegHandle, WRITE);

	while (call_attempt(&c))
		c.c_status = create_next_hop_enum(&c, EnumFlags, NetAddress, RtmEnumHandle);
	return c.c_status;
}

static DWORD
create_route_list_enum(struct call *c, RTM_ROUTE_LIST_HANDLE handle, RTM_ENUM_HANDLE *enum_handle)
{
	ref_t list = list_resolve(c, handle);
	struct enumeration *n;

	if (list == 0)
		return ERROR_INVALID_HANDLE;
	if (enum_handle == NULL)
		return ERROR_INVALID_PARAMETER;
	if ((n = enum_make(c, LISTED_ROUTES, enum_handle)) == NULL)
		return ERROR_NOT_ENOUGH_MEMORY;
	list_cursor_open(&n->en_list, list);
	return NO_ERROR;
}

DWORD WINAPI
RtmCreateRouteListEnum(RTM_ENTITY_HANDLE RtmRegHandle, RTM_ROUTE_LIST_HANDLE RouteListHandle,
                       PRTM_ENUM_HANDLE RtmEnumHandle)
{
	struct call c = call_by(RtmRegHandle, WRITE);

	while (call_attempt(&c))
		c.c_status = create_route_list_enum(&c, RouteListHandle, RtmEnumHandle);
	return c.c_status;
}

/*
 * Getting on
 */

/* The way of one call along what an enumeration is about: the trie does not change meanwhile. */
struct cursor {
	struct enumeration *u_enum;
	const struct trie *u_trie;
	bool u_walking;
	struct trie_walk u_walk;
};

static void
cursor_init(struct cursor *u, struct enumeration *n, const struct trie *trie)
{
	u->u_enum = n;
	u->u_trie = trie;
	u->u_walking = false;
}

/* The next value within the range, or 0 at the end. */
static ref_t
cursor_next(struct cursor *u)
{
	const struct enumeration *n = u->u_enum;
	ref_t ref;

	if (u->u_walking)
		ref = trie_walk_on(&u->u_walk);
	else
		ref = trie_walk_begin(&u->u_walk, u->u_trie, n->en_key, !n->en_begun);
	u->u_walking = true;
	return ref != 0 && (!n->en_in_range || key_within(trie_key(u->u_trie, ref), n->en_range)) ? ref : 0;
}

/* Sets the enumeration behind a value: one that was found. It stays in front of what was only passed over, so that what
 * is added there appears. */
static void
cursor_stop(const struct cursor *u, ref_t found)
{
	memcpy(u->u_enum->en_key, trie_key(u->u_trie, found), 1u + u->u_trie->tr_octets);
	u->u_enum->en_begun = true;
}

/* The destinations that an enumeration is about. */
static const struct trie *
enum_dests(const struct enumeration *n, const struct call *c)
{
	return n->en_own ? &c->c_caller->e_dests : &c->c_table->t_dests;
}

/* The caller's enumeration of this subject, or NULL. */
static struct enumeration *
enum_resolve(const struct call *c, HANDLE handle, enum subject subject)
{
	struct enumeration *n = call_resolve(c, handle, KIND_ENUM);

	return n != NULL && n->en_subject == subject && n->en_owner == c->c_self ? n : NULL;
}

/* Whether an array can take what a get call delivers. */
static bool
enum_room_is_valid(const UINT *count, const void *buffer)
{
	return count != NULL && buffer != NULL && *count > 0 && *count <= MAX_HANDLES_IN_ENUM;
}

static DWORD
enum_result(UINT *count, UINT delivered)
{
	*count = delivered;
	return delivered > 0 ? NO_ERROR : ERROR_NO_MORE_ITEMS;
}

/* Whether the owner has the best route in a target view. */
static bool
dest_is_own(const struct dest *d, unsigned views, ref_t owner)
{
	for (unsigned v = 0; v < VIEW_COUNT; v++)
		if ((views == 0 || (views >> v & 1) != 0) && d->d_best[v] != 0 &&
		    route_at(d->d_best[v])->r_owner == owner)
			return true;
	return false;
}

/* The next destination that the enumeration is about; 0 at the end. */
static ref_t
next_dest(struct cursor *u)
{
	const struct enumeration *n = u->u_enum;
	ref_t ref;

	while ((ref = cursor_next(u)) != 0) {
		const struct dest *d = dest_at(ref);

		if (dest_visible(d, n->en_views) && (!n->en_own || dest_is_own(d, n->en_views, n->en_owner)))
			return ref;
	}
	return 0;
}

static DWORD
get_enum_dests(struct call *c, RTM_ENUM_HANDLE handle, UINT *count, RTM_DEST_INFO *infos)
{
	struct enumeration *n = enum_resolve(c, handle, DESTS);
	uint8_t *info = (uint8_t *)infos;
	struct cursor cursor;
	UINT delivered = 0;
	ref_t ref;

	if (n == NULL)
		return ERROR_INVALID_HANDLE;
	if (!enum_room_is_valid(count, infos))
		return ERROR_INVALID_PARAMETER;
	cursor_init(&cursor, n, enum_dests(n, c));
	while (delivered < *count && (ref = next_dest(&cursor)) != 0) {
		cursor_stop(&cursor, ref);
		dest_info_fill(c, ref, n->en_protocol, n->en_views, (RTM_DEST_INFO *)(void *)info);
		info += dest_info_size(n->en_views);
		delivered++;
	}
	return enum_result(count, delivered);
}

DWORD WINAPI
RtmGetEnumDests(RTM_ENTITY_HANDLE RtmRegHandle, RTM_ENUM_HANDLE EnumHandle, PUINT NumDests, PRTM_DEST_INFO DestInfos)
{
	struct call c = call_by(RtmRegHandle, WRITE);

	while (call_attempt(&c))
		c.c_status = get_enum_dests(&c, EnumHandle, NumDests, DestInfos);
	return c.c_status;
}

DWORD WINAPI
RtmReleaseDests(RTM_ENTITY_HANDLE RtmRegHandle, UINT NumDests, PRTM_DEST_INFO DestInfos)
{
	struct call c = call_by(RtmRegHandle, READ);

	while (call_attempt(&c))
		c.c_status = dest_infos_release(&c, NumDests, DestInfos);
	return c.c_status;
}

/* Notes a route down if the enumeration is about it. False when memory is short. */
static bool
note_route(struct enumeration *n, ref_t ref)
{
	const struct route *r = route_at(ref);

	if (!route_in_views(r, n->en_views) || (n->en_own && r->r_owner != n->en_owner) ||
	    !criteria_match(&n->en_criteria, r))
		return true;
	if (n->en_noted_count == n->en_noted_room) {
		uint32_t room = n->en_noted_room * 2 + 4;
		HANDLE *noted = realloc(n->en_noted, room * sizeof(*noted));

		if (noted == NULL)
			return false;
		n->en_noted = noted;
		n->en_noted_room = room;
	}
	n->en_noted[n->en_noted_count++] = handle_of(ref, r);
	return true;
}

/* Notes down the destination's routes; held ones are seen only by those who ask for any view. */
static bool
note_routes(struct enumeration *n, const struct dest *d)
{
	bool noted = true;

	n->en_noted_count = n->en_noted_done = 0;
	for (ref_t ref = d->d_routes; noted && ref != 0; ref = route_at(ref)->r_next)
		noted = note_route(n, ref);
	for (unsigned v = 0; noted && n->en_views == 0 && v < VIEW_COUNT; v++)
		if (dest_held(d, v) != 0 && (v == 0 || dest_held(d, v) != dest_held(d, 0)))
			noted = note_route(n, dest_held(d, v));
	if (!noted)
		n->en_noted_count = 0;
	return noted;
}

/* Notes down the routes of the only destination, once: NO_ERROR, 259, or 8. */
static DWORD
note_only(struct enumeration *n, const struct call *c)
{
	const struct dest *d = n->en_begun ? NULL : call_resolve(c, n->en_dest, KIND_DEST);

	if (d == NULL)
		return ERROR_NO_MORE_ITEMS;
	if (!note_routes(n, d))
		return ERROR_NOT_ENOUGH_MEMORY;
	n->en_begun = n->en_noted_count > 0;
	return n->en_begun ? NO_ERROR : ERROR_NO_MORE_ITEMS;
}

/* Goes on to the next destination with routes to note: NO_ERROR, 259 at the end, or 8; the enumeration then is where it
 * was. */
static DWORD
note_next(struct cursor *u)
{
	struct enumeration *n = u->u_enum;
	ref_t ref;

	while ((ref = cursor_next(u)) != 0) {
		if (!note_routes(n, dest_at(ref)))
			return ERROR_NOT_ENOUGH_MEMORY;
		if (n->en_noted_count > 0) {
			cursor_stop(u, ref);
			return NO_ERROR;
		}
	}
	return ERROR_NO_MORE_ITEMS;
}

/* The next noted route that is still in the table, or NULL. */
static HANDLE
take_noted(struct enumeration *n, const struct call *c)
{
	while (n->en_noted_done < n->en_noted_count) {
		HANDLE handle = n->en_noted[n->en_noted_done++];
		const struct route *r = call_resolve(c, handle, KIND_ROUTE);

		if (r != NULL && (r->r_state != RTM_ROUTE_STATE_DELETED || r->r_held != 0))
			return handle;
	}
	return NULL;
}

/* What was found before the end, or before memory ran out, is delivered; the rest is for the next call. */
static DWORD
get_enum_routes(struct call *c, RTM_ENUM_HANDLE handle, UINT *count, RTM_ROUTE_HANDLE *routes)
{
	struct enumeration *n = enum_resolve(c, handle, ROUTES);
	struct cursor cursor;
	UINT delivered = 0;
	DWORD status = NO_ERROR;

	if (n == NULL)
		return ERROR_INVALID_HANDLE;
	if (!enum_room_is_valid(count, routes))
		return ERROR_INVALID_PARAMETER;
	cursor_init(&cursor, n, enum_dests(n, c));
	while (status == NO_ERROR && delivered < *count) {
		HANDLE route = take_noted(n, c);

		if (route != NULL)
			routes[delivered++] = refer(c, handle_ref(route), &route_at(handle_ref(route))->r_object);
		else
			status = n->en_dest != NULL ? note_only(n, c) : note_next(&cursor);
	}
	return delivered > 0 || status == ERROR_NO_MORE_ITEMS ? enum_result(count, delivered) : status;
}

DWORD WINAPI
RtmGetEnumRoutes(RTM_ENTITY_HANDLE RtmRegHandle, RTM_ENUM_HANDLE EnumHandle, PUINT NumRoutes,
                 PRTM_ROUTE_HANDLE RouteHandles)
{
	struct call c = call_by(RtmRegHandle, WRITE);

	while (call_attempt(&c))
		c.c_status = get_enum_routes(&c, EnumHandle, NumRoutes, RouteHandles);
	return c.c_status;
}

static DWORD
get_enum_next_hops(struct call *c, RTM_ENUM_HANDLE handle, UINT *count, RTM_NEXTHOP_HANDLE *hops)
{
	struct enumeration *n = enum_resolve(c, handle, NEXT_HOPS);
	struct cursor cursor;
	UINT delivered = 0;
	ref_t ref;

	if (n == NULL)
		return ERROR_INVALID_HANDLE;
	if (!enum_room_is_valid(count, hops))
		return ERROR_INVALID_PARAMETER;
	cursor_init(&cursor, n, &c->c_caller->e_hops);
	while (delivered < *count && (ref = cursor_next(&cursor)) != 0) {
		struct nexthop *hop = nexthop_at(ref);

		if (n->en_in_range && hop->n_info.NextHopAddress.NumBits < n->en_range[0])
			continue;
		cursor_stop(&cursor, ref);
		hops[delivered++] = refer(c, ref, &hop->n_object);
	}
	return enum_result(count, delivered);
}

DWORD WINAPI
RtmGetEnumNextHops(RTM_ENTITY_HANDLE RtmRegHandle, RTM_ENUM_HANDLE EnumHandle, PUINT NumNextHops,
                   PRTM_NEXTHOP_HANDLE NextHopHandles)
{
	struct call c = call_by(RtmRegHandle, WRITE);

	while (call_attempt(&c))
		c.c_status = get_enum_next_hops(&c, EnumHandle, NumNextHops, NextHopHandles);
	return c.c_status;
}

/* Unlike the other enumerations this one never answers 259: it is over when fewer come than were asked for. */
static DWORD
get_list_enum_routes(struct call *c, RTM_ENUM_HANDLE handle, UINT *count, RTM_ROUTE_HANDLE *routes)
{
	struct enumeration *n = enum_resolve(c, handle, LISTED_ROUTES);
	UINT delivered = 0;
	ref_t route;

	if (n == NULL)
		return ERROR_INVALID_HANDLE;
	if (!enum_room_is_valid(count, routes))
		return ERROR_INVALID_PARAMETER;
	while (delivered < *count && (route = list_cursor_next(&n->en_list)) != 0)
		routes[delivered++] = refer(c, route, &route_at(route)->r_object);
	*count = delivered;
	return NO_ERROR;
}

DWORD WINAPI
RtmGetListEnumRoutes(RTM_ENTITY_HANDLE RtmRegHandle, RTM_ENUM_HANDLE EnumHandle, PUINT NumRoutes,
                     PRTM_ROUTE_HANDLE RouteHandles)
{
	struct call c = call_by(RtmRegHandle, WRITE);

	while (call_attempt(&c))
		c.c_status = get_list_enum_routes(&c, EnumHandle, NumRoutes, RouteHandles);
	return c.c_status;
}

static DWORD
delete_enum_handle(const struct call *c, RTM_ENUM_HANDLE handle)
{
	const struct enumeration *n = call_resolve(c, handle, KIND_ENUM);

	if (n == NULL || n->en_owner != c->c_self)
		return ERROR_INVALID_HANDLE;
	enum_end(c->c_table, c->c_caller, handle_ref(handle));
	return NO_ERROR;
}

DWORD WINAPI
RtmDeleteEnumHandle(RTM_ENTITY_HANDLE RtmRegHandle, RTM_ENUM_HANDLE EnumHandle)
{
	struct call c = call_by(RtmRegHandle, WRITE);

	while (call_attempt(&c))
		c.c_status = delete_enum_handle(&c, EnumHandle);
	return c.c_status;
}
