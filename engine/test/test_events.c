/* test_events.c - who is told of entities that come and go, on which thread, in which order, and what a callback may do. */
#include "events.h"

#include <string.h>

TEST(others_are_told_of_a_new_entity) /* decision 65 */
{
	RTM_ENTITY_HANDLE listener = enter_listening(8), second = enter_listening(9), silent = enter(10), newcomer;

	await_events();
	newcomer = enter_as(instance, RTM2_AF_INET, 11, 12);
	await_events();
	REQUIRE_EQ(times_told(second, RTM_ENTITY_REGISTERED), 2); /* silent and newcomer */
	REQUIRE_EQ(times_told(listener, RTM_ENTITY_REGISTERED), 3);
	CHECK_SAME(event_of(second, 0).context1, silent);
	CHECK_SAME(event_of(second, 1).context1, newcomer);
	CHECK_SAME(event_of(second, 1).self, second);
	CHECK_EQ(event_of(second, 1).entity.RtmInstanceId, instance);
	CHECK_EQ(event_of(second, 1).entity.AddressFamily, RTM2_AF_INET);
	CHECK_EQ(event_of(second, 1).entity.EntityId.EntityProtocolId, 11);
	CHECK_EQ(event_of(second, 1).entity.EntityId.EntityInstanceId, 12);
	CHECK_SAME(event_of(listener, 2).context1, newcomer);
	leave(newcomer);
	leave(silent);
	leave(second);
	leave(listener);
}

TEST(a_new_entity_is_not_told_of_itself_nor_of_those_before_it) /* decision 65 */
{
	RTM_ENTITY_HANDLE before = enter(8), newcomer = enter_listening(9);

	await_events();
	CHECK_EQ(events_of(newcomer), 0);
	leave(newcomer);
	await_events();
	CHECK_EQ(events_of(newcomer), 0);
	leave(before);
}

/* The event of an earlier registration is still on its way when the newcomer registers. */
TEST(a_new_entity_is_not_told_of_events_on_their_way) /* decision 65 */
{
	RTM_ENTITY_HANDLE listener = enter_listening(7), before, left, newcomer;

	hold_events();
	before = enter(8);
	left = enter(9);
	leave(left);
	newcomer = enter_listening(10);
	let_events_go();
	await_events();
	CHECK_EQ(events_of(newcomer), 0);
	CHECK_EQ(times_told(listener, RTM_ENTITY_REGISTERED), 3);
	CHECK_EQ(times_told(listener, RTM_ENTITY_DEREGISTERED), 1);
	leave(before);
	leave(newcomer);
	leave(listener);
}

TEST(others_are_told_of_an_entity_that_left) /* decision 65 */
{
	RTM_ENTITY_HANDLE listener = enter_listening(8), leaver = enter_as(instance, RTM2_AF_INET, 9, 3);

	leave(leaver);
	await_events();
	REQUIRE_EQ(events_of(listener), 2);
	CHECK_EQ(event_of(listener, 1).type, RTM_ENTITY_DEREGISTERED);
	CHECK_SAME(event_of(listener, 1).context1, leaver);
	CHECK_EQ(event_of(listener, 1).entity.RtmInstanceId, instance);
	CHECK_EQ(event_of(listener, 1).entity.EntityId.EntityProtocolId, 9);
	CHECK_EQ(event_of(listener, 1).entity.EntityId.EntityInstanceId, 3);
	leave(listener);
	await_events();
	CHECK_EQ(events_of(listener), 2); /* not of its own going */
}

TEST(entities_of_another_table_are_not_told) /* decisions 60, 65 */
{
	RTM_ENTITY_HANDLE listener = enter_listening(8);
	RTM_ENTITY_HANDLE ipv6 = enter_as(instance, RTM2_AF_INET6, 9, 1);
	RTM_ENTITY_HANDLE abroad = enter_as(second_instance(), RTM2_AF_INET, 9, 1);

	leave(ipv6);
	leave(abroad);
	await_events();
	CHECK_EQ(events_of(listener), 0);
	leave(listener);
}

