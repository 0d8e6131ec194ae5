/*
 * sys.c - what differs between the systems.
 */
#include <stdlib.h>

#include "sys.h"

/* What the processor fetches from memory together. */
#define LINE_PAIR ((size_t)128)

static void (*thread_body)(void);

#if defined(_WIN32)

#include <malloc.h>

void
sys_rwlock_init(sys_rwlock *l, enum order order)
{
	InitializeSRWLock(&l->rw_lock);
	l->rw_order = order;
}

uint64_t
sys_milliseconds(void)
{
	return GetTickCount64();
}

uint64_t
sys_filetime(void)
{
	FILETIME ft;

	GetSystemTimeAsFileTime(&ft);
	return (uint64_t)ft.dwHighDateTime << 32 | ft.dwLowDateTime;
}

void
sys_cond_wait(sys_cond *c, sys_mutex *m, uint64_t until)
{
	uint64_t now = sys_milliseconds(), left = until > now ? until - now : 0;
	DWORD timeout = until == SYS_NEVER ? INFINITE : left > 0x7FFFFFFF ? 0x7FFFFFFF : (DWORD)left;

	order_wait(m->mu_order);
	/* A wait that ends too early is taken up again by the caller. */
	(void)SleepConditionVariableSRW(c, &m->mu_lock, timeout, 0);
}

static DWORD WINAPI
thread_main(LPVOID unused)
{
	(void)unused;
	thread_body();
	return 0;
}

bool
sys_thread_start(void (*body)(void))
{
	HMODULE self;
	HANDLE thread;

	/* The thread's code must not be unloaded. */
	(void)GetModuleHandleExA(GET_MODULE_HANDLE_EX_FLAG_FROM_ADDRESS | GET_MODULE_HANDLE_EX_FLAG_PIN,
	                         (LPCSTR)(uintptr_t)body, &self);
	thread_body = body;
	if ((thread = CreateThread(NULL, 0, thread_main, NULL, 0, NULL)) == NULL)
		return false;
	(void)CloseHandle(thread);
	return true;
}

uintptr_t
sys_thread_self(void)
{
	return GetCurrentThreadId();
}

void *
sys_pages_alloc(size_t size)
{
	return _aligned_malloc(size, LINE_PAIR);
}

void
sys_pages_free(void *memory)
{
	_aligned_free(memory);
}

#else

#include <signal.h>
#include <sys/mman.h>
#include <time.h>

/* Seconds from 1601-01-01 to 1970-01-01. */
#define EPOCH_OFFSET 11644473600ull

/* The coarse clock ticks every few milliseconds, as Windows' own does, and costs a fifth of the fine one. */
#if defined(CLOCK_REALTIME_COARSE)
#define WALL_CLOCK CLOCK_REALTIME_COARSE
#else
#define WALL_CLOCK CLOCK_REALTIME
#endif

/* The clock that timed waits go by; on macOS the monotonic one is another, and runs on while the system sleeps. */
#if defined(__APPLE__)
#define STEADY_CLOCK CLOCK_UPTIME_RAW
#else
#define STEADY_CLOCK CLOCK_MONOTONIC
#endif

uint64_t
sys_milliseconds(void)
{
	struct timespec ts;

	(void)clock_gettime(STEADY_CLOCK, &ts);
	return (uint64_t)ts.tv_sec * 1000u + (uint64_t)ts.tv_nsec / 1000000u;
}

uint64_t
sys_filetime(void)
{
	struct timespec ts;

	(void)clock_gettime(WALL_CLOCK, &ts);
	return ((uint64_t)ts.tv_sec + EPOCH_OFFSET) * 10000000u + (uint64_t)ts.tv_nsec / 100u;
}

void
sys_cond_init(sys_cond *c)
{
#if defined(__APPLE__)
	(void)pthread_cond_init(c, NULL);
#else
	pthread_condattr_t attributes;

	(void)pthread_condattr_init(&attributes);
	(void)pthread_condattr_setclock(&attributes, STEADY_CLOCK);
	(void)pthread_cond_init(c, &attributes);
	(void)pthread_condattr_destroy(&attributes);
#endif
}

void
sys_rwlock_init(sys_rwlock *l, enum order order)
{
	pthread_rwlockattr_t attributes;

	(void)pthread_rwlockattr_init(&attributes);
#if defined(__GLIBC__)
	/* Left to itself it lets a reader in whenever another one is there. */
	(void)pthread_rwlockattr_setkind_np(&attributes, PTHREAD_RWLOCK_PREFER_WRITER_NONRECURSIVE_NP);
#endif
	(void)pthread_rwlock_init(&l->rw_lock, &attributes);
	(void)pthread_rwlockattr_destroy(&attributes);
	l->rw_order = order;
}

static struct timespec
timespec_of(uint64_t milliseconds)
{
	struct timespec ts;

	ts.tv_sec = (time_t)(milliseconds / 1000u);
	ts.tv_nsec = (long)(milliseconds % 1000u) * 1000000;
	return ts;
}

void
sys_cond_wait(sys_cond *c, sys_mutex *m, uint64_t until)
{
	struct timespec ts;

	order_wait(m->mu_order);
	if (until == SYS_NEVER) {
		(void)pthread_cond_wait(c, &m->mu_lock);
		return;
	}
#if defined(__APPLE__)
	{
		uint64_t now = sys_milliseconds();

		ts = timespec_of(until > now ? until - now : 0);
		(void)pthread_cond_timedwait_relative_np(c, &m->mu_lock, &ts);
	}
#else
	ts = timespec_of(until);
	(void)pthread_cond_timedwait(c, &m->mu_lock, &ts);
#endif
}

static void *
thread_main(void *unused)
{
	(void)unused;
	thread_body();
	return NULL;
}

bool
sys_thread_start(void (*body)(void))
{
	pthread_t thread;
	sigset_t all, own;
	int error;

	thread_body = body;
	/* A thread starts with the mask of the one that makes it. The program's handlers are for its own threads. */
	(void)sigfillset(&all);
	(void)pthread_sigmask(SIG_SETMASK, &all, &own);
	error = pthread_create(&thread, NULL, thread_main, NULL);
	(void)pthread_sigmask(SIG_SETMASK, &own, NULL);
	if (error == 0)
		(void)pthread_detach(thread);
	return error == 0;
}

uintptr_t
sys_thread_self(void)
{
	static _Thread_local char mark;

	return (uintptr_t)&mark;
}

void *
sys_pages_alloc(size_t size)
{
	void *memory;

	if (posix_memalign(&memory, size < SYS_HUGE_PAGE ? LINE_PAIR : SYS_HUGE_PAGE, size) != 0)
		return NULL;
#if defined(MADV_HUGEPAGE)
	if (size >= SYS_HUGE_PAGE)
		(void)madvise(memory, size, MADV_HUGEPAGE);
#endif
	return memory;
}

void
sys_pages_free(void *memory)
{
	free(memory);
}

#endif
