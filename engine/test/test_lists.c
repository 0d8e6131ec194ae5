/* test_lists.c - route lists: what goes into them, what takes routes out again, and their enumeration. */
#define __USE_MINGW_ANSI_STDIO 1
#include "events.h"

#include <stdio.h>
#include <string.h>

static RTM_ROUTE_LIST_HANDLE new_list(RTM_ENTITY_HANDLE entity)
{
	RTM_ROUTE_LIST_HANDLE list = NULL;

	REQUIRE_EQ(RtmCreateRouteList(entity, &list), NO_ERROR);
	REQUIRE(list != NULL);
	return list;
}

static void delete_list(RTM_ENTITY_HANDLE entity, RTM_ROUTE_LIST_HANDLE list)
{
	REQUIRE_EQ(RtmDeleteRouteList(entity, list), NO_ERROR);
}

static void insert(RTM_ENTITY_HANDLE entity, RTM_ROUTE_LIST_HANDLE list, RTM_ROUTE_HANDLE route)
{
	REQUIRE_EQ(RtmInsertInRouteList(entity, list, 1, &route), NO_ERROR);
}

static RTM_ENUM_HANDLE list_enum(RTM_ENTITY_HANDLE entity, RTM_ROUTE_LIST_HANDLE list)
{
	RTM_ENUM_HANDLE enumeration = NULL;

	REQUIRE_EQ(RtmCreateRouteListEnum(entity, list, &enumeration), NO_ERROR);
	REQUIRE(enumeration != NULL);
	return enumeration;
}

/* Tags of the next routes, a bit each, released again; tags are small and different. */
static unsigned next_tags(RTM_ENTITY_HANDLE entity, RTM_ENUM_HANDLE enumeration, UINT wanted, UINT *count)
{
	RTM_ROUTE_HANDLE routes[ROOM_HANDLES];
	unsigned tags = 0;

	*count = wanted;
	REQUIRE_EQ(RtmGetListEnumRoutes(entity, enumeration, count, routes), NO_ERROR);
	REQUIRE(*count <= wanted);
	for (UINT i = 0; i < *count; i++) {
		route_info info;
		unsigned tag;

		REQUIRE_EQ(RtmGetRouteInfo(entity, routes[i], &info.info, NULL), NO_ERROR);
		tag = 1u << (uintptr_t)info.info.EntitySpecificInfo;
		CHECK((tags & tag) == 0);
		tags |= tag;
		REQUIRE_EQ(RtmReleaseRouteInfo(entity, &info.info), NO_ERROR);
	}
	REQUIRE_EQ(RtmReleaseRoutes(entity, *count, routes), NO_ERROR);
	return tags;
}

/* The tags in a list, a bit each. */
static unsigned tags_in(RTM_ENTITY_HANDLE entity, RTM_ROUTE_LIST_HANDLE list)
{
	RTM_ENUM_HANDLE enumeration = list_enum(entity, list);
	UINT count;
	unsigned tags = next_tags(entity, enumeration, profile.MaxHandlesInEnum, &count);

	REQUIRE(count < profile.MaxHandlesInEnum);
	REQUIRE_EQ(RtmDeleteEnumHandle(entity, enumeration), NO_ERROR);
	return tags;
}

#define TAG(i) (1u << (i))

/* An entity with four routes of tags 0 to 3. */
struct owner {
	RTM_ENTITY_HANDLE entity;
	RTM_ROUTE_HANDLE route[4];
};

static struct owner enter_owner(ULONG protocol)
{
	static const char *const prefixes[4] = {"10.0.0.0/8", "11.0.0.0/8", "12.0.0.0/8", "13.0.0.0/8"};
	struct owner owner = {.entity = enter(protocol)};

	for (unsigned i = 0; i < 4; i++)
		owner.route[i] = keep_route(owner.entity, ROUTE(.to = prefixes[i], .tag = i));
	return owner;
}

/* Lists */

TEST(a_list_is_a_handle_until_it_is_deleted) /* decision 73 */
{
	RTM_ENTITY_HANDLE entity = enter(8);
	RTM_ROUTE_LIST_HANDLE list = new_list(entity), second = new_list(entity);

	CHECK(list != second);
	CHECK_EQ(handles_of(entity), 2);
	delete_list(entity, list);
	CHECK_EQ(handles_of(entity), 1);
	CHECK_EQ(RtmDeleteRouteList(entity, list), ERROR_INVALID_HANDLE);
	delete_list(entity, second);
	leave(entity);
}

