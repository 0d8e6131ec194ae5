/* test_registration.c - RtmRegisterEntity, RtmDeregisterEntity, RtmGetEntityInfo, RtmReleaseEntityInfo. */
#include "support.h"

#include <string.h>

#include "calls.h"

static DWORD register_entity(RTM_ENTITY_INFO info, RTM_ENTITY_HANDLE *entity)
{
	return RtmRegisterEntity(&info, NULL, NULL, FALSE, &profile, entity);
}

TEST(registration_gives_a_handle_and_the_limits) /* decision 63 */
{
	RTM_ENTITY_INFO info = entity_info(instance, RTM2_AF_INET, 8, 1);
	RTM_ENTITY_HANDLE entity = NULL;
	RTM_REGN_PROFILE limits;

	memset(&limits, 0x5A, sizeof(limits));
	REQUIRE_EQ(RtmRegisterEntity(&info, NULL, NULL, FALSE, &limits, &entity), NO_ERROR);
	CHECK(entity != NULL);
	CHECK(limits.MaxNextHopsInRoute >= 1 && limits.MaxNextHopsInRoute != 0x5A5A5A5A);
	CHECK(limits.MaxHandlesInEnum >= 1 && limits.MaxHandlesInEnum != 0x5A5A5A5A);
	CHECK_EQ(limits.ViewsSupported, BOTH);
	CHECK_EQ(limits.NumberOfViews, 2);
	CHECK_EQ(RtmDeregisterEntity(entity), NO_ERROR);
}

TEST(registration_does_not_change_what_it_is_told)
{
	RTM_ENTITY_INFO info = entity_info(instance, RTM2_AF_INET, 8, 1), before;
	RTM_ENTITY_HANDLE entity = NULL;

	memcpy(&before, &info, sizeof(before));
	REQUIRE_EQ(RtmRegisterEntity(&info, NULL, NULL, FALSE, &profile, &entity), NO_ERROR);
	CHECK(memcmp(&info, &before, sizeof(info)) == 0);
	CHECK_EQ(RtmDeregisterEntity(entity), NO_ERROR);
}

TEST(an_entity_registers_once) /* decision 61 */
{
	RTM_ENTITY_HANDLE first = enter(8), second = NULL;

	CHECK_EQ(register_entity(entity_info(instance, RTM2_AF_INET, 8, 1), &second), ERROR_ALREADY_EXISTS);
	CHECK_SAME(second, NULL);
	leave(first);
}

TEST(an_entity_is_the_whole_64_bit_id) /* decision 61 */
{
	RTM_ENTITY_HANDLE first = enter_as(instance, RTM2_AF_INET, 8, 1);
	RTM_ENTITY_HANDLE second = enter_as(instance, RTM2_AF_INET, 8, 2);
	RTM_ENTITY_HANDLE third = enter_as(instance, RTM2_AF_INET, 9, 1);

	CHECK(first != second && second != third && first != third);
	leave(first);
	leave(second);
	leave(third);
}

TEST(the_same_id_registers_once_for_each_instance_and_family) /* decisions 60, 61 */
{
	RTM_ENTITY_HANDLE ipv4 = enter_as(instance, RTM2_AF_INET, 8, 1);
	RTM_ENTITY_HANDLE ipv6 = enter_as(instance, RTM2_AF_INET6, 8, 1);
	RTM_ENTITY_HANDLE ipx = enter_as(instance, RTM2_AF_IPX, 8, 1);
	RTM_ENTITY_HANDLE elsewhere = enter_as(second_instance(), RTM2_AF_INET, 8, 1);

	leave(ipv4);
	leave(ipv6);
	leave(ipx);
	leave(elsewhere);
}

TEST(an_id_is_free_again_after_deregistration)
{
	RTM_ENTITY_HANDLE first = enter(8), second;

	leave(first);
	second = enter(8);
	CHECK(first != second);
	leave(second);
}

TEST(every_instance_is_accepted) /* decision 60 */
{
	static const USHORT instances[] = {0, 1, 0x7FFF, 0x8000, 0xFFFF};

	for (unsigned i = 0; i < sizeof(instances) / sizeof(instances[0]); i++)
		leave(enter_as(instances[i], RTM2_AF_INET, 0x7AB0, 0x7AB1));
}

