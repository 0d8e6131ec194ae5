/*
 * driver.c - runs a script of calls on the ported functions of MIGRATION.md and prints what each tells, for comparison
 * with what the v1 functions tell for the same script. One call a line, DWORDs in hexadecimal; clients and enumerations
 * are numbered from 0, and one that there is not has the handle NULL.
 *
 *     start C PROTOCOL FLAGS EVENT              EVENT: 0 none, else the number of an event, which clients may share
 *     stop C
 *     add C TTL ROUTE WANTED                    ROUTE: the 21 DWORDs of an RTM_IP_ROUTE behind its time stamp, or null;
 *     delete C ROUTE WANTED                     WANTED: 1 flags, 2 current, 4 previous; what is not wanted is NULL
 *     block C FLAGS ROUTE
 *     message C WANTED                          the next one
 *     is C NUMBER MASK | count C | age C NUMBER MASK | look C ADDRESS
 *     open C E FLAGS ROUTE | read E | close E   an enumeration, and one route of it
 *     list C FLAGS ROUTE                        open_routes, next_route, close_routes
 *     first C FLAGS ROUTE | next C FLAGS ROUTE
 *     table                                     all routes that there are
 *     stamp LOW HIGH                            age_of a route with a time stamp so many 100 ns before now
 *     set EVENT | reset EVENT                   by the program itself
 *     who N                                     which of two entities that call RTMv2 themselves the next lines are for
 *     native PROTOCOL                           it comes
 *     nadd PREFERENCE METRIC FLAGS FLAGS1 NUMBER MASK [VIEWS NOWHERE]   its route to a network, in the unicast view if
 *                                               none is named, without a next hop if NOWHERE is not 0
 *     ndelete NUMBER MASK                       one that it deletes
 *     nleave
 *     hold | release                            the thread of RTM stands still meanwhile
 *     expire EVENT                              releases it, and waits until the event is set
 *     expiring C ROUTE                          the time of a route is up, as RTM tells its owner before it deletes it
 *     many C COUNT                              adds so many networks, and tells whether the memory of them is even
 *     fault N                                   the Nth allocation or call from now fails, see faults.h; none for 0
 *     null C                                    NULL for the pointers that version 1 refuses, and for one that may be it
 *     remembered                                how many networks the port remembers
 *     left                                      what is left when all clients have stopped, as far as the library tells
 *
 * Every line ends with the state of each event, from 1: when the call has returned, and when RTM's thread has done what
 * it has to do, for which calls that are not of the ported functions wait. Routes are printed in full, with a `*` where
 * the time stamp is one of the last minute; `=` is a buffer that was left alone, and `-` one that was not wanted.
 */
#include "faults.h"
#include "rtm1.c"
#include "no_faults.h"

#include <stdio.h>

#include "left.h"

#define CLIENTS 8
#define ENUMERATIONS 8
#define EVENTS 4
#define NATIVES 2
#define NATIVE_ROUTES 64
#define MAX_ROUTES 2048
#define ROUTE_WORDS (sizeof(RTM_IP_ROUTE) / sizeof(DWORD))
#define UNTOUCHED 0xA5
#define BARRIER_PROTOCOL 0x7001
#define HOLD_PROTOCOL 0x7002
#define HAND_PROTOCOL 0x7003
#define PATIENCE_MS 20000

enum { WANT_FLAGS = 1, WANT_CURRENT = 2, WANT_PREVIOUS = 4 };

static CLIENT *clients[CLIENTS];
static ROUTES *enumerations[ENUMERATIONS];
static HANDLE events[EVENTS];
static char line[1024];
static char *rest;

/* The next number of the line, 0 where there is none. */
static DWORD number(void)
{
	return (DWORD)strtoul(rest, &rest, 16);
}

