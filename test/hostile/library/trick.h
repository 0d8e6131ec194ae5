/*
 * trick.h - which trick the library has, and calls that go wrong as a whole.
 */
#ifndef HOSTILE_TRICK_H
#define HOSTILE_TRICK_H

#include <stdbool.h>
#include <stdint.h>

#include "rtmv2.h"

#define FUNCTIONS(X)                                                                                                   \
	X(RtmRegisterEntity) X(RtmDeregisterEntity) X(RtmGetRegisteredEntities) X(RtmReleaseEntities)                  \
	X(RtmLockDestination) X(RtmGetOpaqueInformationPointer) X(RtmGetEntityMethods) X(RtmInvokeMethod)              \
	X(RtmBlockMethods) X(RtmGetEntityInfo) X(RtmReleaseEntityInfo) X(RtmGetDestInfo) X(RtmReleaseDestInfo)         \
	X(RtmGetRouteInfo) X(RtmReleaseRouteInfo) X(RtmGetNextHopInfo) X(RtmReleaseNextHopInfo) X(RtmAddRouteToDest)   \
	X(RtmDeleteRouteToDest) X(RtmHoldDestination) X(RtmGetRoutePointer) X(RtmLockRoute)                            \
	X(RtmUpdateAndUnlockRoute) X(RtmGetExactMatchDestination) X(RtmGetMostSpecificDestination)                     \
	X(RtmGetLessSpecificDestination) X(RtmGetExactMatchRoute) X(RtmIsBestRoute) X(RtmAddNextHop)                   \
	X(RtmFindNextHop) X(RtmDeleteNextHop) X(RtmGetNextHopPointer) X(RtmLockNextHop) X(RtmCreateDestEnum)           \
	X(RtmGetEnumDests) X(RtmReleaseDests) X(RtmCreateRouteEnum) X(RtmGetEnumRoutes) X(RtmReleaseRoutes)            \
	X(RtmCreateNextHopEnum) X(RtmGetEnumNextHops) X(RtmReleaseNextHops) X(RtmDeleteEnumHandle)                     \
	X(RtmRegisterForChangeNotification) X(RtmGetChangedDests) X(RtmReleaseChangedDests) X(RtmIgnoreChangedDests)   \
	X(RtmGetChangeStatus) X(RtmMarkDestForChangeNotification) X(RtmIsMarkedForChangeNotification)                  \
	X(RtmDeregisterFromChangeNotification) X(RtmCreateRouteList) X(RtmInsertInRouteList)                           \
	X(RtmCreateRouteListEnum) X(RtmGetListEnumRoutes) X(RtmDeleteRouteList) X(RtmReferenceHandles)

/* The engine's functions. */
struct engine {
#define MEMBER(name) __typeof__(&name) name;
	FUNCTIONS(MEMBER)
};
extern struct engine real;

/* The trick, and how often its subject has been called. */
struct trick {
	char verb[32];
	char subject[48];
	uint64_t number;
	unsigned times;
};
extern struct trick trick;

enum { EXIT_SETUP = 96, EXIT_ENDLESS = 97, EXIT_OVERRUN = 98 };
enum { MOST_HANDLES = 64, SCRIBBLE = 0xA5 };

/* Ends the process, and says why. */
_Noreturn void give_up(int code, const char *what, const char *which);

bool does(const char *verb);
bool concerns(const char *subject);
void scribble(void *at, size_t size);

/* Whether the trick is another limit in RTM_REGN_PROFILE, and whether something wanted is beyond it. The library keeps
 * to its limits: it never writes more than it told. */
bool limits(const char *member);
bool is_beyond(const char *member, uint64_t wanted);

/* Whether the function is not carried out at all, and what it answers then. */
bool is_refused(const char *name, DWORD *status, void *a, size_t size_a, void *b, size_t size_b);

/* What the function answers that was carried out. */
DWORD answer(const char *name, DWORD status);

/* Whether a function that succeeded is to leave the handle that it gives NULL. */
bool gives_none(const char *name, DWORD status);

#endif
