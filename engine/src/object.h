/*
 * object.h - references that clients hold to objects, and when an object goes.
 */
#ifndef RTM2_OBJECT_H
#define RTM2_OBJECT_H

#include "call.h"

/* Gives one reference to the caller; out is the handle. */
HANDLE refer(struct call *, ref_t, struct object *);

struct held {
	HANDLE h_handle;
	enum kind h_kind;
};

/* Takes these references back from the caller, all or, if one is not held, none: ERROR_INVALID_HANDLE. NULL handles are
 * passed over. May give the lock up and take it again for writing. */
DWORD give_back(struct call *, const struct held *, size_t count);

/* The same in steps, for more references than fit into one array: held_drop takes a part of them, all or none, and sets
 * detached if something is to be freed now; when all parts are taken, held_settle frees what each has left without a
 * reference, and may take the lock for writing as above; held_restore gives a part to the caller again, as long as
 * nothing was settled. */
bool held_drop(struct call *, const struct held *, size_t count, bool *detached);
void held_restore(struct call *, const struct held *, size_t count);
void held_settle(struct call *, const struct held *, size_t count);

/* A whole call that gives back the references of an array of handles of one kind, all or none; a NULL one is not
 * held. */
DWORD release_handles(RTM_ENTITY_HANDLE, UINT count, HANDLE *handles, enum kind);

/* Takes back one reference from the caller if it has one: calls that consume a handle. The table is locked for
 * writing. */
void consume(struct call *, struct object *);

/* Free an object that nothing counts on any more, and what only it counted on. For writing. */
void dest_settle(struct table *, ref_t);
void route_settle(struct table *, ref_t);
void nexthop_settle(struct table *, ref_t);
void entity_settle(struct table *, ref_t);

/* Enters or takes back a reference without a call: those that events bring. */
HANDLE refer_event(ref_t, struct object *, ref_t entity);
void unrefer_event(struct object *, ref_t entity);

/* The destination's extra part, made if need be; NULL when memory is short. */
struct destextra *dest_extra(struct table *, struct dest *);

/* The route's extra part, made if need be; NULL when memory is short. */
struct routeextra *route_extra(struct table *, struct route *);

#endif
