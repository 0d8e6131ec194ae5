/*
 * call.h - what all calls of clients have in common: a table is locked, an attempt is made, and repeated if it has to wait.
 *
 * An entry point is a wrapper round one attempt, which checks and acts with the table locked and returns as soon as it knows
 * the answer:
 *
 *     struct call c = call_by(RtmRegHandle, WRITE);
 *
 *     while (call_attempt(&c))
 *             c.c_status = delete_next_hop(&c, NextHopHandle, NextHopInfo);
 *     return c.c_status;
 */
#ifndef RTM2_CALL_H
#define RTM2_CALL_H

#include "table.h"

struct call {
	RTM_ENTITY_HANDLE c_handle;
	enum access c_access;
	struct table *c_table; /* NULL until the first attempt */
	struct entity *c_caller;
	ref_t c_self;
	int c_balance;         /* references given to the caller less those taken back, booked when the attempt ends */
	DWORD c_status;        /* of the latest attempt */
	bool c_for_callback;   /* waits for a callback of this notification, or of any if that is NULL */
	HANDLE c_notification;
};

/* No code of the API, but the status of an attempt that has to be made again when a lock of a client has been given up, methods
 * are resumed, or the like. */
#define WAITING 0xFFFFFFFFu

/* A call by this handle, before its first attempt. */
static inline struct call
call_by(RTM_ENTITY_HANDLE handle, enum access access)
{
	struct call c;

	c.c_handle = handle;
	c.c_access = access;
	c.c_table = NULL;
	c.c_for_callback = false;
	return c;
}

/* Locks the table of the call's registration. False, with nothing locked, when the handle is none. */
bool call_begin(struct call *);

/* Books what the attempt gave and took, and unlocks. */
void call_end(struct call *);

/* Ends the attempt and waits until it is worth while to make another one. */
void call_wait(struct call *);

/* Wakes those who wait so. What they wait for was changed with their table locked; it may be unlocked again. */
void wake_waiting(void);

/* Whether an attempt is to be made: the table is locked then. Else c_status is what the call answers. */
static inline bool
call_attempt(struct call *c)
{
	if (c->c_table != NULL) {
		if (c->c_status != WAITING) {
			call_end(c);
			return false;
		}
		call_wait(c);
	}
	if (call_begin(c))
		return true;
	c->c_status = ERROR_INVALID_HANDLE;
	return false;
}

/* The status of an attempt that has to wait for a callback to the caller that is running: one for this notification, or any if
 * that is NULL. */
static inline DWORD
call_awaits_callback(struct call *c, HANDLE notification)
{
	c->c_for_callback = true;
	c->c_notification = notification;
	return WAITING;
}

/* A live object of the caller's table, or NULL. */
static inline void *
call_resolve(const struct call *c, const void *handle, enum kind kind)
{
	return handle_resolve(handle, kind, c->c_table);
}

#endif
