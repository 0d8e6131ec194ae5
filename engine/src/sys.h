/*
 * sys.h - what differs between the systems: locks, the wall clock, large pieces of memory.
 */
#ifndef RTM2_SYS_H
#define RTM2_SYS_H

#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

/* What one entry of the processor's address translation cache covers at best. */
#define SYS_HUGE_PAGE ((size_t)2 << 20)

/* What the processor fetches from memory together: two cache lines. */
#define SYS_LINE ((size_t)128)

#if defined(_WIN32)

#define WIN32_LEAN_AND_MEAN
#include <windows.h>

typedef SRWLOCK sys_rwlock;
#define SYS_RWLOCK_INIT SRWLOCK_INIT

static inline void sys_rwlock_init(sys_rwlock *l) { InitializeSRWLock(l); }
static inline void sys_read_lock(sys_rwlock *l) { AcquireSRWLockShared(l); }
static inline void sys_read_unlock(sys_rwlock *l) { ReleaseSRWLockShared(l); }
static inline void sys_write_lock(sys_rwlock *l) { AcquireSRWLockExclusive(l); }
static inline void sys_write_unlock(sys_rwlock *l) { ReleaseSRWLockExclusive(l); }

/* Time of day in 100 ns units since 1601-01-01 UTC. */
static inline uint64_t
sys_filetime(void)
{
	FILETIME ft;

	GetSystemTimeAsFileTime(&ft);
	return (uint64_t)ft.dwHighDateTime << 32 | ft.dwLowDateTime;
}

static inline void *sys_pages_alloc(size_t size) { return _aligned_malloc(size, SYS_LINE); }
static inline void sys_pages_free(void *memory) { _aligned_free(memory); }

#else

#include <pthread.h>
#include <sys/mman.h>
#include <time.h>

typedef pthread_rwlock_t sys_rwlock;
#define SYS_RWLOCK_INIT PTHREAD_RWLOCK_INITIALIZER

static inline void sys_rwlock_init(sys_rwlock *l) { (void)pthread_rwlock_init(l, NULL); }
static inline void sys_read_lock(sys_rwlock *l) { (void)pthread_rwlock_rdlock(l); }
static inline void sys_read_unlock(sys_rwlock *l) { (void)pthread_rwlock_unlock(l); }
static inline void sys_write_lock(sys_rwlock *l) { (void)pthread_rwlock_wrlock(l); }
static inline void sys_write_unlock(sys_rwlock *l) { (void)pthread_rwlock_unlock(l); }

/* The coarse clock ticks every few milliseconds, as Windows' own does, and costs a fifth of the fine one. */
#if defined(CLOCK_REALTIME_COARSE)
#define SYS_WALL_CLOCK CLOCK_REALTIME_COARSE
#else
#define SYS_WALL_CLOCK CLOCK_REALTIME
#endif

/* Seconds from 1601-01-01 to 1970-01-01. */
#define SYS_EPOCH_OFFSET 11644473600ull

static inline uint64_t
sys_filetime(void)
{
	struct timespec ts;

	(void)clock_gettime(SYS_WALL_CLOCK, &ts);
	return ((uint64_t)ts.tv_sec + SYS_EPOCH_OFFSET) * 10000000u + (uint64_t)ts.tv_nsec / 100u;
}

/* Memory that begins on a line. Pieces of a huge page and more lie on such pages where the system has them: a full table
 * spreads over more ordinary pages than the processor can keep in mind. */
static inline void *
sys_pages_alloc(size_t size)
{
	void *memory;

	if (posix_memalign(&memory, size < SYS_HUGE_PAGE ? SYS_LINE : SYS_HUGE_PAGE, size) != 0)
		return NULL;
#if defined(MADV_HUGEPAGE)
	if (size >= SYS_HUGE_PAGE)
		(void)madvise(memory, size, MADV_HUGEPAGE);
#endif
	return memory;
}

static inline void sys_pages_free(void *memory) { free(memory); }

#endif

#endif
