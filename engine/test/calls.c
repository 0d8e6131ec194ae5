/* calls.c - every function as data; see calls.h. */
#include "calls.h"

#include <string.h>

enum { UNTOUCHED = 0x5A };

static RTM_NET_ADDRESS some_prefix(void)
{
	return addr("10.9.0.0/16");
}

/* Registration */

static DWORD deregister_entity(struct call_arguments *a)
{
	return RtmDeregisterEntity(a->handle[0]);
}

static DWORD get_registered_entities(struct call_arguments *a)
{
	return RtmGetRegisteredEntities(a->handle[0], &a->count, &a->result, &a->entity);
}

static DWORD release_entities(struct call_arguments *a)
{
	return RtmReleaseEntities(a->handle[0], 1, &a->handle[1]);
}

static DWORD get_entity_info(struct call_arguments *a)
{
	return RtmGetEntityInfo(a->handle[0], a->handle[1], &a->entity);
}

static DWORD release_entity_info(struct call_arguments *a)
{
	return RtmReleaseEntityInfo(a->handle[0], &a->entity);
}

static DWORD reference_handles(struct call_arguments *a)
{
	return RtmReferenceHandles(a->handle[0], 1, &a->handle[1]);
}

/* Methods */

static DWORD get_entity_methods(struct call_arguments *a)
{
	return RtmGetEntityMethods(a->handle[0], a->handle[1], &a->count, &a->method);
}

static DWORD invoke_method(struct call_arguments *a)
{
	RTM_ENTITY_METHOD_INPUT input = {.MethodType = METHOD_TYPE_ALL_METHODS};
	UINT size = sizeof(a->output);

	return RtmInvokeMethod(a->handle[0], a->handle[1], &input, &size, &a->output);
}

static DWORD block_methods(struct call_arguments *a)
{
	return RtmBlockMethods(a->handle[0], NULL, 0, RTM_BLOCK_METHODS);
}

/* Next hops */

static DWORD add_next_hop(struct call_arguments *a)
{
	RTM_NEXTHOP_INFO info = hop_info("192.0.2.77", 7);

	info.Flags = RTM_NEXTHOP_FLAGS_REMOTE;
	info.RemoteNextHop = a->handle[2];
	return RtmAddNextHop(a->handle[0], &info, &a->handle[1], &a->flags);
}

static DWORD find_next_hop(struct call_arguments *a)
{
	RTM_NEXTHOP_INFO info = hop_info("192.0.2.77", 7);

	return RtmFindNextHop(a->handle[0], &info, &a->result, &a->hop_pointer);
}

static DWORD delete_next_hop(struct call_arguments *a)
{
	return RtmDeleteNextHop(a->handle[0], a->handle[1], NULL);
}

static DWORD delete_next_hop_by_info(struct call_arguments *a)
{
	RTM_NEXTHOP_INFO info = hop_info("192.0.2.77", 7);

	return RtmDeleteNextHop(a->handle[0], NULL, &info);
}

static DWORD release_next_hops(struct call_arguments *a)
{
	return RtmReleaseNextHops(a->handle[0], 1, &a->handle[1]);
}

static DWORD get_next_hop_info(struct call_arguments *a)
{
	return RtmGetNextHopInfo(a->handle[0], a->handle[1], &a->hop);
}

static DWORD release_next_hop_info_owner(struct call_arguments *a)
{
	RTM_NEXTHOP_INFO info = hop_info("192.0.2.77", 7);

	info.NextHopOwner = a->handle[1];
	return RtmReleaseNextHopInfo(a->handle[0], &info);
}

static DWORD release_next_hop_info_remote(struct call_arguments *a)
{
	RTM_NEXTHOP_INFO info = hop_info("192.0.2.77", 7);

	info.RemoteNextHop = a->handle[1];
	return RtmReleaseNextHopInfo(a->handle[0], &info);
}

static DWORD get_next_hop_pointer(struct call_arguments *a)
{
	return RtmGetNextHopPointer(a->handle[0], a->handle[1], &a->hop_pointer);
}

static DWORD lock_next_hop(struct call_arguments *a)
{
	return RtmLockNextHop(a->handle[0], a->handle[1], TRUE, TRUE, &a->hop_pointer);
}

/* Routes */

static DWORD add_route_to_dest(struct call_arguments *a)
{
	RTM_NET_ADDRESS destination = some_prefix();
	route_info input;

	route_input(&input, ROUTE(.neighbour = a->handle[2], .via = {a->handle[3]}));
	return RtmAddRouteToDest(a->handle[0], &a->handle[1], &destination, &input.info, INFINITE, a->handle[4], 0,
	                         NULL, &a->flags);
}