TEST(a_new_list_is_empty) /* decision 161 */
{
	struct owner owner = enter_owner(8);
	RTM_ROUTE_LIST_HANDLE list = new_list(owner.entity);
	RTM_ENUM_HANDLE enumeration = list_enum(owner.entity, list);
	UINT count;

	for (unsigned i = 0; i < 3; i++) {
		CHECK_EQ(next_tags(owner.entity, enumeration, 5, &count), 0);
		CHECK_EQ(count, 0);
	}
	REQUIRE_EQ(RtmDeleteEnumHandle(owner.entity, enumeration), NO_ERROR);
	delete_list(owner.entity, list);
	leave(owner.entity);
}

TEST(routes_are_put_into_a_list)
{
	struct owner owner = enter_owner(8);
	RTM_ROUTE_LIST_HANDLE list = new_list(owner.entity);

	CHECK_EQ(RtmInsertInRouteList(owner.entity, list, 2, owner.route), NO_ERROR);
	CHECK_EQ(tags_in(owner.entity, list), TAG(0) | TAG(1));
	insert(owner.entity, list, owner.route[3]);
	CHECK_EQ(tags_in(owner.entity, list), TAG(0) | TAG(1) | TAG(3));
	insert(owner.entity, list, owner.route[3]); /* where it is already */
	CHECK_EQ(tags_in(owner.entity, list), TAG(0) | TAG(1) | TAG(3));
	CHECK_EQ(RtmInsertInRouteList(owner.entity, list, 0, NULL), NO_ERROR);
	CHECK_EQ(tags_in(owner.entity, list), TAG(0) | TAG(1) | TAG(3));
	CHECK_EQ(handles_of(owner.entity), 1); /* no references given or taken but the list */
	delete_list(owner.entity, list);
	leave(owner.entity);
}

TEST(inserting_does_not_consume_the_handles)
{
	RTM_ENTITY_HANDLE entity = enter(8);
	RTM_ROUTE_LIST_HANDLE list = new_list(entity);
	RTM_ROUTE_HANDLE route = add_route(entity, ROUTE(.to = "10.0.0.0/8"));

	CHECK_EQ(handles_of(entity), 2);
	insert(entity, list, route);
	CHECK_EQ(handles_of(entity), 2);
	release_route(entity, route);
	CHECK_EQ(tags_in(entity, list), TAG(0)); /* the table keeps it, not the reference */
	delete_list(entity, list);
	leave(entity);
}

TEST(a_route_is_in_one_list_at_most)
{
	struct owner owner = enter_owner(8);
	RTM_ROUTE_LIST_HANDLE a = new_list(owner.entity), b = new_list(owner.entity);

	CHECK_EQ(RtmInsertInRouteList(owner.entity, a, 4, owner.route), NO_ERROR);
	CHECK_EQ(RtmInsertInRouteList(owner.entity, b, 2, owner.route), NO_ERROR);
	CHECK_EQ(tags_in(owner.entity, a), TAG(2) | TAG(3));
	CHECK_EQ(tags_in(owner.entity, b), TAG(0) | TAG(1));
	delete_list(owner.entity, a);
	delete_list(owner.entity, b);
	leave(owner.entity);
}

TEST(without_a_list_routes_are_only_taken_out)
{
	struct owner owner = enter_owner(8);
	RTM_ROUTE_LIST_HANDLE list = new_list(owner.entity);

	CHECK_EQ(RtmInsertInRouteList(owner.entity, list, 3, owner.route), NO_ERROR);
	insert(owner.entity, NULL, owner.route[1]);
	insert(owner.entity, NULL, owner.route[3]); /* was in none */
	CHECK_EQ(tags_in(owner.entity, list), TAG(0) | TAG(2));
	CHECK_EQ(held_by(owner.entity).Routes, 4);
	delete_list(owner.entity, list);
	leave(owner.entity);
}

TEST(only_own_routes_are_listed) /* decision 160 */
{
	struct owner owner = enter_owner(8), other = enter_owner(9);
	RTM_ROUTE_LIST_HANDLE list = new_list(owner.entity);
	RTM_ROUTE_HANDLE mixed[3];

	mixed[0] = owner.route[0];
	mixed[1] = other.route[1];
	mixed[2] = owner.route[2];
	CHECK_EQ(RtmInsertInRouteList(owner.entity, list, 3, mixed), ERROR_ACCESS_DENIED);
	CHECK_EQ(tags_in(owner.entity, list), 0);
	CHECK_EQ(RtmInsertInRouteList(owner.entity, NULL, 1, &other.route[1]), ERROR_ACCESS_DENIED);
	delete_list(owner.entity, list);
	leave(owner.entity);
	leave(other.entity);
}

