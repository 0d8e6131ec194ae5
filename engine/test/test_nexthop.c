/* test_nexthop.c - adding, finding, changing and deleting next hops, and reading them. */
#include "support.h"

#include <string.h>

/* State of a next hop, read without keeping references. */
static USHORT state_of(RTM_ENTITY_HANDLE entity, RTM_NEXTHOP_HANDLE hop)
{
	RTM_NEXTHOP_INFO info;

	REQUIRE_EQ(RtmGetNextHopInfo(entity, hop, &info), NO_ERROR);
	REQUIRE_EQ(RtmReleaseNextHopInfo(entity, &info), NO_ERROR);
	return info.State;
}

static DWORD info_status(RTM_ENTITY_HANDLE entity, RTM_NEXTHOP_HANDLE hop)
{
	RTM_NEXTHOP_INFO info;
	DWORD status = RtmGetNextHopInfo(entity, hop, &info);

	if (status == NO_ERROR)
		REQUIRE_EQ(RtmReleaseNextHopInfo(entity, &info), NO_ERROR);
	return status;
}

static DWORD find_status(RTM_ENTITY_HANDLE entity, const char *address, ULONG interface_index)
{
	RTM_NEXTHOP_INFO key = hop_info(address, interface_index);

	return RtmFindNextHop(entity, &key, NULL, NULL);
}

/* RtmAddNextHop */

TEST(a_new_next_hop_is_reported_as_new)
{
	RTM_ENTITY_HANDLE entity = enter(8);
	RTM_NEXTHOP_INFO info = hop_info("192.0.2.1", 3);
	RTM_NEXTHOP_HANDLE hop = NULL;
	RTM_NEXTHOP_CHANGE_FLAGS flags = 0;

	CHECK_EQ(RtmAddNextHop(entity, &info, &hop, &flags), NO_ERROR);
	CHECK_EQ(flags, RTM_NEXTHOP_CHANGE_NEW);
	CHECK(hop != NULL);
	CHECK_EQ(held_by(entity).NextHops, 1);
	CHECK_EQ(handles_of(entity), 1);
	release_hop(entity, hop);
	leave(entity);
}

TEST(a_next_hop_is_added_without_asking_for_its_handle) /* decision 84 */
{
	RTM_ENTITY_HANDLE entity = enter(8);
	RTM_NEXTHOP_INFO info = hop_info("192.0.2.1", 3);
	RTM_NEXTHOP_CHANGE_FLAGS flags = 0;

	CHECK_EQ(RtmAddNextHop(entity, &info, NULL, &flags), NO_ERROR);
	CHECK_EQ(flags, RTM_NEXTHOP_CHANGE_NEW);
	CHECK_EQ(handles_of(entity), 0);
	CHECK_EQ(find_status(entity, "192.0.2.1", 3), NO_ERROR);
	leave(entity);
}

TEST(adding_a_known_next_hop_updates_it)
{
	RTM_ENTITY_HANDLE entity = enter(8);
	RTM_NEXTHOP_HANDLE hop = keep_hop(entity, "192.0.2.1", 3), again = NULL;
	RTM_NEXTHOP_INFO info = hop_info("192.0.2.1", 3), result;
	RTM_NEXTHOP_CHANGE_FLAGS flags = 0xFFFFFFFF;

	info.Flags = RTM_NEXTHOP_FLAGS_DOWN;
	info.EntitySpecificInfo = &info;
	CHECK_EQ(RtmAddNextHop(entity, &info, &again, &flags), NO_ERROR);
	CHECK_EQ(flags, 0);
	CHECK_SAME(again, hop);
	CHECK_EQ(handles_of(entity), 1);
	CHECK_EQ(held_by(entity).NextHops, 1);
	REQUIRE_EQ(RtmGetNextHopInfo(entity, hop, &result), NO_ERROR);
	CHECK_EQ(result.Flags, RTM_NEXTHOP_FLAGS_DOWN);
	CHECK_SAME(result.EntitySpecificInfo, &info);
	CHECK_EQ(RtmReleaseNextHopInfo(entity, &result), NO_ERROR);
	release_hop(entity, again);
	leave(entity);
}

