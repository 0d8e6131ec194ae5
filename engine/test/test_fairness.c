/*
 * test_fairness.c - nothing waits for ever behind what comes again and again: timers, events, those who wait for a callback
 * or a method to end.
 *
 * A client that never comes to rest does so until it is told to stop. What must come about meanwhile is awaited; only then
 * is the client stopped.
 */
#include "events.h"

#include <string.h>

static const struct route to_ten = {.to = "10.0.0.0/8"}, to_eleven = {.to = "11.0.0.0/8"};

static RTM_NOTIFY_HANDLE watch(RTM_ENTITY_HANDLE entity)
{
	RTM_NOTIFY_HANDLE notify = NULL;

	REQUIRE_EQ(RtmRegisterForChangeNotification(entity, UCAST, RTM_CHANGE_TYPE_ALL, NULL, &notify), NO_ERROR);
	return notify;
}

static void unwatch(RTM_ENTITY_HANDLE entity, RTM_NOTIFY_HANDLE notify)
{
	CHECK_EQ(RtmDeregisterFromChangeNotification(entity, notify), NO_ERROR);
}

/* The callback of a client that fetches each change and makes the next one, until it is stopped. */

static atomic_bool stopped;
static atomic_uint changes_made;

static DWORD WINAPI change_again(RTM_ENTITY_HANDLE self, RTM_EVENT_TYPE type, PVOID context1, PVOID context2)
{
	RTM_ROUTE_CHANGE_FLAGS flags = 0;
	UINT count = 1;
	dest_info changed;

	(void)context2;
	if (type != RTM_CHANGE_NOTIFICATION || atomic_load(&stopped))
		return NO_ERROR;
	/* The next change is an event only when all before it were fetched. */
	while (RtmGetChangedDests(self, context1, &count, &changed.info) == NO_ERROR)
		CHECK_EQ(RtmReleaseChangedDests(self, context1, count, &changed.info), NO_ERROR);
	CHECK_EQ(try_route(self, NULL, to_eleven, &flags), NO_ERROR);
	atomic_fetch_add(&changes_made, 1);
	return NO_ERROR;
}

/* Returns when the client has come to rest. */
static void stop(void)
{
	atomic_store(&stopped, true);
	await_events();
}

static RTM_ENTITY_HANDLE enter_changing(ULONG protocol, RTM_NOTIFY_HANDLE *notify)
{
	RTM_ENTITY_HANDLE entity = enter_with(protocol, change_again);

	atomic_store(&stopped, false);
	atomic_store(&changes_made, 0);
	*notify = watch(entity);
	keep_route(entity, to_eleven);
	EVENTUALLY(atomic_load(&changes_made) > 1);
	return entity;
}

TEST(expiry_is_not_held_up_by_events) /* decision 95 */
{
	RTM_NOTIFY_HANDLE notify;
	RTM_ENTITY_HANDLE restless = enter_changing(8, &notify), owner = enter(9);

	keep_route_for(owner, to_ten, 1);
	EVENTUALLY(!is_known(owner, "10.0.0.0/8"));
	stop();
	leave(owner);
	leave(restless);
}

TEST(an_owner_is_asked_though_events_never_end) /* decision 96 */
{
	RTM_NOTIFY_HANDLE notify;
	RTM_ENTITY_HANDLE owner = enter_listening(9), restless = enter_changing(8, &notify);
	RTM_ROUTE_HANDLE route = keep_route_for(owner, to_ten, 1);

	EVENTUALLY(times_told(owner, RTM_ROUTE_EXPIRED) == 1);
	stop();
	release_route(owner, route);
	leave(owner);
	leave(restless);
}

TEST(the_end_of_a_hold_is_not_held_up_by_events) /* decision 136 */
{
	RTM_NOTIFY_HANDLE notify;
	RTM_ENTITY_HANDLE restless = enter_changing(8, &notify), owner = enter(9);
	RTM_ROUTE_HANDLE route = keep_route(owner, to_ten);
	RTM_DEST_HANDLE dest = hold_dest(owner, "10.0.0.0/8");

	REQUIRE_EQ(RtmHoldDestination(owner, dest, UCAST, 1), NO_ERROR);
	remove_route(owner, route);
	release_dest(owner, dest);
	EVENTUALLY(!is_known(owner, "10.0.0.0/8"));
	stop();
	leave(owner);
	leave(restless);
}

/* The callback of an owner that lets its route expire again at once, until it is stopped. */

static atomic_uint times_expired;

