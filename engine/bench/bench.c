/*
 * bench.c - what the engine costs on full tables: nanoseconds and bytes a route.
 *
 *     rtm2-bench [-g] [FILE [FILE]]
 *
 * A FILE has one prefix a line, all of one family. A family without a file has a table made up. With -g tables of 10,000 to
 * 4,000,000 routes are measured instead, each figure beside that of the smallest: what is more than twice as much does not
 * grow as it should, other than by what the processor's cache no longer holds.
 *
 * A round measures everything once on each table, beginning with an empty one; so what disturbs the machine for a while
 * disturbs all tables, and the best and the middle one of the rounds are told. Times are the process's own.
 */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "prefixes.h"

#define LOOKUPS 1000000u
#define ROUNDS 5
#define GROWTH_ROUNDS 3
#define MAX_TABLES 4

enum figure { ADD, LONGEST, EXACT, OWN, SHUFFLED_ADD, SHUFFLED_DELETE, BYTES, FIGURES };

static const char *const names[FIGURES] = {
	[ADD] = "RtmAddRouteToDest, new routes, in order",
	[LONGEST] = "RtmGetMostSpecificDestination and release",
	[EXACT] = "RtmGetExactMatchDestination and release",
	[OWN] = "RtmGetEnumRoutes, own, and RtmDeleteRouteToDest",
	[SHUFFLED_ADD] = "RtmAddRouteToDest, new routes, shuffled",
	[SHUFFLED_DELETE] = "RtmDeleteRouteToDest, shuffled otherwise",
	[BYTES] = "memory a route",
};

struct subject {
	struct prefixes s_prefixes;
	RTM_NET_ADDRESS *s_addresses; /* to look up */
	uint32_t *s_order;            /* a permutation of the prefixes */
	RTM_ROUTE_HANDLE *s_handles;
	double s_found;               /* of the addresses, in percent */
	double s_samples[FIGURES][ROUNDS];
};

struct session {
	RTM_ENTITY_HANDLE n_self;
	RTM_NEXTHOP_HANDLE n_hop;
	RTM_ROUTE_INFO n_route;
};

static double
now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &ts);
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

static void *
must_alloc(size_t size)
{
	void *memory = malloc(size);

	if (memory == NULL)
		abort();
	return memory;
}

/*
 * Subjects
 */

static void
shuffle(uint32_t *order, size_t count)
{
	for (size_t i = count; i > 1; i--) {
		size_t k = (size_t)((uint64_t)draw() * i >> 32);
		uint32_t held = order[i - 1];

		order[i - 1] = order[k];
		order[k] = held;
	}
}

/* Any address, or any of one of the prefixes. */
static void
draw_address(const struct prefixes *x, bool any, RTM_NET_ADDRESS *address)
{
	const RTM_NET_ADDRESS *p = &x->x_at[(size_t)((uint64_t)draw() * x->x_count >> 32)];
	unsigned octets = p->AddressFamily == RTM2_AF_INET ? 4 : 16;
	unsigned kept = any ? 0 : p->NumBits;

	*address = *p;
	address->NumBits = (USHORT)(8 * octets);
	for (unsigned bit = kept; bit < 8 * octets; bit++)
		address->AddrBits[bit / 8] ^= (UCHAR)((draw() & 1) << (7 - bit % 8));
}

/* Of IPv4 addresses any is looked up; IPv6 is too wide for that, and small tables have too few prefixes: there those of
 * prefixes. */
static void
subject_prepare(struct subject *s, bool growth)
{
	bool any = !growth && s->s_prefixes.x_at[0].AddressFamily == RTM2_AF_INET;
	size_t count = s->s_prefixes.x_count;

	s->s_addresses = must_alloc(LOOKUPS * sizeof(*s->s_addresses));
	s->s_order = must_alloc(count * sizeof(*s->s_order));
	s->s_handles = must_alloc(count * sizeof(*s->s_handles));
	for (size_t i = 0; i < LOOKUPS; i++)
		draw_address(&s->s_prefixes, any, &s->s_addresses[i]);
	for (size_t i = 0; i < count; i++)
		s->s_order[i] = (uint32_t)i;
}

static void
subject_free(struct subject *s)
{
	prefixes_free(&s->s_prefixes);
	free(s->s_addresses);
	free(s->s_order);
	free(s->s_handles);
}

/*
 * Measuring
 */

