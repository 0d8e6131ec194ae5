/*
 * unload.c - a program that unloads the library while its thread still has something to do. The thread must not lose its
 * code, nor the tables their contents.
 *
 *     rtm2-unload LIBRARY
 */
#include <stdbool.h>
#include <stdio.h>

#include "rtmv2.h"

enum { INSTANCE = 1, PROTOCOL = 3, TTL_MS = 100 };

#if defined(_WIN32)

typedef HMODULE library;

static library load(const char *path)
{
	return LoadLibraryA(path);
}

static void unload(library loaded)
{
	(void)FreeLibrary(loaded);
}

typedef void (*function)(void);

static function find(library loaded, const char *name)
{
	return (function)GetProcAddress(loaded, name);
}

#else

#include <dlfcn.h>

typedef void *library;
typedef void (*function)(void);

static library load(const char *path)
{
	return dlopen(path, RTLD_NOW | RTLD_LOCAL);
}

static void unload(library loaded)
{
	(void)dlclose(loaded);
}

/* POSIX wants this detour: C has no conversion from an object's address to a function's. */
static function find(library loaded, const char *name)
{
	union {
		void *object;
		function code;
	} found = {dlsym(loaded, name)};

	return found.code;
}

#endif

#define FIND(loaded, name) ((__typeof__(&name))find(loaded, #name))

static unsigned passed, failed;

static void check(bool held, const char *what)
{
	if (held) {
		passed++;
	} else {
		failed++;
		printf("FAIL %s\n", what);
	}
}

#define CHECK(condition) check(condition, #condition)

/* Registers, and adds a route that expires soon. */
static RTM_ENTITY_HANDLE use(library rtm)
{
	RTM_ENTITY_INFO info = {INSTANCE, RTM2_AF_INET, {{{PROTOCOL, 1}}}};
	RTM_NET_ADDRESS prefix = {RTM2_AF_INET, 8, {10}};
	RTM_ROUTE_INFO route = {.BelongsToViews = RTM_VIEW_MASK_UCAST};
	RTM_ENTITY_HANDLE self = NULL;
	RTM_REGN_PROFILE profile;
	RTM_ROUTE_CHANGE_FLAGS flags = 0;

	CHECK(FIND(rtm, RtmRegisterEntity)(&info, NULL, NULL, FALSE, &profile, &self) == NO_ERROR);
	CHECK(FIND(rtm, RtmAddRouteToDest)(self, NULL, &prefix, &route, TTL_MS, NULL, 0, NULL, &flags) == NO_ERROR);
	return self;
}

static ULONGLONG routes_left(library rtm)
{
	RTM2_STATISTICS statistics = {0};

	(void)FIND(rtm, Rtm2GetStatistics)(NULL, &statistics);
	return statistics.Routes;
}

int main(int argc, char **argv)
{
	RTM_ENTITY_HANDLE self;
	RTM_ENTITY_INFO info;
	library rtm = load(argc > 1 ? argv[1] : "");

	if (!rtm) {
		fprintf(stderr, "cannot be loaded: %s\n", argc > 1 ? argv[1] : "no library named");
		return 2;
	}
	self = use(rtm);
	unload(rtm);
	rtm = load(argv[1]);
	CHECK(FIND(rtm, RtmGetEntityInfo)(self, self, &info) == NO_ERROR);
	/* Only a thread that still runs brings this loop to its end. */
	while (failed == 0 && routes_left(rtm) > 0)
		continue;
	CHECK(routes_left(rtm) == 0);
	CHECK(FIND(rtm, RtmDeregisterEntity)(self) == NO_ERROR);
	printf("%u passed, %u failed\n", passed, failed);
	return failed != 0;
}
