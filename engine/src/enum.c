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

#include "dest.h"
#include "enum.h"
#include "route.h"

enum subject { DESTS, ROUTES, NEXT_HOPS };

/* A place in a trie: at a key, or behind it once it was returned. */
struct cursor {
	bool u_begun;
	uint8_t u_key[KEY_SIZE];
};

struct enumeration {
	struct object n_object;
	ref_t n_owner;
	ref_t n_next, n_prev; /* the owner's enumerations */
	enum subject n_subject;
	bool n_own;           /* only destinations with a best route, or routes, of the owner */
	bool n_in_range;      /* stop at the end of n_range */
	unsigned n_views;
	ULONG n_protocol;
	RTM_DEST_HANDLE n_dest; /* the only destination, or NULL */
	struct criteria n_criteria;
	HANDLE *n_noted;      /* routes of the present destination */
	uint32_t n_noted_count, n_noted_room, n_noted_done;
	struct cursor n_cursor;   /* at what was returned last */
	struct cursor n_noted_at; /* at the destination whose routes are noted */
	uint8_t n_range[KEY_SIZE];
};

size_t
enum_size(void)
{
	return sizeof(struct enumeration);
}

static struct enumeration *
enum_at(ref_t ref)
{
	return object_at(ref, OBJECT_SIZE(sizeof(struct enumeration)));
}