/* The next route of the line; NULL for `null`. */
static RTM_IP_ROUTE *route_argument(RTM_IP_ROUTE *route)
{
	DWORD *words = (DWORD *)(void *)route;
	unsigned i;

	memset(route, 0, sizeof(*route));
	rest += strspn(rest, " ");
	if (strncmp(rest, "null", 4) == 0) {
		rest += 4;
		return NULL;
	}
	for (i = 2; i < ROUTE_WORDS; i++)
		words[i] = number();
	return route;
}

static void must(DWORD status, const char *call)
{
	if (status == NO_ERROR)
		return;
	fprintf(stderr, "%s: %u\n", call, (unsigned)status);
	exit(1);
}

/*
 * What is printed
 */

typedef char ROUTE_TEXT[ROUTE_WORDS * 9 + 4];

static void describe_route(const RTM_IP_ROUTE *route, ROUTE_TEXT text)
{
	const DWORD *words = (const DWORD *)(const void *)route;
	char *end = text;
	unsigned i;

	end += sprintf(end, "[");
	for (i = 2; i < ROUTE_WORDS; i++)
		end += sprintf(end, "%x ", (unsigned)words[i]);
	sprintf(end - 1, "]%s", age_of(route) < 60 ? "*" : "");
}

/* A buffer that a call may fill in. */
typedef struct {
	RTM_IP_ROUTE route;
	BOOL wanted;
} BUFFER;

static RTM_IP_ROUTE *prepare(BUFFER *buffer, BOOL wanted)
{
	memset(&buffer->route, UNTOUCHED, sizeof(buffer->route));
	buffer->wanted = wanted;
	return wanted ? &buffer->route : NULL;
}

static void print_buffer(const BUFFER *buffer)
{
	RTM_IP_ROUTE untouched;
	ROUTE_TEXT text;

	memset(&untouched, UNTOUCHED, sizeof(untouched));
	if (!buffer->wanted) {
		printf(" -");
	} else if (memcmp(&buffer->route, &untouched, sizeof(untouched)) == 0) {
		printf(" =");
	} else {
		describe_route(&buffer->route, text);
		printf(" %s", text);
	}
}

typedef struct {
	DWORD flags;
	BOOL wants_flags;
	BUFFER current, previous;
} OUTPUTS;

static void print_outputs(DWORD status, const OUTPUTS *outputs)
{
	printf(" %x", (unsigned)status);
	if (!outputs->wants_flags)
		printf(" -");
	else if (outputs->flags == 0xA5A5A5A5u)
		printf(" =");
	else
		printf(" %x", (unsigned)outputs->flags);
	print_buffer(&outputs->current);
	print_buffer(&outputs->previous);
}

static void prepare_outputs(OUTPUTS *outputs, DWORD wanted)
{
	outputs->flags = 0xA5A5A5A5u;
	outputs->wants_flags = (wanted & WANT_FLAGS) != 0;
	prepare(&outputs->current, (wanted & WANT_CURRENT) != 0);
	prepare(&outputs->previous, (wanted & WANT_PREVIOUS) != 0);
}

#define FLAGS_OF(outputs) ((outputs).wants_flags ? &(outputs).flags : NULL)
#define ROUTE_OF(buffer) ((buffer).wanted ? &(buffer).route : NULL)

static void print_events(void)
{
	unsigned e;

	printf(" |");
	for (e = 1; e < EVENTS; e++)
		if (events[e])
			printf(" %u", WaitForSingleObject(events[e], 0) == WAIT_OBJECT_0);
}

/*
 * The ported functions
 */

static void call_start(void)
{
	unsigned c = number() % CLIENTS;
	DWORD protocol = number(), flags = number(), event = number() % EVENTS;

	if (event && !events[event])
		events[event] = CreateEventA(NULL, TRUE, FALSE, NULL);
	printf(" %x", (unsigned)start(protocol, events[event], flags, &clients[c]));
}

static void call_stop(void)
{
	unsigned c = number() % CLIENTS;
	DWORD status = stop(clients[c]);

	printf(" %x", (unsigned)status);
	if (status == NO_ERROR)
		clients[c] = NULL;
}

