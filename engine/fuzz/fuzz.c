/*
 * fuzz.c - the target for libFuzzer: each input is a sequence of calls by several entities, with handles that are right,
 * wrong, stale or made up, and with every argument as odd as it may be for memory to stay the caller's own. The book
 * (book.h) says which references each call gives and takes, so releases have to succeed exactly when there is something to
 * release; now and then, and at the end, the tables are looked at from inside (check.h); and when everything has been given
 * back nothing may be left.
 *
 * RTM2_TRACE in the environment shows the calls of an input and looks at the tables behind each.
 *
 * One thread makes the calls; time stands still but for a call of its own, and callbacks run between the calls (still.h).
 * So each input always does the same.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "book.h"
#include "check.h"
#include "enum.h"
#include "still.h"
#include "table.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

enum { MOST_CALLS = 300, MOST_LOCKS = 16, ROOM_HOPS = 8, ROOM_VIEWS = 2, BATCH = 8 };

#define FOREVER 10000000000u /* ms: longer than any time to live or hold */

typedef union route_info {
	RTM_ROUTE_INFO info;
	UCHAR room[sizeof(RTM_ROUTE_INFO) + ROOM_HOPS * sizeof(HANDLE)];
} route_info;

typedef union dest_infos {
	RTM_DEST_INFO info;
	UCHAR room[BATCH * RTM_SIZE_OF_DEST_INFO(ROOM_VIEWS)];
} dest_infos;

/* Members of variable parts. */
#define VIEW(info, i) ((&(info)->ViewInfo[0])[i])
#define HOP(info, i) ((&(info)->NextHopsList.NextHops[0])[i])

/* A lock that is held, and through which pointer its holder may write. */
static struct lock {
	enum { NO_LOCK, DEST_LOCK, ROUTE_LOCK, HOP_LOCK } l_kind;
	int l_client;
	unsigned l_table;
	HANDLE l_handle; /* of the destination or the next hop */
	HANDLE l_route;
	BOOL l_exclusive;
	RTM_ROUTE_INFO *l_info;
	RTM_NEXTHOP_INFO *l_hop_info;
} locks[MOST_LOCKS];

/*
 * The input
 */

static const uint8_t *input;
static size_t input_left;

/* The next octet; zero behind the end. */
static uint8_t
byte(void)
{
	if (input_left == 0)
		return 0;
	input_left--;
	return *input++;
}

static uint32_t
number(void)
{
	uint32_t n = 0;

	for (unsigned i = 0; i < 4; i++)
		n = n << 8 | byte();
	return n;
}

static HANDLE
made_up_handle(void)
{
	uint64_t n = number();

	return (HANDLE)(uintptr_t)(n << (byte() & 31) | byte());
}

/* One of the handles of a kind in the book; any other one, NULL, or none at all, too. */
static HANDLE
some_handle(enum kind kind)
{
	unsigned b = byte(), matching = 0, wanted;

	if (b >= 0xF8)
		return b >= 0xFC ? NULL : made_up_handle();
	if (b >= 0xF0)
		return entry_count > 0 ? entries[byte() % entry_count].handle : NULL;
	for (unsigned i = 0; i < entry_count; i++)
		matching += entries[i].kind == kind;
	if (matching == 0)
		return NULL;
	/* Small numbers name what is new. */
	wanted = b % matching;
	for (unsigned i = entry_count;;)
		if (entries[--i].kind == kind && wanted-- == 0)
			return entries[i].handle;
}

/* The client with this registration handle, registered or not, or NOBODY. */
static int
client_of(HANDLE handle)
{
	for (int i = client_count; i-- > 0;)
		if (clients[i].handle == handle)
			return i;
	return NOBODY;
}

/* Who makes the next call, and under which handle: mostly a client, be it registered or not. */
static int
some_caller(HANDLE *self)
{
	unsigned b = byte();

	*self = b < 0xF8 && client_count > 0 ? clients[b % (unsigned)client_count].handle : some_handle(KIND_ENTITY);
	return client_of(*self);
}

/* Whether calls of this client can succeed. */
static bool
is_there(int client)
{
	return client != NOBODY && clients[client].registered;
}

static unsigned
table_of(int client)
{
	return client == NOBODY ? 0 : clients[client].table;
}

static RTM_NET_ADDRESS
some_address(int client, bool hop)
{
	static const uint8_t octets[] = { 10, 10, 0, 128, 255, 1 };
	const struct home *home = &homes[table_of(client)];
	unsigned width = hop ? home->hop_octets : home->octets, shape = byte();
	RTM_NET_ADDRESS a = { home->family, 0, { 0 } };

	a.AddrBits[0] = octets[byte() % sizeof(octets)];
	a.AddrBits[1] = octets[byte() % sizeof(octets)];
	if ((shape & 0x80) != 0)
		a.AddrBits[width - 1] = byte();
	if ((shape & 0x40) != 0)
		a.AddrBits[2] = byte();
	shape &= 0x3F;
	if (shape < 16)
		a.NumBits = (USHORT)(8 * width);
	else if (shape < 48)
		a.NumBits = (USHORT)(shape - 16);
	else if (shape < 62)
		a.NumBits = (USHORT)(8 * width + 48 - shape);
	else if (shape == 62)
		a.NumBits = (USHORT)number();
	else
		a.AddressFamily = byte();
	return a;
}

/* A pointer to the value, or now and then NULL. */
#define MAYBE(pointer) (byte() < 0xF0 ? (pointer) : NULL)

static RTM_VIEW_SET
some_views(void)
{
	static const RTM_VIEW_SET views[] = { 0, 1, 1, 2, 3, 3, RTM_VIEW_MASK_ALL, 4 };

	return views[byte() % 8];
}

static ULONG
some_protocol(void)
{
	static const ULONG protocols[] = { RTM_BEST_PROTOCOL, RTM_THIS_PROTOCOL, 1, 2 };

	return protocols[byte() % 4];
}

static RTM_ENUM_FLAGS
some_enum_flags(RTM_ENUM_FLAGS scope)
{
	unsigned b = byte();

	return b >= 0xF8 ? number() : (b & 3) | ((b & 4) != 0 ? scope : 0);
}

/* A capacity for at most BATCH items, or one that has to be refused. */
static UINT
some_count(void)
{
	unsigned b = byte();

	return b < 0xF0 ? 1 + b % BATCH : b < 0xF8 ? 0 : MAX_HANDLES_IN_ENUM + 1;
}

static ULONG
some_time(void)
{
	static const ULONG times[] = { INFINITE, INFINITE, INFINITE, INFINITE, 0, 1, 1000, 3600000 };

	return times[byte() % 8];
}

/*
 * Results
 */

/* What a call may answer at all; with a registration that is none, nothing but 6. */
static DWORD
answered(int client, DWORD status)
{
	static const DWORD statuses[] = { NO_ERROR, ERROR_FILE_NOT_FOUND, ERROR_ACCESS_DENIED, ERROR_INVALID_HANDLE,
		                          ERROR_NOT_SUPPORTED, ERROR_INVALID_PARAMETER, ERROR_INSUFFICIENT_BUFFER,
		                          ERROR_ALREADY_EXISTS, ERROR_NO_MORE_ITEMS, ERROR_NOT_FOUND,
		                          ERROR_NO_SYSTEM_RESOURCES };
	bool known = false;

	for (size_t i = 0; i < sizeof(statuses) / sizeof(statuses[0]); i++)
		known |= status == statuses[i];
	MUST(known);
	if (!is_there(client))
		MUST(status == ERROR_INVALID_HANDLE);
	return status;
}

