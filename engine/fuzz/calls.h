/*
 * calls.h - the calls that inputs are made of, and what they have in common: what may be answered, what an answer gives and
 * takes, and which locks are held.
 */
#ifndef RTM2_FUZZ_CALLS_H
#define RTM2_FUZZ_CALLS_H

#include "input.h"
#include "table.h"

/*
 * Results
 */

/* The client with this registration handle, registered or not, or NOBODY. */
int client_of(HANDLE);

/* Whether calls of this client can succeed. */
bool is_there(int client);
unsigned table_of(int client);

bool same_entity(const RTM_ENTITY_INFO *, const RTM_ENTITY_INFO *);

/* Whether a handle is that of an open object of the client. */
bool is_own(int client, HANDLE, enum kind);

/* What a call may answer at all; with a registration that is none, nothing but 6. */
DWORD answered(int client, DWORD status);

/* What a call gave goes into the book. */
void given_dest_info(int client, const RTM_DEST_INFO *);
void given_route_info(int client, const RTM_ROUTE_INFO *);
void given_all(int client, UINT count, const HANDLE *, enum kind);

/* Handles that a release names; NULL ones are passed over if the structure may have them. */
struct named {
	HANDLE d_handle;
	enum kind d_kind;
};

/* Whether the client's table has a reference for each of the handles. */
bool all_held(int client, const struct named *, unsigned count, bool with_null);
void taken_all(int client, const struct named *, unsigned count);

/*
 * Locks
 */

enum { MOST_LOCKS = 16 };

/* A lock that is held, and through which pointer its holder may write. */
struct lock {
	enum { NO_LOCK, DEST_LOCK, ROUTE_LOCK, HOP_LOCK } l_kind;
	int l_client;
	unsigned l_table;
	HANDLE l_handle; /* of the destination or the next hop */
	HANDLE l_route;
	BOOL l_exclusive;
	RTM_ROUTE_INFO *l_info;
	RTM_NEXTHOP_INFO *l_hop_info;
};

extern struct lock locks[MOST_LOCKS];

/* One of the locks on an object in this mode, or NULL. */
struct lock *lock_find(HANDLE, BOOL exclusive);

/* Pointers through which nobody may write any more. */
void lock_disarm(HANDLE dest, HANDLE route);
void unlock(struct lock *, int client);

/* The references that the owner's locks on a route have lent it: how many locks, and on which next hops. */
struct lent {
	HANDLE t_route;
	uint32_t t_locks;
	unsigned t_count;
	HANDLE t_hop[MAX_NEXT_HOPS + 1];
};

struct route *route_inside(int client, HANDLE);
struct lent lent_of(int client, HANDLE route);

/* Those of all routes in the client's table with any. */
unsigned all_lent(int client, struct lent *);

/* The same of the next hops that a description of the route names. A route that is told to expire at once may be gone
 * when the call returns, so what it has then is not looked up there. */
struct lent lent_of_info(const RTM_ROUTE_INFO *);
void lent_given(int client, const struct lent *);
void lent_taken(int client, const struct lent *);

/*
 * The end of a client
 */

/* What a client has to do before it deregisters. Its enumerations, lists and notifications go with it. */
void deregister(int client);

/*
 * Calls: each is made by a client, NOBODY if the handle is not that of one.
 */

typedef void call(int client, HANDLE self);

/* entities.c */
call register_entity, deregister_entity, get_registered_entities, entity_info, get_entity_methods, invoke_method, block_methods;

/* reads.c */
call get_dest_info, get_route_info, get_hop_info, match_route, release_array, release_route_info, release_hop_info, release_dest_info, reference_handles, create_enum, get_enum, close_one;

/* routes.c */
call add_next_hop, find_next_hop, delete_next_hop, add_route, delete_route, hold_destination, get_route_pointer, get_opaque_pointer, register_for_changes, get_changed_dests, change_status, create_list, insert_in_list;

/* locks.c */
call lock_destination, lock_route, lock_next_hop, write_in_place, update_and_unlock;

#endif