TEST(an_update_by_handle_ignores_the_identity_given) /* decisions 84, 107 */
{
	RTM_ENTITY_HANDLE entity = enter(8);
	RTM_NEXTHOP_HANDLE hop = keep_hop(entity, "192.0.2.1", 3), same = hop;
	RTM_NEXTHOP_INFO info = hop_info("198.51.100.9", 77), result;
	RTM_NEXTHOP_CHANGE_FLAGS flags = 0xFFFFFFFF;

	info.Flags = RTM_NEXTHOP_FLAGS_DOWN;
	info.EntitySpecificInfo = &info;
	CHECK_EQ(RtmAddNextHop(entity, &info, &same, &flags), NO_ERROR);
	CHECK_EQ(flags, 0);
	CHECK_SAME(same, hop);
	CHECK_EQ(handles_of(entity), 0);
	REQUIRE_EQ(RtmGetNextHopInfo(entity, hop, &result), NO_ERROR);
	CHECK_TEXT(text_of(&result.NextHopAddress), "192.0.2.1/32");
	CHECK_EQ(result.InterfaceIndex, 3);
	CHECK_EQ(result.Flags, RTM_NEXTHOP_FLAGS_DOWN);
	CHECK_SAME(result.EntitySpecificInfo, &info);
	CHECK_EQ(RtmReleaseNextHopInfo(entity, &result), NO_ERROR);
	CHECK_EQ(find_status(entity, "198.51.100.9", 77), ERROR_NOT_FOUND);
	CHECK_EQ(find_status(entity, "192.0.2.1", 3), NO_ERROR);
	leave(entity);
}

TEST(owner_and_state_of_a_next_hop_are_not_taken_from_the_caller)
{
	RTM_ENTITY_HANDLE entity = enter(8), other = enter(9);
	RTM_NEXTHOP_INFO info = hop_info("192.0.2.1", 3), result;
	RTM_NEXTHOP_HANDLE hop = NULL;
	RTM_NEXTHOP_CHANGE_FLAGS flags;

	info.NextHopOwner = other;
	info.State = RTM_NEXTHOP_STATE_DELETED;
	CHECK_EQ(RtmAddNextHop(entity, &info, &hop, &flags), NO_ERROR);
	REQUIRE_EQ(RtmGetNextHopInfo(entity, hop, &result), NO_ERROR);
	CHECK_SAME(result.NextHopOwner, entity);
	CHECK_EQ(result.State, RTM_NEXTHOP_STATE_CREATED);
	CHECK_EQ(RtmReleaseNextHopInfo(entity, &result), NO_ERROR);
	info.NextHopOwner = &info;
	CHECK_EQ(RtmAddNextHop(entity, &info, NULL, &flags), NO_ERROR);
	release_hop(entity, hop);
	leave(entity);
	leave(other);
}

TEST(address_length_and_interface_identify_a_next_hop) /* decision 106 */
{
	RTM_ENTITY_HANDLE entity = enter(8);
	RTM_NEXTHOP_HANDLE hop = keep_hop(entity, "192.0.2.0/32", 3);

	CHECK(keep_hop(entity, "192.0.2.0/32", 4) != hop);
	CHECK(keep_hop(entity, "192.0.2.0/24", 3) != hop);
	CHECK(keep_hop(entity, "192.0.3.0/32", 3) != hop);
	CHECK_SAME(keep_hop(entity, "192.0.2.0/32", 3), hop);
	CHECK_EQ(held_by(entity).NextHops, 4);
	leave(entity);
}

TEST(octets_behind_the_address_do_not_identify_a_next_hop) /* decision 133 */
{
	RTM_ENTITY_HANDLE entity = enter(8);
	RTM_NEXTHOP_HANDLE hop = keep_hop(entity, "192.0.2.1", 3), again = NULL;
	RTM_NEXTHOP_INFO info = hop_info("192.0.2.1", 3);
	RTM_NEXTHOP_CHANGE_FLAGS flags;

	memset(info.NextHopAddress.AddrBits + 4, 0x5A, 12);
	CHECK_EQ(RtmAddNextHop(entity, &info, &again, &flags), NO_ERROR);
	CHECK_SAME(again, hop);
	release_hop(entity, again);
	leave(entity);
}

TEST(every_entity_has_a_next_hop_list_of_its_own) /* decision 106 */
{
	RTM_ENTITY_HANDLE first = enter(8), second = enter(9);
	RTM_NEXTHOP_HANDLE hop = keep_hop(first, "192.0.2.1", 3);

	CHECK_EQ(find_status(second, "192.0.2.1", 3), ERROR_NOT_FOUND);
	CHECK(keep_hop(second, "192.0.2.1", 3) != hop);
	CHECK_EQ(held_by(first).NextHops, 1);
	CHECK_EQ(held_by(second).NextHops, 1);
	leave(first);
	leave(second);
}

