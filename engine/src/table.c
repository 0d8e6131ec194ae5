/*
 * table.c - tables, lifetime of their objects, best routes. The structure is told in table.h.
 */
#include <stdlib.h>
#include <string.h>

#include "enum.h"
#include "table.h"

/* Guards the list of tables; held while a table is locked only by table_each, which takes the table's lock second. */
static sys_rwlock tables_lock = SYS_RWLOCK_INIT;
static struct table *tables;

/*
 * Tables and calls
 */

static struct table *
table_make(USHORT instance, USHORT family)
{
	struct table *t = calloc(1, sizeof(*t));
	size_t sizes[KIND_COUNT];

	if (t == NULL)
		return NULL;
	sys_rwlock_init(&t->t_lock);
	t->t_instance = instance;
	t->t_family = family;
	t->t_octets = family == RTM2_AF_INET6 ? 16 : 4;
	t->t_hop_octets = family == RTM2_AF_IPX ? 6 : t->t_octets;

	sizes[KIND_ENTITY] = sizeof(struct entity);
	sizes[KIND_DEST] = CACHE_LINES(offsetof(struct dest, d_key) + 1 + t->t_octets);
	sizes[KIND_ROUTE] = CACHE_LINES(sizeof(struct route));
	sizes[KIND_HOPSET] = sizeof(struct hopset);
	sizes[KIND_NEXTHOP] = offsetof(struct nexthop, n_key) + 1 + t->t_hop_octets + 1 + sizeof(ULONG);
	sizes[KIND_ENUM] = enum_size();
	sizes[KIND_NODE] = trie_node_size();
	for (int kind = 0; kind < KIND_COUNT; kind++)
		pool_init(&t->t_pool[kind], t, (enum kind)kind, sizes[kind]);
	t->t_dest_size = t->t_pool[KIND_DEST].p_size;
	t->t_hop_size = t->t_pool[KIND_NEXTHOP].p_size;

	trie_init(&t->t_dests, &t->t_pool[KIND_NODE], t->t_dest_size, offsetof(struct dest, d_key), t->t_octets);
	trie_init(&t->t_entities, &t->t_pool[KIND_NODE], t->t_pool[KIND_ENTITY].p_size,
	          offsetof(struct entity, e_key), sizeof(ULONGLONG));
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
	sys_write_lock(&tables_lock);
	for (t = tables; t != NULL; t = t->t_next)
		if (t->t_instance == instance && t->t_family == family)
			break;
	if (t == NULL && (t = table_make(instance, family)) != NULL) {
		t->t_next = tables;
		tables = t;
	}
	sys_write_unlock(&tables_lock);
	return t;
}

void
table_each(void (*visit)(struct table *, void *), void *context)
{
	sys_read_lock(&tables_lock);
	for (struct table *t = tables; t != NULL; t = t->t_next) {
		sys_read_lock(&t->t_lock);
		visit(t, context);
		sys_read_unlock(&t->t_lock);
	}
	sys_read_unlock(&tables_lock);
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
	if (c->c_balance != 0)
		atomic_fetch_add_explicit(&c->c_caller->e_handles, c->c_balance, memory_order_relaxed);
	if (c->c_access == READ)
		sys_read_unlock(&c->c_table->t_lock);
	else
		sys_write_unlock(&c->c_table->t_lock);
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
	memset(key, 0, 1 + t->t_octets);
	key[0] = (uint8_t)address->NumBits;
	memcpy(key + 1, address->AddrBits, octets);
	if (rest != 0)
		key[1 + octets] = (uint8_t)(address->AddrBits[octets] & 0xFF00u >> rest);
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
	memcpy(address->AddrBits, key + 1, t->t_octets);
}

/*
 * References
 */

HANDLE
refer(struct call *c, ref_t ref, struct object *o)
{
	atomic_fetch_add_explicit(&o->o_refs, 1, memory_order_relaxed);
	c->c_balance++;
	return handle_of(ref, o);
}