static void call_add(void)
{
	CLIENT *client = clients[number() % CLIENTS];
	DWORD seconds = number();
	RTM_IP_ROUTE storage, *route = route_argument(&storage);
	OUTPUTS outputs;

	prepare_outputs(&outputs, number());
	print_outputs(add_route(client, route, seconds, FLAGS_OF(outputs), ROUTE_OF(outputs.current),
	                        ROUTE_OF(outputs.previous)),
	              &outputs);
}

static void call_delete(void)
{
	CLIENT *client = clients[number() % CLIENTS];
	RTM_IP_ROUTE storage, *route = route_argument(&storage);
	OUTPUTS outputs;

	prepare_outputs(&outputs, number() & ~(DWORD)WANT_PREVIOUS);
	print_outputs(delete_route(client, route, FLAGS_OF(outputs), ROUTE_OF(outputs.current)), &outputs);
}

static void call_block(void)
{
	CLIENT *client = clients[number() % CLIENTS];
	DWORD flags = number();
	RTM_IP_ROUTE storage, *criteria = route_argument(&storage);

	printf(" %x", (unsigned)delete_matching(client, flags, criteria));
}

static void call_message(void)
{
	CLIENT *client = clients[number() % CLIENTS];
	OUTPUTS outputs;

	prepare_outputs(&outputs, number());
	print_outputs(next_message(client, FLAGS_OF(outputs), ROUTE_OF(outputs.current), ROUTE_OF(outputs.previous)),
	              &outputs);
}

static void print_found(BOOL found, DWORD error, const BUFFER *buffer)
{
	printf(" %d", found);
	if (!found)
		printf(" %x", (unsigned)error);
	print_buffer(buffer);
}

static void call_is(void)
{
	CLIENT *client = clients[number() % CLIENTS];
	DWORD error = 0xA5A5A5A5u;
	IP_NETWORK network;
	BUFFER best;
	BOOL found;

	network.N_NetNumber = number();
	network.N_NetMask = number();
	found = is_route(client, &network, prepare(&best, TRUE), &error);
	print_found(found, error, &best);
}

static void call_age(void)
{
	CLIENT *client = clients[number() % CLIENTS];
	IP_NETWORK network;
	BUFFER best;
	DWORD error;

	network.N_NetNumber = number();
	network.N_NetMask = number();
	if (is_route(client, &network, prepare(&best, TRUE), &error))
		printf(" %s", age_of(&best.route) < 60 ? "young" : "old");
	else
		printf(" none");
}

/* The age of a route of so long ago; in the future where the number is above 2 to the power of 63. */
static void call_stamp(void)
{
	ULONGLONG low = number(), high = number(), then;
	RTM_IP_ROUTE route;
	ULONG age;

	memset(&route, 0, sizeof(route));
	GetSystemTimeAsFileTime(&route.RR_TimeStamp);
	then = ticks(&route.RR_TimeStamp) - (high << 32 | low);
	route.RR_TimeStamp.dwLowDateTime = (DWORD)then;
	route.RR_TimeStamp.dwHighDateTime = (DWORD)(then >> 32);
	SetLastError(NO_ERROR);
	age = age_of(&route);
	printf(" %lx %x", (unsigned long)age, (unsigned)GetLastError());
	SetLastError(NO_ERROR);
	memset(&route, 0, sizeof(route));
	age = age_of(&route);
	printf(" %lx %x", (unsigned long)age, (unsigned)GetLastError());
}

static void call_look(void)
{
	CLIENT *client = clients[number() % CLIENTS];
	DWORD address = number(), error = 0xA5A5A5A5u;
	BUFFER best;
	BOOL found = look_up(client, address, prepare(&best, TRUE), &error);

	print_found(found, error, &best);
}

