/*
 * test_model.c - random calls, each compared with the naive tables of model.c: results, change flags, best routes,
 * longest matches, order and end of enumerations while the tables change, references and statistics. RTM2_SEED sets the
 * seed, RTM2_STEPS the number of calls.
 *
 * After ROUND_STEPS everybody leaves, and a new round begins with other prefixes and a seed one higher: a failure far into
 * a long run is repeated by one round with the seed that it prints.
 */
#define __USE_MINGW_ANSI_STDIO 1
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "model_client.h"

enum { STEPS = 100000, ROUND_STEPS = 100000, MOST_REGISTERED = 6, MOST_BATCH = 5 };

/* Entities */

static void register_entity(void)
{
	unsigned table = below(MODEL_TABLES);
	ULONG protocol = 1 + below(3), protocol_instance = 1 + below(3);
	RTM_ENTITY_INFO info = entity_info(instance, model_family(table), protocol, protocol_instance);
	RTM_ENTITY_HANDLE handle = NULL;
	bool known = false;

	if (registered() == MOST_REGISTERED)
		return;
	/* Else a round without entities would go on doing nothing. */
	REQUIRE(m.number_of_entities < MODEL_ENTITIES);
	for (unsigned i = 0; i < m.number_of_entities; i++)
		known = known || (m.entities[i].registered && m.entities[i].table == table &&
		                  m.entities[i].protocol == protocol &&
		                  m.entities[i].protocol_instance == protocol_instance);
	REQUIRE_EQ(RtmRegisterEntity(&info, NULL, NULL, FALSE, &profile, &handle),
	           known ? ERROR_ALREADY_EXISTS : NO_ERROR);
	if (known)
		return;
	REQUIRE(!is_handle_in_use(handle));
	m.entities[m.number_of_entities++] = (struct model_entity){true, table, protocol, protocol_instance, handle};
}

static void deregister_entity(int entity)
{
	for (int i = 0; i < MODEL_CURSORS; i++)
		if (m.cursors[i].kind != CURSOR_FREE && m.cursors[i].entity == entity)
			close_cursor(&m.cursors[i]);
	for (int i = 0; i < MODEL_ITEMS; i++)
		if (m.items[i].kind != ITEM_FREE && m.items[i].entity == entity)
			give_item_back(&m.items[i]);
	leave(handle_of(entity));
	m.entities[entity].registered = false;
	for (int i = 0; i < MODEL_ROUTES; i++)
		if (m.routes[i].state == MODEL_PRESENT && m.routes[i].owner == entity) {
			m.routes[i].state = MODEL_DELETED;
			model_choose(&m, m.routes[i].dest);
		}
	for (int i = 0; i < MODEL_HOPS; i++)
		if (m.hops[i].state == MODEL_PRESENT && m.hops[i].owner == entity)
			m.hops[i].state = MODEL_DELETED;
	settle();
}

static void read_entity(int entity)
{
	int other = (int)below(m.number_of_entities);
	bool same_table = table_of(other) == table_of(entity);
	RTM_ENTITY_INFO info;
	DWORD status = RtmGetEntityInfo(handle_of(entity), handle_of(other), &info);

	if (same_table && model_entity_lives(&m, other)) {
		REQUIRE_EQ(status, NO_ERROR);
		REQUIRE_EQ(info.EntityId.EntityProtocolId, m.entities[other].protocol);
		REQUIRE_EQ(info.EntityId.EntityInstanceId, m.entities[other].protocol_instance);
	} else if (!same_table || !model_has_captures(&m)) {
		REQUIRE_EQ(status, ERROR_INVALID_HANDLE);
	}
}

static void add_statistics(RTM2_STATISTICS *sum, const RTM2_STATISTICS *part)
{
	sum->Entities += part->Entities;
	sum->Routes += part->Routes;
	sum->NextHops += part->NextHops;
	sum->Handles += part->Handles;
}

static void check_statistics(const RTM2_STATISTICS *baseline)
{
	RTM2_STATISTICS sum = *baseline, got;

	for (unsigned i = 0; i < m.number_of_entities; i++) {
		RTM2_STATISTICS want;

		if (!m.entities[i].registered)
			continue;
		want = model_statistics(&m, (int)i);
		got = held_by(m.entities[i].handle);
		REQUIRE_EQ(got.Entities, want.Entities);
		REQUIRE_EQ(got.Routes, want.Routes);
		REQUIRE_EQ(got.NextHops, want.NextHops);
		REQUIRE_EQ(got.Destinations, want.Destinations);
		REQUIRE_EQ(got.Handles, want.Handles);
		add_statistics(&sum, &want);
	}
	for (int i = 0; i < MODEL_DESTS; i++)
		sum.Destinations += model_dest_in(&m, i, RTM_VIEW_MASK_ANY);
	REQUIRE_EQ(Rtm2GetStatistics(NULL, &got), NO_ERROR);
	REQUIRE_EQ(got.Entities, sum.Entities);
	REQUIRE_EQ(got.Routes, sum.Routes);
	REQUIRE_EQ(got.NextHops, sum.NextHops);
	REQUIRE_EQ(got.Destinations, sum.Destinations);
	REQUIRE_EQ(got.Handles, sum.Handles);
}