TEST(a_refused_registration_is_no_event)
{
	RTM_ENTITY_HANDLE listener = enter_listening(8), refused = NULL;
	RTM_ENTITY_INFO info = entity_info(instance, RTM2_AF_INET, 8, 1);

	CHECK_EQ(RtmRegisterEntity(&info, NULL, note_event, FALSE, &profile, &refused), ERROR_ALREADY_EXISTS);
	CHECK_EQ(RtmDeregisterEntity(refused), ERROR_INVALID_HANDLE);
	await_events();
	CHECK_EQ(events_of(listener), 0);
	leave(listener);
}

TEST(events_come_in_the_order_in_which_they_came_about) /* decision 67 */
{
	RTM_ENTITY_HANDLE listener = enter_listening(8), again[3];
	RTM_NOTIFY_HANDLE notify = NULL;

	REQUIRE_EQ(RtmRegisterForChangeNotification(listener, UCAST, RTM_CHANGE_TYPE_ALL, NULL, &notify), NO_ERROR);
	hold_events();
	again[0] = enter(9);
	leave(again[0]);
	again[1] = enter(9);
	keep_route(again[1], ROUTE(.to = "10.0.0.0/8"));
	leave(again[1]);
	again[2] = enter(9);
	let_events_go();
	await_events();
	REQUIRE_EQ(events_of(listener), 6);
	CHECK_EQ(event_of(listener, 0).type, RTM_ENTITY_REGISTERED);
	CHECK_EQ(event_of(listener, 1).type, RTM_ENTITY_DEREGISTERED);
	CHECK_EQ(event_of(listener, 2).type, RTM_ENTITY_REGISTERED);
	CHECK_EQ(event_of(listener, 3).type, RTM_CHANGE_NOTIFICATION);
	CHECK_EQ(event_of(listener, 4).type, RTM_ENTITY_DEREGISTERED);
	CHECK_EQ(event_of(listener, 5).type, RTM_ENTITY_REGISTERED);
	CHECK_SAME(event_of(listener, 0).context1, again[0]);
	CHECK_SAME(event_of(listener, 1).context1, again[0]);
	CHECK_SAME(event_of(listener, 2).context1, again[1]);
	CHECK_SAME(event_of(listener, 4).context1, again[1]);
	CHECK_SAME(event_of(listener, 5).context1, again[2]);
	REQUIRE_EQ(RtmDeregisterFromChangeNotification(listener, notify), NO_ERROR);
	leave(again[2]);
	leave(listener);
}

TEST(callbacks_run_on_one_thread_that_is_not_the_callers) /* decision 67 */
{
	RTM_ENTITY_HANDLE listener = enter_listening(8), second = enter_listening(9), third = enter(10);
	RTM_NOTIFY_HANDLE notify = NULL;

	REQUIRE_EQ(RtmRegisterForChangeNotification(listener, UCAST, RTM_CHANGE_TYPE_ALL, NULL, &notify), NO_ERROR);
	keep_route(third, ROUTE(.to = "10.0.0.0/8"));
	await_events();
	REQUIRE_EQ(events_of(listener), 3);
	REQUIRE_EQ(events_of(second), 1);
	for (unsigned i = 0; i < 3; i++) {
		CHECK(!pthread_equal(event_of(listener, i).thread, pthread_self()));
		CHECK(pthread_equal(event_of(listener, i).thread, event_of(second, 0).thread));
	}
	REQUIRE_EQ(RtmDeregisterFromChangeNotification(listener, notify), NO_ERROR);
	leave(third);
	leave(second);
	leave(listener);
}

TEST(a_call_returns_before_its_callbacks) /* decision 67 */
{
	RTM_ENTITY_HANDLE listener = enter_listening(8), other;
	RTM_NOTIFY_HANDLE notify = NULL;

	REQUIRE_EQ(RtmRegisterForChangeNotification(listener, UCAST, RTM_CHANGE_TYPE_ALL, NULL, &notify), NO_ERROR);
	hold_events();
	other = enter(9);
	keep_route(other, ROUTE(.to = "10.0.0.0/8"));
	leave(other);
	CHECK_EQ(events_of(listener), 0);
	let_events_go();
	await_events();
	CHECK_EQ(events_of(listener), 3);
	REQUIRE_EQ(RtmDeregisterFromChangeNotification(listener, notify), NO_ERROR);
	leave(listener);
}