/* Takes one reference away; false if there is none. */
static bool
drop(struct object *o)
{
	uint32_t refs = atomic_load_explicit(&o->o_refs, memory_order_relaxed);

	do {
		if (refs == 0)
			return false;
	} while (!atomic_compare_exchange_weak_explicit(&o->o_refs, &refs, refs - 1, memory_order_release,
	                                                memory_order_relaxed));
	return true;
}

void
consume(struct call *c, struct object *o)
{
	/* Who holds nothing must not give away what is another's: the object may be named by a handle already released. */
	if (atomic_load_explicit(&c->c_caller->e_handles, memory_order_relaxed) + c->c_balance > 0 && drop(o))
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
		return ((const struct route *)(const void *)o)->r_state == RTM_ROUTE_STATE_DELETED;
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
		if (o == NULL || !drop(o)) {
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
	struct dest *d = dest_at(t, ref);

	if (d->d_holds != 0 || has_references(&d->d_object))
		return;
	trie_remove(&t->t_dests, ref);
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
	pool_free(&t->t_pool[KIND_ENTITY], ref);
}

void
nexthop_settle(struct table *t, ref_t ref)
{
	struct nexthop *n = nexthop_at(t, ref);
	ref_t owner = n->n_owner, remote = n->n_remote;

	if (n->n_info.State != RTM_NEXTHOP_STATE_DELETED || n->n_holds != 0 || has_references(&n->n_object))
		return;
	pool_free(&t->t_pool[KIND_NEXTHOP], ref);
	if (remote != 0) {
		dest_at(t, remote)->d_holds--;
		dest_settle(t, remote);
	}
	entity_at(owner)->e_holds--;
	entity_settle(t, owner);
}

void
route_settle(struct table *t, ref_t ref)
{
	struct route *r = route_at(ref), gone = *r;

	if (r->r_state != RTM_ROUTE_STATE_DELETED || has_references(&r->r_object))
		return;
	for (unsigned i = 0; i < gone.r_hops; i++) {
		ref_t hop = route_hop(&gone, i);

		nexthop_at(t, hop)->n_holds--;
		nexthop_settle(t, hop);
	}
	if (gone.r_hops > 1)
		pool_free(&t->t_pool[KIND_HOPSET], gone.r_hop);
	if (gone.r_neighbour != 0) {
		nexthop_at(t, gone.r_neighbour)->n_holds--;
		nexthop_settle(t, gone.r_neighbour);
	}
	pool_free(&t->t_pool[KIND_ROUTE], ref);
	dest_at(t, gone.r_dest)->d_holds--;
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

bool
dest_visible(const struct dest *d, unsigned views)
{
	if (views == 0)
		return d->d_routes != 0;
	for (unsigned v = 0; v < VIEW_COUNT; v++)
		if ((views >> v & 1) != 0 && d->d_best[v] != 0)
			return true;
	return false;
}

ref_t
route_hop(const struct route *r, unsigned i)
{
	return r->r_hops == 1 ? r->r_hop : hopset_at(r->r_hop)->h_hop[i];
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

bool
route_precedes(ref_t a, ref_t b)
{
	int order = route_compare(route_at(a), route_at(b));

	return order < 0 || (order == 0 && route_at(a)->r_age < route_at(b)->r_age);
}

void
route_link(struct dest *d, ref_t ref)
{
	struct route *r = route_at(ref);
	ref_t *link = &d->d_routes;

	while (*link != 0 && !route_precedes(ref, *link))
		link = &route_at(*link)->r_next;
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

bool
dest_choose(struct dest *d)
{
	uint64_t now = sys_filetime();
	bool changed = false;

	for (unsigned v = 0; v < VIEW_COUNT; v++) {
		ref_t best = dest_best(d, v);

		changed |= best != d->d_best[v];
		d->d_best[v] = best;
	}
	d->d_changed[0] = (uint32_t)now;
	d->d_changed[1] = (uint32_t)(now >> 32);
	return changed;
}

bool
dest_has_route_of(const struct dest *d, ref_t owner)
{
	for (ref_t ref = d->d_routes; ref != 0; ref = route_at(ref)->r_next)
		if (route_at(ref)->r_owner == owner)
			return true;
	return false;
}
