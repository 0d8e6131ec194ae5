/*
 * test_garbage.c - a storm of calls with wrong handles. Each call has at least one handle that is random, stale, of
 * another kind or of another table, and everything else right: the library has to answer ERROR_INVALID_HANDLE, to write
 * nothing and to stay as it was. RTM2_SEED sets the seed, RTM2_STORM the number of calls.
 */
#define __USE_MINGW_ANSI_STDIO 1
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "calls.h"

enum { PER_KIND = 8, STALE = 64, CALLS = 200000, CALLS_BETWEEN_CHURNS = 200 };

/* The live handles of one entity, by the bit number of their kind. */
struct holder {
	HANDLE handle[KINDS][PER_KIND];
	unsigned count[KINDS];
};

struct world {
	struct random random;
	RTM_ENTITY_HANDLE caller;
	RTM_ENTITY_HANDLE neighbour;  /* another entity of the same table */
	RTM_ENTITY_HANDLE abroad[2];  /* other tables */
	struct holder own;
	struct holder foreign;
	struct holder other_table[2];
	HANDLE stale[KINDS][STALE]; /* once valid, of the caller's table */
	unsigned stales[KINDS];
};

static unsigned index_of(enum kind kind)
{
	unsigned index = 0;

	while ((1u << index) < (unsigned)kind)
		index++;
	return index;
}

static void hold(struct holder *holder, enum kind kind, HANDLE handle)
{
	unsigned index = index_of(kind);

	REQUIRE(holder->count[index] < PER_KIND);
	holder->handle[index][holder->count[index]++] = handle;
}

static RTM_ROUTE_LIST_HANDLE new_list(RTM_ENTITY_HANDLE entity)
{
	RTM_ROUTE_LIST_HANDLE list = NULL;

	REQUIRE_EQ(RtmCreateRouteList(entity, &list), NO_ERROR);
	return list;
}

static RTM_ENUM_HANDLE list_enum(RTM_ENTITY_HANDLE entity, RTM_ROUTE_LIST_HANDLE list)
{
	RTM_ENUM_HANDLE enumeration = NULL;

	REQUIRE_EQ(RtmCreateRouteListEnum(entity, list, &enumeration), NO_ERROR);
	return enumeration;
}

/* Nothing is marked, so it keeps no destination. */
static RTM_NOTIFY_HANDLE new_registration(RTM_ENTITY_HANDLE entity)
{
	RTM_NOTIFY_HANDLE notify = NULL;

	REQUIRE_EQ(RtmRegisterForChangeNotification(entity, BOTH, RTM_CHANGE_TYPE_ALL | RTM_NOTIFY_ONLY_MARKED_DESTS, NULL,
	                                            &notify),
	           NO_ERROR);
	return notify;
}

/* Makes a few objects of each kind; of enumerations, lists and registrations alone references are held. */
static void populate(struct holder *holder, RTM_ENTITY_HANDLE entity, const char *const *prefixes, const char *hop)
{
	hold(holder, KIND_ENTITY, entity);
	for (ULONG i = 0; i < 4; i++) {
		RTM_NEXTHOP_HANDLE next_hop = keep_hop(entity, hop, i);
		RTM_DEST_HANDLE dest;

		hold(holder, KIND_HOP, next_hop);
		hold(holder, KIND_ROUTE,
		     keep_route(entity, ROUTE(.to = prefixes[i], .neighbour = next_hop, .via = {next_hop})));
		dest = hold_dest(entity, prefixes[i]);
		release_dest(entity, dest);
		hold(holder, KIND_DEST, dest);
	}
	for (unsigned i = 0; i < 2; i++) {
		hold(holder, KIND_DEST_ENUM, dest_enum(entity, BOTH, RTM_ENUM_START, NULL));
		hold(holder, KIND_ROUTE_ENUM, route_enum(entity, UCAST, RTM_ENUM_START, NULL));
		hold(holder, KIND_HOP_ENUM, hop_enum(entity, RTM_ENUM_START, NULL));
		hold(holder, KIND_LIST, new_list(entity));
		hold(holder, KIND_LIST_ENUM, list_enum(entity, holder->handle[index_of(KIND_LIST)][i]));
		hold(holder, KIND_NOTIFY, new_registration(entity));
	}
}

