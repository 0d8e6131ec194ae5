/*
 * book.c - what clients hold. See book.h.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "book.h"

const struct home homes[TABLES] = {
	{ 0, RTM2_AF_INET, 4, 4 },
	{ 0, RTM2_AF_INET6, 16, 16 },
	{ 0, RTM2_AF_IPX, 4, 6 },
	{ 7, RTM2_AF_INET, 4, 4 },
};

struct entry entries[MOST_ENTRIES];
unsigned entry_count;
struct client clients[MOST_CLIENTS];
int client_count;

_Noreturn void
must_fail(const char *file, int line, const char *condition)
{
	fprintf(stderr, "%s:%d: does not hold: %s\n", file, line, condition);
	abort();
}

void
book_clear(void)
{
	entry_count = 0;
	client_count = 0;
	memset(clients, 0, sizeof(clients));
}

/* With room left for what releasing everything still brings to light. */
bool
book_is_full(void)
{
	return entry_count > MOST_ENTRIES / 2;
}

struct entry *
book_find(HANDLE handle)
{
	for (unsigned i = entry_count; i-- > 0;)
		if (entries[i].handle == handle)
			return &entries[i];
	return NULL;
}

struct entry *
book_seen(int client, HANDLE handle, enum kind kind)
{
	struct entry *e = book_find(handle);

	MUST(handle != NULL);
	if (e != NULL) {
		MUST(e->kind == kind && e->table == clients[client].table);
		return e;
	}
	MUST(entry_count < MOST_ENTRIES);
	e = &entries[entry_count++];
	*e = (struct entry){ .handle = handle, .kind = kind, .table = clients[client].table, .owner = NOBODY };
	return e;
}

void
book_given(int client, HANDLE handle, enum kind kind)
{
	if (handle == NULL)
		return;
	book_seen(client, handle, kind)->refs++;
	clients[client].refs++;
}

void
book_taken(int client, HANDLE handle)
{
	struct entry *e = book_find(handle);

	MUST(e != NULL && e->refs > 0);
	e->refs--;
	clients[client].refs--;
}

void
book_consumed(int client, HANDLE handle)
{
	const struct entry *e = book_find(handle);

	if (e != NULL && e->refs > 0 && clients[client].refs + clients[client].open > 0)
		book_taken(client, handle);
}

struct entry *
book_opened(int client, HANDLE handle, enum kind kind)
{
	struct entry *e;

	MUST(book_find(handle) == NULL);
	e = book_seen(client, handle, kind);
	e->owner = client;
	e->open = true;
	clients[client].open++;
	return e;
}

void
book_closed(struct entry *e)
{
	MUST(e->open);
	e->open = false;
	clients[e->owner].open--;
}

void
book_left(int client)
{
	for (unsigned i = 0; i < entry_count; i++)
		if (entries[i].open && entries[i].owner == client)
			book_closed(&entries[i]);
	clients[client].registered = false;
	MUST(clients[client].open == 0);
}

unsigned
book_refs(int client, HANDLE handle, enum kind kind)
{
	const struct entry *e = book_find(handle);

	return e != NULL && e->kind == kind && e->table == clients[client].table ? e->refs : 0;
}
