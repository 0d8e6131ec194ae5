/*
 * disguise.h - what the client sees of the engine's handles, structures and enumerations, and the way back.
 */
#ifndef HOSTILE_DISGUISE_H
#define HOSTILE_DISGUISE_H

#include "trick.h"

/* Handles. An owner may be shown under another number than its registration. */
HANDLE show(HANDLE engine);
HANDLE show_owner(HANDLE engine);
HANDLE hide(HANDLE shown);
/* Handles that the client gives, in an array of the engine's numbers. */
HANDLE *hide_all(UINT count, const HANDLE *shown, HANDLE *copy);

/* Structures of the engine, changed into what the client is to see. */
void show_address(RTM_NET_ADDRESS *address, const char *family, const char *bits);
void show_dest(HANDLE self, RTM_DEST_INFO *d);
void show_route(HANDLE self, RTM_ROUTE_INFO *r);
void show_hop(HANDLE self, RTM_NEXTHOP_INFO *h);

/* Views of the last RTM_DEST_INFO that was shown, before the trick. */
extern UINT views_of_dest;

enum { MOST_HOPS = 16 };

/* A route of the client's, with as many next hops as it says, in a buffer that has room for them. */
typedef union {
	RTM_ROUTE_INFO info;
	UCHAR room[sizeof(RTM_ROUTE_INFO) + MOST_HOPS * sizeof(HANDLE)];
} route_copy;

typedef union {
	RTM_DEST_INFO dest;
	UCHAR room[MOST_HANDLES * RTM_SIZE_OF_DEST_INFO(2)];
} dest_copies;

/* Structures of the client, as the engine gave them, in a buffer. */
RTM_ROUTE_INFO *hide_route(const RTM_ROUTE_INFO *shown, route_copy *copy);
RTM_NEXTHOP_INFO *hide_hop(const RTM_NEXTHOP_INFO *shown, RTM_NEXTHOP_INFO *copy);
RTM_DEST_INFO *hide_dests(UINT count, const RTM_DEST_INFO *shown, UCHAR *copy);

/* The next items of an enumeration or of a list of changes. */
typedef DWORD (*fetcher)(HANDLE self, HANDLE from, UINT *count, void *items);
DWORD give_handles(const char *name, fetcher fetch, HANDLE self, HANDLE from, UINT *count, HANDLE *handles);
DWORD give_dests(const char *name, fetcher fetch, HANDLE self, HANDLE from, UINT *count, RTM_DEST_INFO *infos);

#endif
