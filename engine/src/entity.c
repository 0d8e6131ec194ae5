/*
 * entity.c - registration of entities, references to any object, statistics.
 */
#include <string.h>

#include "enum.h"
#include "table.h"

#define MAX_METHODS 32

#define RTM2_VERSION "0.1.0"

/* The 64-bit id, first octet first, as a trie key. */
static void
entity_key(const RTM_ENTITY_INFO *info, uint8_t *key)
{
	key[0] = 8 * sizeof(ULONGLONG);
	for (unsigned i = 0; i < sizeof(ULONGLONG); i++)
		key[1 + i] = (uint8_t)(info->EntityId.EntityId >> (56 - 8 * i));
}

static DWORD
entity_make(struct table *t, const RTM_ENTITY_INFO *info, HANDLE *handle)
{
	ref_t ref;
	struct entity *e = pool_alloc(&t->t_pool[KIND_ENTITY], &ref);

	if (e == NULL)
		return ERROR_NOT_ENOUGH_MEMORY;
	entity_key(info, e->e_key);
	if (!trie_insert(&t->t_entities, ref)) {
		pool_free(&t->t_pool[KIND_ENTITY], ref);
		return ERROR_NOT_ENOUGH_MEMORY;
	}
	e->e_info.RtmInstanceId = info->RtmInstanceId;
	e->e_info.AddressFamily = info->AddressFamily;
	e->e_info.EntityId = info->EntityId;
	e->e_registered = true;
	trie_init(&e->e_dests, &t->t_pool[KIND_NODE], t->t_dest_size, offsetof(struct dest, d_key), t->t_octets);
	trie_init(&e->e_hops, &t->t_pool[KIND_NODE], t->t_hop_size, offsetof(struct nexthop, n_key),
	          t->t_hop_octets + 5);
	*handle = handle_of(ref, e);
	return NO_ERROR;
}

DWORD WINAPI
RtmRegisterEntity(PRTM_ENTITY_INFO RtmEntityInfo, PRTM_ENTITY_EXPORT_METHODS ExportMethods,
                  RTM_EVENT_CALLBACK EventCallback, BOOL ReserveOpaquePointer, PRTM_REGN_PROFILE RtmRegProfile,
                  PRTM_ENTITY_HANDLE RtmRegHandle)
{
	uint8_t key[KEY_SIZE];
	struct table *t;
	DWORD status;

	(void)EventCallback;
	(void)ReserveOpaquePointer;
	if (RtmEntityInfo == NULL || RtmRegProfile == NULL || RtmRegHandle == NULL ||
	    (ExportMethods != NULL && ExportMethods->NumMethods > MAX_METHODS))
		return ERROR_INVALID_PARAMETER;
	if ((t = table_open(RtmEntityInfo->RtmInstanceId, RtmEntityInfo->AddressFamily, &status)) == NULL)
		return status;
	entity_key(RtmEntityInfo, key);
	sys_write_lock(&t->t_lock);
	status = trie_find(&t->t_entities, key) != 0 ? ERROR_ALREADY_EXISTS : entity_make(t, RtmEntityInfo, RtmRegHandle);
	sys_write_unlock(&t->t_lock);
	if (status == NO_ERROR)
		*RtmRegProfile = (RTM_REGN_PROFILE){ MAX_NEXT_HOPS, MAX_HANDLES_IN_ENUM, VIEWS_SUPPORTED, VIEW_COUNT };
	return status;
}

/* Routes and next hops stay behind with their owner gone: deleting them is the client's duty, and hiding that it was
 * forgotten would hide the leak that rtm.dll has. */
DWORD WINAPI
RtmDeregisterEntity(RTM_ENTITY_HANDLE RtmRegHandle)
{
	struct call c;

	if (!call_begin(&c, RtmRegHandle, WRITE))
		return ERROR_INVALID_HANDLE;
	enum_end_all(c.c_table, c.c_caller);
	trie_remove(&c.c_table->t_entities, c.c_self);
	c.c_caller->e_registered = false;
	entity_settle(c.c_table, c.c_self);
	call_end(&c);
	return NO_ERROR;
}

DWORD WINAPI
RtmReleaseEntities(RTM_ENTITY_HANDLE RtmRegHandle, UINT NumEntities, PRTM_ENTITY_HANDLE EntityHandles)
{
	struct call c;
	DWORD status;

	if (!call_begin(&c, RtmRegHandle, READ))
		return ERROR_INVALID_HANDLE;
	if (EntityHandles == NULL && NumEntities > 0)
		status = ERROR_INVALID_PARAMETER;
	else
		status = give_back_array(&c, NumEntities, EntityHandles, KIND_ENTITY);
	call_end(&c);
	return status;
}

