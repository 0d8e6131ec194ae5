/*
 * threads.c - the ported functions of MIGRATION.md under several threads: two clients that all of them use, one that
 * only listens, one that comes and goes, an entity that calls RTMv2 itself, and routes that age meanwhile. Every answer
 * about a network that only one thread touches is known beforehand; the messages of the listener have to fit together,
 * and to add up to the changes made; and nothing is left when all have stopped.
 *
 *     threads ROUNDS
 */
#include "rtm1.c"

#include <stdatomic.h>
#include <stdio.h>

#include "left.h"

#define WORKERS 3
#define NETWORKS_EACH 8
#define RANGES (WORKERS + 3)
#define NATIVE_RANGE WORKERS
#define VISITOR_RANGE (WORKERS + 1)
#define AGEING_RANGE (WORKERS + 2)
#define PATIENCE_MS 60000

static CLIENT *shared[2], *listener;
static _Atomic(CLIENT *) visitor;
static HANDLE event, shared_event;
static DWORD rounds;
static atomic_int wrong, done;
static atomic_uint added, changed, deleted;

static void expect(int holds, const char *what)
{
	if (holds)
		return;
	atomic_fetch_add(&wrong, 1);
	fprintf(stderr, "wrong: %s\n", what);
}

static RTM_IP_ROUTE route_to(unsigned range, unsigned index, DWORD metric)
{
	const UCHAR network[4] = {10, (UCHAR)range, (UCHAR)index, 0}, mask[4] = {255, 255, 255, 0};
	RTM_IP_ROUTE route;

	memset(&route, 0, sizeof(route));
	memcpy(&route.RR_Network.N_NetNumber, network, 4);
	memcpy(&route.RR_Network.N_NetMask, mask, 4);
	route.RR_InterfaceID = 1 + range;
	route.RR_FamilySpecificData.FSD_Priority = 5;
	route.RR_FamilySpecificData.FSD_Metric = metric;
	route.RR_ProtocolSpecificData.PSD_Data[0] = metric;
	return route;
}

static int is(const RTM_IP_ROUTE *route, DWORD metric)
{
	return route->RR_FamilySpecificData.FSD_Metric == metric && route->RR_ProtocolSpecificData.PSD_Data[0] == metric;
}

static void look(CLIENT *client, const RTM_IP_ROUTE *route)
{
	RTM_IP_ROUTE found;
	ROUTES *routes;
	DWORD error;

	expect(is_route(client, &route->RR_Network, &found, &error) && is(&found, route->RR_FamilySpecificData.FSD_Metric),
	       "is_route");
	expect(open_routes(client, RTM_ONLY_THIS_NETWORK, route, &routes) == NO_ERROR, "open_routes");
	expect(next_route(routes, &found) == NO_ERROR && is(&found, route->RR_FamilySpecificData.FSD_Metric), "next_route");
	expect(next_route(routes, &found) == ERROR_NO_MORE_ROUTES, "next_route at the end");
	/* From here on it may be the handle of another thread. */
	expect(close_routes(routes) == NO_ERROR, "close_routes");
}

static void one_round(CLIENT *client, unsigned range, DWORD round)
{
	RTM_IP_ROUTE route = route_to(range, round % NETWORKS_EACH, 2 * round), current, previous;
	DWORD flags;

	expect(add_route(client, &route, INFINITE, &flags, &current, &previous) == NO_ERROR && flags == RTM_ROUTE_ADDED &&
	           is(&current, 2 * round),
	       "a first route");
	look(client, &route);
	route = route_to(range, round % NETWORKS_EACH, 2 * round + 1);
	expect(add_route(client, &route, INFINITE, &flags, &current, &previous) == NO_ERROR && flags == RTM_ROUTE_CHANGED &&
	           is(&current, 2 * round + 1) && is(&previous, 2 * round),
	       "an update");
	expect(delete_route(client, &route, &flags, NULL) == NO_ERROR && flags == RTM_ROUTE_DELETED, "a deletion");
	atomic_fetch_add(&added, 1);
	atomic_fetch_add(&changed, 1);
	atomic_fetch_add(&deleted, 1);
}