static void call_count(void)
{
	CLIENT *client = clients[number() % CLIENTS];
	ULONG networks = 0;
	DWORD status = count_networks(client, &networks);

	printf(" %x %lu", (unsigned)status, (unsigned long)networks);
}

static void call_open(void)
{
	CLIENT *client = clients[number() % CLIENTS];
	unsigned e = number() % ENUMERATIONS;
	DWORD flags = number();
	RTM_IP_ROUTE storage, *criteria = route_argument(&storage);

	printf(" %x", (unsigned)open_routes(client, flags, criteria, &enumerations[e]));
}

static void call_read(void)
{
	BUFFER buffer;
	DWORD status = next_route(enumerations[number() % ENUMERATIONS], prepare(&buffer, TRUE));

	printf(" %x", (unsigned)status);
	print_buffer(&buffer);
}

static void call_close(void)
{
	unsigned e = number() % ENUMERATIONS;

	printf(" %x", (unsigned)close_routes(enumerations[e]));
	enumerations[e] = NULL;
}

static int by_text(const void *one, const void *other)
{
	return strcmp(one, other);
}

/* Version 1 promises no order: what was found is printed sorted. */
static void print_list(CLIENT *client, DWORD flags, const RTM_IP_ROUTE *criteria, const char *separator)
{
	static ROUTE_TEXT found[MAX_ROUTES];
	unsigned count = 0, i;
	RTM_IP_ROUTE route;
	ROUTES *routes;
	DWORD status = open_routes(client, flags, criteria, &routes);

	printf(" %x", (unsigned)status);
	if (status != NO_ERROR)
		return;
	while (count < MAX_ROUTES && (status = next_route(routes, &route)) == NO_ERROR)
		describe_route(&route, found[count++]);
	printf(" %x", (unsigned)status);
	printf(" %x", (unsigned)close_routes(routes));
	printf(" %x", (unsigned)close_routes(routes));
	qsort(found, count, sizeof(found[0]), by_text);
	for (i = 0; i < count; i++)
		printf("%s%s", separator, found[i]);
}

static void call_list(void)
{
	CLIENT *client = clients[number() % CLIENTS];
	DWORD flags = number();
	RTM_IP_ROUTE storage, *criteria = route_argument(&storage);

	print_list(client, flags, criteria, " ");
}

static void call_table(void)
{
	unsigned c = 0;

	while (c < CLIENTS - 1 && !clients[c])
		c++;
	print_list(clients[c], 0, NULL, "\n  ");
}

static void step(DWORD (*find)(CLIENT *, DWORD, RTM_IP_ROUTE *))
{
	CLIENT *client = clients[number() % CLIENTS];
	DWORD flags = number(), status;
	RTM_IP_ROUTE storage, *route = route_argument(&storage);
	ROUTE_TEXT text;

	status = find(client, flags, route);
	printf(" %x", (unsigned)status);
	/* In and out are one buffer: what is printed after a failure is what was put in. */
	if (route) {
		describe_route(route, text);
		printf(" %s", text);
	}
}

static void call_first(void)
{
	step(first_route);
}

static void call_next(void)
{
	step(route_after);
}

/*
 * An entity that calls RTMv2 itself, and a hand on RTM's thread
 */

static struct {
	RTM_ENTITY_HANDLE entity;
	RTM_NEXTHOP_HANDLE hop;
	struct {
		RTM_NET_ADDRESS prefix;
		RTM_ROUTE_HANDLE handle;
	} routes[NATIVE_ROUTES];
	unsigned count;
} natives[NATIVES], *who = natives; /* all of them, and the one that acts */

static RTM_ENTITY_HANDLE hand; /* is told of the barrier, by RTM's thread, after all that was to be told before */
static HANDLE passed, may_pass;
static BOOL held;