TEST(an_event_is_not_for_an_entity_that_left_meanwhile) /* decisions 67, 68 */
{
	RTM_ENTITY_HANDLE listener = enter_listening(8), other;

	hold_events();
	other = enter(9);
	leave(listener);
	let_events_go();
	await_events();
	CHECK_EQ(events_of(listener), 0);
	leave(other);
}

/* What the callback below did inside. */
static struct {
	atomic_uint calls;
	RTM_ENTITY_INFO info;
	DWORD info_status;
	DWORD reference_status;
	RTM_ENTITY_HANDLE about;
} inside;

static void forget_inside(void)
{
	atomic_store(&inside.calls, 0);
	memset(&inside.info, 0, sizeof(inside.info));
	inside.info_status = inside.reference_status = 77;
	inside.about = NULL;
}

static DWORD WINAPI keep_handle(RTM_ENTITY_HANDLE self, RTM_EVENT_TYPE type, PVOID context1, PVOID context2)
{
	(void)context2;
	if (type != RTM_ENTITY_REGISTERED)
		return NO_ERROR;
	inside.about = context1;
	inside.info_status = RtmGetEntityInfo(self, context1, &inside.info);
	inside.reference_status = RtmReferenceHandles(self, 1, &context1);
	atomic_fetch_add(&inside.calls, 1);
	return NO_ERROR;
}

TEST(an_entity_handle_of_an_event_is_kept_by_referencing_it) /* decision 66 */
{
	RTM_ENTITY_HANDLE listener = enter_with(8, keep_handle), other;
	RTM_ENTITY_INFO info;

	forget_inside();
	other = enter(9);
	EVENTUALLY(atomic_load(&inside.calls) == 1);
	CHECK_SAME(inside.about, other);
	CHECK_EQ(inside.info_status, NO_ERROR);
	CHECK_EQ(inside.info.EntityId.EntityProtocolId, 9);
	CHECK_EQ(inside.reference_status, NO_ERROR);
	leave(other);
	await_events();
	CHECK_EQ(RtmGetEntityInfo(listener, other, &info), NO_ERROR);
	CHECK_EQ(handles_of(listener), 1);
	CHECK_EQ(RtmReleaseEntities(listener, 1, &other), NO_ERROR);
	CHECK_EQ(RtmGetEntityInfo(listener, other, &info), ERROR_INVALID_HANDLE);
	leave(listener);
}

TEST(an_entity_handle_of_an_event_is_borrowed) /* decision 66 */
{
	RTM_ENTITY_HANDLE listener = enter_listening(8), other = enter(9);
	RTM_ENTITY_INFO info;

	await_events();
	CHECK_EQ(handles_of(listener), 0);
	CHECK_EQ(RtmReleaseEntities(listener, 1, &other), ERROR_INVALID_HANDLE);
	leave(other);
	await_events();
	CHECK_EQ(handles_of(listener), 0);
	CHECK_EQ(RtmGetEntityInfo(listener, other, &info), ERROR_INVALID_HANDLE);
	leave(listener);
}

static DWORD WINAPI ask_who_left(RTM_ENTITY_HANDLE self, RTM_EVENT_TYPE type, PVOID context1, PVOID context2)
{
	if (type != RTM_ENTITY_DEREGISTERED)
		return NO_ERROR;
	inside.about = context1;
	inside.info_status = RtmGetEntityInfo(self, context1, &inside.info);
	inside.reference_status = memcmp(&inside.info, context2, sizeof(inside.info)) == 0 ? NO_ERROR : 77;
	atomic_fetch_add(&inside.calls, 1);
	return NO_ERROR;
}

TEST(an_entity_that_left_is_described_during_its_event) /* decision 66 */
{
	RTM_ENTITY_HANDLE listener = enter_with(8, ask_who_left), other = enter(9);

	forget_inside();
	leave(other);
	EVENTUALLY(atomic_load(&inside.calls) == 1);
	CHECK_SAME(inside.about, other);
	CHECK_EQ(inside.info_status, NO_ERROR);
	CHECK_EQ(inside.info.EntityId.EntityProtocolId, 9);
	CHECK_EQ(inside.reference_status, NO_ERROR); /* Context2 says the same */
	leave(listener);
}

