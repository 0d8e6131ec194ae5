/*
 * object.c - references that clients hold, and the end of what nothing counts on any more. See object.h.
 */
#include <stdlib.h>

#include "object.h"

HANDLE
refer(struct call *c, ref_t ref, struct object *o)
{
	/* While the table is locked for writing nobody else counts. */
	if (c->c_access == WRITE)
		atomic_store_explicit(&o->o_refs, atomic_load_explicit(&o->o_refs, memory_order_relaxed) + 1,
		                      memory_order_relaxed);
	else
		atomic_fetch_add_explicit(&o->o_refs, 1, memory_order_relaxed);
	c->c_balance++;
	return handle_of(ref, o);
}

/* Takes one reference away; false if there is none. */
static bool
drop(struct object *o, enum access access)
{
	uint32_t refs = atomic_load_explicit(&o->o_refs, memory_order_relaxed);

	if (access == WRITE) {
		if (refs > 0)
			atomic_store_explicit(&o->o_refs, refs - 1, memory_order_relaxed);
		return refs > 0;
	}
	do {
		if (refs == 0)
			return false;
	} while (!atomic_compare_exchange_weak_explicit(&o->o_refs, &refs, refs - 1, memory_order_release,
	                                                memory_order_relaxed));
	return true;
}

HANDLE
refer_event(ref_t ref, struct object *o, ref_t entity)
{
	atomic_fetch_add_explicit(&o->o_refs, 1, memory_order_relaxed);
	atomic_fetch_add_explicit(&entity_at(entity)->e_handles, 1, memory_order_relaxed);
	return handle_of(ref, o);
}

void
unrefer_event(struct object *o, ref_t entity)
{
	/* As in consume: the client may have given it back already. */
	if (atomic_load_explicit(&entity_at(entity)->e_handles, memory_order_relaxed) > 0 && drop(o, READ))
		atomic_fetch_sub_explicit(&entity_at(entity)->e_handles, 1, memory_order_relaxed);
}

void
consume(struct call *c, struct object *o)
{
	int64_t booked = atomic_load_explicit(&c->c_caller->e_handles, memory_order_relaxed);

	/* Who holds nothing must not give away what is another's: the object may be named by a handle already
	 * released. */
	if (booked + c->c_balance > 0 && drop(o, c->c_access))
		c->c_balance--;
}

/* Whether nothing but references keeps the object: the last one to go frees it. */
static bool
is_detached(const struct object *o, enum kind kind)
{
	switch (kind) {
	case KIND_DEST:
		return ((const struct dest *)(const void *)o)->d_holds == 0;
	case KIND_ROUTE:
		return ((const struct route *)(const void *)o)->r_state == RTM_ROUTE_STATE_DELETED &&
		       ((const struct route *)(const void *)o)->r_held == 0;
	case KIND_NEXTHOP: {
		const struct nexthop *n = (const void *)o;

		return n->n_holds == 0 && n->n_info.State == RTM_NEXTHOP_STATE_DELETED;
	}
	default:
		return !((const struct entity *)(const void *)o)->e_registered;
	}
}

static void
settle(struct table *t, ref_t ref, enum kind kind)
{
	switch (kind) {
	case KIND_DEST:
		dest_settle(t, ref);
		break;
	case KIND_ROUTE:
		route_settle(t, ref);
		break;
	case KIND_NEXTHOP:
		nexthop_settle(t, ref);
		break;
	default:
		entity_settle(t, ref);
		break;
	}
}

/* Takes one of the references away; detached is set if it was the last of a detached object. False if it is not
 * held. */
static bool
drop_one(struct call *c, const struct held *h, bool *detached)
{
	struct object *o = call_resolve(c, h->h_handle, h->h_kind);

	if (o == NULL || !drop(o, c->c_access))
		return false;
	c->c_balance--;
	if (atomic_load_explicit(&o->o_refs, memory_order_relaxed) == 0 && is_detached(o, h->h_kind))
		*detached = true;
	return true;
}

bool
held_drop(struct call *c, const struct held *held, size_t count, bool *detached)
{
	for (size_t i = 0; i < count; i++)
		if (held[i].h_handle != NULL && !drop_one(c, &held[i], detached)) {
			held_restore(c, held, i);
			return false;
		}
	return true;
}

void
held_restore(struct call *c, const struct held *held, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (held[i].h_handle != NULL)
			(void)refer(c, handle_ref(held[i].h_handle),
			            call_resolve(c, held[i].h_handle, held[i].h_kind));
}

void
held_settle(struct call *c, const struct held *held, size_t count)
{
	/* The caller may be deregistered by another thread in between; its table stays. */
	if (c->c_access == READ) {
		call_end(c);
		c->c_balance = 0;
		c->c_access = WRITE;
		table_lock(c->c_table, WRITE);
	}
	for (size_t i = 0; i < count; i++)
		if (held[i].h_handle != NULL && call_resolve(c, held[i].h_handle, held[i].h_kind) != NULL)
			settle(c->c_table, handle_ref(held[i].h_handle), held[i].h_kind);
}

DWORD
give_back(struct call *c, const struct held *held, size_t count)
{
	bool detached = false;

	if (!held_drop(c, held, count, &detached))
		return ERROR_INVALID_HANDLE;
	if (detached)
		held_settle(c, held, count);
	return NO_ERROR;
}

#define BATCH 64

static size_t
held_batch(struct held *held, HANDLE *handles, size_t count, enum kind kind)
{
	size_t n = count < BATCH ? count : BATCH;

	for (size_t i = 0; i < n; i++)
		held[i] = (struct held){ handles[i], kind };
	return n;
}

