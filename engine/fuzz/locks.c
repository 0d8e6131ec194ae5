/*
 * locks.c - locks, and what is written under them. See calls.h.
 */
#include "calls.h"

struct lock locks[MOST_LOCKS];

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

struct lock *
lock_find(HANDLE handle, BOOL exclusive)
{
	for (unsigned i = 0; i < MOST_LOCKS; i++)
		if (locks[i].l_kind != NO_LOCK && locks[i].l_handle == handle && locks[i].l_exclusive == exclusive)
			return &locks[i];
	return NULL;
}

void
lock_disarm(HANDLE dest, HANDLE route)
{
	for (unsigned i = 0; i < MOST_LOCKS; i++)
		if (locks[i].l_kind == ROUTE_LOCK && (locks[i].l_handle == dest || locks[i].l_route == route))
			locks[i].l_info = NULL;
}

struct route *
route_inside(int client, HANDLE handle)
{
	struct table *t = handle_owner(clients[client].handle);

	return handle_resolve(handle, KIND_ROUTE, t);
}

struct lent
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
	lent.t_locks = r->r_extra != 0 ? routeextra_at(r->r_extra)->rx_lent : 0;
	return lent;
}

unsigned
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

struct lent
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

void
lent_given(int client, const struct lent *lent)
{
	given_all(client, lent->t_count, lent->t_hop, KIND_NEXTHOP);
}

void
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

void
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

void
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

void
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
void
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

void
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
			written = lent_of_info(&routeextra_at(r->r_extra)->rx_info);
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

void
unlock(struct lock *l, int client)
{
	HANDLE self = clients[client].handle;

	if (l->l_kind == HOP_LOCK)
		MUST(RtmLockNextHop(self, l->l_handle, l->l_exclusive, FALSE, NULL) == NO_ERROR);
	else
		MUST(RtmLockDestination(self, l->l_handle, l->l_exclusive, FALSE) == NO_ERROR);
	l->l_kind = NO_LOCK;
}
