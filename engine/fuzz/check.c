/*
 * check.c - whether the tables are in order, looked at from inside. Everything that the library counts is counted anew from
 * what it counts. See check.h.
 */
#include <stdio.h>
#include <string.h>

#include "book.h"
#include "check.h"
#include "change.h"
#include "tables.h"

/* An object and how many others were found to count on it. */
struct tally {
	const void *y_object;
	uint32_t y_holds;
};

enum { MOST_TALLIES = 1200 };

static struct tally tallies[MOST_TALLIES];
static unsigned tally_count;

static struct tally *
tally_of(const void *object)
{
	for (unsigned i = 0; i < tally_count; i++)
		if (tallies[i].y_object == object)
			return &tallies[i];
	MUST(tally_count < MOST_TALLIES);
	tallies[tally_count] = (struct tally){ object, 0 };
	return &tallies[tally_count++];
}

static void
hold(const void *object)
{
	/* What is counted on has to live. */
	MUST((((const struct object *)object)->o_stamp & 1) != 0);
	tally_of(object)->y_holds++;
}

static uint32_t
holds_of(const void *object)
{
	return tally_of(object)->y_holds;
}

static uint32_t
refs_of(const struct object *o)
{
	return atomic_load_explicit(&o->o_refs, memory_order_relaxed);
}

static uint32_t
lock_holds(const struct userlock *l)
{
	uint32_t holds = l->l_depth;

	MUST((l->l_owner != 0) == (l->l_depth != 0));
	for (unsigned i = 0; i < LOCK_SHARERS; i++)
		holds += l->l_sharer[i].s_depth;
	return holds;
}

static unsigned
bits_of(uint32_t mask)
{
	unsigned bits = 0;

	for (; mask != 0; mask &= mask - 1)
		bits++;
	return bits;
}

/*
 * First look: who counts on whom
 */

/* The table being looked at, and what is found in it. */
static struct {
	const struct table *s_table;
	uint64_t s_refs;     /* on objects of all kinds */
	uint32_t s_listed;   /* routes in the lists of destinations */
	uint32_t s_live;     /* routes that are not deleted */
	uint32_t s_routed, s_reserved, s_timers, s_hopsets, s_dest_extras, s_route_extras, s_listeners;
} seen;

static void
look_at_route(void *object, void *unused)
{
	const struct route *r = object;

	(void)unused;
	hold(dest_at(r->r_dest));
	hold(entity_at(r->r_owner));
	if (r->r_neighbour != 0)
		hold(nexthop_at(r->r_neighbour));
	MUST(r->r_hops <= MAX_NEXT_HOPS);
	for (unsigned i = 0; i < r->r_hops; i++)
		hold(nexthop_at(route_hop(r, i)));
	seen.s_hopsets += r->r_hops > 1;
	seen.s_route_extras += r->r_extra != 0;
	seen.s_refs += refs_of(&r->r_object);
	seen.s_live += r->r_state == RTM_ROUTE_STATE_CREATED;
	if (r->r_state == RTM_ROUTE_STATE_CREATED)
		return;
	MUST(r->r_held != 0 || refs_of(&r->r_object) != 0);
	MUST(r->r_extra == 0 || (routeextra_at(r->r_extra)->rx_timer == 0 && routeextra_at(r->r_extra)->rx_list == 0));
}

static void
look_at_hop(void *object, void *unused)
{
	const struct nexthop *n = object;

	(void)unused;
	hold(entity_at(n->n_owner));
	if (n->n_remote != 0)
		hold(dest_at(n->n_remote));
	seen.s_refs += refs_of(&n->n_object);
}

static void
look_at_entity(void *object, void *unused)
{
	const struct entity *e = object;

	(void)unused;
	seen.s_refs += refs_of(&e->e_object);
	seen.s_listeners += e->e_registered && e->e_callback != NULL;
}

/*
 * Second look: whether the counts are right
 */

static void
check_list(const struct dest *d, ref_t dest)
{
	const struct route *before = NULL;

	for (ref_t ref = d->d_routes; ref != 0; ref = route_at(ref)->r_next) {
		const struct route *r = route_at(ref);

		MUST((r->r_object.o_stamp & 1) != 0 && r->r_dest == dest && r->r_state == RTM_ROUTE_STATE_CREATED);
		MUST((r->r_views & ~VIEWS_SUPPORTED) == 0 && r->r_held == 0);
		if (before != NULL)
			MUST(before->r_preference < r->r_preference ||
			     (before->r_preference == r->r_preference &&
			      (before->r_metric < r->r_metric ||
			       (before->r_metric == r->r_metric && before->r_age < r->r_age))));
		before = r;
		seen.s_listed++;
	}
}