TEST(only_its_owner_updates_a_next_hop)
{
	RTM_ENTITY_HANDLE owner = enter(8), other = enter(9);
	RTM_NEXTHOP_HANDLE hop = keep_hop(owner, "192.0.2.1", 3), same = hop;
	RTM_NEXTHOP_INFO info = hop_info("192.0.2.1", 3), result;
	RTM_NEXTHOP_CHANGE_FLAGS flags = 0x5A;

	info.Flags = RTM_NEXTHOP_FLAGS_DOWN;
	CHECK_EQ(RtmAddNextHop(other, &info, &same, &flags), ERROR_ACCESS_DENIED);
	CHECK_SAME(same, hop);
	CHECK_EQ(flags, 0x5A);
	REQUIRE_EQ(RtmGetNextHopInfo(owner, hop, &result), NO_ERROR);
	CHECK_EQ(result.Flags, 0);
	CHECK_EQ(RtmReleaseNextHopInfo(owner, &result), NO_ERROR);
	leave(owner);
	leave(other);
}

TEST(adding_a_next_hop_needs_its_pointers) /* decision 81 */
{
	RTM_ENTITY_HANDLE entity = enter(8);
	RTM_NEXTHOP_INFO info = hop_info("192.0.2.1", 3);
	RTM_NEXTHOP_HANDLE hop = NULL;
	RTM_NEXTHOP_CHANGE_FLAGS flags = 0;

	CHECK_EQ(RtmAddNextHop(entity, NULL, &hop, &flags), ERROR_INVALID_PARAMETER);
	CHECK_EQ(RtmAddNextHop(entity, &info, &hop, NULL), ERROR_INVALID_PARAMETER);
	CHECK_SAME(hop, NULL);
	CHECK_EQ(held_by(entity).NextHops, 0);
	leave(entity);
}

TEST(a_next_hop_address_has_the_family_of_the_table) /* decision 133 */
{
	RTM_ENTITY_HANDLE entity = enter(8);
	RTM_NEXTHOP_INFO ipv6 = hop_info("2001:db8::1", 3), long_prefix = hop_info("192.0.2.1/33", 3);
	RTM_NEXTHOP_HANDLE hop = NULL;
	RTM_NEXTHOP_CHANGE_FLAGS flags = 0;

	CHECK_EQ(RtmAddNextHop(entity, &ipv6, &hop, &flags), ERROR_INVALID_PARAMETER);
	CHECK_EQ(RtmAddNextHop(entity, &long_prefix, &hop, &flags), ERROR_INVALID_PARAMETER);
	CHECK_SAME(hop, NULL);
	leave(entity);
}

TEST(adding_a_next_hop_checks_in_order) /* decision 80 */
{
	RTM_ENTITY_HANDLE owner = enter(8), other = enter(9);
	RTM_NEXTHOP_HANDLE hop = keep_hop(owner, "192.0.2.1", 3), bad = owner;
	RTM_NEXTHOP_INFO info = hop_info("192.0.2.1", 3);
	RTM_NEXTHOP_CHANGE_FLAGS flags = 0;

	CHECK_EQ(RtmAddNextHop(owner, NULL, &bad, NULL), ERROR_INVALID_HANDLE);
	CHECK_EQ(RtmAddNextHop(other, NULL, &hop, &flags), ERROR_INVALID_PARAMETER);
	CHECK_EQ(RtmAddNextHop(other, &info, &hop, NULL), ERROR_INVALID_PARAMETER);
	info.Flags = RTM_NEXTHOP_FLAGS_REMOTE;
	info.RemoteNextHop = owner;
	CHECK_EQ(RtmAddNextHop(owner, &info, NULL, NULL), ERROR_INVALID_HANDLE);
	CHECK_EQ(RtmAddNextHop(other, &info, &hop, &flags), ERROR_INVALID_HANDLE);
	leave(owner);
	leave(other);
}

TEST(an_invalid_handle_does_not_update_a_next_hop) /* decision 79 */
{
	RTM_ENTITY_HANDLE entity = enter(8);
	RTM_NEXTHOP_INFO info = hop_info("192.0.2.1", 3);
	RTM_NEXTHOP_HANDLE bad = &info;
	RTM_NEXTHOP_CHANGE_FLAGS flags = 0;

	CHECK_EQ(RtmAddNextHop(entity, &info, &bad, &flags), ERROR_INVALID_HANDLE);
	bad = entity;
	CHECK_EQ(RtmAddNextHop(entity, &info, &bad, &flags), ERROR_INVALID_HANDLE);
	bad = add_hop(entity, "192.0.2.2", 3);
	delete_hop(entity, bad);
	CHECK_EQ(RtmAddNextHop(entity, &info, &bad, &flags), ERROR_INVALID_HANDLE);
	CHECK_EQ(held_by(entity).NextHops, 0);
	leave(entity);
}

