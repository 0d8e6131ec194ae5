/*
 * model.h - a routing table as plainly as it can be written: arrays, linear search, no handles to validate and nothing
 * kept that could be computed. test_model.c compares the library with it.
 *
 * Objects are named by their index. The prefixes of a table are fixed beforehand and sorted once, so that the order of
 * destinations is the order of indexes. Who references what is counted afresh whenever it matters.
 */
#ifndef RTM2_TEST_MODEL_H
#define RTM2_TEST_MODEL_H

#include "support.h"

enum {
	MODEL_TABLES = 2, /* IPv4 and IPv6 */
	MODEL_PREFIXES = 90,
	MODEL_DESTS = MODEL_TABLES * MODEL_PREFIXES,
	MODEL_ENTITIES = 400, /* registered one after the other in a round */
	MODEL_HOPS = 160,
	MODEL_ROUTES = 300,
	MODEL_ITEMS = 64,
	MODEL_CURSORS = 4,
	MODEL_VIEWS = 2,
	MODEL_ROUTE_HOPS = 4,
	MODEL_ITEM_REFERENCES = 8,
	NOTHING = -1
};

enum model_state { MODEL_FREE, MODEL_PRESENT, MODEL_DELETED };

struct model_entity {
	bool registered;
	unsigned table;
	ULONG protocol;
	ULONG protocol_instance;
	RTM_ENTITY_HANDLE handle;
};

struct model_dest {
	unsigned table;
	RTM_NET_ADDRESS prefix;
	int best[MODEL_VIEWS]; /* route, which stays against an equal one */
	RTM_DEST_HANDLE handle; /* NULL while no call has told it */
};

struct model_hop {
	enum model_state state;
	int owner;
	RTM_NET_ADDRESS address;
	ULONG interface_index;
	USHORT flags;
	PVOID info;
	int remote; /* destination */
	RTM_NEXTHOP_HANDLE handle;
};

struct model_route {
	enum model_state state;
	int owner;
	int dest;
	int neighbour;
	int hops[MODEL_ROUTE_HOPS];
	unsigned number_of_hops;
	ULONG pref;
	ULONG metric;
	RTM_VIEW_SET views;
	USHORT flags;
	UCHAR flags1;
	PVOID info;
	unsigned long born; /* creation counts the routes of all tables */
	RTM_ROUTE_HANDLE handle;
};

/* What a client keeps of the results of a call until it gives them back. */
enum model_kind { TO_ENTITY, TO_DEST, TO_ROUTE, TO_HOP };
enum model_item_kind {
	ITEM_FREE,
	ITEM_ENTITY,
	ITEM_DEST_INFO,
	ITEM_ROUTE,
	ITEM_ROUTE_INFO,
	ITEM_HOP,
	ITEM_HOP_INFO
};

struct model_reference {
	enum model_kind kind;
	int index;
};

struct model_item {
	enum model_item_kind kind;
	int entity;
	union {
		HANDLE handle;
		dest_info dest;
		route_info route;
		RTM_NEXTHOP_INFO hop;
	} result;
	struct model_reference references[MODEL_ITEM_REFERENCES];
	unsigned number_of_references;
};

struct model_criteria {
	RTM_MATCH_FLAGS flags;
	int owner;
	int neighbour;
	ULONG pref;
	ULONG metric;
	int hops[MODEL_ROUTE_HOPS];
	unsigned number_of_hops;
	ULONG interface_index;
};

/* An enumeration and where it stands. */
enum model_cursor_kind { CURSOR_FREE, CURSOR_DESTS, CURSOR_ROUTES, CURSOR_HOPS };

struct model_cursor {
	enum model_cursor_kind kind;
	RTM_ENUM_HANDLE handle;
	int entity;
	RTM_VIEW_SET views;
	RTM_ENUM_FLAGS flags;
	RTM_NET_ADDRESS start;
	ULONG protocol;
	struct model_criteria criteria;
	int only_dest; /* of routes: enumerate this destination alone */
	int last_dest;
	/* Routes of the last destination, captured when the cursor reached it. */
	int captured[MODEL_ROUTES];
	unsigned long captured_born[MODEL_ROUTES];
	unsigned number_captured;
	unsigned next_captured;
	bool any_hop; /* last_hop and last_interface are set */
	RTM_NET_ADDRESS last_hop;
	ULONG last_interface;
};

struct model {
	struct model_entity entities[MODEL_ENTITIES];
	unsigned number_of_entities;
	struct model_dest dests[MODEL_DESTS];
	struct model_hop hops[MODEL_HOPS];
	struct model_route routes[MODEL_ROUTES];
	struct model_item items[MODEL_ITEMS];
	struct model_cursor cursors[MODEL_CURSORS];
	unsigned long births;
};

/* Fills the tables with random prefixes, which have no routes yet. */
void model_start(struct model *model, struct random *random);
/* A random prefix of a table's family, like those of the table. */
RTM_NET_ADDRESS model_random_prefix(struct random *random, unsigned table);
USHORT model_family(unsigned table);

/* By octets, then the shorter prefix first. */
int model_compare(const RTM_NET_ADDRESS *a, const RTM_NET_ADDRESS *b);
/* Whether a prefix is, or is below, another one. */
bool model_covers(const RTM_NET_ADDRESS *wide, const RTM_NET_ADDRESS *narrow);

/* Supported views among the target views of a call. */
RTM_VIEW_SET model_views(RTM_VIEW_SET views);
bool model_route_in(const struct model_route *route, RTM_VIEW_SET views);
RTM_VIEW_SET model_belongs_to(const struct model *model, int dest);
unsigned model_routes_in_view(const struct model *model, int dest, unsigned view);
RTM_VIEW_SET model_best_in(const struct model *model, int route);
/* Whether a destination has a route in any of the views; ANY is met by every route. */
bool model_dest_in(const struct model *model, int dest, RTM_VIEW_SET views);
int model_find_dest(const struct model *model, unsigned table, const RTM_NET_ADDRESS *prefix);
int model_longest_match(const struct model *model, unsigned table, const RTM_NET_ADDRESS *prefix, RTM_VIEW_SET views);
/* Whether a call that reports the best route of a protocol may report this one, NOTHING included. */
bool model_may_report(const struct model *model, int caller, int dest, unsigned view, ULONG protocol, int route);
/* Chooses the best routes of a destination anew; whether any view got another one. */
bool model_choose(struct model *model, int dest);

int model_find_hop(const struct model *model, int owner, const RTM_NET_ADDRESS *address, ULONG interface_index);
bool model_matches(const struct model *model, const struct model_route *route, const struct model_criteria *criteria);
/* The matching routes of a destination, best first; returns their number. */
unsigned model_select(const struct model *model, int dest, RTM_VIEW_SET views, int only_owner,
                      const struct model_criteria *criteria, int *routes);

/* The next object an enumeration returns, and moves it on; NOTHING at the end. */
int model_next_dest(const struct model *model, struct model_cursor *cursor);
int model_next_route(const struct model *model, struct model_cursor *cursor);
int model_next_hop(const struct model *model, struct model_cursor *cursor);

/* Forgets the objects that nothing keeps any more. */
void model_settle(struct model *model);
bool model_entity_lives(const struct model *model, int entity);
/* Whether enumerations of routes are open, which may keep routes beyond what the model knows. */
bool model_has_captures(const struct model *model);
/* What an entity holds; Bytes is 0. */
RTM2_STATISTICS model_statistics(const struct model *model, int entity);

#endif