static void
given_dest_info(int client, const RTM_DEST_INFO *info)
{
	MUST(info->NumberOfViews <= ROOM_VIEWS);
	book_given(client, info->DestHandle, KIND_DEST);
	for (UINT i = 0; i < info->NumberOfViews; i++) {
		book_given(client, VIEW(info, i).Route, KIND_ROUTE);
		book_given(client, VIEW(info, i).Owner, KIND_ENTITY);
		book_given(client, VIEW(info, i).HoldRoute, KIND_ROUTE);
	}
}

static void
given_route_info(int client, const RTM_ROUTE_INFO *info)
{
	MUST(info->NextHopsList.NumNextHops <= ROOM_HOPS);
	book_given(client, info->DestHandle, KIND_DEST);
	book_given(client, info->RouteOwner, KIND_ENTITY);
	book_given(client, info->Neighbour, KIND_NEXTHOP);
	for (unsigned i = 0; i < info->NextHopsList.NumNextHops; i++)
		book_given(client, HOP(info, i), KIND_NEXTHOP);
}

static void
given_all(int client, UINT count, const HANDLE *handles, enum kind kind)
{
	for (UINT i = 0; i < count; i++)
		book_given(client, handles[i], kind);
}

/* Handles that a release names; NULL ones are passed over if the structure may have them. */
struct named {
	HANDLE d_handle;
	enum kind d_kind;
};

/* Whether the client's table has a reference for each of the handles. */
static bool
all_held(int client, const struct named *named, unsigned count, bool with_null)
{
	for (unsigned i = 0; i < count; i++) {
		unsigned same = 0;

		if (named[i].d_handle == NULL && with_null)
			continue;
		for (unsigned k = 0; k <= i; k++)
			same += named[k].d_handle == named[i].d_handle;
		if (book_refs(client, named[i].d_handle, named[i].d_kind) < same)
			return false;
	}
	return true;
}

static void
taken_all(int client, const struct named *named, unsigned count)
{
	for (unsigned i = 0; i < count; i++)
		if (named[i].d_handle != NULL)
			book_taken(client, named[i].d_handle);
}

/*
 * Callbacks
 */

enum { KEEPS_EXPIRED = 1, FETCHES_CHANGES = 2, KEEPS_ENTITIES = 4, STOPS_LISTENING = 8 };

static void
on_change(int client, RTM_NOTIFY_HANDLE notification)
{
	struct entry *e = book_find(notification);
	dest_infos changes;
	UINT count = BATCH;

	MUST(e != NULL && e->kind == KIND_NOTIFY && e->open && e->owner == client);
	if ((clients[client].manner & FETCHES_CHANGES) != 0 &&
	    RtmGetChangedDests(clients[client].handle, notification, &count, &changes.info) == NO_ERROR)
		MUST(RtmReleaseChangedDests(clients[client].handle, notification, count, &changes.info) == NO_ERROR);
	if ((clients[client].manner & STOPS_LISTENING) != 0) {
		MUST(RtmDeregisterFromChangeNotification(clients[client].handle, notification) == NO_ERROR);
		book_closed(e);
	}
}

static DWORD WINAPI
on_event(RTM_ENTITY_HANDLE self, RTM_EVENT_TYPE type, PVOID context1, PVOID context2)
{
	DWORD answer = NO_ERROR;
	int client;

	still_callback_begin();
	client = client_of(self);
	MUST(is_there(client) && context1 != NULL);
	if (type == RTM_CHANGE_NOTIFICATION)
		on_change(client, context1);
	else if (type == RTM_ROUTE_EXPIRED) {
		MUST(((const RTM_ROUTE_INFO *)context2)->RouteOwner == self);
		book_given(client, context1, KIND_ROUTE);
		if ((clients[client].manner & KEEPS_EXPIRED) == 0) {
			book_consumed(client, context1);
			answer = ERROR_NOT_SUPPORTED;
		}
	} else {
		MUST(context1 != self && ((const RTM_ENTITY_INFO *)context2)->AddressFamily == homes[table_of(client)].family);
		if ((clients[client].manner & KEEPS_ENTITIES) != 0 && RtmReferenceHandles(self, 1, &context1) == NO_ERROR)
			book_given(client, context1, KIND_ENTITY);
	}
	still_callback_end();
	return answer;
}

static void deregister(int client);

/* What an invoked method does is said by the first octet of its input. */
static void WINAPI
method(RTM_ENTITY_HANDLE caller, RTM_ENTITY_HANDLE callee, RTM_ENTITY_METHOD_INPUT *in, RTM_ENTITY_METHOD_OUTPUT *out)
{
	int client = client_of(callee);

	(void)caller;
	memset(out->OutputData, 0x5A, out->OutputSize);
	switch (in->InputData[0] & 7) {
	case 0:
		out->OutputSize = 0;
		break;
	case 1:
		out->OutputSize += 1000;
		break;
	case 2:
		if (clients[client].registered) {
			MUST(RtmBlockMethods(callee, NULL, 0, RTM_BLOCK_METHODS) == NO_ERROR);
			clients[client].blocked = true;
		}
		break;
	case 3:
		/* At most once: methods that follow find it gone. */
		if (clients[client].registered)
			deregister(client);
		break;
	default:
		out->OutputSize /= 2;
	}
}

/*
 * Locks
 */

static void
lock_note(struct lock lock)
{
	for (unsigned i = 0; i < MOST_LOCKS; i++)
		if (locks[i].l_kind == NO_LOCK) {
			locks[i] = lock;
			return;
		}
	must_fail(__FILE__, __LINE__, "no room for a lock");
}

static bool
locks_are_full(void)
{
	for (unsigned i = 0; i < MOST_LOCKS; i++)
		if (locks[i].l_kind == NO_LOCK)
			return false;
	return true;
}

/* One of the locks on an object in this mode, or NULL. */
static struct lock *
lock_find(HANDLE handle, BOOL exclusive)
{
	for (unsigned i = 0; i < MOST_LOCKS; i++)
		if (locks[i].l_kind != NO_LOCK && locks[i].l_handle == handle && locks[i].l_exclusive == exclusive)
			return &locks[i];
	return NULL;
}

/* Pointers through which nobody may write any more. */
static void
lock_disarm(HANDLE dest, HANDLE route)
{
	for (unsigned i = 0; i < MOST_LOCKS; i++)
		if (locks[i].l_kind == ROUTE_LOCK && (locks[i].l_handle == dest || locks[i].l_route == route))
			locks[i].l_info = NULL;
}

/* The references that the owner's locks on a route have lent it: how many locks, and on which next hops. */
struct lent {
	HANDLE t_route;
	uint32_t t_locks;
	unsigned t_count;
	HANDLE t_hop[MAX_NEXT_HOPS + 1];
};

static struct route *
route_inside(int client, HANDLE handle)
{
	struct table *t = handle_owner(clients[client].handle);

	return handle_resolve(handle, KIND_ROUTE, t);
}

static struct lent
lent_of(int client, HANDLE handle)
{
	const struct route *r = route_inside(client, handle);
	struct lent lent = { .t_route = handle };

	if (r == NULL)
		return lent;
	for (unsigned i = 0; i < r->r_hops; i++)
		lent.t_hop[lent.t_count++] = handle_of(route_hop(r, i), nexthop_at(route_hop(r, i)));
	if (r->r_neighbour != 0)
		lent.t_hop[lent.t_count++] = handle_of(r->r_neighbour, nexthop_at(r->r_neighbour));
	lent.t_locks = r->r_extra != 0 ? routeextra_at(r->r_extra)->x_lent : 0;
	return lent;
}

/* Those of all routes in the client's table with any. */
static unsigned
all_lent(int client, struct lent *lent)
{
	unsigned count = 0;

	for (unsigned i = 0; i < entry_count; i++)
		if (entries[i].kind == KIND_ROUTE && entries[i].table == clients[client].table) {
			lent[count] = lent_of(client, entries[i].handle);
			count += lent[count].t_locks > 0;
		}
	return count;
}

