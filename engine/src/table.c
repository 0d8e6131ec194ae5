/*
 * table.c - tables, lifetime of their objects, best routes. The structure is told in table.h.
 */
#include <stdlib.h>
#include <string.h>

#include "enum.h"
#include "list.h"
#include "notify.h"
#include "table.h"

/* Guards the list of tables; held while a table is locked only by table_each, which takes the table's lock second. */
static sys_mutex tables_lock = SYS_MUTEX_INIT;
static struct table *tables;

/*
 * Tables and calls
 */

/* One line if it fits. */
static size_t
dest_size(unsigned octets)
{
	size_t size = offsetof(struct dest, d_key) + 1 + octets;

	return size <= CACHE_LINES(1) ? CACHE_LINES(1) : OBJECT_SIZE(size);
}

static struct table *
table_make(USHORT instance, USHORT family)
{
	struct table *t = calloc(1, sizeof(*t));
	size_t sizes[KIND_NODE];

	if (t == NULL)
		return NULL;
	sys_rwlock_init(&t->t_lock);
	t->t_instance = instance;
	t->t_family = family;
	t->t_octets = family == RTM2_AF_INET6 ? 16 : 4;
	t->t_hop_octets = family == RTM2_AF_IPX ? 6 : t->t_octets;

	sizes[KIND_ENTITY] = sizeof(struct entity);
	sizes[KIND_DEST] = dest_size(t->t_octets);
	sizes[KIND_DEST_EXTRA] = sizeof(struct destextra);
	sizes[KIND_ROUTE] = CACHE_LINES(sizeof(struct route));
	sizes[KIND_ROUTE_EXTRA] = sizeof(struct routeextra);
	sizes[KIND_HOPSET] = sizeof(struct hopset);
	sizes[KIND_NEXTHOP] = offsetof(struct nexthop, n_key) + 1 + t->t_hop_octets + 1 + sizeof(ULONG);
	sizes[KIND_ENUM] = enum_size();
	sizes[KIND_LIST] = list_size();
	sizes[KIND_NOTIFY] = notify_size();
	for (int kind = 0; kind < KIND_NODE; kind++)
		pool_init(&t->t_pool[kind], t, (enum kind)kind, sizes[kind], NULL);
	pool_init(&t->t_pool[KIND_DEST], t, KIND_DEST, sizes[KIND_DEST], &t->t_pool[KIND_ROUTE]);
	trie_pools_init(&t->t_pool[KIND_NODE], t);

	trie_init(&t->t_dests, &t->t_pool[KIND_NODE], offsetof(struct dest, d_key), t->t_octets);
	trie_init(&t->t_entities, &t->t_pool[KIND_NODE], offsetof(struct entity, e_key), sizeof(ULONGLONG));
	return t;
}

struct table *
table_open(USHORT instance, USHORT family, DWORD *status)
{
	struct table *t;

	*status = ERROR_FILE_NOT_FOUND;
	if (family != RTM2_AF_INET && family != RTM2_AF_INET6 && family != RTM2_AF_IPX)
		return NULL;
	*status = ERROR_NOT_ENOUGH_MEMORY;
	sys_mutex_lock(&tables_lock);
	for (t = tables; t != NULL; t = t->t_next)
		if (t->t_instance == instance && t->t_family == family)
			break;
	if (t == NULL && (t = table_make(instance, family)) != NULL) {
		t->t_next = tables;
		tables = t;
	}
	sys_mutex_unlock(&tables_lock);
	return t;
}

void
table_each(void (*visit)(struct table *, void *), void *context)
{
	sys_mutex_lock(&tables_lock);
	for (struct table *t = tables; t != NULL; t = t->t_next) {
		sys_read_lock(&t->t_lock);
		visit(t, context);
		sys_read_unlock(&t->t_lock);
	}
	sys_mutex_unlock(&tables_lock);
}

struct table *
table_after(const struct table *t)
{
	struct table *next;

	sys_mutex_lock(&tables_lock);
	next = t != NULL ? t->t_next : tables;
	sys_mutex_unlock(&tables_lock);
	return next;
}

static void
table_lock(struct table *t, enum access access)
{
	if (access == READ)
		sys_read_lock(&t->t_lock);
	else
		sys_write_lock(&t->t_lock);
}

