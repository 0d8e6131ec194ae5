/* test_opaque.c - the pointer that an entity may keep in every destination. */
#include "events.h"

#include <string.h>

static DWORD register_with_slot(ULONG protocol, RTM_ENTITY_HANDLE *entity)
{
	RTM_ENTITY_INFO info = entity_info(instance, RTM2_AF_INET, protocol, 1);

	return RtmRegisterEntity(&info, NULL, NULL, TRUE, &profile, entity);
}

static RTM_ENTITY_HANDLE enter_with_slot(ULONG protocol)
{
	RTM_ENTITY_HANDLE entity = NULL;

	REQUIRE_EQ(register_with_slot(protocol, &entity), NO_ERROR);
	return entity;
}

/* The entity's cell in a destination. */
static PVOID *cell(RTM_ENTITY_HANDLE entity, RTM_DEST_HANDLE dest)
{
	PVOID *slot = NULL;

	REQUIRE_EQ(RtmGetOpaqueInformationPointer(entity, dest, (PVOID *)&slot), NO_ERROR);
	REQUIRE(slot != NULL);
	return slot;
}

TEST(a_cell_starts_empty_and_keeps_what_is_put_in) /* decision 163 */
{
	RTM_ENTITY_HANDLE entity = enter_with_slot(8);
	RTM_DEST_HANDLE dest;
	int mine;

	keep_route(entity, ROUTE(.to = "10.0.0.0/8"));
	dest = hold_dest(entity, "10.0.0.0/8");
	CHECK_SAME(*cell(entity, dest), NULL);
	REQUIRE_EQ(RtmLockDestination(entity, dest, TRUE, TRUE), NO_ERROR);
	*cell(entity, dest) = &mine;
	REQUIRE_EQ(RtmLockDestination(entity, dest, TRUE, FALSE), NO_ERROR);
	CHECK_SAME(*cell(entity, dest), &mine);
	CHECK_SAME(cell(entity, dest), cell(entity, dest)); /* the cell itself stays where it is */
	CHECK_EQ(handles_of(entity), 1);                    /* no reference but the destination's */
	release_dest(entity, dest);
	leave(entity);
}

TEST(every_destination_has_a_cell_of_every_entity)
{
	RTM_ENTITY_HANDLE a = enter_with_slot(8), b = enter_with_slot(9);
	RTM_DEST_HANDLE dests[2];
	int marks[4];

	keep_route(a, ROUTE(.to = "10.0.0.0/8"));
	keep_route(a, ROUTE(.to = "11.0.0.0/8"));
	dests[0] = hold_dest(a, "10.0.0.0/8");
	dests[1] = hold_dest(a, "11.0.0.0/8");
	for (unsigned i = 0; i < 2; i++) {
		*cell(a, dests[i]) = &marks[i];
		*cell(b, dests[i]) = &marks[2 + i]; /* also where it has no route */
	}
	for (unsigned i = 0; i < 2; i++) {
		CHECK_SAME(*cell(a, dests[i]), &marks[i]);
		CHECK_SAME(*cell(b, dests[i]), &marks[2 + i]);
		release_dest(a, dests[i]);
	}
	leave(a);
	leave(b);
}

TEST(without_a_reservation_there_is_no_cell) /* decision 81 */
{
	RTM_ENTITY_HANDLE with = enter_with_slot(8), without = enter(9);
	RTM_DEST_HANDLE dest;
	PVOID untouched = &without;

	keep_route(with, ROUTE(.to = "10.0.0.0/8"));
	dest = hold_dest(with, "10.0.0.0/8");
	CHECK_EQ(RtmGetOpaqueInformationPointer(without, dest, &untouched), ERROR_NOT_FOUND);
	CHECK_SAME(untouched, &without);
	release_dest(with, dest);
	leave(with);
	leave(without);
}

TEST(a_cell_is_asked_for_with_a_destination) /* decisions 79, 80 */
{
	RTM_ENTITY_HANDLE entity = enter_with_slot(8), without = enter(9);
	RTM_ROUTE_HANDLE route = keep_route(entity, ROUTE(.to = "10.0.0.0/8"));
	RTM_DEST_HANDLE dest = hold_dest(entity, "10.0.0.0/8");
	PVOID slot = NULL;

	CHECK_EQ(RtmGetOpaqueInformationPointer(NULL, dest, &slot), ERROR_INVALID_HANDLE);
	CHECK_EQ(RtmGetOpaqueInformationPointer(entity, NULL, &slot), ERROR_INVALID_HANDLE);
	CHECK_EQ(RtmGetOpaqueInformationPointer(entity, route, &slot), ERROR_INVALID_HANDLE);
	CHECK_EQ(RtmGetOpaqueInformationPointer(without, NULL, &slot), ERROR_INVALID_HANDLE);
	CHECK_SAME(slot, NULL);
	CHECK_EQ(RtmGetOpaqueInformationPointer(without, dest, NULL), ERROR_INVALID_PARAMETER);
	release_dest(entity, dest);
	leave(entity);
	leave(without);
}

