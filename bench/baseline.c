/*
 * baseline.c - the v2 calls that the v1 shim makes, made by a C program: what the shim is measured against.
 *
 *     baseline OWN [FOREIGN]     files with one IPv4 prefix a line
 *
 * The routes of OWN are added by one entity, each as RtmAddRoute does it: is the destination there, then add. Those of
 * FOREIGN are added before, by another entity. Then the first entity is deregistered as RtmDeregisterClient does it. Prints
 * one JSON object, nanoseconds a route of OWN.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "rtmv2.h"

struct table {
	RTM_NET_ADDRESS *t_prefix;
	size_t t_count;
};

static double
now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (double)ts.tv_sec * 1e9 + (double)ts.tv_nsec;
}

static void
must(DWORD status, const char *what)
{
	if (status != NO_ERROR) {
		fprintf(stderr, "%s: %u\n", what, (unsigned)status);
		exit(1);
	}
}

static struct table
read_table(const char *name)
{
	struct table t = { NULL, 0 };
	FILE *f = fopen(name, "r");
	unsigned a, b, c, d, bits;
	size_t room = 0;

	if (f == NULL) {
		perror(name);
		exit(2);
	}
	while (fscanf(f, "%u.%u.%u.%u/%u", &a, &b, &c, &d, &bits) == 5) {
		if (t.t_count == room) {
			room = room * 2 + 1024;
			if ((t.t_prefix = realloc(t.t_prefix, room * sizeof(*t.t_prefix))) == NULL)
				abort();
		}
		t.t_prefix[t.t_count++] = (RTM_NET_ADDRESS){ RTM2_AF_INET, (USHORT)bits,
			                                     { (UCHAR)a, (UCHAR)b, (UCHAR)c, (UCHAR)d } };
	}
	fclose(f);
	return t;
}

static RTM_ENTITY_HANDLE
enter(ULONG protocol, RTM_REGN_PROFILE *profile)
{
	RTM_ENTITY_INFO info = { 0, RTM2_AF_INET, { { { protocol, 1 } } } };
	RTM_ENTITY_HANDLE self;

	must(RtmRegisterEntity(&info, NULL, NULL, FALSE, profile, &self), "RtmRegisterEntity");
	return self;
}

static void
add(RTM_ENTITY_HANDLE self, const struct table *t)
{
	RTM_NEXTHOP_INFO hop = { .NextHopAddress = { RTM2_AF_INET, 32, { 192, 0, 2, 1 } }, .InterfaceIndex = 1 };
	RTM_NEXTHOP_HANDLE hop_handle = NULL;
	RTM_ROUTE_INFO route = { .BelongsToViews = RTM_VIEW_MASK_UCAST };
	DWORD flags;

	must(RtmAddNextHop(self, &hop, &hop_handle, &flags), "RtmAddNextHop");
	route.Neighbour = hop_handle;
	route.NextHopsList.NumNextHops = 1;
	route.NextHopsList.NextHops[0] = hop_handle;
	for (size_t i = 0; i < t->t_count; i++) {
		union {
			RTM_DEST_INFO info;
			char room[RTM_SIZE_OF_DEST_INFO(2)];
		} dest;

		if (RtmGetExactMatchDestination(self, &t->t_prefix[i], RTM_BEST_PROTOCOL, RTM_VIEW_MASK_UCAST, &dest.info) ==
		    NO_ERROR)
			RtmReleaseDestInfo(self, &dest.info);
		flags = 0;
		must(RtmAddRouteToDest(self, NULL, &t->t_prefix[i], &route, INFINITE, NULL, 0, NULL, &flags),
		     "RtmAddRouteToDest");
	}
}

static void
leave(RTM_ENTITY_HANDLE self, UINT batch)
{
	RTM_ENUM_HANDLE en;
	HANDLE handles[64];
	DWORD flags;
	UINT n;

	must(RtmCreateRouteEnum(self, NULL, RTM_VIEW_MASK_ANY, RTM_ENUM_OWN_ROUTES, NULL, RTM_MATCH_NONE, NULL, 0, &en),
	     "RtmCreateRouteEnum");
	while (n = batch, RtmGetEnumRoutes(self, en, &n, handles) == NO_ERROR)
		for (UINT i = 0; i < n; i++)
			must(RtmDeleteRouteToDest(self, handles[i], &flags), "RtmDeleteRouteToDest");
	must(RtmDeleteEnumHandle(self, en), "RtmDeleteEnumHandle");
	must(RtmCreateNextHopEnum(self, RTM_ENUM_START, NULL, &en), "RtmCreateNextHopEnum");
	while (n = batch, RtmGetEnumNextHops(self, en, &n, handles) == NO_ERROR)
		for (UINT i = 0; i < n; i++)
			must(RtmDeleteNextHop(self, handles[i], NULL), "RtmDeleteNextHop");
	must(RtmDeleteEnumHandle(self, en), "RtmDeleteEnumHandle");
	must(RtmDeregisterEntity(self), "RtmDeregisterEntity");
}

int
main(int argc, char **argv)
{
	RTM_REGN_PROFILE profile;
	RTM_ENTITY_HANDLE self;
	struct table own;
	double t0, t1, t2;

	if (argc < 2) {
		fprintf(stderr, "usage: baseline OWN [FOREIGN]\n");
		return 2;
	}
	own = read_table(argv[1]);
	if (argc > 2) {
		struct table foreign = read_table(argv[2]);

		add(enter(13, &profile), &foreign);
	}
	self = enter(8, &profile);
	t0 = now();
	add(self, &own);
	t1 = now();
	leave(self, profile.MaxHandlesInEnum);
	t2 = now();
	printf("{\"routes\":%zu,\"add\":%.1f,\"deregister\":%.1f}\n", own.t_count, (t1 - t0) / (double)own.t_count,
	       (t2 - t1) / (double)own.t_count);
	return 0;
}