/* RemoteNextHop */

TEST(a_next_hop_keeps_its_remote_destination) /* decision 112 */
{
	RTM_ENTITY_HANDLE entity = enter(8);
	RTM_ROUTE_HANDLE route = keep_route(entity, ROUTE(.to = "10.0.0.0/8"));
	RTM_DEST_HANDLE dest = hold_dest(entity, "10.0.0.0/8");
	RTM_NEXTHOP_INFO info = hop_info("192.0.2.1", 3);
	RTM_NEXTHOP_HANDLE hop = NULL;
	RTM_NEXTHOP_CHANGE_FLAGS flags;
	dest_info result;

	info.Flags = RTM_NEXTHOP_FLAGS_REMOTE;
	info.RemoteNextHop = dest;
	REQUIRE_EQ(RtmAddNextHop(entity, &info, &hop, &flags), NO_ERROR);
	CHECK_EQ(handles_of(entity), 2); /* hop and dest: the reference of the list is RTM's own */
	release_dest(entity, dest);
	remove_route(entity, route);
	CHECK(!is_known(entity, "10.0.0.0/8"));
	REQUIRE_EQ(RtmGetDestInfo(entity, dest, RTM_BEST_PROTOCOL, RTM_VIEW_MASK_ANY, &result.info), NO_ERROR);
	release_info(entity, &result);
	delete_hop(entity, hop);
	CHECK_EQ(RtmGetDestInfo(entity, dest, RTM_BEST_PROTOCOL, RTM_VIEW_MASK_ANY, &result.info),
	         ERROR_INVALID_HANDLE);
	leave(entity);
}

TEST(a_replaced_remote_destination_is_let_go) /* decisions 107, 112 */
{
	RTM_ENTITY_HANDLE entity = enter(8);
	RTM_ROUTE_HANDLE route = keep_route(entity, ROUTE(.to = "10.0.0.0/8"));
	RTM_DEST_HANDLE dest = hold_dest(entity, "10.0.0.0/8");
	RTM_NEXTHOP_INFO info = hop_info("192.0.2.1", 3), result;
	RTM_NEXTHOP_HANDLE hop = NULL;
	RTM_NEXTHOP_CHANGE_FLAGS flags;
	dest_info gone;

	info.RemoteNextHop = dest;
	REQUIRE_EQ(RtmAddNextHop(entity, &info, &hop, &flags), NO_ERROR);
	release_dest(entity, dest);
	remove_route(entity, route);
	info.RemoteNextHop = NULL;
	REQUIRE_EQ(RtmAddNextHop(entity, &info, &hop, &flags), NO_ERROR);
	CHECK_EQ(RtmGetDestInfo(entity, dest, RTM_BEST_PROTOCOL, RTM_VIEW_MASK_ANY, &gone.info), ERROR_INVALID_HANDLE);
	REQUIRE_EQ(RtmGetNextHopInfo(entity, hop, &result), NO_ERROR);
	CHECK_SAME(result.RemoteNextHop, NULL);
	CHECK_EQ(RtmReleaseNextHopInfo(entity, &result), NO_ERROR);
	release_hop(entity, hop);
	leave(entity);
}

TEST(a_remote_destination_survives_being_set_again) /* decision 112 */
{
	RTM_ENTITY_HANDLE entity = enter(8);
	RTM_ROUTE_HANDLE route = keep_route(entity, ROUTE(.to = "10.0.0.0/8"));
	RTM_DEST_HANDLE dest = hold_dest(entity, "10.0.0.0/8");
	RTM_NEXTHOP_INFO info = hop_info("192.0.2.1", 3);
	RTM_NEXTHOP_HANDLE hop = NULL;
	RTM_NEXTHOP_CHANGE_FLAGS flags;
	dest_info result;

	info.RemoteNextHop = dest;
	REQUIRE_EQ(RtmAddNextHop(entity, &info, &hop, &flags), NO_ERROR);
	release_dest(entity, dest);
	remove_route(entity, route);
	CHECK_EQ(RtmAddNextHop(entity, &info, &hop, &flags), NO_ERROR);
	CHECK_EQ(RtmGetDestInfo(entity, dest, RTM_BEST_PROTOCOL, RTM_VIEW_MASK_ANY, &result.info), NO_ERROR);
	release_info(entity, &result);
	release_hop(entity, hop);
	leave(entity);
}