/* How many reservations there are is configuration; that they run out is not. */
TEST(reservations_run_out_and_become_free_again) /* decision 64 */
{
	enum { MOST = 64 };
	RTM_ENTITY_HANDLE entities[MOST], more = NULL, abroad = NULL;
	RTM_ENTITY_INFO elsewhere = entity_info(second_instance(), RTM2_AF_INET, 1, 1);
	unsigned count = 0;
	RTM2_STATISTICS before, after;

	while (count < MOST && register_with_slot(1 + count, &entities[count]) == NO_ERROR)
		count++;
	REQUIRE(count >= 1 && count < MOST);
	REQUIRE_EQ(Rtm2GetStatistics(NULL, &before), NO_ERROR);
	CHECK_EQ(register_with_slot(1 + count, &more), ERROR_NO_SYSTEM_RESOURCES);
	CHECK_SAME(more, NULL);
	REQUIRE_EQ(Rtm2GetStatistics(NULL, &after), NO_ERROR);
	CHECK_EQ(after.Entities, before.Entities);
	leave(enter(1 + count)); /* without one it may register */
	CHECK_EQ(RtmRegisterEntity(&elsewhere, NULL, NULL, TRUE, &profile, &abroad), NO_ERROR); /* another table */
	leave(abroad);
	leave(entities[0]);
	CHECK_EQ(register_with_slot(1 + count, &entities[0]), NO_ERROR);
	for (unsigned i = 0; i < count; i++)
		leave(entities[i]);
}

TEST(cells_are_emptied_when_their_entity_leaves) /* decision 163 */
{
	RTM_ENTITY_HANDLE leaver = enter_with_slot(8), stays = enter_with_slot(9), next;
	RTM_DEST_HANDLE dest;
	int old, kept;

	keep_route(stays, ROUTE(.to = "10.0.0.0/8"));
	dest = hold_dest(stays, "10.0.0.0/8");
	*cell(leaver, dest) = &old;
	*cell(stays, dest) = &kept;
	leave(leaver);
	for (ULONG protocol = 10; protocol < 20; protocol++) {
		next = enter_with_slot(protocol);
		CHECK_SAME(*cell(next, dest), NULL);
		leave(next);
	}
	CHECK_SAME(*cell(stays, dest), &kept);
	release_dest(stays, dest);
	leave(stays);
}

TEST(a_cell_lives_as_long_as_its_destination) /* decisions 163, 182 */
{
	RTM_ENTITY_HANDLE entity = enter_with_slot(8);
	RTM_ROUTE_HANDLE route = keep_route(entity, ROUTE(.to = "10.0.0.0/8"));
	RTM_DEST_HANDLE dest = hold_dest(entity, "10.0.0.0/8"), again;
	int mine;

	*cell(entity, dest) = &mine;
	remove_route(entity, route);
	CHECK_SAME(*cell(entity, dest), &mine); /* the reference keeps it */
	keep_route(entity, ROUTE(.to = "10.0.0.0/8"));
	again = hold_dest(entity, "10.0.0.0/8");
	CHECK_SAME(again, dest);
	CHECK_SAME(*cell(entity, again), &mine);
	release_dest(entity, again);
	release_dest(entity, dest);
	leave(entity);
	/* Once it is gone it comes back empty. */
	entity = enter_with_slot(8);
	keep_route(entity, ROUTE(.to = "10.0.0.0/8"));
	dest = hold_dest(entity, "10.0.0.0/8");
	*cell(entity, dest) = &mine;
	release_dest(entity, dest);
	remove_route(entity, best_of(entity, "10.0.0.0/8", UCAST));
	keep_route(entity, ROUTE(.to = "10.0.0.0/8"));
	dest = hold_dest(entity, "10.0.0.0/8");
	CHECK_SAME(*cell(entity, dest), NULL);
	release_dest(entity, dest);
	leave(entity);
}
