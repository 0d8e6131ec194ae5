/*
 * faults.h - what the port needs and may not get: memory, and the calls of RTMv2 that do or find something. Each goes
 * through here, and of so many one fails. To be included before rtm1.c; no_faults.h takes it back.
 */
#include <windows.h>
#include <rtmv2.h>
#include <stdlib.h>

static unsigned chances, failing;

/* Whether it is the turn of the one that fails. */
static int fails(void)
{
	return ++chances == failing;
}

static void *allocate(void *memory, size_t count, size_t size)
{
	if (fails())
		return NULL;
	return memory ? realloc(memory, size) : calloc(count, size);
}

#define calloc(count, size) allocate(NULL, count, size)
#define malloc(size) allocate(NULL, 1, size)
#define realloc(memory, size) allocate(memory, 1, size)

#define UNLESS_IT_FAILS(call) (fails() ? ERROR_NO_SYSTEM_RESOURCES : call)
#define RtmAddNextHop(...) UNLESS_IT_FAILS(RtmAddNextHop(__VA_ARGS__))
#define RtmAddRouteToDest(...) UNLESS_IT_FAILS(RtmAddRouteToDest(__VA_ARGS__))
#define RtmCreateDestEnum(...) UNLESS_IT_FAILS(RtmCreateDestEnum(__VA_ARGS__))
#define RtmCreateNextHopEnum(...) UNLESS_IT_FAILS(RtmCreateNextHopEnum(__VA_ARGS__))
#define RtmCreateRouteEnum(...) UNLESS_IT_FAILS(RtmCreateRouteEnum(__VA_ARGS__))
#define RtmDeleteNextHop(...) UNLESS_IT_FAILS(RtmDeleteNextHop(__VA_ARGS__))
#define RtmDeleteRouteToDest(...) UNLESS_IT_FAILS(RtmDeleteRouteToDest(__VA_ARGS__))
#define RtmDeregisterEntity(...) UNLESS_IT_FAILS(RtmDeregisterEntity(__VA_ARGS__))
#define RtmDeregisterFromChangeNotification(...) UNLESS_IT_FAILS(RtmDeregisterFromChangeNotification(__VA_ARGS__))
#define RtmFindNextHop(...) UNLESS_IT_FAILS(RtmFindNextHop(__VA_ARGS__))
#define RtmGetChangedDests(...) UNLESS_IT_FAILS(RtmGetChangedDests(__VA_ARGS__))
#define RtmGetDestInfo(...) UNLESS_IT_FAILS(RtmGetDestInfo(__VA_ARGS__))
#define RtmGetEntityInfo(...) UNLESS_IT_FAILS(RtmGetEntityInfo(__VA_ARGS__))
#define RtmGetEnumDests(...) UNLESS_IT_FAILS(RtmGetEnumDests(__VA_ARGS__))
#define RtmGetEnumNextHops(...) UNLESS_IT_FAILS(RtmGetEnumNextHops(__VA_ARGS__))
#define RtmGetEnumRoutes(...) UNLESS_IT_FAILS(RtmGetEnumRoutes(__VA_ARGS__))
#define RtmGetExactMatchDestination(...) UNLESS_IT_FAILS(RtmGetExactMatchDestination(__VA_ARGS__))
#define RtmGetExactMatchRoute(...) UNLESS_IT_FAILS(RtmGetExactMatchRoute(__VA_ARGS__))
#define RtmGetMostSpecificDestination(...) UNLESS_IT_FAILS(RtmGetMostSpecificDestination(__VA_ARGS__))
#define RtmGetNextHopInfo(...) UNLESS_IT_FAILS(RtmGetNextHopInfo(__VA_ARGS__))
#define RtmGetRouteInfo(...) UNLESS_IT_FAILS(RtmGetRouteInfo(__VA_ARGS__))
#define RtmIsBestRoute(...) UNLESS_IT_FAILS(RtmIsBestRoute(__VA_ARGS__))
#define RtmRegisterEntity(...) UNLESS_IT_FAILS(RtmRegisterEntity(__VA_ARGS__))
#define RtmRegisterForChangeNotification(...) UNLESS_IT_FAILS(RtmRegisterForChangeNotification(__VA_ARGS__))
