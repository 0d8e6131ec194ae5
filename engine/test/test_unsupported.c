/* test_unsupported.c - the documented functions that are not implemented yet say so, whatever they are given. */
#include "support.h"

struct arguments {
	RTM_ENTITY_HANDLE entity;
	RTM_ROUTE_HANDLE route;
	RTM_DEST_HANDLE dest;
	RTM_NEXTHOP_HANDLE hop;
};

static void check_all(const struct arguments *a)
{
	RTM_ENTITY_HANDLE e = a->entity;
	RTM_ROUTE_HANDLE route = a->route;
	RTM_DEST_HANDLE dest = a->dest;
	RTM_NEXTHOP_HANDLE hop = a->hop;

	CHECK_EQ(RtmGetRegisteredEntities(e, NULL, NULL, NULL), ERROR_NOT_SUPPORTED);
	CHECK_EQ(RtmLockDestination(e, dest, TRUE, TRUE), ERROR_NOT_SUPPORTED);
	CHECK_EQ(RtmGetOpaqueInformationPointer(e, dest, NULL), ERROR_NOT_SUPPORTED);
	CHECK_EQ(RtmGetEntityMethods(e, e, NULL, NULL), ERROR_NOT_SUPPORTED);
	CHECK_EQ(RtmInvokeMethod(e, e, NULL, NULL, NULL), ERROR_NOT_SUPPORTED);
	CHECK_EQ(RtmBlockMethods(e, NULL, 0, RTM_RESUME_METHODS), ERROR_NOT_SUPPORTED);
	CHECK_EQ(RtmHoldDestination(e, dest, UCAST, 1000), ERROR_NOT_SUPPORTED);
	CHECK_EQ(RtmGetRoutePointer(e, route, NULL), ERROR_NOT_SUPPORTED);
	CHECK_EQ(RtmLockRoute(e, route, TRUE, TRUE, NULL), ERROR_NOT_SUPPORTED);
	CHECK_EQ(RtmUpdateAndUnlockRoute(e, route, INFINITE, NULL, 0, NULL, NULL), ERROR_NOT_SUPPORTED);
	CHECK_EQ(RtmGetLessSpecificDestination(e, dest, RTM_BEST_PROTOCOL, UCAST, NULL), ERROR_NOT_SUPPORTED);
	CHECK_EQ(RtmGetNextHopPointer(e, hop, NULL), ERROR_NOT_SUPPORTED);
	CHECK_EQ(RtmLockNextHop(e, hop, TRUE, TRUE, NULL), ERROR_NOT_SUPPORTED);
	CHECK_EQ(RtmRegisterForChangeNotification(e, UCAST, RTM_CHANGE_TYPE_ALL, NULL, NULL), ERROR_NOT_SUPPORTED);
	CHECK_EQ(RtmGetChangedDests(e, NULL, NULL, NULL), ERROR_NOT_SUPPORTED);
	CHECK_EQ(RtmReleaseChangedDests(e, NULL, 1, NULL), ERROR_NOT_SUPPORTED);
	CHECK_EQ(RtmIgnoreChangedDests(e, NULL, 1, &dest), ERROR_NOT_SUPPORTED);
	CHECK_EQ(RtmGetChangeStatus(e, NULL, dest, NULL), ERROR_NOT_SUPPORTED);
	CHECK_EQ(RtmMarkDestForChangeNotification(e, NULL, dest, TRUE), ERROR_NOT_SUPPORTED);
	CHECK_EQ(RtmIsMarkedForChangeNotification(e, NULL, dest, NULL), ERROR_NOT_SUPPORTED);
	CHECK_EQ(RtmDeregisterFromChangeNotification(e, NULL), ERROR_NOT_SUPPORTED);
	CHECK_EQ(RtmCreateRouteList(e, NULL), ERROR_NOT_SUPPORTED);
	CHECK_EQ(RtmInsertInRouteList(e, NULL, 1, &route), ERROR_NOT_SUPPORTED);
	CHECK_EQ(RtmCreateRouteListEnum(e, NULL, NULL), ERROR_NOT_SUPPORTED);
	CHECK_EQ(RtmGetListEnumRoutes(e, NULL, NULL, NULL), ERROR_NOT_SUPPORTED);
	CHECK_EQ(RtmDeleteRouteList(e, NULL), ERROR_NOT_SUPPORTED);
}

TEST(unimplemented_functions_say_so_without_a_registration)
{
	check_all(&(struct arguments){.entity = NULL});
}

TEST(unimplemented_functions_say_so_with_right_arguments)
{
	struct arguments right;

	right.entity = enter(8);
	right.hop = keep_hop(right.entity, "192.0.2.1", 3);
	right.route = keep_route(right.entity, ROUTE(.to = "10.0.0.0/8", .via = {right.hop}));
	right.dest = hold_dest(right.entity, "10.0.0.0/8");
	check_all(&right);
	CHECK_EQ(best_in(right.entity, right.route), UCAST);
	release_dest(right.entity, right.dest);
	leave(right.entity);
}
