/* model.c - a routing table as plainly as it can be written; see model.h. */
#include "model.h"

#include <string.h>

static unsigned width(USHORT family)
{
	return family == RTM2_AF_INET ? 4 : 16;
}

static unsigned bit(const RTM_NET_ADDRESS *address, unsigned number)
{
	return (unsigned)address->AddrBits[number / 8] >> (7 - number % 8) & 1u;
}

USHORT model_family(unsigned table)
{
	return table == 0 ? RTM2_AF_INET : RTM2_AF_INET6;
}

/* Prefixes */

/* Few different octets make prefixes that lie inside each other. */
RTM_NET_ADDRESS model_random_prefix(struct random *random, unsigned table)
{
	static const UCHAR octets[] = {0, 0, 0, 1, 10, 10, 127, 128, 255, 255};
	RTM_NET_ADDRESS address;
	unsigned bytes = width(model_family(table)), bits = random_below(random, 8 * bytes + 1);

	memset(&address, 0, sizeof(address));
	address.AddressFamily = model_family(table);
	for (unsigned i = 0; i < bytes; i++)
		address.AddrBits[i] = octets[random_below(random, i < 2 ? 10 : 5)];
	if (random_below(random, 2))
		bits = bits / 8 * 8;
	address.NumBits = (USHORT)bits;
	for (unsigned i = bits; i < 8 * bytes; i++)
		address.AddrBits[i / 8] &= (UCHAR)~(1u << (7 - i % 8));
	return address;
}

int model_compare(const RTM_NET_ADDRESS *a, const RTM_NET_ADDRESS *b)
{
	int octets = memcmp(a->AddrBits, b->AddrBits, width(a->AddressFamily));

	return octets ? octets : (int)a->NumBits - (int)b->NumBits;
}

bool model_covers(const RTM_NET_ADDRESS *wide, const RTM_NET_ADDRESS *narrow)
{
	if (wide->NumBits > narrow->NumBits)
		return false;
	for (unsigned i = 0; i < wide->NumBits; i++)
		if (bit(wide, i) != bit(narrow, i))
			return false;
	return true;
}

static void insert_prefix(struct model_dest *dests, unsigned count, const RTM_NET_ADDRESS *prefix, unsigned table)
{
	while (count > 0 && model_compare(&dests[count - 1].prefix, prefix) > 0) {
		dests[count] = dests[count - 1];
		count--;
	}
	memset(&dests[count], 0, sizeof(dests[count]));
	dests[count].table = table;
	dests[count].prefix = *prefix;
	for (unsigned view = 0; view < MODEL_VIEWS; view++)
		dests[count].best[view] = NOTHING;
}

void model_start(struct model *model, struct random *random)
{
	memset(model, 0, sizeof(*model));
	for (unsigned table = 0; table < MODEL_TABLES; table++) {
		struct model_dest *dests = &model->dests[table * MODEL_PREFIXES];
		unsigned count = 0;

		while (count < MODEL_PREFIXES) {
			RTM_NET_ADDRESS prefix = model_random_prefix(random, table);
			bool known = false;

			for (unsigned i = 0; i < count; i++)
				known = known || model_compare(&dests[i].prefix, &prefix) == 0;
			if (!known)
				insert_prefix(dests, count++, &prefix, table);
		}
	}
}

int model_find_dest(const struct model *model, unsigned table, const RTM_NET_ADDRESS *prefix)
{
	for (int i = 0; i < MODEL_DESTS; i++)
		if (model->dests[i].table == table && model_compare(&model->dests[i].prefix, prefix) == 0)
			return i;
	return NOTHING;
}

/* Views and best routes */

RTM_VIEW_SET model_views(RTM_VIEW_SET views)
{
	return views & BOTH;
}

bool model_route_in(const struct model_route *route, RTM_VIEW_SET views)
{
	return views == RTM_VIEW_MASK_ANY || (route->views & views) != 0;
}