/* Next hops */

static RTM_NEXTHOP_INFO some_hop_info(int entity)
{
	static const char *const addresses[MODEL_TABLES][4] = {{"192.0.2.1", "192.0.2.2", "192.0.2.0/24", "10.0.0.1"},
	                                                       {"fe80::1", "fe80::2", "fe80::/64", "2001:db8::1"}};

	const char *address = addresses[table_of(entity)][below(4)];

	return hop_info(address, 1 + below(3));
}

static int free_hop(void)
{
	for (int i = 0; i < MODEL_HOPS; i++)
		if (m.hops[i].state == MODEL_FREE)
			return i;
	return NOTHING;
}

static void create_hop(int entity, int hop, const RTM_NEXTHOP_INFO *info, HANDLE handle)
{
	struct model_hop *new = &m.hops[hop];

	REQUIRE(handle != NULL && !is_handle_in_use(handle));
	new->state = MODEL_PRESENT;
	new->owner = entity;
	new->address = info->NextHopAddress;
	new->interface_index = info->InterfaceIndex;
	new->handle = handle;
}

static void add_next_hop(int entity)
{
	RTM_NEXTHOP_INFO info = some_hop_info(entity);
	RTM_NEXTHOP_HANDLE handle = NULL;
	RTM_NEXTHOP_CHANGE_FLAGS flags = 0xFFFFFFFF;
	int remote = below(3) ? NOTHING : some_known_dest(entity), by_handle, hop;
	bool wanted = below(2);

	by_handle = below(3) ? NOTHING : some_hop(entity, true, MODEL_PRESENT);
	hop = by_handle != NOTHING ? by_handle
	                           : model_find_hop(&m, entity, &info.NextHopAddress, info.InterfaceIndex);
	info.Flags = (USHORT)below(4);
	info.EntitySpecificInfo = (PVOID)(uintptr_t)below(1000);
	info.RemoteNextHop = remote == NOTHING ? NULL : m.dests[remote].handle;
	if (hop == NOTHING && free_hop() == NOTHING)
		return;
	if (by_handle != NOTHING)
		handle = m.hops[by_handle].handle;
	REQUIRE_EQ(RtmAddNextHop(handle_of(entity), &info, wanted || by_handle != NOTHING ? &handle : NULL, &flags),
	           NO_ERROR);
	REQUIRE_EQ(flags, hop == NOTHING ? RTM_NEXTHOP_CHANGE_NEW : 0);
	if (hop == NOTHING) {
		hop = free_hop();
		if (!wanted) {
			REQUIRE_EQ(RtmFindNextHop(handle_of(entity), &info, &handle, NULL), NO_ERROR);
			REQUIRE_EQ(RtmReleaseNextHops(handle_of(entity), 1, &handle), NO_ERROR);
		}
		create_hop(entity, hop, &info, handle);
	}
	m.hops[hop].flags = info.Flags;
	m.hops[hop].info = info.EntitySpecificInfo;
	m.hops[hop].remote = remote;
	if (wanted || by_handle != NOTHING)
		REQUIRE(handle == m.hops[hop].handle);
	if (wanted && by_handle == NOTHING)
		finish_handle(entity, TO_HOP, hop, handle);
	settle();
}

static void find_next_hop(int entity)
{
	RTM_NEXTHOP_INFO info = some_hop_info(entity), *pointer = NULL;
	RTM_NEXTHOP_HANDLE handle = NULL;
	int hop = model_find_hop(&m, entity, &info.NextHopAddress, info.InterfaceIndex);

	REQUIRE_EQ(RtmFindNextHop(handle_of(entity), &info, &handle, &pointer),
	           hop == NOTHING ? ERROR_NOT_FOUND : NO_ERROR);
	if (hop == NOTHING)
		return;
	REQUIRE(handle == m.hops[hop].handle);
	REQUIRE(pointer->EntitySpecificInfo == m.hops[hop].info);
	finish_handle(entity, TO_HOP, hop, handle);
}

static void delete_next_hop(int entity)
{
	int hop = some_hop(entity, true, MODEL_PRESENT);
	RTM_NEXTHOP_INFO info;

	if (hop == NOTHING)
		return;
	memset(&info, 0, sizeof(info));
	info.NextHopAddress = m.hops[hop].address;
	info.InterfaceIndex = m.hops[hop].interface_index;
	if (below(2)) {
		provide_reference(entity, TO_HOP, hop, m.hops[hop].handle);
		REQUIRE_EQ(RtmDeleteNextHop(handle_of(entity), m.hops[hop].handle, NULL), NO_ERROR);
	} else {
		REQUIRE_EQ(RtmDeleteNextHop(handle_of(entity), NULL, &info), NO_ERROR);
	}
	m.hops[hop].state = MODEL_DELETED;
	settle();
}

