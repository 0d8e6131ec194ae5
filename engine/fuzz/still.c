/*
 * still.c - a clock that the test moves, and a worker thread that has come to rest. See still.h.
 *
 * The worker waits with the library's mutex held until it sleeps, and whoever has work for it holds the same mutex while he
 * wakes it. So between its going to sleep and the next waking it has nothing to do.
 */
#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "still.h"

int __real_pthread_cond_wait(pthread_cond_t *, pthread_mutex_t *);
int __real_pthread_cond_broadcast(pthread_cond_t *);
int __real_pthread_create(pthread_t *, const pthread_attr_t *, void *(*)(void *), void *);
int __wrap_pthread_cond_wait(pthread_cond_t *, pthread_mutex_t *);
int __wrap_pthread_cond_timedwait(pthread_cond_t *, pthread_mutex_t *, const struct timespec *);
int __wrap_pthread_cond_broadcast(pthread_cond_t *);
int __wrap_pthread_create(pthread_t *, const pthread_attr_t *, void *(*)(void *), void *);

bool (*still_permits_thread)(void);

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER; /* guards all of this */
static pthread_cond_t at_rest = PTHREAD_COND_INITIALIZER;
static bool begun, started, resting;
static pthread_t caller;
static pthread_cond_t *worker_cond; /* what the worker sleeps on, and the library's mutex around that */
static pthread_mutex_t *worker_mutex;
static uint64_t now = 3600000; /* ms */

/* Held by the caller except while it waits, so that callbacks run only then. */
static pthread_mutex_t turn = PTHREAD_MUTEX_INITIALIZER;

void
still_begin(void)
{
	caller = pthread_self();
	begun = true;
	(void)pthread_mutex_lock(&turn);
}

void
still(void)
{
	(void)pthread_mutex_unlock(&turn);
	(void)pthread_mutex_lock(&mutex);
	while (started && !resting)
		(void)__real_pthread_cond_wait(&at_rest, &mutex);
	(void)pthread_mutex_unlock(&mutex);
	(void)pthread_mutex_lock(&turn);
}

void
still_advance(uint64_t milliseconds)
{
	still();
	if (started)
		(void)pthread_mutex_lock(worker_mutex);
	(void)pthread_mutex_lock(&mutex);
	now += milliseconds;
	resting = false;
	(void)pthread_mutex_unlock(&mutex);
	if (started) {
		(void)__real_pthread_cond_broadcast(worker_cond);
		(void)pthread_mutex_unlock(worker_mutex);
	}
	still();
}

void
still_callback_begin(void)
{
	(void)pthread_mutex_lock(&turn);
}

void
still_callback_end(void)
{
	(void)pthread_mutex_unlock(&turn);
}

/*
 * What the library calls
 */

/* Time of day and the clock that only goes forward are the same here. */
int
still_clock_gettime(clockid_t id, struct timespec *ts)
{
	(void)id;
	(void)pthread_mutex_lock(&mutex);
	ts->tv_sec = (time_t)(now / 1000);
	ts->tv_nsec = (long)(now % 1000) * 1000000;
	(void)pthread_mutex_unlock(&mutex);
	return 0;
}

int
__wrap_pthread_cond_wait(pthread_cond_t *cond, pthread_mutex_t *guard)
{
	if (begun && pthread_equal(pthread_self(), caller)) {
		fprintf(stderr, "the only calling thread waits\n");
		abort();
	}
	(void)pthread_mutex_lock(&mutex);
	if (worker_cond == NULL) {
		worker_cond = cond;
		worker_mutex = guard;
	}
	if (cond != worker_cond) {
		fprintf(stderr, "a callback waits\n");
		abort();
	}
	resting = true;
	(void)__real_pthread_cond_broadcast(&at_rest);
	(void)pthread_mutex_unlock(&mutex);
	return __real_pthread_cond_wait(cond, guard);
}

/* The moment is one of a clock that stands still: whoever moves it wakes the sleeper. */
int
__wrap_pthread_cond_timedwait(pthread_cond_t *cond, pthread_mutex_t *guard, const struct timespec *until)
{
	(void)until;
	return __wrap_pthread_cond_wait(cond, guard);
}

int
__wrap_pthread_cond_broadcast(pthread_cond_t *cond)
{
	(void)pthread_mutex_lock(&mutex);
	if (cond == worker_cond)
		resting = false;
	(void)pthread_mutex_unlock(&mutex);
	return __real_pthread_cond_broadcast(cond);
}

int
__wrap_pthread_create(pthread_t *thread, const pthread_attr_t *attributes, void *(*body)(void *), void *argument)
{
	bool is_worker = begun && pthread_equal(pthread_self(), caller);
	int error;

	if (is_worker && still_permits_thread != NULL && !still_permits_thread())
		return EAGAIN;
	error = __real_pthread_create(thread, attributes, body, argument);
	if (error == 0 && is_worker) {
		(void)pthread_mutex_lock(&mutex);
		started = true;
		(void)pthread_mutex_unlock(&mutex);
	}
	return error;
}