static bool is_route_of(const struct model_route *route, int dest)
{
	return route->state == MODEL_PRESENT && route->dest == dest;
}

RTM_VIEW_SET model_belongs_to(const struct model *model, int dest)
{
	RTM_VIEW_SET views = 0;

	for (int i = 0; i < MODEL_ROUTES; i++)
		if (is_route_of(&model->routes[i], dest))
			views |= model->routes[i].views;
	return views;
}

unsigned model_routes_in_view(const struct model *model, int dest, unsigned view)
{
	unsigned count = 0;

	for (int i = 0; i < MODEL_ROUTES; i++)
		if (is_route_of(&model->routes[i], dest) && (model->routes[i].views & 1u << view))
			count++;
	return count;
}

bool model_dest_in(const struct model *model, int dest, RTM_VIEW_SET views)
{
	for (int i = 0; i < MODEL_ROUTES; i++)
		if (is_route_of(&model->routes[i], dest) && model_route_in(&model->routes[i], views))
			return true;
	return false;
}

RTM_VIEW_SET model_best_in(const struct model *model, int route)
{
	const struct model_route *r = &model->routes[route];
	RTM_VIEW_SET views = 0;

	for (unsigned view = 0; r->state == MODEL_PRESENT && view < MODEL_VIEWS; view++)
		if (model->dests[r->dest].best[view] == route)
			views |= 1u << view;
	return views;
}

/* Negative if a is better: smaller preference, then smaller metric. */
static int compare_quality(const struct model_route *a, const struct model_route *b)
{
	if (a->pref != b->pref)
		return a->pref < b->pref ? -1 : 1;
	if (a->metric != b->metric)
		return a->metric < b->metric ? -1 : 1;
	return 0;
}

static int choose(const struct model *model, int dest, unsigned view)
{
	int incumbent = model->dests[dest].best[view], best = NOTHING;

	for (int i = 0; i < MODEL_ROUTES; i++) {
		const struct model_route *route = &model->routes[i];
		int order;

		if (!is_route_of(route, dest) || !(route->views & 1u << view))
			continue;
		order = best == NOTHING ? -1 : compare_quality(route, &model->routes[best]);
		if (order < 0 || (order == 0 && best != incumbent &&
		                  (i == incumbent || route->born < model->routes[best].born)))
			best = i;
	}
	return best;
}

bool model_choose(struct model *model, int dest)
{
	bool changed = false;

	for (unsigned view = 0; view < MODEL_VIEWS; view++) {
		int best = choose(model, dest, view);

		changed = changed || best != model->dests[dest].best[view];
		model->dests[dest].best[view] = best;
	}
	return changed;
}

int model_longest_match(const struct model *model, unsigned table, const RTM_NET_ADDRESS *prefix, RTM_VIEW_SET views)
{
	int longest = NOTHING;

	for (int i = 0; i < MODEL_DESTS; i++) {
		const struct model_dest *dest = &model->dests[i];

		if (dest->table != table || !model_covers(&dest->prefix, prefix) || !model_dest_in(model, i, views))
			continue;
		if (longest == NOTHING || dest->prefix.NumBits > model->dests[longest].prefix.NumBits)
			longest = i;
	}
	return longest;
}

bool model_may_report(const struct model *model, int caller, int dest, unsigned view, ULONG protocol, int route)
{
	if (protocol == RTM_BEST_PROTOCOL)
		return route == model->dests[dest].best[view];
	if (protocol == RTM_THIS_PROTOCOL)
		protocol = model->entities[caller].protocol;
	/* Of equal routes of one protocol, any will do: the rule for ties speaks of the best of all. */
	for (int i = 0; i < MODEL_ROUTES; i++) {
		const struct model_route *other = &model->routes[i];

		if (!is_route_of(other, dest) || !(other->views & 1u << view) ||
		    model->entities[other->owner].protocol != protocol)
			continue;
		if (route == NOTHING || compare_quality(other, &model->routes[route]) < 0)
			return false;
	}
	return route == NOTHING || (model->entities[model->routes[route].owner].protocol == protocol &&
	                            is_route_of(&model->routes[route], dest) &&
	                            (model->routes[route].views & 1u << view) != 0);
}