static void read_next_hop(int entity)
{
	int hop = some_hop(entity, false, below(3) ? MODEL_PRESENT : MODEL_DELETED);
	struct model_item item = new_item(entity, ITEM_HOP_INFO);

	if (hop == NOTHING)
		return;
	REQUIRE_EQ(RtmGetNextHopInfo(handle_of(entity), m.hops[hop].handle, &item.result.hop), NO_ERROR);
	expect_hop_info(&item, &item.result.hop, hop);
	finish(&item);
}

/* Routes */

static int free_route(void)
{
	for (int i = 0; i < MODEL_ROUTES; i++)
		if (m.routes[i].state == MODEL_FREE)
			return i;
	return NOTHING;
}

/* What the caller says of a route, with next hops of its own. */
static void describe_route(int entity, struct model_route *route, route_info *input)
{
	static const RTM_VIEW_SET views[] = {UCAST, UCAST, UCAST, MCAST, BOTH, RTM_VIEW_MASK_ALL, 0};
	RTM_VIEW_SET said = views[below(sizeof(views) / sizeof(views[0]))];
	unsigned wanted_hops = below(MODEL_ROUTE_HOPS + 1);

	memset(input, 0, sizeof(*input));
	route->pref = input->info.PrefInfo.Preference = below(3);
	route->metric = input->info.PrefInfo.Metric = below(3);
	route->flags = input->info.Flags = (USHORT)below(0x10000);
	route->flags1 = input->info.Flags1 = (UCHAR)below(0x100);
	route->info = input->info.EntitySpecificInfo = (PVOID)(uintptr_t)below(100000);
	input->info.BelongsToViews = said;
	route->views = model_views(said);
	route->neighbour = below(2) ? NOTHING : some_hop(entity, true, MODEL_PRESENT);
	input->info.Neighbour = route->neighbour == NOTHING ? NULL : m.hops[route->neighbour].handle;
	route->number_of_hops = 0;
	while (wanted_hops-- > 0) {
		int hop = some_hop(entity, true, MODEL_PRESENT);
		bool known = false;

		for (unsigned i = 0; i < route->number_of_hops; i++)
			known = known || route->hops[i] == hop;
		if (hop == NOTHING || known)
			continue;
		HOP(*input, route->number_of_hops) = m.hops[hop].handle;
		route->hops[route->number_of_hops++] = hop;
	}
	input->info.NextHopsList.NumNextHops = (USHORT)route->number_of_hops;
}

/* Stores what was said of a route and checks the flags; the library has just done the same. */
static void store_route(int route, const struct model_route *said, RTM_ROUTE_CHANGE_FLAGS flags, bool is_new)
{
	struct model_route *stored = &m.routes[route];
	struct model_route identity = *stored;
	bool best;

	*stored = *said;
	stored->state = identity.state;
	stored->owner = identity.owner;
	stored->dest = identity.dest;
	stored->born = identity.born;
	stored->handle = identity.handle;
	best = model_choose(&m, stored->dest);
	best = best || model_best_in(&m, route) != 0;
	REQUIRE_EQ(flags, (is_new ? RTM_ROUTE_CHANGE_NEW : 0) | (best ? RTM_ROUTE_CHANGE_BEST : 0));
	settle();
}

/* Routes that an addition may update: those of the same identity, or with FIRST any of the owner. */
static unsigned candidates(int entity, int dest, int neighbour, RTM_ROUTE_CHANGE_FLAGS flags, int *found)
{
	unsigned count = 0;

	for (int i = 0; !(flags & RTM_ROUTE_CHANGE_NEW) && i < MODEL_ROUTES; i++)
		if (m.routes[i].state == MODEL_PRESENT && m.routes[i].owner == entity && m.routes[i].dest == dest &&
		    ((flags & RTM_ROUTE_CHANGE_FIRST) || m.routes[i].neighbour == neighbour))
			found[count++] = i;
	return count;
}

static int which(HANDLE handle, const int *found, unsigned count)
{
	unsigned i = 0;

	while (i < count && m.routes[found[i]].handle != handle)
		i++;
	REQUIRE(i < count);
	return found[i];
}