static DWORD delete_route_to_dest(struct call_arguments *a)
{
	return RtmDeleteRouteToDest(a->handle[0], a->handle[1], &a->flags);
}

static DWORD get_route_info(struct call_arguments *a)
{
	return RtmGetRouteInfo(a->handle[0], a->handle[1], &a->route.info, &a->address);
}

static DWORD release_route_info_dest(struct call_arguments *a)
{
	route_info info;

	route_input(&info, ROUTE(.tag = 0));
	info.info.DestHandle = a->handle[1];
	return RtmReleaseRouteInfo(a->handle[0], &info.info);
}

static DWORD release_route_info_owner(struct call_arguments *a)
{
	route_info info;

	route_input(&info, ROUTE(.tag = 0));
	info.info.RouteOwner = a->handle[1];
	return RtmReleaseRouteInfo(a->handle[0], &info.info);
}

static DWORD release_route_info_neighbour(struct call_arguments *a)
{
	route_info info;

	route_input(&info, ROUTE(.neighbour = a->handle[1]));
	return RtmReleaseRouteInfo(a->handle[0], &info.info);
}

static DWORD release_route_info_hop(struct call_arguments *a)
{
	route_info info;

	route_input(&info, ROUTE(.via = {a->handle[1]}));
	return RtmReleaseRouteInfo(a->handle[0], &info.info);
}

static DWORD release_routes(struct call_arguments *a)
{
	return RtmReleaseRoutes(a->handle[0], 1, &a->handle[1]);
}

static DWORD is_best_route(struct call_arguments *a)
{
	return RtmIsBestRoute(a->handle[0], a->handle[1], &a->flags);
}

static DWORD get_route_pointer(struct call_arguments *a)
{
	return RtmGetRoutePointer(a->handle[0], a->handle[1], &a->route_pointer);
}

static DWORD lock_route(struct call_arguments *a)
{
	return RtmLockRoute(a->handle[0], a->handle[1], TRUE, TRUE, &a->route_pointer);
}

static DWORD update_and_unlock_route(struct call_arguments *a)
{
	return RtmUpdateAndUnlockRoute(a->handle[0], a->handle[1], INFINITE, a->handle[2], 0, NULL, &a->flags);
}

/* Destinations */

static DWORD get_less_specific_destination(struct call_arguments *a)
{
	return RtmGetLessSpecificDestination(a->handle[0], a->handle[1], RTM_BEST_PROTOCOL, BOTH, &a->dest.info);
}

static DWORD lock_destination(struct call_arguments *a)
{
	return RtmLockDestination(a->handle[0], a->handle[1], TRUE, TRUE);
}

static DWORD get_opaque_information_pointer(struct call_arguments *a)
{
	return RtmGetOpaqueInformationPointer(a->handle[0], a->handle[1], &a->opaque);
}

static DWORD hold_destination(struct call_arguments *a)
{
	return RtmHoldDestination(a->handle[0], a->handle[1], BOTH, 1);
}

static DWORD get_exact_match_destination(struct call_arguments *a)
{
	RTM_NET_ADDRESS destination = some_prefix();

	return RtmGetExactMatchDestination(a->handle[0], &destination, RTM_BEST_PROTOCOL, BOTH, &a->dest.info);
}

static DWORD get_most_specific_destination(struct call_arguments *a)
{
	RTM_NET_ADDRESS destination = some_prefix();

	return RtmGetMostSpecificDestination(a->handle[0], &destination, RTM_BEST_PROTOCOL, BOTH, &a->dest.info);
}

static DWORD get_exact_match_route(struct call_arguments *a)
{
	RTM_NET_ADDRESS destination = some_prefix();

	return RtmGetExactMatchRoute(a->handle[0], &destination, RTM_MATCH_NONE, &a->route.info, 0, BOTH, &a->result);
}

static DWORD get_dest_info(struct call_arguments *a)
{
	return RtmGetDestInfo(a->handle[0], a->handle[1], RTM_BEST_PROTOCOL, BOTH, &a->dest.info);
}

static DWORD release_dest_info(struct call_arguments *a)
{
	dest_info info;

	memset(&info, 0, sizeof(info));
	info.info.DestHandle = a->handle[1];
	info.info.NumberOfViews = 1;
	VIEW(info, 0).Route = a->handle[2];
	VIEW(info, 0).Owner = a->handle[3];
	VIEW(info, 0).HoldRoute = a->handle[4];
	return RtmReleaseDestInfo(a->handle[0], &info.info);
}