/* Next hops and matching */

int model_find_hop(const struct model *model, int owner, const RTM_NET_ADDRESS *address, ULONG interface_index)
{
	for (int i = 0; i < MODEL_HOPS; i++) {
		const struct model_hop *hop = &model->hops[i];

		if (hop->state == MODEL_PRESENT && hop->owner == owner && hop->interface_index == interface_index &&
		    model_compare(&hop->address, address) == 0)
			return i;
	}
	return NOTHING;
}

static bool names(const int *hops, unsigned count, int hop)
{
	for (unsigned i = 0; i < count; i++)
		if (hops[i] == hop)
			return true;
	return false;
}

static bool same_hops(const struct model_route *route, const struct model_criteria *criteria)
{
	for (unsigned i = 0; i < route->number_of_hops; i++)
		if (!names(criteria->hops, criteria->number_of_hops, route->hops[i]))
			return false;
	for (unsigned i = 0; i < criteria->number_of_hops; i++)
		if (!names(route->hops, route->number_of_hops, criteria->hops[i]))
			return false;
	return true;
}

static bool uses_interface(const struct model *model, const struct model_route *route, ULONG interface_index)
{
	for (unsigned i = 0; i < route->number_of_hops; i++)
		if (model->hops[route->hops[i]].interface_index == interface_index)
			return true;
	return false;
}

bool model_matches(const struct model *model, const struct model_route *route, const struct model_criteria *criteria)
{
	RTM_MATCH_FLAGS flags = criteria->flags;

	return (!(flags & RTM_MATCH_OWNER) || route->owner == criteria->owner) &&
	       (!(flags & RTM_MATCH_NEIGHBOUR) || route->neighbour == criteria->neighbour) &&
	       (!(flags & RTM_MATCH_PREF) || (route->pref == criteria->pref && route->metric == criteria->metric)) &&
	       (!(flags & RTM_MATCH_NEXTHOP) || same_hops(route, criteria)) &&
	       (!(flags & RTM_MATCH_INTERFACE) || uses_interface(model, route, criteria->interface_index));
}

unsigned model_select(const struct model *model, int dest, RTM_VIEW_SET views, int only_owner,
                      const struct model_criteria *criteria, int *routes)
{
	unsigned count = 0;

	for (int i = 0; i < MODEL_ROUTES; i++) {
		const struct model_route *route = &model->routes[i];
		unsigned place = count;

		if (!is_route_of(route, dest) || !model_route_in(route, views) ||
		    (only_owner != NOTHING && route->owner != only_owner) || !model_matches(model, route, criteria))
			continue;
		for (; place > 0; place--) {
			const struct model_route *before = &model->routes[routes[place - 1]];
			int order = compare_quality(before, route);

			if (order < 0 || (order == 0 && before->born < route->born))
				break;
			routes[place] = routes[place - 1];
		}
		routes[place] = i;
		count++;
	}
	return count;
}

/* Enumerations */

static bool in_range(const struct model_cursor *cursor, const RTM_NET_ADDRESS *prefix)
{
	if (cursor->flags & RTM_ENUM_NEXT)
		return model_compare(prefix, &cursor->start) >= 0;
	if (cursor->flags & RTM_ENUM_RANGE)
		return model_covers(&cursor->start, prefix);
	return true;
}

static bool is_own_dest(const struct model *model, const struct model_cursor *cursor, int dest)
{
	RTM_VIEW_SET views = cursor->views == RTM_VIEW_MASK_ANY ? BOTH : cursor->views;

	for (unsigned view = 0; view < MODEL_VIEWS; view++) {
		int best = model->dests[dest].best[view];

		if ((views & 1u << view) && best != NOTHING && model->routes[best].owner == cursor->entity)
			return true;
	}
	return false;
}

