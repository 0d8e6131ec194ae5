/*
 * An RTMv2 entity on a thread of its own that adds and deletes routes to some networks as fast as it can, while the process
 * that has loaded this does something else: routes come and go between any two calls that it makes.
 *
 * churn_stop takes everything back and tells how many turns were made, or 0 with what failed in churn_failure.
 */
#include <pthread.h>
#include <stdatomic.h>
#include <string.h>
#include "rtmv2.h"

enum { NETWORKS = 250, PROTOCOL = 4242, AF_INET_NUMBER = 2 };

static pthread_t thread;
static atomic_int is_ending;
static atomic_uint turns;
static const char *failure;
static RTM_ENTITY_HANDLE entity;

const char *churn_failure(void)
{
	return failure;
}

unsigned churn_turns(void)
{
	return atomic_load(&turns);
}

static int failed(DWORD code, const char *what)
{
	if (code != 0)
		failure = what;
	return code != 0;
}

/* 10.n.0.0/16, where the clients under test have their routes. */
static RTM_NET_ADDRESS network(unsigned n)
{
	RTM_NET_ADDRESS address;

	memset(&address, 0, sizeof address);
	address.AddressFamily = AF_INET_NUMBER;
	address.NumBits = 16;
	address.AddrBits[0] = 10;
	address.AddrBits[1] = (UCHAR)n;
	return address;
}

static int add(unsigned n, RTM_ROUTE_HANDLE *route)
{
	RTM_NET_ADDRESS address = network(n);
	RTM_ROUTE_INFO info;
	RTM_ROUTE_CHANGE_FLAGS flags = 0;

	memset(&info, 0, sizeof info);
	info.PrefInfo.Preference = 1;
	info.BelongsToViews = RTM_VIEW_MASK_UCAST;
	*route = NULL;
	return failed(RtmAddRouteToDest(entity, route, &address, &info, INFINITE, NULL, 0, NULL, &flags), "RtmAddRouteToDest");
}

static int delete(RTM_ROUTE_HANDLE route)
{
	RTM_ROUTE_CHANGE_FLAGS flags = 0;

	return failed(RtmDeleteRouteToDest(entity, route, &flags), "RtmDeleteRouteToDest");
}

static int enter(void)
{
	RTM_ENTITY_INFO info;
	RTM_REGN_PROFILE profile;

	memset(&info, 0, sizeof info);
	info.AddressFamily = AF_INET_NUMBER;
	info.EntityId.EntityProtocolId = PROTOCOL;
	info.EntityId.EntityInstanceId = 1;
	return failed(RtmRegisterEntity(&info, NULL, NULL, FALSE, &profile, &entity), "RtmRegisterEntity");
}

static int leave(void)
{
	return failed(RtmDeregisterEntity(entity), "RtmDeregisterEntity");
}

static void *churn(void *is_returning)
{
	RTM_ROUTE_HANDLE routes[NETWORKS];
	unsigned n;

	while (!atomic_load(&is_ending)) {
		if (is_returning != NULL && (leave() || enter()))
			return NULL;
		for (n = 0; n < NETWORKS; n++)
			if (add(n, &routes[n]))
				return NULL;
		for (n = 0; n < NETWORKS; n++)
			if (delete(routes[n]))
				return NULL;
		atomic_fetch_add(&turns, 1);
	}
	return NULL;
}

/* is_returning: whether the entity leaves and comes back each turn. */
int churn_start(int is_returning)
{
	failure = NULL;
	atomic_store(&is_ending, 0);
	atomic_store(&turns, 0);
	if (enter())
		return 0;
	return pthread_create(&thread, NULL, churn, is_returning ? &thread : NULL) == 0;
}

unsigned churn_stop(void)
{
	atomic_store(&is_ending, 1);
	pthread_join(thread, NULL);
	if (failure != NULL || leave())
		return 0;
	return atomic_load(&turns);
}
