/*
 * nexthop.c - next hops: each entity's own list, by address, prefix length and interface.
 */
#include <string.h>

#include "address.h"
#include "nexthop.h"
#include "object.h"

/* The caller's next hop with this key, or NULL. */
static struct nexthop *
hop_find(const struct call *c, const uint8_t *key, ref_t *ref)
{
	*ref = trie_find(&c->c_caller->e_hops, key);
	return *ref != 0 ? nexthop_at(*ref) : NULL;
}

/*
 * The destination that RemoteNextHop names, 0 for none. Without the REMOTE flag the member means nothing, and programs
 * leave it uninitialised: what is no handle then counts as none.
 */
static bool
hop_remote(const struct call *c, const RTM_NEXTHOP_INFO *info, ref_t *remote)
{
	*remote = 0;
	if (info->RemoteNextHop == NULL)
		return true;
	if (call_resolve(c, info->RemoteNextHop, KIND_DEST) == NULL)
		return (info->Flags & RTM_NEXTHOP_FLAGS_REMOTE) == 0;
	*remote = handle_ref(info->RemoteNextHop);
	return true;
}

static void
hop_update(struct table *t, struct nexthop *n, const RTM_NEXTHOP_INFO *info, ref_t remote)
{
	ref_t before = n->n_remote;

	if (remote != 0)
		dest_at(remote)->d_holds++;
	n->n_remote = remote;
	n->n_info.RemoteNextHop = remote != 0 ? info->RemoteNextHop : NULL;
	n->n_info.Flags = info->Flags;
	n->n_info.EntitySpecificInfo = info->EntitySpecificInfo;
	if (before != 0) {
		dest_at(before)->d_holds--;
		dest_settle(t, before);
	}
}

/* What keeps references and lists right is not left to the owner. */
void
nexthop_commit(const struct call *c, ref_t ref)
{
	struct nexthop *n = nexthop_at(ref);
	RTM_NEXTHOP_INFO info = n->n_info;
	ref_t remote;

	if (!hop_remote(c, &info, &remote)) {
		remote = n->n_remote;
		info.RemoteNextHop = remote != 0 ? handle_of(remote, dest_at(remote)) : NULL;
	}
	hop_update(c->c_table, n, &info, remote);
	n->n_info.NextHopOwner = handle_of(c->c_self, c->c_caller);
	n->n_info.State = trie_find(&c->c_caller->e_hops, n->n_key) == ref ? RTM_NEXTHOP_STATE_CREATED
	                                                                   : RTM_NEXTHOP_STATE_DELETED;
}

static struct nexthop *
hop_make(const struct call *c, const uint8_t *key, const RTM_NEXTHOP_INFO *info, ref_t *ref)
{
	struct table *t = c->c_table;
	struct nexthop *n = pool_alloc(&t->t_pool[KIND_NEXTHOP], ref);

	if (n == NULL)
		return NULL;
	memcpy(n->n_key, key, 1 + t->t_hop_octets + 1 + sizeof(ULONG));
	if (!trie_insert(&c->c_caller->e_hops, *ref)) {
		pool_free(&t->t_pool[KIND_NEXTHOP], *ref);
		return NULL;
	}
	n->n_owner = c->c_self;
	c->c_caller->e_holds++;
	n->n_info.NextHopAddress.AddressFamily = t->t_family;
	n->n_info.NextHopAddress.NumBits = info->NextHopAddress.NumBits;
	memcpy(n->n_info.NextHopAddress.AddrBits, key + 1, t->t_hop_octets);
	n->n_info.NextHopOwner = handle_of(c->c_self, c->c_caller);
	n->n_info.InterfaceIndex = info->InterfaceIndex;
	n->n_info.State = RTM_NEXTHOP_STATE_CREATED;
	return n;
}

static DWORD
add_next_hop(struct call *c, const RTM_NEXTHOP_INFO *info, RTM_NEXTHOP_HANDLE *handle, RTM_NEXTHOP_CHANGE_FLAGS *flags)
{
	bool by_handle = handle != NULL && *handle != NULL;
	uint8_t key[KEY_SIZE];
	struct nexthop *n = by_handle ? call_resolve(c, *handle, KIND_NEXTHOP) : NULL;
	ref_t ref = 0, remote;
	DWORD change = 0;

	if (by_handle && (n == NULL || n->n_info.State == RTM_NEXTHOP_STATE_DELETED))
		return ERROR_INVALID_HANDLE;
	if (info != NULL && !hop_remote(c, info, &remote))
		return ERROR_INVALID_HANDLE;
	if (info == NULL || flags == NULL)
		return ERROR_INVALID_PARAMETER;
	if (!by_handle && !key_of_hop(c->c_table, &info->NextHopAddress, info->InterfaceIndex, key))
		return ERROR_INVALID_PARAMETER;
	if (by_handle && n->n_owner != c->c_self)
		return ERROR_ACCESS_DENIED;
	if (!by_handle && (n = hop_find(c, key, &ref)) == NULL) {
		if ((n = hop_make(c, key, info, &ref)) == NULL)
			return ERROR_NOT_ENOUGH_MEMORY;
		change = RTM_NEXTHOP_CHANGE_NEW;
	}
	if (userlock_bars(&n->n_lock))
		return WAITING;
	hop_update(c->c_table, n, info, remote);
	if (handle != NULL && !by_handle)
		*handle = refer(c, ref, &n->n_object);
	*flags = change;
	return NO_ERROR;
}