int model_next_dest(const struct model *model, struct model_cursor *cursor)
{
	unsigned table = model->entities[cursor->entity].table;

	for (int i = cursor->last_dest + 1; i < MODEL_DESTS; i++) {
		if (model->dests[i].table != table || !in_range(cursor, &model->dests[i].prefix) ||
		    !model_dest_in(model, i, cursor->views) ||
		    ((cursor->flags & RTM_ENUM_OWN_DESTS) && !is_own_dest(model, cursor, i)))
			continue;
		cursor->last_dest = i;
		return i;
	}
	return NOTHING;
}

static bool capture(const struct model *model, struct model_cursor *cursor, int dest)
{
	int own = cursor->flags & RTM_ENUM_OWN_ROUTES ? cursor->entity : NOTHING;

	cursor->number_captured =
	    model_select(model, dest, cursor->views, own, &cursor->criteria, cursor->captured);
	cursor->next_captured = 0;
	for (unsigned i = 0; i < cursor->number_captured; i++)
		cursor->captured_born[i] = model->routes[cursor->captured[i]].born;
	return cursor->number_captured > 0;
}

static int next_captured(const struct model *model, struct model_cursor *cursor)
{
	while (cursor->next_captured < cursor->number_captured) {
		unsigned i = cursor->next_captured++;
		const struct model_route *route = &model->routes[cursor->captured[i]];

		if (route->state == MODEL_PRESENT && route->born == cursor->captured_born[i])
			return cursor->captured[i];
	}
	return NOTHING;
}

int model_next_route(const struct model *model, struct model_cursor *cursor)
{
	unsigned table = model->entities[cursor->entity].table;
	int route = next_captured(model, cursor);

	for (int i = cursor->last_dest + 1; route == NOTHING && i < MODEL_DESTS; i++) {
		bool wanted = cursor->only_dest == NOTHING
		                  ? model->dests[i].table == table && in_range(cursor, &model->dests[i].prefix)
		                  : i == cursor->only_dest;

		if (!wanted || !capture(model, cursor, i))
			continue;
		cursor->last_dest = i;
		route = next_captured(model, cursor);
	}
	return route;
}

static bool is_behind(const struct model_cursor *cursor, const struct model_hop *hop)
{
	int order;

	if (!cursor->any_hop)
		return true;
	order = model_compare(&hop->address, &cursor->last_hop);
	return order > 0 || (order == 0 && hop->interface_index > cursor->last_interface);
}

int model_next_hop(const struct model *model, struct model_cursor *cursor)
{
	int next = NOTHING;

	for (int i = 0; i < MODEL_HOPS; i++) {
		const struct model_hop *hop = &model->hops[i];
		int order;

		if (hop->state != MODEL_PRESENT || hop->owner != cursor->entity || !is_behind(cursor, hop) ||
		    !in_range(cursor, &hop->address))
			continue;
		order = next == NOTHING ? -1 : model_compare(&hop->address, &model->hops[next].address);
		if (order < 0 || (order == 0 && hop->interface_index < model->hops[next].interface_index))
			next = i;
	}
	if (next != NOTHING) {
		cursor->any_hop = true;
		cursor->last_hop = model->hops[next].address;
		cursor->last_interface = model->hops[next].interface_index;
	}
	return next;
}

/* Lifetimes */

struct counts {
	unsigned routes[MODEL_ROUTES];
	unsigned hops[MODEL_HOPS];
	unsigned dests[MODEL_DESTS];
};