TEST(a_remote_destination_is_let_go_with_the_last_reference_to_its_next_hop) /* decisions 108, 112 */
{
	RTM_ENTITY_HANDLE entity = enter(8);
	RTM_ROUTE_HANDLE route = keep_route(entity, ROUTE(.to = "10.0.0.0/8"));
	RTM_DEST_HANDLE dest = hold_dest(entity, "10.0.0.0/8");
	RTM_NEXTHOP_INFO info = hop_info("192.0.2.1", 3);
	RTM_NEXTHOP_HANDLE hop = NULL, second = NULL;
	RTM_NEXTHOP_CHANGE_FLAGS flags;
	dest_info result;

	info.RemoteNextHop = dest;
	REQUIRE_EQ(RtmAddNextHop(entity, &info, &hop, &flags), NO_ERROR);
	REQUIRE_EQ(RtmAddNextHop(entity, &info, &second, &flags), NO_ERROR);
	release_dest(entity, dest);
	remove_route(entity, route);
	delete_hop(entity, hop);
	REQUIRE_EQ(RtmGetDestInfo(entity, dest, RTM_BEST_PROTOCOL, RTM_VIEW_MASK_ANY, &result.info), NO_ERROR);
	release_info(entity, &result);
	release_hop(entity, second);
	CHECK_EQ(RtmGetDestInfo(entity, dest, RTM_BEST_PROTOCOL, RTM_VIEW_MASK_ANY, &result.info),
	         ERROR_INVALID_HANDLE);
	leave(entity);
}

TEST(a_remote_destination_has_to_be_one)
{
	RTM_ENTITY_HANDLE entity = enter(8);
	RTM_ROUTE_HANDLE route = keep_route(entity, ROUTE(.to = "10.0.0.0/8"));
	RTM_NEXTHOP_INFO info = hop_info("192.0.2.1", 3);
	RTM_NEXTHOP_HANDLE hop = NULL;
	RTM_NEXTHOP_CHANGE_FLAGS flags;

	info.Flags = RTM_NEXTHOP_FLAGS_REMOTE;
	info.RemoteNextHop = route;
	CHECK_EQ(RtmAddNextHop(entity, &info, &hop, &flags), ERROR_INVALID_HANDLE);
	CHECK_SAME(hop, NULL);
	CHECK_EQ(held_by(entity).NextHops, 0);
	leave(entity);
}

/* RtmFindNextHop */

TEST(a_next_hop_is_found_with_a_reference)
{
	RTM_ENTITY_HANDLE entity = enter(8);
	RTM_NEXTHOP_HANDLE hop = keep_hop(entity, "192.0.2.1", 3), found = NULL;
	RTM_NEXTHOP_INFO key = hop_info("192.0.2.1", 3), *pointer = NULL;

	CHECK_EQ(RtmFindNextHop(entity, &key, &found, &pointer), NO_ERROR);
	CHECK_SAME(found, hop);
	CHECK_EQ(handles_of(entity), 1);
	REQUIRE(pointer != NULL);
	CHECK_TEXT(text_of(&pointer->NextHopAddress), "192.0.2.1/32");
	CHECK_EQ(pointer->InterfaceIndex, 3);
	CHECK_EQ(pointer->State, RTM_NEXTHOP_STATE_CREATED);
	CHECK_SAME(pointer->NextHopOwner, entity);
	release_hop(entity, found);
	leave(entity);
}

TEST(a_pointer_alone_takes_no_reference) /* decision 110 */
{
	RTM_ENTITY_HANDLE entity = enter(8);
	RTM_NEXTHOP_INFO key = hop_info("192.0.2.1", 3), *pointer = NULL, *again = NULL;

	key.EntitySpecificInfo = &key;
	release_hop(entity, add_hop(entity, "192.0.2.1", 3));
	CHECK_EQ(RtmFindNextHop(entity, &key, NULL, &pointer), NO_ERROR);
	CHECK_EQ(handles_of(entity), 0);
	REQUIRE(pointer != NULL);
	CHECK_TEXT(text_of(&pointer->NextHopAddress), "192.0.2.1/32");
	CHECK_SAME(pointer->EntitySpecificInfo, NULL);
	for (ULONG interface_index = 100; interface_index < 1000; interface_index++)
		keep_hop(entity, "192.0.2.1", interface_index);
	CHECK_EQ(RtmFindNextHop(entity, &key, NULL, &again), NO_ERROR);
	CHECK_SAME(again, pointer); /* valid until the next hop is deleted, whatever else is added */
	CHECK_EQ(pointer->InterfaceIndex, 3);
	leave(entity);
}

