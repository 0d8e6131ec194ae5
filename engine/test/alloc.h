/*
 * alloc.h - the parts of rtm2-alloc: alloc.c lets allocations fail, alloc_stories.c has the calls in which they do, and
 * alloc_dump.c tells what can be seen of the tables.
 */
#ifndef RTM2_TEST_ALLOC_H
#define RTM2_TEST_ALLOC_H

#include <stdbool.h>
#include <stddef.h>

#include "rtmv2.h"

enum need {
	NEEDS_MEMORY,  /* fails with 8, or 1450 for want of a thread, and changes nothing */
	NEEDS_NONE,    /* never fails for want of memory */
	GIVES_PARTS,   /* as NEEDS_MEMORY, or delivers what it has found so far */
	PREPARES       /* gets what it needs: many such calls come before those that the story is about */
};

/*
 * One call of a story. If it fails as it should because an allocation was made to fail, it is made once more.
 *
 *     STEP(NEEDS_MEMORY, NO_ERROR, RtmCreateRouteList(self, &list));
 */
#define STEP(need, expected, call)                                                                                     \
	do                                                                                                             \
		step_begin(#call, need);                                                                               \
	while (step_end((call), expected))

void step_begin(const char *call, enum need need);
bool step_end(DWORD status, DWORD expected);

/* Lets time pass; routes that expire and holds that end meanwhile need no memory. */
void pass_time(ULONG milliseconds);

/* Adds to what the story has seen: it has to see the same whatever fails. */
void saw(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Ends the program unless the condition holds. */
#define REQUIRE(condition) ((condition) ? (void)0 : give_up(__FILE__, __LINE__, #condition))
_Noreturn void give_up(const char *file, int line, const char *what);

struct story {
	const char *name;
	void (*tell)(void);
};

/* All stories, up to one without a name. Each begins without tables and ends with all of them empty. */
extern const struct story stories[];

/* Makes an entity, or what an entity has, part of what alloc_dump.c tells; what is released is forgotten of itself. */
void show_entity(RTM_ENTITY_HANDLE entity, USHORT family, bool has_opaque);
void show_list(RTM_ENTITY_HANDLE owner, RTM_ROUTE_LIST_HANDLE list);
void show_notification(RTM_ENTITY_HANDLE owner, RTM_NOTIFY_HANDLE notification);

/* Events that callbacks of the stories got. Not counted while the tables are told. */
void count_event(void);

/* Writes all that clients can see of the tables; returns its length. Leaves nothing behind in them. */
size_t tell_tables(char *text, size_t size);

/* A route, next hop or entity in words, independent of what its handle is. */
const char *route_text(RTM_ENTITY_HANDLE self, RTM_ROUTE_HANDLE route);
const char *hop_text(RTM_ENTITY_HANDLE self, RTM_NEXTHOP_HANDLE hop);
const char *address_text(const RTM_NET_ADDRESS *address);

#endif
