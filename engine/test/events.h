/*
 * events.h - what happens beside the thread of a test: callbacks, other threads, time that passes.
 *
 * Nothing here sleeps. What has to come about is awaited with EVENTUALLY. What must not come about is shown by order: the
 * library has one thread that calls back and lets time pass, so once it has stopped at a gate of the test (hold_events),
 * everything that was on its way has been delivered, and nothing more happens until let_events_go.
 */
#ifndef RTM2_TEST_EVENTS_H
#define RTM2_TEST_EVENTS_H

#include <pthread.h>
#include <stdatomic.h>
#include <time.h>

#include "support.h"

/* Seconds after which what has not come about is taken for never coming. */
enum { PATIENCE = 20 };

/* Waits until the condition holds; a failure ends the test. */
#define EVENTUALLY(condition)                                                                                          \
	do {                                                                                                           \
		time_t since_ = time(NULL);                                                                            \
		while (!(condition) && time(NULL) - since_ <= PATIENCE)                                                \
			give_way();                                                                                    \
		REQUIRE(condition);                                                                                    \
	} while (0)

/* Lets other threads run. */
void give_way(void);
/* Lets other threads run for long enough that one that should wait and does not is very likely to be caught. */
void give_way_for_long(void);

/* Callbacks. An entity that listens notes down what it is told, up to ROOM_HEARD events a test. */
enum { ROOM_HEARD = 256 };
struct heard {
	RTM_ENTITY_HANDLE self;
	RTM_EVENT_TYPE type;
	PVOID context1;
	PVOID context2;
	RTM_ENTITY_INFO entity; /* of RTM_ENTITY_REGISTERED and RTM_ENTITY_DEREGISTERED */
	pthread_t thread;
};
RTM_ENTITY_HANDLE enter_with(ULONG protocol, RTM_EVENT_CALLBACK callback);
RTM_ENTITY_HANDLE enter_listening(ULONG protocol);
/* The callback of an entity that listens. */
DWORD WINAPI note_event(RTM_ENTITY_HANDLE self, RTM_EVENT_TYPE type, PVOID context1, PVOID context2);
/* Number of events of a type that the entity was told so far. */
unsigned times_told(RTM_ENTITY_HANDLE self, RTM_EVENT_TYPE type);
/* Number of events that the entity was told so far, and the i-th of them, counted from 0. */
unsigned events_of(RTM_ENTITY_HANDLE self);
struct heard event_of(RTM_ENTITY_HANDLE self, unsigned i);

/* Returns when all events so far have been delivered. Then nothing is called back and no time passes until let_events_go. */
void hold_events(void);
void let_events_go(void);
/* Returns when all events so far have been delivered. */
void await_events(void);

/* Time. Adds or updates a route that lives for so many milliseconds, in a list or not; else as try_route. */
DWORD try_route_for(RTM_ENTITY_HANDLE entity, RTM_ROUTE_HANDLE *handle, struct route route, ULONG ttl,
                    RTM_ROUTE_LIST_HANDLE list, RTM_ROUTE_CHANGE_FLAGS *flags);
/* As add_route and keep_route. */
RTM_ROUTE_HANDLE add_route_for(RTM_ENTITY_HANDLE entity, struct route route, ULONG ttl);
RTM_ROUTE_HANDLE keep_route_for(RTM_ENTITY_HANDLE entity, struct route route, ULONG ttl);
enum { HOUR = 3600000 };
/* Returns when so many milliseconds have passed for the table of the test: whatever was due earlier there is done. */
void let_pass(ULONG milliseconds);

/* Threads, for calls that wait. */
struct thread {
	pthread_t id;
	DWORD (*body)(void *);
	void *context;
	DWORD result;
	atomic_bool begun;
	atomic_bool ended;
};
/* Starts a thread and returns when it runs. */
void start_thread(struct thread *thread, DWORD (*body)(void *), void *context);
/* Waits until it has ended; what its body returned. */
DWORD end_thread(struct thread *thread);

/* Processes. Runs one test of this program in a process of its own, to which child_number() tells the number; its exit code,
 * or -1 if it did not end by itself. Everywhere else child_number() is 0. */
int run_child(const char *test, unsigned number);
unsigned child_number(void);

#endif
