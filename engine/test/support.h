/*
 * support.h - the vocabulary of the tests: prefixes as text, routes as designated initialisers, entities that clear up
 * after themselves. Every test runs in an RTM instance of its own and has to give back everything it took: the fixture
 * compares the library's statistics before and after.
 */
#ifndef RTM2_TEST_SUPPORT_H
#define RTM2_TEST_SUPPORT_H

#include <stdbool.h>
#include <stdint.h>

#include "harness.h"
#include "rtmv2.h"

#define UCAST RTM_VIEW_MASK_UCAST
#define MCAST RTM_VIEW_MASK_MCAST
#define BOTH (RTM_VIEW_MASK_UCAST | RTM_VIEW_MASK_MCAST)

enum { ROOM_HOPS = 16, ROOM_VIEWS = 2, ROOM_HANDLES = 256 };

/* Results of variable size, with room for the most that the profile allows. */
typedef union route_info {
	RTM_ROUTE_INFO info;
	UCHAR room[sizeof(RTM_ROUTE_INFO) + ROOM_HOPS * sizeof(HANDLE)];
} route_info;

typedef union dest_info {
	RTM_DEST_INFO info;
	UCHAR room[RTM_SIZE_OF_DEST_INFO(ROOM_VIEWS)];
} dest_info;

/* Members of the variable parts; indexing the arrays of one element themselves would be out of bounds. */
#define VIEW(result, i) ((&(result).info.ViewInfo[0])[i])
#define HOP(result, i) ((&(result).info.NextHopsList.NextHops[0])[i])

/* The RTM instance of the running test, and a second one that is its own as well. */
extern USHORT instance;
USHORT second_instance(void);

/* Declares that the running test leaves objects behind on purpose. */
void leaves_objects_behind(void);

/* Limits given at the last registration. */
extern RTM_REGN_PROFILE profile;

/* Prefix from "10.0.0.0/8", "2001:db8::/32" or "ipx:0000000a/32" (octets in hex); without a length, a full one. */
RTM_NET_ADDRESS addr(const char *text);
/* Inverse of addr, IPv6 with all its groups, in one of a few rotating static buffers. */
const char *text_of(const RTM_NET_ADDRESS *address);

/* Entities */
RTM_ENTITY_INFO entity_info(USHORT rtm_instance, USHORT family, ULONG protocol, ULONG protocol_instance);
/* Registers protocol instance 1 of a protocol for IPv4 in the test's instance. */
RTM_ENTITY_HANDLE enter(ULONG protocol);
RTM_ENTITY_HANDLE enter_as(USHORT rtm_instance, USHORT family, ULONG protocol, ULONG protocol_instance);
/* Deletes the routes and next hops the entity owns, then deregisters it. */
void leave(RTM_ENTITY_HANDLE entity);
/* What the entity holds. */
RTM2_STATISTICS held_by(RTM_ENTITY_HANDLE entity);
ULONGLONG handles_of(RTM_ENTITY_HANDLE entity);

/* Next hops: at an address, on an interface. */
RTM_NEXTHOP_INFO hop_info(const char *address, ULONG interface_index);
/* Adds a next hop; the caller holds one reference. */
RTM_NEXTHOP_HANDLE add_hop(RTM_ENTITY_HANDLE entity, const char *address, ULONG interface_index);
/* Adds a next hop of which only the list holds a reference; the handle stays valid until remove_hop. */
RTM_NEXTHOP_HANDLE keep_hop(RTM_ENTITY_HANDLE entity, const char *address, ULONG interface_index);
void release_hop(RTM_ENTITY_HANDLE entity, RTM_NEXTHOP_HANDLE hop);
/* Deletes, consuming the caller's reference. */
void delete_hop(RTM_ENTITY_HANDLE entity, RTM_NEXTHOP_HANDLE hop);
/* Deletes a next hop of which the caller has no reference. */
void remove_hop(RTM_ENTITY_HANDLE entity, RTM_NEXTHOP_HANDLE hop);

/* A route as a test states it. Views 0 is the unicast view; IN_NO_VIEW is what RTM calls 0. */
#define IN_NO_VIEW 0x80000000u
struct route {
	const char *to;
	ULONG pref;
	ULONG metric;
	RTM_VIEW_SET in;
	RTM_NEXTHOP_HANDLE neighbour;
	RTM_NEXTHOP_HANDLE via[ROOM_HOPS]; /* up to the first NULL */
	USHORT flags;
	UCHAR flags1;
	uintptr_t tag; /* EntitySpecificInfo */
};
#define ROUTE(...) ((struct route){__VA_ARGS__})