TEST(deleted_routes_are_not_listed) /* decisions 80, 160 */
{
	struct owner owner = enter_owner(8), other = enter_owner(9);
	RTM_ROUTE_LIST_HANDLE list = new_list(owner.entity);
	RTM_ROUTE_HANDLE routes[3];

	REQUIRE_EQ(RtmReferenceHandles(owner.entity, 1, &owner.route[1]), NO_ERROR);
	remove_route(owner.entity, owner.route[1]);
	routes[0] = owner.route[0];
	routes[1] = other.route[0];
	routes[2] = owner.route[1];
	CHECK_EQ(RtmInsertInRouteList(owner.entity, list, 3, routes), ERROR_INVALID_HANDLE); /* before ownership */
	CHECK_EQ(tags_in(owner.entity, list), 0);
	release_route(owner.entity, owner.route[1]);
	CHECK_EQ(RtmInsertInRouteList(owner.entity, list, 1, &owner.route[1]), ERROR_INVALID_HANDLE);
	delete_list(owner.entity, list);
	leave(owner.entity);
	leave(other.entity);
}

TEST(inserting_checks_its_arguments) /* decisions 79, 80 */
{
	struct owner owner = enter_owner(8), other = enter_owner(9);
	RTM_ROUTE_LIST_HANDLE list = new_list(owner.entity);
	RTM_DEST_HANDLE dest = hold_dest(owner.entity, "10.0.0.0/8");

	CHECK_EQ(RtmInsertInRouteList(NULL, list, 1, owner.route), ERROR_INVALID_HANDLE);
	CHECK_EQ(RtmInsertInRouteList(owner.entity, owner.route[0], 1, owner.route), ERROR_INVALID_HANDLE);
	CHECK_EQ(RtmInsertInRouteList(other.entity, list, 1, other.route), ERROR_INVALID_HANDLE);
	CHECK_EQ(RtmInsertInRouteList(owner.entity, list, 1, &dest), ERROR_INVALID_HANDLE);
	CHECK_EQ(RtmInsertInRouteList(owner.entity, list, 1, NULL), ERROR_INVALID_PARAMETER);
	CHECK_EQ(tags_in(owner.entity, list), 0);
	release_dest(owner.entity, dest);
	delete_list(owner.entity, list);
	leave(owner.entity);
	leave(other.entity);
}

TEST(a_list_belongs_to_its_entity) /* decisions 79, 83 */
{
	RTM_ENTITY_HANDLE owner = enter(8), other = enter(9);
	RTM_ROUTE_LIST_HANDLE list = new_list(owner), unset = NULL;
	RTM_ENUM_HANDLE enumeration = NULL;

	CHECK_EQ(RtmDeleteRouteList(other, list), ERROR_INVALID_HANDLE);
	CHECK_EQ(RtmDeleteRouteList(NULL, list), ERROR_INVALID_HANDLE);
	CHECK_EQ(RtmDeleteRouteList(owner, NULL), ERROR_INVALID_HANDLE);
	CHECK_EQ(RtmDeleteRouteList(owner, owner), ERROR_INVALID_HANDLE);
	CHECK_EQ(RtmCreateRouteListEnum(other, list, &enumeration), ERROR_INVALID_HANDLE);
	CHECK_EQ(RtmCreateRouteListEnum(NULL, list, &enumeration), ERROR_INVALID_HANDLE);
	CHECK_EQ(RtmCreateRouteListEnum(owner, NULL, &enumeration), ERROR_INVALID_HANDLE);
	CHECK_EQ(RtmCreateRouteListEnum(owner, owner, &enumeration), ERROR_INVALID_HANDLE);
	CHECK_EQ(RtmCreateRouteListEnum(owner, list, NULL), ERROR_INVALID_PARAMETER);
	CHECK_SAME(enumeration, NULL);
	CHECK_EQ(RtmCreateRouteList(NULL, &unset), ERROR_INVALID_HANDLE);
	CHECK_EQ(RtmCreateRouteList(owner, NULL), ERROR_INVALID_PARAMETER);
	CHECK_SAME(unset, NULL);
	CHECK_EQ(RtmReferenceHandles(owner, 1, &list), ERROR_INVALID_HANDLE);
	delete_list(owner, list);
	leave(owner);
	leave(other);
}

TEST(routes_outlive_their_list)
{
	struct owner owner = enter_owner(8);
	RTM_ROUTE_LIST_HANDLE list = new_list(owner.entity), next;

	CHECK_EQ(RtmInsertInRouteList(owner.entity, list, 4, owner.route), NO_ERROR);
	delete_list(owner.entity, list);
	for (unsigned i = 0; i < 4; i++)
		CHECK_EQ(best_in(owner.entity, owner.route[i]), UCAST);
	next = new_list(owner.entity);
	CHECK_EQ(RtmInsertInRouteList(owner.entity, next, 4, owner.route), NO_ERROR);
	CHECK_EQ(tags_in(owner.entity, next), TAG(0) | TAG(1) | TAG(2) | TAG(3));
	delete_list(owner.entity, next);
	leave(owner.entity);
}

