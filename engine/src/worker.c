/*
 * worker.c - the thread for callbacks and timers. See worker.h.
 */
#include "table.h"

static sys_mutex mutex = SYS_MUTEX_INIT; /* guards all of this; the last lock to be taken */
static sys_cond wake, done;
static bool started;
static uintptr_t self;
static struct event *first, **last = &first;
static uint64_t deadline = SYS_NEVER;
static HANDLE running_entity, running_notification;

/*
 * Timers
 */

static void
route_expire(struct table *t, ref_t ref)
{
	struct route *r = route_at(ref);
	HANDLE handle = handle_of(ref, r), owner = handle_of(r->r_owner, entity_at(r->r_owner));
	RTM_EVENT_CALLBACK callback = entity_at(r->r_owner)->e_registered ? entity_at(r->r_owner)->e_callback : NULL;
	RTM_ROUTE_INFO *info = &routeextra_at(r->r_extra)->x_info;
	ref_t owner_ref = r->r_owner;
	DWORD answer;

	if (callback == NULL) {
		(void)route_remove(t, ref);
		return;
	}
	routeextra_at(r->r_extra)->x_published = true;
	routeextra_at(r->r_extra)->x_asked = true;
	route_publish(ref);
	(void)refer_event(ref, &r->r_object, owner_ref);
	worker_enter(owner, NULL);
	sys_write_unlock(&t->t_lock);
	answer = callback(owner, RTM_ROUTE_EXPIRED, handle, info);
	worker_leave();
	sys_write_lock(&t->t_lock);
	/* Any answer but this one: the client has dealt with the route, and gives the reference back itself. */
	if (answer != ERROR_NOT_SUPPORTED || handle_resolve(handle, KIND_ROUTE, t) == NULL)
		return;
	unrefer_event(&r->r_object, owner_ref);
	if (r->r_state != RTM_ROUTE_STATE_CREATED || !routeextra_at(r->r_extra)->x_asked)
		route_settle(t, ref);
	else if (dest_is_barred(dest_at(r->r_dest)) && timer_reserve(t))
		timer_retry(t, ref, false);
	else
		(void)route_remove(t, ref);
}

/* Runs what was due in a table by a moment; tells when the next is. */
static uint64_t
table_run(struct table *t, uint64_t now)
{
	uint64_t next;

	sys_write_lock(&t->t_lock);
	while ((next = timer_first(t)) <= now) {
		struct timer timer = t->t_timers.i_heap[0];
		ref_t dest = timer.i_is_dest ? timer.i_ref : route_at(timer.i_ref)->r_dest;

		if (dest_is_barred(dest_at(dest))) {
			timer_retry(t, timer.i_ref, timer.i_is_dest);
			continue;
		}
		timer_cancel(t, timer.i_ref, timer.i_is_dest);
		if (timer.i_is_dest)
			hold_end(t, timer.i_ref);
		else
			route_expire(t, timer.i_ref);
	}
	sys_write_unlock(&t->t_lock);
	return next;
}

/* What becomes due meanwhile is left to the next round: a client may let a route expire again and again. */
static void
timers_run(uint64_t now)
{
	for (struct table *t = table_after(NULL); t != NULL; t = table_after(t)) {
		uint64_t next = table_run(t, now);

		if (next != SYS_NEVER)
			worker_expect(next);
	}
}

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
		timers_run(now);
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
worker_start(void)
{
	bool running;

	sys_mutex_lock(&mutex);
	if (!started) {
		sys_cond_init(&wake);
		sys_cond_init(&done);
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
