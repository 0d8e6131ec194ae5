/*
 * import.h - the RTMv2 functions on x86, where mingw's import library has none of their names: each call looks its
 * function up in rtm.dll.
 */
#ifndef RTM2_TEST_IMPORT_H
#define RTM2_TEST_IMPORT_H

#include <stdio.h>

static void (*import_function(const char *name))(void)
{
	static HMODULE rtm;
	FARPROC function;

	if (!rtm)
		rtm = LoadLibraryA("rtm.dll");
	function = rtm ? GetProcAddress(rtm, name) : NULL;
	if (!function) {
		fprintf(stderr, "rtm.dll cannot be loaded, or has no %s: error %lu\n", name, GetLastError());
		ExitProcess(2);
	}
	return (void (*)(void))function;
}

#define IMPORT(name) ((__typeof__(&name))import_function(#name))

#define RtmRegisterEntity IMPORT(RtmRegisterEntity)
#define RtmDeregisterEntity IMPORT(RtmDeregisterEntity)
#define RtmGetRegisteredEntities IMPORT(RtmGetRegisteredEntities)
#define RtmReleaseEntities IMPORT(RtmReleaseEntities)
#define RtmLockDestination IMPORT(RtmLockDestination)
#define RtmGetOpaqueInformationPointer IMPORT(RtmGetOpaqueInformationPointer)
#define RtmGetEntityMethods IMPORT(RtmGetEntityMethods)
#define RtmInvokeMethod IMPORT(RtmInvokeMethod)
#define RtmBlockMethods IMPORT(RtmBlockMethods)
#define RtmGetEntityInfo IMPORT(RtmGetEntityInfo)
#define RtmReleaseEntityInfo IMPORT(RtmReleaseEntityInfo)
#define RtmGetDestInfo IMPORT(RtmGetDestInfo)
#define RtmReleaseDestInfo IMPORT(RtmReleaseDestInfo)
#define RtmGetRouteInfo IMPORT(RtmGetRouteInfo)
#define RtmReleaseRouteInfo IMPORT(RtmReleaseRouteInfo)
#define RtmGetNextHopInfo IMPORT(RtmGetNextHopInfo)
#define RtmReleaseNextHopInfo IMPORT(RtmReleaseNextHopInfo)
#define RtmAddRouteToDest IMPORT(RtmAddRouteToDest)
#define RtmDeleteRouteToDest IMPORT(RtmDeleteRouteToDest)
#define RtmHoldDestination IMPORT(RtmHoldDestination)
#define RtmGetRoutePointer IMPORT(RtmGetRoutePointer)
#define RtmLockRoute IMPORT(RtmLockRoute)
#define RtmUpdateAndUnlockRoute IMPORT(RtmUpdateAndUnlockRoute)
#define RtmGetExactMatchDestination IMPORT(RtmGetExactMatchDestination)
#define RtmGetMostSpecificDestination IMPORT(RtmGetMostSpecificDestination)
#define RtmGetLessSpecificDestination IMPORT(RtmGetLessSpecificDestination)
#define RtmGetExactMatchRoute IMPORT(RtmGetExactMatchRoute)
#define RtmIsBestRoute IMPORT(RtmIsBestRoute)
#define RtmAddNextHop IMPORT(RtmAddNextHop)
#define RtmFindNextHop IMPORT(RtmFindNextHop)
#define RtmDeleteNextHop IMPORT(RtmDeleteNextHop)
#define RtmGetNextHopPointer IMPORT(RtmGetNextHopPointer)
#define RtmLockNextHop IMPORT(RtmLockNextHop)
#define RtmCreateDestEnum IMPORT(RtmCreateDestEnum)
#define RtmGetEnumDests IMPORT(RtmGetEnumDests)
#define RtmReleaseDests IMPORT(RtmReleaseDests)
#define RtmCreateRouteEnum IMPORT(RtmCreateRouteEnum)
#define RtmGetEnumRoutes IMPORT(RtmGetEnumRoutes)
#define RtmReleaseRoutes IMPORT(RtmReleaseRoutes)
#define RtmCreateNextHopEnum IMPORT(RtmCreateNextHopEnum)
#define RtmGetEnumNextHops IMPORT(RtmGetEnumNextHops)
#define RtmReleaseNextHops IMPORT(RtmReleaseNextHops)
#define RtmDeleteEnumHandle IMPORT(RtmDeleteEnumHandle)
#define RtmRegisterForChangeNotification IMPORT(RtmRegisterForChangeNotification)
#define RtmGetChangedDests IMPORT(RtmGetChangedDests)
#define RtmReleaseChangedDests IMPORT(RtmReleaseChangedDests)
#define RtmIgnoreChangedDests IMPORT(RtmIgnoreChangedDests)
#define RtmGetChangeStatus IMPORT(RtmGetChangeStatus)
#define RtmMarkDestForChangeNotification IMPORT(RtmMarkDestForChangeNotification)
#define RtmIsMarkedForChangeNotification IMPORT(RtmIsMarkedForChangeNotification)
#define RtmDeregisterFromChangeNotification IMPORT(RtmDeregisterFromChangeNotification)
#define RtmCreateRouteList IMPORT(RtmCreateRouteList)
#define RtmInsertInRouteList IMPORT(RtmInsertInRouteList)
#define RtmCreateRouteListEnum IMPORT(RtmCreateRouteListEnum)
#define RtmGetListEnumRoutes IMPORT(RtmGetListEnumRoutes)
#define RtmDeleteRouteList IMPORT(RtmDeleteRouteList)
#define RtmReferenceHandles IMPORT(RtmReferenceHandles)

#endif