static void
session_begin(struct session *n, USHORT family)
{
	RTM_ENTITY_INFO info = { 0, family, { { { 8, 1 } } } };
	RTM_REGN_PROFILE profile;
	RTM_NEXTHOP_INFO hop;
	DWORD flags;

	memset(n, 0, sizeof(*n));
	must(RtmRegisterEntity(&info, NULL, NULL, FALSE, &profile, &n->n_self), "RtmRegisterEntity");
	memset(&hop, 0, sizeof(hop));
	hop.NextHopAddress.AddressFamily = family;
	hop.NextHopAddress.NumBits = family == RTM2_AF_INET ? 32 : 128;
	hop.InterfaceIndex = 1;
	must(RtmAddNextHop(n->n_self, &hop, &n->n_hop, &flags), "RtmAddNextHop");
	n->n_route.Neighbour = n->n_hop;
	n->n_route.BelongsToViews = RTM_VIEW_MASK_UCAST;
	n->n_route.NextHopsList.NumNextHops = 1;
	n->n_route.NextHopsList.NextHops[0] = n->n_hop;
}

static void
session_end(struct session *n)
{
	RTM2_STATISTICS left;

	must(RtmDeleteNextHop(n->n_self, n->n_hop, NULL), "RtmDeleteNextHop");
	must(RtmDeregisterEntity(n->n_self), "RtmDeregisterEntity");
	must(Rtm2GetStatistics(NULL, &left), "Rtm2GetStatistics");
	if (left.Routes != 0 || left.Handles != 0) {
		fprintf(stderr, "%llu routes, %llu handles left\n", (unsigned long long)left.Routes,
		        (unsigned long long)left.Handles);
		exit(1);
	}
}

static double
add_in_order(struct session *n, struct subject *s)
{
	double from = now();

	for (size_t i = 0; i < s->s_prefixes.x_count; i++) {
		DWORD flags = 0;

		must(RtmAddRouteToDest(n->n_self, NULL, &s->s_prefixes.x_at[i], &n->n_route, INFINITE, NULL, 0, NULL, &flags),
		     "RtmAddRouteToDest");
	}
	return (now() - from) / (double)s->s_prefixes.x_count;
}

static double
add_shuffled(struct session *n, struct subject *s)
{
	double from;

	shuffle(s->s_order, s->s_prefixes.x_count);
	memset(s->s_handles, 0, s->s_prefixes.x_count * sizeof(*s->s_handles));
	from = now();
	for (size_t i = 0; i < s->s_prefixes.x_count; i++) {
		DWORD flags = 0;

		must(RtmAddRouteToDest(n->n_self, &s->s_handles[s->s_order[i]], &s->s_prefixes.x_at[s->s_order[i]],
		                       &n->n_route, INFINITE, NULL, 0, NULL, &flags),
		     "RtmAddRouteToDest");
	}
	return (now() - from) / (double)s->s_prefixes.x_count;
}

static double
delete_shuffled(struct session *n, struct subject *s)
{
	double from;

	shuffle(s->s_order, s->s_prefixes.x_count);
	from = now();
	for (size_t i = 0; i < s->s_prefixes.x_count; i++) {
		DWORD flags;

		must(RtmDeleteRouteToDest(n->n_self, s->s_handles[s->s_order[i]], &flags), "RtmDeleteRouteToDest");
	}
	return (now() - from) / (double)s->s_prefixes.x_count;
}

static double
match_longest(struct session *n, struct subject *s)
{
	size_t found = 0;
	double from = now();

	for (size_t i = 0; i < LOOKUPS; i++) {
		RTM_DEST_INFO dest;

		if (RtmGetMostSpecificDestination(n->n_self, &s->s_addresses[i], RTM_BEST_PROTOCOL, RTM_VIEW_MASK_UCAST,
		                                  &dest) != NO_ERROR)
			continue;
		must(RtmReleaseDestInfo(n->n_self, &dest), "RtmReleaseDestInfo");
		found++;
	}
	s->s_found = 100.0 * (double)found / LOOKUPS;
	return (now() - from) / LOOKUPS;
}

static double
match_exact(struct session *n, struct subject *s)
{
	size_t count = s->s_prefixes.x_count, lookups = count < LOOKUPS ? count : LOOKUPS;
	double from;

	shuffle(s->s_order, count);
	from = now();
	for (size_t i = 0; i < lookups; i++) {
		RTM_DEST_INFO dest;

		must(RtmGetExactMatchDestination(n->n_self, &s->s_prefixes.x_at[s->s_order[i]], RTM_BEST_PROTOCOL,
		                                 RTM_VIEW_MASK_UCAST, &dest),
		     "RtmGetExactMatchDestination");
		must(RtmReleaseDestInfo(n->n_self, &dest), "RtmReleaseDestInfo");
	}
	return (now() - from) / (double)lookups;
}