static void count_items(const struct model *model, struct counts *counts)
{
	for (int i = 0; i < MODEL_ITEMS; i++) {
		const struct model_item *item = &model->items[i];

		for (unsigned j = 0; item->kind != ITEM_FREE && j < item->number_of_references; j++) {
			const struct model_reference *reference = &item->references[j];

			if (reference->kind == TO_ROUTE)
				counts->routes[reference->index]++;
			else if (reference->kind == TO_HOP)
				counts->hops[reference->index]++;
			else if (reference->kind == TO_DEST)
				counts->dests[reference->index]++;
		}
	}
}

void model_settle(struct model *model)
{
	static struct counts counts;

	memset(&counts, 0, sizeof(counts));
	count_items(model, &counts);
	for (int i = 0; i < MODEL_ROUTES; i++) {
		struct model_route *route = &model->routes[i];

		if (route->state == MODEL_DELETED && counts.routes[i] == 0)
			route->state = MODEL_FREE;
		if (route->state == MODEL_FREE)
			continue;
		counts.dests[route->dest]++;
		if (route->neighbour != NOTHING)
			counts.hops[route->neighbour]++;
		for (unsigned j = 0; j < route->number_of_hops; j++)
			counts.hops[route->hops[j]]++;
	}
	for (int i = 0; i < MODEL_HOPS; i++) {
		struct model_hop *hop = &model->hops[i];

		if (hop->state == MODEL_DELETED && counts.hops[i] == 0)
			hop->state = MODEL_FREE;
		if (hop->state != MODEL_FREE && hop->remote != NOTHING)
			counts.dests[hop->remote]++;
	}
	for (int i = 0; i < MODEL_DESTS; i++)
		if (counts.dests[i] == 0)
			model->dests[i].handle = NULL;
}

bool model_entity_lives(const struct model *model, int entity)
{
	bool lives = model->entities[entity].registered;

	for (int i = 0; i < MODEL_ROUTES; i++)
		lives = lives || (model->routes[i].state != MODEL_FREE && model->routes[i].owner == entity);
	for (int i = 0; i < MODEL_HOPS; i++)
		lives = lives || (model->hops[i].state != MODEL_FREE && model->hops[i].owner == entity);
	for (int i = 0; i < MODEL_ITEMS; i++)
		for (unsigned j = 0; model->items[i].kind != ITEM_FREE && j < model->items[i].number_of_references; j++)
			lives = lives || (model->items[i].references[j].kind == TO_ENTITY &&
			                  model->items[i].references[j].index == entity);
	return lives;
}

bool model_has_captures(const struct model *model)
{
	for (int i = 0; i < MODEL_CURSORS; i++)
		if (model->cursors[i].kind == CURSOR_ROUTES)
			return true;
	return false;
}

static bool owns_route_of(const struct model *model, int entity, int dest)
{
	for (int i = 0; i < MODEL_ROUTES; i++)
		if (is_route_of(&model->routes[i], dest) && model->routes[i].owner == entity)
			return true;
	return false;
}

RTM2_STATISTICS model_statistics(const struct model *model, int entity)
{
	RTM2_STATISTICS statistics;

	memset(&statistics, 0, sizeof(statistics));
	statistics.Entities = model->entities[entity].registered;
	for (int i = 0; i < MODEL_ROUTES; i++)
		if (model->routes[i].state == MODEL_PRESENT && model->routes[i].owner == entity)
			statistics.Routes++;
	for (int i = 0; i < MODEL_HOPS; i++)
		if (model->hops[i].state == MODEL_PRESENT && model->hops[i].owner == entity)
			statistics.NextHops++;
	for (int i = 0; i < MODEL_DESTS; i++)
		if (owns_route_of(model, entity, i))
			statistics.Destinations++;
	for (int i = 0; i < MODEL_ITEMS; i++)
		if (model->items[i].kind != ITEM_FREE && model->items[i].entity == entity)
			statistics.Handles += model->items[i].number_of_references;
	for (int i = 0; i < MODEL_CURSORS; i++)
		if (model->cursors[i].kind != CURSOR_FREE && model->cursors[i].entity == entity)
			statistics.Handles++;
	return statistics;
}
