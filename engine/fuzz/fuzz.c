/*
 * fuzz.c - the target for libFuzzer: each input is a sequence of calls by several entities, with handles that are right,
 * wrong, stale or made up, and with every argument as odd as it may be for memory to stay the caller's own. The book
 * (book.h) says which references each call gives and takes, so releases have to succeed exactly when there is something to
 * release; now and then, and at the end, the tables are looked at from inside (check.h); and when everything has been given
 * back nothing may be left.
 *
 * RTM2_TRACE in the environment shows the calls of an input and looks at the tables behind each.
 *
 * One thread makes the calls; time stands still but for a call of its own, and callbacks run between the calls (still.h).
 * So each input always does the same.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "calls.h"
#include "check.h"
#include "still.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

enum { MOST_CALLS = 300 };

#define FOREVER 10000000000u /* ms: longer than any time to live or hold */

/*
 * What is no call
 */

static void
pass_time(int client, HANDLE self)
{
	static const uint64_t steps[] = { 1, 999, 1000, 3600000, FOREVER };

	(void)client;
	(void)self;
	still_advance(steps[byte() % 5]);
}

/* What the statistics say of the entities with the id of a client. */
static void
audit_entity(int client)
{
	RTM2_STATISTICS own;
	ULONGLONG registered = 0, open = 0;

	for (int i = 0; i < client_count; i++)
		if (same_entity(&clients[i].info, &clients[client].info)) {
			registered += clients[i].registered;
			open += (ULONGLONG)(clients[i].open + clients[i].refs);
		}
	MUST(Rtm2GetStatistics(&clients[client].info, &own) == NO_ERROR);
	MUST(own.Entities == registered && own.Handles == open && own.Bytes == 0);
}

/* The sum over all registered clients, and what enumerations say, is what the statistics say. */
static void
audit(int client, HANDLE self)
{
	RTM2_STATISTICS all;
	ULONGLONG registered = 0, open = 0;

	(void)client;
	(void)self;
	check_tables();
	for (int i = 0; i < client_count; i++) {
		registered += clients[i].registered;
		open += (ULONGLONG)(clients[i].open + clients[i].refs);
		audit_entity(i);
	}
	MUST(Rtm2GetStatistics(NULL, &all) == NO_ERROR);
	MUST(all.Entities == registered && all.Handles == open);
	MUST(all.Routes <= MOST_CALLS && all.NextHops <= MOST_CALLS && all.Destinations <= all.Routes);
}

/* Every route of every table with somebody to ask is enumerated; all of them are in such tables. */
static void
count_routes(int client, HANDLE self)
{
	bool asked[TABLES] = { false };
	ULONGLONG routes = 0;
	RTM2_STATISTICS all;

	(void)self;
	for (client = 0; client < client_count; client++) {
		HANDLE en, handles[BATCH];
		UINT count;

		if (!clients[client].registered || asked[clients[client].table])
			continue;
		asked[clients[client].table] = true;
		self = clients[client].handle;
		MUST(RtmCreateRouteEnum(self, NULL, RTM_VIEW_MASK_ANY, RTM_ENUM_START, NULL, RTM_MATCH_NONE, NULL, 0, &en) ==
		     NO_ERROR);
		while (count = BATCH, RtmGetEnumRoutes(self, en, &count, handles) == NO_ERROR) {
			for (UINT i = 0; i < count; i++)
				routes += route_inside(client, handles[i])->r_state == RTM_ROUTE_STATE_CREATED;
			MUST(RtmReleaseRoutes(self, count, handles) == NO_ERROR);
		}
		MUST(RtmDeleteEnumHandle(self, en) == NO_ERROR);
	}
	MUST(Rtm2GetStatistics(NULL, &all) == NO_ERROR && all.Routes == routes);
}

/*
 * Inputs
 */

#define OPERATION(name) { #name, name }

/* What is done more often stands here more than once. */
static const struct operation {
	const char *o_name;
	void (*o_do)(int client, HANDLE self);
} operations[] = {
	OPERATION(register_entity),
	OPERATION(deregister_entity),
	OPERATION(get_registered_entities),
	OPERATION(entity_info),
	OPERATION(get_entity_methods),
	OPERATION(invoke_method),
	OPERATION(block_methods),
	OPERATION(get_dest_info),
	OPERATION(get_dest_info),
	OPERATION(get_route_info),
	OPERATION(get_hop_info),
	OPERATION(match_route),
	OPERATION(release_array),
	OPERATION(release_array),
	OPERATION(release_route_info),
	OPERATION(release_hop_info),
	OPERATION(release_dest_info),
	OPERATION(reference_handles),
	OPERATION(add_next_hop),
	OPERATION(add_next_hop),
	OPERATION(find_next_hop),
	OPERATION(delete_next_hop),
	OPERATION(add_route),
	OPERATION(add_route),
	OPERATION(add_route),
	OPERATION(delete_route),
	OPERATION(hold_destination),
	OPERATION(get_route_pointer),
	OPERATION(lock_destination),
	OPERATION(lock_route),
	OPERATION(lock_next_hop),
	OPERATION(write_in_place),
	OPERATION(write_in_place),
	OPERATION(update_and_unlock),
	OPERATION(get_opaque_pointer),
	OPERATION(create_enum),
	OPERATION(get_enum),
	OPERATION(get_enum),
	OPERATION(close_one),
	OPERATION(register_for_changes),
	OPERATION(get_changed_dests),
	OPERATION(change_status),
	OPERATION(create_list),
	OPERATION(insert_in_list),
	OPERATION(pass_time),
	OPERATION(audit),
	OPERATION(count_routes),
};

/* Someone in the table of a lock who can give it up. */
static int
janitor(unsigned table)
{
	RTM_ENTITY_INFO info = { homes[table].instance, homes[table].family, { { { 77, 77 } } } };
	RTM_REGN_PROFILE profile;

	for (int i = 0; i < client_count; i++)
		if (clients[i].registered && clients[i].table == table)
			return i;
	MUST(client_count < MOST_CLIENTS);
	clients[client_count] = (struct client){ .info = info, .table = table, .registered = true };
	MUST(RtmRegisterEntity(&info, NULL, NULL, FALSE, &profile, &clients[client_count].handle) == NO_ERROR);
	(void)book_seen(client_count, clients[client_count].handle, KIND_ENTITY);
	return client_count++;
}

static void
release_everything(void)
{
	for (unsigned i = 0; i < MOST_LOCKS; i++) {
		struct lock *l = &locks[i];

		if (l->l_kind != NO_LOCK)
			unlock(l, l->l_kind == HOP_LOCK ? l->l_client : janitor(l->l_table));
	}
	for (int i = 0; i < client_count; i++)
		if (clients[i].registered)
			deregister(i);
	still_advance(FOREVER);
	check_empty();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static bool begun, traces;

	if (!begun) {
		still_begin();
		traces = getenv("RTM2_TRACE") != NULL;
	}
	begun = true;
	input_begin(data, size);
	book_clear();
	memset(locks, 0, sizeof(locks));
	for (unsigned calls = 0; calls < MOST_CALLS && !book_is_full() && input_next(); calls++) {
		const struct operation *o = &operations[byte() % (sizeof(operations) / sizeof(operations[0]))];
		HANDLE self;
		int client = some_caller(&self);

		if (traces)
			fprintf(stderr, "%u: client %d: %s\n", calls, client, o->o_name);
		o->o_do(client, self);
		still();
		if (traces)
			audit(NOBODY, NULL);
	}
	audit(NOBODY, NULL);
	release_everything();
	return 0;
}