static DWORD WINAPI work(PVOID parameter)
{
	const unsigned range = *(const unsigned *)parameter;
	RTM_IP_ROUTE current, previous;
	DWORD round, flags, status;

	for (round = 0; round < rounds; round++) {
		CLIENT *client = shared[(round + range) % 2], *guest = atomic_load(&visitor);

		one_round(client, range, round);
		status = next_message(client, &flags, &current, &previous);
		expect(status == NO_ERROR || status == ERROR_MORE_MESSAGES || status == ERROR_NO_MESSAGES, "next_message");
		/* It may stop at any moment: then it is no client. */
		status = guest ? first_route(guest, 0, &current) : NO_ERROR;
		expect(status == NO_ERROR || status == ERROR_NO_ROUTES || status == ERROR_INVALID_HANDLE, "a client that goes");
	}
	return 0;
}

/* Comes with an event of its own, adds a route, and leaves without deleting it. */
static DWORD WINAPI visit(PVOID parameter)
{
	HANDLE own = CreateEventA(NULL, FALSE, FALSE, NULL);
	DWORD round, flags;

	(void)parameter;
	for (round = 0; round < rounds / 4; round++) {
		RTM_IP_ROUTE route = route_to(VISITOR_RANGE, round % NETWORKS_EACH, round);
		CLIENT *client = NULL;

		expect(start(99, own, 0, &client) == NO_ERROR, "start");
		atomic_store(&visitor, client);
		expect(add_route(client, &route, INFINITE, &flags, NULL, NULL) == NO_ERROR && flags == RTM_ROUTE_ADDED,
		       "a route of a visitor");
		expect(stop(client) == NO_ERROR, "stop");
		expect(stop(client) == ERROR_INVALID_HANDLE, "stop of what has stopped");
		atomic_fetch_add(&added, 1);
		atomic_fetch_add(&deleted, 1);
	}
	CloseHandle(own);
	return 0;
}

static DWORD WINAPI age(PVOID parameter)
{
	DWORD round, flags;

	(void)parameter;
	for (round = 0; round < rounds / 4; round++) {
		RTM_IP_ROUTE route = route_to(AGEING_RANGE, round % NETWORKS_EACH, round);

		expect(add_route(shared[0], &route, round % 3 ? 0 : INFINITE, &flags, NULL, NULL) == NO_ERROR,
		       "a route that ages");
	}
	for (round = 0; round < NETWORKS_EACH; round++) {
		RTM_IP_ROUTE route = route_to(AGEING_RANGE, round, 0);
		DWORD status = delete_route(shared[0], &route, &flags, NULL);

		expect(status == NO_ERROR || status == ERROR_NO_SUCH_ROUTE, "a route that may have aged");
	}
	return 0;
}

/* An entity that knows nothing of the ported functions. */
static DWORD WINAPI be_native(PVOID parameter)
{
	RTM_REGN_PROFILE limits;
	RTM_ENTITY_HANDLE entity;
	RTM_ENTITY_INFO who;
	DWORD round;

	(void)parameter;
	memset(&who, 0, sizeof(who));
	who.AddressFamily = AF_INET;
	who.EntityId.EntityProtocolId = 77;
	expect(RtmRegisterEntity(&who, NULL, NULL, FALSE, &limits, &entity) == NO_ERROR, "RtmRegisterEntity");
	for (round = 0; round < rounds; round++) {
		RTM_IP_ROUTE route = route_to(NATIVE_RANGE, round % NETWORKS_EACH, round);
		RTM_ROUTE_CHANGE_FLAGS change = 0;
		RTM_ROUTE_HANDLE handle = NULL;
		RTM_NET_ADDRESS prefix;
		RTM_ROUTE_INFO info;

		memset(&info, 0, sizeof(info));
		to_prefix(&route.RR_Network, &prefix);
		info.PrefInfo.Metric = round;
		info.BelongsToViews = RTM_VIEW_MASK_UCAST;
		expect(RtmAddRouteToDest(entity, &handle, &prefix, &info, INFINITE, NULL, 0, NULL, &change) == NO_ERROR,
		       "RtmAddRouteToDest");
		expect(RtmDeleteRouteToDest(entity, handle, &change) == NO_ERROR, "RtmDeleteRouteToDest");
	}
	expect(RtmDeregisterEntity(entity) == NO_ERROR, "RtmDeregisterEntity");
	return 0;
}

/*
 * The listener: what was told last of each network
 */

static struct {
	BOOL there;
	DWORD metric;
} told[RANGES][NETWORKS_EACH];
static unsigned heard[RANGES][4];