/* The handle of a route just added without asking for it; the only one of its owner with that neighbour. */
static HANDLE learn_handle(int entity, const struct model_route *said, int dest)
{
	RTM_NET_ADDRESS prefix = m.dests[dest].prefix;
	RTM_ROUTE_HANDLE handle = NULL;
	route_info result;

	memset(&result, 0, sizeof(result));
	result.info.RouteOwner = handle_of(entity);
	result.info.Neighbour = said->neighbour == NOTHING ? NULL : m.hops[said->neighbour].handle;
	REQUIRE_EQ(RtmGetExactMatchRoute(handle_of(entity), &prefix, RTM_MATCH_OWNER | RTM_MATCH_NEIGHBOUR,
	                                 &result.info, 0, RTM_VIEW_MASK_ANY, &handle),
	           NO_ERROR);
	REQUIRE_EQ(RtmReleaseRouteInfo(handle_of(entity), &result.info), NO_ERROR);
	REQUIRE_EQ(RtmReleaseRoutes(handle_of(entity), 1, &handle), NO_ERROR);
	return handle;
}

static void add_route_to_dest(int entity)
{
	static const RTM_ROUTE_CHANGE_FLAGS inputs[] = {0, 0, 0, 0, 0, 0, RTM_ROUTE_CHANGE_FIRST, RTM_ROUTE_CHANGE_NEW};
	RTM_ROUTE_CHANGE_FLAGS input_flags = inputs[below(sizeof(inputs) / sizeof(inputs[0]))], flags = input_flags;
	int dest = (int)(table_of(entity) * MODEL_PREFIXES + below(MODEL_PREFIXES)), found[MODEL_ROUTES], route;
	RTM_NET_ADDRESS prefix = m.dests[dest].prefix;
	RTM_ROUTE_HANDLE handle = NULL;
	struct model_route said;
	route_info input;
	unsigned count;
	bool wanted;

	if (free_route() == NOTHING)
		return;
	memset(&said, 0, sizeof(said));
	describe_route(entity, &said, &input);
	count = candidates(entity, dest, said.neighbour, input_flags, found);
	wanted = below(2) || count > 1 || (input_flags & RTM_ROUTE_CHANGE_NEW);
	REQUIRE_EQ(RtmAddRouteToDest(handle_of(entity), wanted ? &handle : NULL, &prefix, &input.info, INFINITE, NULL,
	                             0, NULL, &flags),
	           NO_ERROR);
	route = count == 0 ? free_route() : count == 1 ? found[0] : which(handle, found, count);
	if (count == 0) {
		if (!wanted)
			handle = learn_handle(entity, &said, dest);
		REQUIRE(handle != NULL && !is_handle_in_use(handle));
		m.routes[route].state = MODEL_PRESENT;
		m.routes[route].owner = entity;
		m.routes[route].dest = dest;
		m.routes[route].born = ++m.births;
		m.routes[route].handle = handle;
	} else if (wanted) {
		REQUIRE(handle == m.routes[route].handle);
	}
	store_route(route, &said, flags, count == 0);
	if (wanted)
		finish_handle(entity, TO_ROUTE, route, handle);
}

static void update_by_handle(int entity)
{
	int route = some_route(entity, true, MODEL_PRESENT);
	RTM_ROUTE_CHANGE_FLAGS flags = below(4);
	RTM_ROUTE_HANDLE handle;
	struct model_route said;
	route_info input;

	if (route == NOTHING)
		return;
	memset(&said, 0, sizeof(said));
	describe_route(entity, &said, &input);
	handle = m.routes[route].handle;
	REQUIRE_EQ(RtmAddRouteToDest(handle_of(entity), &handle, NULL, &input.info, INFINITE, NULL, 0, NULL, &flags),
	           NO_ERROR);
	REQUIRE(handle == m.routes[route].handle);
	store_route(route, &said, flags, false);
}

static void delete_route_to_dest(int entity)
{
	int route = some_route(entity, true, MODEL_PRESENT);
	RTM_ROUTE_CHANGE_FLAGS flags = 0xFFFFFFFF;
	bool best;

	if (route == NOTHING)
		return;
	provide_reference(entity, TO_ROUTE, route, m.routes[route].handle);
	REQUIRE_EQ(RtmDeleteRouteToDest(handle_of(entity), m.routes[route].handle, &flags), NO_ERROR);
	m.routes[route].state = MODEL_DELETED;
	best = model_choose(&m, m.routes[route].dest);
	REQUIRE_EQ(flags, best ? RTM_ROUTE_CHANGE_BEST : 0);
	settle();
}

static void read_route(int entity)
{
	int route = some_route(entity, false, below(3) ? MODEL_PRESENT : MODEL_DELETED);
	struct model_item item = new_item(entity, ITEM_ROUTE_INFO);
	RTM_NET_ADDRESS prefix;
	RTM_VIEW_SET views = 0xFFFFFFFF;

	if (route == NOTHING)
		return;
	REQUIRE_EQ(RtmIsBestRoute(handle_of(entity), m.routes[route].handle, &views), NO_ERROR);
	REQUIRE_EQ(views, model_best_in(&m, route));
	REQUIRE_EQ(RtmGetRouteInfo(handle_of(entity), m.routes[route].handle, &item.result.route.info, &prefix),
	           NO_ERROR);
	expect_address(&prefix, &m.dests[m.routes[route].dest].prefix);
	expect_route_info(&item, &item.result.route.info, route);
	finish(&item);
}