TEST(an_absent_next_hop_is_not_found) /* decision 110 */
{
	RTM_ENTITY_HANDLE entity = enter(8), other = enter(9);
	RTM_NEXTHOP_INFO key = hop_info("192.0.2.1", 3), *pointer = NULL;
	RTM_NEXTHOP_HANDLE found = NULL;

	keep_hop(other, "192.0.2.1", 3);
	keep_hop(entity, "192.0.2.1", 4);
	CHECK_EQ(RtmFindNextHop(entity, &key, &found, &pointer), ERROR_NOT_FOUND);
	CHECK_SAME(found, NULL);
	CHECK_SAME(pointer, NULL);
	leave(entity);
	leave(other);
}

TEST(finding_a_next_hop_needs_its_key) /* decision 81 */
{
	RTM_ENTITY_HANDLE entity = enter(8);
	RTM_NEXTHOP_HANDLE found = NULL;

	CHECK_EQ(RtmFindNextHop(entity, NULL, &found, NULL), ERROR_INVALID_PARAMETER);
	CHECK_SAME(found, NULL);
	leave(entity);
}

/* RtmDeleteNextHop */

TEST(deletion_by_handle_consumes_the_handle)
{
	RTM_ENTITY_HANDLE entity = enter(8);
	RTM_NEXTHOP_HANDLE hop = add_hop(entity, "192.0.2.1", 3);

	CHECK_EQ(RtmDeleteNextHop(entity, hop, NULL), NO_ERROR);
	CHECK_EQ(handles_of(entity), 0);
	CHECK_EQ(held_by(entity).NextHops, 0);
	CHECK_EQ(info_status(entity, hop), ERROR_INVALID_HANDLE);
	CHECK_EQ(RtmReleaseNextHops(entity, 1, &hop), ERROR_INVALID_HANDLE);
	CHECK_EQ(RtmDeleteNextHop(entity, hop, NULL), ERROR_INVALID_HANDLE);
	CHECK_EQ(find_status(entity, "192.0.2.1", 3), ERROR_NOT_FOUND);
	leave(entity);
}

TEST(deletion_by_information_consumes_nothing)
{
	RTM_ENTITY_HANDLE entity = enter(8);
	RTM_NEXTHOP_HANDLE hop = add_hop(entity, "192.0.2.1", 3);
	RTM_NEXTHOP_INFO info = hop_info("192.0.2.1", 3);

	CHECK_EQ(RtmDeleteNextHop(entity, NULL, &info), NO_ERROR);
	CHECK_EQ(handles_of(entity), 1);
	CHECK_EQ(held_by(entity).NextHops, 0);
	CHECK_EQ(state_of(entity, hop), RTM_NEXTHOP_STATE_DELETED);
	release_hop(entity, hop);
	CHECK_EQ(info_status(entity, hop), ERROR_INVALID_HANDLE);
	leave(entity);
}

TEST(the_handle_counts_when_information_is_given_too) /* decision 109 */
{
	RTM_ENTITY_HANDLE entity = enter(8);
	RTM_NEXTHOP_HANDLE hop = add_hop(entity, "192.0.2.1", 3);
	RTM_NEXTHOP_INFO other = hop_info("192.0.2.2", 3);

	keep_hop(entity, "192.0.2.2", 3);
	CHECK_EQ(RtmDeleteNextHop(entity, hop, &other), NO_ERROR);
	CHECK_EQ(find_status(entity, "192.0.2.1", 3), ERROR_NOT_FOUND);
	CHECK_EQ(find_status(entity, "192.0.2.2", 3), NO_ERROR);
	leave(entity);
}

TEST(deletion_needs_a_handle_or_information) /* decision 109 */
{
	RTM_ENTITY_HANDLE entity = enter(8);

	CHECK_EQ(RtmDeleteNextHop(entity, NULL, NULL), ERROR_INVALID_PARAMETER);
	leave(entity);
}

TEST(a_deleted_next_hop_is_not_found_again) /* decisions 73, 109 */
{
	RTM_ENTITY_HANDLE entity = enter(8);
	RTM_NEXTHOP_HANDLE hop = add_hop(entity, "192.0.2.1", 3);
	RTM_NEXTHOP_INFO info = hop_info("192.0.2.1", 3);

	CHECK_EQ(RtmDeleteNextHop(entity, NULL, &info), NO_ERROR);
	CHECK_EQ(RtmDeleteNextHop(entity, NULL, &info), ERROR_NOT_FOUND);
	CHECK_EQ(RtmDeleteNextHop(entity, hop, NULL), ERROR_NOT_FOUND);
	CHECK_EQ(handles_of(entity), 1);
	release_hop(entity, hop);
	leave(entity);
}

