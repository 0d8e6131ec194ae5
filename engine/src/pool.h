/*
 * pool.h - where every object of the engine lives, and what a handle is.
 *
 * DOC: Objects and handles
 *
 * All objects (entities, destinations, routes, next hops, enumerations, trie nodes) are slots of *chunks*. A chunk
 * holds up to CHUNK_SLOTS objects of one kind and belongs to one table; one directory for the whole process says where
 * each chunk is and how far apart its slots are. Inside the engine an object is named by a ref_t, which is its chunk's
 * place in the directory and its slot in the chunk: four octets instead of a pointer's eight, and the same on every
 * system. The memory of chunks comes in *runs*, each twice as large as the one before it until a run is a huge page.
 *
 * A destination hardly ever comes without a route, nor is it looked at without it. So the memory behind each
 * destination is a slot for a route, its *twin*: the slots behind those of a chunk make a chunk of their own, with a
 * place in the directory but without memory of its own. Both lie in two neighbouring lines of the processor's cache,
 * which come from memory at the same time. All other routes of the destination are in chunks of their own.
 *
 * Outside, an object is named by a handle: its ref_t together with the *stamp* of its slot. A slot's stamp is odd while
 * an object lives in it and goes up by one whenever one is made or freed, so a handle stops fitting as soon as its
 * object goes. handle_resolve() therefore needs no knowledge of the caller's good will: any number either names a live
 * object of the wanted kind in the wanted table, or nothing. A slot that has used up its stamps is given up. Handles
 * stay below 2^53, so that they are exact in a double, and low ones come first, which is what JavaScript engines like
 * best.
 *
 * The directory is never freed and a_owner is atomic, so a handle can be taken apart before any lock is held. All else
 * about a chunk is read and written under the lock of the table that owns it.
 */
#ifndef RTM2_POOL_H
#define RTM2_POOL_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct table;

typedef uint32_t ref_t; /* 0 names nothing */

#define NODE_CLASSES 7 /* sizes of trie nodes */

enum kind {
	KIND_ENTITY,
	KIND_DEST,
	KIND_DEST_EXTRA,
	KIND_ROUTE,
	KIND_ROUTE_EXTRA,
	KIND_HOPSET,
	KIND_NEXTHOP,
	KIND_ENUM,
	KIND_LIST,
	KIND_NOTIFY,
	KIND_NODE, /* the smallest trie nodes; larger ones follow */
	KIND_COUNT = KIND_NODE + NODE_CLASSES
};

/* Every object starts with this. */
struct object {
	uint32_t o_stamp;        /* odd: live */
	_Atomic uint32_t o_refs; /* references that clients hold; in a free slot, the next free one */
};

struct run;

/* Objects are aligned for any member, on 32-bit systems too. */
#define OBJECT_SIZE(octets) (((uint32_t)(octets) + 7u) & ~7u)

struct pool {
	struct table *p_owner;
	enum kind p_kind;
	uint32_t p_size;    /* octets of one object */
	uint32_t p_stride;  /* octets of one slot: an object and its twin */
	uint32_t p_slots;   /* of a chunk */
	struct pool *p_twins; /* the pool that the twins belong to, or NULL */
	const struct pool *p_mains; /* the pool whose objects these may be twins of, or NULL */
	uint32_t p_chunks;  /* all chunks of the pool, as a list */
	uint32_t p_partial; /* those with a free slot */
	struct run *p_runs; /* memory with room for more chunks */
	size_t p_run_size;  /* octets of the next run */
	uint32_t p_live;    /* objects */
	size_t p_bytes;     /* memory of the chunks, and what users of the pool add */
};

#ifndef CHUNK_BITS /* tests make them small, so that they come and go */
#define CHUNK_BITS 9
#endif
#define CHUNK_SLOTS (1u << CHUNK_BITS)
#define CHUNK_OCTETS ((size_t)64 << 10) /* at most: a small table must not cost much */

#if UINTPTR_MAX > 0xFFFFFFFFu
#define REF_BITS 26
#define STAMP_BITS 27
#else
#define REF_BITS 22
#define STAMP_BITS 10
#endif

#define REF_MASK (((ref_t)1 << REF_BITS) - 1)
#define STAMP_MASK (((uint32_t)1 << STAMP_BITS) - 1)

/* A pool of objects of this size; each has a twin that belongs to another pool, if that is not NULL. */
void pool_init(struct pool *, struct table *owner, enum kind, size_t size, struct pool *twins);

/* A zeroed object and its ref_t, or NULL when memory or the directory is full. */
void *pool_alloc(struct pool *, ref_t *);

/* The same for a pool of twins: beside this object, or anywhere if that slot is taken. */
void *pool_alloc_beside(struct pool *, ref_t, ref_t *);

void pool_free(struct pool *, ref_t);

/* Calls visit for each live object of a pool. */
void pool_each(const struct pool *, void (*visit)(void *object, void *context), void *context);

/* What finding an object takes to know about its chunk. */
struct place {
	uint8_t *a_base;                 /* where its slots are */
	_Atomic(struct table *) a_owner; /* NULL: not in use */
	uint32_t a_stride;               /* octets from slot to slot */
	uint32_t a_slots;
	uint32_t a_twin;                 /* the place of the twins, or 0 */
	enum kind a_kind;
};

extern struct place places[(size_t)1 << (REF_BITS - CHUNK_BITS)];

/* The object that a ref_t names. */
static inline void *
object_at(ref_t ref)
{
	const struct place *place = &places[ref >> CHUNK_BITS];

	return place->a_base + (size_t)(ref & (CHUNK_SLOTS - 1)) * place->a_stride;
}

/* Has the two lines fetched where an object and its twin are, so that they are there when they are needed. */
static inline void
object_prefetch(ref_t ref)
{
	const uint8_t *object = object_at(ref);

	__builtin_prefetch(object);
	__builtin_prefetch(object + 64);
}

static inline void *
handle_of(ref_t ref, const void *object)
{
	return (void *)((uintptr_t)((const struct object *)object)->o_stamp << REF_BITS | ref);
}

static inline ref_t
handle_ref(const void *handle)
{
	return (ref_t)((uintptr_t)handle & REF_MASK);
}

/* The table that would own the object of this handle, or NULL. Needs no lock. */
static inline struct table *
handle_owner(const void *handle)
{
	return atomic_load_explicit(&places[handle_ref(handle) >> CHUNK_BITS].a_owner, memory_order_acquire);
}

/* The live object of this kind and table that the handle names, or NULL. The table is locked. */
static inline void *
handle_resolve(const void *handle, enum kind kind, const struct table *t)
{
	ref_t ref = handle_ref(handle);
	struct place *place = &places[ref >> CHUNK_BITS];
	struct object *o;

	if (atomic_load_explicit(&place->a_owner, memory_order_relaxed) != t || place->a_kind != kind ||
	    (ref & (CHUNK_SLOTS - 1)) >= place->a_slots)
		return NULL;
	o = (struct object *)object_at(ref);
	return (o->o_stamp & 1) != 0 && handle_of(ref, o) == handle ? o : NULL;
}

#endif
