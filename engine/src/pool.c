/*
 * pool.c - chunks, their directory, and handles. The idea is told in pool.h.
 */
#include <stdlib.h>
#include <string.h>

#include "pool.h"
#include "sys.h"

#define CHUNK_COUNT ((uint32_t)1 << (REF_BITS - CHUNK_BITS))
#define NO_SLOT 0xFFFFFFFFu

struct chunk {
	uint32_t ch_main;  /* the chunk whose memory this one's slots are in, or 0 */
	uint32_t ch_stamp; /* where the stamps of a new chunk in this place begin: no handle ever fits twice */
	struct run *ch_run; /* where its memory is */
	uint32_t ch_free;   /* first free slot */
	uint32_t ch_used;
	uint32_t ch_next, ch_prev;                 /* all chunks of the pool */
	uint32_t ch_partial_next, ch_partial_prev; /* those with a free slot */
};

/* Memory for several chunks of one pool. */
struct run {
	uint8_t *ru_base;
	uint64_t ru_vacant, ru_all; /* a bit for each place of a chunk: vacant ones, all there are */
	struct run *ru_next, *ru_prev; /* the pool's runs with a vacant place */
};

struct place places[CHUNK_COUNT];
static struct chunk chunks[CHUNK_COUNT];

/* Guards the two numbers below. */
static sys_mutex directory_lock = SYS_MUTEX_INIT(ORDER_DIRECTORY);
static uint32_t directory_used = 1; /* place 0 stays empty, so that no ref_t is 0 */
static uint32_t directory_free;     /* places that were in use, linked by ch_next */

static size_t
chunk_octets(const struct pool *p)
{
	return (size_t)p->p_slots * p->p_stride;
}

void
pool_init(struct pool *p, struct table *owner, enum kind kind, size_t size, struct pool *twins)
{
	memset(p, 0, sizeof(*p));
	p->p_owner = owner;
	p->p_kind = kind;
	p->p_size = OBJECT_SIZE(size);
	p->p_stride = p->p_size + (twins != NULL ? twins->p_size : 0);
	p->p_slots = (uint32_t)(CHUNK_OCTETS / p->p_stride);
	if (p->p_slots > CHUNK_SLOTS)
		p->p_slots = CHUNK_SLOTS;
	p->p_twins = twins;
	if (twins != NULL)
		twins->p_mains = p;
	p->p_run_size = chunk_octets(p);
}

static uint32_t
directory_take(void)
{
	uint32_t c = 0;

	sys_mutex_lock(&directory_lock);
	if (directory_free != 0) {
		c = directory_free;
		directory_free = chunks[c].ch_next;
	} else if (directory_used < CHUNK_COUNT)
		c = directory_used++;
	sys_mutex_unlock(&directory_lock);
	return c;
}

static void
directory_give(uint32_t c)
{
	sys_mutex_lock(&directory_lock);
	chunks[c].ch_next = directory_free;
	directory_free = c;
	sys_mutex_unlock(&directory_lock);
}

static void
partial_insert(struct pool *p, uint32_t c)
{
	chunks[c].ch_partial_prev = 0;
	chunks[c].ch_partial_next = p->p_partial;
	if (p->p_partial != 0)
		chunks[p->p_partial].ch_partial_prev = c;
	p->p_partial = c;
}

static void
partial_remove(struct pool *p, uint32_t c)
{
	uint32_t next = chunks[c].ch_partial_next, prev = chunks[c].ch_partial_prev;

	if (prev != 0)
		chunks[prev].ch_partial_next = next;
	else
		p->p_partial = next;
	if (next != 0)
		chunks[next].ch_partial_prev = prev;
}

/*
 * Runs
 */

static void
run_insert(struct pool *p, struct run *u)
{
	u->ru_prev = NULL;
	u->ru_next = p->p_runs;
	if (u->ru_next != NULL)
		u->ru_next->ru_prev = u;
	p->p_runs = u;
}

static void
run_remove(struct pool *p, struct run *u)
{
	if (u->ru_prev != NULL)
		u->ru_prev->ru_next = u->ru_next;
	else
		p->p_runs = u->ru_next;
	if (u->ru_next != NULL)
		u->ru_next->ru_prev = u->ru_prev;
}