TEST(a_deleted_route_leaves_its_list) /* decision 162 */
{
	struct owner owner = enter_owner(8);
	RTM_ROUTE_LIST_HANDLE list = new_list(owner.entity);

	CHECK_EQ(RtmInsertInRouteList(owner.entity, list, 4, owner.route), NO_ERROR);
	REQUIRE_EQ(RtmReferenceHandles(owner.entity, 1, &owner.route[2]), NO_ERROR);
	remove_route(owner.entity, owner.route[2]);
	remove_route(owner.entity, owner.route[0]);
	CHECK_EQ(tags_in(owner.entity, list), TAG(1) | TAG(3));
	release_route(owner.entity, owner.route[2]);
	delete_list(owner.entity, list);
	leave(owner.entity);
}

TEST(an_expired_route_leaves_its_list) /* decision 162 */
{
	RTM_ENTITY_HANDLE entity = enter(8);
	RTM_ROUTE_LIST_HANDLE list = new_list(entity);
	RTM_ROUTE_CHANGE_FLAGS flags = 0;

	CHECK_EQ(try_route_for(entity, NULL, ROUTE(.to = "10.0.0.0/8", .tag = 1), 1, list, &flags), NO_ERROR);
	CHECK_EQ(try_route_for(entity, NULL, ROUTE(.to = "11.0.0.0/8", .tag = 2), HOUR, list, &flags), NO_ERROR);
	EVENTUALLY(!is_known(entity, "10.0.0.0/8"));
	CHECK_EQ(tags_in(entity, list), TAG(2));
	delete_list(entity, list);
	leave(entity);
}

TEST(lists_end_with_their_entity) /* decision 68 */
{
	struct owner owner = enter_owner(8);
	RTM_ROUTE_LIST_HANDLE list = new_list(owner.entity);
	RTM_ENUM_HANDLE enumeration = list_enum(owner.entity, list);
	RTM_ENTITY_INFO info = entity_info(instance, RTM2_AF_INET, 8, 1);
	RTM2_STATISTICS left;
	RTM_ROUTE_HANDLE route;
	UINT count = 1;

	leaves_objects_behind();
	CHECK_EQ(RtmInsertInRouteList(owner.entity, list, 4, owner.route), NO_ERROR);
	CHECK_EQ(RtmDeregisterEntity(owner.entity), NO_ERROR);
	REQUIRE_EQ(Rtm2GetStatistics(&info, &left), NO_ERROR);
	CHECK_EQ(left.Handles, 0);
	CHECK_EQ(left.Routes, 4);
	owner.entity = enter(8);
	CHECK_EQ(RtmDeleteRouteList(owner.entity, list), ERROR_INVALID_HANDLE);
	CHECK_EQ(RtmGetListEnumRoutes(owner.entity, enumeration, &count, &route), ERROR_INVALID_HANDLE);
	CHECK_EQ(best_in(owner.entity, owner.route[0]), UCAST);
	leave(owner.entity);
}

/* Lists in other calls */

TEST(a_route_is_added_into_a_list) /* decision 159 */
{
	RTM_ENTITY_HANDLE entity = enter(8);
	RTM_ROUTE_LIST_HANDLE a = new_list(entity), b = new_list(entity);
	RTM_ROUTE_CHANGE_FLAGS flags = 0;
	RTM_ROUTE_HANDLE route = NULL;

	CHECK_EQ(try_route_for(entity, &route, ROUTE(.to = "10.0.0.0/8", .tag = 1), INFINITE, a, &flags), NO_ERROR);
	CHECK_EQ(tags_in(entity, a), TAG(1));
	CHECK_EQ(try_route_for(entity, &route, ROUTE(.tag = 2), INFINITE, NULL, &flags), NO_ERROR);
	CHECK_EQ(tags_in(entity, a), TAG(2)); /* no list: left where it is */
	CHECK_EQ(try_route_for(entity, &route, ROUTE(.tag = 3), INFINITE, b, &flags), NO_ERROR);
	CHECK_EQ(tags_in(entity, a), 0);
	CHECK_EQ(tags_in(entity, b), TAG(3));
	CHECK_EQ(try_route_for(entity, NULL, ROUTE(.to = "10.0.0.0/8", .tag = 4), INFINITE, a, &flags), NO_ERROR);
	CHECK_EQ(flags, RTM_ROUTE_CHANGE_BEST); /* found by its identity and moved */
	CHECK_EQ(tags_in(entity, a), TAG(4));
	CHECK_EQ(tags_in(entity, b), 0);
	release_route(entity, route);
	delete_list(entity, a);
	delete_list(entity, b);
	leave(entity);
}

