/*
 * driver.c - runs a script of calls on the ported functions of MIGRATION.md and prints what each tells, for comparison with
 * what the v1 functions tell for the same script. One call a line, DWORDs in hexadecimal; clients are numbered from 0.
 *
 *     start C PROTOCOL FLAGS MESSAGES           start: register a client
 *     stop C
 *     add C TTL ROUTE                           ROUTE: the 21 DWORDs of an RTM_IP_ROUTE behind the time stamp
 *     delete C ROUTE | block C FLAGS ROUTE
 *     message C                                 the next one
 *     is C NUMBER MASK | count C | age C NUMBER MASK | look C ADDRESS
 *     list C FLAGS ROUTE                        open_routes, next_route, close_routes
 *     first C FLAGS ROUTE | next C FLAGS ROUTE
 *     table                                     every client's own routes in full
 *     left                                      what is left when every client has stopped, as far as the library can tell
 *
 * Routes that a client reads are printed as far as RTM knows them, whoever owns them; those of `table` in full.
 */
#include "port.c"

#include <stdio.h>

#define CLIENTS 8
#define MAX_ROUTES 512

static CLIENT *clients[CLIENTS];
static HANDLE events[CLIENTS];
static char line[1024];
static char *rest;

/* The next number of the line, 0 where there is none. */
static DWORD number(void)
{
	return (DWORD)strtoul(rest, &rest, 16);
}

static RTM_IP_ROUTE route_argument(void)
{
	RTM_IP_ROUTE route;
	DWORD *words = (DWORD *)(void *)&route;
	unsigned i;

	memset(&route, 0, sizeof(route));
	for (i = 2; i < sizeof(route) / sizeof(DWORD); i++)
		words[i] = number();
	return route;
}

typedef char KNOWN_TEXT[80];

static void describe_known(const RTM_IP_ROUTE *route, KNOWN_TEXT text)
{
	snprintf(text, sizeof(KNOWN_TEXT), " [%x %x/%x %x %x %x %x]", (unsigned)route->RR_RoutingProtocol,
	         (unsigned)route->RR_Network.N_NetNumber, (unsigned)route->RR_Network.N_NetMask,
	         (unsigned)route->RR_InterfaceID, (unsigned)route->RR_NextHopAddress.N_NetNumber,
	         (unsigned)route->RR_FamilySpecificData.FSD_Priority, (unsigned)route->RR_FamilySpecificData.FSD_Metric);
}

static void print_known(const RTM_IP_ROUTE *route)
{
	KNOWN_TEXT text;

	describe_known(route, text);
	printf("%s", text);
}

static int by_text(const void *one, const void *other)
{
	return strcmp(one, other);
}

static void print_change(DWORD flags, const RTM_IP_ROUTE *current, const RTM_IP_ROUTE *previous)
{
	printf(" %x", (unsigned)flags);
	if (current && (flags & RTM_CURRENT_BEST_ROUTE))
		print_known(current);
	if (previous && (flags & RTM_PREVIOUS_BEST_ROUTE))
		print_known(previous);
}

static int by_bytes(const void *one, const void *other)
{
	return memcmp((const BYTE *)one + sizeof(FILETIME), (const BYTE *)other + sizeof(FILETIME),
	              sizeof(RTM_IP_ROUTE) - sizeof(FILETIME));
}

static void print_table(void)
{
	static RTM_IP_ROUTE routes[MAX_ROUTES];
	unsigned count = 0, i, c, w;

	for (c = 0; c < CLIENTS; c++) {
		ROUTES own;
		RTM_IP_ROUTE criteria;

		if (!clients[c])
			continue;
		memset(&criteria, 0, sizeof(criteria));
		criteria.RR_RoutingProtocol = clients[c]->id.EntityProtocolId;
		if (open_routes(clients[c], RTM_ONLY_THIS_PROTOCOL, &criteria, &own) != NO_ERROR)
			continue;
		while (count < MAX_ROUTES && next_route(&own, &routes[count]) == NO_ERROR)
			count++;
		close_routes(&own);
	}
	qsort(routes, count, sizeof(routes[0]), by_bytes);
	printf(" %u", count);
	for (i = 0; i < count; i++) {
		const DWORD *words = (const DWORD *)(const void *)&routes[i];

		printf("\n  ");
		for (w = 2; w < sizeof(routes[0]) / sizeof(DWORD); w++)
			printf(" %x", (unsigned)words[w]);
	}
}

static void call_start(unsigned c)
{
	DWORD protocol = number(), flags = number(), messages = number();

	events[c] = messages ? CreateEventA(NULL, TRUE, FALSE, NULL) : NULL;
	printf(" %x", (unsigned)start(protocol, events[c], flags, &clients[c]));
}

static void call_stop(unsigned c)
{
	printf(" %x", (unsigned)stop(clients[c]));
	clients[c] = NULL;
	if (events[c])
		CloseHandle(events[c]);
	events[c] = NULL;
}

static void call_list(unsigned c)
{
	static KNOWN_TEXT found[MAX_ROUTES];
	DWORD flags = number();
	RTM_IP_ROUTE criteria = route_argument(), route;
	ROUTES routes;
	unsigned count = 0, i;

	if (open_routes(clients[c], flags, &criteria, &routes) == NO_ERROR) {
		while (count < MAX_ROUTES && next_route(&routes, &route) == NO_ERROR)
			describe_known(&route, found[count++]);
		printf(" closed %x", (unsigned)close_routes(&routes));
	} else {
		printf(" closed 0"); /* version 1 tells that there is nothing when it opens, RTMv2 perhaps later */
	}
	/* Version 1 promises no order. */
	qsort(found, count, sizeof(found[0]), by_text);
	for (i = 0; i < count; i++)
		printf("%s", found[i]);
}