static bool
run_add(struct pool *p)
{
	size_t room = p->p_run_size / chunk_octets(p);
	struct run *u = malloc(sizeof(*u));
	uint8_t *base = u != NULL ? sys_pages_alloc(p->p_run_size) : NULL;

	if (base == NULL) {
		free(u);
		return false;
	}
	u->ru_base = base;
	u->ru_all = room < 64 ? ((uint64_t)1 << room) - 1 : ~(uint64_t)0;
	u->ru_vacant = u->ru_all;
	run_insert(p, u);
	p->p_run_size *= 2;
	if (p->p_run_size > SYS_HUGE_PAGE)
		p->p_run_size = SYS_HUGE_PAGE;
	if (p->p_run_size > 64 * chunk_octets(p))
		p->p_run_size = 64 * chunk_octets(p);
	return true;
}

/* Memory for one chunk, or NULL. */
static uint8_t *
run_take(struct pool *p, struct run **run)
{
	struct run *u;
	unsigned place;

	if (p->p_runs == NULL && !run_add(p))
		return NULL;
	u = p->p_runs;
	place = (unsigned)__builtin_ctzll(u->ru_vacant);
	u->ru_vacant &= u->ru_vacant - 1;
	if (u->ru_vacant == 0)
		run_remove(p, u);
	*run = u;
	return u->ru_base + place * chunk_octets(p);
}

static void
run_give(struct pool *p, struct run *u, const uint8_t *base)
{
	size_t place = (size_t)(base - u->ru_base) / chunk_octets(p);

	if (u->ru_vacant == 0)
		run_insert(p, u);
	u->ru_vacant |= (uint64_t)1 << place;
	if (u->ru_vacant == u->ru_all) {
		run_remove(p, u);
		sys_pages_free(u->ru_base);
		free(u);
	}
}

/*
 * Chunks
 */

static inline struct object *
slot_at(uint32_t c, uint32_t slot)
{
	return (struct object *)(void *)(places[c].a_base + (size_t)slot * places[c].a_stride);
}

/* Makes a chunk of slots that are all free. */
static void
chunk_open(const struct pool *p, uint32_t c, uint8_t *base, uint32_t stride, uint32_t slots)
{
	struct place *place = &places[c];

	place->a_base = base;
	place->a_stride = stride;
	place->a_slots = slots;
	place->a_twin = 0;
	place->a_kind = p->p_kind;
	chunks[c].ch_used = 0;
	chunks[c].ch_main = 0;
	for (uint32_t slot = 0; slot < slots; slot++)
		slot_at(c, slot)->o_stamp = chunks[c].ch_stamp;
	atomic_store_explicit(&place->a_owner, p->p_owner, memory_order_release);
}

/* Gives the place up; later stamps in it begin where the latest of these ends. */
static void
chunk_close(uint32_t c)
{
	struct chunk *chunk = &chunks[c];

	for (uint32_t slot = 0; slot < places[c].a_slots; slot++)
		if (slot_at(c, slot)->o_stamp > chunk->ch_stamp)
			chunk->ch_stamp = slot_at(c, slot)->o_stamp;
	atomic_store_explicit(&places[c].a_owner, NULL, memory_order_release);
	directory_give(c);
}

static void
twins_open(struct pool *p, uint32_t c, uint32_t twin)
{
	chunk_open(p->p_twins, twin, places[c].a_base + p->p_size, p->p_stride, p->p_slots);
	for (uint32_t slot = 0; slot < p->p_slots; slot++)
		atomic_init(&slot_at(twin, slot)->o_refs, 0);
	chunks[twin].ch_main = c;
	places[c].a_twin = twin;
}

static bool
chunk_add(struct pool *p)
{
	struct run *run;
	uint8_t *base = run_take(p, &run);
	uint32_t c = base != NULL ? directory_take() : 0, twin = c != 0 && p->p_twins != NULL ? directory_take() : 0;
	struct chunk *chunk = &chunks[c];

	if (c == 0 || (twin == 0 && p->p_twins != NULL)) {
		if (c != 0)
			directory_give(c);
		if (base != NULL)
			run_give(p, run, base);
		return false;
	}
	chunk_open(p, c, base, p->p_stride, p->p_slots);
	for (uint32_t slot = 0; slot < p->p_slots; slot++)
		atomic_init(&slot_at(c, slot)->o_refs, slot + 1 < p->p_slots ? slot + 1 : NO_SLOT);
	if (twin != 0)
		twins_open(p, c, twin);
	chunk->ch_run = run;
	chunk->ch_free = 0;
	chunk->ch_prev = 0;
	chunk->ch_next = p->p_chunks;
	if (p->p_chunks != 0)
		chunks[p->p_chunks].ch_prev = c;
	p->p_chunks = c;
	partial_insert(p, c);
	p->p_bytes += chunk_octets(p);
	return true;
}