TEST(every_id_is_accepted) /* decision 131 */
{
	leave(enter_as(instance, RTM2_AF_INET, 0, 0));
	leave(enter_as(instance, RTM2_AF_INET, 0xFFFFFFFF, 0xFFFFFFFF));
}

TEST(a_family_without_tables_is_not_found) /* decision 60 */
{
	static const USHORT families[] = {0, 1, 3, 10, 12, 22, 24, 30, 0x0200, 0xFFFF};

	for (unsigned i = 0; i < sizeof(families) / sizeof(families[0]); i++) {
		RTM_ENTITY_HANDLE entity = NULL;

		test_context("family %u", families[i]);
		CHECK_EQ(register_entity(entity_info(instance, families[i], 8, 1), &entity), ERROR_FILE_NOT_FOUND);
		CHECK_SAME(entity, NULL);
	}
}

TEST(registration_needs_its_pointers) /* decisions 62, 63, 81 */
{
	RTM_ENTITY_INFO info = entity_info(instance, RTM2_AF_INET, 8, 1);
	RTM_ENTITY_HANDLE entity = NULL;

	CHECK_EQ(RtmRegisterEntity(NULL, NULL, NULL, FALSE, &profile, &entity), ERROR_INVALID_PARAMETER);
	CHECK_EQ(RtmRegisterEntity(&info, NULL, NULL, FALSE, NULL, &entity), ERROR_INVALID_PARAMETER);
	CHECK_EQ(RtmRegisterEntity(&info, NULL, NULL, FALSE, &profile, NULL), ERROR_INVALID_PARAMETER);
	CHECK_SAME(entity, NULL);
}

static void WINAPI some_method(RTM_ENTITY_HANDLE caller, RTM_ENTITY_HANDLE callee, RTM_ENTITY_METHOD_INPUT *input,
                               RTM_ENTITY_METHOD_OUTPUT *output)
{
	(void)caller;
	(void)callee;
	(void)input;
	(void)output;
}

TEST(an_entity_exports_at_most_32_methods) /* decisions 62, 154 */
{
	static union {
		RTM_ENTITY_EXPORT_METHODS methods;
		UCHAR room[sizeof(RTM_ENTITY_EXPORT_METHODS) + 33 * sizeof(RTM_ENTITY_EXPORT_METHOD)];
	} exports;
	RTM_ENTITY_INFO info = entity_info(instance, RTM2_AF_INET, 8, 1);
	RTM_ENTITY_HANDLE entity = NULL;

	for (unsigned i = 0; i < 33; i++)
		(&exports.methods.Methods[0])[i] = some_method;
	exports.methods.NumMethods = 33;
	CHECK_EQ(RtmRegisterEntity(&info, &exports.methods, NULL, FALSE, &profile, &entity), ERROR_INVALID_PARAMETER);
	CHECK_SAME(entity, NULL);
	exports.methods.NumMethods = 32;
	REQUIRE_EQ(RtmRegisterEntity(&info, &exports.methods, NULL, FALSE, &profile, &entity), NO_ERROR);
	leave(entity);
}

static DWORD WINAPI some_callback(RTM_ENTITY_HANDLE entity, RTM_EVENT_TYPE event, PVOID context1, PVOID context2)
{
	(void)entity;
	(void)event;
	(void)context1;
	(void)context2;
	return NO_ERROR;
}

TEST(an_entity_may_have_a_callback_and_reserve_an_opaque_pointer)
{
	RTM_ENTITY_INFO info = entity_info(instance, RTM2_AF_INET, 8, 1);
	RTM_ENTITY_HANDLE entity = NULL, other;

	REQUIRE_EQ(RtmRegisterEntity(&info, NULL, some_callback, TRUE, &profile, &entity), NO_ERROR);
	other = enter(9);
	leave(other);
	leave(entity);
}

TEST(a_failed_registration_writes_nothing) /* decision 81 */
{
	RTM_ENTITY_HANDLE first = enter(8), second = NULL;
	RTM_ENTITY_INFO info = entity_info(instance, RTM2_AF_INET, 8, 1);
	RTM_REGN_PROFILE limits, before;

	memset(&limits, 0x5A, sizeof(limits));
	before = limits;
	CHECK_EQ(RtmRegisterEntity(&info, NULL, NULL, FALSE, &limits, &second), ERROR_ALREADY_EXISTS);
	info.AddressFamily = 99;
	CHECK_EQ(RtmRegisterEntity(&info, NULL, NULL, FALSE, &limits, &second), ERROR_FILE_NOT_FOUND);
	CHECK(memcmp(&limits, &before, sizeof(limits)) == 0);
	CHECK_SAME(second, NULL);
	leave(first);
}