static void close_each(struct holder *holder, RTM_ENTITY_HANDLE entity, enum kind kind,
                       DWORD(WINAPI *close)(RTM_ENTITY_HANDLE, HANDLE))
{
	for (unsigned i = 0; i < holder->count[index_of(kind)]; i++)
		CHECK_EQ(close(entity, holder->handle[index_of(kind)][i]), NO_ERROR);
}

static void close_all(struct holder *holder, RTM_ENTITY_HANDLE entity)
{
	close_each(holder, entity, KIND_DEST_ENUM, RtmDeleteEnumHandle);
	close_each(holder, entity, KIND_ROUTE_ENUM, RtmDeleteEnumHandle);
	close_each(holder, entity, KIND_HOP_ENUM, RtmDeleteEnumHandle);
	close_each(holder, entity, KIND_LIST_ENUM, RtmDeleteEnumHandle);
	close_each(holder, entity, KIND_LIST, RtmDeleteRouteList);
	close_each(holder, entity, KIND_NOTIFY, RtmDeregisterFromChangeNotification);
}

static void remember_stale(struct world *world, enum kind kind, HANDLE handle)
{
	unsigned index = index_of(kind);

	world->stale[index][world->stales[index]++ % STALE] = handle;
}

/* Makes one object of each kind and lets it go again, so that its slot can be used anew. */
static void churn(struct world *world)
{
	RTM_ENTITY_HANDLE visitor = enter(4711);
	RTM_NEXTHOP_HANDLE hop = add_hop(visitor, "192.0.2.9", 9);
	RTM_ROUTE_HANDLE route = add_route(visitor, ROUTE(.to = "172.16.0.0/12", .via = {hop}));
	RTM_DEST_HANDLE dest = hold_dest(visitor, "172.16.0.0/12");
	RTM_ENUM_HANDLE enums[3] = {dest_enum(visitor, BOTH, RTM_ENUM_START, NULL),
	                            route_enum(visitor, UCAST, RTM_ENUM_START, NULL),
	                            hop_enum(visitor, RTM_ENUM_START, NULL)};
	RTM_ROUTE_LIST_HANDLE list = new_list(visitor);
	RTM_ENUM_HANDLE listed = list_enum(visitor, list);
	RTM_NOTIFY_HANDLE notify = new_registration(visitor);

	CHECK_EQ(RtmDeleteEnumHandle(visitor, listed), NO_ERROR);
	CHECK_EQ(RtmDeleteRouteList(visitor, list), NO_ERROR);
	CHECK_EQ(RtmDeregisterFromChangeNotification(visitor, notify), NO_ERROR);
	for (unsigned i = 0; i < 3; i++)
		CHECK_EQ(RtmDeleteEnumHandle(visitor, enums[i]), NO_ERROR);
	release_dest(visitor, dest);
	delete_route(visitor, route);
	delete_hop(visitor, hop);
	leave(visitor);
	remember_stale(world, KIND_ENTITY, visitor);
	remember_stale(world, KIND_HOP, hop);
	remember_stale(world, KIND_ROUTE, route);
	remember_stale(world, KIND_DEST, dest);
	remember_stale(world, KIND_DEST_ENUM, enums[0]);
	remember_stale(world, KIND_ROUTE_ENUM, enums[1]);
	remember_stale(world, KIND_HOP_ENUM, enums[2]);
	remember_stale(world, KIND_LIST, list);
	remember_stale(world, KIND_LIST_ENUM, listed);
	remember_stale(world, KIND_NOTIFY, notify);
}

