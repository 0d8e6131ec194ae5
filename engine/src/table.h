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
 *   route -- destination, owner, neighbour, next hops; the first one of a destination lies beside it (pool.h)
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
#include "timer.h"
#include "trie.h"
#include "worker.h"

/* An IPv4 destination and its twin, the first of its routes, are one line of memory each. */
#define CACHE_LINES(octets) (((octets) + 63) & ~(size_t)63)

#define MAX_NEXT_HOPS 8
#define MAX_HANDLES_IN_ENUM 64
#define VIEW_COUNT 2
#define VIEWS_SUPPORTED ((1u << VIEW_COUNT) - 1)
#define MAX_NOTIFICATIONS 32 /* registrations in one table: a destination has a bit for each */
#define OPAQUE_SLOTS 8       /* entities of one table that may reserve an opaque pointer */
#define LOCK_SHARERS 8       /* threads that may share one lock at a time */

/* A lock that a client holds from one call to another. It belongs to a thread, not to an entity. */
struct userlock {
	uintptr_t l_owner; /* the thread that has it exclusively, or 0 */
	uint32_t l_depth;
	bool l_claimed; /* a timer is overdue: who does not have the lock yet waits behind it */
	struct {
		uintptr_t s_thread;
		uint32_t s_depth;
	} l_sharer[LOCK_SHARERS];
};

struct entity {
	struct object e_object;
	uint32_t e_holds;          /* routes and next hops that name it as their owner, events about it */
	bool e_registered;
	bool e_leaving;            /* is being deregistered: its methods are not invoked any more */
	bool e_blocked;            /* its methods, by RtmBlockMethods */
	RTM_ENTITY_INFO e_info;
	RTM_EVENT_CALLBACK e_callback;
	uint64_t e_came, e_left;   /* when, in registrations and deregistrations of the table: who is told of whom */
	struct trie e_dests;       /* destinations with a route of this entity, held ones included */
	struct trie e_hops;        /* its next hops */
	uint32_t e_routes;         /* its routes in the table */
	ref_t e_enums;             /* its enumerations */
	ref_t e_lists;             /* its route lists */
	uint32_t e_notifications;  /* its change registrations, by their bit */
	unsigned e_opaque;         /* its opaque slot and one; 0: none */
	unsigned e_method_count;
	unsigned e_invocations;    /* of its methods, running now */
	RTM_ENTITY_EXPORT_METHOD *e_methods;
	_Atomic int64_t e_handles; /* references taken less references given back by its calls */
	struct event e_registered_event, e_deregistered_event;
	uint8_t e_key[1 + sizeof(ULONGLONG)];
};

struct dest {
	struct object d_object;
	uint32_t d_holds;          /* routes, in the table or not; next hops with it as their remote one; marks, changes, locks */
	ref_t d_routes;
	ref_t d_best[VIEW_COUNT];
	ref_t d_extra;             /* what few destinations have, or 0 */
	uint32_t d_made;           /* routes made so far: the age of the next one */
	uint32_t d_changed[2];     /* FILETIME, low half first */
	uint32_t d_pending;        /* change registrations to be told of it, by their bit */
	uint32_t d_queued;         /* those that have it in their queue, be it pending or ignored */
	uint32_t d_marked;         /* those that marked it */
	uint8_t d_key[];
};

struct destextra {
	struct object x_object;
	PVOID x_opaque[OPAQUE_SLOTS];
	unsigned x_hold_views;       /* marked for hold-down */
	ULONG x_hold_time;           /* the longest asked for since the last hold, in ms */
	uint64_t x_hold_since;       /* when the hold began, or 0 */
	ref_t x_held[VIEW_COUNT];    /* the route held in each view */
	uint32_t x_timer;            /* see timer.h */
	struct userlock x_lock;
};

struct route {
	struct object r_object;
	ref_t r_dest;
	ref_t r_owner;
	ref_t r_neighbour;
	ref_t r_next;        /* in the destination's list */
	ref_t r_extra;       /* what few routes have, or 0 */
	uint32_t r_age;      /* the earlier made, the smaller */
	ULONG r_metric;
	ULONG r_preference;
	uint16_t r_flags;
	uint8_t r_flags1;
	uint8_t r_state;
	uint8_t r_views;
	uint8_t r_held;      /* views in which it is held */
	uint8_t r_hops;      /* number of next hops */
	ref_t r_hop;         /* the one next hop, or the hopset of several */
	PVOID r_specific;
};

struct routeextra {
	struct object x_object;
	uint32_t x_timer;             /* see timer.h */
	ref_t x_list;                 /* the route list it is in, and its neighbours there */
	ref_t x_next, x_prev;
	uint32_t x_lent;              /* exclusive locks of its owner: then the references in x_info are the owner's */
	bool x_published;             /* x_info was handed out by pointer and is kept up to date */
	bool x_asked;                 /* its owner is asked whether it is to go, and has not updated it since */
	RTM_ROUTE_INFO x_info;
	HANDLE x_room[MAX_NEXT_HOPS - 1]; /* the rest of x_info's next hops */
};

struct hopset {
	struct object h_object;
	ref_t h_hop[MAX_NEXT_HOPS];
};