static DWORD WINAPI on_barrier(RTM_ENTITY_HANDLE entity, RTM_EVENT_TYPE type, PVOID entity_handle, PVOID context)
{
	RTM_ENTITY_INFO info;

	(void)context;
	if (type != RTM_ENTITY_REGISTERED || RtmGetEntityInfo(entity, entity_handle, &info) != NO_ERROR)
		return NO_ERROR;
	RtmReleaseEntityInfo(entity, &info);
	if (info.EntityId.EntityProtocolId == BARRIER_PROTOCOL || info.EntityId.EntityProtocolId == HOLD_PROTOCOL)
		SetEvent(passed);
	if (info.EntityId.EntityProtocolId == HOLD_PROTOCOL)
		WaitForSingleObject(may_pass, INFINITE);
	return NO_ERROR;
}

static RTM_ENTITY_HANDLE come(DWORD protocol, RTM_EVENT_CALLBACK callback)
{
	RTM_REGN_PROFILE limits;
	RTM_ENTITY_HANDLE handle;
	RTM_ENTITY_INFO info;

	memset(&info, 0, sizeof(info));
	info.AddressFamily = AF_INET;
	info.EntityId.EntityProtocolId = protocol;
	info.EntityId.EntityInstanceId = 77;
	must(RtmRegisterEntity(&info, NULL, callback, FALSE, &limits, &handle), "RtmRegisterEntity");
	return handle;
}

/* Waits until RTM's thread has done all that it has been given so far. */
static void barrier(DWORD protocol)
{
	RTM_ENTITY_HANDLE entity = come(protocol, NULL);

	if (WaitForSingleObject(passed, PATIENCE_MS) != WAIT_OBJECT_0)
		must(1, "the thread of RTM");
	ResetEvent(passed);
	must(RtmDeregisterEntity(entity), "RtmDeregisterEntity");
}

static void settle(void)
{
	if (!held)
		barrier(BARRIER_PROTOCOL);
}

static void call_hold(void)
{
	ResetEvent(may_pass);
	barrier(HOLD_PROTOCOL);
	held = TRUE;
}

static void call_release(void)
{
	held = FALSE;
	SetEvent(may_pass);
	settle();
}

static void native_network(RTM_NET_ADDRESS *prefix)
{
	IP_NETWORK network;

	network.N_NetNumber = number();
	network.N_NetMask = number();
	to_prefix(&network, prefix);
}

static void call_native(void)
{
	RTM_IP_ROUTE route;
	RTM_NEXTHOP_INFO hop;
	RTM_NEXTHOP_CHANGE_FLAGS change = 0;

	who->entity = come(number(), NULL);
	who->hop = NULL;
	memset(&route, 0, sizeof(route));
	route.RR_InterfaceID = 6;
	memcpy(&route.RR_NextHopAddress.N_NetNumber, "\xC6\x33\x64\x09", 4);
	hop = to_next_hop(&route);
	must(RtmAddNextHop(who->entity, &hop, &who->hop, &change), "RtmAddNextHop");
}

static unsigned native_index(const RTM_NET_ADDRESS *prefix)
{
	unsigned i = 0;

	while (i < who->count && memcmp(&who->routes[i].prefix, prefix, sizeof(*prefix)) != 0)
		i++;
	return i;
}

/* Copies what an old route of somebody has in EntitySpecificInfo, as a program that redistributes might. */
static PVOID somebodys_pointer(RTM_NET_ADDRESS *prefix)
{
	const NETWORK *entry;
	IP_NETWORK network;
	PVOID pointer = NULL;

	from_prefix(prefix, &network);
	AcquireSRWLockExclusive(&our.lock);
	entry = find_network(&network);
	if (entry)
		pointer = entry->kept;
	leave(NO_ERROR);
	return pointer;
}

static void call_who(void)
{
	who = &natives[number() % NATIVES];
}

static void call_set(void)
{
	unsigned e = number() % EVENTS;

	if (events[e])
		SetEvent(events[e]);
}

static void call_reset(void)
{
	unsigned e = number() % EVENTS;

	if (events[e])
		ResetEvent(events[e]);
}