bool
call_begin(struct call *c, RTM_ENTITY_HANDLE handle, enum access access)
{
	struct table *t = handle_owner(handle);

	if (t == NULL)
		return false;
	table_lock(t, access);
	c->c_table = t;
	c->c_caller = handle_resolve(handle, KIND_ENTITY, t);
	c->c_self = handle_ref(handle);
	c->c_access = access;
	c->c_balance = 0;
	if (c->c_caller != NULL && c->c_caller->e_registered)
		return true;
	call_end(c);
	return false;
}

void
call_end(struct call *c)
{
	_Atomic int64_t *handles = c->c_caller != NULL ? &c->c_caller->e_handles : NULL;

	if (c->c_access == READ) {
		if (c->c_balance != 0)
			atomic_fetch_add_explicit(handles, c->c_balance, memory_order_relaxed);
		sys_read_unlock(&c->c_table->t_lock);
	} else {
		if (c->c_balance != 0)
			atomic_store_explicit(handles, atomic_load_explicit(handles, memory_order_relaxed) + c->c_balance,
			                      memory_order_relaxed);
		sys_write_unlock(&c->c_table->t_lock);
	}
}

/* What those who wait for a lock of a client, or for methods, wait for: that the count goes on. */
static sys_mutex waiting_mutex = SYS_MUTEX_INIT;
static sys_cond waiting;
static bool waiting_ready;
static uint64_t wakes;

void
call_wait(struct call *c)
{
	uint64_t seen;

	/* The count is read before the table is given up: no change behind that can be missed. */
	sys_mutex_lock(&waiting_mutex);
	if (!waiting_ready)
		sys_cond_init(&waiting);
	waiting_ready = true;
	seen = wakes;
	sys_mutex_unlock(&waiting_mutex);
	call_end(c);
	sys_mutex_lock(&waiting_mutex);
	while (wakes == seen)
		sys_cond_wait(&waiting, &waiting_mutex, SYS_NEVER);
	sys_mutex_unlock(&waiting_mutex);
}

void
wake_waiting(void)
{
	sys_mutex_lock(&waiting_mutex);
	wakes++;
	if (waiting_ready)
		sys_cond_broadcast(&waiting);
	sys_mutex_unlock(&waiting_mutex);
}

/*
 * Addresses
 */

bool
key_of_prefix(const struct table *t, const RTM_NET_ADDRESS *address, uint8_t *key)
{
	unsigned octets, rest;

	if (address == NULL || address->AddressFamily != t->t_family || address->NumBits > 8 * t->t_octets)
		return false;
	octets = address->NumBits / 8u;
	rest = address->NumBits % 8u;
	key[0] = (uint8_t)address->NumBits;
	memcpy(key + 1, address->AddrBits, sizeof(address->AddrBits));
	if (octets < t->t_octets) {
		key[1 + octets] &= (uint8_t)(0xFF00u >> rest);
		memset(key + 2 + octets, 0, t->t_octets - 1 - octets);
	}
	return true;
}

bool
key_of_hop(const struct table *t, const RTM_NET_ADDRESS *address, ULONG interface_index, uint8_t *key)
{
	unsigned octets = t->t_hop_octets;

	if (address == NULL || address->AddressFamily != t->t_family || address->NumBits > 8 * octets)
		return false;
	key[0] = (uint8_t)(8 * (octets + 5));
	memcpy(key + 1, address->AddrBits, octets);
	key[1 + octets] = (uint8_t)address->NumBits;
	for (unsigned i = 0; i < 4; i++)
		key[2 + octets + i] = (uint8_t)(interface_index >> (24 - 8 * i));
	return true;
}

void
prefix_of_key(const struct table *t, const uint8_t *key, RTM_NET_ADDRESS *address)
{
	memset(address, 0, sizeof(*address));
	address->AddressFamily = t->t_family;
	address->NumBits = key[0];
	/* Of a size that is known a copy is no call. */
	if (t->t_octets == 4)
		memcpy(address->AddrBits, key + 1, 4);
	else
		memcpy(address->AddrBits, key + 1, 16);
}