static DWORD release_dests(struct call_arguments *a)
{
	dest_info info;

	memset(&info, 0, sizeof(info));
	info.info.DestHandle = a->handle[1];
	return RtmReleaseDests(a->handle[0], 1, &info.info);
}

/* Enumerations */

static DWORD create_dest_enum(struct call_arguments *a)
{
	return RtmCreateDestEnum(a->handle[0], BOTH, RTM_ENUM_START, NULL, RTM_BEST_PROTOCOL, &a->result);
}

static DWORD get_enum_dests(struct call_arguments *a)
{
	return RtmGetEnumDests(a->handle[0], a->handle[1], &a->count, &a->dest.info);
}

static DWORD create_route_enum(struct call_arguments *a)
{
	return RtmCreateRouteEnum(a->handle[0], a->handle[1], BOTH, RTM_ENUM_START, NULL, RTM_MATCH_NONE, NULL, 0,
	                          &a->result);
}

static DWORD get_enum_routes(struct call_arguments *a)
{
	return RtmGetEnumRoutes(a->handle[0], a->handle[1], &a->count, &a->result);
}

static DWORD create_next_hop_enum(struct call_arguments *a)
{
	return RtmCreateNextHopEnum(a->handle[0], RTM_ENUM_START, NULL, &a->result);
}

static DWORD get_enum_next_hops(struct call_arguments *a)
{
	return RtmGetEnumNextHops(a->handle[0], a->handle[1], &a->count, &a->result);
}

static DWORD delete_enum_handle(struct call_arguments *a)
{
	return RtmDeleteEnumHandle(a->handle[0], a->handle[1]);
}

/* Change notification */

static DWORD register_for_change_notification(struct call_arguments *a)
{
	return RtmRegisterForChangeNotification(a->handle[0], BOTH, RTM_CHANGE_TYPE_ALL, NULL, &a->result);
}

static DWORD get_changed_dests(struct call_arguments *a)
{
	return RtmGetChangedDests(a->handle[0], a->handle[1], &a->count, &a->dest.info);
}

static DWORD release_changed_dests(struct call_arguments *a)
{
	dest_info info;

	memset(&info, 0, sizeof(info));
	info.info.DestHandle = a->handle[2];
	return RtmReleaseChangedDests(a->handle[0], a->handle[1], 1, &info.info);
}

static DWORD ignore_changed_dests(struct call_arguments *a)
{
	return RtmIgnoreChangedDests(a->handle[0], a->handle[1], 1, &a->handle[2]);
}

static DWORD get_change_status(struct call_arguments *a)
{
	return RtmGetChangeStatus(a->handle[0], a->handle[1], a->handle[2], &a->answer);
}

static DWORD mark_dest_for_change_notification(struct call_arguments *a)
{
	return RtmMarkDestForChangeNotification(a->handle[0], a->handle[1], a->handle[2], TRUE);
}

static DWORD is_marked_for_change_notification(struct call_arguments *a)
{
	return RtmIsMarkedForChangeNotification(a->handle[0], a->handle[1], a->handle[2], &a->answer);
}

static DWORD deregister_from_change_notification(struct call_arguments *a)
{
	return RtmDeregisterFromChangeNotification(a->handle[0], a->handle[1]);
}

/* Route lists */

static DWORD create_route_list(struct call_arguments *a)
{
	return RtmCreateRouteList(a->handle[0], &a->result);
}

static DWORD insert_in_route_list(struct call_arguments *a)
{
	return RtmInsertInRouteList(a->handle[0], a->handle[1], 1, &a->handle[2]);
}

static DWORD create_route_list_enum(struct call_arguments *a)
{
	return RtmCreateRouteListEnum(a->handle[0], a->handle[1], &a->result);
}

static DWORD get_list_enum_routes(struct call_arguments *a)
{
	return RtmGetListEnumRoutes(a->handle[0], a->handle[1], &a->count, &a->result);
}

static DWORD delete_route_list(struct call_arguments *a)
{
	return RtmDeleteRouteList(a->handle[0], a->handle[1]);
}

#define PLACE(...) {__VA_ARGS__}
#define READ(kind) PLACE(.kinds = (kind))
#define GIVE_BACK(kind) PLACE(.kinds = (kind), .gives_back = true)
#define GIVE_BACK_MEMBER(kind) PLACE(.kinds = (kind), .gives_back = true, .optional = true)
#define OWN(kind) PLACE(.kinds = (kind), .foreign = ERROR_INVALID_HANDLE)
#define OWNED(kind) PLACE(.kinds = (kind), .foreign = ERROR_ACCESS_DENIED)