struct nexthop {
	struct object n_object;
	uint32_t n_holds;         /* routes through it or with it as neighbour, locks */
	ref_t n_owner;
	ref_t n_remote;
	struct userlock n_lock;
	RTM_NEXTHOP_INFO n_info;  /* handed out by pointer */
	uint8_t n_key[];
};

struct table {
	sys_rwlock t_lock;
	struct table *t_next;
	USHORT t_instance, t_family;
	unsigned t_octets;       /* of a destination's address */
	unsigned t_hop_octets;   /* of a next hop's address */
	struct trie t_dests, t_entities;
	uint32_t t_routed;       /* destinations with routes */
	uint32_t t_listeners;    /* registered entities with a callback */
	uint64_t t_comings;      /* registrations and deregistrations so far */
	unsigned t_opaque;       /* opaque slots taken, by their bit */
	uint32_t t_notified;     /* change registrations, by their bit */
	ref_t t_notify[MAX_NOTIFICATIONS];
	struct timers t_timers;
	struct pool t_pool[KIND_COUNT];
};

#define entity_at(ref) ((struct entity *)object_at(ref))
#define dest_at(ref) ((struct dest *)object_at(ref))
#define destextra_at(ref) ((struct destextra *)object_at(ref))
#define route_at(ref) ((struct route *)object_at(ref))
#define routeextra_at(ref) ((struct routeextra *)object_at(ref))
#define hopset_at(ref) ((struct hopset *)object_at(ref))
#define nexthop_at(ref) ((struct nexthop *)object_at(ref))

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

/* The next table in a list that only grows, from NULL to NULL. Not locked. */
struct table *table_after(const struct table *);

/* No code of the API, but what an attempt at a call answers that has to wait. */
#define WAITING 0xFFFFFFFFu

/* Ends the call and waits until some lock of a client is given up, methods are resumed, or the like; then the call is to
 * be begun again. */
void call_wait(struct call *);

/* Wakes those who wait so; the table is locked for writing. */
void wake_waiting(void);

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

/* Enters or takes back a reference without a call: those that events bring. */
HANDLE refer_event(ref_t, struct object *, ref_t entity);
void unrefer_event(struct object *, ref_t entity);

/*
 * Destinations and routes (table.c); the table is locked for writing where something changes.
 */

ref_t dest_find(const struct table *, const uint8_t *key);

/* Whether lookups in these views (0: any) see the destination. */
bool dest_visible(const struct dest *, unsigned views);

/* Notes the time of a change. */
void dest_stamp(struct dest *);

/* The destination's extra part, made if need be; NULL when memory is short. */
struct destextra *dest_extra(struct table *, struct dest *);

/* The route held in a view, or 0. */
ref_t dest_held(const struct dest *, unsigned view);

/* Whether any route of this owner is in the destination's list, or held. */
bool dest_has_route_of(const struct dest *, ref_t owner);

/* The route's i-th next hop. */
ref_t route_hop(const struct route *, unsigned i);

/* The handle of a next hop; NULL for 0. */
HANDLE hop_handle(ref_t);

/* The route's extra part, made if need be; NULL when memory is short. */
struct routeextra *route_extra(struct table *, struct route *);

/* Brings the route's published RTM_ROUTE_INFO up to date, if there is one. */
void route_publish(ref_t);

/* Puts a route that is complete into its destination's list; d_best is not touched. */
void route_link(struct dest *, ref_t);
void route_unlink(struct dest *, ref_t);

/* What a destination was like before a change to one of its routes: what the change is measured against. */
struct before {
	ref_t b_best[VIEW_COUNT];
	unsigned b_views; /* of the route; the rest is of use only if it was in some */
	ULONG b_preference, b_metric;
	uint16_t b_flags;
	unsigned b_hops;
	ref_t b_hop[MAX_NEXT_HOPS];
};

/* Takes the destination down before the change of a route; route 0 for one that is to be added. */
void before_change(const struct dest *, ref_t route, struct before *);

/* After it: chooses the best route of each view anew, stamps the destination, tells the change registrations. True if a
 * best route is another than before. */
bool after_change(struct table *, ref_t dest, ref_t route, const struct before *);

/* Takes a live route out of the table, held down or for good, and frees it if nothing counts on it. True if it was a best
 * one. */
bool route_remove(struct table *, ref_t);

/* Ends the hold of a destination whose time is up. */
void hold_end(struct table *, ref_t dest);

/*
 * Locks of clients (lock.c); the table is locked for writing.
 */

/* Takes or gives up the lock for this thread. False: not to be had now, or not held in this mode. */
bool userlock_take(struct userlock *, bool exclusive);
bool userlock_give(struct userlock *, bool exclusive);

/* Whether another thread holds the lock in a way that forbids changes, or even reading. */
bool userlock_bars(const struct userlock *);
bool userlock_bars_reading(const struct userlock *);

/* Whether another thread holds the destination. */
bool dest_is_barred(const struct dest *);

/* Keeps a destination that another thread holds for the timer that is overdue: clients that lock it by turns would else
 * never leave it alone when the timer tries again. The claim ends with that timer. */
void dest_claim(const struct dest *);
void dest_unclaim(const struct dest *);

/* Takes over what its owner wrote into a next hop under the lock (nexthop.c). */
void nexthop_commit(const struct call *, ref_t);

#endif