DWORD WINAPI
RtmAddNextHop(RTM_ENTITY_HANDLE RtmRegHandle, PRTM_NEXTHOP_INFO NextHopInfo, PRTM_NEXTHOP_HANDLE NextHopHandle,
              PRTM_NEXTHOP_CHANGE_FLAGS ChangeFlags)
{
	struct call c = call_by(RtmRegHandle, WRITE);

	while (call_attempt(&c))
		c.c_status = add_next_hop(&c, NextHopInfo, NextHopHandle, ChangeFlags);
	return c.c_status;
}

static DWORD
find_next_hop(struct call *c, const RTM_NEXTHOP_INFO *info, RTM_NEXTHOP_HANDLE *handle, RTM_NEXTHOP_INFO **pointer)
{
	uint8_t key[KEY_SIZE];
	struct nexthop *n;
	ref_t ref;

	if (info == NULL || !key_of_hop(c->c_table, &info->NextHopAddress, info->InterfaceIndex, key))
		return ERROR_INVALID_PARAMETER;
	if ((n = hop_find(c, key, &ref)) == NULL)
		return ERROR_NOT_FOUND;
	if (handle != NULL)
		*handle = refer(c, ref, &n->n_object);
	if (pointer != NULL)
		*pointer = &n->n_info;
	return NO_ERROR;
}

DWORD WINAPI
RtmFindNextHop(RTM_ENTITY_HANDLE RtmRegHandle, PRTM_NEXTHOP_INFO NextHopInfo, PRTM_NEXTHOP_HANDLE NextHopHandle,
               PRTM_NEXTHOP_INFO *NextHopPointer)
{
	struct call c = call_by(RtmRegHandle, READ);

	while (call_attempt(&c))
		c.c_status = find_next_hop(&c, NextHopInfo, NextHopHandle, NextHopPointer);
	return c.c_status;
}

static DWORD
delete_next_hop(struct call *c, RTM_NEXTHOP_HANDLE handle, const RTM_NEXTHOP_INFO *info)
{
	uint8_t key[KEY_SIZE];
	struct nexthop *n = call_resolve(c, handle, KIND_NEXTHOP);
	ref_t ref = handle_ref(handle);

	if (handle != NULL && n == NULL)
		return ERROR_INVALID_HANDLE;
	if (n == NULL && (info == NULL || !key_of_hop(c->c_table, &info->NextHopAddress, info->InterfaceIndex, key)))
		return ERROR_INVALID_PARAMETER;
	if (n != NULL && n->n_owner != c->c_self)
		return ERROR_ACCESS_DENIED;
	if (n == NULL && (n = hop_find(c, key, &ref)) == NULL)
		return ERROR_NOT_FOUND;
	if (n->n_info.State == RTM_NEXTHOP_STATE_DELETED)
		return ERROR_NOT_FOUND;
	if (userlock_bars(&n->n_lock))
		return WAITING;
	trie_remove(&c->c_caller->e_hops, ref);
	n->n_info.State = RTM_NEXTHOP_STATE_DELETED;
	if (handle != NULL)
		consume(c, &n->n_object);
	nexthop_settle(c->c_table, ref);
	return NO_ERROR;
}

DWORD WINAPI
RtmDeleteNextHop(RTM_ENTITY_HANDLE RtmRegHandle, RTM_NEXTHOP_HANDLE NextHopHandle, PRTM_NEXTHOP_INFO NextHopInfo)
{
	struct call c = call_by(RtmRegHandle, WRITE);

	while (call_attempt(&c))
		c.c_status = delete_next_hop(&c, NextHopHandle, NextHopInfo);
	return c.c_status;
}

DWORD WINAPI
RtmReleaseNextHops(RTM_ENTITY_HANDLE RtmRegHandle, UINT NumNextHops, PRTM_NEXTHOP_HANDLE NextHopHandles)
{
	return release_handles(RtmRegHandle, NumNextHops, NextHopHandles, KIND_NEXTHOP);
}

static DWORD
get_next_hop_info(struct call *c, RTM_NEXTHOP_HANDLE handle, RTM_NEXTHOP_INFO *info)
{
	const struct nexthop *n = call_resolve(c, handle, KIND_NEXTHOP);

	if (n == NULL)
		return ERROR_INVALID_HANDLE;
	if (info == NULL)
		return ERROR_INVALID_PARAMETER;
	if (userlock_bars_reading(&n->n_lock))
		return WAITING;
	*info = n->n_info;
	info->NextHopOwner = refer(c, n->n_owner, &entity_at(n->n_owner)->e_object);
	info->RemoteNextHop = NULL;
	if (n->n_remote != 0)
		info->RemoteNextHop = refer(c, n->n_remote, &dest_at(n->n_remote)->d_object);
	return NO_ERROR;
}

DWORD WINAPI
RtmGetNextHopInfo(RTM_ENTITY_HANDLE RtmRegHandle, RTM_NEXTHOP_HANDLE NextHopHandle, PRTM_NEXTHOP_INFO NextHopInfo)
{
	struct call c = call_by(RtmRegHandle, READ);

	while (call_attempt(&c))
		c.c_status = get_next_hop_info(&c, NextHopHandle, NextHopInfo);
	return c.c_status;
}

static DWORD
release_next_hop_info(struct call *c, const RTM_NEXTHOP_INFO *info)
{
	struct held held[2];

	if (info == NULL)
		return ERROR_INVALID_PARAMETER;
	held[0] = (struct held){ info->NextHopOwner, KIND_ENTITY };
	held[1] = (struct held){ info->RemoteNextHop, KIND_DEST };
	return give_back(c, held, 2);
}

DWORD WINAPI
RtmReleaseNextHopInfo(RTM_ENTITY_HANDLE RtmRegHandle, PRTM_NEXTHOP_INFO NextHopInfo)
{
	struct call c = call_by(RtmRegHandle, READ);

	while (call_attempt(&c))
		c.c_status = release_next_hop_info(&c, NextHopInfo);
	return c.c_status;
}