/* Calls that have to fail, on objects that are there */

static void refuse_route(int entity)
{
	int route = some_route(entity, false, below(2) ? MODEL_PRESENT : MODEL_DELETED);
	bool present = route != NOTHING && m.routes[route].state == MODEL_PRESENT;
	bool own = route != NOTHING && m.routes[route].owner == entity;
	RTM_ROUTE_CHANGE_FLAGS flags = 0;
	RTM_ROUTE_HANDLE handle;
	struct model_route said;
	route_info input;

	if (route == NOTHING || (present && own))
		return;
	handle = m.routes[route].handle;
	REQUIRE_EQ(RtmDeleteRouteToDest(handle_of(entity), handle, &flags),
	           own ? ERROR_NOT_FOUND : ERROR_ACCESS_DENIED);
	describe_route(entity, &said, &input);
	REQUIRE_EQ(RtmAddRouteToDest(handle_of(entity), &handle, NULL, &input.info, INFINITE, NULL, 0, NULL, &flags),
	           present ? ERROR_ACCESS_DENIED : ERROR_INVALID_HANDLE);
	REQUIRE_EQ(flags, 0);
}

static void refuse_hop(int entity)
{
	int hop = some_hop(entity, false, below(2) ? MODEL_PRESENT : MODEL_DELETED);
	bool present = hop != NOTHING && m.hops[hop].state == MODEL_PRESENT;
	bool own = hop != NOTHING && m.hops[hop].owner == entity;
	RTM_NET_ADDRESS prefix = some_prefix(entity);
	RTM_ROUTE_CHANGE_FLAGS flags = 0;
	struct model_route said;
	route_info input;

	if (hop == NOTHING || (present && own))
		return;
	REQUIRE_EQ(RtmDeleteNextHop(handle_of(entity), m.hops[hop].handle, NULL),
	           own ? ERROR_NOT_FOUND : ERROR_ACCESS_DENIED);
	if (!present && !own)
		return;
	describe_route(entity, &said, &input);
	input.info.Neighbour = m.hops[hop].handle;
	REQUIRE_EQ(RtmAddRouteToDest(handle_of(entity), NULL, &prefix, &input.info, INFINITE, NULL, 0, NULL, &flags),
	           present ? ERROR_INVALID_PARAMETER : ERROR_INVALID_HANDLE);
}

/* Lookups */

static void look_up_exactly(int entity)
{
	RTM_NET_ADDRESS prefix = some_prefix(entity);
	RTM_VIEW_SET views = some_views();
	ULONG protocol = some_protocol();
	struct model_item item = new_item(entity, ITEM_DEST_INFO);
	int dest = model_find_dest(&m, table_of(entity), &prefix);
	bool there = dest != NOTHING && model_dest_in(&m, dest, views);

	REQUIRE_EQ(RtmGetExactMatchDestination(handle_of(entity), &prefix, protocol, views, &item.result.dest.info),
	           there ? NO_ERROR : ERROR_NOT_FOUND);
	if (!there)
		return;
	expect_dest_info(&item, &item.result.dest.info, dest, protocol, views);
	finish(&item);
}

static void look_up_longest(int entity)
{
	RTM_NET_ADDRESS prefix = some_prefix(entity);
	RTM_VIEW_SET views = some_views();
	ULONG protocol = some_protocol();
	struct model_item item = new_item(entity, ITEM_DEST_INFO);
	int dest = model_longest_match(&m, table_of(entity), &prefix, views);

	REQUIRE_EQ(RtmGetMostSpecificDestination(handle_of(entity), &prefix, protocol, views, &item.result.dest.info),
	           dest == NOTHING ? ERROR_NOT_FOUND : NO_ERROR);
	if (dest == NOTHING)
		return;
	expect_dest_info(&item, &item.result.dest.info, dest, protocol, views);
	finish(&item);
}

static void read_dest(int entity)
{
	RTM_VIEW_SET views = some_views();
	ULONG protocol = some_protocol();
	struct model_item item = new_item(entity, ITEM_DEST_INFO);
	int dest = some_known_dest(entity);

	if (dest == NOTHING)
		return;
	REQUIRE_EQ(RtmGetDestInfo(handle_of(entity), m.dests[dest].handle, protocol, views, &item.result.dest.info),
	           NO_ERROR);
	expect_dest_info(&item, &item.result.dest.info, dest, protocol, views);
	finish(&item);
}

/* Criteria that some route meets more often than not. */
static struct model_criteria some_criteria(int entity, route_info *input)
{
	struct model_criteria criteria;
	int like = some_route(entity, false, MODEL_PRESENT);
	const struct model_route *route = &m.routes[like == NOTHING ? 0 : like];