/* The same of the next hops that a description of the route names. A route that is told to expire at once may be gone
 * when the call returns, so what it has then is not looked up there. */
static struct lent
lent_of_info(const RTM_ROUTE_INFO *info)
{
	struct lent lent = { .t_locks = 0 };

	if (info->NextHopsList.NumNextHops > ROOM_HOPS)
		return lent;
	for (unsigned i = 0; i < info->NextHopsList.NumNextHops; i++)
		lent.t_hop[lent.t_count++] = HOP(info, i);
	if (info->Neighbour != NULL)
		lent.t_hop[lent.t_count++] = info->Neighbour;
	return lent;
}

static void
lent_given(int client, const struct lent *lent)
{
	given_all(client, lent->t_count, lent->t_hop, KIND_NEXTHOP);
}

static void
lent_taken(int client, const struct lent *lent)
{
	for (unsigned i = 0; i < lent->t_count; i++)
		book_consumed(client, lent->t_hop[i]);
}

static HANDLE
dest_of_route(int client, HANDLE handle)
{
	const struct route *r = route_inside(client, handle);

	return r != NULL ? handle_of(r->r_dest, dest_at(r->r_dest)) : NULL;
}

static void
lock_destination(int client, HANDLE self)
{
	HANDLE dest = some_handle(KIND_DEST);
	BOOL exclusive = byte() & 1, lock = byte() % 3 != 0;
	struct lock *held = lock_find(dest, exclusive);

	if (lock && locks_are_full())
		return;
	if (!lock && is_there(client)) {
		bool is_held = held != NULL && held->l_table == table_of(client);

		MUST((answered(client, RtmLockDestination(self, dest, exclusive, FALSE)) == NO_ERROR) == is_held);
		if (is_held) {
			held->l_kind = NO_LOCK;
			lock_disarm(dest, NULL);
		}
	} else if (answered(client, RtmLockDestination(self, dest, exclusive, lock)) == NO_ERROR)
		lock_note((struct lock){ DEST_LOCK, client, table_of(client), dest, NULL, exclusive, NULL, NULL });
}

static void
lock_route(int client, HANDLE self)
{
	HANDLE route = some_handle(KIND_ROUTE), dest;
	BOOL exclusive = byte() & 1, lock = byte() % 3 != 0;
	RTM_ROUTE_INFO *info = NULL;
	struct lent lent;
	struct lock *held;
	DWORD status;

	if (lock && locks_are_full())
		return;
	if (!is_there(client)) {
		(void)answered(client, RtmLockRoute(self, route, exclusive, lock, &info));
		return;
	}
	dest = dest_of_route(client, route);
	held = lock_find(dest, exclusive);
	lent = lent_of(client, route);
	status = answered(client, RtmLockRoute(self, route, exclusive, lock, byte() & 1 ? &info : NULL));
	if (status != NO_ERROR)
		return;
	MUST(info == NULL || info->RouteOwner == self || lent.t_locks != 0);
	if (lock) {
		if (exclusive && lent.t_locks == 0)
			lent_given(client, &lent);
		lock_note((struct lock){ ROUTE_LOCK, client, table_of(client), dest, route, exclusive, exclusive ? info : NULL,
		                         NULL });
		return;
	}
	MUST(held != NULL);
	held->l_kind = NO_LOCK;
	lock_disarm(dest, NULL);
	if (exclusive && lent.t_locks == 1)
		lent_taken(client, &lent);
}

static void
lock_next_hop(int client, HANDLE self)
{
	HANDLE hop = some_handle(KIND_NEXTHOP);
	BOOL exclusive = byte() & 1, lock = byte() % 3 != 0;
	struct lock *held = lock_find(hop, exclusive);
	RTM_NEXTHOP_INFO *info = NULL;
	DWORD status;

	if (lock && locks_are_full())
		return;
	status = answered(client, RtmLockNextHop(self, hop, exclusive, lock, &info));
	if (status != NO_ERROR)
		return;
	if (lock) {
		lock_note((struct lock){ HOP_LOCK, client, table_of(client), hop, NULL, exclusive, NULL, exclusive ? info : NULL });
		return;
	}
	MUST(held != NULL && held->l_client == client);
	held->l_kind = NO_LOCK;
	for (unsigned i = 0; i < MOST_LOCKS; i++)
		if (locks[i].l_handle == hop)
			locks[i].l_hop_info = NULL;
}

/* Puts a next hop into a live route, counting it as a client should, or not. */
static void
write_hop(struct lock *l, RTM_NEXTHOP_HANDLE *cell)
{
	HANDLE hop = some_handle(KIND_NEXTHOP);

	if ((byte() & 3) != 0 && RtmReferenceHandles(clients[l->l_client].handle, 1, &hop) == NO_ERROR) {
		const struct entry *e = book_find(hop);

		MUST(e != NULL);
		book_given(l->l_client, hop, e->kind);
	}
	*cell = hop;
}

static void
write_route(struct lock *l)
{
	RTM_ROUTE_INFO *info = l->l_info;

	switch (byte() % 10) {
	case 0:
		info->PrefInfo.Preference = byte() & 3;
		break;
	case 1:
		info->PrefInfo.Metric = byte() & 3;
		break;
	case 2:
		info->BelongsToViews = some_views();
		break;
	case 3:
		info->EntitySpecificInfo = made_up_handle();
		break;
	case 4:
		info->NextHopsList.NumNextHops = (USHORT)(byte() % (ROOM_HOPS + 1));
		break;
	case 5:
		info->NextHopsList.NumNextHops = (USHORT)number();
		break;
	case 6:
		write_hop(l, &HOP(info, byte() % ROOM_HOPS));
		break;
	case 7:
		write_hop(l, &info->Neighbour);
		break;
	case 8:
		info->Flags = (USHORT)number();
		break;
	default:
		info->DestHandle = some_handle(KIND_DEST);
		info->RouteOwner = some_handle(KIND_ENTITY);
		info->State = byte();
	}
}

static void
write_next_hop(RTM_NEXTHOP_INFO *info)
{
	switch (byte() % 6) {
	case 0:
		info->Flags = byte();
		break;
	case 1:
		info->RemoteNextHop = some_handle(KIND_DEST);
		break;
	case 2:
		info->State = (USHORT)(byte() & 3);
		break;
	case 3:
		info->NextHopOwner = some_handle(KIND_ENTITY);
		break;
	case 4:
		info->NextHopAddress.NumBits = (USHORT)number();
		info->InterfaceIndex = byte();
		break;
	default:
		info->EntitySpecificInfo = made_up_handle();
	}
}

/* Writes to what is locked. */
static void
write_in_place(int client, HANDLE self)
{
	struct lock *l = &locks[byte() % MOST_LOCKS];

	(void)client;
	(void)self;
	if (l->l_kind == ROUTE_LOCK && l->l_info != NULL && clients[l->l_client].registered)
		write_route(l);
	else if (l->l_kind == HOP_LOCK && l->l_hop_info != NULL)
		write_next_hop(l->l_hop_info);
}

