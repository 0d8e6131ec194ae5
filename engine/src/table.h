/*
 * table.h - what a table consists of: the structures, and nothing that changes them.
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
#include "userlock.h"
#include "worker.h"

/* An IPv4 destination and its twin, the first of its routes, are one line of memory each. */
#define CACHE_LINES(octets) (((octets) + 63) & ~(size_t)63)

#define MAX_NEXT_HOPS 8
#define MAX_HANDLES_IN_ENUM 64
#define VIEW_COUNT 2
#define VIEWS_SUPPORTED ((1u << VIEW_COUNT) - 1)
#define MAX_NOTIFICATIONS 32 /* registrations in one table: a destination has a bit for each */
#define OPAQUE_SLOTS 8       /* entities of one table that may reserve an opaque pointer */

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
	uint32_t d_holds;          /* routes, deleted ones too; next hops that name it; marks, changes, locks */
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
	struct object dx_object;
	PVOID dx_opaque[OPAQUE_SLOTS];
	unsigned dx_hold_views;       /* marked for hold-down */
	ULONG dx_hold_time;           /* the longest asked for since the last hold, in ms */
	uint64_t dx_hold_since;       /* when the hold began, or 0 */
	ref_t dx_held[VIEW_COUNT];    /* the route held in each view */
	uint32_t dx_timer;            /* see timer.h */
	struct userlock dx_lock;
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
	struct object rx_object;
	uint32_t rx_timer;             /* see timer.h */
	ref_t rx_list;                 /* the route list it is in, and its neighbours there */
	ref_t rx_next, rx_prev;
	uint32_t rx_lent;              /* exclusive locks of its owner, which has the references in rx_info then */
	bool rx_published;             /* rx_info was handed out by pointer and is kept up to date */
	bool rx_asked;                 /* its owner is asked whether it is to go, and has not updated it since */
	RTM_ROUTE_INFO rx_info;
	HANDLE rx_room[MAX_NEXT_HOPS - 1]; /* the rest of rx_info's next hops */
};

struct hopset {
	struct object hs_object;
	ref_t hs_hop[MAX_NEXT_HOPS];
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

/* The destination's route that is held in a view, or 0. */
static inline ref_t
dest_held(const struct dest *d, unsigned view)
{
	return d->d_extra != 0 ? destextra_at(d->d_extra)->dx_held[view] : 0;
}

/* Whether another thread holds a lock of the destination. */
static inline bool
dest_is_barred(const struct dest *d)
{
	return d->d_extra != 0 && userlock_bars(&destextra_at(d->d_extra)->dx_lock);
}

/* The route's i-th next hop. */
static inline ref_t
route_hop(const struct route *r, unsigned i)
{
	return r->r_hops == 1 ? r->r_hop : hopset_at(r->r_hop)->hs_hop[i];
}

/* Whether the route is in one of the views; 0: any. */
static inline bool
route_in_views(const struct route *r, unsigned views)
{
	return views == 0 || (r->r_views & views) != 0;
}

/* The handle of a next hop; NULL for 0. */
static inline HANDLE
hop_handle(ref_t hop)
{
	return hop != 0 ? handle_of(hop, nexthop_at(hop)) : NULL;
}

/*
 * The lock of a table. Most of the library takes it by a call (call.h); what is no call of a client takes it here.
 */

enum access { READ, WRITE };

static inline void
table_lock(struct table *t, enum access access)
{
	if (access == READ)
		sys_read_lock(&t->t_lock);
	else
		sys_write_lock(&t->t_lock);
}

static inline void
table_unlock(struct table *t, enum access access)
{
	if (access == READ)
		sys_read_unlock(&t->t_lock);
	else
		sys_write_unlock(&t->t_lock);
}

#endif
