/*
 * worker.h - the one thread that calls clients back and lets time pass.
 *
 * Callbacks run on this thread only, one after the other, with no lock held; so events reach each entity in the order
 * in which they came about. Timers go first, and neither they nor events wait until there are no more of the other:
 * before each callback of an event those timers run that are due by then, expiry and ends of holds alike; what becomes
 * due while they run is left until that callback has had its turn. Only a callback that takes its time holds all others
 * up.
 *
 * An event is part of the object that it is about and needs no memory of its own; it is posted under the lock of its
 * table and, because the object may go before its turn comes, taken off the queue as a handle.
 */
#ifndef RTM2_WORKER_H
#define RTM2_WORKER_H

#include <stdbool.h>
#include <stdint.h>

#include "rtmv2.h"

struct table;

struct event {
	struct event *v_next;
	void (*v_deliver)(struct table *, HANDLE);
	struct table *v_table;
	HANDLE v_about;
	bool v_queued;
};

/* Starts the thread if it does not run yet; when a moment that it was told to expect has come it calls run, which is
 * expiry_run. False if there is no thread to be had. */
bool worker_start(void (*run)(uint64_t now));

/* Whether this is its thread. */
bool worker_is_here(void);

/* Queues the event unless it is queued, or nobody could be called since no worker runs: then false. The table is locked
 * for writing. */
bool worker_post(struct event *, struct table *, HANDLE about, void (*deliver)(struct table *, HANDLE));

/* Takes the event out of the queue: its object goes. */
void worker_cancel(struct event *);

/* A timer was set for this moment. */
void worker_expect(uint64_t due);

/* Runs the timers that are due: between two callbacks of one event. On the worker's thread, with no lock held. */
void worker_catch_up(void);

/* Around a callback: worker_enter under the lock of the table, worker_leave with none held. */
void worker_enter(HANDLE entity, HANDLE notification);
void worker_leave(void);

/* Whether a callback to the entity (for this notification, or NULL for any) runs on the worker's thread, which is not
 * this one. While the table is locked for writing none can begin. */
bool worker_runs(HANDLE entity, HANDLE notification);

/* Waits until it has ended. No lock is held. */
void worker_await(HANDLE entity, HANDLE notification);

#endif