static void
update_and_unlock(int client, HANDLE self)
{
	const struct lock *some = &locks[byte() % MOST_LOCKS];
	HANDLE route = some->l_kind == ROUTE_LOCK ? some->l_route : some_handle(KIND_ROUTE), dest = NULL;
	HANDLE list = byte() < 0xC0 ? NULL : some_handle(KIND_LIST);
	RTM_ROUTE_CHANGE_FLAGS flags = byte();
	ULONG ttl = some_time();
	struct lent before = { .t_locks = 0 }, written = before;
	const struct route *r;
	struct lock *held;

	if (is_there(client) && some->l_kind == ROUTE_LOCK && byte() < 0xE0 && clients[some->l_client].registered) {
		client = some->l_client;
		self = clients[client].handle;
	}
	if (is_there(client) && (r = route_inside(client, route)) != NULL) {
		dest = dest_of_route(client, route);
		before = lent_of(client, route);
		if (r->r_extra != 0)
			written = lent_of_info(&routeextra_at(r->r_extra)->x_info);
	}
	if (answered(client, RtmUpdateAndUnlockRoute(self, route, ttl, list, 0, NULL, MAYBE(&flags))) != NO_ERROR)
		return;
	held = lock_find(dest, TRUE);
	MUST((flags & ~RTM_ROUTE_CHANGE_BEST) == 0 && held != NULL && before.t_locks > 0);
	held->l_kind = NO_LOCK;
	lock_disarm(dest, NULL);
	if (before.t_locks == 1)
		lent_taken(client, &written);
}

/*
 * Registration
 */

static bool
same_entity(const RTM_ENTITY_INFO *a, const RTM_ENTITY_INFO *b)
{
	return a->RtmInstanceId == b->RtmInstanceId && a->AddressFamily == b->AddressFamily &&
	       a->EntityId.EntityId == b->EntityId.EntityId;
}

static void
register_entity(int unused_client, HANDLE unused)
{
	union {
		RTM_ENTITY_EXPORT_METHODS methods;
		UCHAR room[sizeof(RTM_ENTITY_EXPORT_METHODS) + 32 * sizeof(RTM_ENTITY_EXPORT_METHOD)];
	} exported;
	unsigned table = byte() % TABLES, manner = byte();
	RTM_ENTITY_INFO info = { homes[table].instance, homes[table].family, { { { 1u + byte() % 2, byte() % 3 } } } };
	RTM_ENTITY_HANDLE self = NULL;
	RTM_REGN_PROFILE profile;
	bool opaque = (manner & 0x10) != 0, known = false;
	DWORD status;

	(void)unused_client;
	(void)unused;
	if (client_count > MOST_CLIENTS - TABLES - 1)
		return;
	exported.methods.NumMethods = byte() % 36;
	for (unsigned i = 0; i < exported.methods.NumMethods && i < 32; i++)
		(&exported.methods.Methods[0])[i] = method;
	if ((manner & 0x80) != 0 && byte() > 0xF0)
		info.AddressFamily = 99;
	for (int i = 0; i < client_count; i++)
		known |= clients[i].registered && same_entity(&clients[i].info, &info);
	status = RtmRegisterEntity(MAYBE(&info), (manner & 0x20) != 0 ? &exported.methods : NULL,
	                           (manner & 0x40) != 0 ? on_event : NULL, opaque, MAYBE(&profile), MAYBE(&self));
	MUST(status == NO_ERROR || status == ERROR_INVALID_PARAMETER || status == ERROR_FILE_NOT_FOUND ||
	     status == (known ? ERROR_ALREADY_EXISTS : ERROR_NO_SYSTEM_RESOURCES));
	if (status != NO_ERROR)
		return;
	MUST(!known && info.AddressFamily == homes[table].family);
	clients[client_count] = (struct client){ .handle = self, .info = info, .table = table, .registered = true,
		                                 .has_opaque = opaque, .manner = (uint8_t)manner };
	(void)book_seen(client_count, self, KIND_ENTITY);
	client_count++;
}

/* Gives back one reference of whatever kind. */
static void
release_one(int client, const struct entry *e)
{
	HANDLE self = clients[client].handle, handle = e->handle;
	RTM_DEST_INFO info = { .DestHandle = handle };
	DWORD status;

	if (e->kind == KIND_ENTITY)
		status = RtmReleaseEntities(self, 1, &handle);
	else if (e->kind == KIND_ROUTE)
		status = RtmReleaseRoutes(self, 1, &handle);
	else if (e->kind == KIND_NEXTHOP)
		status = RtmReleaseNextHops(self, 1, &handle);
	else
		status = RtmReleaseDestInfo(self, &info);
	MUST(status == NO_ERROR);
	book_taken(client, handle);
}

/* Evens out what the client took and gave back: an entity whose references others gave back would stay for ever. */
static void
settle_references(int client)
{
	for (int i = 0; i < client_count; i++)
		while (clients[i].registered && clients[i].table == clients[client].table && clients[i].refs < 0) {
			HANDLE self = clients[i].handle;

			MUST(RtmReferenceHandles(self, 1, &self) == NO_ERROR);
			book_given(i, self, KIND_ENTITY);
		}
	for (unsigned i = 0; i < entry_count; i++)
		while (clients[client].refs > 0 && entries[i].table == clients[client].table && entries[i].refs > 0)
			release_one(client, &entries[i]);
	MUST(clients[client].refs == 0);
}

static void
delete_one_route(int client, HANDLE route)
{
	struct lent lent = lent_of(client, route);
	RTM_ROUTE_CHANGE_FLAGS flags;
	DWORD status = RtmDeleteRouteToDest(clients[client].handle, route, &flags);

	MUST(status == NO_ERROR || status == ERROR_NOT_FOUND);
	if (status != NO_ERROR)
		return;
	book_consumed(client, route);
	if (lent.t_locks > 0)
		lent_taken(client, &lent);
	lock_disarm(NULL, route);
	still();
}

/* Deletes all routes and next hops that the client owns. */
static void
strip(int client)
{
	HANDLE self = clients[client].handle, handles[BATCH], en;
	UINT count;

	MUST(RtmCreateRouteEnum(self, NULL, RTM_VIEW_MASK_ANY, RTM_ENUM_OWN_ROUTES, NULL, RTM_MATCH_NONE, NULL, 0, &en) ==
	     NO_ERROR);
	clients[client].open++;
	while (count = BATCH, RtmGetEnumRoutes(self, en, &count, handles) == NO_ERROR) {
		given_all(client, count, handles, KIND_ROUTE);
		for (UINT i = 0; i < count; i++)
			delete_one_route(client, handles[i]);
	}
	MUST(RtmDeleteEnumHandle(self, en) == NO_ERROR);
	clients[client].open--;
	MUST(RtmCreateNextHopEnum(self, RTM_ENUM_START, NULL, &en) == NO_ERROR);
	clients[client].open++;
	while (count = BATCH, RtmGetEnumNextHops(self, en, &count, handles) == NO_ERROR) {
		given_all(client, count, handles, KIND_NEXTHOP);
		for (UINT i = 0; i < count; i++) {
			MUST(RtmDeleteNextHop(self, handles[i], NULL) == NO_ERROR);
			book_consumed(client, handles[i]);
		}
	}
	MUST(RtmDeleteEnumHandle(self, en) == NO_ERROR);
	clients[client].open--;
}

static void
unlock(struct lock *l, int client)
{
	HANDLE self = clients[client].handle;

	if (l->l_kind == HOP_LOCK)
		MUST(RtmLockNextHop(self, l->l_handle, l->l_exclusive, FALSE, NULL) == NO_ERROR);
	else
		MUST(RtmLockDestination(self, l->l_handle, l->l_exclusive, FALSE) == NO_ERROR);
	l->l_kind = NO_LOCK;
}

/* What a client has to do before it deregisters. Its enumerations, lists and notifications go with it. */
static void
deregister(int client)
{
	for (unsigned i = 0; i < MOST_LOCKS; i++)
		if (locks[i].l_kind == HOP_LOCK && locks[i].l_client == client)
			unlock(&locks[i], client);
	strip(client);
	settle_references(client);
	still();
	MUST(RtmDeregisterEntity(clients[client].handle) == NO_ERROR);
	book_left(client);
	still();
}

