/*
 * entity.c - registration of entities, and telling about them.
 */
#include <stdlib.h>
#include <string.h>

#include "enum.h"
#include "expiry.h"
#include "list.h"
#include "method.h"
#include "notify.h"
#include "object.h"
#include "tables.h"

#define MAX_METHODS 32

/* The 64-bit id, first octet first, as a trie key. */
static void
entity_key(const RTM_ENTITY_INFO *info, uint8_t *key)
{
	key[0] = 8 * sizeof(ULONGLONG);
	for (unsigned i = 0; i < sizeof(ULONGLONG); i++)
		key[1 + i] = (uint8_t)(info->EntityId.EntityId >> (56 - 8 * i));
}

/* Takes an opaque slot for the entity. False if all are taken. */
static bool
opaque_take(struct table *t, struct entity *e)
{
	for (unsigned i = 0; i < OPAQUE_SLOTS; i++)
		if ((t->t_opaque >> i & 1) == 0) {
			t->t_opaque |= 1u << i;
			e->e_opaque = i + 1;
			return true;
		}
	return false;
}

static void
opaque_clear(void *object, void *slot)
{
	((struct destextra *)object)->dx_opaque[*(const unsigned *)slot] = NULL;
}

/* The slot's next user must find it empty everywhere. */
static void
opaque_give(struct table *t, const struct entity *e)
{
	unsigned slot = e->e_opaque - 1;

	if (e->e_opaque == 0)
		return;
	pool_each(&t->t_pool[KIND_DEST_EXTRA], opaque_clear, &slot);
	t->t_opaque &= ~(1u << slot);
}

/* The parts of an entity that may not be had: its methods and its opaque slot. */
static DWORD
entity_equip(struct table *t, struct entity *e, const RTM_ENTITY_EXPORT_METHODS *methods, bool opaque)
{
	unsigned count = methods != NULL ? methods->NumMethods : 0;

	if (count > 0) {
		if ((e->e_methods = malloc(count * sizeof(*e->e_methods))) == NULL)
			return ERROR_NOT_ENOUGH_MEMORY;
		memcpy(e->e_methods, methods->Methods, count * sizeof(*e->e_methods));
		e->e_method_count = count;
	}
	return !opaque || opaque_take(t, e) ? NO_ERROR : ERROR_NO_SYSTEM_RESOURCES;
}

static DWORD
entity_make(struct table *t, const RTM_ENTITY_INFO *info, const RTM_ENTITY_EXPORT_METHODS *methods, bool opaque,
            ref_t *ref)
{
	struct entity *e = pool_alloc(&t->t_pool[KIND_ENTITY], ref);
	DWORD status;

	if (e == NULL)
		return ERROR_NOT_ENOUGH_MEMORY;
	entity_key(info, e->e_key);
	status = entity_equip(t, e, methods, opaque);
	if (status == NO_ERROR && !trie_insert(&t->t_entities, *ref)) {
		opaque_give(t, e);
		status = ERROR_NOT_ENOUGH_MEMORY;
	}
	if (status != NO_ERROR) {
		free(e->e_methods);
		pool_free(&t->t_pool[KIND_ENTITY], *ref);
		return status;
	}
	e->e_info.RtmInstanceId = info->RtmInstanceId;
	e->e_info.AddressFamily = info->AddressFamily;
	e->e_info.EntityId = info->EntityId;
	e->e_registered = true;
	trie_init(&e->e_dests, &t->t_pool[KIND_NODE], offsetof(struct dest, d_key), t->t_octets);
	trie_init(&e->e_hops, &t->t_pool[KIND_NODE], offsetof(struct nexthop, n_key), t->t_hop_octets + 5);
	return NO_ERROR;
}

