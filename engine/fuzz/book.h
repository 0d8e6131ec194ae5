/*
 * book.h - what clients hold, kept apart from the library: every handle that was ever seen, how many references on it were
 * given out and not given back, and how many of those each entity took. The library has to agree at any time.
 */
#ifndef RTM2_FUZZ_BOOK_H
#define RTM2_FUZZ_BOOK_H

#include <stdbool.h>

#include "pool.h"
#include "rtmv2.h"

/* Ends the program, and with it the run of the fuzzer, unless the condition holds. */
#define MUST(condition) ((condition) ? (void)0 : must_fail(__FILE__, __LINE__, #condition))
_Noreturn void must_fail(const char *file, int line, const char *condition);

enum { MOST_ENTRIES = 600, MOST_CLIENTS = 24, TABLES = 4, NOBODY = -1 };

struct home {
	USHORT instance, family;
	unsigned octets, hop_octets;
};

extern const struct home homes[TABLES];

struct entry {
	HANDLE handle;
	enum kind kind;
	unsigned table;
	unsigned refs;
	int owner;        /* client; of enumerations, lists and notifications */
	int subject;      /* of enumerations */
	unsigned views;   /* number of them; of enumerations of destinations and of notifications */
	bool open;        /* of enumerations, lists and notifications: not deleted yet */
};

/* An entity, registered or gone. */
struct client {
	RTM_ENTITY_HANDLE handle;
	RTM_ENTITY_INFO info;
	unsigned table;
	bool registered;
	bool blocked;
	bool has_opaque;
	uint8_t manner;   /* what its callbacks do */
	long refs;        /* references taken by its calls less those given back by them */
	long open;        /* its enumerations, lists and notifications */
};

extern struct entry entries[MOST_ENTRIES];
extern unsigned entry_count;
extern struct client clients[MOST_CLIENTS];
extern int client_count;

void book_clear(void);
bool book_is_full(void);

/* The entry of a handle, or NULL. */
struct entry *book_find(HANDLE);

/* The entry of a handle that the library gave to a client; made if need be. */
struct entry *book_seen(int client, HANDLE, enum kind);

/* A call gave the client a reference; nothing happens for NULL. */
void book_given(int client, HANDLE, enum kind);

/* A call of the client took one back. */
void book_taken(int client, HANDLE);

/* The same with a call that takes one only if the client has any and the object has any (consume of object.h). */
void book_consumed(int client, HANDLE);

/* A call gave the client an enumeration, a list or a notification, or took it. */
struct entry *book_opened(int client, HANDLE, enum kind);
void book_closed(struct entry *);

/* Closes all that a client has opened: it leaves. */
void book_left(int client);

/* How many references of this kind a client of this table may give back. */
unsigned book_refs(int client, HANDLE, enum kind);

#endif
