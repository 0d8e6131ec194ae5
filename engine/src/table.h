/*
 * table.h - tables, and the objects in them.
 *
 * DOC: Tables
 *
 * There is one table for each (instance, address family) that an entity ever registered with. A table owns pools
 * for its objects and one lock: calls that only read or count references take it shared, calls that change something
 * take it exclusive. A table is never freed, so that a thread may wait for its lock without holding anything else.
 *
 *   table --- t_dests:    trie of destinations by prefix
 *         --- t_entities: trie of registered entities by their 64-bit id
 *   entity -- e_dests:    trie of the destinations that have a route of this entity: what it owns costs what it owns
 *          -- e_hops:     trie of its next hops by address, prefix length and interface
 *   destination -- d_routes: its routes, best first (preference, metric, age); d_best: the best one of each view
 *   route -- destination, owner, neighbour, next hops
 *
 * Lifetime. An object stays while it is part of the table or something counts on it: references that clients hold
 * (o_refs), and holds, which are what the engine's own objects have on each other. A route that was deleted keeps its
 * destination, owner and next hops until its last reference goes. A destination stays in the trie as long as it exists,
 * with or without routes: so a prefix that is added again comes back as the same object; lookups pass over the empty.
 */
#ifndef RTM2_TABLE_H
#define RTM2_TABLE_H

#include "rtmv2.h"

#include "pool.h"
#include "sys.h"
#include "trie.h"

/* Destinations and routes are met in any order, one line of memory each. */
#define CACHE_LINES(octets) (((octets) + 63) & ~(size_t)63)

#define MAX_NEXT_HOPS 8
#define MAX_HANDLES_IN_ENUM 64
#define VIEW_COUNT 2
#define VIEWS_SUPPORTED ((1u << VIEW_COUNT) - 1)

struct entity {
	struct object e_object;
	uint32_t e_holds;         /* routes and next hops that name it as their owner */
	bool e_registered;
	RTM_ENTITY_INFO e_info;
	struct trie e_dests;      /* destinations with a route of this entity */
	struct trie e_hops;       /* its next hops */
	uint32_t e_routes;        /* its routes in the table */
	ref_t e_enums;            /* its enumerations */
	_Atomic int64_t e_handles; /* references taken less references given back by its calls */
	uint8_t e_key[1 + sizeof(ULONGLONG)];
};

struct dest {
	struct object d_object;
	uint32_t d_holds;          /* routes, in the table or not, and next hops with it as their remote one */
	ref_t d_routes;
	ref_t d_best[VIEW_COUNT];
	uint32_t d_made;           /* routes made so far: the age of the next one */
	uint32_t d_changed[2];     /* FILETIME, low half first */
	uint8_t d_key[];
};

struct route {
	struct object r_object;
	ref_t r_dest;
	ref_t r_owner;
	ref_t r_neighbour;
	ref_t r_next;        /* in the destination's list */
	uint32_t r_age;      /* the earlier made, the smaller */
	ULONG r_metric;
	ULONG r_preference;
	uint16_t r_flags;
	uint8_t r_flags1;
	uint8_t r_state;
	uint8_t r_views;
	uint8_t r_hops;      /* number of next hops */
	ref_t r_hop;         /* the one next hop, or the hopset of several */
	PVOID r_specific;
};

struct hopset {
	struct object h_object;
	ref_t h_hop[MAX_NEXT_HOPS];
};

struct nexthop {
	struct object n_object;
	uint32_t n_holds;         /* routes through it or with it as neighbour */
	ref_t n_owner;
	ref_t n_remote;
	RTM_NEXTHOP_INFO n_info;  /* handed out by pointer */
	uint8_t n_key[];
};

struct table {
	sys_rwlock t_lock;
	struct table *t_next;
	USHORT t_instance, t_family;
	unsigned t_octets;       /* of a destination's address */
	unsigned t_hop_octets;   /* of a next hop's address */
	uint32_t t_dest_size, t_hop_size;
	struct trie t_dests, t_entities;
	uint32_t t_routed;       /* destinations with routes */
	struct pool t_pool[KIND_COUNT];
};