static void hear(DWORD flags, const RTM_IP_ROUTE *current, const RTM_IP_ROUTE *previous)
{
	const RTM_IP_ROUTE *route = flags & RTM_CURRENT_BEST_ROUTE ? current : previous;
	const UCHAR *octets = (const UCHAR *)&route->RR_Network.N_NetNumber;
	unsigned range = octets[1] % RANGES, index = octets[2] % NETWORKS_EACH;

	heard[range][flags & 3]++;
	expect(told[range][index].there == ((flags & RTM_PREVIOUS_BEST_ROUTE) != 0), "whether there was a route before");
	if (flags & RTM_PREVIOUS_BEST_ROUTE)
		expect(told[range][index].metric == previous->RR_FamilySpecificData.FSD_Metric, "the route before");
	told[range][index].there = (flags & RTM_CURRENT_BEST_ROUTE) != 0;
	if (flags & RTM_CURRENT_BEST_ROUTE)
		told[range][index].metric = current->RR_FamilySpecificData.FSD_Metric;
}

static void hear_all(void)
{
	RTM_IP_ROUTE current, previous;
	DWORD flags, status;

	do {
		status = next_message(listener, &flags, &current, &previous);
		if (status == NO_ERROR || status == ERROR_MORE_MESSAGES)
			hear(flags, &current, &previous);
		else
			expect(status == ERROR_NO_MESSAGES, "a message of the listener");
	} while (status == ERROR_MORE_MESSAGES);
}

static DWORD WINAPI listen_to_all(PVOID parameter)
{
	(void)parameter;
	while (!atomic_load(&done)) {
		expect(WaitForSingleObject(event, PATIENCE_MS) == WAIT_OBJECT_0, "the event");
		hear_all();
	}
	return 0;
}

static unsigned heard_by_callers(DWORD flags)
{
	unsigned sum = heard[VISITOR_RANGE][flags], range;

	for (range = 0; range < WORKERS; range++)
		sum += heard[range][flags];
	return sum;
}

static void check_sums(void)
{
	unsigned range, index;

	expect(heard_by_callers(RTM_ROUTE_ADDED) == atomic_load(&added), "as many routes added as told");
	expect(heard_by_callers(RTM_ROUTE_CHANGED) == atomic_load(&changed), "as many routes changed as told");
	expect(heard_by_callers(RTM_ROUTE_DELETED) == atomic_load(&deleted), "as many routes deleted as told");
	for (range = 0; range < RANGES; range++)
		for (index = 0; index < NETWORKS_EACH; index++)
			expect(!told[range][index].there, "no network left");
}

/* Waits until RTM has deleted what has aged, which it does on its own thread. */
static void wait_for_the_aged(void)
{
	ULONG networks = 1;

	while (networks > 0)
		expect(count_networks(listener, &networks) == NO_ERROR, "count_networks");
}

int main(int count, char **arguments)
{
	static const LPTHREAD_START_ROUTINE others[] = {visit, age, be_native};
	HANDLE threads[WORKERS + 3], listening;
	unsigned ranges[WORKERS], i;

	rounds = count > 1 ? (DWORD)strtoul(arguments[1], NULL, 10) : 1000;
	shared_event = CreateEventA(NULL, TRUE, FALSE, NULL);
	expect(start(8, shared_event, 0, &shared[0]) == NO_ERROR, "start");
	expect(start(13, shared_event, RTM_PROTOCOL_SINGLE_ROUTE, &shared[1]) == NO_ERROR, "start");
	event = CreateEventA(NULL, TRUE, FALSE, NULL);
	expect(start(50, event, 0, &listener) == NO_ERROR, "start");
	listening = CreateThread(NULL, 0, listen_to_all, NULL, 0, NULL);
	for (i = 0; i < WORKERS; i++) {
		ranges[i] = i;
		threads[i] = CreateThread(NULL, 0, work, &ranges[i], 0, NULL);
	}
	for (i = 0; i < 3; i++)
		threads[WORKERS + i] = CreateThread(NULL, 0, others[i], NULL, 0, NULL);
	for (i = 0; i < WORKERS + 3; i++) {
		WaitForSingleObject(threads[i], INFINITE);
		CloseHandle(threads[i]);
	}
	wait_for_the_aged();
	atomic_store(&done, 1);
	SetEvent(event);
	WaitForSingleObject(listening, INFINITE);
	CloseHandle(listening);
	hear_all();
	check_sums();
	expect(stop(listener) == NO_ERROR && stop(shared[1]) == NO_ERROR && stop(shared[0]) == NO_ERROR, "stop");
	expect(nothing_is_left() && our.networks == 0, "nothing left");
	CloseHandle(event);
	CloseHandle(shared_event);
	printf("%d wrong\n", atomic_load(&wrong));
	return atomic_load(&wrong) == 0 ? 0 : 1;
}
