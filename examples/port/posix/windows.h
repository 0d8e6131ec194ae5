/*
 * windows.h - the little of Windows that the port uses, for systems that are not Windows: POSIX threads and nothing
 * newer, so that it serves Linux and macOS. The types are those of rtmv2.h. A program that has locks and events of its
 * own does not need this.
 */
#ifndef RTM1_PORT_WINDOWS_H
#define RTM1_PORT_WINDOWS_H

#include <pthread.h>
#include <rtmv2.h>

typedef uint8_t BYTE;
typedef int32_t WINBOOL;
typedef DWORD(WINAPI *LPTHREAD_START_ROUTINE)(PVOID parameter);

#define ERROR_MORE_DATA 234
#define WAIT_OBJECT_0 0u
#define WAIT_TIMEOUT 258u
#define WAIT_FAILED 0xFFFFFFFFu

DWORD GetLastError(void);
void SetLastError(DWORD error);
void GetSystemTimeAsFileTime(FILETIME *time);

/* Events and threads are waited for and closed alike. A handle is closed when nobody uses it any more. */
HANDLE CreateEventA(void *security, BOOL manual, BOOL set, const char *name);
BOOL SetEvent(HANDLE event);
BOOL ResetEvent(HANDLE event);
HANDLE CreateThread(void *security, size_t stack, LPTHREAD_START_ROUTINE run, PVOID parameter, DWORD flags, DWORD *id);
DWORD WaitForSingleObject(HANDLE object, DWORD milliseconds);
BOOL CloseHandle(HANDLE object);

typedef struct {
	pthread_mutex_t mutex;
} SRWLOCK;
#define SRWLOCK_INIT {PTHREAD_MUTEX_INITIALIZER}

static inline void AcquireSRWLockExclusive(SRWLOCK *lock)
{
	(void)pthread_mutex_lock(&lock->mutex);
}

static inline void ReleaseSRWLockExclusive(SRWLOCK *lock)
{
	(void)pthread_mutex_unlock(&lock->mutex);
}

#endif