/* Tells the entities that were there at that time that another came or left. */
static void
tell_all(struct table *t, HANDLE about, RTM_EVENT_TYPE type)
{
	uint8_t key[KEY_SIZE] = { 0 };
	struct entity *e;
	RTM_ENTITY_INFO info;
	uint64_t when;
	ref_t ref;

	table_lock(t, READ);
	e = handle_resolve(about, KIND_ENTITY, t);
	when = type == RTM_ENTITY_REGISTERED ? e->e_came : e->e_left;
	for (ref = trie_next(&t->t_entities, key, true); ref != 0; ref = trie_next(&t->t_entities, key, false)) {
		const struct entity *listener = entity_at(ref);
		RTM_EVENT_CALLBACK callback = listener->e_callback;
		HANDLE handle = handle_of(ref, listener);

		memcpy(key, listener->e_key, sizeof(listener->e_key));
		if (listener == e || callback == NULL || listener->e_came > when)
			continue;
		info = e->e_info;
		worker_enter(handle, NULL);
		table_unlock(t, READ);
		order_expect_none();
		(void)callback(handle, type, about, &info);
		worker_leave();
		worker_catch_up();
		table_lock(t, READ);
	}
	table_unlock(t, READ);

	table_lock(t, WRITE);
	e->e_holds--;
	entity_settle(t, handle_ref(about));
	table_unlock(t, WRITE);
}

static void
deliver_registered(struct table *t, HANDLE about)
{
	tell_all(t, about, RTM_ENTITY_REGISTERED);
}

static void
deliver_deregistered(struct table *t, HANDLE about)
{
	tell_all(t, about, RTM_ENTITY_DEREGISTERED);
}

/* Has the others of the table told of an entity, which stays for that. */
static void
post_about(struct table *t, struct entity *e, ref_t ref, struct event *event, void (*deliver)(struct table *, HANDLE))
{
	if (t->t_listeners > 0 && worker_post(event, t, handle_of(ref, e), deliver))
		e->e_holds++;
}

/* With the table locked for writing. */
static DWORD
register_entity(struct table *t, const RTM_ENTITY_INFO *info, const RTM_ENTITY_EXPORT_METHODS *methods,
                RTM_EVENT_CALLBACK callback, bool opaque, RTM_ENTITY_HANDLE *handle)
{
	uint8_t key[KEY_SIZE];
	struct entity *e;
	ref_t ref;
	DWORD status;

	entity_key(info, key);
	if (trie_find(&t->t_entities, key) != 0)
		return ERROR_ALREADY_EXISTS;
	if ((status = entity_make(t, info, methods, opaque, &ref)) != NO_ERROR)
		return status;
	e = entity_at(ref);
	e->e_callback = callback;
	e->e_came = ++t->t_comings;
	post_about(t, e, ref, &e->e_registered_event, deliver_registered);
	if (callback != NULL)
		t->t_listeners++;
	*handle = handle_of(ref, e);
	return NO_ERROR;
}

DWORD WINAPI
RtmRegisterEntity(PRTM_ENTITY_INFO RtmEntityInfo, PRTM_ENTITY_EXPORT_METHODS ExportMethods,
                  RTM_EVENT_CALLBACK EventCallback, BOOL ReserveOpaquePointer, PRTM_REGN_PROFILE RtmRegProfile,
                  PRTM_ENTITY_HANDLE RtmRegHandle)
{
	struct table *t;
	DWORD status;

	if (RtmEntityInfo == NULL || RtmRegProfile == NULL || RtmRegHandle == NULL ||
	    (ExportMethods != NULL && ExportMethods->NumMethods > MAX_METHODS))
		return ERROR_INVALID_PARAMETER;
	if ((t = table_open(RtmEntityInfo->RtmInstanceId, RtmEntityInfo->AddressFamily, &status)) == NULL)
		return status;
	if (EventCallback != NULL && !worker_start(expiry_run))
		return ERROR_NO_SYSTEM_RESOURCES;
	table_lock(t, WRITE);
	status = register_entity(t, RtmEntityInfo, ExportMethods, EventCallback, ReserveOpaquePointer != FALSE,
	                         RtmRegHandle);
	if (status == NO_ERROR)
		*RtmRegProfile = (RTM_REGN_PROFILE){ MAX_NEXT_HOPS, MAX_HANDLES_IN_ENUM, VIEWS_SUPPORTED, VIEW_COUNT };
	table_unlock(t, WRITE);
	return status;
}

/* From here on neither callbacks to the entity nor methods of it begin: whoever waits for those that run would else
 * wait for ever for an entity that is told, or asked, again and again. */
static void
entity_withdraw(struct table *t, struct entity *e)
{
	if (e->e_callback != NULL)
		t->t_listeners--;
	e->e_callback = NULL;
	e->e_leaving = true;
}