static void
check_best(const struct dest *d)
{
	for (unsigned v = 0; v < VIEW_COUNT; v++) {
		ref_t first = d->d_routes, at;

		while (first != 0 && (route_at(first)->r_views >> v & 1) == 0)
			first = route_at(first)->r_next;
		MUST((first == 0) == (d->d_best[v] == 0));
		if (first == 0)
			continue;
		for (at = first; at != 0 && at != d->d_best[v]; at = route_at(at)->r_next)
			continue;
		MUST(at != 0 && (route_at(at)->r_views >> v & 1) != 0);
		MUST(route_at(at)->r_preference == route_at(first)->r_preference &&
		     route_at(at)->r_metric == route_at(first)->r_metric);
	}
}

static void
check_hold(const struct destextra *x)
{
	bool held = false;

	for (unsigned v = 0; v < VIEW_COUNT; v++) {
		if (x->dx_held[v] == 0)
			continue;
		held = true;
		MUST((x->dx_hold_views >> v & 1) != 0);
		MUST(route_at(x->dx_held[v])->r_state == RTM_ROUTE_STATE_DELETED && route_at(x->dx_held[v])->r_held != 0);
	}
	MUST(held == (x->dx_hold_since != 0) && held == (x->dx_timer != 0));
	MUST((x->dx_hold_views != 0) == (x->dx_hold_time != 0));
	seen.s_reserved += x->dx_hold_views != 0 && !held;
}

static void
check_dest(ref_t ref)
{
	const struct dest *d = dest_at(ref);
	uint32_t holds = holds_of(d) + bits_of(d->d_marked) + bits_of(d->d_queued);

	MUST((d->d_object.o_stamp & 1) != 0);
	MUST((d->d_pending & ~d->d_queued) == 0);
	if (d->d_extra != 0) {
		holds += lock_holds(&destextra_at(d->d_extra)->dx_lock);
		check_hold(destextra_at(d->d_extra));
		seen.s_dest_extras++;
	}
	MUST(d->d_holds == holds);
	MUST(holds != 0 || refs_of(&d->d_object) != 0);
	seen.s_refs += refs_of(&d->d_object);
	seen.s_routed += d->d_routes != 0;
	check_list(d, ref);
	check_best(d);
}

static void
check_dests(void)
{
	const struct table *t = seen.s_table;
	uint8_t key[KEY_SIZE] = { 0 };
	uint32_t count = 0;

	for (ref_t ref = trie_next(&t->t_dests, key, true); ref != 0; ref = trie_next(&t->t_dests, key, false)) {
		memcpy(key, dest_at(ref)->d_key, 1 + t->t_octets);
		check_dest(ref);
		MUST(trie_find(&t->t_dests, key) == ref);
		count++;
	}
	MUST(count == t->t_dests.tr_count && count == t->t_pool[KIND_DEST].p_live);
	MUST(seen.s_routed == t->t_routed && seen.s_listed == seen.s_live);
	MUST(seen.s_dest_extras == t->t_pool[KIND_DEST_EXTRA].p_live);
}

static void
check_hop(void *object, void *unused)
{
	const struct nexthop *n = object;
	uint32_t holds = holds_of(n) + lock_holds(&n->n_lock);

	(void)unused;
	MUST(n->n_holds == holds);
	/* Under its owner's lock the state is whatever the owner wrote. */
	if (n->n_lock.l_depth != 0)
		return;
	MUST(n->n_info.State == RTM_NEXTHOP_STATE_CREATED || n->n_info.State == RTM_NEXTHOP_STATE_DELETED);
	MUST(n->n_info.State == RTM_NEXTHOP_STATE_CREATED || holds != 0 || refs_of(&n->n_object) != 0);
}

/* The routes of an owner, counted by its destinations. */
static void
check_own(const struct entity *e, ref_t self)
{
	const struct table *t = seen.s_table;
	uint8_t key[KEY_SIZE] = { 0 };
	uint32_t count = 0, routes = 0;

	for (ref_t ref = trie_next(&e->e_dests, key, true); ref != 0; ref = trie_next(&e->e_dests, key, false)) {
		const struct dest *d = dest_at(ref);

		memcpy(key, d->d_key, 1 + t->t_octets);
		MUST((d->d_object.o_stamp & 1) != 0 && dest_has_route_of(d, self));
		for (ref_t r = d->d_routes; r != 0; r = route_at(r)->r_next)
			routes += route_at(r)->r_owner == self;
		count++;
	}
	MUST(count == e->e_dests.tr_count && routes == e->e_routes);
}

static void
check_own_hops(const struct entity *e, ref_t self)
{
	const struct table *t = seen.s_table;
	uint8_t key[KEY_SIZE] = { (uint8_t)(8 * (t->t_hop_octets + 5)) };
	uint32_t count = 0;

	for (ref_t ref = trie_next(&e->e_hops, key, true); ref != 0; ref = trie_next(&e->e_hops, key, false)) {
		const struct nexthop *n = nexthop_at(ref);

		memcpy(key, n->n_key, 2u + t->t_hop_octets + sizeof(ULONG));
		MUST((n->n_object.o_stamp & 1) != 0 && n->n_owner == self);
		MUST(n->n_lock.l_depth != 0 || n->n_info.State == RTM_NEXTHOP_STATE_CREATED);
		count++;
	}
	MUST(count == e->e_hops.tr_count);
}

