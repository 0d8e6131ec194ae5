/*
 * entities.c - entities come, call each other's methods, are called back, and go. See calls.h.
 */
#include <string.h>

#include "calls.h"
#include "still.h"

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
 * Registration
 */

void
register_entity(int unused_client, HANDLE unused)
{
	union {
		RTM_ENTITY_EXPORT_METHODS methods;
		UCHAR room[sizeof(RTM_ENTITY_EXPORT_METHODS) + 32 * sizeof(RTM_ENTITY_EXPORT_METHOD)];
	} exported;
	static const unsigned tables[] = { 0, 0, 0, 0, 0, 1, 2, 3 };
	unsigned table = tables[byte() % 8], manner = byte();
	RTM_ENTITY_INFO info = { homes[table].instance, homes[table].family, { { { 1u + byte() % 2, byte() % 3 } } } };
	RTM_ENTITY_HANDLE self = NULL;
	RTM_REGN_PROFILE profile;
	bool opaque = (manner & 0x10) == 0, known = false;
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
	status = RtmRegisterEntity(MAYBE(&info), (manner & 0x20) == 0 ? &exported.methods : NULL,
	                           (manner & 0x40) == 0 ? on_event : NULL, opaque, MAYBE(&profile), MAYBE(&self));
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

void
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

void
deregister_entity(int client, HANDLE self)
{
	if (is_there(client))
		deregister(client);
	else
		(void)answered(client, RtmDeregisterEntity(self));
}

void
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

void
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

void
get_entity_methods(int client, HANDLE self)
{
	HANDLE entity = some_handle(KIND_ENTITY);
	RTM_ENTITY_EXPORT_METHOD methods[32];
	UINT count = byte() % 33;

	if (answered(client, RtmGetEntityMethods(self, entity, MAYBE(&count), MAYBE(methods))) == NO_ERROR)
		MUST(is_there(client_of(entity)));
}

void
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

void
block_methods(int client, HANDLE self)
{
	DWORD flag = byte() % 3;

	if (answered(client, RtmBlockMethods(self, some_handle(KIND_ROUTE), byte(), flag)) == NO_ERROR)
		clients[client].blocked = flag == RTM_BLOCK_METHODS;
}