	memset(&criteria, 0, sizeof(criteria));
	memset(input, 0, sizeof(*input));
	criteria.owner = criteria.neighbour = NOTHING;
	if (like == NOTHING || below(2))
		return criteria;
	criteria.flags = below(8) ? below(0x20) : RTM_MATCH_FULL;
	criteria.owner = route->owner;
	criteria.neighbour = route->neighbour;
	criteria.pref = route->pref;
	criteria.metric = route->metric;
	criteria.number_of_hops = route->number_of_hops;
	memcpy(criteria.hops, route->hops, sizeof(criteria.hops));
	criteria.interface_index = 1 + below(3);
	input->info.RouteOwner = handle_of(route->owner);
	input->info.Neighbour = route->neighbour == NOTHING ? NULL : m.hops[route->neighbour].handle;
	input->info.PrefInfo.Preference = route->pref;
	input->info.PrefInfo.Metric = route->metric;
	input->info.NextHopsList.NumNextHops = (USHORT)route->number_of_hops;
	for (unsigned i = 0; i < route->number_of_hops; i++)
		HOP(*input, route->number_of_hops - 1 - i) = m.hops[route->hops[i]].handle;
	return criteria;
}

/* Whether a route may be given as the first of the matching ones, which are in order. Without criteria it may also be
 * the best of a target view, which may come before an equal one, or with ANY before one of no view. */
static bool is_first_match(int route, const int *matching, unsigned count, RTM_MATCH_FLAGS flags, RTM_VIEW_SET views)
{
	RTM_VIEW_SET targets = views == RTM_VIEW_MASK_ANY ? BOTH : views;
	const struct model_route *got = &m.routes[route];

	if (route == matching[0])
		return true;
	if (flags != RTM_MATCH_NONE || (model_best_in(&m, route) & targets) == 0)
		return false;
	for (unsigned i = 0; i < count; i++) {
		const struct model_route *other = &m.routes[matching[i]];

		if (model_best_in(&m, matching[i]) & targets)
			return got->pref == other->pref && got->metric == other->metric;
	}
	return false;
}

static void look_up_route(int entity)
{
	struct model_item item = new_item(entity, ITEM_ROUTE_INFO);
	struct model_criteria criteria = some_criteria(entity, &item.result.route);
	RTM_NET_ADDRESS prefix = some_prefix(entity);
	RTM_VIEW_SET views = some_views();
	int dest = model_find_dest(&m, table_of(entity), &prefix), matching[MODEL_ROUTES], route;
	RTM_ROUTE_HANDLE handle = NULL;
	unsigned count = dest == NOTHING ? 0 : model_select(&m, dest, views, NOTHING, &criteria, matching);

	REQUIRE_EQ(RtmGetExactMatchRoute(handle_of(entity), &prefix, criteria.flags, &item.result.route.info,
	                                 criteria.interface_index, views, &handle),
	           count ? NO_ERROR : ERROR_NOT_FOUND);
	if (count == 0)
		return;
	route = route_by_handle(handle);
	REQUIRE(route != NOTHING && is_first_match(route, matching, count, criteria.flags, views));
	expect_route_info(&item, &item.result.route.info, route);
	finish(&item);
	finish_handle(entity, TO_ROUTE, route, handle);
}

/* Enumerations */

static RTM_ENUM_FLAGS some_range(int entity, struct model_cursor *cursor)
{
	static const RTM_ENUM_FLAGS ranges[] = {RTM_ENUM_START, RTM_ENUM_NEXT, RTM_ENUM_RANGE};

	cursor->start = some_prefix(entity);
	return ranges[below(3)];
}

static DWORD create_enumeration(struct model_cursor *cursor)
{
	RTM_ENTITY_HANDLE entity = handle_of(cursor->entity);
	RTM_DEST_HANDLE dest;
	route_info input;

	switch (cursor->kind) {
	case CURSOR_DESTS:
		cursor->flags |= below(3) ? 0 : RTM_ENUM_OWN_DESTS;
		return RtmCreateDestEnum(entity, cursor->views, cursor->flags, &cursor->start, cursor->protocol,
		                         &cursor->handle);
	case CURSOR_ROUTES:
		cursor->flags |= below(3) ? 0 : RTM_ENUM_OWN_ROUTES;
		cursor->criteria = some_criteria(cursor->entity, &input);
		cursor->only_dest = below(4) ? NOTHING : some_known_dest(cursor->entity);
		dest = cursor->only_dest == NOTHING ? NULL : m.dests[cursor->only_dest].handle;
		return RtmCreateRouteEnum(entity, dest, cursor->views, cursor->flags, &cursor->start,
		                          cursor->criteria.flags, &input.info, cursor->criteria.interface_index,
		                          &cursor->handle);
	default:
		return RtmCreateNextHopEnum(entity, cursor->flags, &cursor->start, &cursor->handle);
	}
}