static void
deregister_entity(int client, HANDLE self)
{
	if (is_there(client))
		deregister(client);
	else
		(void)answered(client, RtmDeregisterEntity(self));
}

static void
get_registered_entities(int client, HANDLE self)
{
	HANDLE handles[MOST_CLIENTS];
	RTM_ENTITY_INFO infos[MOST_CLIENTS];
	UINT count = byte() & 1 ? MOST_CLIENTS : byte() % 4;
	bool wanted = byte() < 0xE0;

	if (answered(client, RtmGetRegisteredEntities(self, MAYBE(&count), wanted ? handles : NULL, MAYBE(infos))) == NO_ERROR &&
	    wanted)
		given_all(client, count, handles, KIND_ENTITY);
}

static void
entity_info(int client, HANDLE self)
{
	HANDLE entity = some_handle(KIND_ENTITY);
	RTM_ENTITY_INFO info;
	int other = client_of(entity);

	if (answered(client, RtmGetEntityInfo(self, entity, MAYBE(&info))) == NO_ERROR) {
		MUST(other != NOBODY && same_entity(&info, &clients[other].info));
		MUST(RtmReleaseEntityInfo(self, &info) == NO_ERROR);
	}
	(void)answered(client, RtmReleaseEntityInfo(self, MAYBE(&info)));
}

/*
 * Methods
 */

static void
get_entity_methods(int client, HANDLE self)
{
	HANDLE entity = some_handle(KIND_ENTITY);
	RTM_ENTITY_EXPORT_METHOD methods[32];
	UINT count = byte() % 33;

	if (answered(client, RtmGetEntityMethods(self, entity, MAYBE(&count), MAYBE(methods))) == NO_ERROR)
		MUST(is_there(client_of(entity)));
}

static void
invoke_method(int client, HANDLE self)
{
	HANDLE entity = some_handle(KIND_ENTITY);
	int callee = client_of(entity);
	RTM_ENTITY_METHOD_INPUT in = { number(), 1, { byte() } };
	union {
		RTM_ENTITY_METHOD_OUTPUT first;
		UCHAR room[128];
	} out;
	UINT size = byte() % 129;

	bool was_there = is_there(client);
	DWORD status;

	/* Nobody else could resume it while this thread waits. */
	if (was_there && is_there(callee) && clients[callee].blocked && callee != client)
		return;
	status = RtmInvokeMethod(self, entity, MAYBE(&in), MAYBE(&size), MAYBE(&out.first));
	/* A method may have deregistered the caller. */
	if (is_there(client) == was_there)
		(void)answered(client, status);
	MUST(status != NO_ERROR || (callee != NOBODY && size <= sizeof(out)));
}

static void
block_methods(int client, HANDLE self)
{
	DWORD flag = byte() % 3;

	if (answered(client, RtmBlockMethods(self, some_handle(KIND_ROUTE), byte(), flag)) == NO_ERROR)
		clients[client].blocked = flag == RTM_BLOCK_METHODS;
}

/*
 * Information and lookups
 */

static void
get_dest_info(int client, HANDLE self)
{
	RTM_VIEW_SET views = some_views();
	RTM_NET_ADDRESS address = some_address(client, false);
	HANDLE dest = some_handle(KIND_DEST);
	ULONG protocol = some_protocol();
	dest_infos result;
	DWORD status;

	switch (byte() & 3) {
	case 0:
		status = RtmGetDestInfo(self, dest, protocol, views, MAYBE(&result.info));
		break;
	case 1:
		status = RtmGetExactMatchDestination(self, MAYBE(&address), protocol, views, MAYBE(&result.info));
		break;
	case 2:
		status = RtmGetMostSpecificDestination(self, MAYBE(&address), protocol, views, MAYBE(&result.info));
		break;
	default:
		status = RtmGetLessSpecificDestination(self, dest, protocol, views, MAYBE(&result.info));
	}
	if (answered(client, status) == NO_ERROR)
		given_dest_info(client, &result.info);
}

static void
get_route_info(int client, HANDLE self)
{
	HANDLE route = some_handle(KIND_ROUTE);
	RTM_NET_ADDRESS address;
	RTM_VIEW_SET best;
	route_info result;
	bool wanted = byte() < 0xF0;

	if (answered(client, RtmGetRouteInfo(self, route, wanted ? &result.info : NULL, MAYBE(&address))) == NO_ERROR && wanted)
		given_route_info(client, &result.info);
	(void)answered(client, RtmIsBestRoute(self, route, MAYBE(&best)));
}

static void
get_hop_info(int client, HANDLE self)
{
	HANDLE hop = some_handle(KIND_NEXTHOP);
	RTM_NEXTHOP_INFO info, *pointer;

	if (answered(client, RtmGetNextHopInfo(self, hop, MAYBE(&info))) == NO_ERROR) {
		book_given(client, info.NextHopOwner, KIND_ENTITY);
		book_given(client, info.RemoteNextHop, KIND_DEST);
	}
	if (answered(client, RtmGetNextHopPointer(self, hop, MAYBE(&pointer))) == NO_ERROR)
		MUST(lock_find(hop, TRUE) != NULL || pointer->NextHopOwner == self);
}

/* Criteria or the description of a route, with hops that may be anyone's. */
static void
some_route(int client, route_info *route)
{
	unsigned hops = byte() % 5;

	memset(route, 0, sizeof(*route));
	route->info.PrefInfo.Preference = byte() & 3;
	route->info.PrefInfo.Metric = byte() & 1;
	route->info.BelongsToViews = some_views();
	route->info.Flags = (USHORT)(1u << (byte() & 15));
	route->info.EntitySpecificInfo = route;
	route->info.RouteOwner = client != NOBODY ? clients[client].handle : NULL;
	route->info.Neighbour = byte() & 1 ? some_handle(KIND_NEXTHOP) : NULL;
	for (unsigned i = 0; i < hops; i++)
		HOP(&route->info, i) = some_handle(KIND_NEXTHOP);
	route->info.NextHopsList.NumNextHops = (USHORT)(byte() < 0xF8 ? hops : number());
}

static void
match_route(int client, HANDLE self)
{
	RTM_NET_ADDRESS address = some_address(client, false);
	RTM_MATCH_FLAGS flags = byte() < 0xF0 ? byte() & 0x1F : number();
	RTM_VIEW_SET views = some_views();
	bool wanted = byte() & 1;
	HANDLE route = NULL;
	route_info criteria;
	DWORD status;

	some_route(client, &criteria);
	status = RtmGetExactMatchRoute(self, MAYBE(&address), flags, MAYBE(&criteria.info), byte() & 3, views,
	                               wanted ? &route : NULL);
	if (answered(client, status) != NO_ERROR)
		return;
	given_route_info(client, &criteria.info);
	if (wanted)
		book_given(client, route, KIND_ROUTE);
}

/*
 * Releases
 */

static void
release_array(int client, HANDLE self)
{
	static const enum kind kinds[] = { KIND_ENTITY, KIND_ROUTE, KIND_NEXTHOP };
	enum kind kind = kinds[byte() % 3];
	UINT count = byte() % 4;
	HANDLE handles[4];
	struct named named[4];
	bool held;
	DWORD status;

	for (UINT i = 0; i < count; i++) {
		handles[i] = some_handle(kind);
		named[i] = (struct named){ handles[i], kind };
	}
	held = is_there(client) && all_held(client, named, count, false);
	status = kind == KIND_ENTITY  ? RtmReleaseEntities(self, count, handles)
	         : kind == KIND_ROUTE ? RtmReleaseRoutes(self, count, handles)
	                              : RtmReleaseNextHops(self, count, handles);
	MUST((answered(client, status) == NO_ERROR) == held);
	if (held)
		taken_all(client, named, count);
}