static DWORD WINAPI expire_again(RTM_ENTITY_HANDLE self, RTM_EVENT_TYPE type, PVOID context1, PVOID context2)
{
	RTM_ROUTE_CHANGE_FLAGS flags = 0;
	RTM_ROUTE_HANDLE route = context1;

	(void)context2;
	if (type != RTM_ROUTE_EXPIRED)
		return NO_ERROR;
	if (atomic_load(&stopped))
		return ERROR_NOT_SUPPORTED;
	CHECK_EQ(try_route_for(self, &route, to_ten, 0, NULL, &flags), NO_ERROR);
	CHECK_EQ(RtmReleaseRoutes(self, 1, &route), NO_ERROR);
	atomic_fetch_add(&times_expired, 1);
	return NO_ERROR;
}

TEST(timers_do_not_starve_events) /* decision 95 */
{
	RTM_ENTITY_HANDLE owner = enter_with(8, expire_again), reader = enter_listening(9);
	RTM_NOTIFY_HANDLE notify;

	atomic_store(&stopped, false);
	atomic_store(&times_expired, 0);
	keep_route_for(owner, to_ten, 0);
	EVENTUALLY(atomic_load(&times_expired) > 1);
	notify = watch(reader);
	keep_route(reader, to_eleven);
	EVENTUALLY(times_told(reader, RTM_CHANGE_NOTIFICATION) > 0);
	stop();
	EVENTUALLY(held_by(owner).Routes == 0);
	unwatch(reader, notify);
	leave(owner);
	leave(reader);
}

TEST(timers_that_are_due_go_before_the_events_that_wait)
{
	enum { ROUTES = 5 };
	RTM_ENTITY_HANDLE owner = enter_listening(8);
	RTM_NOTIFY_HANDLE notify = watch(owner);

	hold_events();
	for (unsigned i = 0; i < ROUTES; i++) {
		char prefix[16] = "10.0.0.0/8";

		prefix[1] = (char)('0' + i);
		keep_route_for(owner, ROUTE(.to = prefix), 0);
	}
	let_events_go();
	EVENTUALLY(events_of(owner) == ROUTES + 1);
	for (unsigned i = 0; i < ROUTES; i++) {
		RTM_ROUTE_HANDLE expired = event_of(owner, i).context1;

		CHECK_EQ(event_of(owner, i).type, RTM_ROUTE_EXPIRED);
		release_route(owner, expired);
	}
	CHECK_EQ(event_of(owner, ROUTES).type, RTM_CHANGE_NOTIFICATION);
	unwatch(owner, notify);
	leave(owner);
}

/* The callback of one of many that are told of an entity: while it runs, a route comes to its end. */

static RTM_ENTITY_HANDLE expiring_owner;

static DWORD WINAPI let_a_route_expire(RTM_ENTITY_HANDLE self, RTM_EVENT_TYPE type, PVOID context1, PVOID context2)
{
	RTM_ROUTE_CHANGE_FLAGS flags = 0;

	(void)self;
	(void)context1;
	(void)context2;
	if (type == RTM_ENTITY_REGISTERED)
		CHECK_EQ(try_route_for(expiring_owner, NULL, to_ten, 0, NULL, &flags), NO_ERROR);
	return NO_ERROR;
}

TEST(expiry_is_not_held_up_by_one_event_for_many) /* decision 95 */
{
	RTM_ENTITY_HANDLE owner = enter_listening(20), first = enter_with(10, let_a_route_expire);
	RTM_ROUTE_HANDLE route;

	expiring_owner = owner; /* told of an entity behind the first: by its protocol */
	leave(enter(30));
	EVENTUALLY(times_told(owner, RTM_ENTITY_DEREGISTERED) == 1);
	REQUIRE_EQ(events_of(owner), 4); /* first was a newcomer too */
	CHECK_EQ(event_of(owner, 1).type, RTM_ROUTE_EXPIRED);
	CHECK_EQ(event_of(owner, 2).type, RTM_ENTITY_REGISTERED);
	route = event_of(owner, 1).context1;
	release_route(owner, route);
	leave(first);
	leave(owner);
}

/* Those who wait for a callback */

struct parting {
	RTM_ENTITY_HANDLE entity;
	RTM_NOTIFY_HANDLE notify;
};

static DWORD part_from_changes(void *context)
{
	struct parting *p = context;

	return RtmDeregisterFromChangeNotification(p->entity, p->notify);
}

static DWORD part_from_all(void *context)
{
	return RtmDeregisterEntity(((struct parting *)context)->entity);
}