static void
enum_end(struct table *t, struct entity *owner, ref_t ref)
{
	struct enumeration *n = enum_at(ref);

	if (n->n_prev != 0)
		enum_at(n->n_prev)->n_next = n->n_next;
	else
		owner->e_enums = n->n_next;
	if (n->n_next != 0)
		enum_at(n->n_next)->n_prev = n->n_prev;
	free(n->n_noted);
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

/* An enumeration from the start of the table, or NULL when memory is short. */
static struct enumeration *
enum_make(const struct call *c, enum subject subject, HANDLE *handle)
{
	ref_t ref;
	struct enumeration *n = pool_alloc(&c->c_table->t_pool[KIND_ENUM], &ref);

	if (n == NULL)
		return NULL;
	n->n_subject = subject;
	n->n_owner = c->c_self;
	n->n_next = c->c_caller->e_enums;
	if (n->n_next != 0)
		enum_at(n->n_next)->n_prev = ref;
	c->c_caller->e_enums = ref;
	atomic_fetch_add_explicit(&c->c_caller->e_handles, 1, memory_order_relaxed);
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
	if (n->n_subject == NEXT_HOPS)
		n->n_cursor.u_key[0] = (uint8_t)(8 * (t->t_hop_octets + 5));
	if ((flags & (RTM_ENUM_NEXT | RTM_ENUM_RANGE)) == 0)
		return;
	if (n->n_subject == NEXT_HOPS)
		(void)key_of_hop(t, address, 0, n->n_cursor.u_key);
	else
		(void)key_of_prefix(t, address, n->n_cursor.u_key);
	n->n_in_range = (flags & RTM_ENUM_RANGE) != 0;
	memcpy(n->n_range, n->n_cursor.u_key, KEY_SIZE);
	if (n->n_subject == NEXT_HOPS)
		n->n_range[0] = (uint8_t)address->NumBits;
}

DWORD WINAPI
RtmCreateDestEnum(RTM_ENTITY_HANDLE RtmRegHandle, RTM_VIEW_SET TargetViews, RTM_ENUM_FLAGS EnumFlags,
                  PRTM_NET_ADDRESS NetAddress, ULONG ProtocolId, PRTM_ENUM_HANDLE RtmEnumHandle)
{
	struct enumeration *n;
	struct call c;
	unsigned views;
	DWORD status = NO_ERROR;

	if (!call_begin(&c, RtmRegHandle, WRITE))
		return ERROR_INVALID_HANDLE;
	if (RtmEnumHandle == NULL || !range_is_valid(c.c_table, EnumFlags, RTM_ENUM_OWN_DESTS, NetAddress, false))
		status = ERROR_INVALID_PARAMETER;
	else if (!views_of_mask(TargetViews, &views))
		status = ERROR_NOT_SUPPORTED;
	else if ((n = enum_make(&c, DESTS, RtmEnumHandle)) == NULL)
		status = ERROR_NOT_ENOUGH_MEMORY;
	else {
		n->n_views = views;
		n->n_protocol = ProtocolId;
		n->n_own = (EnumFlags & RTM_ENUM_OWN_DESTS) != 0;
		range_set(n, c.c_table, EnumFlags, NetAddress);
	}
	call_end(&c);
	return status;
}

DWORD WINAPI
RtmCreateRouteEnum(RTM_ENTITY_HANDLE RtmRegHandle, RTM_DEST_HANDLE DestHandle, RTM_VIEW_SET TargetViews,
                   RTM_ENUM_FLAGS EnumFlags, PRTM_NET_ADDRESS StartDest, RTM_MATCH_FLAGS MatchingFlags,
                   PRTM_ROUTE_INFO CriteriaRoute, ULONG CriteriaInterface, PRTM_ENUM_HANDLE RtmEnumHandle)
{
	struct enumeration *n;
	struct criteria m;
	struct call c;
	unsigned views;
	DWORD status;

	if (!call_begin(&c, RtmRegHandle, WRITE))
		return ERROR_INVALID_HANDLE;
	status = ERROR_INVALID_HANDLE;
	if (DestHandle != NULL && call_resolve(&c, DestHandle, KIND_DEST) == NULL)
		goto done;
	/* With a destination the range means nothing. */
	if (DestHandle != NULL)
		EnumFlags &= ~(RTM_ENUM_NEXT | RTM_ENUM_RANGE);
	if ((status = criteria_read(&c, MatchingFlags, CriteriaRoute, CriteriaInterface, &m)) != NO_ERROR)
		goto done;
	status = ERROR_INVALID_PARAMETER;
	if (RtmEnumHandle == NULL || !range_is_valid(c.c_table, EnumFlags, RTM_ENUM_OWN_ROUTES, StartDest, false))
		goto done;
	status = ERROR_NOT_SUPPORTED;
	if (!views_of_mask(TargetViews, &views))
		goto done;
	status = ERROR_NOT_ENOUGH_MEMORY;
	if ((n = enum_make(&c, ROUTES, RtmEnumHandle)) == NULL)
		goto done;
	n->n_dest = DestHandle;
	n->n_views = views;
	n->n_own = (EnumFlags & RTM_ENUM_OWN_ROUTES) != 0;
	n->n_criteria = m;
	range_set(n, c.c_table, EnumFlags, StartDest);
	status = NO_ERROR;
done:
	call_end(&c);
	return status;
}

DWORD WINAPI
RtmCreateNextHopEnum(RTM_ENTITY_HANDLE RtmRegHandle, RTM_ENUM_FLAGS EnumFlags, PRTM_NET_ADDRESS NetAddress,
                     PRTM_ENUM_HANDLE RtmEnumHandle)
{
	struct enumeration *n;
	struct call c;
	DWORD status = NO_ERROR;

	if (!call_begin(&c, RtmRegHandle, WRITE))
		return ERROR_INVALID_HANDLE;
	if (RtmEnumHandle == NULL || !range_is_valid(c.c_table, EnumFlags, 0, NetAddress, true))
		status = ERROR_INVALID_PARAMETER;
	else if ((n = enum_make(&c, NEXT_HOPS, RtmEnumHandle)) == NULL)
		status = ERROR_NOT_ENOUGH_MEMORY;
	else
		range_set(n, c.c_table, EnumFlags, NetAddress);
	call_end(&c);
	return status;
}

/*
 * Getting on
 */

/* The next value of a trie at or behind a cursor, within the range, and the cursor moved onto it; 0 at the end. */
static ref_t
cursor_next(const struct enumeration *n, const struct trie *trie, struct cursor *at)
{
	ref_t ref = trie_next(trie, at->u_key, !at->u_begun);
	const uint8_t *key;

	if (ref == 0)
		return 0;
	key = (const uint8_t *)object_at(ref, trie->t_size) + trie->t_key_offset;
	if (n->n_in_range && !key_within(key, n->n_range))
		return 0;
	memcpy(at->u_key, key, 1u + trie->t_octets);
	at->u_begun = true;
	return ref;
}

/* The caller's enumeration of this subject, or NULL. */
static struct enumeration *
enum_resolve(const struct call *c, HANDLE handle, enum subject subject)
{
	struct enumeration *n = call_resolve(c, handle, KIND_ENUM);

	return n != NULL && n->n_subject == subject && n->n_owner == c->c_self ? n : NULL;
}

static bool
capacity_is_valid(const UINT *count, const void *buffer)
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

/* The next destination that the enumeration is about; 0 at the end. What is passed over before the end may yet come to be
 * of interest, so the cursor stays at what was returned last. */
static ref_t
next_dest(struct enumeration *n, const struct call *c)
{
	const struct trie *trie = n->n_own ? &c->c_caller->e_dests : &c->c_table->t_dests;
	struct cursor at = n->n_cursor;
	ref_t ref;

	while ((ref = cursor_next(n, trie, &at)) != 0) {
		const struct dest *d = dest_at(c->c_table, ref);

		if (dest_visible(d, n->n_views) && (!n->n_own || dest_is_own(d, n->n_views, n->n_owner))) {
			n->n_cursor = at;
			return ref;
		}
	}
	return 0;
}

DWORD WINAPI
RtmGetEnumDests(RTM_ENTITY_HANDLE RtmRegHandle, RTM_ENUM_HANDLE EnumHandle, PUINT NumDests, PRTM_DEST_INFO DestInfos)
{
	struct enumeration *n;
	struct call c;
	DWORD status;

	if (!call_begin(&c, RtmRegHandle, WRITE))
		return ERROR_INVALID_HANDLE;
	if ((n = enum_resolve(&c, EnumHandle, DESTS)) == NULL)
		status = ERROR_INVALID_HANDLE;
	else if (!capacity_is_valid(NumDests, DestInfos))
		status = ERROR_INVALID_PARAMETER;
	else {
		uint8_t *info = (uint8_t *)DestInfos;
		UINT count = 0;
		ref_t ref;

		while (count < *NumDests && (ref = next_dest(n, &c)) != 0) {
			dest_info_fill(&c, ref, n->n_protocol, n->n_views, (RTM_DEST_INFO *)(void *)info);
			info += dest_info_size(n->n_views);
			count++;
		}
		status = enum_result(NumDests, count);
	}
	call_end(&c);
	return status;
}

DWORD WINAPI
RtmReleaseDests(RTM_ENTITY_HANDLE RtmRegHandle, UINT NumDests, PRTM_DEST_INFO DestInfos)
{
	const uint8_t *at = (const uint8_t *)DestInfos;
	struct call c;
	DWORD status = NO_ERROR;

	if (!call_begin(&c, RtmRegHandle, READ))
		return ERROR_INVALID_HANDLE;
	if (DestInfos == NULL && NumDests > 0)
		status = ERROR_INVALID_PARAMETER;
	for (UINT i = 0; status == NO_ERROR && i < NumDests; i++) {
		const RTM_DEST_INFO *info = (const RTM_DEST_INFO *)(const void *)at;

		status = dest_info_release(&c, info);
		at += RTM_SIZE_OF_DEST_INFO(info->NumberOfViews);
	}
	call_end(&c);
	return status;
}

/* Notes down the destination's routes that the enumeration is about. False when memory is short. */
static bool
note_routes(struct enumeration *n, const struct call *c, const struct dest *d)
{
	n->n_noted_count = n->n_noted_done = 0;
	for (ref_t ref = d->d_routes; ref != 0; ref = route_at(ref)->r_next) {
		const struct route *r = route_at(ref);

		if (!route_in_views(r, n->n_views) || (n->n_own && r->r_owner != n->n_owner) ||
		    !criteria_match(c->c_table, &n->n_criteria, r))
			continue;
		if (n->n_noted_count == n->n_noted_room) {
			uint32_t room = n->n_noted_room * 2 + 4;
			HANDLE *noted = realloc(n->n_noted, room * sizeof(*noted));

			if (noted == NULL) {
				n->n_noted_count = 0;
				return false;
			}
			n->n_noted = noted;
			n->n_noted_room = room;
		}
		n->n_noted[n->n_noted_count++] = handle_of(ref, r);
	}
	return true;
}

/* Goes on from a cursor to the next destination and notes its routes: NO_ERROR, 259 at the end, or 8. */
static DWORD
next_noted(struct enumeration *n, const struct call *c, struct cursor *at)
{
	const struct trie *trie = n->n_own ? &c->c_caller->e_dests : &c->c_table->t_dests;
	const struct dest *d;

	if (n->n_dest != NULL) {
		d = at->u_begun ? NULL : call_resolve(c, n->n_dest, KIND_DEST);
		at->u_begun = true;
	} else {
		ref_t ref = cursor_next(n, trie, at);

		d = ref != 0 ? dest_at(c->c_table, ref) : NULL;
	}
	if (d == NULL)
		return ERROR_NO_MORE_ITEMS;
	n->n_noted_at = *at;
	return note_routes(n, c, d) ? NO_ERROR : ERROR_NOT_ENOUGH_MEMORY;
}

/* The next noted route that is still in the table, and the cursor at its destination; or NULL. */
static HANDLE
take_noted(struct enumeration *n, const struct call *c)
{
	while (n->n_noted_done < n->n_noted_count) {
		HANDLE handle = n->n_noted[n->n_noted_done++];
		const struct route *r = call_resolve(c, handle, KIND_ROUTE);

		if (r != NULL && r->r_state != RTM_ROUTE_STATE_DELETED) {
			n->n_cursor = n->n_noted_at;
			return handle;
		}
	}
	return NULL;
}

DWORD WINAPI
RtmGetEnumRoutes(RTM_ENTITY_HANDLE RtmRegHandle, RTM_ENUM_HANDLE EnumHandle, PUINT NumRoutes,
                 PRTM_ROUTE_HANDLE RouteHandles)
{
	struct enumeration *n;
	struct cursor at = { 0 };
	struct call c;
	DWORD status = NO_ERROR;
	UINT count = 0;

	if (!call_begin(&c, RtmRegHandle, WRITE))
		return ERROR_INVALID_HANDLE;
	if ((n = enum_resolve(&c, EnumHandle, ROUTES)) == NULL)
		status = ERROR_INVALID_HANDLE;
	else if (!capacity_is_valid(NumRoutes, RouteHandles))
		status = ERROR_INVALID_PARAMETER;
	else
		at = n->n_cursor;
	while (status == NO_ERROR && count < *NumRoutes) {
		HANDLE handle = take_noted(n, &c);

		if (handle == NULL)
			status = next_noted(n, &c, &at);
		else
			RouteHandles[count++] = refer(&c, handle_ref(handle), &route_at(handle_ref(handle))->r_object);
	}
	/* What was found before the end, or before memory ran out, is delivered; the rest is for the next call. */
	if (count > 0 || status == ERROR_NO_MORE_ITEMS)
		status = enum_result(NumRoutes, count);
	call_end(&c);
	return status;
}

DWORD WINAPI
RtmGetEnumNextHops(RTM_ENTITY_HANDLE RtmRegHandle, RTM_ENUM_HANDLE EnumHandle, PUINT NumNextHops,
                   PRTM_NEXTHOP_HANDLE NextHopHandles)
{
	struct enumeration *n;
	struct call c;
	DWORD status;

	if (!call_begin(&c, RtmRegHandle, WRITE))
		return ERROR_INVALID_HANDLE;
	if ((n = enum_resolve(&c, EnumHandle, NEXT_HOPS)) == NULL)
		status = ERROR_INVALID_HANDLE;
	else if (!capacity_is_valid(NumNextHops, NextHopHandles))
		status = ERROR_INVALID_PARAMETER;
	else {
		UINT count = 0;
		ref_t ref;

		while (count < *NumNextHops && (ref = cursor_next(n, &c.c_caller->e_hops, &n->n_cursor)) != 0) {
			struct nexthop *hop = nexthop_at(c.c_table, ref);

			if (!n->n_in_range || hop->n_info.NextHopAddress.NumBits >= n->n_range[0])
				NextHopHandles[count++] = refer(&c, ref, &hop->n_object);
		}
		status = enum_result(NumNextHops, count);
	}
	call_end(&c);
	return status;
}

DWORD WINAPI
RtmDeleteEnumHandle(RTM_ENTITY_HANDLE RtmRegHandle, RTM_ENUM_HANDLE EnumHandle)
{
	const struct enumeration *n;
	struct call c;
	DWORD status = ERROR_INVALID_HANDLE;

	if (!call_begin(&c, RtmRegHandle, WRITE))
		return ERROR_INVALID_HANDLE;
	n = call_resolve(&c, EnumHandle, KIND_ENUM);
	if (n != NULL && n->n_owner == c.c_self) {
		enum_end(c.c_table, c.c_caller, handle_ref(EnumHandle));
		status = NO_ERROR;
	}
	call_end(&c);
	return status;
}
