/*
 * sys.h - what differs between the systems: locks, threads, clocks, large pieces of memory.
 */
#ifndef RTM2_SYS_H
#define RTM2_SYS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "order.h"

/* A sys_rwlock may be held by many for reading, by none of them twice: who waits for it to write bars those that come
 * later, since readers that overlap would else keep him out for ever. */
#if defined(_WIN32)

#ifndef WIN32_LEAN_AND_MEAN
#define WIN32_LEAN_AND_MEAN
#endif
#include <windows.h>

typedef SRWLOCK sys_os_rwlock;
typedef SRWLOCK sys_os_mutex;
typedef CONDITION_VARIABLE sys_cond;
#define SYS_OS_MUTEX_INIT SRWLOCK_INIT

static inline void sys_os_read_lock(sys_os_rwlock *l) { AcquireSRWLockShared(l); }
static inline void sys_os_read_unlock(sys_os_rwlock *l) { ReleaseSRWLockShared(l); }
static inline void sys_os_write_lock(sys_os_rwlock *l) { AcquireSRWLockExclusive(l); }
static inline void sys_os_write_unlock(sys_os_rwlock *l) { ReleaseSRWLockExclusive(l); }
static inline void sys_os_mutex_lock(sys_os_mutex *m) { AcquireSRWLockExclusive(m); }
static inline void sys_os_mutex_unlock(sys_os_mutex *m) { ReleaseSRWLockExclusive(m); }
static inline void sys_cond_init(sys_cond *c) { InitializeConditionVariable(c); }
static inline void sys_cond_broadcast(sys_cond *c) { WakeAllConditionVariable(c); }

#else

#include <pthread.h>

typedef pthread_rwlock_t sys_os_rwlock;
typedef pthread_mutex_t sys_os_mutex;
typedef pthread_cond_t sys_cond;
#define SYS_OS_MUTEX_INIT PTHREAD_MUTEX_INITIALIZER

static inline void sys_os_read_lock(sys_os_rwlock *l) { (void)pthread_rwlock_rdlock(l); }
static inline void sys_os_read_unlock(sys_os_rwlock *l) { (void)pthread_rwlock_unlock(l); }
static inline void sys_os_write_lock(sys_os_rwlock *l) { (void)pthread_rwlock_wrlock(l); }
static inline void sys_os_write_unlock(sys_os_rwlock *l) { (void)pthread_rwlock_unlock(l); }
static inline void sys_os_mutex_lock(sys_os_mutex *m) { (void)pthread_mutex_lock(m); }
static inline void sys_os_mutex_unlock(sys_os_mutex *m) { (void)pthread_mutex_unlock(m); }
static inline void sys_cond_broadcast(sys_cond *c) { (void)pthread_cond_broadcast(c); }
void sys_cond_init(sys_cond *);

#endif

/* The system's locks, each with its place in the order. */
typedef struct {
	sys_os_rwlock rw_lock;
	enum order rw_order;
} sys_rwlock;

typedef struct {
	sys_os_mutex mu_lock;
	enum order mu_order;
} sys_mutex;

#define SYS_MUTEX_INIT(order) { SYS_OS_MUTEX_INIT, order }

void sys_rwlock_init(sys_rwlock *, enum order);

static inline void
sys_read_lock(sys_rwlock *l)
{
	order_take(l->rw_order);
	sys_os_read_lock(&l->rw_lock);
}

static inline void
sys_read_unlock(sys_rwlock *l)
{
	sys_os_read_unlock(&l->rw_lock);
	order_give(l->rw_order);
}

static inline void
sys_write_lock(sys_rwlock *l)
{
	order_take(l->rw_order);
	sys_os_write_lock(&l->rw_lock);
}

static inline void
sys_write_unlock(sys_rwlock *l)
{
	sys_os_write_unlock(&l->rw_lock);
	order_give(l->rw_order);
}

static inline void
sys_mutex_lock(sys_mutex *m)
{
	order_take(m->mu_order);
	sys_os_mutex_lock(&m->mu_lock);
}

static inline void
sys_mutex_unlock(sys_mutex *m)
{
	sys_os_mutex_unlock(&m->mu_lock);
	order_give(m->mu_order);
}

/* A moment that never comes. */
#define SYS_NEVER UINT64_MAX

/* Milliseconds of a clock that only goes forward. */
uint64_t sys_milliseconds(void);

/* Time of day in 100 ns units since 1601-01-01 UTC. */
uint64_t sys_filetime(void);

/* Waits for the condition, or until sys_milliseconds() reaches a moment. */
void sys_cond_wait(sys_cond *, sys_mutex *, uint64_t until);

/* Starts a thread that lives as long as the process and takes no signals; one for the whole library, which must not
 * be unloaded under it: Windows is told so, ELF libraries are linked so, and macOS keeps what has thread-local
 * variables. */
bool sys_thread_start(void (*body)(void));

/* A number that no other living thread has. */
uintptr_t sys_thread_self(void);

/* What one entry of the processor's address translation cache covers at best. */
#define SYS_HUGE_PAGE ((size_t)2 << 20)

/* Memory that begins on a pair of cache lines; pieces of a huge page and more lie on such pages where the system has
 * them: a full table spreads over more ordinary pages than the processor can keep in mind. */
void *sys_pages_alloc(size_t);
void sys_pages_free(void *);

#endif