TEST(registration_checks_its_parameters_before_what_exists) /* decision 80 */
{
	RTM_ENTITY_HANDLE first = enter(8), second = NULL;
	RTM_ENTITY_INFO same = entity_info(instance, RTM2_AF_INET, 8, 1);
	RTM_ENTITY_INFO nowhere = entity_info(instance, 99, 8, 1);

	CHECK_EQ(RtmRegisterEntity(&same, NULL, NULL, FALSE, NULL, &second), ERROR_INVALID_PARAMETER);
	CHECK_EQ(RtmRegisterEntity(&nowhere, NULL, NULL, FALSE, &profile, NULL), ERROR_INVALID_PARAMETER);
	leave(first);
}

/* Arguments of all kinds: each registration is told exactly one code, and not those two that are documented beside it. */
TEST(registration_tells_a_bad_argument_in_one_way) /* decision 62 */
{
	enum { TRIES = 20000, IDS = 4, MOST = 32 };
	static const USHORT families[] = {RTM2_AF_INET, RTM2_AF_INET, RTM2_AF_INET6, RTM2_AF_IPX, 0, 99};
	static const UINT numbers[] = {0, 1, MOST, MOST + 1, 0xFFFFFFFF};
	union {
		RTM_ENTITY_EXPORT_METHODS methods;
		UCHAR room[sizeof(RTM_ENTITY_EXPORT_METHODS) + MOST * sizeof(RTM_ENTITY_EXPORT_METHOD)];
	} exported;
	struct random random = {random_seed()};
	RTM_ENTITY_HANDLE known[6][IDS] = {{0}};

	for (unsigned i = 0; i < MOST; i++)
		(&exported.methods.Methods[0])[i] = some_method;
	for (unsigned try = 0; try < TRIES; try++) {
		unsigned family = random_below(&random, 6), id = random_below(&random, IDS), without = random_below(&random, 12);
		RTM_ENTITY_INFO info = entity_info(instance, families[family], 8, id);
		RTM_ENTITY_HANDLE *place = &known[family == 1 ? 0 : family][id], handle = NULL;
		bool exports = random_below(&random, 2);
		DWORD right = NO_ERROR;

		exported.methods.NumMethods = numbers[random_below(&random, 5)];
		if (*place && random_below(&random, 3) == 0) {
			REQUIRE_EQ(RtmDeregisterEntity(*place), NO_ERROR);
			*place = NULL;
		}
		if (without < 3 || (exports && exported.methods.NumMethods > MOST))
			right = ERROR_INVALID_PARAMETER;
		else if (family > 3)
			right = ERROR_FILE_NOT_FOUND;
		else if (*place)
			right = ERROR_ALREADY_EXISTS;
		test_context("try %u", try);
		REQUIRE_EQ(RtmRegisterEntity(without == 0 ? NULL : &info, exports ? &exported.methods : NULL, NULL, FALSE,
		                             without == 1 ? NULL : &profile, without == 2 ? NULL : &handle),
		           right);
		REQUIRE((handle != NULL) == (right == NO_ERROR));
		if (handle)
			*place = handle;
	}
	for (unsigned i = 0; i < 6 * IDS; i++)
		if (known[i / IDS][i % IDS])
			CHECK_EQ(RtmDeregisterEntity(known[i / IDS][i % IDS]), NO_ERROR);
}

TEST(deregistration_needs_a_registration)
{
	RTM_ENTITY_HANDLE entity = enter(8);
	RTM_ROUTE_HANDLE route = keep_route(entity, ROUTE(.to = "10.0.0.0/8"));
	RTM_DEST_HANDLE dest = hold_dest(entity, "10.0.0.0/8");
	int here;

	CHECK_EQ(RtmDeregisterEntity(NULL), ERROR_INVALID_HANDLE);
	CHECK_EQ(RtmDeregisterEntity(&here), ERROR_INVALID_HANDLE);
	CHECK_EQ(RtmDeregisterEntity((HANDLE)(intptr_t)-1), ERROR_INVALID_HANDLE);
	CHECK_EQ(RtmDeregisterEntity(route), ERROR_INVALID_HANDLE);
	CHECK_EQ(RtmDeregisterEntity(dest), ERROR_INVALID_HANDLE);
	release_dest(entity, dest);
	leave(entity);
	CHECK_EQ(RtmDeregisterEntity(entity), ERROR_INVALID_HANDLE); /* decision 69 */
}

