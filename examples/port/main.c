/*
 * main.c - two protocols in one program, ported: RIP adds a route, OSPF a better one, and RIP hears of it as it did by
 * version 1, through its event and its messages.
 */
#include <stdio.h>
#include <string.h>

#include "rtm1.h"

#define PROTO_RIP 8
#define PROTO_OSPF 13

static void show(const char *what, const RTM_IP_ROUTE *route)
{
	const BYTE *network = (const BYTE *)&route->RR_Network.N_NetNumber;
	const BYTE *hop = (const BYTE *)&route->RR_NextHopAddress.N_NetNumber;

	printf("%s %u.%u.%u.%u via %u.%u.%u.%u, protocol %u\n", what, network[0], network[1], network[2], network[3],
	       hop[0], hop[1], hop[2], hop[3], (unsigned)route->RR_RoutingProtocol);
}

static void show_messages(CLIENT *client)
{
	RTM_IP_ROUTE current, previous;
	DWORD flags, status;

	do {
		status = next_message(client, &flags, &current, &previous);
		if (status != NO_ERROR && status != ERROR_MORE_MESSAGES)
			break;
		if (flags & RTM_PREVIOUS_BEST_ROUTE)
			show("was", &previous);
		if (flags & RTM_CURRENT_BEST_ROUTE)
			show("is ", &current);
	} while (status == ERROR_MORE_MESSAGES);
}

/* 10.0.0.0/8 via 192.0.2.`last` */
static DWORD add(CLIENT *client, BYTE last, DWORD priority)
{
	const BYTE network[4] = {10, 0, 0, 0}, mask[4] = {255, 0, 0, 0}, hop[4] = {192, 0, 2, last};
	RTM_IP_ROUTE route;
	DWORD flags;

	memset(&route, 0, sizeof(route));
	memcpy(&route.RR_Network.N_NetNumber, network, 4);
	memcpy(&route.RR_Network.N_NetMask, mask, 4);
	memcpy(&route.RR_NextHopAddress.N_NetNumber, hop, 4);
	route.RR_InterfaceID = 1;
	route.RR_FamilySpecificData.FSD_Priority = priority;
	return add_route(client, &route, INFINITE, &flags, NULL, NULL);
}

int main(void)
{
	HANDLE event = CreateEventA(NULL, TRUE, FALSE, NULL);
	CLIENT *rip = NULL, *ospf = NULL;
	DWORD status = start(PROTO_RIP, event, 0, &rip);

	if (status == NO_ERROR)
		status = start(PROTO_OSPF, NULL, 0, &ospf);
	if (status == NO_ERROR)
		status = add(rip, 1, 120);
	if (status == NO_ERROR)
		status = add(ospf, 2, 110);
	if (status == NO_ERROR && WaitForSingleObject(event, 0) == WAIT_OBJECT_0)
		show_messages(rip);
	if (ospf)
		stop(ospf);
	if (rip) {
		show_messages(rip);
		stop(rip);
	}
	CloseHandle(event);
	if (status != NO_ERROR)
		fprintf(stderr, "failed: %u\n", (unsigned)status);
	return status == NO_ERROR ? 0 : 1;
}
