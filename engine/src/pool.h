/*
 * pool.h - where every object of the engine lives, and what a handle is.
 *
 * DOC: Objects and handles
 *
 * All objects (entities, destinations, routes, next hops, enumerations, trie nodes) are slots of *chunks*. A chunk
 * holds CHUNK_SLOTS objects of one kind and belongs to one table; one directory for the whole process says where each
 * chunk is. Inside the engine an object is named by a ref_t, which is its chunk's place in the directory and its slot in
 * the chunk: four octets instead of a pointer's eight, and the same on every system. The memory of chunks comes in
 * *runs*, each twice as large as the one before it until a run is a huge page.
 *
 * Outside, an object is named by a handle: its ref_t together with the *stamp* of its slot. A slot's stamp is odd
 * while an object lives in it and goes up by one whenever one is made or freed, so a handle stops fitting as soon as its
 * object goes. handle_resolve() therefore needs no knowledge of the caller's good will: any number either names a live
 * object of the wanted kind in the wanted table, or nothing. A slot that has used up its stamps is given up. Handles stay
 * below 2^53, so that they are exact in a double, and low ones come first, which is what JavaScript engines like best.
 *
 * The directory is never freed and c_owner is atomic, so a handle can be taken apart before any lock is held. All
 * else about a chunk is read and written under the lock of the table that owns it.
 */
#ifndef RTM2_POOL_H
#define RTM2_POOL_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct table;

typedef uint32_t ref_t; /* 0 names nothing */

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
	KIND_NODE,
	KIND_COUNT
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
	uint32_t p_chunks;  /* all chunks of the pool, as a list */
	uint32_t p_partial; /* those with a free slot */
	struct run *p_runs; /* memory with room for more chunks */
	size_t p_run_size;  /* octets of the next run */
	uint32_t p_live;    /* objects */
	size_t p_bytes;     /* memory of the chunks, and what users of the pool add */
};

#ifndef CHUNK_BITS /* tests make them small, so that they come and go */
#define CHUNK_BITS 10 /* so that no run has more chunks than a word has bits: objects are larger than 32 octets */
#endif
#define CHUNK_SLOTS (1u << CHUNK_BITS)

#if UINTPTR_MAX > 0xFFFFFFFFu
#define REF_BITS 26
#define STAMP_BITS 27
#else
#define REF_BITS 22
#define STAMP_BITS 10
#endif

#define REF_MASK (((ref_t)1 << REF_BITS) - 1)
#define STAMP_MASK (((uint32_t)1 << STAMP_BITS) - 1)

void pool_init(struct pool *, struct table *owner, enum kind, size_t size);

/* A zeroed object and its ref_t, or NULL when memory or the directory is full. */
void *pool_alloc(struct pool *, ref_t *);
void pool_free(struct pool *, ref_t);

/* Calls visit for each live object of the pool. */
void pool_each(const struct pool *, void (*visit)(void *object, void *context), void *context);

/* Where the first slot of each chunk is. */
extern uint8_t *chunk_base[(size_t)1 << (REF_BITS - CHUNK_BITS)];

/* The object that a ref_t names; size is that of its pool. */
static inline void *
object_at(ref_t ref, size_t size)
{
	return chunk_base[ref >> CHUNK_BITS] + (ref & (CHUNK_SLOTS - 1)) * size;
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
struct table *handle_owner(const void *handle);

/* The live object of this kind and table that the handle names, or NULL. The table is locked. */
void *handle_resolve(const void *handle, enum kind, const struct table *);

#endif