static void call_nadd(void)
{
	char buffer[sizeof(RTM_ROUTE_INFO) + sizeof(RTM_NEXTHOP_HANDLE)];
	RTM_ROUTE_INFO *info = (RTM_ROUTE_INFO *)(void *)memset(buffer, 0, sizeof(buffer));
	RTM_ROUTE_CHANGE_FLAGS change = 0;
	RTM_NET_ADDRESS prefix;
	RTM_VIEW_SET views;
	unsigned i;

	info->PrefInfo.Preference = number();
	info->PrefInfo.Metric = number();
	info->Flags = (USHORT)number();
	info->Flags1 = (UCHAR)number();
	native_network(&prefix);
	views = number();
	info->BelongsToViews = views ? views : RTM_VIEW_MASK_UCAST;
	info->EntitySpecificInfo = somebodys_pointer(&prefix);
	info->NextHopsList.NumNextHops = number() ? 0 : 1;
	info->NextHopsList.NextHops[0] = info->NextHopsList.NumNextHops ? who->hop : NULL;
	i = native_index(&prefix);
	if (i == who->count) {
		who->routes[i].prefix = prefix;
		who->routes[i].handle = NULL;
		who->count++;
	}
	must(RtmAddRouteToDest(who->entity, &who->routes[i].handle, &prefix, info, INFINITE, NULL, 0, NULL, &change),
	     "RtmAddRouteToDest");
	settle();
}

static void delete_native(unsigned i)
{
	RTM_ROUTE_CHANGE_FLAGS change = 0;

	if (i == who->count)
		return;
	must(RtmDeleteRouteToDest(who->entity, who->routes[i].handle, &change), "RtmDeleteRouteToDest");
	memmove(&who->routes[i], &who->routes[i + 1], (--who->count - i) * sizeof(who->routes[0]));
}

static void call_ndelete(void)
{
	RTM_NET_ADDRESS prefix;

	native_network(&prefix);
	delete_native(native_index(&prefix));
	settle();
}

static void call_nleave(void)
{
	while (who->count > 0)
		delete_native(0);
	must(RtmDeleteNextHop(who->entity, who->hop, NULL), "RtmDeleteNextHop");
	must(RtmDeregisterEntity(who->entity), "RtmDeregisterEntity");
	settle();
}

static void call_expire(void)
{
	unsigned e = number() % EVENTS;

	held = FALSE;
	SetEvent(may_pass);
	printf(" %d", WaitForSingleObject(events[e], PATIENCE_MS) == WAIT_OBJECT_0);
	settle();
}

/* RTM goes on to delete the route unless it has been updated by then; here it never does. */
static void call_expiring(void)
{
	CLIENT *client = clients[number() % CLIENTS];
	RTM_IP_ROUTE storage, *route = route_argument(&storage);
	RTM_ROUTE_HANDLE handle = NULL;
	RTM_NET_ADDRESS prefix;

	AcquireSRWLockExclusive(&our.lock);
	to_prefix(&route->RR_Network, &prefix);
	must(find_own(client, &prefix, route, &handle), "find_own");
	note_aged(client->entity, handle);
	RtmReleaseRoutes(client->entity, 1, &handle);
	leave(NO_ERROR);
}

/*
 * What the port remembers
 */

static size_t longest_bucket(void)
{
	size_t longest = 0, i;

	for (i = 0; i < our.room; i++) {
		const NETWORK *entry;
		size_t length = 0;

		for (entry = our.buckets[i]; entry; entry = entry->next)
			length++;
		if (length > longest)
			longest = length;
	}
	return longest;
}