static void create_world(struct world *world)
{
	static const char *const own[] = {"10.0.0.0/8", "10.1.0.0/16", "10.9.0.0/16", "0.0.0.0/0"};
	static const char *const shared[] = {"10.0.0.0/8", "11.0.0.0/8", "12.0.0.0/8", "13.0.0.0/8"};
	static const char *const ipv6[] = {"::/0", "2001:db8::/32", "2001:db8:1::/48", "fe80::/10"};

	memset(world, 0, sizeof(*world));
	world->random.state = random_seed();
	world->caller = enter(8);
	world->neighbour = enter(9);
	world->abroad[0] = enter_as(second_instance(), RTM2_AF_INET, 8, 1);
	world->abroad[1] = enter_as(instance, RTM2_AF_INET6, 8, 1);
	populate(&world->own, world->caller, own, "192.0.2.1");
	populate(&world->foreign, world->neighbour, shared, "192.0.2.1");
	populate(&world->other_table[0], world->abroad[0], own, "192.0.2.1");
	populate(&world->other_table[1], world->abroad[1], ipv6, "fe80::1");
	for (unsigned i = 0; i < STALE; i++)
		churn(world);
}

static void destroy_world(struct world *world)
{
	close_all(&world->own, world->caller);
	close_all(&world->foreign, world->neighbour);
	leave(world->caller);
	leave(world->neighbour);
	for (unsigned i = 0; i < 2; i++) {
		close_all(&world->other_table[i], world->abroad[i]);
		leave(world->abroad[i]);
	}
}

static bool holds(const struct holder *holder, HANDLE handle)
{
	for (unsigned i = 0; i < KINDS; i++)
		for (unsigned j = 0; j < holder->count[i]; j++)
			if (holder->handle[i][j] == handle)
				return true;
	return false;
}

static bool is_live(const struct world *world, HANDLE handle)
{
	return holds(&world->own, handle) || holds(&world->foreign, handle);
}

static bool is_live_abroad(const struct world *world, HANDLE handle)
{
	return holds(&world->other_table[0], handle) || holds(&world->other_table[1], handle);
}

/* Any handle of a holder whose kind is among the given ones; NULL if there is none. */
static HANDLE pick(struct random *random, const struct holder *holder, unsigned kinds)
{
	HANDLE found = NULL;
	unsigned seen = 0;

	for (unsigned i = 0; i < KINDS; i++)
		for (unsigned j = 0; j < holder->count[i]; j++)
			if ((kinds & 1u << i) && random_below(random, ++seen) == 0)
				found = holder->handle[i][j];
	return found;
}

static HANDLE random_handle(struct random *random)
{
	uint64_t bits = random_next(random);

	switch (random_below(random, 3)) {
	case 0:
		return (HANDLE)(uintptr_t)bits;
	case 1:
		return (HANDLE)(uintptr_t)(bits % 70000);
	default:
		return (HANDLE)(uintptr_t)(bits >> random_below(random, 64));
	}
}

/* A live handle with one bit wrong. */
static HANDLE bent_handle(struct world *world)
{
	HANDLE handle = pick(&world->random, random_below(&world->random, 2) ? &world->own : &world->foreign, ~0u);

	return (HANDLE)((uintptr_t)handle ^ (uintptr_t)1 << random_below(&world->random, 8 * sizeof(HANDLE)));
}

static const struct place registration = {.kinds = KIND_ENTITY};

/* A handle that a place does not accept, of a random sort; NULL where NULL is no error. */
static HANDLE wrong_handle(struct world *world, const struct place *place)
{
	struct random *random = &world->random;
	HANDLE handle = NULL;

	switch (random_below(random, 8)) {
	case 0:
	case 1:
		handle = random_handle(random);
		break;
	case 2:
		handle = bent_handle(world);
		break;
	case 3:
		handle = world->stale[random_below(random, KINDS)][random_below(random, STALE)];
		break;
	case 4: /* right kind, but stale */
		for (unsigned i = 0; i < KINDS; i++)
			if (place->kinds & 1u << i && world->stales[i])
				handle = world->stale[i][random_below(random, STALE)];
		break;
	case 5:
		return pick(random, random_below(random, 2) ? &world->own : &world->foreign, ~place->kinds);
	case 6: /* right kind, but of another table; a registration is right in each */
		if (place != &registration)
			return pick(random, &world->other_table[random_below(random, 2)], place->kinds);
		break;
	default: /* right kind, but no reference of it to give back; or NULL */
		return place->gives_back ? pick(random, &world->own, place->kinds) : NULL;
	}
	if (is_live(world, handle) || (place == &registration && is_live_abroad(world, handle)))
		return NULL;
	return handle;
}

