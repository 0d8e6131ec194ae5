/*
 * bench.c - what the engine costs on a full table: nanoseconds and bytes a route.
 *
 *     rtm2-bench [FILE]     FILE has one IPv4 prefix a line (a.b.c.d/len); without it a table is generated
 *
 * One pass: add every route, look random addresses up, enumerate the routes owned and delete each.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "rtmv2.h"

#define LOOKUPS 4000000u

static RTM_NET_ADDRESS *prefixes;
static size_t count;

static double
now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (double)ts.tv_sec * 1e9 + (double)ts.tv_nsec;
}

static uint64_t state = 1;

static uint32_t
draw(void)
{
	state = state * 6364136223846793005u + 1442695040888963407u;
	return (uint32_t)(state >> 32);
}

static void
push(uint32_t address, unsigned bits)
{
	static size_t room;
	RTM_NET_ADDRESS *p;

	if (count == room) {
		room = room * 2 + 1024;
		prefixes = realloc(prefixes, room * sizeof(*prefixes));
		if (prefixes == NULL)
			abort();
	}
	p = &prefixes[count++];
	memset(p, 0, sizeof(*p));
	p->AddressFamily = RTM2_AF_INET;
	p->NumBits = (USHORT)bits;
	for (unsigned i = 0; i < 4; i++)
		p->AddrBits[i] = (UCHAR)(address >> (24 - 8 * i));
}

static void
read_file(const char *name)
{
	FILE *f = fopen(name, "r");
	unsigned a, b, c, d, bits;

	if (f == NULL) {
		perror(name);
		exit(2);
	}
	while (fscanf(f, "%u.%u.%u.%u/%u", &a, &b, &c, &d, &bits) == 5)
		push(a << 24 | b << 16 | c << 8 | d, bits);
	fclose(f);
}

/* Prefixes by length as in the Internet's table; the addresses are random, in order, and may repeat. */
static void
generate(void)
{
	static const unsigned lengths[][2] = { { 8, 16 }, { 11, 103 }, { 12, 299 }, { 13, 581 }, { 14, 1203 }, { 15, 2100 },
		{ 16, 13490 }, { 17, 8235 }, { 18, 13798 }, { 19, 24870 }, { 20, 42611 }, { 21, 50750 }, { 22, 108623 },
		{ 23, 96510 }, { 24, 537698 }, { 32, 886 } };

	for (size_t i = 0; i < sizeof(lengths) / sizeof(lengths[0]); i++)
		for (unsigned k = 0; k < lengths[i][1]; k++)
			push(((1u << 24) + draw() % (223u << 24)) & ~(uint32_t)(0xFFFFFFFFull >> lengths[i][0]), lengths[i][0]);
}

static void
must(DWORD status, const char *what)
{
	if (status != NO_ERROR) {
		fprintf(stderr, "%s: %u\n", what, (unsigned)status);
		exit(1);
	}
}

static void
report(const char *what, double from, double until, size_t n)
{
	printf("%-44s %8.1f ns\n", what, (until - from) / (double)n);
}

int
main(int argc, char **argv)
{
	RTM_ENTITY_INFO info = { 0, RTM2_AF_INET, { { { 8, 1 } } } };
	RTM_REGN_PROFILE profile;
	RTM_ENTITY_HANDLE self;
	RTM_NEXTHOP_INFO hop;
	RTM_NEXTHOP_HANDLE hop_handle = NULL;
	RTM_ROUTE_INFO route;
	RTM_ENUM_HANDLE en;
	RTM2_STATISTICS empty, full;
	DWORD flags;
	size_t added = 0, deleted = 0, found = 0;
	double t0, t1;

	if (argc > 1)
		read_file(argv[1]);
	else
		generate();
	must(RtmRegisterEntity(&info, NULL, NULL, FALSE, &profile, &self), "RtmRegisterEntity");
	memset(&hop, 0, sizeof(hop));
	hop.NextHopAddress.AddressFamily = RTM2_AF_INET;
	hop.NextHopAddress.NumBits = 32;
	hop.InterfaceIndex = 1;
	must(RtmAddNextHop(self, &hop, &hop_handle, &flags), "RtmAddNextHop");
	memset(&route, 0, sizeof(route));
	route.Neighbour = hop_handle;
	route.BelongsToViews = RTM_VIEW_MASK_UCAST;
	route.NextHopsList.NumNextHops = 1;
	route.NextHopsList.NextHops[0] = hop_handle;
	Rtm2GetStatistics(NULL, &empty);

	t0 = now();
	for (size_t i = 0; i < count; i++) {
		flags = 0;
		must(RtmAddRouteToDest(self, NULL, &prefixes[i], &route, INFINITE, NULL, 0, NULL, &flags), "RtmAddRouteToDest");
		added += (flags & RTM_ROUTE_CHANGE_NEW) != 0;
	}
	t1 = now();
	Rtm2GetStatistics(NULL, &full);
	printf("%zu routes, %zu different\n", count, added);
	report("RtmAddRouteToDest", t0, t1, count);

	t0 = now();
	for (unsigned i = 0; i < LOOKUPS; i++) {
		RTM_NET_ADDRESS address = { RTM2_AF_INET, 32, { 0 } };
		RTM_DEST_INFO dest;
		uint32_t a = draw();

		memcpy(address.AddrBits, &a, 4);
		if (RtmGetMostSpecificDestination(self, &address, RTM_BEST_PROTOCOL, RTM_VIEW_MASK_UCAST, &dest) == NO_ERROR) {
			found++;
			RtmReleaseDestInfo(self, &dest);
		}
	}
	t1 = now();
	report("RtmGetMostSpecificDestination and release", t0, t1, LOOKUPS);
	printf("%44.1f %% found\n", 100.0 * (double)found / LOOKUPS);

	t0 = now();
	must(RtmCreateRouteEnum(self, NULL, RTM_VIEW_MASK_ANY, RTM_ENUM_OWN_ROUTES, NULL, RTM_MATCH_NONE, NULL, 0, &en),
	     "RtmCreateRouteEnum");
	for (;;) {
		HANDLE handles[64];
		UINT n = profile.MaxHandlesInEnum;

		if (RtmGetEnumRoutes(self, en, &n, handles) != NO_ERROR)
			break;
		for (UINT i = 0; i < n; i++)
			must(RtmDeleteRouteToDest(self, handles[i], &flags), "RtmDeleteRouteToDest");
		deleted += n;
	}
	must(RtmDeleteEnumHandle(self, en), "RtmDeleteEnumHandle");
	t1 = now();
	report("RtmGetEnumRoutes and RtmDeleteRouteToDest", t0, t1, deleted);
	printf("%-44s %8.1f bytes a route\n", "memory", (double)(full.Bytes - empty.Bytes) / (double)added);
	must(RtmDeleteNextHop(self, hop_handle, NULL), "RtmDeleteNextHop");
	must(RtmDeregisterEntity(self), "RtmDeregisterEntity");
	Rtm2GetStatistics(NULL, &full);
	printf("%llu routes, %llu handles left, %llu bytes\n", (unsigned long long)full.Routes,
	       (unsigned long long)full.Handles, (unsigned long long)full.Bytes);
	return deleted == added ? 0 : 1;
}