static struct model_cursor *open_cursor(int entity)
{
	for (int i = 0; i < MODEL_CURSORS; i++) {
		struct model_cursor *cursor = &m.cursors[i];

		if (cursor->kind != CURSOR_FREE)
			continue;
		memset(cursor, 0, sizeof(*cursor));
		cursor->kind = below(3) == 0 ? CURSOR_HOPS : below(2) ? CURSOR_DESTS : CURSOR_ROUTES;
		cursor->entity = entity;
		cursor->views = some_views();
		cursor->flags = some_range(entity, cursor);
		cursor->protocol = some_protocol();
		cursor->only_dest = cursor->last_dest = NOTHING;
		REQUIRE_EQ(create_enumeration(cursor), NO_ERROR);
		REQUIRE(cursor->handle != NULL);
		return cursor;
	}
	return NULL;
}

static void expect_count(DWORD status, UINT count, UINT capacity)
{
	if (status == ERROR_NO_MORE_ITEMS)
		REQUIRE_EQ(count, 0);
	else
		REQUIRE(status == NO_ERROR && count >= 1 && count <= capacity);
}

/* Each reads one batch and compares it with what the model expects; whether there was any. */

static bool step_dests(struct model_cursor *cursor, UINT capacity)
{
	unsigned views = (cursor->views & UCAST ? 1 : 0) + (cursor->views & MCAST ? 1 : 0);
	static union {
		RTM_DEST_INFO first;
		UCHAR room[MOST_BATCH * RTM_SIZE_OF_DEST_INFO(MODEL_VIEWS)];
	} results;
	UINT count = capacity;
	DWORD status = RtmGetEnumDests(handle_of(cursor->entity), cursor->handle, &count, &results.first);

	expect_count(status, count, capacity);
	for (UINT i = 0; i < count; i++) {
		struct model_item item = new_item(cursor->entity, ITEM_DEST_INFO);
		int dest = model_next_dest(&m, cursor);

		REQUIRE(dest != NOTHING);
		memcpy(item.result.dest.room, results.room + i * RTM_SIZE_OF_DEST_INFO(views),
		       RTM_SIZE_OF_DEST_INFO(views));
		expect_dest_info(&item, &item.result.dest.info, dest, cursor->protocol, cursor->views);
		finish(&item);
	}
	if (count == 0)
		REQUIRE(model_next_dest(&m, cursor) == NOTHING);
	return count > 0;
}

static bool step_routes(struct model_cursor *cursor, UINT capacity)
{
	RTM_ROUTE_HANDLE results[MOST_BATCH];
	UINT count = capacity;
	DWORD status = RtmGetEnumRoutes(handle_of(cursor->entity), cursor->handle, &count, results);

	expect_count(status, count, capacity);
	for (UINT i = 0; i < count; i++) {
		int route = model_next_route(&m, cursor);

		REQUIRE(route != NOTHING);
		REQUIRE(results[i] == m.routes[route].handle);
		finish_handle(cursor->entity, TO_ROUTE, route, results[i]);
	}
	if (count == 0)
		REQUIRE(model_next_route(&m, cursor) == NOTHING);
	return count > 0;
}

static bool step_hops(struct model_cursor *cursor, UINT capacity)
{
	RTM_NEXTHOP_HANDLE results[MOST_BATCH];
	UINT count = capacity;
	DWORD status = RtmGetEnumNextHops(handle_of(cursor->entity), cursor->handle, &count, results);

	expect_count(status, count, capacity);
	for (UINT i = 0; i < count; i++) {
		int hop = model_next_hop(&m, cursor);

		REQUIRE(hop != NOTHING);
		REQUIRE(results[i] == m.hops[hop].handle);
		finish_handle(cursor->entity, TO_HOP, hop, results[i]);
	}
	if (count == 0)
		REQUIRE(model_next_hop(&m, cursor) == NOTHING);
	return count > 0;
}

/* Reads one batch; closes the enumeration at its end. */
static bool step_cursor(struct model_cursor *cursor)
{
	UINT capacity = 1 + below(MOST_BATCH);
	bool more = cursor->kind == CURSOR_DESTS    ? step_dests(cursor, capacity)
	            : cursor->kind == CURSOR_ROUTES ? step_routes(cursor, capacity)
	                                            : step_hops(cursor, capacity);

	if (!more)
		close_cursor(cursor);
	return more;
}

static void enumerate_all(int entity)
{
	struct model_cursor *cursor = open_cursor(entity);

	while (cursor && step_cursor(cursor))
		continue;
}

static void enumerate_some(void)
{
	struct model_cursor *cursor = &m.cursors[below(MODEL_CURSORS)];

	if (cursor->kind == CURSOR_FREE)
		return;
	if (below(12) == 0)
		close_cursor(cursor);
	else
		step_cursor(cursor);
}

/* References */