/*
 * References
 */

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
	/* Who holds nothing must not give away what is another's: the object may be named by a handle already released. */
	if (atomic_load_explicit(&c->c_caller->e_handles, memory_order_relaxed) + c->c_balance > 0 && drop(o, c->c_access))
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

/* Takes the references away; detached is set if one was the last of a detached object. Undoes all if one is not held. */
static bool
drop_all(struct call *c, const struct held *held, size_t count, bool *detached)
{
	for (size_t i = 0; i < count; i++) {
		struct object *o;

		if (held[i].h_handle == NULL)
			continue;
		o = call_resolve(c, held[i].h_handle, held[i].h_kind);
		if (o == NULL || !drop(o, c->c_access)) {
			while (i-- > 0)
				if (held[i].h_handle != NULL)
					(void)refer(c, handle_ref(held[i].h_handle),
					            call_resolve(c, held[i].h_handle, held[i].h_kind));
			return false;
		}
		c->c_balance--;
		if (atomic_load_explicit(&o->o_refs, memory_order_relaxed) == 0 && is_detached(o, held[i].h_kind))
			*detached = true;
	}
	return true;
}

/* Frees what drop_all left without a reference. The caller may be deregistered by another thread in between; its table
 * stays. */
static void
settle_all(struct call *c, const struct held *held, size_t count)
{
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

	if (!drop_all(c, held, count, &detached))
		return ERROR_INVALID_HANDLE;
	if (detached)
		settle_all(c, held, count);
	return NO_ERROR;
}

#define BATCH 64

static size_t
held_batch(struct held *held, HANDLE *handles, UINT count, enum kind kind)
{
	size_t n = count < BATCH ? count : BATCH;

	for (size_t i = 0; i < n; i++)
		held[i] = (struct held){ handles[i], kind };
	return n;
}

