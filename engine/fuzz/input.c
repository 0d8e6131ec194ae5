/*
 * input.c - what an input says. See input.h.
 */
#include <string.h>

#include "calls.h"

static const uint8_t *input, *record; /* the records to come, and the rest of the present one */
static size_t input_left, record_left;
static unsigned caller_table;

size_t
record_size(const uint8_t *data, size_t size)
{
	size_t wanted = 1 + (size_t)data[0] % (RECORD_MOST + 1);

	return wanted < size ? wanted : size;
}

void
input_begin(const uint8_t *data, size_t size)
{
	input = data;
	input_left = size;
}

bool
input_next(void)
{
	size_t size;

	if (input_left == 0)
		return false;
	size = record_size(input, input_left);
	record = input + 1;
	record_left = size - 1;
	input += size;
	input_left -= size;
	return true;
}

uint8_t
byte(void)
{
	if (record_left == 0)
		return 0;
	record_left--;
	return *record++;
}

uint32_t
number(void)
{
	uint32_t n = 0;

	for (unsigned i = 0; i < 4; i++)
		n = n << 8 | byte();
	return n;
}

HANDLE
made_up_handle(void)
{
	uint64_t n = number();

	return (HANDLE)(uintptr_t)(n << (byte() & 31) | byte());
}

/* Whether an entry is one of those that small numbers choose from: of the caller's own table. */
static bool
is_near(const struct entry *e, enum kind kind)
{
	return e->kind == kind && e->table == caller_table;
}

HANDLE
some_handle(enum kind kind)
{
	unsigned b = byte(), matching = 0, wanted;

	if (b >= 0xF8)
		return b >= 0xFC ? NULL : made_up_handle();
	if (b >= 0xF0)
		return entry_count > 0 ? entries[byte() % entry_count].handle : NULL;
	for (unsigned i = 0; i < entry_count; i++)
		matching += is_near(&entries[i], kind);
	if (matching == 0)
		return NULL;
	/* Small numbers name what is new. */
	wanted = b % matching;
	for (unsigned i = entry_count;;)
		if (is_near(&entries[--i], kind) && wanted-- == 0)
			return entries[i].handle;
}

int
some_caller(HANDLE *self)
{
	unsigned b = byte();

	int client;

	*self = b < 0xF8 && client_count > 0 ? clients[b % (unsigned)client_count].handle : some_handle(KIND_ENTITY);
	client = client_of(*self);
	caller_table = table_of(client);
	return client;
}

RTM_NET_ADDRESS
some_address(int client, bool hop)
{
	static const uint8_t octets[] = { 10, 10, 0, 128, 255, 1 };
	const struct home *home = &homes[table_of(client)];
	unsigned width = hop ? home->hop_octets : home->octets, shape = byte();
	RTM_NET_ADDRESS a = { home->family, 0, { 0 } };

	a.AddrBits[0] = octets[byte() % sizeof(octets)];
	a.AddrBits[1] = octets[byte() % sizeof(octets)];
	if ((shape & 0x80) != 0)
		a.AddrBits[width - 1] = byte();
	if ((shape & 0x40) != 0)
		a.AddrBits[2] = byte();
	shape &= 0x3F;
	if (shape < 16)
		a.NumBits = (USHORT)(8 * width);
	else if (shape < 48)
		a.NumBits = (USHORT)(shape - 16);
	else if (shape < 62)
		a.NumBits = (USHORT)(8 * width + 48 - shape);
	else if (shape == 62)
		a.NumBits = (USHORT)number();
	else
		a.AddressFamily = byte();
	return a;
}

RTM_VIEW_SET
some_views(void)
{
	static const RTM_VIEW_SET views[] = { 0, 1, 1, 2, 3, 3, RTM_VIEW_MASK_ALL, 4 };

	return views[byte() % 8];
}

ULONG
some_protocol(void)
{
	static const ULONG protocols[] = { RTM_BEST_PROTOCOL, RTM_THIS_PROTOCOL, 1, 2 };

	return protocols[byte() % 4];
}

RTM_ENUM_FLAGS
some_enum_flags(RTM_ENUM_FLAGS scope)
{
	unsigned b = byte();

	return b >= 0xF8 ? number() : (b & 3) | ((b & 4) != 0 ? scope : 0);
}

RTM_MATCH_FLAGS
some_match_flags(void)
{
	unsigned b = byte();

	return b < 0xF0 ? b & 0x1F : number();
}

UINT
some_count(void)
{
	unsigned b = byte();

	return b < 0xF0 ? 1 + b % BATCH : b < 0xF8 ? 0 : MAX_HANDLES_IN_ENUM + 1;
}

ULONG
some_time(void)
{
	static const ULONG times[] = { INFINITE, INFINITE, INFINITE, INFINITE, 0, 1, 1000, 3600000 };

	return times[byte() % 8];
}

void
some_route(int client, route_info *route)
{
	unsigned hops = byte() % 5;

	memset(route, 0, sizeof(*route));
	route->info.PrefInfo.Preference = byte() & 3;
	route->info.PrefInfo.Metric = byte() & 1;
	route->info.BelongsToViews = some_views();
	route->info.Flags = (USHORT)(1u << (byte() & 15));
	route->info.EntitySpecificInfo = route;
	route->info.RouteOwner = client != NOBODY ? clients[client].handle : NULL;
	route->info.Neighbour = byte() & 1 ? some_handle(KIND_NEXTHOP) : NULL;
	for (unsigned i = 0; i < hops; i++)
		HOP(&route->info, i) = some_handle(KIND_NEXTHOP);
	route->info.NextHopsList.NumNextHops = (USHORT)(byte() < 0xF8 ? hops : number());
}