TEST(a_route_is_not_added_into_what_is_no_list_of_its_owner) /* decisions 79, 81 */
{
	RTM_ENTITY_HANDLE entity = enter(8), other = enter(9);
	RTM_ROUTE_LIST_HANDLE foreign = new_list(other), gone = new_list(entity);
	RTM_ROUTE_CHANGE_FLAGS flags = 0;
	RTM_ROUTE_HANDLE route = NULL;

	delete_list(entity, gone);
	CHECK_EQ(try_route_for(entity, &route, ROUTE(.to = "10.0.0.0/8"), INFINITE, foreign, &flags),
	         ERROR_INVALID_HANDLE);
	CHECK_EQ(try_route_for(entity, &route, ROUTE(.to = "10.0.0.0/8"), INFINITE, gone, &flags), ERROR_INVALID_HANDLE);
	CHECK_EQ(try_route_for(entity, &route, ROUTE(.to = "10.0.0.0/8"), INFINITE, entity, &flags),
	         ERROR_INVALID_HANDLE);
	CHECK_SAME(route, NULL);
	CHECK(!is_known(entity, "10.0.0.0/8"));
	delete_list(other, foreign);
	leave(entity);
	leave(other);
}

TEST(an_update_in_place_moves_a_route_between_lists) /* decision 159 */
{
	RTM_ENTITY_HANDLE entity = enter(8);
	RTM_ROUTE_LIST_HANDLE a = new_list(entity), b = new_list(entity);
	RTM_ROUTE_HANDLE route = keep_route(entity, ROUTE(.to = "10.0.0.0/8", .tag = 1));
	RTM_ROUTE_CHANGE_FLAGS flags = 0;

	insert(entity, a, route);
	REQUIRE_EQ(RtmLockRoute(entity, route, TRUE, TRUE, NULL), NO_ERROR);
	CHECK_EQ(RtmUpdateAndUnlockRoute(entity, route, INFINITE, NULL, 0, NULL, &flags), NO_ERROR);
	CHECK_EQ(tags_in(entity, a), TAG(1));
	REQUIRE_EQ(RtmLockRoute(entity, route, TRUE, TRUE, NULL), NO_ERROR);
	CHECK_EQ(RtmUpdateAndUnlockRoute(entity, route, INFINITE, b, 0, NULL, &flags), NO_ERROR);
	CHECK_EQ(tags_in(entity, a), 0);
	CHECK_EQ(tags_in(entity, b), TAG(1));
	delete_list(entity, a);
	delete_list(entity, b);
	leave(entity);
}

/* Enumeration */

TEST(a_list_is_enumerated_in_batches) /* decision 161 */
{
	struct owner owner = enter_owner(8);
	RTM_ROUTE_LIST_HANDLE list = new_list(owner.entity);
	RTM_ENUM_HANDLE enumeration;
	unsigned tags;
	UINT count;

	CHECK_EQ(RtmInsertInRouteList(owner.entity, list, 4, owner.route), NO_ERROR);
	enumeration = list_enum(owner.entity, list);
	CHECK_EQ(handles_of(owner.entity), 2); /* the list and the enumeration */
	tags = next_tags(owner.entity, enumeration, 3, &count);
	CHECK_EQ(count, 3); /* as many as asked for: there may be more */
	tags |= next_tags(owner.entity, enumeration, 3, &count);
	CHECK_EQ(count, 1); /* fewer: the end, told by no code */
	CHECK_EQ(tags, TAG(0) | TAG(1) | TAG(2) | TAG(3));
	CHECK_EQ(next_tags(owner.entity, enumeration, 3, &count), 0);
	CHECK_EQ(count, 0);
	REQUIRE_EQ(RtmDeleteEnumHandle(owner.entity, enumeration), NO_ERROR);

	enumeration = list_enum(owner.entity, list);
	(void)next_tags(owner.entity, enumeration, 4, &count);
	CHECK_EQ(count, 4); /* all of them, and only the next call tells the end */
	CHECK_EQ(next_tags(owner.entity, enumeration, 4, &count), 0);
	CHECK_EQ(count, 0);
	REQUIRE_EQ(RtmDeleteEnumHandle(owner.entity, enumeration), NO_ERROR);
	delete_list(owner.entity, list);
	leave(owner.entity);
}

