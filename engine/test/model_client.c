/* model_client.c - the client whose calls are compared with the naive tables; see model_client.h. */
#include "model_client.h"

#include <string.h>

enum { ODDS_TO_KEEP = 10 };

struct model m;
struct random dice;

unsigned below(unsigned limit)
{
	return random_below(&dice, limit);
}

HANDLE handle_of(int entity)
{
	return m.entities[entity].handle;
}

unsigned table_of(int entity)
{
	return m.entities[entity].table;
}

/* Random choices */

int some_entity(void)
{
	int found = NOTHING;
	unsigned seen = 0;

	for (unsigned i = 0; i < m.number_of_entities; i++)
		if (m.entities[i].registered && below(++seen) == 0)
			found = (int)i;
	return found;
}

unsigned registered(void)
{
	unsigned count = 0;

	for (unsigned i = 0; i < m.number_of_entities; i++)
		count += m.entities[i].registered;
	return count;
}

int some_route(int entity, bool own, enum model_state state)
{
	int found = NOTHING;
	unsigned seen = 0;

	for (int i = 0; i < MODEL_ROUTES; i++)
		if (m.routes[i].state == state && table_of(m.routes[i].owner) == table_of(entity) &&
		    (!own || m.routes[i].owner == entity) && below(++seen) == 0)
			found = i;
	return found;
}

int some_hop(int entity, bool own, enum model_state state)
{
	int found = NOTHING;
	unsigned seen = 0;

	for (int i = 0; i < MODEL_HOPS; i++)
		if (m.hops[i].state == state && table_of(m.hops[i].owner) == table_of(entity) &&
		    (!own || m.hops[i].owner == entity) && below(++seen) == 0)
			found = i;
	return found;
}

int some_known_dest(int entity)
{
	int found = NOTHING;
	unsigned seen = 0;

	for (int i = 0; i < MODEL_DESTS; i++)
		if (m.dests[i].handle && m.dests[i].table == table_of(entity) && below(++seen) == 0)
			found = i;
	return found;
}

RTM_NET_ADDRESS some_prefix(int entity)
{
	if (below(4) == 0)
		return model_random_prefix(&dice, table_of(entity));
	return m.dests[table_of(entity) * MODEL_PREFIXES + below(MODEL_PREFIXES)].prefix;
}

RTM_VIEW_SET some_views(void)
{
	static const RTM_VIEW_SET views[] = {RTM_VIEW_MASK_ANY, UCAST, UCAST, MCAST, BOTH, RTM_VIEW_MASK_ALL};

	return views[below(sizeof(views) / sizeof(views[0]))];
}

ULONG some_protocol(void)
{
	static const ULONG protocols[] = {RTM_BEST_PROTOCOL, RTM_BEST_PROTOCOL, RTM_THIS_PROTOCOL, 1, 2, 3, 99};

	return protocols[below(sizeof(protocols) / sizeof(protocols[0]))];
}

/* Handles */

bool is_handle_in_use(HANDLE handle)
{
	bool used = false;

	for (int i = 0; i < MODEL_ROUTES; i++)
		used = used || (m.routes[i].state != MODEL_FREE && m.routes[i].handle == handle);
	for (int i = 0; i < MODEL_HOPS; i++)
		used = used || (m.hops[i].state != MODEL_FREE && m.hops[i].handle == handle);
	for (int i = 0; i < MODEL_DESTS; i++)
		used = used || m.dests[i].handle == handle;
	for (unsigned i = 0; i < m.number_of_entities; i++)
		used = used || (m.entities[i].registered && m.entities[i].handle == handle);
	return used;
}

void expect_dest(int dest, HANDLE got)
{
	REQUIRE(got != NULL);
	if (m.dests[dest].handle == NULL) {
		REQUIRE(!is_handle_in_use(got));
		m.dests[dest].handle = got;
	}
	REQUIRE(got == m.dests[dest].handle);
}

int route_by_handle(HANDLE handle)
{
	for (int i = 0; handle && i < MODEL_ROUTES; i++)
		if (m.routes[i].state != MODEL_FREE && m.routes[i].handle == handle)
			return i;
	REQUIRE(handle == NULL);
	return NOTHING;
}

/* Lifetimes */

static int witness(unsigned table)
{
	for (unsigned i = 0; i < m.number_of_entities; i++)
		if (m.entities[i].registered && m.entities[i].table == table)
			return (int)i;
	return NOTHING;
}