TEST(no_function_works_without_a_registration) /* decision 79 */
{
	HANDLE handles[MOST_PLACES] = {NULL};

	for (unsigned i = 0; i < number_of_calls; i++) {
		test_context("%s", calls[i].name);
		check_refusal(&calls[i], handles, ERROR_INVALID_HANDLE);
	}
}

TEST(no_function_works_after_deregistration) /* decision 69 */
{
	HANDLE handles[MOST_PLACES] = {NULL};

	handles[0] = enter(8);
	leave(handles[0]);
	for (unsigned i = 0; i < number_of_calls; i++) {
		test_context("%s", calls[i].name);
		check_refusal(&calls[i], handles, ERROR_INVALID_HANDLE);
	}
}

TEST(a_bad_registration_is_told_before_a_bad_parameter) /* decision 80 */
{
	CHECK_EQ(RtmGetEntityInfo(NULL, NULL, NULL), ERROR_INVALID_HANDLE);
	CHECK_EQ(RtmReleaseEntities(NULL, 1, NULL), ERROR_INVALID_HANDLE);
	CHECK_EQ(RtmReleaseEntityInfo(NULL, NULL), ERROR_INVALID_HANDLE);
	CHECK_EQ(RtmReferenceHandles(NULL, 1, NULL), ERROR_INVALID_HANDLE);
	CHECK_EQ(RtmAddNextHop(NULL, NULL, NULL, NULL), ERROR_INVALID_HANDLE);
	CHECK_EQ(RtmFindNextHop(NULL, NULL, NULL, NULL), ERROR_INVALID_HANDLE);
	CHECK_EQ(RtmDeleteNextHop(NULL, NULL, NULL), ERROR_INVALID_HANDLE);
	CHECK_EQ(RtmReleaseNextHops(NULL, 1, NULL), ERROR_INVALID_HANDLE);
	CHECK_EQ(RtmGetNextHopInfo(NULL, NULL, NULL), ERROR_INVALID_HANDLE);
	CHECK_EQ(RtmReleaseNextHopInfo(NULL, NULL), ERROR_INVALID_HANDLE);
	CHECK_EQ(RtmAddRouteToDest(NULL, NULL, NULL, NULL, 0, NULL, 0, NULL, NULL), ERROR_INVALID_HANDLE);
	CHECK_EQ(RtmDeleteRouteToDest(NULL, NULL, NULL), ERROR_INVALID_HANDLE);
	CHECK_EQ(RtmGetRouteInfo(NULL, NULL, NULL, NULL), ERROR_INVALID_HANDLE);
	CHECK_EQ(RtmReleaseRouteInfo(NULL, NULL), ERROR_INVALID_HANDLE);
	CHECK_EQ(RtmReleaseRoutes(NULL, 1, NULL), ERROR_INVALID_HANDLE);
	CHECK_EQ(RtmIsBestRoute(NULL, NULL, NULL), ERROR_INVALID_HANDLE);
	CHECK_EQ(RtmGetExactMatchDestination(NULL, NULL, 0, 4, NULL), ERROR_INVALID_HANDLE);
	CHECK_EQ(RtmGetMostSpecificDestination(NULL, NULL, 0, 4, NULL), ERROR_INVALID_HANDLE);
	CHECK_EQ(RtmGetExactMatchRoute(NULL, NULL, 0x20, NULL, 0, 4, NULL), ERROR_INVALID_HANDLE);
	CHECK_EQ(RtmGetDestInfo(NULL, NULL, 0, 4, NULL), ERROR_INVALID_HANDLE);
	CHECK_EQ(RtmReleaseDestInfo(NULL, NULL), ERROR_INVALID_HANDLE);
	CHECK_EQ(RtmReleaseDests(NULL, 1, NULL), ERROR_INVALID_HANDLE);
	CHECK_EQ(RtmCreateDestEnum(NULL, 4, 3, NULL, 0, NULL), ERROR_INVALID_HANDLE);
	CHECK_EQ(RtmGetEnumDests(NULL, NULL, NULL, NULL), ERROR_INVALID_HANDLE);
	CHECK_EQ(RtmCreateRouteEnum(NULL, NULL, 4, 3, NULL, 0x20, NULL, 0, NULL), ERROR_INVALID_HANDLE);
	CHECK_EQ(RtmGetEnumRoutes(NULL, NULL, NULL, NULL), ERROR_INVALID_HANDLE);
	CHECK_EQ(RtmCreateNextHopEnum(NULL, 3, NULL, NULL), ERROR_INVALID_HANDLE);
	CHECK_EQ(RtmGetEnumNextHops(NULL, NULL, NULL, NULL), ERROR_INVALID_HANDLE);
	CHECK_EQ(RtmDeleteEnumHandle(NULL, NULL), ERROR_INVALID_HANDLE);
	CHECK_EQ(RtmGetRegisteredEntities(NULL, NULL, NULL, NULL), ERROR_INVALID_HANDLE);
	CHECK_EQ(RtmLockDestination(NULL, NULL, 0, 0), ERROR_INVALID_HANDLE);
	CHECK_EQ(RtmGetOpaqueInformationPointer(NULL, NULL, NULL), ERROR_INVALID_HANDLE);
	CHECK_EQ(RtmGetEntityMethods(NULL, NULL, NULL, NULL), ERROR_INVALID_HANDLE);
	CHECK_EQ(RtmInvokeMethod(NULL, NULL, NULL, NULL, NULL), ERROR_INVALID_HANDLE);
	CHECK_EQ(RtmBlockMethods(NULL, NULL, 0, 99), ERROR_INVALID_HANDLE);
	CHECK_EQ(RtmHoldDestination(NULL, NULL, 4, 0), ERROR_INVALID_HANDLE);
	CHECK_EQ(RtmGetRoutePointer(NULL, NULL, NULL), ERROR_INVALID_HANDLE);
	CHECK_EQ(RtmLockRoute(NULL, NULL, 0, 0, NULL), ERROR_INVALID_HANDLE);
	CHECK_EQ(RtmUpdateAndUnlockRoute(NULL, NULL, 0, NULL, 0, NULL, NULL), ERROR_INVALID_HANDLE);
	CHECK_EQ(RtmGetLessSpecificDestination(NULL, NULL, 0, 4, NULL), ERROR_INVALID_HANDLE);
	CHECK_EQ(RtmGetNextHopPointer(NULL, NULL, NULL), ERROR_INVALID_HANDLE);
	CHECK_EQ(RtmLockNextHop(NULL, NULL, 0, 0, NULL), ERROR_INVALID_HANDLE);
	CHECK_EQ(RtmRegisterForChangeNotification(NULL, 4, 0, NULL, NULL), ERROR_INVALID_HANDLE);
	CHECK_EQ(RtmGetChangedDests(NULL, NULL, NULL, NULL), ERROR_INVALID_HANDLE);
	CHECK_EQ(RtmReleaseChangedDests(NULL, NULL, 1, NULL), ERROR_INVALID_HANDLE);
	CHECK_EQ(RtmIgnoreChangedDests(NULL, NULL, 1, NULL), ERROR_INVALID_HANDLE);
	CHECK_EQ(RtmGetChangeStatus(NULL, NULL, NULL, NULL), ERROR_INVALID_HANDLE);
	CHECK_EQ(RtmMarkDestForChangeNotification(NULL, NULL, NULL, 0), ERROR_INVALID_HANDLE);
	CHECK_EQ(RtmIsMarkedForChangeNotification(NULL, NULL, NULL, NULL), ERROR_INVALID_HANDLE);
	CHECK_EQ(RtmDeregisterFromChangeNotification(NULL, NULL), ERROR_INVALID_HANDLE);
	CHECK_EQ(RtmCreateRouteList(NULL, NULL), ERROR_INVALID_HANDLE);
	CHECK_EQ(RtmInsertInRouteList(NULL, NULL, 1, NULL), ERROR_INVALID_HANDLE);
	CHECK_EQ(RtmCreateRouteListEnum(NULL, NULL, NULL), ERROR_INVALID_HANDLE);
	CHECK_EQ(RtmGetListEnumRoutes(NULL, NULL, NULL, NULL), ERROR_INVALID_HANDLE);
	CHECK_EQ(RtmDeleteRouteList(NULL, NULL), ERROR_INVALID_HANDLE);
}