TEST(a_long_list_is_enumerated_completely) /* decision 161 */
{
	enum { ROUTES = 500 };
	RTM_ENTITY_HANDLE entity = enter(8);
	RTM_ROUTE_LIST_HANDLE list = new_list(entity);
	RTM_ENUM_HANDLE enumeration;
	RTM_ROUTE_HANDLE routes[ROOM_HANDLES];
	static bool seen[ROUTES];
	unsigned total = 0;
	UINT count;

	memset(seen, 0, sizeof(seen));
	for (unsigned i = 0; i < ROUTES; i++) {
		RTM_ROUTE_CHANGE_FLAGS flags = 0;
		char prefix[32];

		snprintf(prefix, sizeof(prefix), "10.%u.%u.0/24", i / 256, i % 256);
		REQUIRE_EQ(try_route_for(entity, NULL, ROUTE(.to = prefix, .tag = i), INFINITE, list, &flags), NO_ERROR);
	}
	enumeration = list_enum(entity, list);
	do {
		count = profile.MaxHandlesInEnum;
		REQUIRE_EQ(RtmGetListEnumRoutes(entity, enumeration, &count, routes), NO_ERROR);
		for (UINT i = 0; i < count; i++) {
			route_info info;
			uintptr_t tag;

			REQUIRE_EQ(RtmGetRouteInfo(entity, routes[i], &info.info, NULL), NO_ERROR);
			tag = (uintptr_t)info.info.EntitySpecificInfo;
			REQUIRE(tag < ROUTES && !seen[tag]);
			seen[tag] = true;
			REQUIRE_EQ(RtmReleaseRouteInfo(entity, &info.info), NO_ERROR);
		}
		total += count;
		REQUIRE_EQ(RtmReleaseRoutes(entity, count, routes), NO_ERROR);
	} while (count == profile.MaxHandlesInEnum);
	CHECK_EQ(total, ROUTES);
	REQUIRE_EQ(RtmDeleteEnumHandle(entity, enumeration), NO_ERROR);
	delete_list(entity, list);
	leave(entity);
}

TEST(listed_routes_are_referenced_when_they_are_returned)
{
	struct owner owner = enter_owner(8);
	RTM_ROUTE_LIST_HANDLE list = new_list(owner.entity);
	RTM_ENUM_HANDLE enumeration;
	RTM_ROUTE_HANDLE routes[2];
	UINT count = 2;

	insert(owner.entity, list, owner.route[0]);
	enumeration = list_enum(owner.entity, list);
	REQUIRE_EQ(RtmGetListEnumRoutes(owner.entity, enumeration, &count, routes), NO_ERROR);
	CHECK_EQ(count, 1);
	CHECK_SAME(routes[0], owner.route[0]);
	CHECK_EQ(handles_of(owner.entity), 3);
	release_route(owner.entity, routes[0]);
	CHECK_EQ(RtmReleaseRoutes(owner.entity, 1, routes), ERROR_INVALID_HANDLE);
	REQUIRE_EQ(RtmDeleteEnumHandle(owner.entity, enumeration), NO_ERROR);
	delete_list(owner.entity, list);
	leave(owner.entity);
}

/* As a sample does: what the enumeration returned is moved to another list before the next call. */
TEST(routes_may_be_moved_away_while_they_are_enumerated) /* decision 162 */
{
	struct owner owner = enter_owner(8);
	RTM_ROUTE_LIST_HANDLE from = new_list(owner.entity), to = new_list(owner.entity);
	RTM_ENUM_HANDLE enumeration;
	UINT count = 1;

	CHECK_EQ(RtmInsertInRouteList(owner.entity, from, 4, owner.route), NO_ERROR);
	enumeration = list_enum(owner.entity, from);
	for (unsigned moved = 0; count == 1; moved++) {
		RTM_ROUTE_HANDLE route;

		REQUIRE_EQ(RtmGetListEnumRoutes(owner.entity, enumeration, &count, &route), NO_ERROR);
		CHECK_EQ(count, moved < 4 ? 1 : 0);
		if (count == 1) {
			insert(owner.entity, to, route);
			release_route(owner.entity, route);
		}
	}
	CHECK_EQ(tags_in(owner.entity, from), 0);
	CHECK_EQ(tags_in(owner.entity, to), TAG(0) | TAG(1) | TAG(2) | TAG(3));
	REQUIRE_EQ(RtmDeleteEnumHandle(owner.entity, enumeration), NO_ERROR);
	delete_list(owner.entity, from);
	delete_list(owner.entity, to);
	leave(owner.entity);
}