static HANDLE right_handle(struct world *world, const struct place *place)
{
	if (place->gives_back || (place->optional && random_below(&world->random, 2) == 0))
		return NULL;
	return pick(&world->random, &world->own, place->kinds);
}

/* Fills in the handles of a call, at least one of them wrong; false if that did not come about. */
static bool choose_handles(struct world *world, const struct call *call, HANDLE *handles)
{
	unsigned wrong = random_below(&world->random, 4 * call->places + 1) == 0 ? 0 : 1;
	bool invalid = false;

	memset(handles, 0, MOST_PLACES * sizeof(*handles));
	handles[0] = world->caller;
	if (wrong == 0) {
		handles[0] = wrong_handle(world, &registration);
		invalid = true;
	} else if (call->places > 0) {
		wrong = 1 + random_below(&world->random, call->places);
	}
	for (unsigned i = 1; i <= call->places; i++) {
		const struct place *place = &call->place[i - 1];

		handles[i] = i == wrong ? wrong_handle(world, place) : right_handle(world, place);
		if (i == wrong)
			invalid = handles[i] != NULL || !place->optional;
	}
	/* With a registration that is wrong, what else is right does not matter. */
	return invalid;
}

TEST(wrong_handles_do_no_harm) /* decisions 69, 79, 80, 81, 82, 129 */
{
	uint64_t seed = random_seed();
	unsigned long number = environment_number("RTM2_STORM", CALLS), made = 0;
	static struct world world;
	RTM2_STATISTICS before, after;

	printf("wrong handles: seed %" PRIu64 ", %lu calls\n", seed, number);
	create_world(&world);
	REQUIRE_EQ(Rtm2GetStatistics(NULL, &before), NO_ERROR);
	while (made < number) {
		const struct call *call = &calls[random_below(&world.random, number_of_calls)];
		HANDLE handles[MOST_PLACES];

		if (!choose_handles(&world, call, handles))
			continue;
		test_context("seed %" PRIu64 " call %lu %s(%p, %p, %p, %p, %p)", seed, made, call->name, handles[0],
		             handles[1], handles[2], handles[3], handles[4]);
		if (!check_refusal(call, handles, ERROR_INVALID_HANDLE))
			break;
		if (++made % CALLS_BETWEEN_CHURNS == 0)
			churn(&world);
	}
	REQUIRE_EQ(Rtm2GetStatistics(NULL, &after), NO_ERROR);
	CHECK_EQ(after.Entities, before.Entities);
	CHECK_EQ(after.Routes, before.Routes);
	CHECK_EQ(after.NextHops, before.NextHops);
	CHECK_EQ(after.Destinations, before.Destinations);
	CHECK_EQ(after.Handles, before.Handles);
	destroy_world(&world);
}

/* A call with right handles of the caller except for one, which is right but for its owner. */
static void check_foreign(struct world *world, const struct call *call, unsigned where)
{
	HANDLE handles[MOST_PLACES] = {NULL};

	handles[0] = world->caller;
	for (unsigned i = 1; i <= call->places; i++)
		handles[i] = right_handle(world, &call->place[i - 1]);
	handles[where] = pick(&world->random, &world->foreign, call->place[where - 1].kinds);
	test_context("%s, handle %u", call->name, where);
	check_refusal(call, handles, call->place[where - 1].foreign);
}

TEST(handles_of_other_entities_are_told_apart) /* decisions 80, 89, 129 */
{
	static struct world world;

	create_world(&world);
	for (unsigned i = 0; i < number_of_calls; i++)
		for (unsigned where = 1; where <= calls[i].places; where++)
			if (calls[i].place[where - 1].foreign)
				check_foreign(&world, &calls[i], where);
	destroy_world(&world);
}