static void reference_something(int entity)
{
	static const enum model_kind kinds[] = {TO_ENTITY, TO_DEST, TO_ROUTE, TO_HOP};
	enum model_kind kind = kinds[below(4)];
	int index = NOTHING;
	HANDLE handle = NULL;

	if (kind == TO_ENTITY) {
		index = some_entity();
		handle = table_of(index) == table_of(entity) ? handle_of(index) : NULL;
	} else if (kind == TO_DEST) {
		index = some_known_dest(entity);
		handle = index == NOTHING ? NULL : m.dests[index].handle;
	} else if (kind == TO_ROUTE) {
		index = some_route(entity, false, below(2) ? MODEL_PRESENT : MODEL_DELETED);
		handle = index == NOTHING ? NULL : m.routes[index].handle;
	} else {
		index = some_hop(entity, false, below(2) ? MODEL_PRESENT : MODEL_DELETED);
		handle = index == NOTHING ? NULL : m.hops[index].handle;
	}
	if (handle == NULL)
		return;
	REQUIRE_EQ(RtmReferenceHandles(handle_of(entity), 1, &handle), NO_ERROR);
	finish_handle(entity, kind, index, handle);
}

static void give_something_back(void)
{
	struct model_item *item = &m.items[below(MODEL_ITEMS)];

	if (item->kind != ITEM_FREE)
		give_item_back(item);
}

/* The run */

static const struct operation {
	const char *name;
	unsigned weight;
	void (*run)(int entity);
} operations[] = {
	{"add next hop", 4, add_next_hop},
	{"find next hop", 2, find_next_hop},
	{"delete next hop", 2, delete_next_hop},
	{"read next hop", 2, read_next_hop},
	{"add route", 20, add_route_to_dest},
	{"update route", 10, update_by_handle},
	{"delete route", 12, delete_route_to_dest},
	{"read route", 5, read_route},
	{"refuse route", 2, refuse_route},
	{"refuse next hop", 2, refuse_hop},
	{"exact match", 8, look_up_exactly},
	{"longest match", 8, look_up_longest},
	{"read destination", 4, read_dest},
	{"match route", 5, look_up_route},
	{"read entity", 2, read_entity},
	{"reference", 3, reference_something},
	{"enumerate all", 1, enumerate_all},
};

static void run_operation(int entity, const char *where)
{
	unsigned total = 0, chosen;

	for (unsigned i = 0; i < sizeof(operations) / sizeof(operations[0]); i++)
		total += operations[i].weight;
	chosen = below(total);
	for (unsigned i = 0; i < sizeof(operations) / sizeof(operations[0]); i++) {
		if (chosen < operations[i].weight) {
			test_context("%s, %s", where, operations[i].name);
			operations[i].run(entity);
			return;
		}
		chosen -= operations[i].weight;
	}
}

static void step(const char *where, const RTM2_STATISTICS *baseline)
{
	unsigned kind = below(100);
	int entity = some_entity();

	test_context("%s", where);
	if (entity == NOTHING || kind == 0) {
		register_entity();
	} else if (kind == 1) {
		if (below(10) == 0)
			deregister_entity(entity);
	} else if (kind < 4) {
		if (below(8) == 0)
			open_cursor(entity);
		else
			enumerate_some();
	} else if (kind < 10) {
		give_something_back();
	} else if (kind == 10) {
		check_statistics(baseline);
	} else {
		run_operation(entity, where);
	}
}

static void leave_all(void)
{
	for (unsigned i = 0; i < m.number_of_entities; i++)
		if (m.entities[i].registered)
			deregister_entity((int)i);
}

static void play_round(uint64_t seed, unsigned long steps)
{
	RTM2_STATISTICS baseline, end;
	char where[64];

	dice.state = seed;
	model_start(&m, &dice);
	REQUIRE_EQ(Rtm2GetStatistics(NULL, &baseline), NO_ERROR);
	for (unsigned long i = 0; i < steps; i++) {
		snprintf(where, sizeof(where), "seed %" PRIu64 " step %lu", seed, i);
		step(where, &baseline);
	}
	test_context("seed %" PRIu64 " end", seed);
	leave_all();
	REQUIRE_EQ(Rtm2GetStatistics(NULL, &end), NO_ERROR);
	REQUIRE_EQ(end.Entities, baseline.Entities);
	REQUIRE_EQ(end.Routes, baseline.Routes);
	REQUIRE_EQ(end.NextHops, baseline.NextHops);
	REQUIRE_EQ(end.Destinations, baseline.Destinations);
	REQUIRE_EQ(end.Handles, baseline.Handles);
}

TEST(random_calls_agree_with_a_naive_table)
{
	uint64_t seed = random_seed();
	unsigned long steps = environment_number("RTM2_STEPS", STEPS);

	printf("naive table: seed %" PRIu64 ", %lu steps\n", seed, steps);
	for (unsigned long done = 0; done < steps; done += ROUND_STEPS)
		play_round(seed++, steps - done < ROUND_STEPS ? steps - done : ROUND_STEPS);
}
