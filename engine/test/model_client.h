/*
 * model_client.h - the client whose calls are compared with the naive tables: it chooses at random what to call with,
 * compares what it gets with the model, and keeps some of it for a while, as clients do.
 */
#ifndef RTM2_TEST_MODEL_CLIENT_H
#define RTM2_TEST_MODEL_CLIENT_H

#include "model.h"

extern struct model m;
extern struct random dice;

unsigned below(unsigned limit);
HANDLE handle_of(int entity);
unsigned table_of(int entity);
/* Number of entities registered. */
unsigned registered(void);

/* Random choices; NOTHING if there is nothing to choose from. */
int some_entity(void);
/* Of the entity's table, or of the entity alone. */
int some_route(int entity, bool own, enum model_state state);
int some_hop(int entity, bool own, enum model_state state);
/* A destination whose handle is known, which may have no route any more. */
int some_known_dest(int entity);
RTM_NET_ADDRESS some_prefix(int entity);
RTM_VIEW_SET some_views(void);
ULONG some_protocol(void);

/* Handles */
bool is_handle_in_use(HANDLE handle);
/* Takes note of a destination's handle where it is first seen; requires the same one from then on. */
void expect_dest(int dest, HANDLE got);
int route_by_handle(HANDLE handle);

/* Has the model forget what nothing keeps any more, and requires that the library has forgotten it too. */
void settle(void);
void close_cursor(struct model_cursor *cursor);

/* Items: what a call gave, until it is given back. */
struct model_item new_item(int entity, enum model_item_kind kind);
void add_reference(struct model_item *item, enum model_kind kind, int index);
void give_item_back(struct model_item *item);
/* Keeps an item now and then; gives it back else. */
void finish(struct model_item *item);
/* The same with a handle that a call gave by itself. */
void finish_handle(int entity, enum model_kind kind, int index, HANDLE handle);
/* Has the entity hold a reference that the next call consumes: one that it kept, or a new one. */
void provide_reference(int entity, enum model_kind kind, int index, HANDLE handle);

/* Require what a call gave to be what the model says, and note its references in the item. */
void expect_address(const RTM_NET_ADDRESS *got, const RTM_NET_ADDRESS *want);
void expect_dest_info(struct model_item *item, const RTM_DEST_INFO *got, int dest, ULONG protocol, RTM_VIEW_SET views);
void expect_route_info(struct model_item *item, const RTM_ROUTE_INFO *got, int route);
void expect_hop_info(struct model_item *item, const RTM_NEXTHOP_INFO *got, int hop);

#endif