TEST(only_its_owner_deletes_a_next_hop) /* decision 73 */
{
	RTM_ENTITY_HANDLE owner = enter(8), other = enter(9);
	RTM_NEXTHOP_HANDLE hop = keep_hop(owner, "192.0.2.1", 3);
	RTM_NEXTHOP_INFO info = hop_info("192.0.2.1", 3);

	REQUIRE_EQ(RtmReferenceHandles(other, 1, &hop), NO_ERROR);
	CHECK_EQ(RtmDeleteNextHop(other, hop, NULL), ERROR_ACCESS_DENIED);
	CHECK_EQ(RtmDeleteNextHop(other, NULL, &info), ERROR_NOT_FOUND);
	CHECK_EQ(handles_of(other), 1);
	CHECK_EQ(state_of(owner, hop), RTM_NEXTHOP_STATE_CREATED);
	release_hop(other, hop);
	leave(owner);
	leave(other);
}

TEST(ownership_of_a_next_hop_is_checked_before_its_existence) /* decision 80 */
{
	RTM_ENTITY_HANDLE owner = enter(8), other = enter(9);
	RTM_NEXTHOP_HANDLE hop = add_hop(owner, "192.0.2.1", 3);

	REQUIRE_EQ(RtmReferenceHandles(other, 1, &hop), NO_ERROR);
	delete_hop(owner, hop);
	CHECK_EQ(RtmDeleteNextHop(other, hop, NULL), ERROR_ACCESS_DENIED);
	release_hop(other, hop);
	leave(owner);
	leave(other);
}

TEST(a_next_hop_that_routes_use_can_be_deleted) /* decision 108 */
{
	RTM_ENTITY_HANDLE entity = enter(8);
	RTM_NEXTHOP_HANDLE hop = add_hop(entity, "192.0.2.1", 3), neighbour = add_hop(entity, "192.0.2.2", 3);
	RTM_ROUTE_HANDLE route = add_route(entity, ROUTE(.to = "10.0.0.0/8", .neighbour = neighbour, .via = {hop}));

	delete_hop(entity, hop);
	delete_hop(entity, neighbour);
	CHECK_EQ(state_of(entity, hop), RTM_NEXTHOP_STATE_DELETED);
	CHECK_EQ(state_of(entity, neighbour), RTM_NEXTHOP_STATE_DELETED);
	delete_route(entity, route);
	CHECK_EQ(info_status(entity, hop), ERROR_INVALID_HANDLE);
	CHECK_EQ(info_status(entity, neighbour), ERROR_INVALID_HANDLE);
	leave(entity);
}

TEST(the_list_keeps_a_next_hop_that_nobody_references) /* decision 108 */
{
	RTM_ENTITY_HANDLE entity = enter(8);
	RTM_NEXTHOP_HANDLE hop = keep_hop(entity, "192.0.2.1", 3);

	CHECK_EQ(state_of(entity, hop), RTM_NEXTHOP_STATE_CREATED);
	CHECK_EQ(RtmReleaseNextHops(entity, 1, &hop), ERROR_INVALID_HANDLE); /* decision 82 */
	CHECK_EQ(state_of(entity, hop), RTM_NEXTHOP_STATE_CREATED);
	leave(entity);
}

TEST(adding_a_deleted_next_hop_makes_another_one) /* decision 108 */
{
	RTM_ENTITY_HANDLE entity = enter(8);
	RTM_NEXTHOP_HANDLE hop = add_hop(entity, "192.0.2.1", 3), again = NULL;
	RTM_NEXTHOP_INFO info = hop_info("192.0.2.1", 3);
	RTM_NEXTHOP_CHANGE_FLAGS flags = 0;

	CHECK_EQ(RtmDeleteNextHop(entity, NULL, &info), NO_ERROR);
	CHECK_EQ(RtmAddNextHop(entity, &info, &again, &flags), NO_ERROR);
	CHECK_EQ(flags, RTM_NEXTHOP_CHANGE_NEW);
	CHECK(again != hop);
	CHECK_EQ(state_of(entity, hop), RTM_NEXTHOP_STATE_DELETED);
	CHECK_EQ(state_of(entity, again), RTM_NEXTHOP_STATE_CREATED);
	release_hop(entity, hop);
	release_hop(entity, again);
	leave(entity);
}

/* RtmGetNextHopInfo, RtmReleaseNextHopInfo, RtmReleaseNextHops */

