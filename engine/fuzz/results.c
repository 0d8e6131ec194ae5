/*
 * results.c - what calls may answer, and what their answers give and take. See calls.h.
 */
#include "calls.h"

int
client_of(HANDLE handle)
{
	for (int i = client_count; i-- > 0;)
		if (clients[i].handle == handle)
			return i;
	return NOBODY;
}

bool
is_there(int client)
{
	return client != NOBODY && clients[client].registered;
}

unsigned
table_of(int client)
{
	return client == NOBODY ? 0 : clients[client].table;
}

bool
same_entity(const RTM_ENTITY_INFO *a, const RTM_ENTITY_INFO *b)
{
	return a->RtmInstanceId == b->RtmInstanceId && a->AddressFamily == b->AddressFamily &&
	       a->EntityId.EntityId == b->EntityId.EntityId;
}

bool
is_own(int client, HANDLE handle, enum kind kind)
{
	const struct entry *e = book_find(handle);

	return is_there(client) && e != NULL && e->kind == kind && e->open && e->owner == client;
}

DWORD
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

void
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

void
given_route_info(int client, const RTM_ROUTE_INFO *info)
{
	MUST(info->NextHopsList.NumNextHops <= ROOM_HOPS);
	book_given(client, info->DestHandle, KIND_DEST);
	book_given(client, info->RouteOwner, KIND_ENTITY);
	book_given(client, info->Neighbour, KIND_NEXTHOP);
	for (unsigned i = 0; i < info->NextHopsList.NumNextHops; i++)
		book_given(client, HOP(info, i), KIND_NEXTHOP);
}

void
given_all(int client, UINT count, const HANDLE *handles, enum kind kind)
{
	for (UINT i = 0; i < count; i++)
		book_given(client, handles[i], kind);
}

bool
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

void
taken_all(int client, const struct named *named, unsigned count)
{
	for (unsigned i = 0; i < count; i++)
		if (named[i].d_handle != NULL)
			book_taken(client, named[i].d_handle);
}