static void
chunk_drop(struct pool *p, uint32_t c)
{
	struct chunk *chunk = &chunks[c];
	uint8_t *base = places[c].a_base;
	struct run *run = chunk->ch_run;

	partial_remove(p, c);
	if (chunk->ch_prev != 0)
		chunks[chunk->ch_prev].ch_next = chunk->ch_next;
	else
		p->p_chunks = chunk->ch_next;
	if (chunk->ch_next != 0)
		chunks[chunk->ch_next].ch_prev = chunk->ch_prev;
	if (places[c].a_twin != 0)
		chunk_close(places[c].a_twin);
	chunk_close(c);
	run_give(p, run, base);
	p->p_bytes -= chunk_octets(p);
}

/* Makes an object in a free slot. */
static void *
slot_take(struct pool *p, struct object *o)
{
	uint32_t stamp = (o->o_stamp + 1) & STAMP_MASK;

	p->p_live++;
	memset(o, 0, p->p_size);
	o->o_stamp = stamp;
	return o;
}

void *
pool_alloc(struct pool *p, ref_t *ref)
{
	uint32_t c, slot;
	struct object *o;

	if (p->p_partial == 0 && !chunk_add(p))
		return NULL;
	c = p->p_partial;
	slot = chunks[c].ch_free;
	o = slot_at(c, slot);
	chunks[c].ch_free = atomic_load_explicit(&o->o_refs, memory_order_relaxed);
	chunks[c].ch_used++;
	if (chunks[c].ch_free == NO_SLOT)
		partial_remove(p, c);
	*ref = c << CHUNK_BITS | slot;
	return slot_take(p, o);
}

void *
pool_alloc_beside(struct pool *p, ref_t other, ref_t *ref)
{
	uint32_t c = places[other >> CHUNK_BITS].a_twin, slot = other & (CHUNK_SLOTS - 1);
	struct object *o = slot_at(c, slot);

	if ((o->o_stamp & 1) != 0 || atomic_load_explicit(&o->o_refs, memory_order_relaxed) == NO_SLOT)
		return pool_alloc(p, ref);
	*ref = c << CHUNK_BITS | slot;
	return slot_take(p, o);
}

void
pool_free(struct pool *p, ref_t ref)
{
	uint32_t c = ref >> CHUNK_BITS, slot = ref & (CHUNK_SLOTS - 1);
	struct chunk *chunk = &chunks[c];
	struct object *o = slot_at(c, slot);

	p->p_live--;
	o->o_stamp = (o->o_stamp + 1) & STAMP_MASK;
	/* A slot that has used up its stamps stays empty for good, and its chunk in place, or an old handle would fit
	 * again. */
	if (chunk->ch_main != 0) {
		atomic_store_explicit(&o->o_refs, o->o_stamp == 0 ? NO_SLOT : 0, memory_order_relaxed);
		chunks[chunk->ch_main].ch_used += o->o_stamp == 0;
		return;
	}
	if (o->o_stamp == 0)
		return;
	atomic_store_explicit(&o->o_refs, chunk->ch_free, memory_order_relaxed);
	if (chunk->ch_free == NO_SLOT)
		partial_insert(p, c);
	chunk->ch_free = slot;
	/* The last chunk with room is kept: one route that comes and goes should not cost a chunk each time. */
	if (--chunk->ch_used == 0 && (p->p_partial != c || chunk->ch_partial_next != 0))
		chunk_drop(p, c);
}

static void
chunk_each(uint32_t c, void (*visit)(void *, void *), void *context)
{
	for (uint32_t slot = 0; slot < places[c].a_slots; slot++)
		if (slot_at(c, slot)->o_stamp & 1)
			visit(slot_at(c, slot), context);
}

void
pool_each(const struct pool *p, void (*visit)(void *, void *), void *context)
{
	for (uint32_t c = p->p_chunks; c != 0; c = chunks[c].ch_next)
		chunk_each(c, visit, context);
	if (p->p_mains == NULL)
		return;
	for (uint32_t c = p->p_mains->p_chunks; c != 0; c = chunks[c].ch_next)
		chunk_each(places[c].a_twin, visit, context);
}