/* Ending what is told again and again comes to an end all the same. */
static void check_parting(DWORD (*part)(void *))
{
	struct parting p;
	struct thread thread;

	p.entity = enter_changing(8, &p.notify);
	start_thread(&thread, part, &p);
	EVENTUALLY(atomic_load(&thread.ended));
	CHECK_EQ(end_thread(&thread), NO_ERROR);
	stop();
	if (part == part_from_changes)
		leave(p.entity);
}

TEST(ending_a_registration_is_not_held_up_by_new_callbacks) /* decision 152 */
{
	check_parting(part_from_changes);
}

TEST(deregistration_is_not_held_up_by_new_callbacks) /* decision 67 */
{
	leaves_objects_behind(); /* the route that it changed last */
	check_parting(part_from_all);
}

/* Methods and callbacks of an entity that is being deregistered */

static struct {
	atomic_uint begun; /* callbacks, or invocations */
	atomic_bool may_end;
} visit;

static void linger(void)
{
	if (atomic_fetch_add(&visit.begun, 1) > 0)
		return;
	while (!atomic_load(&visit.may_end))
		give_way();
}

static void prepare_visit(void)
{
	atomic_store(&visit.begun, 0);
	atomic_store(&visit.may_end, false);
}

static void WINAPI lingering_method(RTM_ENTITY_HANDLE caller, RTM_ENTITY_HANDLE callee, RTM_ENTITY_METHOD_INPUT *input,
                                    RTM_ENTITY_METHOD_OUTPUT *output)
{
	(void)caller;
	(void)callee;
	(void)input;
	output->OutputSize = 0;
	linger();
}

static DWORD WINAPI lingering_callback(RTM_ENTITY_HANDLE self, RTM_EVENT_TYPE type, PVOID context1, PVOID context2)
{
	(void)self;
	(void)type;
	(void)context1;
	(void)context2;
	linger();
	return NO_ERROR;
}

static DWORD invoke(RTM_ENTITY_HANDLE caller, RTM_ENTITY_HANDLE callee)
{
	RTM_ENTITY_METHOD_INPUT input = {.MethodType = METHOD_TYPE_ALL_METHODS};
	RTM_ENTITY_METHOD_OUTPUT output;
	UINT size = sizeof(output);

	return RtmInvokeMethod(caller, callee, &input, &size, &output);
}

struct invocation {
	RTM_ENTITY_HANDLE caller;
	RTM_ENTITY_HANDLE callee;
};

static DWORD invoke_by_thread(void *context)
{
	struct invocation *i = context;

	return invoke(i->caller, i->callee);
}

static RTM_ENTITY_HANDLE enter_with_method(ULONG protocol, RTM_EVENT_CALLBACK callback)
{
	RTM_ENTITY_INFO info = entity_info(instance, RTM2_AF_INET, protocol, 1);
	RTM_ENTITY_EXPORT_METHODS methods = {1, {lingering_method}};
	RTM_ENTITY_HANDLE entity = NULL;

	REQUIRE_EQ(RtmRegisterEntity(&info, &methods, callback, FALSE, &profile, &entity), NO_ERROR);
	return entity;
}

TEST(methods_of_an_entity_that_is_leaving_are_not_invoked_any_more) /* decision 158 */
{
	struct invocation i = {.caller = enter(9), .callee = enter_with_method(8, NULL)};
	struct parting p = {.entity = i.callee};
	struct thread running, leaving;

	prepare_visit();
	start_thread(&running, invoke_by_thread, &i);
	EVENTUALLY(atomic_load(&visit.begun) == 1);
	start_thread(&leaving, part_from_all, &p);
	EVENTUALLY(invoke(i.caller, i.callee) == ERROR_INVALID_HANDLE);
	CHECK(!atomic_load(&leaving.ended));
	atomic_store(&visit.may_end, true);
	CHECK_EQ(end_thread(&running), NO_ERROR);
	CHECK_EQ(end_thread(&leaving), NO_ERROR);
	leave(i.caller);
}

TEST(an_entity_that_is_leaving_is_not_called_back_any_more) /* decision 67 */
{
	RTM_ENTITY_HANDLE other = enter(9), entity = enter_with_method(8, lingering_callback);
	struct parting p = {.entity = entity};
	struct thread leaving;

	prepare_visit();
	leave(enter(10));
	EVENTUALLY(atomic_load(&visit.begun) > 0);
	start_thread(&leaving, part_from_all, &p);
	EVENTUALLY(invoke(other, entity) == ERROR_INVALID_HANDLE);
	atomic_store(&visit.begun, 0);
	leave(enter(11));
	atomic_store(&visit.may_end, true);
	CHECK_EQ(end_thread(&leaving), NO_ERROR);
	await_events();
	CHECK_EQ(atomic_load(&visit.begun), 0);
	leave(other);
}

