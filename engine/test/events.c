/* events.c - what happens beside the thread of a test; see events.h. */
#include "events.h"

#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#if defined(_WIN32)
#include <process.h>
#else
#include <sys/wait.h>
#include <unistd.h>
#endif

enum { TURNS = 20000, GATE_INSTANCE = 1, GATE = 1, KNOCK = 2, CLOCK = 9999 };

void give_way(void)
{
	(void)sched_yield();
}

void give_way_for_long(void)
{
	for (unsigned i = 0; i < TURNS; i++)
		give_way();
}

/* Callbacks */

static struct heard log_of_test[ROOM_HEARD];
static atomic_uint logged; /* written by the library's one thread only */
static USHORT log_instance;

DWORD WINAPI note_event(RTM_ENTITY_HANDLE self, RTM_EVENT_TYPE type, PVOID context1, PVOID context2)
{
	unsigned i = atomic_load(&logged);

	if (!CHECK(i < ROOM_HEARD))
		return NO_ERROR;
	log_of_test[i] = (struct heard){.self = self, .type = type, .context1 = context1, .context2 = context2};
	log_of_test[i].thread = pthread_self();
	if (type == RTM_ENTITY_REGISTERED || type == RTM_ENTITY_DEREGISTERED)
		log_of_test[i].entity = *(const RTM_ENTITY_INFO *)context2;
	atomic_store(&logged, i + 1);
	return NO_ERROR;
}

RTM_ENTITY_HANDLE enter_with(ULONG protocol, RTM_EVENT_CALLBACK callback)
{
	RTM_ENTITY_INFO info = entity_info(instance, RTM2_AF_INET, protocol, 1);
	RTM_ENTITY_HANDLE entity = NULL;

	REQUIRE_EQ(RtmRegisterEntity(&info, NULL, callback, FALSE, &profile, &entity), NO_ERROR);
	return entity;
}

/* The log is for one test: what an earlier one left behind belongs to other tables. */
RTM_ENTITY_HANDLE enter_listening(ULONG protocol)
{
	if (log_instance != instance) {
		await_events();
		atomic_store(&logged, 0);
		log_instance = instance;
	}
	return enter_with(protocol, note_event);
}

unsigned times_told(RTM_ENTITY_HANDLE self, RTM_EVENT_TYPE type)
{
	unsigned times = 0;

	for (unsigned i = 0; i < atomic_load(&logged); i++)
		times += log_of_test[i].self == self && log_of_test[i].type == type;
	return times;
}

unsigned events_of(RTM_ENTITY_HANDLE self)
{
	unsigned times = 0;

	for (unsigned i = 0; i < atomic_load(&logged); i++)
		times += log_of_test[i].self == self;
	return times;
}

struct heard event_of(RTM_ENTITY_HANDLE self, unsigned number)
{
	unsigned i = 0;

	REQUIRE(number < events_of(self));
	while (log_of_test[i].self != self || number-- > 0)
		i++;
	return log_of_test[i];
}

/* The gate: an entity in an instance of its own whose callback waits there. */

static pthread_mutex_t gate_mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t gate_moved = PTHREAD_COND_INITIALIZER;
enum { OPEN, SHUT, REACHED };
static int gate = OPEN;
static RTM_ENTITY_HANDLE gatekeeper;

static void set_gate(int state)
{
	(void)pthread_mutex_lock(&gate_mutex);
	gate = state;
	(void)pthread_cond_broadcast(&gate_moved);
	(void)pthread_mutex_unlock(&gate_mutex);
}

static bool gate_is(int state)
{
	bool is;

	(void)pthread_mutex_lock(&gate_mutex);
	is = gate == state;
	(void)pthread_mutex_unlock(&gate_mutex);
	return is;
}

static DWORD WINAPI wait_at_gate(RTM_ENTITY_HANDLE self, RTM_EVENT_TYPE type, PVOID context1, PVOID context2)
{
	(void)self;
	(void)type;
	(void)context1;
	(void)context2;
	(void)pthread_mutex_lock(&gate_mutex);
	if (gate == SHUT) {
		gate = REACHED;
		while (gate == REACHED)
			(void)pthread_cond_wait(&gate_moved, &gate_mutex);
	}
	(void)pthread_mutex_unlock(&gate_mutex);
	return NO_ERROR;
}

static RTM_ENTITY_HANDLE enter_gate(ULONG protocol, RTM_EVENT_CALLBACK callback)
{
	RTM_ENTITY_INFO info = entity_info(GATE_INSTANCE, RTM2_AF_INET, protocol, 1);
	RTM_REGN_PROFILE limits;
	RTM_ENTITY_HANDLE entity = NULL;

	REQUIRE_EQ(RtmRegisterEntity(&info, NULL, callback, FALSE, &limits, &entity), NO_ERROR);
	return entity;
}

