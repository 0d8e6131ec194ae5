/*
 * input.h - what an input says: which call comes next, who makes it, and with which arguments.
 *
 * An input is a sequence of records, each an octet with the number of octets that follow (of which the lowest bits count)
 * and these. A record is one call; what its octets do not say is zero. So a change of one call leaves those behind it as
 * they are, and calls can be put in, taken out and moved (mutate.c).
 */
#ifndef RTM2_FUZZ_INPUT_H
#define RTM2_FUZZ_INPUT_H

#include <stdbool.h>
#include <stddef.h>

#include "book.h"

enum { ROOM_HOPS = 8, ROOM_VIEWS = 2, BATCH = 8, RECORD_MOST = 47 };

typedef union route_info {
	RTM_ROUTE_INFO info;
	UCHAR room[sizeof(RTM_ROUTE_INFO) + ROOM_HOPS * sizeof(HANDLE)];
} route_info;

typedef union dest_infos {
	RTM_DEST_INFO info;
	UCHAR room[BATCH * RTM_SIZE_OF_DEST_INFO(ROOM_VIEWS)];
} dest_infos;

/* Members of variable parts. */
#define VIEW(info, i) ((&(info)->ViewInfo[0])[i])
#define HOP(info, i) ((&(info)->NextHopsList.NextHops[0])[i])

/* Octets of the record at the start of some data, its own first one included; no more than there are. */
size_t record_size(const uint8_t *data, size_t size);

void input_begin(const uint8_t *data, size_t size);

/* Goes to the next record; false at the end. */
bool input_next(void);

/* The next octet of the record, zero behind its end; four of them. */
uint8_t byte(void);
uint32_t number(void);

/* A pointer to the value, or now and then NULL. */
#define MAYBE(pointer) (byte() < 0xF0 ? (pointer) : NULL)

/* One of the handles of a kind in the book, mostly of the caller's table; any other one, NULL, or none at all, too. */
HANDLE some_handle(enum kind);
HANDLE made_up_handle(void);

/* Who makes the next call, and under which handle: mostly a client, be it registered or not. */
int some_caller(HANDLE *self);

/* A prefix or the address of a next hop, mostly of the client's family. */
RTM_NET_ADDRESS some_address(int client, bool hop);
RTM_VIEW_SET some_views(void);
ULONG some_protocol(void);
RTM_ENUM_FLAGS some_enum_flags(RTM_ENUM_FLAGS scope);
RTM_MATCH_FLAGS some_match_flags(void);

/* A capacity for at most BATCH items, or one that has to be refused. */
UINT some_count(void);

/* Milliseconds to live or to hold. */
ULONG some_time(void);

/* Criteria or the description of a route, with hops that may be anyone's. */
void some_route(int client, route_info *);

#endif
