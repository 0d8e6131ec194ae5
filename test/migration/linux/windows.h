/* The little of windows.h that the examples of MIGRATION.md use, to compile and run them where there is no Windows. */
#ifndef MIGRATION_TEST_WINDOWS_H
#define MIGRATION_TEST_WINDOWS_H

#include <stdatomic.h>
#include <stdlib.h>
#include <time.h>
#include "rtmv2.h"

typedef uint8_t BYTE;
typedef int32_t WINBOOL;
#define ERROR_MORE_DATA 234

/* A manual-reset event that nobody waits for. */
typedef struct {
	atomic_int signalled;
} MIGRATION_TEST_EVENT;

static inline HANDLE CreateEventA(void *security, BOOL manual, BOOL initial, const char *name)
{
	(void)security, (void)manual, (void)initial, (void)name;
	return calloc(1, sizeof(MIGRATION_TEST_EVENT));
}

static inline BOOL SetEvent(HANDLE event)
{
	atomic_store(&((MIGRATION_TEST_EVENT *)event)->signalled, 1);
	return TRUE;
}

static inline BOOL ResetEvent(HANDLE event)
{
	atomic_store(&((MIGRATION_TEST_EVENT *)event)->signalled, 0);
	return TRUE;
}

static inline BOOL CloseHandle(HANDLE event)
{
	free(event);
	return TRUE;
}

DWORD GetLastError(void);

static inline void GetSystemTimeAsFileTime(FILETIME *time)
{
	struct timespec now;
	uint64_t ticks;

	clock_gettime(CLOCK_REALTIME, &now);
	ticks = ((uint64_t)now.tv_sec + 11644473600u) * 10000000u + (uint64_t)now.tv_nsec / 100u;
	time->dwLowDateTime = (DWORD)ticks;
	time->dwHighDateTime = (DWORD)(ticks >> 32);
}

#endif