static void check_forgotten(const struct model *before)
{
	static dest_info dest_result;
	RTM_NEXTHOP_INFO hop_result;

	for (int i = 0; i < MODEL_ROUTES; i++) {
		int entity = m.routes[i].state == MODEL_FREE && before->routes[i].state != MODEL_FREE
		                 ? witness(table_of(before->routes[i].owner))
		                 : NOTHING;

		if (entity != NOTHING)
			REQUIRE_EQ(RtmGetRouteInfo(handle_of(entity), before->routes[i].handle, NULL, NULL),
			           ERROR_INVALID_HANDLE);
	}
	for (int i = 0; i < MODEL_HOPS; i++) {
		int entity = m.hops[i].state == MODEL_FREE && before->hops[i].state != MODEL_FREE
		                 ? witness(table_of(before->hops[i].owner))
		                 : NOTHING;

		if (entity != NOTHING)
			REQUIRE_EQ(RtmGetNextHopInfo(handle_of(entity), before->hops[i].handle, &hop_result),
			           ERROR_INVALID_HANDLE);
	}
	for (int i = 0; i < MODEL_DESTS; i++) {
		int entity = !m.dests[i].handle && before->dests[i].handle ? witness(m.dests[i].table) : NOTHING;

		if (entity != NOTHING)
			REQUIRE_EQ(RtmGetDestInfo(handle_of(entity), before->dests[i].handle, RTM_BEST_PROTOCOL,
			                          RTM_VIEW_MASK_ANY, &dest_result.info),
			           ERROR_INVALID_HANDLE);
	}
}

void close_cursor(struct model_cursor *cursor)
{
	REQUIRE_EQ(RtmDeleteEnumHandle(handle_of(cursor->entity), cursor->handle), NO_ERROR);
	cursor->kind = CURSOR_FREE;
}

/* Nothing says what an enumeration of one destination gives when that has been forgotten. */
static void close_lost_cursors(void)
{
	for (int i = 0; i < MODEL_CURSORS; i++) {
		struct model_cursor *cursor = &m.cursors[i];

		if (cursor->kind == CURSOR_ROUTES && cursor->only_dest != NOTHING && !m.dests[cursor->only_dest].handle)
			close_cursor(cursor);
	}
}

void settle(void)
{
	static struct model before;

	memcpy(before.routes, m.routes, sizeof(m.routes));
	memcpy(before.hops, m.hops, sizeof(m.hops));
	memcpy(before.dests, m.dests, sizeof(m.dests));
	model_settle(&m);
	close_lost_cursors();
	if (!model_has_captures(&m))
		check_forgotten(&before);
}

/* Items */

void add_reference(struct model_item *item, enum model_kind kind, int index)
{
	REQUIRE(item->number_of_references < MODEL_ITEM_REFERENCES);
	item->references[item->number_of_references++] = (struct model_reference){kind, index};
}

static DWORD release_item(struct model_item *item)
{
	RTM_ENTITY_HANDLE entity = handle_of(item->entity);

	switch (item->kind) {
	case ITEM_ENTITY:
		return RtmReleaseEntities(entity, 1, &item->result.handle);
	case ITEM_DEST_INFO:
		return below(2) ? RtmReleaseDestInfo(entity, &item->result.dest.info)
		                : RtmReleaseDests(entity, 1, &item->result.dest.info);
	case ITEM_ROUTE:
		return RtmReleaseRoutes(entity, 1, &item->result.handle);
	case ITEM_ROUTE_INFO:
		return RtmReleaseRouteInfo(entity, &item->result.route.info);
	case ITEM_HOP:
		return RtmReleaseNextHops(entity, 1, &item->result.handle);
	default:
		return RtmReleaseNextHopInfo(entity, &item->result.hop);
	}
}

void give_item_back(struct model_item *item)
{
	REQUIRE_EQ(release_item(item), NO_ERROR);
	item->kind = ITEM_FREE;
	settle();
}

void finish(struct model_item *item)
{
	for (int i = 0; below(ODDS_TO_KEEP) == 0 && i < MODEL_ITEMS; i++)
		if (m.items[i].kind == ITEM_FREE) {
			m.items[i] = *item;
			return;
		}
	give_item_back(item);
}

void finish_handle(int entity, enum model_kind kind, int index, HANDLE handle)
{
	struct model_item item;

	memset(&item, 0, sizeof(item));
	item.entity = entity;
	item.result.handle = handle;
	item.kind = kind == TO_ENTITY ? ITEM_ENTITY : kind == TO_ROUTE ? ITEM_ROUTE : ITEM_HOP;
	if (kind == TO_DEST) { /* goes back in a structure without views */
		memset(&item.result, 0, sizeof(item.result));
		item.kind = ITEM_DEST_INFO;
		item.result.dest.info.DestHandle = handle;
	}
	add_reference(&item, kind, index);
	finish(&item);
}

void provide_reference(int entity, enum model_kind kind, int index, HANDLE handle)
{
	for (int i = 0; i < MODEL_ITEMS; i++) {
		struct model_item *item = &m.items[i];

		if (item->entity == entity && item->references[0].index == index &&
		    ((kind == TO_ROUTE && item->kind == ITEM_ROUTE) || (kind == TO_HOP && item->kind == ITEM_HOP))) {
			item->kind = ITEM_FREE;
			return;
		}
	}
	REQUIRE_EQ(RtmReferenceHandles(handle_of(entity), 1, &handle), NO_ERROR);
}