/* Fills the caller's buffer with the input form of a route. */
void route_input(route_info *input, struct route route);
/* RtmAddRouteToDest with all arguments in the caller's hands. */
DWORD try_route(RTM_ENTITY_HANDLE entity, RTM_ROUTE_HANDLE *handle, struct route route, RTM_ROUTE_CHANGE_FLAGS *flags);
/* Adds or updates a route; the caller holds one reference. */
RTM_ROUTE_HANDLE add_route(RTM_ENTITY_HANDLE entity, struct route route);
/* Adds or updates a route of which only the table holds a reference; the handle stays valid until remove_route. */
RTM_ROUTE_HANDLE keep_route(RTM_ENTITY_HANDLE entity, struct route route);
/* Updates by handle; returns the change flags. */
RTM_ROUTE_CHANGE_FLAGS update_route(RTM_ENTITY_HANDLE entity, RTM_ROUTE_HANDLE handle, struct route route);
/* Deletes, consuming the caller's reference; returns the change flags. */
RTM_ROUTE_CHANGE_FLAGS delete_route(RTM_ENTITY_HANDLE entity, RTM_ROUTE_HANDLE handle);
/* Deletes a route of which the caller has no reference; returns the change flags. */
RTM_ROUTE_CHANGE_FLAGS remove_route(RTM_ENTITY_HANDLE entity, RTM_ROUTE_HANDLE handle);
void release_route(RTM_ENTITY_HANDLE entity, RTM_ROUTE_HANDLE handle);
/* Views in which a route is best. */
RTM_VIEW_SET best_in(RTM_ENTITY_HANDLE entity, RTM_ROUTE_HANDLE handle);

/* Destinations */
DWORD exact(RTM_ENTITY_HANDLE entity, const char *prefix, ULONG protocol, RTM_VIEW_SET views, dest_info *result);
DWORD most_specific(RTM_ENTITY_HANDLE entity, const char *prefix, ULONG protocol, RTM_VIEW_SET views,
                    dest_info *result);
void release_info(RTM_ENTITY_HANDLE entity, dest_info *result);
/* Whether RtmGetExactMatchDestination finds a prefix in any view. */
bool is_known(RTM_ENTITY_HANDLE entity, const char *prefix);
/* Destination handle of a prefix; the caller holds one reference, on the destination alone. */
RTM_DEST_HANDLE hold_dest(RTM_ENTITY_HANDLE entity, const char *prefix);
void release_dest(RTM_ENTITY_HANDLE entity, RTM_DEST_HANDLE dest);
/* Best route of a prefix in one view, NULL without one; no reference is kept. */
RTM_ROUTE_HANDLE best_of(RTM_ENTITY_HANDLE entity, const char *prefix, RTM_VIEW_SET view);
/* Prefix that RtmGetMostSpecificDestination finds, "none" without one. */
const char *longest_match(RTM_ENTITY_HANDLE entity, const char *prefix, RTM_VIEW_SET views);

/* Enumerations. The drain functions read to the end in batches, check that the end keeps being told, release what they
 * got, delete the enumeration and return what they saw, separated by blanks, in a static buffer. */
RTM_ENUM_HANDLE dest_enum(RTM_ENTITY_HANDLE entity, RTM_VIEW_SET views, RTM_ENUM_FLAGS flags, const char *start);
RTM_ENUM_HANDLE route_enum(RTM_ENTITY_HANDLE entity, RTM_VIEW_SET views, RTM_ENUM_FLAGS flags, const char *start);
RTM_ENUM_HANDLE hop_enum(RTM_ENTITY_HANDLE entity, RTM_ENUM_FLAGS flags, const char *start);
const char *drain_dests(RTM_ENTITY_HANDLE entity, RTM_ENUM_HANDLE enumeration, unsigned views, UINT batch);
/* Routes are shown as prefix=tag, next hops as prefix%interface. */
const char *drain_routes(RTM_ENTITY_HANDLE entity, RTM_ENUM_HANDLE enumeration, UINT batch);
const char *drain_hops(RTM_ENTITY_HANDLE entity, RTM_ENUM_HANDLE enumeration, UINT batch);
/* The next single item of an enumeration, shown likewise; "end" after the last. */
const char *next_dest(RTM_ENTITY_HANDLE entity, RTM_ENUM_HANDLE enumeration, unsigned views);
const char *next_route(RTM_ENTITY_HANDLE entity, RTM_ENUM_HANDLE enumeration);
const char *next_hop(RTM_ENTITY_HANDLE entity, RTM_ENUM_HANDLE enumeration);

/* Repeatable random numbers: the seed is RTM2_SEED of the environment or a fixed one. */
struct random {
	uint64_t state;
};
uint64_t random_seed(void);
uint64_t random_next(struct random *random);
/* From 0 up to but not including the limit. */
unsigned random_below(struct random *random, unsigned limit);
/* A number of the environment, or the default. */
unsigned long environment_number(const char *name, unsigned long fallback);

#endif
