/*
 * call.h - what all calls of clients have in common.
 *
 * Each entry point begins by locking the caller's table and ends by unlocking it.
 */
#ifndef RTM2_CALL_H
#define RTM2_CALL_H

#include "table.h"

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

/* No code of the API, but what an attempt at a call answers that has to wait. */
#define WAITING 0xFFFFFFFFu

/* Ends the call and waits until some lock of a client is given up, methods are resumed, or the like; then the call is to
 * be begun again. */
void call_wait(struct call *);

/* Wakes those who wait so; the table is locked for writing. */
void wake_waiting(void);

#endif