/* Readers that overlap never leave the table alone. What they do takes long: one handle at the end is wrong, and all others
 * have to be looked at. */

enum { READERS = 4, HANDLES = 5000 };

static DWORD read_until_stopped(void *context)
{
	RTM_ENTITY_HANDLE reader = context;
	HANDLE handles[HANDLES];

	for (unsigned i = 0; i < HANDLES; i++)
		handles[i] = i + 1 < HANDLES ? reader : NULL;
	while (!atomic_load(&stopped))
		CHECK_EQ(RtmReferenceHandles(reader, HANDLES, handles), ERROR_INVALID_HANDLE);
	return NO_ERROR;
}

TEST(changes_and_timers_are_not_held_up_by_readers)
{
	RTM_ENTITY_HANDLE reader = enter(9);
	struct thread threads[READERS];

	atomic_store(&stopped, false);
	for (unsigned i = 0; i < READERS; i++)
		start_thread(&threads[i], read_until_stopped, reader);
	let_pass(1);
	stop();
	for (unsigned i = 0; i < READERS; i++)
		CHECK_EQ(end_thread(&threads[i]), NO_ERROR);
	leave(reader);
}

/* A client that locks a destination again and again leaves it alone for moments only. */

struct locking {
	RTM_ENTITY_HANDLE entity;
	RTM_DEST_HANDLE dest;
	BOOL exclusive;
};

static DWORD lock_until_stopped(void *context)
{
	struct locking *l = context;

	while (!atomic_load(&stopped)) {
		CHECK_EQ(RtmLockDestination(l->entity, l->dest, l->exclusive, TRUE), NO_ERROR);
		give_way_for_long();
		CHECK_EQ(RtmLockDestination(l->entity, l->dest, l->exclusive, FALSE), NO_ERROR);
	}
	return NO_ERROR;
}

static bool has_route(RTM_ENTITY_HANDLE reader, RTM_DEST_HANDLE dest)
{
	dest_info result;
	bool has;

	REQUIRE_EQ(RtmGetDestInfo(reader, dest, RTM_BEST_PROTOCOL, UCAST, &result.info), NO_ERROR);
	has = VIEW(result, 0).Route != NULL || VIEW(result, 0).HoldRoute != NULL;
	release_info(reader, &result);
	return has;
}

/* The route of 10.0.0.0/8, which is due or held, goes when time runs on, though clients lock the destination by turns. */
static void check_locks_give_way(RTM_ENTITY_HANDLE reader, BOOL exclusive)
{
	struct locking l = {reader, hold_dest(reader, "10.0.0.0/8"), exclusive};
	struct thread threads[2];

	CHECK(has_route(reader, l.dest));
	atomic_store(&stopped, false);
	for (unsigned i = 0; i < 2; i++)
		start_thread(&threads[i], lock_until_stopped, &l);
	let_events_go();
	EVENTUALLY(!has_route(reader, l.dest));
	stop();
	for (unsigned i = 0; i < 2; i++)
		CHECK_EQ(end_thread(&threads[i]), NO_ERROR);
	release_dest(reader, l.dest);
}

TEST(expiry_is_not_held_up_by_locks_that_are_taken_again_and_again) /* decision 102 */
{
	RTM_ENTITY_HANDLE owner = enter(8), reader = enter(9);

	for (BOOL exclusive = FALSE; exclusive <= TRUE; exclusive++) {
		hold_events();
		keep_route_for(owner, to_ten, 1);
		check_locks_give_way(reader, exclusive);
	}
	leave(owner);
	leave(reader);
}

TEST(the_end_of_a_hold_is_not_held_up_by_locks_that_are_taken_again_and_again) /* decisions 102, 136 */
{
	RTM_ENTITY_HANDLE owner = enter(8), reader = enter(9);
	RTM_DEST_HANDLE dest;
	RTM_ROUTE_HANDLE route;

	hold_events();
	route = keep_route(owner, to_ten);
	dest = hold_dest(owner, "10.0.0.0/8");
	REQUIRE_EQ(RtmHoldDestination(owner, dest, UCAST, 1), NO_ERROR);
	remove_route(owner, route);
	check_locks_give_way(reader, TRUE);
	release_dest(owner, dest);
	leave(owner);
	leave(reader);
}