/* Comparing results */

void expect_address(const RTM_NET_ADDRESS *got, const RTM_NET_ADDRESS *want)
{
	REQUIRE_EQ(got->AddressFamily, want->AddressFamily);
	REQUIRE_EQ(got->NumBits, want->NumBits);
	REQUIRE(model_compare(got, want) == 0);
}

void expect_dest_info(struct model_item *item, const RTM_DEST_INFO *got, int dest, ULONG protocol,
                             RTM_VIEW_SET views)
{
	UINT entry = 0;

	expect_dest(dest, got->DestHandle);
	add_reference(item, TO_DEST, dest);
	expect_address(&got->DestAddress, &m.dests[dest].prefix);
	REQUIRE_EQ(got->BelongsToViews, model_belongs_to(&m, dest));
	for (unsigned view = 0; view < MODEL_VIEWS; view++) {
		int route;

		if (!(model_views(views) & 1u << view))
			continue;
		REQUIRE_EQ(got->ViewInfo[entry].ViewId, view);
		REQUIRE_EQ(got->ViewInfo[entry].NumRoutes, model_routes_in_view(&m, dest, view));
		REQUIRE_EQ(got->ViewInfo[entry].DestFlags, 0);
		REQUIRE(got->ViewInfo[entry].HoldRoute == NULL);
		route = route_by_handle(got->ViewInfo[entry].Route);
		REQUIRE(model_may_report(&m, item->entity, dest, view, protocol, route));
		REQUIRE(got->ViewInfo[entry].Owner == (route == NOTHING ? NULL : handle_of(m.routes[route].owner)));
		if (route != NOTHING) {
			add_reference(item, TO_ROUTE, route);
			add_reference(item, TO_ENTITY, m.routes[route].owner);
		}
		entry++;
	}
	REQUIRE_EQ(got->NumberOfViews, entry);
}

void expect_route_info(struct model_item *item, const RTM_ROUTE_INFO *got, int route)
{
	const struct model_route *want = &m.routes[route];
	const RTM_NEXTHOP_HANDLE *hops = &got->NextHopsList.NextHops[0];

	expect_dest(want->dest, got->DestHandle);
	REQUIRE(got->RouteOwner == handle_of(want->owner));
	REQUIRE(got->Neighbour == (want->neighbour == NOTHING ? NULL : m.hops[want->neighbour].handle));
	REQUIRE_EQ(got->State, want->state == MODEL_PRESENT ? RTM_ROUTE_STATE_CREATED : RTM_ROUTE_STATE_DELETED);
	REQUIRE_EQ(got->Flags, want->flags);
	REQUIRE_EQ(got->Flags1, want->flags1);
	REQUIRE_EQ(got->PrefInfo.Preference, want->pref);
	REQUIRE_EQ(got->PrefInfo.Metric, want->metric);
	REQUIRE_EQ(got->BelongsToViews, want->views);
	REQUIRE(got->EntitySpecificInfo == want->info);
	REQUIRE_EQ(got->NextHopsList.NumNextHops, want->number_of_hops);
	add_reference(item, TO_DEST, want->dest);
	add_reference(item, TO_ENTITY, want->owner);
	if (want->neighbour != NOTHING)
		add_reference(item, TO_HOP, want->neighbour);
	for (unsigned i = 0; i < want->number_of_hops; i++) {
		REQUIRE(hops[i] == m.hops[want->hops[i]].handle);
		add_reference(item, TO_HOP, want->hops[i]);
	}
}

void expect_hop_info(struct model_item *item, const RTM_NEXTHOP_INFO *got, int hop)
{
	const struct model_hop *want = &m.hops[hop];

	expect_address(&got->NextHopAddress, &want->address);
	REQUIRE(got->NextHopOwner == handle_of(want->owner));
	REQUIRE_EQ(got->InterfaceIndex, want->interface_index);
	REQUIRE_EQ(got->State, want->state == MODEL_PRESENT ? RTM_NEXTHOP_STATE_CREATED : RTM_NEXTHOP_STATE_DELETED);
	REQUIRE_EQ(got->Flags, want->flags);
	REQUIRE(got->EntitySpecificInfo == want->info);
	REQUIRE(got->RemoteNextHop == (want->remote == NOTHING ? NULL : m.dests[want->remote].handle));
	add_reference(item, TO_ENTITY, want->owner);
	if (want->remote != NOTHING)
		add_reference(item, TO_DEST, want->remote);
}

struct model_item new_item(int entity, enum model_item_kind kind)
{
	struct model_item item;

	memset(&item, 0, sizeof(item));
	item.entity = entity;
	item.kind = kind;
	return item;
}