DWORD WINAPI
RtmGetEntityInfo(RTM_ENTITY_HANDLE RtmRegHandle, RTM_ENTITY_HANDLE EntityHandle, PRTM_ENTITY_INFO EntityInfo)
{
	const struct entity *e;
	struct call c;
	DWORD status = NO_ERROR;

	if (!call_begin(&c, RtmRegHandle, READ))
		return ERROR_INVALID_HANDLE;
	e = call_resolve(&c, EntityHandle, KIND_ENTITY);
	if (e == NULL)
		status = ERROR_INVALID_HANDLE;
	else if (EntityInfo == NULL)
		status = ERROR_INVALID_PARAMETER;
	else
		*EntityInfo = e->e_info;
	call_end(&c);
	return status;
}

/* An RTM_ENTITY_INFO holds no handle, so there is nothing to give back. */
DWORD WINAPI
RtmReleaseEntityInfo(RTM_ENTITY_HANDLE RtmRegHandle, PRTM_ENTITY_INFO EntityInfo)
{
	struct call c;

	if (!call_begin(&c, RtmRegHandle, READ))
		return ERROR_INVALID_HANDLE;
	call_end(&c);
	return EntityInfo != NULL ? NO_ERROR : ERROR_INVALID_PARAMETER;
}

/* The object of any kind that clients hold references to, or NULL. */
static struct object *
resolve_any(const struct call *c, const void *handle)
{
	static const enum kind kinds[] = { KIND_ENTITY, KIND_DEST, KIND_ROUTE, KIND_NEXTHOP };
	struct object *o = NULL;

	for (size_t i = 0; o == NULL && i < sizeof(kinds) / sizeof(kinds[0]); i++)
		o = call_resolve(c, handle, kinds[i]);
	return o;
}

DWORD WINAPI
RtmReferenceHandles(RTM_ENTITY_HANDLE RtmRegHandle, UINT NumHandles, HANDLE *RtmHandles)
{
	struct call c;
	DWORD status = NO_ERROR;

	if (!call_begin(&c, RtmRegHandle, READ))
		return ERROR_INVALID_HANDLE;
	if (RtmHandles == NULL && NumHandles > 0)
		status = ERROR_INVALID_PARAMETER;
	for (UINT i = 0; status == NO_ERROR && i < NumHandles; i++)
		if (resolve_any(&c, RtmHandles[i]) == NULL)
			status = ERROR_INVALID_HANDLE;
	for (UINT i = 0; status == NO_ERROR && i < NumHandles; i++)
		(void)refer(&c, handle_ref(RtmHandles[i]), resolve_any(&c, RtmHandles[i]));
	call_end(&c);
	return status;
}

/*
 * Statistics
 */

struct tally {
	const RTM_ENTITY_INFO *y_info; /* NULL: everything */
	RTM2_STATISTICS *y_sum;
};

static void
tally_entity(void *object, void *context)
{
	struct entity *e = object;
	const struct tally *y = context;
	int64_t handles = atomic_load_explicit(&e->e_handles, memory_order_relaxed);

	if (y->y_info != NULL && e->e_info.EntityId.EntityId != y->y_info->EntityId.EntityId)
		return;
	y->y_sum->Entities += e->e_registered;
	y->y_sum->Routes += e->e_routes;
	y->y_sum->NextHops += e->e_hops.t_count;
	if (y->y_info != NULL)
		y->y_sum->Destinations += e->e_dests.t_count;
	/* One entity may give back what another took: then the sum is right, and one of the terms negative. */
	y->y_sum->Handles += (ULONGLONG)handles;
}

static void
tally_table(struct table *t, void *context)
{
	const struct tally *y = context;

	if (y->y_info != NULL &&
	    (y->y_info->RtmInstanceId != t->t_instance || y->y_info->AddressFamily != t->t_family))
		return;
	pool_each(&t->t_pool[KIND_ENTITY], tally_entity, context);
	if (y->y_info != NULL)
		return;
	y->y_sum->Destinations += t->t_routed;
	y->y_sum->Bytes += sizeof(*t);
	for (int kind = 0; kind < KIND_COUNT; kind++)
		y->y_sum->Bytes += t->t_pool[kind].p_bytes;
}

DWORD WINAPI
Rtm2GetStatistics(PRTM_ENTITY_INFO EntityInfo, PRTM2_STATISTICS Statistics)
{
	struct tally y = { EntityInfo, Statistics };

	if (Statistics == NULL)
		return ERROR_INVALID_PARAMETER;
	memset(Statistics, 0, sizeof(*Statistics));
	table_each(tally_table, &y);
	return NO_ERROR;
}

const char *WINAPI
Rtm2GetVersion(void)
{
	return RTM2_VERSION;
}