static void
release_route_info(int client, HANDLE self)
{
	struct named named[3 + ROOM_HOPS];
	unsigned hops = byte() % 4;
	route_info info;
	bool held;

	memset(&info, 0, sizeof(info));
	info.info.DestHandle = byte() & 1 ? some_handle(KIND_DEST) : NULL;
	info.info.RouteOwner = byte() & 1 ? some_handle(KIND_ENTITY) : NULL;
	info.info.Neighbour = byte() & 1 ? some_handle(KIND_NEXTHOP) : NULL;
	named[0] = (struct named){ info.info.DestHandle, KIND_DEST };
	named[1] = (struct named){ info.info.RouteOwner, KIND_ENTITY };
	named[2] = (struct named){ info.info.Neighbour, KIND_NEXTHOP };
	for (unsigned i = 0; i < hops; i++) {
		HOP(&info.info, i) = some_handle(KIND_NEXTHOP);
		named[3 + i] = (struct named){ HOP(&info.info, i), KIND_NEXTHOP };
	}
	info.info.NextHopsList.NumNextHops = (USHORT)hops;
	held = is_there(client) && all_held(client, named, 3 + hops, true);
	MUST((answered(client, RtmReleaseRouteInfo(self, &info.info)) == NO_ERROR) == held);
	if (held)
		taken_all(client, named, 3 + hops);
}

static void
release_hop_info(int client, HANDLE self)
{
	RTM_NEXTHOP_INFO info = { .NextHopOwner = byte() & 1 ? some_handle(KIND_ENTITY) : NULL,
		                  .RemoteNextHop = byte() & 1 ? some_handle(KIND_DEST) : NULL };
	struct named named[] = { { info.NextHopOwner, KIND_ENTITY }, { info.RemoteNextHop, KIND_DEST } };
	bool held = is_there(client) && all_held(client, named, 2, true);

	MUST((answered(client, RtmReleaseNextHopInfo(self, &info)) == NO_ERROR) == held);
	if (held)
		taken_all(client, named, 2);
}

/* One information of a destination, by any of the three calls for it. */
static void
release_dest_info(int client, HANDLE self)
{
	struct named named[1 + 3 * ROOM_VIEWS];
	unsigned count = 0, views = byte() % (ROOM_VIEWS + 1), how = byte() % 3;
	HANDLE notification = some_handle(KIND_NOTIFY);
	const struct entry *e = book_find(notification);
	dest_infos infos;
	bool held;
	DWORD status;

	memset(&infos, 0, sizeof(infos));
	infos.info.DestHandle = byte() & 3 ? some_handle(KIND_DEST) : NULL;
	infos.info.NumberOfViews = views;
	named[count++] = (struct named){ infos.info.DestHandle, KIND_DEST };
	for (unsigned i = 0; i < views; i++) {
		VIEW(&infos.info, i).Route = byte() & 1 ? some_handle(KIND_ROUTE) : NULL;
		VIEW(&infos.info, i).Owner = byte() & 1 ? some_handle(KIND_ENTITY) : NULL;
		named[count++] = (struct named){ VIEW(&infos.info, i).Route, KIND_ROUTE };
		named[count++] = (struct named){ VIEW(&infos.info, i).Owner, KIND_ENTITY };
	}
	held = is_there(client) && all_held(client, named, count, true) &&
	       (how < 2 || (e != NULL && e->kind == KIND_NOTIFY && e->open && e->owner == client));
	status = how == 0   ? RtmReleaseDestInfo(self, &infos.info)
	         : how == 1 ? RtmReleaseDests(self, 1, &infos.info)
	                    : RtmReleaseChangedDests(self, notification, 1, &infos.info);
	MUST((answered(client, status) == NO_ERROR) == held);
	if (held)
		taken_all(client, named, count);
}

static void
reference_handles(int client, HANDLE self)
{
	static const enum kind kinds[] = { KIND_ENTITY, KIND_DEST, KIND_ROUTE, KIND_NEXTHOP };
	UINT count = byte() % 4;
	HANDLE handles[4];

	for (UINT i = 0; i < count; i++)
		handles[i] = some_handle(kinds[byte() & 3]);
	if (answered(client, RtmReferenceHandles(self, count, handles)) == NO_ERROR)
		for (UINT i = 0; i < count; i++) {
			const struct entry *e = book_find(handles[i]);

			MUST(e != NULL && e->kind <= KIND_NEXTHOP);
			book_given(client, handles[i], e->kind);
		}
}

/*
 * Routes and next hops
 */

static void
add_next_hop(int client, HANDLE self)
{
	RTM_NEXTHOP_INFO info = { .NextHopAddress = some_address(client, true), .InterfaceIndex = byte() & 3 };
	HANDLE hop = byte() < 0xC0 ? NULL : some_handle(KIND_NEXTHOP), given = hop;
	RTM_NEXTHOP_CHANGE_FLAGS flags;
	bool wanted = byte() < 0xF0;

	info.Flags = byte() & 3;
	info.RemoteNextHop = byte() & 1 ? some_handle(KIND_DEST) : NULL;
	info.EntitySpecificInfo = &info;
	if (answered(client, RtmAddNextHop(self, MAYBE(&info), wanted ? &hop : NULL, MAYBE(&flags))) == NO_ERROR && wanted &&
	    given == NULL)
		book_given(client, hop, KIND_NEXTHOP);
}

static void
find_next_hop(int client, HANDLE self)
{
	RTM_NEXTHOP_INFO info = { .NextHopAddress = some_address(client, true), .InterfaceIndex = byte() & 3 };
	RTM_NEXTHOP_INFO *pointer;
	HANDLE hop = NULL;
	bool wanted = byte() & 1;

	if (answered(client, RtmFindNextHop(self, MAYBE(&info), wanted ? &hop : NULL, MAYBE(&pointer))) == NO_ERROR && wanted)
		book_given(client, hop, KIND_NEXTHOP);
}

static void
delete_next_hop(int client, HANDLE self)
{
	RTM_NEXTHOP_INFO info = { .NextHopAddress = some_address(client, true), .InterfaceIndex = byte() & 3 };
	HANDLE hop = byte() & 1 ? some_handle(KIND_NEXTHOP) : NULL;

	if (answered(client, RtmDeleteNextHop(self, hop, MAYBE(&info))) == NO_ERROR && hop != NULL)
		book_consumed(client, hop);
}

/* Adding, or changing by handle. A route that is locked is changed only with its handle told: its references are returned
 * and lent anew. */
static void
add_route(int client, HANDLE self)
{
	RTM_NET_ADDRESS address = some_address(client, false);
	HANDLE route = byte() < 0xC0 ? NULL : some_handle(KIND_ROUTE), by_handle = route;
	HANDLE list = byte() < 0xE0 ? NULL : some_handle(KIND_LIST);
	RTM_ROUTE_CHANGE_FLAGS flags = byte() & 3;
	ULONG ttl = some_time();
	bool wanted = byte() & 1;
	static struct lent lent[MOST_ENTRIES];
	unsigned lent_count;
	route_info info;

	some_route(client, &info);
	lent_count = is_there(client) ? all_lent(client, lent) : 0;
	wanted |= lent_count > 0;
	if (answered(client, RtmAddRouteToDest(self, wanted || route != NULL ? &route : NULL, MAYBE(&address), MAYBE(&info.info),
	                                       ttl, list, 0, NULL, MAYBE(&flags))) != NO_ERROR)
		return;
	for (unsigned i = 0; i < lent_count; i++)
		if (lent[i].t_route == route) {
			struct lent now = lent_of_info(&info.info);

			lent_taken(client, &lent[i]);
			lent_given(client, &now);
		}
	if (route != NULL && by_handle == NULL)
		book_given(client, route, KIND_ROUTE);
}