TEST(an_entity_learns_who_another_one_is)
{
	RTM_ENTITY_HANDLE asker = enter(8), other = enter_as(instance, RTM2_AF_INET, 9, 0x1234);
	RTM_ENTITY_INFO info;

	memset(&info, 0x5A, sizeof(info));
	REQUIRE_EQ(RtmGetEntityInfo(asker, other, &info), NO_ERROR);
	CHECK_EQ(info.RtmInstanceId, instance);
	CHECK_EQ(info.AddressFamily, RTM2_AF_INET);
	CHECK_EQ(info.EntityId.EntityProtocolId, 9);
	CHECK_EQ(info.EntityId.EntityInstanceId, 0x1234);
	CHECK_EQ(RtmReleaseEntityInfo(asker, &info), NO_ERROR);
	leave(asker);
	leave(other);
}

TEST(entity_information_takes_no_reference) /* decision 76 */
{
	RTM_ENTITY_HANDLE asker = enter(8), other = enter(9);
	RTM_ENTITY_INFO info;

	CHECK_EQ(RtmGetEntityInfo(asker, other, &info), NO_ERROR);
	CHECK_EQ(RtmGetEntityInfo(asker, other, &info), NO_ERROR);
	CHECK_EQ(handles_of(asker), 0);
	CHECK_EQ(RtmReleaseEntityInfo(asker, &info), NO_ERROR);
	CHECK_EQ(RtmReleaseEntityInfo(asker, &info), NO_ERROR);
	CHECK_EQ(RtmReleaseEntityInfo(asker, &info), NO_ERROR);
	CHECK_EQ(RtmGetEntityInfo(asker, other, &info), NO_ERROR);
	leave(asker);
	leave(other);
}

