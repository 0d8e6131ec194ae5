/* test_entities.c - the list of registered entities. */
#include "events.h"

#include <stdlib.h>
#include <string.h>

enum { ROOM = 8 };

struct listing {
	RTM_ENTITY_HANDLE handles[ROOM];
	RTM_ENTITY_INFO infos[ROOM];
	UINT count;
};

static void list_entities(RTM_ENTITY_HANDLE entity, struct listing *listing)
{
	memset(listing, 0, sizeof(*listing));
	listing->count = ROOM;
	REQUIRE_EQ(RtmGetRegisteredEntities(entity, &listing->count, listing->handles, listing->infos), NO_ERROR);
	REQUIRE(listing->count <= ROOM);
}

static void release_listing(RTM_ENTITY_HANDLE entity, struct listing *listing)
{
	REQUIRE_EQ(RtmReleaseEntities(entity, listing->count, listing->handles), NO_ERROR);
}

static bool lists(const struct listing *listing, RTM_ENTITY_HANDLE entity, ULONG protocol)
{
	for (UINT i = 0; i < listing->count; i++)
		if (listing->handles[i] == entity)
			return listing->infos[i].EntityId.EntityProtocolId == protocol;
	return false;
}

TEST(all_entities_of_the_table_are_listed) /* decisions 65, 71 */
{
	RTM_ENTITY_HANDLE a = enter(8), b = enter(9), c = enter_as(instance, RTM2_AF_INET, 9, 2);
	RTM_ENTITY_HANDLE ipv6 = enter_as(instance, RTM2_AF_INET6, 10, 1);
	RTM_ENTITY_HANDLE abroad = enter_as(second_instance(), RTM2_AF_INET, 11, 1);
	struct listing listing;

	list_entities(b, &listing);
	CHECK_EQ(listing.count, 3);
	CHECK(lists(&listing, a, 8));
	CHECK(lists(&listing, b, 9)); /* the caller, too */
	CHECK(lists(&listing, c, 9));
	for (UINT i = 0; i < listing.count; i++) {
		CHECK_EQ(listing.infos[i].RtmInstanceId, instance);
		CHECK_EQ(listing.infos[i].AddressFamily, RTM2_AF_INET);
		CHECK_EQ(listing.infos[i].EntityId.EntityInstanceId, listing.handles[i] == c ? 2 : 1);
	}
	release_listing(b, &listing);
	list_entities(ipv6, &listing);
	CHECK_EQ(listing.count, 1);
	CHECK(lists(&listing, ipv6, 10));
	release_listing(ipv6, &listing);
	leave(a);
	list_entities(b, &listing);
	CHECK_EQ(listing.count, 2);
	CHECK(!lists(&listing, a, 8));
	release_listing(b, &listing);
	leave(b);
	leave(c);
	leave(ipv6);
	leave(abroad);
}

TEST(a_listed_entity_is_referenced) /* decision 82 */
{
	RTM_ENTITY_HANDLE reader = enter(8), other = enter(9);
	struct listing listing;
	RTM_ENTITY_INFO info;

	list_entities(reader, &listing);
	CHECK_EQ(handles_of(reader), 2);
	CHECK_EQ(RtmDeregisterEntity(other), NO_ERROR);
	CHECK_EQ(RtmGetEntityInfo(reader, other, &info), NO_ERROR);
	CHECK_EQ(info.EntityId.EntityProtocolId, 9);
	release_listing(reader, &listing);
	CHECK_EQ(handles_of(reader), 0);
	CHECK_EQ(RtmGetEntityInfo(reader, other, &info), ERROR_INVALID_HANDLE);
	CHECK_EQ(RtmReleaseEntities(reader, listing.count, listing.handles), ERROR_INVALID_HANDLE);
	leave(reader);
}

TEST(handles_or_information_of_entities_may_be_left_out)
{
	RTM_ENTITY_HANDLE a = enter(8), b = enter(9), handles[2] = {NULL};
	RTM_ENTITY_INFO infos[2];
	UINT count = 2;

	CHECK_EQ(RtmGetRegisteredEntities(a, &count, NULL, infos), NO_ERROR);
	CHECK_EQ(count, 2);
	CHECK_EQ(handles_of(a), 0);
	CHECK_EQ(infos[0].EntityId.EntityProtocolId + infos[1].EntityId.EntityProtocolId, 8 + 9);
	CHECK_EQ(RtmGetRegisteredEntities(a, &count, handles, NULL), NO_ERROR);
	CHECK_EQ(count, 2);
	CHECK((handles[0] == a && handles[1] == b) || (handles[0] == b && handles[1] == a));
	CHECK_EQ(RtmReleaseEntities(a, 2, handles), NO_ERROR);
	leave(a);
	leave(b);
}

TEST(too_small_an_array_tells_the_number_of_entities) /* decision 70 */
{
	RTM_ENTITY_HANDLE entities[3], handles[3] = {NULL};
	RTM_ENTITY_INFO infos[3], untouched[3];

	memset(infos, 0x5A, sizeof(infos));
	memcpy(untouched, infos, sizeof(infos));
	for (ULONG i = 0; i < 3; i++)
		entities[i] = enter(8 + i);
	for (UINT room = 0; room < 3; room++) {
		UINT count = room;

		CHECK_EQ(RtmGetRegisteredEntities(entities[0], &count, handles, infos), ERROR_INSUFFICIENT_BUFFER);
		CHECK_EQ(count, 3);
		CHECK_SAME(handles[0], NULL);
		CHECK(memcmp(infos, untouched, sizeof(infos)) == 0);
	}
	CHECK_EQ(handles_of(entities[0]), 0);
	for (unsigned i = 0; i < 3; i++)
		leave(entities[i]);
}

TEST(listing_entities_needs_a_registration_and_a_count) /* decisions 79, 81 */
{
	RTM_ENTITY_HANDLE entity = enter(8), handles[1] = {NULL};
	RTM_ENTITY_INFO infos[1];
	UINT count = 1;

	CHECK_EQ(RtmGetRegisteredEntities(NULL, &count, handles, infos), ERROR_INVALID_HANDLE);
	CHECK_EQ(RtmGetRegisteredEntities(&count, &count, handles, infos), ERROR_INVALID_HANDLE);
	CHECK_EQ(count, 1);
	CHECK_EQ(RtmGetRegisteredEntities(entity, NULL, handles, infos), ERROR_INVALID_PARAMETER);
	CHECK_SAME(handles[0], NULL);
	leave(entity);
}

/* The same instance in both processes: a child sees neither the entity nor the route of its parent. */
TEST(tables_belong_to_their_process) /* decision 59 */
{
	enum { COMMON_INSTANCE = 7, ALONE = 42 };
	RTM_ENTITY_HANDLE entity = enter_as(COMMON_INSTANCE, RTM2_AF_INET, 8, 1);
	struct listing listing;

	if (child_number() != 0) {
		list_entities(entity, &listing);
		exit(listing.count == 1 && !is_known(entity, "10.0.0.0/8") ? ALONE : 1);
	}
	keep_route(entity, ROUTE(.to = "10.0.0.0/8"));
	leave(enter_as(COMMON_INSTANCE, RTM2_AF_INET, 9, 1));
	CHECK_EQ(run_child("tables_belong_to_their_process", 1), ALONE);
	leave(entity);
}