static void
delete_route(int client, HANDLE self)
{
	HANDLE route = some_handle(KIND_ROUTE);
	RTM_ROUTE_CHANGE_FLAGS flags;
	struct lent lent;

	if (!is_there(client)) {
		(void)answered(client, RtmDeleteRouteToDest(self, route, &flags));
		return;
	}
	lent = lent_of(client, route);
	if (answered(client, RtmDeleteRouteToDest(self, route, MAYBE(&flags))) != NO_ERROR)
		return;
	book_consumed(client, route);
	if (lent.t_locks > 0)
		lent_taken(client, &lent);
	lock_disarm(NULL, route);
}

static void
hold_destination(int client, HANDLE self)
{
	HANDLE dest = some_handle(KIND_DEST);
	RTM_VIEW_SET views = some_views();

	(void)answered(client, RtmHoldDestination(self, dest, views, some_time()));
}

static void
get_route_pointer(int client, HANDLE self)
{
	HANDLE route = some_handle(KIND_ROUTE);
	RTM_ROUTE_INFO *info;

	if (answered(client, RtmGetRoutePointer(self, route, MAYBE(&info))) == NO_ERROR)
		MUST(info->NextHopsList.NumNextHops <= ROOM_HOPS || lent_of(client, route).t_locks > 0);
}

static void
get_opaque_pointer(int client, HANDLE self)
{
	HANDLE dest = some_handle(KIND_DEST);
	PVOID *cell;
	DWORD status = answered(client, RtmGetOpaqueInformationPointer(self, dest, (PVOID *)MAYBE(&cell)));

	if (status != NO_ERROR)
		return;
	/* A slot is empty until its owner writes to it, whoever had it before. */
	MUST(clients[client].has_opaque && (*cell == NULL || *cell == clients[client].handle));
	*cell = self;
}

/*
 * Enumerations
 */

/* Whether a handle is that of an open object of the client. */
static bool
is_own(int client, HANDLE handle, enum kind kind)
{
	const struct entry *e = book_find(handle);

	return is_there(client) && e != NULL && e->kind == kind && e->open && e->owner == client;
}

static void
create_enum(int client, HANDLE self)
{
	RTM_NET_ADDRESS address = some_address(client, false);
	RTM_VIEW_SET views = some_views();
	unsigned subject = byte() & 3;
	HANDLE en = NULL, dest = byte() & 3 ? NULL : some_handle(KIND_DEST);
	RTM_MATCH_FLAGS match = byte() < 0x80 ? 0 : byte();
	struct entry *e;
	route_info criteria;
	DWORD status;

	some_route(client, &criteria);
	switch (subject) {
	case DESTS:
		status = RtmCreateDestEnum(self, views, some_enum_flags(RTM_ENUM_OWN_DESTS), MAYBE(&address), some_protocol(),
		                           MAYBE(&en));
		break;
	case ROUTES:
		status = RtmCreateRouteEnum(self, dest, views, some_enum_flags(RTM_ENUM_OWN_ROUTES), MAYBE(&address), match,
		                            MAYBE(&criteria.info), byte() & 3, MAYBE(&en));
		break;
	case NEXT_HOPS:
		address = some_address(client, true);
		status = RtmCreateNextHopEnum(self, some_enum_flags(0), MAYBE(&address), MAYBE(&en));
		break;
	default:
		status = RtmCreateRouteListEnum(self, some_handle(KIND_LIST), MAYBE(&en));
	}
	if (answered(client, status) != NO_ERROR)
		return;
	e = book_opened(client, en, KIND_ENUM);
	e->subject = (int)subject;
	e->views = subject != DESTS ? 0 : views == RTM_VIEW_MASK_ALL || views == 3 ? 2 : views != 0;
}

static void
get_enum_dests(int client, HANDLE self, HANDLE en)
{
	dest_infos infos;
	UINT count = some_count();
	DWORD status = answered(client, RtmGetEnumDests(self, en, MAYBE(&count), MAYBE(&infos.info)));

	if (status != NO_ERROR)
		return;
	MUST(is_own(client, en, KIND_ENUM) && book_find(en)->subject == DESTS);
	for (UINT i = 0; i < count; i++)
		given_dest_info(client, (const void *)(infos.room + i * RTM_SIZE_OF_DEST_INFO(book_find(en)->views)));
}

static void
get_enum(int client, HANDLE self)
{
	HANDLE en = some_handle(KIND_ENUM), handles[BATCH];
	const struct entry *e = book_find(en);
	int subject = e != NULL && byte() < 0xF0 ? e->subject : byte() & 3;
	UINT count = some_count();
	DWORD status;

	if (subject == DESTS) {
		get_enum_dests(client, self, en);
		return;
	}
	status = subject == ROUTES      ? RtmGetEnumRoutes(self, en, MAYBE(&count), MAYBE(handles))
	         : subject == NEXT_HOPS ? RtmGetEnumNextHops(self, en, MAYBE(&count), MAYBE(handles))
	                                : RtmGetListEnumRoutes(self, en, MAYBE(&count), MAYBE(handles));
	if (answered(client, status) != NO_ERROR)
		return;
	MUST(is_own(client, en, KIND_ENUM) && e->subject == subject && count <= BATCH);
	given_all(client, count, handles, subject == NEXT_HOPS ? KIND_NEXTHOP : KIND_ROUTE);
}

/* Ends an enumeration, a list or a notification: each succeeds exactly if it is the client's own. */
static void
close_one(int client, HANDLE self)
{
	static const enum kind kinds[] = { KIND_ENUM, KIND_LIST, KIND_NOTIFY };
	enum kind kind = kinds[byte() % 3];
	HANDLE handle = some_handle(kind);
	bool own = is_own(client, handle, kind);
	DWORD status = kind == KIND_ENUM   ? RtmDeleteEnumHandle(self, handle)
	               : kind == KIND_LIST ? RtmDeleteRouteList(self, handle)
	                                   : RtmDeregisterFromChangeNotification(self, handle);

	MUST((answered(client, status) == NO_ERROR) == own);
	if (own)
		book_closed(book_find(handle));
}

/*
 * Notifications and lists
 */

static void
register_for_changes(int client, HANDLE self)
{
	RTM_NOTIFY_FLAGS flags = (byte() % 7 + 1u) | (byte() & 3 ? 0 : RTM_NOTIFY_ONLY_MARKED_DESTS);
	RTM_VIEW_SET views = some_views();
	HANDLE notification = NULL;
	struct entry *e;
	DWORD status;

	if (byte() >= 0xF8)
		flags = number();
	status = RtmRegisterForChangeNotification(self, views, flags, &notification, MAYBE(&notification));
	if (answered(client, status) != NO_ERROR)
		return;
	e = book_opened(client, notification, KIND_NOTIFY);
	e->views = views == RTM_VIEW_MASK_ALL || views == 3 ? 2 : views != 0;
}

static void
get_changed_dests(int client, HANDLE self)
{
	HANDLE notification = some_handle(KIND_NOTIFY);
	dest_infos infos;
	UINT count = some_count();

	if (answered(client, RtmGetChangedDests(self, notification, MAYBE(&count), MAYBE(&infos.info))) != NO_ERROR)
		return;
	MUST(is_own(client, notification, KIND_NOTIFY) && count > 0 && count <= BATCH);
	for (UINT i = 0; i < count; i++)
		given_dest_info(client, (const void *)(infos.room + i * RTM_SIZE_OF_DEST_INFO(book_find(notification)->views)));
}