#define entity_at(ref) ((struct entity *)object_at(ref, OBJECT_SIZE(sizeof(struct entity))))
#define dest_at(t, ref) ((struct dest *)object_at(ref, (t)->t_dest_size))
#define route_at(ref) ((struct route *)object_at(ref, CACHE_LINES(sizeof(struct route))))
#define hopset_at(ref) ((struct hopset *)object_at(ref, OBJECT_SIZE(sizeof(struct hopset))))
#define nexthop_at(t, ref) ((struct nexthop *)object_at(ref, (t)->t_hop_size))

/*
 * Calls: each entry point begins by locking the caller's table and ends by unlocking it.
 */

enum access { READ, WRITE };

struct call {
	struct table *c_table;
	struct entity *c_caller;
	ref_t c_self;
	enum access c_access;
	int c_balance; /* references given to the caller less those taken back, booked when the call ends */
};

/* Locks the table of a registration. False, with nothing locked, when the handle is not one: ERROR_INVALID_HANDLE. */
bool call_begin(struct call *, RTM_ENTITY_HANDLE, enum access);
void call_end(struct call *);

/* A live object of the caller's table, or NULL. */
static inline void *
call_resolve(const struct call *c, const void *handle, enum kind kind)
{
	return handle_resolve(handle, kind, c->c_table);
}

/* The table of an instance and family; made if need be. NULL: *status is 2 for a family without one, or 8. */
struct table *table_open(USHORT instance, USHORT family, DWORD *status);

/* Calls visit for each table, locked for reading. */
void table_each(void (*visit)(struct table *, void *context), void *context);

/*
 * Addresses
 */

/* The key of a destination prefix; bits behind the prefix are dropped. False: NULL, other family, too many bits. */
bool key_of_prefix(const struct table *, const RTM_NET_ADDRESS *, uint8_t *key);

/* The key of a next hop. False as above. */
bool key_of_hop(const struct table *, const RTM_NET_ADDRESS *, ULONG interface_index, uint8_t *key);

void prefix_of_key(const struct table *, const uint8_t *key, RTM_NET_ADDRESS *);

/* TRUE and the views meant, all supported ones for RTM_VIEW_MASK_ALL; FALSE if there is an unsupported one. */
static inline bool
views_of_mask(RTM_VIEW_SET mask, unsigned *views)
{
	*views = mask == RTM_VIEW_MASK_ALL ? VIEWS_SUPPORTED : mask;
	return (*views & ~VIEWS_SUPPORTED) == 0;
}

/*
 * References
 */

/* Gives one reference to the caller; out is the handle. */
HANDLE refer(struct call *, ref_t, struct object *);

struct held {
	HANDLE h_handle;
	enum kind h_kind;
};

/* Takes these references back from the caller, all or, if one is not held, none: ERROR_INVALID_HANDLE. NULL handles are
 * passed over. May give the lock up and take it again for writing. */
DWORD give_back(struct call *, const struct held *, size_t count);

/* give_back for an array of handles of one kind. */
DWORD give_back_array(struct call *, UINT count, HANDLE *handles, enum kind);

/* Takes back one reference from the caller if it has one: calls that consume a handle. The table is locked for writing. */
void consume(struct call *, struct object *);

/* Free an object that nothing counts on any more, and what only it counted on. For writing. */
void dest_settle(struct table *, ref_t);
void route_settle(struct table *, ref_t);
void nexthop_settle(struct table *, ref_t);
void entity_settle(struct table *, ref_t);

/*
 * Destinations and routes (table.c); the table is locked for writing where something changes.
 */

ref_t dest_find(const struct table *, const uint8_t *key);

/* Whether lookups in these views (0: any) see the destination. */
bool dest_visible(const struct dest *, unsigned views);

/* The route's i-th next hop. */
ref_t route_hop(const struct route *, unsigned i);

/* Whether one route of a destination comes before another in order: preference, metric, age. */
bool route_precedes(ref_t, ref_t);

/* Puts a route that is complete into its destination's list; d_best is not touched. */
void route_link(struct dest *, ref_t);
void route_unlink(struct dest *, ref_t);

/* Chooses the best route of each view anew and stamps the destination. True if one is another than before. */
bool dest_choose(struct dest *);

/* Whether any route of this owner is in the destination's list. */
bool dest_has_route_of(const struct dest *, ref_t owner);

#endif