static double
delete_own(struct session *n, struct subject *s)
{
	RTM_ENUM_HANDLE en;
	HANDLE handles[64];
	size_t deleted = 0;
	UINT got = 64;
	double from = now(), until;

	must(RtmCreateRouteEnum(n->n_self, NULL, RTM_VIEW_MASK_ANY, RTM_ENUM_OWN_ROUTES, NULL, RTM_MATCH_NONE, NULL, 0, &en),
	     "RtmCreateRouteEnum");
	while (RtmGetEnumRoutes(n->n_self, en, &got, handles) == NO_ERROR) {
		for (UINT i = 0; i < got; i++) {
			DWORD flags;

			must(RtmDeleteRouteToDest(n->n_self, handles[i], &flags), "RtmDeleteRouteToDest");
		}
		deleted += got;
		got = 64;
	}
	until = now();
	must(RtmDeleteEnumHandle(n->n_self, en), "RtmDeleteEnumHandle");
	if (deleted != s->s_prefixes.x_count) {
		fprintf(stderr, "%zu of %zu routes enumerated\n", deleted, s->s_prefixes.x_count);
		exit(1);
	}
	return (until - from) / (double)deleted;
}

static void
measure(struct subject *s, unsigned round)
{
	RTM2_STATISTICS empty, full;
	struct session n;

	session_begin(&n, s->s_prefixes.x_at[0].AddressFamily);
	must(Rtm2GetStatistics(NULL, &empty), "Rtm2GetStatistics");
	s->s_samples[ADD][round] = add_in_order(&n, s);
	must(Rtm2GetStatistics(NULL, &full), "Rtm2GetStatistics");
	s->s_samples[BYTES][round] = (double)(full.Bytes - empty.Bytes) / (double)s->s_prefixes.x_count;
	s->s_samples[LONGEST][round] = match_longest(&n, s);
	s->s_samples[EXACT][round] = match_exact(&n, s);
	s->s_samples[OWN][round] = delete_own(&n, s);
	s->s_samples[SHUFFLED_ADD][round] = add_shuffled(&n, s);
	s->s_samples[SHUFFLED_DELETE][round] = delete_shuffled(&n, s);
	session_end(&n);
}

/*
 * Telling
 */

static int
compare(const void *a, const void *b)
{
	const double *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

static void
report(struct subject *s, const struct subject *beside, unsigned rounds)
{
	printf("\nIPv%d, %zu routes; %.1f %% of the addresses found\n",
	       s->s_prefixes.x_at[0].AddressFamily == RTM2_AF_INET ? 4 : 6, s->s_prefixes.x_count, s->s_found);
	printf("%-48s %8s %8s %s\n", "", "best", "median", beside != NULL ? "  best, to smallest" : "");
	for (int f = 0; f < FIGURES; f++) {
		qsort(s->s_samples[f], rounds, sizeof(double), compare);
		printf("%-48s %8.1f %8.1f %s", names[f], s->s_samples[f][0], s->s_samples[f][rounds / 2],
		       f == BYTES ? "bytes" : "ns");
		if (beside != NULL)
			printf(" %*.2f", f == BYTES ? 12 : 15, s->s_samples[f][0] / beside->s_samples[f][0]);
		printf("\n");
	}
}

static struct subject subjects[MAX_TABLES];

static void
run(unsigned count, unsigned rounds, bool growth)
{
	for (unsigned i = 0; i < count; i++)
		subject_prepare(&subjects[i], growth);
	for (unsigned round = 0; round < rounds; round++)
		for (unsigned i = 0; i < count; i++)
			measure(&subjects[i], round);
	for (unsigned i = 0; i < count; i++)
		report(&subjects[i], growth ? &subjects[0] : NULL, rounds);
	for (unsigned i = 0; i < count; i++)
		subject_free(&subjects[i]);
}

static bool
has_family(unsigned count, USHORT family)
{
	for (unsigned i = 0; i < count; i++)
		if (subjects[i].s_prefixes.x_at[0].AddressFamily == family)
			return true;
	return false;
}

int
main(int argc, char **argv)
{
	static const size_t sizes[MAX_TABLES] = { 10000, 100000, 1000000, 4000000 };
	unsigned count = 0;

	if (argc == 2 && strcmp(argv[1], "-g") == 0) {
		for (; count < MAX_TABLES; count++)
			prefixes_generate(&subjects[count].s_prefixes, RTM2_AF_INET, sizes[count]);
		run(count, GROWTH_ROUNDS, true);
		return 0;
	}
	if (argc > 3) {
		fprintf(stderr, "usage: rtm2-bench [-g] [FILE [FILE]]\n");
		return 2;
	}
	for (; count + 1 < (unsigned)argc; count++)
		prefixes_read(&subjects[count].s_prefixes, argv[count + 1]);
	if (!has_family(count, RTM2_AF_INET))
		prefixes_generate(&subjects[count++].s_prefixes, RTM2_AF_INET, 901899);
	if (!has_family(count, RTM2_AF_INET6))
		prefixes_generate(&subjects[count++].s_prefixes, RTM2_AF_INET6, 160147);
	run(count, ROUNDS, false);
	return 0;
}