DWORD
give_back_array(struct call *c, UINT count, HANDLE *handles, enum kind kind)
{
	struct held held[BATCH];

	for (UINT i = 0; i < count; i++)
		if (call_resolve(c, handles[i], kind) == NULL)
			return ERROR_INVALID_HANDLE;
	for (UINT done = 0; done < count;) {
		size_t n = held_batch(held, handles + done, count - done, kind);

		if (give_back(c, held, n) != NO_ERROR)
			return ERROR_INVALID_HANDLE;
		done += (UINT)n;
	}
	return NO_ERROR;
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
		t->t_timers.i_reserved -= destextra_at(d->d_extra)->x_hold_views != 0;
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

/*
 * Destinations and routes
 */

ref_t
dest_find(const struct table *t, const uint8_t *key)
{
	return trie_find(&t->t_dests, key);
}

struct destextra *
dest_extra(struct table *t, struct dest *d)
{
	ref_t ref;

	if (d->d_extra == 0 && pool_alloc(&t->t_pool[KIND_DEST_EXTRA], &ref) != NULL)
		d->d_extra = ref;
	return d->d_extra != 0 ? destextra_at(d->d_extra) : NULL;
}

ref_t
dest_held(const struct dest *d, unsigned view)
{
	return d->d_extra != 0 ? destextra_at(d->d_extra)->x_held[view] : 0;
}

bool
dest_visible(const struct dest *d, unsigned views)
{
	if (views == 0 && d->d_routes != 0)
		return true;
	for (unsigned v = 0; v < VIEW_COUNT; v++)
		if (views == 0 ? dest_held(d, v) != 0 : (views >> v & 1) != 0 && d->d_best[v] != 0)
			return true;
	return false;
}

bool
dest_has_route_of(const struct dest *d, ref_t owner)
{
	for (ref_t ref = d->d_routes; ref != 0; ref = route_at(ref)->r_next)
		if (route_at(ref)->r_owner == owner)
			return true;
	for (unsigned v = 0; v < VIEW_COUNT; v++)
		if (dest_held(d, v) != 0 && route_at(dest_held(d, v))->r_owner == owner)
			return true;
	return false;
}

ref_t
route_hop(const struct route *r, unsigned i)
{
	return r->r_hops == 1 ? r->r_hop : hopset_at(r->r_hop)->h_hop[i];
}

struct routeextra *
route_extra(struct table *t, struct route *r)
{
	ref_t ref;

	if (r->r_extra == 0 && pool_alloc(&t->t_pool[KIND_ROUTE_EXTRA], &ref) != NULL)
		r->r_extra = ref;
	return r->r_extra != 0 ? routeextra_at(r->r_extra) : NULL;
}

HANDLE
hop_handle(ref_t hop)
{
	return hop != 0 ? handle_of(hop, nexthop_at(hop)) : NULL;
}

void
route_publish(ref_t ref)
{
	const struct route *r = route_at(ref);
	RTM_ROUTE_INFO *info;

	if (r->r_extra == 0 || !routeextra_at(r->r_extra)->x_published)
		return;
	info = &routeextra_at(r->r_extra)->x_info;
	info->DestHandle = handle_of(r->r_dest, dest_at(r->r_dest));
	info->RouteOwner = handle_of(r->r_owner, entity_at(r->r_owner));
	info->Neighbour = hop_handle(r->r_neighbour);
	info->State = r->r_state;
	info->Flags1 = r->r_flags1;
	info->Flags = r->r_flags;
	info->PrefInfo = (RTM_PREF_INFO){ r->r_metric, r->r_preference };
	info->BelongsToViews = r->r_views;
	info->EntitySpecificInfo = r->r_specific;
	info->NextHopsList.NumNextHops = r->r_hops;
	for (unsigned i = 0; i < r->r_hops; i++)
		info->NextHopsList.NextHops[i] = hop_handle(route_hop(r, i));
}

/* Below zero: a is to be preferred. Smaller preference, then smaller metric wins. */
static int
route_compare(const struct route *a, const struct route *b)
{
	if (a->r_preference != b->r_preference)
		return a->r_preference < b->r_preference ? -1 : 1;
	if (a->r_metric != b->r_metric)
		return a->r_metric < b->r_metric ? -1 : 1;
	return 0;
}

void
route_link(struct dest *d, ref_t ref)
{
	struct route *r = route_at(ref);
	ref_t *link = &d->d_routes;

	while (*link != 0) {
		const struct route *other = route_at(*link);
		int order = route_compare(r, other);

		if (order < 0 || (order == 0 && r->r_age < other->r_age))
			break;
		link = &route_at(*link)->r_next;
	}
	r->r_next = *link;
	*link = ref;
}

void
route_unlink(struct dest *d, ref_t ref)
{
	ref_t *link = &d->d_routes;

	while (*link != ref)
		link = &route_at(*link)->r_next;
	*link = route_at(ref)->r_next;
}

/* The best route in a view. Among equals the incumbent stays; without one the first made wins. */
static ref_t
dest_best(const struct dest *d, unsigned view)
{
	ref_t first = 0;

	for (ref_t ref = d->d_routes; ref != 0; ref = route_at(ref)->r_next) {
		const struct route *r = route_at(ref);

		if ((r->r_views >> view & 1) == 0)
			continue;
		if (first != 0 && route_compare(route_at(first), r) != 0)
			break;
		if (ref == d->d_best[view])
			return ref;
		if (first == 0)
			first = ref;
	}
	return first;
}

void
dest_stamp(struct dest *d)
{
	uint64_t now = sys_filetime();

	d->d_changed[0] = (uint32_t)now;
	d->d_changed[1] = (uint32_t)(now >> 32);
}

void
before_change(const struct dest *d, ref_t ref, struct before *b)
{
	const struct route *r = ref != 0 ? route_at(ref) : NULL;

	memcpy(b->b_best, d->d_best, sizeof(b->b_best));
	b->b_views = r != NULL ? r->r_views : 0;
	if (r == NULL)
		return;
	b->b_preference = r->r_preference;
	b->b_metric = r->r_metric;
	b->b_flags = r->r_flags;
	b->b_hops = r->r_hops;
	for (unsigned i = 0; i < r->r_hops; i++)
		b->b_hop[i] = route_hop(r, i);
}

/* Whether the route's next hops are another set than before. */
static bool
hops_changed(const struct route *r, const struct before *b)
{
	if (r->r_hops != b->b_hops)
		return true;
	for (unsigned i = 0; i < r->r_hops; i++) {
		bool found = false;

		for (unsigned k = 0; k < b->b_hops; k++)
			found |= b->b_hop[k] == route_hop(r, i);
		if (!found)
			return true;
	}
	return false;
}

bool
after_change(struct table *t, ref_t dest, ref_t ref, const struct before *b)
{
	struct dest *d = dest_at(dest);
	const struct route *r = route_at(ref);
	bool gone = r->r_state == RTM_ROUTE_STATE_DELETED, changed = false;
	bool better = r->r_preference != b->b_preference || hops_changed(r, b);
	struct changes changes = { b->b_views | (gone ? 0u : r->r_views), 0, 0 };

	for (unsigned v = 0; v < VIEW_COUNT; v++) {
		ref_t best = dest_best(d, v);

		if (best != b->b_best[v]) {
			changed = true;
			changes.g_best |= 1u << v;
			changes.g_forwarding |= 1u << v;
		} else if (best == ref) {
			/* The best route stays the best but is not what it was. */
			unsigned flags = (unsigned)(r->r_flags ^ b->b_flags);

			if (better || flags != 0 || r->r_metric != b->b_metric)
				changes.g_best |= 1u << v;
			if (better || (flags & RTM_ROUTE_FLAGS_FORWARDING) != 0)
				changes.g_forwarding |= 1u << v;
		}
		d->d_best[v] = best;
	}
	dest_stamp(d);
	notify_changes(t, dest, &changes);
	return changed;
}

/* Marks the route that goes as held in the views where it was the last one, if they are marked for that. */
static void
hold_begin(struct table *t, struct dest *d, ref_t dest, ref_t ref)
{
	struct destextra *x = d->d_extra != 0 ? destextra_at(d->d_extra) : NULL;
	struct route *r = route_at(ref);

	for (unsigned v = 0; x != NULL && v < VIEW_COUNT; v++) {
		if ((r->r_views & x->x_hold_views & 1u << v) == 0 || x->x_held[v] != 0 || dest_best(d, v) != 0)
			continue;
		x->x_held[v] = ref;
		r->r_held++;
		if (x->x_hold_since != 0)
			continue;
		x->x_hold_since = sys_milliseconds();
		t->t_timers.i_reserved--;
		timer_set(t, dest, true, x->x_hold_since + x->x_hold_time);
	}
}

void
hold_end(struct table *t, ref_t dest)
{
	struct dest *d = dest_at(dest);
	struct destextra *x = destextra_at(d->d_extra);
	struct changes changes = { 0, 0, 0 };

	d->d_holds++;
	x->x_hold_views = 0;
	x->x_hold_time = 0;
	x->x_hold_since = 0;
	for (unsigned v = 0; v < VIEW_COUNT; v++) {
		ref_t ref = x->x_held[v];
		struct entity *owner;

		if (ref == 0)
			continue;
		changes.g_all |= 1u << v;
		x->x_held[v] = 0;
		route_at(ref)->r_held--;
		owner = entity_at(route_at(ref)->r_owner);
		if (route_at(ref)->r_held == 0 && !dest_has_route_of(d, route_at(ref)->r_owner))
			trie_remove(&owner->e_dests, dest);
		route_settle(t, ref);
	}
	changes.g_best = changes.g_all;
	dest_stamp(d);
	notify_changes(t, dest, &changes);
	d->d_holds--;
	dest_settle(t, dest);
}

bool
route_remove(struct table *t, ref_t ref)
{
	struct route *r = route_at(ref);
	ref_t dest = r->r_dest;
	struct dest *d = dest_at(dest);
	struct entity *owner = entity_at(r->r_owner);
	struct before before;
	bool changed;

	before_change(d, ref, &before);
	route_unlink(d, ref);
	r->r_state = RTM_ROUTE_STATE_DELETED;
	owner->e_routes--;
	t->t_routed -= d->d_routes == 0;
	if (r->r_extra != 0) {
		timer_cancel(t, ref, false);
		list_leave(t, ref);
		route_publish(ref);
	}
	hold_begin(t, d, dest, ref);
	if (!dest_has_route_of(d, r->r_owner))
		trie_remove(&owner->e_dests, dest);
	changed = after_change(t, dest, ref, &before);
	route_settle(t, ref);
	return changed;
}