#ifndef HAS_STATISTICS
/* Built against a header that does not know the function: it is looked for in the library. */
static BOOL nothing_is_left(void)
{
	ULONGLONG left[6];
	DWORD(WINAPI * statistics)(RTM_ENTITY_INFO *, PVOID);

	statistics = (__typeof__(statistics))(void (*)(void))GetProcAddress(GetModuleHandleA("rtm.dll"), "Rtm2GetStatistics");
	return statistics && statistics(NULL, left) == NO_ERROR && left[0] + left[1] + left[2] + left[3] + left[4] == 0;
}
#endif

/* ERROR_NOT_FOUND is RTMv2's number for what version 1 called ERROR_NO_SUCH_ROUTE and ERROR_NO_ROUTES. */
static DWORD as_v1(DWORD status)
{
	return status == ERROR_NOT_FOUND ? ERROR_NO_SUCH_ROUTE : status;
}

static void call_add(unsigned c)
{
	DWORD seconds = number(), flags;
	RTM_IP_ROUTE route = route_argument(), current, previous;
	DWORD status = add_route(clients[c], &route, seconds, &flags, &current, &previous);

	printf(" %x", (unsigned)status);
	if (status == NO_ERROR)
		print_change(flags, &current, &previous);
}

static void call_delete(unsigned c)
{
	RTM_IP_ROUTE route = route_argument(), current;
	DWORD flags, status = as_v1(delete_route(clients[c], &route, &flags, &current));

	printf(" %x", (unsigned)status);
	if (status == NO_ERROR)
		print_change(flags, &current, NULL);
}

static void call_block(unsigned c)
{
	DWORD flags = number();
	RTM_IP_ROUTE criteria = route_argument();

	printf(" %x", (unsigned)as_v1(delete_matching(clients[c], flags, &criteria)));
}

static void call_message(unsigned c)
{
	RTM_IP_ROUTE current, previous;
	DWORD flags, status = next_message(clients[c], &flags, &current, &previous);

	printf(" %s", status == NO_ERROR ? "a message" : "none");
	if (status == NO_ERROR)
		print_change(flags, &current, &previous);
}

static void print_found(BOOL found, DWORD error, const RTM_IP_ROUTE *route)
{
	printf(" %d %x", found, (unsigned)error);
	if (found)
		print_known(route);
}

static void call_is(unsigned c)
{
	RTM_IP_ROUTE route;
	IP_NETWORK network;
	DWORD error;
	BOOL found;

	network.N_NetNumber = number();
	network.N_NetMask = number();
	found = is_route(clients[c], &network, &route, &error);
	print_found(found, error, &route);
}

static void call_age(unsigned c)
{
	RTM_IP_ROUTE route;
	IP_NETWORK network;
	DWORD error;

	network.N_NetNumber = number();
	network.N_NetMask = number();
	if (!is_route(clients[c], &network, &route, &error) || age_of(&route) >= 60) {
		printf(" none");
		return;
	}
	printf(" young");
	print_known(&route);
}

static void call_look(unsigned c)
{
	RTM_IP_ROUTE route;
	DWORD error;
	BOOL found = look_up(clients[c], number(), &route, &error);

	print_found(found, error, &route);
}

static void call_count(unsigned c)
{
	ULONG networks = 0;
	DWORD status = count_networks(clients[c], &networks);

	printf(" %x %lu", (unsigned)status, (unsigned long)networks);
}

static void step(unsigned c, DWORD (*find)(CLIENT *, DWORD, RTM_IP_ROUTE *))
{
	DWORD flags = number(), status;
	RTM_IP_ROUTE route = route_argument();

	status = as_v1(find(clients[c], flags, &route));
	printf(" %x", (unsigned)status);
	if (status == NO_ERROR)
		print_known(&route);
}

static void call_first(unsigned c)
{
	step(c, first_route);
}

static void call_next(unsigned c)
{
	step(c, route_after);
}

static void call_table(unsigned c)
{
	(void)c;
	print_table();
}

static void call_left(unsigned c)
{
	(void)c;
	printf(" %s", nothing_is_left() ? "nothing" : "something");
}

static const struct {
	const char *name;
	void (*run)(unsigned c);
} calls[] = {
	{"start", call_start}, {"stop", call_stop},   {"add", call_add},     {"delete", call_delete}, {"block", call_block},
	{"message", call_message}, {"is", call_is},   {"age", call_age},     {"look", call_look},     {"count", call_count},
	{"list", call_list},   {"first", call_first}, {"next", call_next},   {"table", call_table},   {"left", call_left},
};

static void run(const char *name)
{
	unsigned c = 0, i = 0;

	if (strcmp(name, "table") != 0 && strcmp(name, "left") != 0)
		c = number() % CLIENTS;
	while (i < sizeof(calls) / sizeof(calls[0]) && strcmp(calls[i].name, name) != 0)
		i++;
	if (i == sizeof(calls) / sizeof(calls[0]))
		printf(" no such call");
	else
		calls[i].run(c);
}

int main(void)
{
	while (fgets(line, sizeof(line), stdin)) {
		char call[16] = "";
		int length = 0;

		if (sscanf(line, "%15s%n", call, &length) != 1)
			continue;
		rest = line + length;
		printf("%s", call);
		run(call);
		printf("\n");
	}
	return 0;
}