const struct call calls[] = {
	{"RtmDeregisterEntity", deregister_entity, 0, {READ(0)}},
	{"RtmGetRegisteredEntities", get_registered_entities, 0, {READ(0)}},
	{"RtmReleaseEntities", release_entities, 1, {GIVE_BACK(KIND_ENTITY)}},
	{"RtmGetEntityInfo", get_entity_info, 1, {READ(KIND_ENTITY)}},
	{"RtmReleaseEntityInfo", release_entity_info, 0, {READ(0)}},
	{"RtmReferenceHandles", reference_handles, 1, {READ(KIND_ENTITY | KIND_DEST | KIND_ROUTE | KIND_HOP)}},
	{"RtmAddNextHop",
	 add_next_hop,
	 2,
	 {PLACE(.kinds = KIND_HOP, .optional = true, .foreign = ERROR_ACCESS_DENIED),
	  PLACE(.kinds = KIND_DEST, .optional = true)}},
	{"RtmFindNextHop", find_next_hop, 0, {READ(0)}},
	/* NULL means deletion by info, which this call does not give. */
	{"RtmDeleteNextHop",
	 delete_next_hop,
	 1,
	 {PLACE(.kinds = KIND_HOP, .optional = true, .foreign = ERROR_ACCESS_DENIED)}},
	{"RtmDeleteNextHop by info", delete_next_hop_by_info, 0, {READ(0)}},
	{"RtmReleaseNextHops", release_next_hops, 1, {GIVE_BACK(KIND_HOP)}},
	{"RtmGetNextHopInfo", get_next_hop_info, 1, {READ(KIND_HOP)}},
	{"RtmReleaseNextHopInfo, NextHopOwner", release_next_hop_info_owner, 1, {GIVE_BACK_MEMBER(KIND_ENTITY)}},
	{"RtmReleaseNextHopInfo, RemoteNextHop", release_next_hop_info_remote, 1, {GIVE_BACK_MEMBER(KIND_DEST)}},
	{"RtmAddRouteToDest",
	 add_route_to_dest,
	 4,
	 {PLACE(.kinds = KIND_ROUTE, .optional = true, .foreign = ERROR_ACCESS_DENIED),
	  PLACE(.kinds = KIND_HOP, .optional = true, .foreign = ERROR_INVALID_PARAMETER),
	  PLACE(.kinds = KIND_HOP, .optional = true, .foreign = ERROR_INVALID_PARAMETER),
	  PLACE(.kinds = KIND_LIST, .optional = true, .foreign = ERROR_INVALID_HANDLE)}},
	{"RtmDeleteRouteToDest",
	 delete_route_to_dest,
	 1,
	 {OWNED(KIND_ROUTE)}},
	{"RtmGetRouteInfo", get_route_info, 1, {READ(KIND_ROUTE)}},
	{"RtmReleaseRouteInfo, DestHandle", release_route_info_dest, 1, {GIVE_BACK_MEMBER(KIND_DEST)}},
	{"RtmReleaseRouteInfo, RouteOwner", release_route_info_owner, 1, {GIVE_BACK_MEMBER(KIND_ENTITY)}},
	{"RtmReleaseRouteInfo, Neighbour", release_route_info_neighbour, 1, {GIVE_BACK_MEMBER(KIND_HOP)}},
	{"RtmReleaseRouteInfo, NextHops", release_route_info_hop, 1, {GIVE_BACK_MEMBER(KIND_HOP)}},
	{"RtmReleaseRoutes", release_routes, 1, {GIVE_BACK(KIND_ROUTE)}},
	{"RtmIsBestRoute", is_best_route, 1, {READ(KIND_ROUTE)}},
	{"RtmGetExactMatchDestination", get_exact_match_destination, 0, {READ(0)}},
	{"RtmGetMostSpecificDestination", get_most_specific_destination, 0, {READ(0)}},
	{"RtmGetExactMatchRoute", get_exact_match_route, 0, {READ(0)}},
	{"RtmGetDestInfo", get_dest_info, 1, {READ(KIND_DEST)}},
	{"RtmReleaseDestInfo",
	 release_dest_info,
	 4,
	 {GIVE_BACK_MEMBER(KIND_DEST), GIVE_BACK_MEMBER(KIND_ROUTE), GIVE_BACK_MEMBER(KIND_ENTITY),
	  GIVE_BACK_MEMBER(KIND_ROUTE)}},
	{"RtmReleaseDests", release_dests, 1, {GIVE_BACK_MEMBER(KIND_DEST)}},
	{"RtmCreateDestEnum", create_dest_enum, 0, {READ(0)}},
	{"RtmGetEnumDests", get_enum_dests, 1, {OWN(KIND_DEST_ENUM)}},
	{"RtmCreateRouteEnum", create_route_enum, 1, {PLACE(.kinds = KIND_DEST, .optional = true)}},
	{"RtmGetEnumRoutes", get_enum_routes, 1, {OWN(KIND_ROUTE_ENUM)}},
	{"RtmCreateNextHopEnum", create_next_hop_enum, 0, {READ(0)}},
	{"RtmGetEnumNextHops", get_enum_next_hops, 1, {OWN(KIND_HOP_ENUM)}},
	{"RtmDeleteEnumHandle",
	 delete_enum_handle,
	 1,
	 {OWN(KIND_DEST_ENUM | KIND_ROUTE_ENUM | KIND_HOP_ENUM | KIND_LIST_ENUM)}},
	{"RtmGetEntityMethods", get_entity_methods, 1, {READ(KIND_ENTITY)}},
	{"RtmInvokeMethod", invoke_method, 1, {READ(KIND_ENTITY)}},
	{"RtmBlockMethods", block_methods, 0, {READ(0)}},
	{"RtmGetNextHopPointer", get_next_hop_pointer, 1, {OWNED(KIND_HOP)}},
	{"RtmLockNextHop", lock_next_hop, 1, {OWNED(KIND_HOP)}},
	{"RtmGetRoutePointer", get_route_pointer, 1, {OWNED(KIND_ROUTE)}},
	{"RtmLockRoute", lock_route, 1, {OWNED(KIND_ROUTE)}},
	{"RtmUpdateAndUnlockRoute",
	 update_and_unlock_route,
	 2,
	 {OWNED(KIND_ROUTE), PLACE(.kinds = KIND_LIST, .optional = true, .foreign = ERROR_INVALID_HANDLE)}},
	{"RtmGetLessSpecificDestination", get_less_specific_destination, 1, {READ(KIND_DEST)}},
	{"RtmLockDestination", lock_destination, 1, {READ(KIND_DEST)}},
	{"RtmGetOpaqueInformationPointer", get_opaque_information_pointer, 1, {READ(KIND_DEST)}},
	{"RtmHoldDestination", hold_destination, 1, {READ(KIND_DEST)}},
	{"RtmRegisterForChangeNotification", register_for_change_notification, 0, {READ(0)}},
	{"RtmGetChangedDests", get_changed_dests, 1, {OWN(KIND_NOTIFY)}},
	{"RtmReleaseChangedDests", release_changed_dests, 2, {OWN(KIND_NOTIFY), GIVE_BACK_MEMBER(KIND_DEST)}},
	{"RtmIgnoreChangedDests", ignore_changed_dests, 2, {OWN(KIND_NOTIFY), READ(KIND_DEST)}},
	{"RtmGetChangeStatus", get_change_status, 2, {OWN(KIND_NOTIFY), READ(KIND_DEST)}},
	{"RtmMarkDestForChangeNotification",
	 mark_dest_for_change_notification,
	 2,
	 {OWN(KIND_NOTIFY), READ(KIND_DEST)}},
	{"RtmIsMarkedForChangeNotification",
	 is_marked_for_change_notification,
	 2,
	 {OWN(KIND_NOTIFY), READ(KIND_DEST)}},
	{"RtmDeregisterFromChangeNotification", deregister_from_change_notification, 1, {OWN(KIND_NOTIFY)}},
	{"RtmCreateRouteList", create_route_list, 0, {READ(0)}},
	{"RtmInsertInRouteList",
	 insert_in_route_list,
	 2,
	 {PLACE(.kinds = KIND_LIST, .optional = true, .foreign = ERROR_INVALID_HANDLE), OWNED(KIND_ROUTE)}},
	{"RtmCreateRouteListEnum", create_route_list_enum, 1, {OWN(KIND_LIST)}},
	{"RtmGetListEnumRoutes", get_list_enum_routes, 1, {OWN(KIND_LIST_ENUM)}},
	{"RtmDeleteRouteList", delete_route_list, 1, {OWN(KIND_LIST)}},
};

const unsigned number_of_calls = sizeof(calls) / sizeof(calls[0]);

bool check_refusal(const struct call *call, const HANDLE *handles, DWORD code)
{
	struct call_arguments arguments, before;
	bool held;

	memset(&arguments, UNTOUCHED, sizeof(arguments));
	memcpy(arguments.handle, handles, sizeof(arguments.handle));
	arguments.count = 1;
	arguments.flags = 0;
	arguments.result = NULL;
	memcpy(&before, &arguments, sizeof(before));
	held = CHECK_EQ(call->run(&arguments), code);
	return CHECK(memcmp(&arguments, &before, sizeof(arguments)) == 0) && held;
}
