/*
 * call.h - what all calls of clients have in common: a table is locked, an attempt is made, and repeated if it has to
 * wait.
 *
 * An entry point is a wrapper round one attempt, which checks and acts with the table locked and returns as soon as it
 * knows the answer:
 *
 *     struct call c = call_by(RtmRegHandle, WRITE);
 *
 *     while (call_attempt(&c))
 *             c.c_status = delete_next_hop(&c, NextHopHandle, NextHopInfo);
 *     return c.c_status;
 *
 * DOC: Locks
 *
 * The engine has five locks of its own. A thread may take one only while it holds nothing but what stands left of it
 * here:
 *
 *                                   +-- directory of chunks (pool.c)
 *     list of tables --- a table ---+-- calls that wait (call.c)
 *        (tables.c)      (t_lock)   +-- worker's queue (worker.c)
 *
 * So no thread ever holds two tables, nor two of the three on the right. A table is never freed, so its lock can be
 * waited for without holding the list. A call takes its table's lock for an attempt and for nothing else: shared if it
 * only reads or counts references, exclusive if it changes something. What it wakes, posts or allocates meanwhile takes
 * one of the three for a few instructions. Nobody waits for a condition with any lock but the one that guards it: a
 * call that has to wait ends its attempt first, and looks at everything anew in the next one.
 *
 * Code of a client runs with none of them held: callbacks on the worker's thread, methods on that of the invoking call.
 * So it may call the API, which takes them all. What it runs for is kept in being by holds; who would end that waits in
 * turn until the code has returned (call_awaits_callback; method_is_busy), except inside of it.
 *
 * Locks of clients (userlock.h) are no locks in this sense. They are data under the table's lock, belong to threads
 * between their calls, and are waited for as above, with nothing locked. Whoever would change a destination or next hop
 * that another thread has locked waits; of what is read only RTM_NEXTHOP_INFO makes wait, and only for an exclusive
 * lock (lock.c). What the worker does by itself never waits for a client's lock: what is due then is tried again later
 * (deadline.h).
 *
 * The order is data, in order.c, and programs that test the library compare every lock with it.
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

/* No code of the API, but the status of an attempt that has to be made again when a lock of a client has been given up,
 * methods are resumed, or the like. */
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

/* The status of an attempt that has to wait for a callback to the caller that is running: one for this notification, or
 * any if that is NULL. */
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