TEST(next_hop_information_is_complete)
{
	RTM_ENTITY_HANDLE entity = enter(8);
	RTM_DEST_HANDLE dest;
	RTM_NEXTHOP_INFO info = hop_info("192.0.2.1", 3), result;
	RTM_NEXTHOP_HANDLE hop = NULL;
	RTM_NEXTHOP_CHANGE_FLAGS flags;

	keep_route(entity, ROUTE(.to = "10.0.0.0/8"));
	dest = hold_dest(entity, "10.0.0.0/8");
	info.Flags = RTM_NEXTHOP_FLAGS_REMOTE;
	info.EntitySpecificInfo = &info;
	info.RemoteNextHop = dest;
	REQUIRE_EQ(RtmAddNextHop(entity, &info, &hop, &flags), NO_ERROR);
	memset(&result, 0x5A, sizeof(result));
	REQUIRE_EQ(RtmGetNextHopInfo(entity, hop, &result), NO_ERROR);
	CHECK_TEXT(text_of(&result.NextHopAddress), "192.0.2.1/32");
	CHECK_SAME(result.NextHopOwner, entity);
	CHECK_EQ(result.InterfaceIndex, 3);
	CHECK_EQ(result.State, RTM_NEXTHOP_STATE_CREATED);
	CHECK_EQ(result.Flags, RTM_NEXTHOP_FLAGS_REMOTE);
	CHECK_SAME(result.EntitySpecificInfo, &info);
	CHECK_SAME(result.RemoteNextHop, dest);
	CHECK_EQ(RtmReleaseNextHopInfo(entity, &result), NO_ERROR);
	release_hop(entity, hop);
	release_dest(entity, dest);
	leave(entity);
}

TEST(any_entity_reads_a_next_hop)
{
	RTM_ENTITY_HANDLE owner = enter(8), reader = enter(9);
	RTM_NEXTHOP_HANDLE hop = keep_hop(owner, "192.0.2.1", 3);
	RTM_NEXTHOP_INFO result;

	REQUIRE_EQ(RtmGetNextHopInfo(reader, hop, &result), NO_ERROR);
	CHECK_SAME(result.NextHopOwner, owner);
	CHECK_EQ(handles_of(reader), 1);
	CHECK_EQ(handles_of(owner), 0);
	CHECK_EQ(RtmReleaseNextHopInfo(reader, &result), NO_ERROR);
	leave(owner);
	leave(reader);
}

TEST(reading_a_next_hop_needs_a_buffer) /* decisions 80, 81 */
{
	RTM_ENTITY_HANDLE entity = enter(8);
	RTM_NEXTHOP_HANDLE hop = keep_hop(entity, "192.0.2.1", 3);

	CHECK_EQ(RtmGetNextHopInfo(entity, hop, NULL), ERROR_INVALID_PARAMETER);
	CHECK_EQ(RtmGetNextHopInfo(entity, NULL, NULL), ERROR_INVALID_HANDLE);
	CHECK_EQ(RtmReleaseNextHopInfo(entity, NULL), ERROR_INVALID_PARAMETER);
	CHECK_EQ(RtmReleaseNextHops(entity, 1, NULL), ERROR_INVALID_PARAMETER);
	leave(entity);
}

TEST(next_hops_are_released_by_the_array)
{
	RTM_ENTITY_HANDLE entity = enter(8);
	RTM_NEXTHOP_HANDLE hops[3];

	hops[0] = add_hop(entity, "192.0.2.1", 3);
	hops[1] = add_hop(entity, "192.0.2.2", 3);
	hops[2] = add_hop(entity, "192.0.2.1", 3);
	CHECK_EQ(RtmReleaseNextHops(entity, 0, hops), NO_ERROR);
	CHECK_EQ(handles_of(entity), 3);
	CHECK_EQ(RtmReleaseNextHops(entity, 3, hops), NO_ERROR);
	CHECK_EQ(handles_of(entity), 0);
	CHECK_EQ(RtmReleaseNextHops(entity, 3, hops), ERROR_INVALID_HANDLE); /* decision 82 */
	CHECK_EQ(handles_of(entity), 0);
	leave(entity);
}

TEST(only_next_hops_are_released_as_next_hops)
{
	RTM_ENTITY_HANDLE entity = enter(8);
	RTM_ROUTE_HANDLE route = add_route(entity, ROUTE(.to = "10.0.0.0/8"));
	HANDLE nothing = NULL;

	CHECK_EQ(RtmReleaseNextHops(entity, 1, &route), ERROR_INVALID_HANDLE);
	CHECK_EQ(RtmReleaseNextHops(entity, 1, &entity), ERROR_INVALID_HANDLE);
	CHECK_EQ(RtmReleaseNextHops(entity, 1, &nothing), ERROR_INVALID_HANDLE);
	CHECK_EQ(handles_of(entity), 1);
	release_route(entity, route);
	leave(entity);
}