void hold_events(void)
{
	let_events_go(); /* in case an earlier test ended before it could */
	gatekeeper = enter_gate(GATE, wait_at_gate);
	set_gate(SHUT);
	REQUIRE_EQ(RtmDeregisterEntity(enter_gate(KNOCK, NULL)), NO_ERROR);
	EVENTUALLY(gate_is(REACHED));
}

void let_events_go(void)
{
	if (!gatekeeper)
		return;
	set_gate(OPEN);
	CHECK_EQ(RtmDeregisterEntity(gatekeeper), NO_ERROR);
	gatekeeper = NULL;
}

void await_events(void)
{
	hold_events();
	let_events_go();
}

/* Time */

DWORD try_route_for(RTM_ENTITY_HANDLE entity, RTM_ROUTE_HANDLE *handle, struct route route, ULONG ttl,
                    RTM_ROUTE_LIST_HANDLE list, RTM_ROUTE_CHANGE_FLAGS *flags)
{
	RTM_NET_ADDRESS destination;
	route_info input;

	route_input(&input, route);
	if (route.to)
		destination = addr(route.to);
	return RtmAddRouteToDest(entity, handle, route.to ? &destination : NULL, &input.info, ttl, list, 0, NULL, flags);
}

RTM_ROUTE_HANDLE add_route_for(RTM_ENTITY_HANDLE entity, struct route route, ULONG ttl)
{
	RTM_ROUTE_HANDLE handle = NULL;
	RTM_ROUTE_CHANGE_FLAGS flags = 0;

	REQUIRE_EQ(try_route_for(entity, &handle, route, ttl, NULL, &flags), NO_ERROR);
	REQUIRE(handle != NULL);
	return handle;
}

RTM_ROUTE_HANDLE keep_route_for(RTM_ENTITY_HANDLE entity, struct route route, ULONG ttl)
{
	RTM_ROUTE_HANDLE handle = add_route_for(entity, route, ttl);

	release_route(entity, handle);
	return handle;
}

/* Within a table things happen in the order in which they are due, so a route that expires last tells the time. It is in no
 * view, so that nobody is told of it. */
void let_pass(ULONG milliseconds)
{
	RTM_ENTITY_HANDLE clock_entity = enter(CLOCK);
	RTM_ROUTE_CHANGE_FLAGS flags = 0;

	REQUIRE_EQ(try_route_for(clock_entity, NULL, ROUTE(.to = "203.0.113.99/32", .in = IN_NO_VIEW), milliseconds, NULL,
	                         &flags),
	           NO_ERROR);
	EVENTUALLY(held_by(clock_entity).Routes == 0);
	leave(clock_entity);
}

/* Threads */

static void *run_thread(void *context)
{
	struct thread *thread = context;

	atomic_store(&thread->begun, true);
	thread->result = thread->body(thread->context);
	atomic_store(&thread->ended, true);
	return NULL;
}

void start_thread(struct thread *thread, DWORD (*body)(void *), void *context)
{
	memset(thread, 0, sizeof(*thread));
	thread->body = body;
	thread->context = context;
	REQUIRE(pthread_create(&thread->id, NULL, run_thread, thread) == 0);
	EVENTUALLY(atomic_load(&thread->begun));
}

DWORD end_thread(struct thread *thread)
{
	EVENTUALLY(atomic_load(&thread->ended));
	REQUIRE(pthread_join(thread->id, NULL) == 0);
	return thread->result;
}

/* Processes */

#define CHILD "RTM2_CHILD"

unsigned child_number(void)
{
	return (unsigned)environment_number(CHILD, 0);
}

#if defined(_WIN32)

int run_child(const char *test, unsigned number)
{
	char value[16], path[MAX_PATH + 2];
	intptr_t code;

	snprintf(value, sizeof(value), "%u", number);
	snprintf(path, sizeof(path), "\"%s\"", test_program());
	REQUIRE(_putenv_s(CHILD, value) == 0);
	code = _spawnl(_P_WAIT, test_program(), path, test, (char *)NULL);
	REQUIRE(_putenv_s(CHILD, "") == 0);
	return (int)code;
}

#else

int run_child(const char *test, unsigned number)
{
	char value[16];
	int status = 0;
	pid_t child;

	snprintf(value, sizeof(value), "%u", number);
	REQUIRE(setenv(CHILD, value, 1) == 0);
	child = fork();
	if (child == 0) {
		(void)execl(test_program(), test_program(), test, (char *)NULL);
		_exit(127);
	}
	REQUIRE(unsetenv(CHILD) == 0);
	REQUIRE(child > 0 && waitpid(child, &status, 0) == child);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

#endif
