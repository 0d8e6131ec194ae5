/*
 * expiry.c - routes expire and holds end. See expiry.h.
 */
#include "change.h"
#include "deadline.h"
#include "expiry.h"
#include "tables.h"

static void
route_expire(struct table *t, ref_t ref)
{
	struct route *r = route_at(ref);
	HANDLE handle = handle_of(ref, r), owner = handle_of(r->r_owner, entity_at(r->r_owner));
	RTM_EVENT_CALLBACK callback = entity_at(r->r_owner)->e_registered ? entity_at(r->r_owner)->e_callback : NULL;
	RTM_ROUTE_INFO *info = &routeextra_at(r->r_extra)->rx_info;
	ref_t owner_ref = r->r_owner;
	DWORD answer;

	if (callback == NULL) {
		(void)route_remove(t, ref);
		return;
	}
	routeextra_at(r->r_extra)->rx_published = true;
	routeextra_at(r->r_extra)->rx_asked = true;
	route_publish(ref);
	(void)refer_event(ref, &r->r_object, owner_ref);
	worker_enter(owner, NULL);
	table_unlock(t, WRITE);
	order_expect_none();
	answer = callback(owner, RTM_ROUTE_EXPIRED, handle, info);
	worker_leave();
	table_lock(t, WRITE);
	/* Any answer but this one: the client has dealt with the route, and gives the reference back itself. */
	if (answer != ERROR_NOT_SUPPORTED || handle_resolve(handle, KIND_ROUTE, t) == NULL)
		return;
	unrefer_event(&r->r_object, owner_ref);
	if (r->r_state != RTM_ROUTE_STATE_CREATED || !routeextra_at(r->r_extra)->rx_asked)
		route_settle(t, ref);
	else if (dest_is_barred(dest_at(r->r_dest)) && timer_reserve(&t->t_timers))
		deadline_retry(t, ref, false);
	else
		(void)route_remove(t, ref);
}

/* Runs what was due in a table by a moment; tells when the next is. */
static uint64_t
table_run(struct table *t, uint64_t now)
{
	uint64_t next;

	table_lock(t, WRITE);
	while ((next = timer_first(&t->t_timers)) <= now) {
		struct timer timer = t->t_timers.i_heap[0];
		ref_t dest = timer.ti_is_dest ? timer.ti_ref : route_at(timer.ti_ref)->r_dest;

		if (dest_is_barred(dest_at(dest))) {
			deadline_retry(t, timer.ti_ref, timer.ti_is_dest);
			continue;
		}
		deadline_cancel(t, timer.ti_ref, timer.ti_is_dest);
		if (timer.ti_is_dest)
			hold_end(t, timer.ti_ref);
		else
			route_expire(t, timer.ti_ref);
	}
	table_unlock(t, WRITE);
	return next;
}

void
expiry_run(uint64_t now)
{
	for (struct table *t = table_after(NULL); t != NULL; t = table_after(t)) {
		uint64_t next = table_run(t, now);

		if (next != SYS_NEVER)
			worker_expect(next);
	}
}