TEST(routes_moved_or_deleted_ahead_of_an_enumeration_are_not_returned) /* decision 162 */
{
	struct owner owner = enter_owner(8);
	RTM_ROUTE_LIST_HANDLE list = new_list(owner.entity), other = new_list(owner.entity);
	RTM_ENUM_HANDLE enumeration;
	unsigned first;
	UINT count;

	CHECK_EQ(RtmInsertInRouteList(owner.entity, list, 4, owner.route), NO_ERROR);
	enumeration = list_enum(owner.entity, list);
	first = next_tags(owner.entity, enumeration, 1, &count);
	REQUIRE_EQ(count, 1);
	/* Of the three to come one is moved away and one deleted, which ever they are. */
	for (unsigned i = 0, done = 0; i < 4 && done < 2; i++) {
		if (first == TAG(i))
			continue;
		if (done++ == 0)
			insert(owner.entity, other, owner.route[i]);
		else
			remove_route(owner.entity, owner.route[i]);
	}
	CHECK((next_tags(owner.entity, enumeration, 4, &count) & first) == 0);
	CHECK_EQ(count, 1);
	REQUIRE_EQ(RtmDeleteEnumHandle(owner.entity, enumeration), NO_ERROR);
	delete_list(owner.entity, list);
	delete_list(owner.entity, other);
	leave(owner.entity);
}

TEST(routes_put_into_a_list_behind_an_enumeration_are_returned) /* decision 162 */
{
	struct owner owner = enter_owner(8);
	RTM_ROUTE_LIST_HANDLE list = new_list(owner.entity);
	RTM_ENUM_HANDLE enumeration = list_enum(owner.entity, list);
	UINT count;

	insert(owner.entity, list, owner.route[0]);
	insert(owner.entity, list, owner.route[1]);
	CHECK_EQ(next_tags(owner.entity, enumeration, 1, &count), TAG(0));
	insert(owner.entity, list, owner.route[2]);
	CHECK_EQ(next_tags(owner.entity, enumeration, 5, &count), TAG(1) | TAG(2));
	CHECK_EQ(next_tags(owner.entity, enumeration, 5, &count), 0);
	insert(owner.entity, list, owner.route[3]); /* the marker stands at the end, and this comes behind it */
	CHECK_EQ(next_tags(owner.entity, enumeration, 5, &count), TAG(3));
	REQUIRE_EQ(RtmDeleteEnumHandle(owner.entity, enumeration), NO_ERROR);
	delete_list(owner.entity, list);
	leave(owner.entity);
}

TEST(enumerations_of_one_list_do_not_disturb_each_other)
{
	struct owner owner = enter_owner(8);
	RTM_ROUTE_LIST_HANDLE list = new_list(owner.entity);
	RTM_ENUM_HANDLE a, b, c;
	unsigned tags;
	UINT count;

	CHECK_EQ(RtmInsertInRouteList(owner.entity, list, 4, owner.route), NO_ERROR);
	a = list_enum(owner.entity, list);
	b = list_enum(owner.entity, list);
	c = list_enum(owner.entity, list);
	tags = next_tags(owner.entity, a, 2, &count);
	CHECK_EQ(next_tags(owner.entity, b, 5, &count), 15);
	REQUIRE_EQ(RtmDeleteEnumHandle(owner.entity, b), NO_ERROR);
	tags |= next_tags(owner.entity, a, 5, &count);
	CHECK_EQ(tags, 15);
	REQUIRE_EQ(RtmDeleteEnumHandle(owner.entity, a), NO_ERROR);
	CHECK_EQ(next_tags(owner.entity, c, 5, &count), 15);
	REQUIRE_EQ(RtmDeleteEnumHandle(owner.entity, c), NO_ERROR);
	delete_list(owner.entity, list);
	leave(owner.entity);
}

TEST(the_enumeration_of_a_deleted_list_finds_nothing) /* decision 162 */
{
	struct owner owner = enter_owner(8);
	RTM_ROUTE_LIST_HANDLE list = new_list(owner.entity);
	RTM_ROUTE_LIST_HANDLE other;
	RTM_ENUM_HANDLE begun, fresh;
	UINT count;

	CHECK_EQ(RtmInsertInRouteList(owner.entity, list, 4, owner.route), NO_ERROR);
	begun = list_enum(owner.entity, list);
	fresh = list_enum(owner.entity, list);
	(void)next_tags(owner.entity, begun, 2, &count);
	delete_list(owner.entity, list);
	other = new_list(owner.entity);
	CHECK_EQ(RtmInsertInRouteList(owner.entity, other, 4, owner.route), NO_ERROR); /* which is none of theirs */
	CHECK_EQ(next_tags(owner.entity, begun, 2, &count), 0);
	CHECK_EQ(count, 0);
	CHECK_EQ(next_tags(owner.entity, fresh, 2, &count), 0);
	CHECK_EQ(count, 0);
	CHECK_EQ(handles_of(owner.entity), 3);
	REQUIRE_EQ(RtmDeleteEnumHandle(owner.entity, begun), NO_ERROR);
	REQUIRE_EQ(RtmDeleteEnumHandle(owner.entity, fresh), NO_ERROR);
	CHECK_EQ(tags_in(owner.entity, other), 15);
	delete_list(owner.entity, other);
	leave(owner.entity);
}

