/*
 * worker.c - the thread for callbacks and timers. See worker.h.
 */
#include "sys.h"
#include "worker.h"

static sys_mutex mutex = SYS_MUTEX_INIT(ORDER_WORKER); /* guards all of this */
static sys_cond wake, done;
static bool started;
static void (*tick)(uint64_t now);
static uintptr_t self;
static struct event *first, **last = &first;
static uint64_t deadline = SYS_NEVER;
static HANDLE running_entity, running_notification;

void
worker_catch_up(void)
{
	uint64_t now = sys_milliseconds();
	bool due;

	sys_mutex_lock(&mutex);
	if ((due = deadline <= now))
		deadline = SYS_NEVER;
	sys_mutex_unlock(&mutex);
	if (due)
		tick(now);
}

/*
 * The thread
 */

/* The next event, taken off the queue; NULL deliver when timers are due and there is none. */
static struct event
next_event(void)
{
	struct event event = { 0 };

	sys_mutex_lock(&mutex);
	while (first == NULL && deadline > sys_milliseconds())
		sys_cond_wait(&wake, &mutex, deadline);
	if (first != NULL) {
		event = *first;
		first->v_queued = false;
		first = first->v_next;
		if (first == NULL)
			last = &first;
	}
	sys_mutex_unlock(&mutex);
	return event;
}

static void
worker_main(void)
{
	sys_mutex_lock(&mutex);
	self = sys_thread_self();
	sys_mutex_unlock(&mutex);
	for (;;) {
		struct event event;

		worker_catch_up();
		event = next_event();
		if (event.v_deliver != NULL)
			event.v_deliver(event.v_table, event.v_about);
	}
}

bool
worker_is_here(void)
{
	bool answer;

	sys_mutex_lock(&mutex);
	answer = self == sys_thread_self();
	sys_mutex_unlock(&mutex);
	return answer;
}

bool
worker_start(void (*run)(uint64_t now))
{
	bool running;

	sys_mutex_lock(&mutex);
	if (!started) {
		sys_cond_init(&wake);
		sys_cond_init(&done);
		tick = run;
		started = sys_thread_start(worker_main);
	}
	running = started;
	sys_mutex_unlock(&mutex);
	return running;
}

bool
worker_post(struct event *event, struct table *t, HANDLE about, void (*deliver)(struct table *, HANDLE))
{
	bool queue;

	sys_mutex_lock(&mutex);
	queue = started && !event->v_queued;
	if (queue) {
		*event = (struct event){ NULL, deliver, t, about, true };
		*last = event;
		last = &event->v_next;
		sys_cond_broadcast(&wake);
	}
	sys_mutex_unlock(&mutex);
	return queue;
}

void
worker_cancel(struct event *event)
{
	sys_mutex_lock(&mutex);
	if (event->v_queued) {
		struct event **link = &first;

		while (*link != event)
			link = &(*link)->v_next;
		*link = event->v_next;
		if (last == &event->v_next)
			last = link;
		event->v_queued = false;
	}
	sys_mutex_unlock(&mutex);
}

void
worker_expect(uint64_t due)
{
	sys_mutex_lock(&mutex);
	if (due < deadline) {
		deadline = due;
		sys_cond_broadcast(&wake);
	}
	sys_mutex_unlock(&mutex);
}

void
worker_enter(HANDLE entity, HANDLE notification)
{
	sys_mutex_lock(&mutex);
	running_entity = entity;
	running_notification = notification;
	sys_mutex_unlock(&mutex);
}

void
worker_leave(void)
{
	sys_mutex_lock(&mutex);
	running_entity = running_notification = NULL;
	sys_cond_broadcast(&done);
	sys_mutex_unlock(&mutex);
}

static bool
runs(HANDLE entity, HANDLE notification)
{
	return running_entity == entity && (notification == NULL || running_notification == notification) &&
	       self != sys_thread_self();
}

bool
worker_runs(HANDLE entity, HANDLE notification)
{
	bool answer;

	sys_mutex_lock(&mutex);
	answer = runs(entity, notification);
	sys_mutex_unlock(&mutex);
	return answer;
}

void
worker_await(HANDLE entity, HANDLE notification)
{
	sys_mutex_lock(&mutex);
	while (runs(entity, notification))
		sys_cond_wait(&done, &mutex, SYS_NEVER);
	sys_mutex_unlock(&mutex);
}
