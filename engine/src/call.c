/*
 * call.c - calls of clients. See call.h.
 */
#include "call.h"

bool
call_begin(struct call *c)
{
	struct table *t = handle_owner(c->c_handle);

	if (t == NULL)
		return false;
	table_lock(t, c->c_access);
	c->c_table = t;
	c->c_caller = handle_resolve(c->c_handle, KIND_ENTITY, t);
	c->c_self = handle_ref(c->c_handle);
	c->c_balance = 0;
	if (c->c_caller != NULL && c->c_caller->e_registered)
		return true;
	call_end(c);
	return false;
}

void
call_end(struct call *c)
{
	_Atomic int64_t *handles = c->c_caller != NULL ? &c->c_caller->e_handles : NULL;

	if (c->c_balance != 0 && c->c_access == READ)
		atomic_fetch_add_explicit(handles, c->c_balance, memory_order_relaxed);
	else if (c->c_balance != 0)
		atomic_store_explicit(handles, atomic_load_explicit(handles, memory_order_relaxed) + c->c_balance,
		                      memory_order_relaxed);
	table_unlock(c->c_table, c->c_access);
}

/* What those who wait for a lock of a client, or for methods, wait for: that the count goes on. */
static sys_mutex waiting_mutex = SYS_MUTEX_INIT(ORDER_WAITING);
static sys_cond waiting;
static bool waiting_ready;
static uint64_t wakes;

/* Ends the attempt and waits until something changes for those who wait. */
static void
wait_for_wake(struct call *c)
{
	uint64_t seen;

	/* The count is read before the table is given up: no change behind that can be missed. */
	sys_mutex_lock(&waiting_mutex);
	if (!waiting_ready)
		sys_cond_init(&waiting);
	waiting_ready = true;
	seen = wakes;
	sys_mutex_unlock(&waiting_mutex);
	call_end(c);
	sys_mutex_lock(&waiting_mutex);
	while (wakes == seen)
		sys_cond_wait(&waiting, &waiting_mutex, SYS_NEVER);
	sys_mutex_unlock(&waiting_mutex);
}

void
call_wait(struct call *c)
{
	if (!c->c_for_callback) {
		wait_for_wake(c);
		return;
	}
	c->c_for_callback = false;
	call_end(c);
	worker_await(c->c_handle, c->c_notification);
}

void
wake_waiting(void)
{
	sys_mutex_lock(&waiting_mutex);
	wakes++;
	if (waiting_ready)
		sys_cond_broadcast(&waiting);
	sys_mutex_unlock(&waiting_mutex);
}