static void
check_entity(const struct client *c)
{
	const struct table *t = seen.s_table;
	const struct entity *e = handle_resolve(c->handle, KIND_ENTITY, t);
	int64_t handles;

	if (e == NULL) {
		MUST(!c->registered && c->refs == 0);
		return;
	}
	handles = atomic_load_explicit(&e->e_handles, memory_order_relaxed);
	MUST(e->e_registered == c->registered && e->e_invocations == 0);
	MUST(handles == c->refs + c->open);
	MUST(e->e_holds == holds_of(e));
	MUST(c->registered || e->e_holds != 0 || handles != 0 || refs_of(&e->e_object) != 0);
	check_own(e, handle_ref(c->handle));
	check_own_hops(e, handle_ref(c->handle));
}

static void
check_entities(unsigned table)
{
	const struct table *t = seen.s_table;
	uint32_t registered = 0, live = 0;

	for (int i = 0; i < client_count; i++) {
		if (clients[i].table != table)
			continue;
		check_entity(&clients[i]);
		registered += clients[i].registered;
		live += handle_resolve(clients[i].handle, KIND_ENTITY, t) != NULL;
	}
	MUST(registered == t->t_entities.tr_count && live == t->t_pool[KIND_ENTITY].p_live);
	MUST(seen.s_listeners == t->t_listeners);
}

static void
check_timers(void)
{
	const struct timers *i = &seen.s_table->t_timers;

	MUST(i->i_count + i->i_reserved <= i->i_room && i->i_reserved == seen.s_reserved);
	for (uint32_t n = 0; n < i->i_count; n++) {
		const struct timer *timer = &i->i_heap[n];

		MUST(n == 0 || i->i_heap[(n - 1) / 2].ti_due <= timer->ti_due);
		if (timer->ti_is_dest)
			MUST(destextra_at(dest_at(timer->ti_ref)->d_extra)->dx_timer == n + 1);
		else
			MUST(routeextra_at(route_at(timer->ti_ref)->r_extra)->rx_timer == n + 1);
	}
}

/* All references are in the book, and all that are in the book are there. */
static void
check_references(unsigned table)
{
	uint64_t refs = 0;

	for (unsigned i = 0; i < entry_count; i++) {
		const struct entry *e = &entries[i];
		const struct object *o;

		if (e->table != table)
			continue;
		o = handle_resolve(e->handle, e->kind, seen.s_table);
		if (e->kind >= KIND_ENUM) {
			MUST((o != NULL) == e->open);
			continue;
		}
		if (e->refs != (o != NULL ? refs_of(o) : 0))
			fprintf(stderr, "%p of kind %d: %u references by the book, %u found\n", e->handle, (int)e->kind, e->refs,
			        o != NULL ? refs_of(o) : 0);
		MUST(e->refs == (o != NULL ? refs_of(o) : 0));
		refs += e->refs;
	}
	MUST(refs == seen.s_refs);
}

static void
check_table(struct table *t, void *unused)
{
	unsigned table = 0;

	(void)unused;
	while (homes[table].instance != t->t_instance || homes[table].family != t->t_family)
		MUST(++table < TABLES);
	memset(&seen, 0, sizeof(seen));
	seen.s_table = t;
	tally_count = 0;
	pool_each(&t->t_pool[KIND_ROUTE], look_at_route, NULL);
	pool_each(&t->t_pool[KIND_NEXTHOP], look_at_hop, NULL);
	pool_each(&t->t_pool[KIND_ENTITY], look_at_entity, NULL);
	check_dests();
	pool_each(&t->t_pool[KIND_NEXTHOP], check_hop, NULL);
	check_references(table);
	check_entities(table);
	check_timers();
	MUST(seen.s_hopsets == t->t_pool[KIND_HOPSET].p_live && seen.s_route_extras == t->t_pool[KIND_ROUTE_EXTRA].p_live);
}

void
check_tables(void)
{
	table_each(check_table, NULL);
}

static void
check_table_empty(struct table *t, void *unused)
{
	(void)unused;
	for (unsigned kind = 0; kind < KIND_COUNT; kind++)
		MUST(t->t_pool[kind].p_live == 0);
	MUST(t->t_dests.tr_root == 0 && t->t_entities.tr_root == 0 && t->t_routed == 0 && t->t_listeners == 0);
	MUST(t->t_opaque == 0 && t->t_timers.i_count == 0 && t->t_timers.i_reserved == 0);
	for (unsigned i = 0; i < MAX_NOTIFICATIONS; i++)
		MUST(t->t_notify[i] == 0);
}

void
check_empty(void)
{
	RTM2_STATISTICS s;

	table_each(check_table_empty, NULL);
	MUST(Rtm2GetStatistics(NULL, &s) == NO_ERROR);
	MUST(s.Entities + s.Routes + s.NextHops + s.Destinations + s.Handles == 0);
}