static void
change_status(int client, HANDLE self)
{
	HANDLE notification = some_handle(KIND_NOTIFY), dests[3];
	UINT count = 1 + byte() % 3;
	BOOL answer;
	DWORD status;

	for (UINT i = 0; i < count; i++)
		dests[i] = some_handle(KIND_DEST);
	switch (byte() & 3) {
	case 0:
		status = RtmIgnoreChangedDests(self, notification, count, MAYBE(dests));
		break;
	case 1:
		status = RtmGetChangeStatus(self, notification, dests[0], MAYBE(&answer));
		break;
	case 2:
		status = RtmIsMarkedForChangeNotification(self, notification, dests[0], MAYBE(&answer));
		break;
	default:
		status = RtmMarkDestForChangeNotification(self, notification, dests[0], byte() & 1);
	}
	if (answered(client, status) == NO_ERROR)
		MUST(is_own(client, notification, KIND_NOTIFY));
}

static void
create_list(int client, HANDLE self)
{
	HANDLE list = NULL;

	if (answered(client, RtmCreateRouteList(self, MAYBE(&list))) == NO_ERROR)
		(void)book_opened(client, list, KIND_LIST);
}

static void
insert_in_list(int client, HANDLE self)
{
	HANDLE list = byte() < 0xE0 ? some_handle(KIND_LIST) : NULL, routes[4];
	UINT count = byte() % 5;

	for (UINT i = 0; i < count; i++)
		routes[i] = some_handle(KIND_ROUTE);
	if (answered(client, RtmInsertInRouteList(self, list, count, MAYBE(routes))) == NO_ERROR)
		MUST(list == NULL || is_own(client, list, KIND_LIST));
}

/*
 * What is no call
 */

static void
pass_time(int client, HANDLE self)
{
	static const uint64_t steps[] = { 1, 999, 1000, 3600000, FOREVER };

	(void)client;
	(void)self;
	still_advance(steps[byte() % 5]);
}

/* The sum over all registered clients, and what enumerations say, is what the statistics say. */
static void
audit(int client, HANDLE self)
{
	RTM2_STATISTICS all;
	ULONGLONG registered = 0, open = 0;

	(void)client;
	(void)self;
	check_tables();
	for (int i = 0; i < client_count; i++) {
		registered += clients[i].registered;
		open += (ULONGLONG)(clients[i].open + clients[i].refs);
	}
	MUST(Rtm2GetStatistics(NULL, &all) == NO_ERROR);
	MUST(all.Entities == registered && all.Handles == open);
	MUST(all.Routes <= MOST_CALLS && all.NextHops <= MOST_CALLS && all.Destinations <= all.Routes);
}

/* Every route of every table with somebody to ask is enumerated; all of them are in such tables. */
static void
count_routes(int client, HANDLE self)
{
	bool asked[TABLES] = { false };
	ULONGLONG routes = 0;
	RTM2_STATISTICS all;

	(void)self;
	for (client = 0; client < client_count; client++) {
		HANDLE en, handles[BATCH];
		UINT count;

		if (!clients[client].registered || asked[clients[client].table])
			continue;
		asked[clients[client].table] = true;
		self = clients[client].handle;
		MUST(RtmCreateRouteEnum(self, NULL, RTM_VIEW_MASK_ANY, RTM_ENUM_START, NULL, RTM_MATCH_NONE, NULL, 0, &en) ==
		     NO_ERROR);
		while (count = BATCH, RtmGetEnumRoutes(self, en, &count, handles) == NO_ERROR) {
			for (UINT i = 0; i < count; i++)
				routes += route_inside(client, handles[i])->r_state == RTM_ROUTE_STATE_CREATED;
			MUST(RtmReleaseRoutes(self, count, handles) == NO_ERROR);
		}
		MUST(RtmDeleteEnumHandle(self, en) == NO_ERROR);
	}
	MUST(Rtm2GetStatistics(NULL, &all) == NO_ERROR && all.Routes == routes);
}

/*
 * Inputs
 */

#define OPERATION(name) { #name, name }

/* What is done more often stands here more than once. */
static const struct operation {
	const char *o_name;
	void (*o_do)(int client, HANDLE self);
} operations[] = {
	OPERATION(register_entity),
	OPERATION(deregister_entity),
	OPERATION(get_registered_entities),
	OPERATION(entity_info),
	OPERATION(get_entity_methods),
	OPERATION(invoke_method),
	OPERATION(block_methods),
	OPERATION(get_dest_info),
	OPERATION(get_dest_info),
	OPERATION(get_route_info),
	OPERATION(get_hop_info),
	OPERATION(match_route),
	OPERATION(release_array),
	OPERATION(release_array),
	OPERATION(release_route_info),
	OPERATION(release_hop_info),
	OPERATION(release_dest_info),
	OPERATION(reference_handles),
	OPERATION(add_next_hop),
	OPERATION(add_next_hop),
	OPERATION(find_next_hop),
	OPERATION(delete_next_hop),
	OPERATION(add_route),
	OPERATION(add_route),
	OPERATION(add_route),
	OPERATION(delete_route),
	OPERATION(hold_destination),
	OPERATION(get_route_pointer),
	OPERATION(lock_destination),
	OPERATION(lock_route),
	OPERATION(lock_next_hop),
	OPERATION(write_in_place),
	OPERATION(write_in_place),
	OPERATION(update_and_unlock),
	OPERATION(get_opaque_pointer),
	OPERATION(create_enum),
	OPERATION(get_enum),
	OPERATION(get_enum),
	OPERATION(close_one),
	OPERATION(register_for_changes),
	OPERATION(get_changed_dests),
	OPERATION(change_status),
	OPERATION(create_list),
	OPERATION(insert_in_list),
	OPERATION(pass_time),
	OPERATION(audit),
	OPERATION(count_routes),
};

/* Someone in the table of a lock who can give it up. */
static int
janitor(unsigned table)
{
	RTM_ENTITY_INFO info = { homes[table].instance, homes[table].family, { { { 77, 77 } } } };
	RTM_REGN_PROFILE profile;

	for (int i = 0; i < client_count; i++)
		if (clients[i].registered && clients[i].table == table)
			return i;
	MUST(client_count < MOST_CLIENTS);
	clients[client_count] = (struct client){ .info = info, .table = table, .registered = true };
	MUST(RtmRegisterEntity(&info, NULL, NULL, FALSE, &profile, &clients[client_count].handle) == NO_ERROR);
	(void)book_seen(client_count, clients[client_count].handle, KIND_ENTITY);
	return client_count++;
}

static void
release_everything(void)
{
	for (unsigned i = 0; i < MOST_LOCKS; i++) {
		struct lock *l = &locks[i];

		if (l->l_kind != NO_LOCK)
			unlock(l, l->l_kind == HOP_LOCK ? l->l_client : janitor(l->l_table));
	}
	for (int i = 0; i < client_count; i++)
		if (clients[i].registered)
			deregister(i);
	still_advance(FOREVER);
	check_empty();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static bool begun, traces;

	if (!begun) {
		still_begin();
		traces = getenv("RTM2_TRACE") != NULL;
	}
	begun = true;
	input = data;
	input_left = size;
	book_clear();
	memset(locks, 0, sizeof(locks));
	for (unsigned calls = 0; input_left > 0 && calls < MOST_CALLS && !book_is_full(); calls++) {
		const struct operation *o = &operations[byte() % (sizeof(operations) / sizeof(operations[0]))];
		HANDLE self;
		int client = some_caller(&self);

		if (traces)
			fprintf(stderr, "%u: client %d: %s\n", calls, client, o->o_name);
		o->o_do(client, self);
		still();
		if (traces)
			audit(NOBODY, NULL);
	}
	audit(NOBODY, NULL);
	release_everything();
	return 0;
}