/* A callback that does what an ordinary client does, and notes the first call that did not succeed. */
static atomic_uint first_failure;

static void note_failure(DWORD status)
{
	unsigned none = NO_ERROR;

	atomic_compare_exchange_strong(&first_failure, &none, status);
}

static DWORD WINAPI work_inside(RTM_ENTITY_HANDLE self, RTM_EVENT_TYPE type, PVOID context1, PVOID context2)
{
	RTM_ROUTE_CHANGE_FLAGS flags = 0;
	RTM_ROUTE_HANDLE route = NULL;
	RTM_NEXTHOP_HANDLE hop = NULL;
	RTM_NEXTHOP_INFO hop_input = hop_info("192.0.2.1", 1);
	RTM_ENUM_HANDLE enumeration = NULL;
	RTM_NOTIFY_HANDLE notify = NULL;
	UINT count = 1;
	dest_info dest;

	(void)context1;
	(void)context2;
	if (type != RTM_ENTITY_REGISTERED)
		return NO_ERROR;
	note_failure(RtmAddNextHop(self, &hop_input, &hop, &flags));
	note_failure(try_route(self, &route, ROUTE(.to = "10.0.0.0/8", .via = {hop}), &flags));
	note_failure(exact(self, "10.0.0.0/8", RTM_BEST_PROTOCOL, UCAST, &dest));
	note_failure(RtmLockDestination(self, dest.info.DestHandle, TRUE, TRUE));
	note_failure(RtmLockDestination(self, dest.info.DestHandle, TRUE, FALSE));
	note_failure(RtmReleaseDestInfo(self, &dest.info));
	note_failure(RtmCreateDestEnum(self, UCAST, RTM_ENUM_START, NULL, RTM_BEST_PROTOCOL, &enumeration));
	note_failure(RtmGetEnumDests(self, enumeration, &count, &dest.info));
	note_failure(RtmReleaseDests(self, count, &dest.info));
	note_failure(RtmDeleteEnumHandle(self, enumeration));
	note_failure(RtmRegisterForChangeNotification(self, UCAST, RTM_CHANGE_TYPE_ALL, NULL, &notify));
	note_failure(RtmDeregisterFromChangeNotification(self, notify));
	note_failure(RtmDeleteRouteToDest(self, route, &flags));
	note_failure(RtmDeleteNextHop(self, hop, NULL));
	atomic_fetch_add(&inside.calls, 1);
	return 12345; /* means nothing to this event */
}

TEST(a_callback_may_call_what_is_not_forbidden) /* decision 67 */
{
	RTM_ENTITY_HANDLE worker = enter_with(8, work_inside), other;

	forget_inside();
	atomic_store(&first_failure, NO_ERROR);
	other = enter(9);
	EVENTUALLY(atomic_load(&inside.calls) == 1);
	CHECK_EQ(atomic_load(&first_failure), NO_ERROR);
	CHECK_EQ(held_by(worker).Routes, 0);
	CHECK_EQ(handles_of(worker), 0);
	leave(other);
	leave(worker);
}

static struct {
	atomic_bool inside;
	atomic_bool may_leave;
} visit;

static DWORD WINAPI linger(RTM_ENTITY_HANDLE self, RTM_EVENT_TYPE type, PVOID context1, PVOID context2)
{
	(void)self;
	(void)context1;
	(void)context2;
	if (type == RTM_ENTITY_REGISTERED) {
		atomic_store(&visit.inside, true);
		while (!atomic_load(&visit.may_leave))
			give_way();
	}
	return NO_ERROR;
}

TEST(no_lock_is_held_during_a_callback) /* decision 67 */
{
	RTM_ENTITY_HANDLE listener = enter_with(8, linger), other, third;
	RTM_ROUTE_HANDLE route;

	atomic_store(&visit.inside, false);
	atomic_store(&visit.may_leave, false);
	other = enter(9);
	EVENTUALLY(atomic_load(&visit.inside));
	/* All of this would hang. */
	route = add_route(other, ROUTE(.to = "10.0.0.0/8"));
	CHECK(is_known(listener, "10.0.0.0/8"));
	delete_route(other, route);
	third = enter(10);
	leave(third);
	leave(other);
	atomic_store(&visit.may_leave, true);
	leave(listener);
}
