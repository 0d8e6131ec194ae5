/*
 * left.h - what entities hold, as far as the library can tell: by the block of MIGRATION.md where the header has the
 * function for it, and else by the function that the library has beside those of Windows.
 */
#ifndef MIGRATION_TEST_LEFT_H
#define MIGRATION_TEST_LEFT_H

#ifdef HAS_STATISTICS
#include "statistics.c"
#else
static BOOL nothing_is_left(void)
{
	ULONGLONG left[6];
	DWORD(WINAPI * statistics)(RTM_ENTITY_INFO *, PVOID);
	void (*address)(void) = (void (*)(void))GetProcAddress(GetModuleHandleA("rtm.dll"), "Rtm2GetStatistics");

	statistics = (__typeof__(statistics))address;
	return statistics && statistics(NULL, left) == NO_ERROR && left[0] + left[1] + left[2] + left[3] + left[4] == 0;
}
#endif

#endif