TEST(entity_information_needs_an_entity_of_the_same_table)
{
	RTM_ENTITY_HANDLE entity = enter(8);
	RTM_ENTITY_HANDLE ipv6 = enter_as(instance, RTM2_AF_INET6, 9, 1);
	RTM_ENTITY_HANDLE elsewhere = enter_as(second_instance(), RTM2_AF_INET, 9, 1);
	RTM_ROUTE_HANDLE route = keep_route(entity, ROUTE(.to = "10.0.0.0/8"));
	RTM_ENTITY_INFO info;

	CHECK_EQ(RtmGetEntityInfo(entity, NULL, &info), ERROR_INVALID_HANDLE);
	CHECK_EQ(RtmGetEntityInfo(entity, route, &info), ERROR_INVALID_HANDLE);
	CHECK_EQ(RtmGetEntityInfo(entity, ipv6, &info), ERROR_INVALID_HANDLE);
	CHECK_EQ(RtmGetEntityInfo(entity, elsewhere, &info), ERROR_INVALID_HANDLE);
	leave(entity);
	leave(ipv6);
	leave(elsewhere);
}

TEST(entity_information_needs_a_buffer) /* decisions 80, 81 */
{
	RTM_ENTITY_HANDLE entity = enter(8);

	CHECK_EQ(RtmGetEntityInfo(entity, entity, NULL), ERROR_INVALID_PARAMETER);
	CHECK_EQ(RtmGetEntityInfo(entity, NULL, NULL), ERROR_INVALID_HANDLE);
	leave(entity);
}

TEST(the_handle_of_an_entity_that_left_is_invalid)
{
	RTM_ENTITY_HANDLE asker = enter(8), other = enter(9);
	RTM_ENTITY_INFO info;

	leave(other);
	CHECK_EQ(RtmGetEntityInfo(asker, other, &info), ERROR_INVALID_HANDLE);
	leave(asker);
}

TEST(many_entities_are_registered_at_once)
{
	RTM_ENTITY_HANDLE entities[200];

	for (unsigned i = 0; i < 200; i++)
		entities[i] = enter_as(instance, RTM2_AF_INET, 1000 + i / 10, i % 10);
	for (unsigned i = 0; i < 200; i++) {
		RTM_ENTITY_INFO info;

		CHECK_EQ(RtmGetEntityInfo(entities[(i + 1) % 200], entities[i], &info), NO_ERROR);
		CHECK_EQ(info.EntityId.EntityProtocolId, 1000 + i / 10);
		CHECK_EQ(info.EntityId.EntityInstanceId, i % 10);
	}
	for (unsigned i = 0; i < 200; i++)
		CHECK_EQ(RtmDeregisterEntity(entities[i * 7 % 200]), NO_ERROR);
}