TEST(reading_a_list_checks_its_arguments) /* decisions 80, 81, 123 */
{
	struct owner owner = enter_owner(8);
	RTM_ENTITY_HANDLE other = enter(9);
	RTM_ROUTE_LIST_HANDLE list = new_list(owner.entity);
	RTM_ENUM_HANDLE enumeration;
	RTM_ROUTE_HANDLE routes[ROOM_HANDLES] = {NULL};
	UINT count = 1;

	insert(owner.entity, list, owner.route[0]);
	enumeration = list_enum(owner.entity, list);
	CHECK_EQ(RtmGetListEnumRoutes(NULL, enumeration, &count, routes), ERROR_INVALID_HANDLE);
	CHECK_EQ(RtmGetListEnumRoutes(other, enumeration, &count, routes), ERROR_INVALID_HANDLE);
	CHECK_EQ(RtmGetListEnumRoutes(owner.entity, NULL, &count, routes), ERROR_INVALID_HANDLE);
	CHECK_EQ(RtmGetListEnumRoutes(owner.entity, list, &count, routes), ERROR_INVALID_HANDLE);
	CHECK_EQ(RtmGetListEnumRoutes(owner.entity, enumeration, NULL, routes), ERROR_INVALID_PARAMETER);
	CHECK_EQ(RtmGetListEnumRoutes(owner.entity, enumeration, &count, NULL), ERROR_INVALID_PARAMETER);
	count = 0;
	CHECK_EQ(RtmGetListEnumRoutes(owner.entity, enumeration, &count, routes), ERROR_INVALID_PARAMETER);
	count = profile.MaxHandlesInEnum + 1;
	CHECK_EQ(RtmGetListEnumRoutes(owner.entity, enumeration, &count, routes), ERROR_INVALID_PARAMETER);
	CHECK_EQ(count, profile.MaxHandlesInEnum + 1);
	CHECK_SAME(routes[0], NULL);
	count = profile.MaxHandlesInEnum;
	CHECK_EQ(RtmGetListEnumRoutes(owner.entity, enumeration, &count, routes), NO_ERROR);
	CHECK_EQ(count, 1);
	release_route(owner.entity, routes[0]);
	REQUIRE_EQ(RtmDeleteEnumHandle(owner.entity, enumeration), NO_ERROR);
	delete_list(owner.entity, list);
	leave(owner.entity);
	leave(other);
}

TEST(list_enumerations_and_others_are_told_apart) /* decision 129 */
{
	RTM_ENTITY_HANDLE entity = enter(8), other = enter(9);
	RTM_ROUTE_LIST_HANDLE list = new_list(entity);
	RTM_ENUM_HANDLE listed = list_enum(entity, list);
	RTM_ENUM_HANDLE routes = route_enum(entity, UCAST, RTM_ENUM_START, NULL);
	RTM_ENUM_HANDLE dests = dest_enum(entity, UCAST, RTM_ENUM_START, NULL);
	RTM_ENUM_HANDLE hops = hop_enum(entity, RTM_ENUM_START, NULL);
	RTM_ROUTE_HANDLE route;
	UINT count = 1;

	CHECK_EQ(RtmGetEnumRoutes(entity, listed, &count, &route), ERROR_INVALID_HANDLE);
	CHECK_EQ(RtmGetEnumNextHops(entity, listed, &count, &route), ERROR_INVALID_HANDLE);
	CHECK_EQ(RtmGetListEnumRoutes(entity, routes, &count, &route), ERROR_INVALID_HANDLE);
	CHECK_EQ(RtmGetListEnumRoutes(entity, dests, &count, &route), ERROR_INVALID_HANDLE);
	CHECK_EQ(RtmGetListEnumRoutes(entity, hops, &count, &route), ERROR_INVALID_HANDLE);
	CHECK_EQ(RtmDeleteEnumHandle(entity, list), ERROR_INVALID_HANDLE);
	CHECK_EQ(RtmDeleteEnumHandle(other, listed), ERROR_INVALID_HANDLE);
	CHECK_EQ(RtmDeleteRouteList(entity, listed), ERROR_INVALID_HANDLE);
	CHECK_EQ(RtmDeleteEnumHandle(entity, listed), NO_ERROR);
	CHECK_EQ(RtmDeleteEnumHandle(entity, routes), NO_ERROR);
	CHECK_EQ(RtmDeleteEnumHandle(entity, dests), NO_ERROR);
	CHECK_EQ(RtmDeleteEnumHandle(entity, hops), NO_ERROR);
	delete_list(entity, list);
	leave(entity);
	leave(other);
}