static DWORD
deregister_entity(struct call *c)
{
	struct table *t = c->c_table;
	struct entity *e = c->c_caller;

	entity_withdraw(t, e);
	/* Methods and callbacks end undisturbed. */
	if (method_is_busy(e))
		return WAITING;
	if (worker_runs(c->c_handle, NULL))
		return call_awaits_callback(c, NULL);
	enum_end_all(t, e);
	list_end_all(t, e);
	notify_end_all(t, e);
	opaque_give(t, e);
	trie_remove(&t->t_entities, c->c_self);
	e->e_registered = false;
	e->e_left = ++t->t_comings;
	post_about(t, e, c->c_self, &e->e_deregistered_event, deliver_deregistered);
	entity_settle(t, c->c_self);
	wake_waiting();
	return NO_ERROR;
}

/* Routes and next hops stay behind with their owner gone: deleting them is the client's duty, and hiding that it was
 * forgotten would hide the leak that rtm.dll has. */
DWORD WINAPI
RtmDeregisterEntity(RTM_ENTITY_HANDLE RtmRegHandle)
{
	struct call c = call_by(RtmRegHandle, WRITE);

	while (call_attempt(&c))
		c.c_status = deregister_entity(&c);
	return c.c_status;
}

/* With too small a buffer the number needed is told and nothing else: whoever reads it as the number returned finds an
 * array that it has cleared itself. */
static DWORD
get_registered_entities(struct call *c, UINT *room, RTM_ENTITY_HANDLE *handles, RTM_ENTITY_INFO *infos)
{
	const struct trie *entities = &c->c_table->t_entities;
	uint8_t key[KEY_SIZE] = { 0 };
	UINT given, count = 0;

	if (room == NULL)
		return ERROR_INVALID_PARAMETER;
	given = *room;
	*room = entities->tr_count;
	if (given < *room)
		return ERROR_INSUFFICIENT_BUFFER;
	for (ref_t ref = trie_next(entities, key, true); ref != 0; ref = trie_next(entities, key, false)) {
		struct entity *e = entity_at(ref);

		memcpy(key, e->e_key, sizeof(e->e_key));
		if (handles != NULL)
			handles[count] = refer(c, ref, &e->e_object);
		if (infos != NULL)
			infos[count] = e->e_info;
		count++;
	}
	return NO_ERROR;
}

DWORD WINAPI
RtmGetRegisteredEntities(RTM_ENTITY_HANDLE RtmRegHandle, PUINT NumEntities, PRTM_ENTITY_HANDLE EntityHandles,
                         PRTM_ENTITY_INFO EntityInfos)
{
	struct call c = call_by(RtmRegHandle, READ);

	while (call_attempt(&c))
		c.c_status = get_registered_entities(&c, NumEntities, EntityHandles, EntityInfos);
	return c.c_status;
}

DWORD WINAPI
RtmReleaseEntities(RTM_ENTITY_HANDLE RtmRegHandle, UINT NumEntities, PRTM_ENTITY_HANDLE EntityHandles)
{
	return release_handles(RtmRegHandle, NumEntities, EntityHandles, KIND_ENTITY);
}

static DWORD
get_entity_info(const struct call *c, RTM_ENTITY_HANDLE handle, RTM_ENTITY_INFO *info)
{
	const struct entity *e = call_resolve(c, handle, KIND_ENTITY);

	if (e == NULL)
		return ERROR_INVALID_HANDLE;
	if (info == NULL)
		return ERROR_INVALID_PARAMETER;
	*info = e->e_info;
	return NO_ERROR;
}

DWORD WINAPI
RtmGetEntityInfo(RTM_ENTITY_HANDLE RtmRegHandle, RTM_ENTITY_HANDLE EntityHandle, PRTM_ENTITY_INFO EntityInfo)
{
	struct call c = call_by(RtmRegHandle, READ);

	while (call_attempt(&c))
		c.c_status = get_entity_info(&c, EntityHandle, EntityInfo);
	return c.c_status;
}

/* An RTM_ENTITY_INFO holds no handle, so there is nothing to give back. */
DWORD WINAPI
RtmReleaseEntityInfo(RTM_ENTITY_HANDLE RtmRegHandle, PRTM_ENTITY_INFO EntityInfo)
{
	struct call c = call_by(RtmRegHandle, READ);

	while (call_attempt(&c))
		c.c_status = EntityInfo != NULL ? NO_ERROR : ERROR_INVALID_PARAMETER;
	return c.c_status;
}
