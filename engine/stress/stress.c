/*
 * stress.c - eight threads on one table: adds, deletes, lookups, enumerations, notifications, locks, registrations. Meant
 * for ThreadSanitizer; at the end all invariants that can be seen from outside have to hold.
 *
 *     rtm2-stress [ROUNDS [SEED]]
 */
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "rtmv2.h"

#define THREADS 8
#define DEFAULT_ROUNDS 20000u
#define DEFAULT_SEED 20040229u
#define INSTANCE 77

static unsigned rounds = DEFAULT_ROUNDS;
static unsigned long long seed = DEFAULT_SEED;
static atomic_uint events, failures;

struct worker {
	pthread_t w_thread;
	uint64_t w_state;
	ULONG w_protocol;
	RTM_ENTITY_HANDLE w_self;
	RTM_NOTIFY_HANDLE w_notify;
	RTM_NEXTHOP_HANDLE w_hop[2];
};

static void
fail(const char *what, DWORD status)
{
	fprintf(stderr, "%s: %u (seed %llu)\n", what, (unsigned)status, seed);
	atomic_fetch_add(&failures, 1);
}

#define MUST(call)                                   \
	do {                                             \
		DWORD status_ = (call);                      \
		if (status_ != NO_ERROR)                     \
			fail(#call, status_);                    \
	} while (0)

static uint32_t
draw(struct worker *w, uint32_t below)
{
	w->w_state = w->w_state * 6364136223846793005u + 1442695040888963407u;
	return (uint32_t)(w->w_state >> 33) % below;
}

static DWORD WINAPI
on_event(RTM_ENTITY_HANDLE self, RTM_EVENT_TYPE type, PVOID context1, PVOID context2)
{
	RTM_DEST_INFO dest;
	UINT count = 1;

	(void)context2;
	atomic_fetch_add(&events, 1);
	if (type == RTM_ROUTE_EXPIRED)
		return ERROR_NOT_SUPPORTED;
	if (type == RTM_CHANGE_NOTIFICATION && RtmGetChangedDests(self, context1, &count, &dest) == NO_ERROR)
		MUST(RtmReleaseChangedDests(self, context1, count, &dest));
	return NO_ERROR;
}

static void
enter(struct worker *w)
{
	RTM_ENTITY_INFO info = { INSTANCE, RTM2_AF_INET, { { { w->w_protocol, 1 } } } };
	RTM_REGN_PROFILE profile;
	DWORD flags;

	MUST(RtmRegisterEntity(&info, NULL, on_event, TRUE, &profile, &w->w_self));
	for (unsigned i = 0; i < 2; i++) {
		RTM_NEXTHOP_INFO hop = { .NextHopAddress = { RTM2_AF_INET, 32, { 192, 0, 2, (UCHAR)i } }, .InterfaceIndex = 1 };

		w->w_hop[i] = NULL;
		MUST(RtmAddNextHop(w->w_self, &hop, &w->w_hop[i], &flags));
	}
	MUST(RtmRegisterForChangeNotification(w->w_self, RTM_VIEW_MASK_UCAST,
	                                      draw(w, 2) ? RTM_CHANGE_TYPE_ALL : RTM_CHANGE_TYPE_BEST, w, &w->w_notify));
}

static void
delete_routes(struct worker *w)
{
	RTM_ENUM_HANDLE en;
	DWORD status;

	MUST(RtmCreateRouteEnum(w->w_self, NULL, RTM_VIEW_MASK_ANY, RTM_ENUM_OWN_ROUTES, NULL, RTM_MATCH_NONE, NULL, 0,
	                        &en));
	do {
		HANDLE handles[16];
		UINT count = 16;

		status = RtmGetEnumRoutes(w->w_self, en, &count, handles);
		for (UINT i = 0; i < count; i++) {
			DWORD flags, s = RtmDeleteRouteToDest(w->w_self, handles[i], &flags);

			/* The route may just have expired, or be held. */
			if (s == ERROR_NOT_FOUND)
				MUST(RtmReleaseRoutes(w->w_self, 1, &handles[i]));
			else if (s != NO_ERROR)
				fail("RtmDeleteRouteToDest", s);
		}
	} while (status == NO_ERROR);
	MUST(RtmDeleteEnumHandle(w->w_self, en));
}

static void
leave(struct worker *w)
{
	MUST(RtmDeregisterFromChangeNotification(w->w_self, w->w_notify));
	delete_routes(w);
	MUST(RtmDeleteNextHop(w->w_self, w->w_hop[0], NULL));
	MUST(RtmDeleteNextHop(w->w_self, w->w_hop[1], NULL));
	MUST(RtmDeregisterEntity(w->w_self));
}

static RTM_NET_ADDRESS
prefix(struct worker *w)
{
	RTM_NET_ADDRESS a = { RTM2_AF_INET, (USHORT)(8 + draw(w, 17)), { 10, (UCHAR)draw(w, 4), (UCHAR)draw(w, 4), 0 } };

	return a;
}

static void
add(struct worker *w)
{
	RTM_NET_ADDRESS to = prefix(w);
	RTM_ROUTE_INFO route = { .BelongsToViews = 1 + draw(w, 3) };
	DWORD flags = draw(w, 2) ? RTM_ROUTE_CHANGE_FIRST : 0;

	route.PrefInfo.Preference = draw(w, 3);
	route.PrefInfo.Metric = draw(w, 3);
	route.Neighbour = route.NextHopsList.NextHops[0] = w->w_hop[draw(w, 2)];
	route.NextHopsList.NumNextHops = 1;
	MUST(RtmAddRouteToDest(w->w_self, NULL, &to, &route, draw(w, 8) == 0 ? draw(w, 20) : INFINITE, NULL, 0, NULL, &flags));
}

static void
look_up(struct worker *w)
{
	union {
		RTM_DEST_INFO info;
		char room[RTM_SIZE_OF_DEST_INFO(2)];
	} dest;
	RTM_NET_ADDRESS to = prefix(w);
	RTM_VIEW_SET views = draw(w, 4);
	DWORD status;

	to.NumBits = 32;
	status = RtmGetMostSpecificDestination(w->w_self, &to, RTM_BEST_PROTOCOL, views, &dest.info);
	if (status == ERROR_NOT_FOUND)
		return;
	if (status != NO_ERROR) {
		fail("RtmGetMostSpecificDestination", status);
		return;
	}
	if (draw(w, 10) == 0)
		MUST(RtmHoldDestination(w->w_self, dest.info.DestHandle, RTM_VIEW_MASK_ALL, 1 + draw(w, 10)));
	if (draw(w, 4) == 0) {
		BOOL exclusive = draw(w, 2) == 0;
		PVOID cell;

		MUST(RtmLockDestination(w->w_self, dest.info.DestHandle, exclusive, TRUE));
		MUST(RtmGetOpaqueInformationPointer(w->w_self, dest.info.DestHandle, &cell));
		if (exclusive)
			*(PVOID *)cell = draw(w, 2) ? w : NULL;
		MUST(RtmLockDestination(w->w_self, dest.info.DestHandle, exclusive, FALSE));
	}
	if (draw(w, 4) == 0)
		MUST(RtmMarkDestForChangeNotification(w->w_self, w->w_notify, dest.info.DestHandle, draw(w, 2) == 0));
	MUST(RtmReleaseDestInfo(w->w_self, &dest.info));
}

static void
enumerate(struct worker *w)
{
	RTM_ENUM_HANDLE en;
	DWORD status;

	MUST(RtmCreateRouteEnum(w->w_self, NULL, draw(w, 4), RTM_ENUM_START, NULL, RTM_MATCH_NONE, NULL, 0, &en));
	do {
		HANDLE handles[8];
		UINT count = 8;

		status = RtmGetEnumRoutes(w->w_self, en, &count, handles);
		for (UINT i = 0; i < count; i++) {
			struct {
				RTM_ROUTE_INFO info;
				HANDLE room[8];
			} route;

			MUST(RtmGetRouteInfo(w->w_self, handles[i], &route.info, NULL));
			MUST(RtmReleaseRouteInfo(w->w_self, &route.info));
		}
		if (count > 0)
			MUST(RtmReleaseRoutes(w->w_self, count, handles));
	} while (status == NO_ERROR && draw(w, 8) != 0);
	MUST(RtmDeleteEnumHandle(w->w_self, en));
}

static void
poll_changes(struct worker *w)
{
	RTM_DEST_INFO dests[4];
	UINT count = 4;

	if (RtmGetChangedDests(w->w_self, w->w_notify, &count, dests) == NO_ERROR)
		MUST(RtmReleaseChangedDests(w->w_self, w->w_notify, count, dests));
}

static void *
work(void *context)
{
	struct worker *w = context;

	enter(w);
	for (unsigned i = 0; i < rounds; i++) {
		uint32_t dice = draw(w, 100);

		if (dice < 45)
			add(w);
		else if (dice < 80)
			look_up(w);
		else if (dice < 90)
			poll_changes(w);
		else if (dice < 95)
			enumerate(w);
		else if (dice < 98)
			delete_routes(w);
		else {
			leave(w);
			enter(w);
		}
	}
	leave(w);
	return NULL;
}

/* Holds and expiries are still under way when the threads have ended. */
static bool
is_at_rest(void)
{
	RTM_ENTITY_INFO info = { INSTANCE, RTM2_AF_INET, { { { 99, 1 } } } };
	RTM_REGN_PROFILE profile;
	RTM_ENTITY_HANDLE self;
	RTM_ENUM_HANDLE en;
	RTM_DEST_INFO dest;
	UINT count = 1;
	DWORD status;

	MUST(RtmRegisterEntity(&info, NULL, NULL, FALSE, &profile, &self));
	MUST(RtmCreateDestEnum(self, RTM_VIEW_MASK_ANY, RTM_ENUM_START, NULL, RTM_BEST_PROTOCOL, &en));
	status = RtmGetEnumDests(self, en, &count, &dest);
	if (status == NO_ERROR)
		MUST(RtmReleaseDests(self, count, &dest));
	MUST(RtmDeregisterEntity(self));
	return status == ERROR_NO_MORE_ITEMS;
}

int
main(int argc, char **argv)
{
	static struct worker workers[THREADS];
	RTM2_STATISTICS left;

	if (argc > 1)
		rounds = (unsigned)strtoul(argv[1], NULL, 0);
	if (argc > 2)
		seed = strtoull(argv[2], NULL, 0);
	for (unsigned i = 0; i < THREADS; i++) {
		workers[i].w_state = seed + i;
		workers[i].w_protocol = i + 1;
		if (pthread_create(&workers[i].w_thread, NULL, work, &workers[i]) != 0)
			abort();
	}
	for (unsigned i = 0; i < THREADS; i++)
		(void)pthread_join(workers[i].w_thread, NULL);
	while (!is_at_rest())
		continue;
	(void)Rtm2GetStatistics(NULL, &left);
	printf("seed %llu, %u rounds a thread, %u events; left: %llu entities, %llu routes, %llu next hops, %llu destinations, "
	       "%llu handles\n",
	       seed, rounds, atomic_load(&events), (unsigned long long)left.Entities, (unsigned long long)left.Routes,
	       (unsigned long long)left.NextHops, (unsigned long long)left.Destinations, (unsigned long long)left.Handles);
	if (left.Entities + left.Routes + left.NextHops + left.Destinations + left.Handles != 0)
		atomic_fetch_add(&failures, 1);
	printf("%u passed, %u failed\n", atomic_load(&failures) == 0, atomic_load(&failures));
	return atomic_load(&failures) != 0;
}
