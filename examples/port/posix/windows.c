/*
 * windows.c - see windows.h. Waits are by the clock of the system: POSIX has a wait by another clock, and macOS has not.
 */
#include <windows.h>

#include <errno.h>
#include <stdlib.h>
#include <time.h>

#define EPOCH_DIFFERENCE_S 11644473600u /* from 1601 to 1970 */

typedef struct {
	pthread_mutex_t mutex;
	pthread_cond_t changed;
	BOOL manual;
	BOOL set; /* of a thread: it has ended */
	BOOL is_thread;
	pthread_t thread;
	LPTHREAD_START_ROUTINE run;
	PVOID parameter;
} OBJECT;

static _Thread_local DWORD last_error;

DWORD GetLastError(void)
{
	return last_error;
}

void SetLastError(DWORD error)
{
	last_error = error;
}

void GetSystemTimeAsFileTime(FILETIME *file_time)
{
	struct timespec now;
	uint64_t ticks;

	clock_gettime(CLOCK_REALTIME, &now);
	ticks = ((uint64_t)now.tv_sec + EPOCH_DIFFERENCE_S) * 10000000u + (uint64_t)now.tv_nsec / 100u;
	file_time->dwLowDateTime = (DWORD)ticks;
	file_time->dwHighDateTime = (DWORD)(ticks >> 32);
}

static OBJECT *new_object(BOOL manual, BOOL set)
{
	OBJECT *object = calloc(1, sizeof(*object));

	if (!object)
		return NULL;
	pthread_mutex_init(&object->mutex, NULL);
	pthread_cond_init(&object->changed, NULL);
	object->manual = manual;
	object->set = set;
	return object;
}

static void free_object(OBJECT *object)
{
	pthread_cond_destroy(&object->changed);
	pthread_mutex_destroy(&object->mutex);
	free(object);
}

static BOOL change(OBJECT *object, BOOL set)
{
	pthread_mutex_lock(&object->mutex);
	object->set = set;
	pthread_cond_broadcast(&object->changed);
	pthread_mutex_unlock(&object->mutex);
	return TRUE;
}

HANDLE CreateEventA(void *security, BOOL manual, BOOL set, const char *name)
{
	(void)security;
	(void)name; /* names are for other processes */
	return new_object(manual, set);
}

BOOL SetEvent(HANDLE event)
{
	return change(event, TRUE);
}

BOOL ResetEvent(HANDLE event)
{
	return change(event, FALSE);
}

static void *run_thread(void *parameter)
{
	OBJECT *object = parameter;

	(void)object->run(object->parameter);
	change(object, TRUE);
	return NULL;
}

HANDLE CreateThread(void *security, size_t stack, LPTHREAD_START_ROUTINE run, PVOID parameter, DWORD flags, DWORD *id)
{
	OBJECT *object = new_object(TRUE, FALSE);

	(void)security;
	(void)stack;
	(void)flags;
	(void)id;
	if (!object)
		return NULL;
	object->is_thread = TRUE;
	object->run = run;
	object->parameter = parameter;
	if (pthread_create(&object->thread, NULL, run_thread, object) == 0)
		return object;
	free_object(object);
	return NULL;
}

static struct timespec end_of_wait(DWORD milliseconds)
{
	struct timespec end;

	clock_gettime(CLOCK_REALTIME, &end);
	end.tv_sec += (time_t)(milliseconds / 1000);
	end.tv_nsec += (long)(milliseconds % 1000) * 1000000;
	if (end.tv_nsec >= 1000000000) {
		end.tv_nsec -= 1000000000;
		end.tv_sec++;
	}
	return end;
}

DWORD WaitForSingleObject(HANDLE handle, DWORD milliseconds)
{
	OBJECT *object = handle;
	struct timespec end = end_of_wait(milliseconds == INFINITE ? 0 : milliseconds);
	int status = 0;
	DWORD result;

	pthread_mutex_lock(&object->mutex);
	while (!object->set && status != ETIMEDOUT && milliseconds > 0)
		status = milliseconds == INFINITE ? pthread_cond_wait(&object->changed, &object->mutex)
		                                  : pthread_cond_timedwait(&object->changed, &object->mutex, &end);
	result = object->set ? WAIT_OBJECT_0 : WAIT_TIMEOUT;
	if (object->set && !object->manual)
		object->set = FALSE;
	pthread_mutex_unlock(&object->mutex);
	return result;
}

BOOL CloseHandle(HANDLE handle)
{
	OBJECT *object = handle;

	if (object->is_thread)
		pthread_join(object->thread, NULL);
	free_object(object);
	return TRUE;
}