static void call_many(void)
{
	CLIENT *client = clients[number() % CLIENTS];
	DWORD wanted = number(), i, flags, added = 0;

	for (i = 0; i < wanted; i++) {
		RTM_IP_ROUTE route;
		UCHAR octets[4] = {(UCHAR)(1 + i / 65536), (UCHAR)(i / 256), (UCHAR)i, 0};

		memset(&route, 0, sizeof(route));
		memcpy(&route.RR_Network.N_NetNumber, octets, 4);
		memcpy(&route.RR_Network.N_NetMask, "\xFF\xFF\xFF", 3);
		if (add_route(client, &route, INFINITE, &flags, NULL, NULL) == NO_ERROR && flags == RTM_ROUTE_ADDED)
			added++;
	}
	printf(" %x %s", (unsigned)added, longest_bucket() <= 16 ? "even" : "uneven");
}

/* The hand on RTM's thread is an entity too, and goes for the while. */
static void call_left(void)
{
	unsigned e;

	must(RtmDeregisterEntity(hand), "RtmDeregisterEntity");
	printf(" %s, %u networks", nothing_is_left() ? "nothing" : "something", (unsigned)our.networks);
	hand = come(HAND_PROTOCOL, on_barrier);
	for (e = 1; e < EVENTS; e++)
		if (events[e]) {
			CloseHandle(events[e]);
			events[e] = NULL;
		}
}

static void call_fault(void)
{
	failing = number();
	if (failing)
		failing += chances;
}

static void call_remembered(void)
{
	printf(" %u", (unsigned)our.networks);
}

static void call_null(void)
{
	const IP_NETWORK any = {0, 0};
	CLIENT *client = clients[number() % CLIENTS];
	DWORD error = 0xA5A5A5A5u;

	printf(" %d", is_route(client, NULL, NULL, &error));
	printf(" %x", (unsigned)error);
	printf(" %d", is_route(client, &any, NULL, &error));
	printf(" %d", look_up(client, 0, NULL, &error));
	printf(" %x", (unsigned)error);
	SetLastError(NO_ERROR);
	printf(" %lx", (unsigned long)age_of(NULL));
	printf(" %x", (unsigned)GetLastError());
}

static const struct {
	const char *name;
	void (*run)(void);
} calls[] = {
	{"start", call_start}, {"stop", call_stop}, {"add", call_add}, {"delete", call_delete},
	{"block", call_block}, {"message", call_message}, {"is", call_is}, {"age", call_age},
	{"stamp", call_stamp}, {"look", call_look}, {"count", call_count}, {"open", call_open},
	{"read", call_read}, {"close", call_close}, {"list", call_list}, {"first", call_first},
	{"next", call_next}, {"table", call_table}, {"native", call_native}, {"nadd", call_nadd},
	{"ndelete", call_ndelete}, {"nleave", call_nleave}, {"hold", call_hold}, {"release", call_release},
	{"expire", call_expire}, {"expiring", call_expiring}, {"many", call_many}, {"fault", call_fault}, {"null", call_null},
	{"who", call_who}, {"set", call_set}, {"reset", call_reset},
	{"remembered", call_remembered}, {"left", call_left},
};

static void run(const char *name)
{
	unsigned i = 0;

	while (i < sizeof(calls) / sizeof(calls[0]) && strcmp(calls[i].name, name) != 0)
		i++;
	if (i == sizeof(calls) / sizeof(calls[0]))
		must(1, name);
	else
		calls[i].run();
}

int main(void)
{
	passed = CreateEventA(NULL, TRUE, FALSE, NULL);
	may_pass = CreateEventA(NULL, TRUE, TRUE, NULL);
	hand = come(HAND_PROTOCOL, on_barrier);
	while (fgets(line, sizeof(line), stdin)) {
		char call[16] = "";
		int length = 0;

		if (sscanf(line, "%15s%n", call, &length) != 1)
			continue;
		rest = line + length;
		printf("%s", call);
		run(call);
		print_events();
		settle();
		print_events();
		printf("\n");
	}
	must(RtmDeregisterEntity(hand), "RtmDeregisterEntity");
	CloseHandle(passed);
	CloseHandle(may_pass);
	return 0;
}