static DWORD
give_back_array(struct call *c, size_t count, HANDLE *handles, enum kind kind)
{
	struct held held[BATCH];
	bool detached = false;

	if (handles == NULL && count > 0)
		return ERROR_INVALID_PARAMETER;
	for (size_t i = 0; i < count; i++)
		if (handles[i] == NULL)
			return ERROR_INVALID_HANDLE;
	for (size_t at = 0; at < count; at += BATCH) {
		if (held_drop(c, held, held_batch(held, handles + at, count - at, kind), &detached))
			continue;
		for (size_t back = 0; back < at; back += BATCH)
			held_restore(c, held, held_batch(held, handles + back, BATCH, kind));
		return ERROR_INVALID_HANDLE;
	}
	for (size_t at = 0; detached && at < count; at += BATCH)
		held_settle(c, held, held_batch(held, handles + at, count - at, kind));
	return NO_ERROR;
}

DWORD
release_handles(RTM_ENTITY_HANDLE self, UINT count, HANDLE *handles, enum kind kind)
{
	struct call c = call_by(self, READ);

	while (call_attempt(&c))
		c.c_status = give_back_array(&c, count, handles, kind);
	return c.c_status;
}

static bool
has_references(struct object *o)
{
	return atomic_load_explicit(&o->o_refs, memory_order_acquire) != 0;
}

void
dest_settle(struct table *t, ref_t ref)
{
	struct dest *d = dest_at(ref);

	if (d->d_holds != 0 || has_references(&d->d_object))
		return;
	trie_remove(&t->t_dests, ref);
	if (d->d_extra != 0) {
		/* A mark for a hold that never began has room for its timer. */
		if (destextra_at(d->d_extra)->dx_hold_views != 0)
			timer_unkeep(&t->t_timers);
		pool_free(&t->t_pool[KIND_DEST_EXTRA], d->d_extra);
	}
	pool_free(&t->t_pool[KIND_DEST], ref);
}

void
entity_settle(struct table *t, ref_t ref)
{
	struct entity *e = entity_at(ref);

	/* An entity that left handles behind stays, so that the statistics can tell. */
	if (e->e_registered || e->e_holds != 0 || has_references(&e->e_object) ||
	    atomic_load_explicit(&e->e_handles, memory_order_relaxed) != 0)
		return;
	free(e->e_methods);
	pool_free(&t->t_pool[KIND_ENTITY], ref);
}

void
nexthop_settle(struct table *t, ref_t ref)
{
	struct nexthop *n = nexthop_at(ref);
	ref_t owner = n->n_owner, remote = n->n_remote;

	if (n->n_info.State != RTM_NEXTHOP_STATE_DELETED || n->n_holds != 0 || has_references(&n->n_object))
		return;
	pool_free(&t->t_pool[KIND_NEXTHOP], ref);
	if (remote != 0) {
		dest_at(remote)->d_holds--;
		dest_settle(t, remote);
	}
	entity_at(owner)->e_holds--;
	entity_settle(t, owner);
}

void
route_settle(struct table *t, ref_t ref)
{
	struct route *r = route_at(ref), gone = *r;

	if (r->r_state != RTM_ROUTE_STATE_DELETED || r->r_held != 0 || has_references(&r->r_object))
		return;
	for (unsigned i = 0; i < gone.r_hops; i++) {
		ref_t hop = route_hop(&gone, i);

		nexthop_at(hop)->n_holds--;
		nexthop_settle(t, hop);
	}
	if (gone.r_hops > 1)
		pool_free(&t->t_pool[KIND_HOPSET], gone.r_hop);
	if (gone.r_neighbour != 0) {
		nexthop_at(gone.r_neighbour)->n_holds--;
		nexthop_settle(t, gone.r_neighbour);
	}
	if (gone.r_extra != 0)
		pool_free(&t->t_pool[KIND_ROUTE_EXTRA], gone.r_extra);
	pool_free(&t->t_pool[KIND_ROUTE], ref);
	dest_at(gone.r_dest)->d_holds--;
	dest_settle(t, gone.r_dest);
	entity_at(gone.r_owner)->e_holds--;
	entity_settle(t, gone.r_owner);
}

struct destextra *
dest_extra(struct table *t, struct dest *d)
{
	ref_t ref;

	if (d->d_extra == 0 && pool_alloc(&t->t_pool[KIND_DEST_EXTRA], &ref) != NULL)
		d->d_extra = ref;
	return d->d_extra != 0 ? destextra_at(d->d_extra) : NULL;
}

struct routeextra *
route_extra(struct table *t, struct route *r)
{
	ref_t ref;

	if (r->r_extra == 0 && pool_alloc(&t->t_pool[KIND_ROUTE_EXTRA], &ref) != NULL)
		r->r_extra = ref;
	return r->r_extra != 0 ? routeextra_at(r->r_extra) : NULL;
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

static DWORD
reference_handles(struct call *c, UINT count, HANDLE *handles)
{
	if (handles == NULL && count > 0)
		return ERROR_INVALID_PARAMETER;
	for (UINT i = 0; i < count; i++)
		if (resolve_any(c, handles[i]) == NULL)
			return ERROR_INVALID_HANDLE;
	for (UINT i = 0; i < count; i++)
		(void)refer(c, handle_ref(handles[i]), resolve_any(c, handles[i]));
	return NO_ERROR;
}

DWORD WINAPI
RtmReferenceHandles(RTM_ENTITY_HANDLE RtmRegHandle, UINT NumHandles, HANDLE *RtmHandles)
{
	struct call c = call_by(RtmRegHandle, READ);

	while (call_attempt(&c))
		c.c_status = reference_handles(&c, NumHandles, RtmHandles);
	return c.c_status;
}
