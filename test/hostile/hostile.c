/*
 * hostile.c - an RTMv2 library that does what the embedded engine does, except for one trick.
 *
 * The trick stands in the library's own file name, hostile+VERB+SUBJECT+NUMBER.so, and the engine that it goes on to is the
 * file of the same name with .engine behind it: so copies of one file are as many libraries, each with its own tables, also
 * within one process. tricks.ts says what each verb does. SUBJECT is a function, * for all but registration, or what the
 * verb says; NUMBER is decimal or 0x...
 *
 * It counts the calls that it gets, and ends the process with EXIT_ENDLESS when they are more than any honest use needs,
 * and with EXIT_OVERRUN when it is given back an array or a structure that it cannot have filled: so that neither a loop
 * without end nor a wrong length goes unseen.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "rtmv2.h"

#define FUNCTIONS(X)                                                                                                   \
	X(RtmRegisterEntity) X(RtmDeregisterEntity) X(RtmGetRegisteredEntities) X(RtmReleaseEntities)                  \
	X(RtmLockDestination) X(RtmGetOpaqueInformationPointer) X(RtmGetEntityMethods) X(RtmInvokeMethod)              \
	X(RtmBlockMethods) X(RtmGetEntityInfo) X(RtmReleaseEntityInfo) X(RtmGetDestInfo) X(RtmReleaseDestInfo)         \
	X(RtmGetRouteInfo) X(RtmReleaseRouteInfo) X(RtmGetNextHopInfo) X(RtmReleaseNextHopInfo) X(RtmAddRouteToDest)   \
	X(RtmDeleteRouteToDest) X(RtmHoldDestination) X(RtmGetRoutePointer) X(RtmLockRoute)                            \
	X(RtmUpdateAndUnlockRoute) X(RtmGetExactMatchDestination) X(RtmGetMostSpecificDestination)                     \
	X(RtmGetLessSpecificDestination) X(RtmGetExactMatchRoute) X(RtmIsBestRoute) X(RtmAddNextHop)                   \
	X(RtmFindNextHop) X(RtmDeleteNextHop) X(RtmGetNextHopPointer) X(RtmLockNextHop) X(RtmCreateDestEnum)           \
	X(RtmGetEnumDests) X(RtmReleaseDests) X(RtmCreateRouteEnum) X(RtmGetEnumRoutes) X(RtmReleaseRoutes)            \
	X(RtmCreateNextHopEnum) X(RtmGetEnumNextHops) X(RtmReleaseNextHops) X(RtmDeleteEnumHandle)                     \
	X(RtmRegisterForChangeNotification) X(RtmGetChangedDests) X(RtmReleaseChangedDests) X(RtmIgnoreChangedDests)   \
	X(RtmGetChangeStatus) X(RtmMarkDestForChangeNotification) X(RtmIsMarkedForChangeNotification)                  \
	X(RtmDeregisterFromChangeNotification) X(RtmCreateRouteList) X(RtmInsertInRouteList)                           \
	X(RtmCreateRouteListEnum) X(RtmGetListEnumRoutes) X(RtmDeleteRouteList) X(RtmReferenceHandles)

/* The engine's functions. */
static struct {
#define MEMBER(name) __typeof__(&name) name;
	FUNCTIONS(MEMBER)
} real;

enum { EXIT_SETUP = 96, EXIT_ENDLESS = 97, EXIT_OVERRUN = 98 };
enum { MOST_HANDLES = 64, MOST_HOPS = 16, MOST_ITEMS = 256, SCRIBBLE = 0xA5 };

/* The trick, and how often its subject has been called. */
static struct {
	char verb[32];
	char subject[48];
	uint64_t number;
	unsigned times;
} trick;

static void give_up(int code, const char *what, const char *which)
{
	fprintf(stderr, "hostile library: %s %s\n", what, which);
	_exit(code);
}

/* The part of a file name up to the next separator. */
static const char *part(const char *text, char *result, size_t size)
{
	size_t length = strcspn(text, "+");

	snprintf(result, size, "%.*s", (int)length, text);
	return text[length] == '+' ? text + length + 1 : text + length;
}

__attribute__((constructor)) static void set_up(void)
{
	char path[4096];
	const char *name;
	Dl_info self;
	void *engine;

	if (dladdr(&trick, &self) == 0)
		give_up(EXIT_SETUP, "does not find", "itself");
	name = strrchr(self.dli_fname, '/');
	name = part(name != NULL ? name + 1 : self.dli_fname, path, sizeof(path));
	name = part(name, trick.verb, sizeof(trick.verb));
	name = part(name, trick.subject, sizeof(trick.subject));
	trick.number = strtoull(name, NULL, 0);
	snprintf(path, sizeof(path), "%s.engine", self.dli_fname);
	if ((engine = dlopen(path, RTLD_NOW | RTLD_LOCAL)) == NULL)
		give_up(EXIT_SETUP, "does not load", dlerror());
#define FIND(name)                                                                                                     \
	if ((real.name = (__typeof__(&name))dlsym(engine, #name)) == NULL)                                             \
		give_up(EXIT_SETUP, "does not find", #name);
	FUNCTIONS(FIND)
}

static bool does(const char *verb)
{
	return strcmp(trick.verb, verb) == 0;
}

static bool concerns(const char *subject)
{
	if (strcmp(trick.subject, "*") == 0)
		return strcmp(subject, "RtmRegisterEntity") != 0 && strcmp(subject, "RtmDeregisterEntity") != 0;
	return strcmp(trick.subject, subject) == 0;
}

/*
 * Calls that go wrong as a whole
 */

static unsigned long allowance = 1000000;

/* What is done next may take so many calls. */
RTM2_API void HostileAllow(unsigned calls);
RTM2_API void HostileAllow(unsigned calls)
{
	allowance = calls;
}

static void scribble(void *at, size_t size)
{
	if (at != NULL)
		memset(at, SCRIBBLE, size);
}

/* Whether the trick is another limit in RTM_REGN_PROFILE. The library keeps to it: it never writes more than it told. */
static bool limits(const char *member)
{
	return does("profile") && (strcmp(trick.subject, member) == 0 || strcmp(trick.subject, "all") == 0);
}

static bool is_beyond(const char *member, uint64_t wanted)
{
	return limits(member) && wanted > trick.number;
}

/* Whether the function is not carried out at all, and what it answers then. */
static bool is_refused(const char *name, DWORD *status, void *a, size_t size_a, void *b, size_t size_b)
{
	if (allowance-- == 0)
		give_up(EXIT_ENDLESS, "is called without end, last for", name);
	if (!concerns(name))
		return false;
	trick.times++;
	*status = (DWORD)trick.number;
	if (does("scribble")) {
		scribble(a, size_a);
		scribble(b, size_b);
		return true;
	}
	return does("refuse") || (does("refuse-once") && trick.times == 1) || (does("refuse-later") && trick.times > 1);
}

/* What the function answers that was carried out. */
static DWORD answer(const char *name, DWORD status)
{
	if (concerns(name) && (does("done") || (does("done-once") && trick.times == 1)))
		return (DWORD)trick.number;
	return status;
}

/* Whether a function that succeeded is to leave the handle that it gives NULL. */
static bool gives_none(const char *name, DWORD status)
{
	return status == NO_ERROR && concerns(name) && does("null");
}

/* What every function begins and ends with; a and b are its outputs. */
#define BEGIN(a, b)                                                                                                    \
	DWORD status;                                                                                                  \
	if (is_refused(__func__, &status, a, sizeof(*(a)), b, sizeof(*(b))))                                           \
		return status
#define NO_OUTPUT ((char *)NULL)
#define END return answer(__func__, status)

/*
 * Handles: what the client sees of the engine's
 */

static HANDLE known[1 << 16];
static unsigned known_count;

static const struct {
	const char *mode;
	uint64_t base, step;
} numberings[] = {
	{"small", 1, 1},
	{"odd", 3, 2},
	{"pointers", 0x7F0000001000, 16},
	{"high-half", 1ull << 32, 1ull << 32},
	{"kernel-pointers", 0xFFFF800000001000, 16},
	{"negative", UINT64_MAX, UINT64_MAX},
	{"beyond-double", (1ull << 53) + 1, 2},
	{"adjacent", 1ull << 63, 1},
};

enum { NUMBERINGS = sizeof(numberings) / sizeof(numberings[0]) };

static unsigned numbering(void)
{
	unsigned i = 0;

	while (i < NUMBERINGS && strcmp(numberings[i].mode, trick.subject) != 0)
		i++;
	return i;
}

static HANDLE numbered(HANDLE engine, unsigned i)
{
	unsigned k = known_count;

	while (k > 0 && known[k - 1] != engine)
		k--;
	if (k == 0) {
		if (known_count == sizeof(known) / sizeof(known[0]))
			give_up(EXIT_SETUP, "has no room for", "handles");
		known[known_count++] = engine;
		k = known_count;
	}
	return (HANDLE)(uintptr_t)(numberings[i].base + numberings[i].step * (k - 1));
}

static HANDLE un_numbered(HANDLE shown, unsigned i)
{
	for (unsigned k = known_count; k > 0; k--)
		if ((uintptr_t)shown == numberings[i].base + numberings[i].step * (k - 1))
			return known[k - 1];
	return (HANDLE)(uintptr_t)SCRIBBLE;
}

#define TAG ((uintptr_t)0xA5 << 56)
#define OBSCURITY ((uintptr_t)0x9E3779B97F4A7C15)
#define OWNER_MARK ((uintptr_t)1 << 51)

static HANDLE show(HANDLE engine)
{
	if (engine == NULL || !does("handles"))
		return engine;
	if (concerns("tagged"))
		return (HANDLE)((uintptr_t)engine | TAG);
	if (concerns("obscured"))
		return (HANDLE)((uintptr_t)engine ^ OBSCURITY);
	return numbering() < NUMBERINGS ? numbered(engine, numbering()) : engine;
}

/* An owner may be shown under another number than its registration. */
static HANDLE show_owner(HANDLE engine)
{
	if (engine != NULL && does("handles") && concerns("owner-differs"))
		return (HANDLE)((uintptr_t)engine | OWNER_MARK);
	return show(engine);
}

static HANDLE hide(HANDLE shown)
{
	if (shown == NULL || !does("handles"))
		return shown;
	if (concerns("tagged"))
		return (HANDLE)((uintptr_t)shown & ~TAG);
	if (concerns("obscured"))
		return (HANDLE)((uintptr_t)shown ^ OBSCURITY);
	if (concerns("owner-differs"))
		return (HANDLE)((uintptr_t)shown & ~OWNER_MARK);
	return numbering() < NUMBERINGS ? un_numbered(shown, numbering()) : shown;
}

#define BAD_HANDLE ((HANDLE)(uintptr_t)0x5A5A5A5A)

/* Takes back from the client what it is not shown, so that only the trick is wrong. */
static void keep_back(HANDLE self, HANDLE *handle, DWORD (*release)(HANDLE, UINT, HANDLE *), HANDLE instead)
{
	if (*handle != NULL)
		(void)release(self, 1, handle);
	*handle = instead;
}

/*
 * Structures that say something else
 */

static void show_address(RTM_NET_ADDRESS *address, const char *family, const char *bits)
{
	if (does(family))
		address->AddressFamily = (USHORT)trick.number;
	if (does(bits))
		address->NumBits = (USHORT)trick.number;
	if (does("garbage"))
		memset(address->AddrBits + 6, SCRIBBLE, sizeof(address->AddrBits) - 6);
}

static UINT views_of_dest = 1; /* before the trick, in the last that was shown */

static void show_dest(HANDLE self, RTM_DEST_INFO *d)
{
	views_of_dest = d->NumberOfViews;
	for (UINT i = 0; i < d->NumberOfViews; i++) {
		if (does("no-best") || (does("dest-views") && trick.number == 0) || does("bad-best")) {
			keep_back(self, &d->ViewInfo[i].Route, real.RtmReleaseRoutes, does("bad-best") ? BAD_HANDLE : NULL);
			keep_back(self, &d->ViewInfo[i].Owner, real.RtmReleaseEntities, NULL);
		}
		d->ViewInfo[i].Route = show(d->ViewInfo[i].Route);
		d->ViewInfo[i].Owner = show_owner(d->ViewInfo[i].Owner);
		d->ViewInfo[i].HoldRoute = show(d->ViewInfo[i].HoldRoute);
		if (does("view-id"))
			d->ViewInfo[i].ViewId = (RTM_VIEW_ID)trick.number;
		if (does("view-routes"))
			d->ViewInfo[i].NumRoutes = (UINT)trick.number;
		if (does("garbage")) {
			scribble(&d->ViewInfo[i].DestFlags, sizeof(d->ViewInfo[i].DestFlags) + 4);
		}
	}
	d->DestHandle = show(d->DestHandle);
	show_address(&d->DestAddress, "dest-family", "dest-bits");
	if (does("dest-views"))
		d->NumberOfViews = (UINT)trick.number;
	if (does("last-changed"))
		d->LastChanged = (FILETIME){(DWORD)trick.number, (DWORD)(trick.number >> 32)};
	if (does("garbage"))
		scribble((UCHAR *)d + offsetof(RTM_DEST_INFO, NumberOfViews) + sizeof(UINT), 4);
}

static void hide_dest(RTM_DEST_INFO *d)
{
	if (does("dest-views") && d->NumberOfViews != 0)
		d->NumberOfViews = views_of_dest;
	d->DestHandle = hide(d->DestHandle);
	for (UINT i = 0; i < d->NumberOfViews && i < 2; i++) {
		d->ViewInfo[i].Route = d->ViewInfo[i].Route == BAD_HANDLE ? NULL : hide(d->ViewInfo[i].Route);
		d->ViewInfo[i].Owner = hide(d->ViewInfo[i].Owner);
		d->ViewInfo[i].HoldRoute = hide(d->ViewInfo[i].HoldRoute);
	}
}

static USHORT hops_of_route; /* before the trick, in the last that was shown */

static void show_route(HANDLE self, RTM_ROUTE_INFO *r)
{
	HANDLE *hops = r->NextHopsList.NextHops;

	hops_of_route = r->NextHopsList.NumNextHops;
	if (does("no-owner") || does("bad-owner"))
		keep_back(self, &r->RouteOwner, real.RtmReleaseEntities, does("bad-owner") ? BAD_HANDLE : NULL);
	if (does("no-neighbour"))
		keep_back(self, &r->Neighbour, real.RtmReleaseNextHops, NULL);
	r->DestHandle = show(r->DestHandle);
	r->RouteOwner = show_owner(r->RouteOwner);
	r->Neighbour = show(r->Neighbour);
	for (unsigned i = 0; i < hops_of_route; i++)
		hops[i] = show(hops[i]);
	if (does("route-hops"))
		r->NextHopsList.NumNextHops = (USHORT)trick.number;
	if (does("route-state"))
		r->State = (UCHAR)trick.number;
	if (does("route-views"))
		r->BelongsToViews = (RTM_VIEW_SET)trick.number;
	if (does("specific"))
		r->EntitySpecificInfo = (PVOID)(uintptr_t)trick.number;
	if (does("preference"))
		r->PrefInfo = (RTM_PREF_INFO){(ULONG)trick.number, (ULONG)trick.number};
	if (does("route-flags")) {
		r->Flags = (USHORT)trick.number;
		r->Flags1 = (UCHAR)trick.number;
	}
	if (does("garbage"))
		scribble((UCHAR *)&r->NextHopsList + sizeof(USHORT), offsetof(RTM_NEXTHOP_LIST, NextHops) - sizeof(USHORT));
}

/* A route of the client's, with as many next hops as it says, in a buffer that has room for them. */
typedef union {
	RTM_ROUTE_INFO info;
	UCHAR room[sizeof(RTM_ROUTE_INFO) + MOST_HOPS * sizeof(HANDLE)];
} route_copy;

static RTM_ROUTE_INFO *hide_route(const RTM_ROUTE_INFO *shown, route_copy *copy)
{
	USHORT hops;

	if (shown == NULL)
		return NULL;
	hops = does("route-hops") ? hops_of_route : shown->NextHopsList.NumNextHops;
	if (hops > MOST_HOPS)
		give_up(EXIT_OVERRUN, "is given more next hops than it allows in", "RTM_ROUTE_INFO");
	memcpy(copy, shown, offsetof(RTM_ROUTE_INFO, NextHopsList.NextHops) + hops * sizeof(HANDLE));
	copy->info.NextHopsList.NumNextHops = hops;
	copy->info.DestHandle = hide(copy->info.DestHandle);
	copy->info.RouteOwner = copy->info.RouteOwner == BAD_HANDLE ? NULL : hide(copy->info.RouteOwner);
	copy->info.Neighbour = hide(copy->info.Neighbour);
	for (unsigned i = 0; i < hops; i++)
		(&copy->info.NextHopsList.NextHops[0])[i] = hide((&shown->NextHopsList.NextHops[0])[i]);
	return &copy->info;
}

static void show_hop(HANDLE self, RTM_NEXTHOP_INFO *h)
{
	if (does("no-hop-owner"))
		keep_back(self, &h->NextHopOwner, real.RtmReleaseEntities, NULL);
	h->NextHopOwner = show_owner(h->NextHopOwner);
	h->RemoteNextHop = show(h->RemoteNextHop);
	show_address(&h->NextHopAddress, "hop-family", "hop-bits");
	if (does("hop-interface"))
		h->InterfaceIndex = (ULONG)trick.number;
	if (does("hop-state"))
		h->State = (USHORT)trick.number;
}

static RTM_NEXTHOP_INFO *hide_hop(const RTM_NEXTHOP_INFO *shown, RTM_NEXTHOP_INFO *copy)
{
	if (shown == NULL)
		return NULL;
	*copy = *shown;
	copy->NextHopOwner = hide(copy->NextHopOwner);
	copy->RemoteNextHop = hide(copy->RemoteNextHop);
	return copy;
}

/* Handles that the client gives, in an array of the engine's numbers. */
static HANDLE *hide_all(UINT count, const HANDLE *shown, HANDLE *copy)
{
	if (count > MOST_HANDLES)
		give_up(EXIT_OVERRUN, "is given more handles than it allows in", "one array");
	for (UINT i = 0; shown != NULL && i < count; i++)
		copy[i] = hide(shown[i]);
	return shown != NULL ? copy : NULL;
}

/*
 * Enumerations that do not give what is there
 */

typedef union {
	HANDLE handle;
	RTM_DEST_INFO dest;
	UCHAR room[RTM_SIZE_OF_DEST_INFO(2)];
} item;

typedef DWORD (*fetcher)(HANDLE self, HANDLE from, UINT *count, void *items);

/* All that an enumeration had left when it was first asked, changed by the trick. */
static struct stash {
	HANDLE from;
	unsigned count, given;
	item items[2 * MOST_ITEMS + 1];
} stashes[16];
static unsigned stashes_used;

/* The handles in an item that a second copy of it has to have references for. */
static void refer_item(HANDLE self, const item *i, bool is_dest)
{
	HANDLE handles[3] = {i->handle, NULL, NULL};

	if (is_dest && i->dest.NumberOfViews > 0) {
		handles[1] = i->dest.ViewInfo[0].Route;
		handles[2] = i->dest.ViewInfo[0].Owner;
	}
	for (unsigned k = 0; k < 3; k++)
		if (handles[k] != NULL)
			(void)real.RtmReferenceHandles(self, 1, &handles[k]);
}

static void change_stash(HANDLE self, struct stash *s, bool is_dest)
{
	item swapped;

	if (does("reversed"))
		for (unsigned i = 0; i < s->count / 2; i++) {
			swapped = s->items[i];
			s->items[i] = s->items[s->count - 1 - i];
			s->items[s->count - 1 - i] = swapped;
		}
	if (does("doubled")) {
		for (unsigned i = s->count; i-- > 0;) {
			s->items[2 * i] = s->items[2 * i + 1] = s->items[i];
			refer_item(self, &s->items[2 * i], is_dest);
		}
		s->count *= 2;
	}
	if (does("hole") && s->count > 0) {
		unsigned middle = s->count / 2;

		memmove(&s->items[middle + 1], &s->items[middle], (s->count++ - middle) * sizeof(item));
		memset(&s->items[middle], 0, sizeof(item));
		s->items[middle].dest.NumberOfViews = s->items[0].dest.NumberOfViews;
	}
}

/* The stash of an enumeration; what changed meanwhile is fetched anew when an old one is empty. */
static struct stash *stash_of(fetcher fetch, HANDLE self, HANDLE from, bool is_dest)
{
	struct stash *s = stashes;
	UINT count = 1;

	while (s < stashes + stashes_used && s->from != from)
		s++;
	if (s == stashes + stashes_used && stashes_used < 16)
		stashes_used++;
	else if (s == stashes + 16)
		s = stashes; /* the oldest enumeration is over by now */
	else if (s->given < s->count || fetch != (fetcher)real.RtmGetChangedDests)
		return s;
	s->from = from;
	s->count = s->given = 0;
	while (s->count < MOST_ITEMS && fetch(self, from, &count, &s->items[s->count]) == NO_ERROR && count == 1)
		s->count++;
	change_stash(self, s, is_dest);
	return s;
}

static DWORD give_from_stash(fetcher fetch, HANDLE self, HANDLE from, UINT *count, UCHAR *items, bool is_dest)
{
	struct stash *s = stash_of(fetch, self, from, is_dest);
	UINT room = *count;

	*count = 0;
	while (*count < room && s->given < s->count) {
		const item *i = &s->items[s->given++];
		size_t size = is_dest ? RTM_SIZE_OF_DEST_INFO(i->dest.NumberOfViews) : sizeof(HANDLE);

		memcpy(items, i, size);
		items += size;
		++*count;
	}
	if (*count == 0)
		return ERROR_NO_MORE_ITEMS;
	return does("end-with-data") && s->given == s->count ? ERROR_NO_MORE_ITEMS : NO_ERROR;
}

/* The first item of all, again and again. */
static DWORD give_again(fetcher fetch, HANDLE self, HANDLE from, UINT *count, UCHAR *items, bool is_dest)
{
	static item first;
	static HANDLE first_from;

	if (first_from != from) {
		UINT one = 1;
		DWORD status = fetch(self, from, &one, &first);

		if (status != NO_ERROR) {
			*count = 0;
			return status;
		}
		first_from = from;
	}
	refer_item(self, &first, is_dest);
	memcpy(items, &first, is_dest ? RTM_SIZE_OF_DEST_INFO(first.dest.NumberOfViews) : sizeof(HANDLE));
	*count = 1;
	return NO_ERROR;
}

static DWORD give_honestly(fetcher fetch, HANDLE self, HANDLE from, UINT *count, void *items, const char *name)
{
	UINT room = *count;
	DWORD status;

	if (concerns(name) && does("early-end") && trick.times > 1) {
		*count = 0;
		return ERROR_NO_MORE_ITEMS;
	}
	if (concerns(name) && does("early-end"))
		*count = 1;
	status = fetch(self, from, count, items);
	if (!concerns(name))
		return status;
	if (does("claims") && status == NO_ERROR)
		*count = (UINT)trick.number;
	/* Says once, at the end, that the whole buffer is full, and has written nothing. */
	if (does("claims-unwritten") && status == ERROR_NO_MORE_ITEMS && trick.times % 2 == 0) {
		*count = room;
		return NO_ERROR;
	}
	return status;
}

static DWORD give(const char *name, fetcher fetch, HANDLE self, HANDLE from, UINT *count, void *items, bool is_dest)
{
	if (is_beyond("handles", *count))
		return ERROR_INVALID_PARAMETER;
	if (concerns(name) && does("empty")) {
		*count = 0;
		return NO_ERROR;
	}
	if (concerns(name) && does("again"))
		return give_again(fetch, self, from, count, items, is_dest);
	if (concerns(name) && (does("reversed") || does("doubled") || does("hole") || does("end-with-data")))
		return give_from_stash(fetch, self, from, count, items, is_dest);
	return give_honestly(fetch, self, from, count, items, name);
}

static DWORD give_handles(const char *name, fetcher fetch, HANDLE self, HANDLE from, UINT *count, HANDLE *handles)
{
	UINT room = *count;
	DWORD status = give(name, fetch, hide(self), hide(from), count, handles, false);

	for (UINT i = 0; i < *count && i < room; i++)
		handles[i] = show(handles[i]);
	return status;
}

static DWORD give_dests(const char *name, fetcher fetch, HANDLE self, HANDLE from, UINT *count, RTM_DEST_INFO *infos)
{
	UINT room = *count;
	DWORD status = give(name, fetch, hide(self), hide(from), count, infos, true);
	UCHAR *at = (UCHAR *)infos;

	for (UINT i = 0; i < *count && i < room; i++) {
		RTM_DEST_INFO *d = (RTM_DEST_INFO *)(void *)at;

		if (d->DestHandle != NULL)
			show_dest(hide(self), d);
		at += RTM_SIZE_OF_DEST_INFO(views_of_dest);
	}
	return status;
}

/* Copies of the infos that the client gives back, as the engine gave them. */
static RTM_DEST_INFO *hide_dests(UINT count, const RTM_DEST_INFO *shown, UCHAR *copy)
{
	const UCHAR *from = (const UCHAR *)shown;
	UCHAR *to = copy;

	if (count > MOST_HANDLES)
		give_up(EXIT_OVERRUN, "is given more handles than it allows in", "one array");
	for (UINT i = 0; i < count; i++) {
		RTM_DEST_INFO *d = (RTM_DEST_INFO *)(void *)to;

		memcpy(d, from, RTM_SIZE_OF_DEST_INFO(views_of_dest));
		from += RTM_SIZE_OF_DEST_INFO(views_of_dest);
		hide_dest(d);
		if (d->NumberOfViews > 2)
			give_up(EXIT_OVERRUN, "is given back what it never gave:", "an RTM_DEST_INFO of no sense");
		to += RTM_SIZE_OF_DEST_INFO(d->NumberOfViews);
	}
	return (RTM_DEST_INFO *)(void *)copy;
}

typedef union {
	RTM_DEST_INFO dest;
	UCHAR room[MOST_HANDLES * RTM_SIZE_OF_DEST_INFO(2)];
} dest_copies;

/*
 * The 57 functions; first those that have tricks of their own
 */

static bool is_registration_refused(const RTM_ENTITY_INFO *info, DWORD *status)
{
	static ULONG first_instance;

	if (does("no-family") && info->AddressFamily == trick.number) {
		*status = ERROR_FILE_NOT_FOUND;
		return true;
	}
	if (first_instance == 0)
		first_instance = info->EntityId.EntityInstanceId;
	*status = ERROR_NO_SYSTEM_RESOURCES;
	return does("one-instance") && info->EntityId.EntityInstanceId != first_instance;
}

static void show_profile(RTM_REGN_PROFILE *p)
{
	if (limits("hops"))
		p->MaxNextHopsInRoute = (UINT)trick.number;
	if (limits("handles"))
		p->MaxHandlesInEnum = (UINT)trick.number;
	if (limits("views"))
		p->NumberOfViews = (UINT)trick.number;
	if (limits("supported"))
		p->ViewsSupported = (RTM_VIEW_SET)trick.number;
}

DWORD RtmRegisterEntity(PRTM_ENTITY_INFO info, PRTM_ENTITY_EXPORT_METHODS methods, RTM_EVENT_CALLBACK callback,
                        BOOL opaque, PRTM_REGN_PROFILE profile, PRTM_ENTITY_HANDLE handle)
{
	BEGIN(profile, handle);
	if (is_registration_refused(info, &status))
		return status;
	status = real.RtmRegisterEntity(info, methods, callback, opaque, profile, handle);
	if (status == NO_ERROR) {
		show_profile(profile);
		*handle = gives_none(__func__, status) ? NULL : show(*handle);
	}
	END;
}

DWORD RtmDeregisterEntity(RTM_ENTITY_HANDLE self)
{
	BEGIN(NO_OUTPUT, NO_OUTPUT);
	status = real.RtmDeregisterEntity(hide(self));
	END;
}

DWORD RtmReleaseEntities(RTM_ENTITY_HANDLE self, UINT count, PRTM_ENTITY_HANDLE handles)
{
	HANDLE copy[MOST_HANDLES];

	BEGIN(NO_OUTPUT, NO_OUTPUT);
	status = real.RtmReleaseEntities(hide(self), count, hide_all(count, handles, copy));
	END;
}

DWORD RtmGetEntityInfo(RTM_ENTITY_HANDLE self, RTM_ENTITY_HANDLE entity, PRTM_ENTITY_INFO info)
{
	BEGIN(info, NO_OUTPUT);
	status = real.RtmGetEntityInfo(hide(self), hide(entity), info);
	if (status == NO_ERROR && does("entity")) {
		if (concerns("protocol"))
			info->EntityId.EntityProtocolId = (ULONG)trick.number;
		if (concerns("instance"))
			info->EntityId.EntityInstanceId = (ULONG)trick.number;
		if (concerns("family"))
			info->AddressFamily = (USHORT)trick.number;
	}
	END;
}

DWORD RtmReleaseEntityInfo(RTM_ENTITY_HANDLE self, PRTM_ENTITY_INFO info)
{
	BEGIN(NO_OUTPUT, NO_OUTPUT);
	status = real.RtmReleaseEntityInfo(hide(self), info);
	END;
}

DWORD RtmGetDestInfo(RTM_ENTITY_HANDLE self, RTM_DEST_HANDLE dest, ULONG protocol, RTM_VIEW_SET views,
                     PRTM_DEST_INFO info)
{
	BEGIN(info, NO_OUTPUT);
	if (is_beyond("views", views != 0))
		return ERROR_NOT_SUPPORTED;
	status = real.RtmGetDestInfo(hide(self), hide(dest), protocol, views, info);
	if (status == NO_ERROR)
		show_dest(hide(self), info);
	END;
}

DWORD RtmReleaseDestInfo(RTM_ENTITY_HANDLE self, PRTM_DEST_INFO info)
{
	dest_copies copy;

	BEGIN(NO_OUTPUT, NO_OUTPUT);
	/* A bare handle is released by an info that has no views. */
	if (info->NumberOfViews == 0) {
		copy.dest = (RTM_DEST_INFO){.DestHandle = hide(info->DestHandle)};
		status = real.RtmReleaseDestInfo(hide(self), &copy.dest);
	} else
		status = real.RtmReleaseDestInfo(hide(self), hide_dests(1, info, copy.room));
	END;
}

DWORD RtmGetRouteInfo(RTM_ENTITY_HANDLE self, RTM_ROUTE_HANDLE route, PRTM_ROUTE_INFO info, PRTM_NET_ADDRESS address)
{
	BEGIN(info, address);
	status = real.RtmGetRouteInfo(hide(self), hide(route), info, address);
	if (status == NO_ERROR && info != NULL)
		show_route(hide(self), info);
	if (status == NO_ERROR && address != NULL)
		show_address(address, "dest-family", "dest-bits");
	END;
}

DWORD RtmReleaseRouteInfo(RTM_ENTITY_HANDLE self, PRTM_ROUTE_INFO info)
{
	route_copy copy;

	BEGIN(NO_OUTPUT, NO_OUTPUT);
	status = real.RtmReleaseRouteInfo(hide(self), hide_route(info, &copy));
	END;
}

DWORD RtmGetNextHopInfo(RTM_ENTITY_HANDLE self, RTM_NEXTHOP_HANDLE hop, PRTM_NEXTHOP_INFO info)
{
	BEGIN(info, NO_OUTPUT);
	status = real.RtmGetNextHopInfo(hide(self), hide(hop), info);
	if (status == NO_ERROR)
		show_hop(hide(self), info);
	END;
}

DWORD RtmReleaseNextHopInfo(RTM_ENTITY_HANDLE self, PRTM_NEXTHOP_INFO info)
{
	RTM_NEXTHOP_INFO copy;

	BEGIN(NO_OUTPUT, NO_OUTPUT);
	status = real.RtmReleaseNextHopInfo(hide(self), hide_hop(info, &copy));
	END;
}

DWORD RtmAddRouteToDest(RTM_ENTITY_HANDLE self, PRTM_ROUTE_HANDLE handle, PRTM_NET_ADDRESS address,
                        PRTM_ROUTE_INFO info, ULONG lifetime, RTM_ROUTE_LIST_HANDLE list, RTM_NOTIFY_FLAGS notify_type,
                        RTM_NOTIFY_HANDLE notify, PRTM_ROUTE_CHANGE_FLAGS flags)
{
	HANDLE route = handle != NULL ? hide(*handle) : NULL;
	bool is_new = route == NULL;
	route_copy copy;

	BEGIN(handle, flags);
	if (is_beyond("hops", info->NextHopsList.NumNextHops))
		return ERROR_INVALID_PARAMETER;
	if (does("lifetime"))
		lifetime = (ULONG)trick.number;
	status = real.RtmAddRouteToDest(hide(self), &route, address, hide_route(info, &copy), lifetime, hide(list),
	                                notify_type, notify, flags);
	if (status != NO_ERROR)
		END;
	if (does("gone")) {
		RTM_ROUTE_CHANGE_FLAGS unused = 0;

		(void)real.RtmReferenceHandles(hide(self), 1, &route);
		(void)real.RtmDeleteRouteToDest(hide(self), route, &unused);
	}
	if (does("change-flags"))
		*flags = (RTM_ROUTE_CHANGE_FLAGS)trick.number;
	if (is_new && (handle == NULL || gives_none(__func__, status)))
		(void)real.RtmReleaseRoutes(hide(self), 1, &route);
	else if (is_new)
		*handle = show(route);
	END;
}

DWORD RtmDeleteRouteToDest(RTM_ENTITY_HANDLE self, RTM_ROUTE_HANDLE route, PRTM_ROUTE_CHANGE_FLAGS flags)
{
	BEGIN(flags, NO_OUTPUT);
	status = real.RtmDeleteRouteToDest(hide(self), hide(route), flags);
	if (status == NO_ERROR && does("change-flags"))
		*flags = (RTM_ROUTE_CHANGE_FLAGS)trick.number;
	END;
}

DWORD RtmGetExactMatchDestination(RTM_ENTITY_HANDLE self, PRTM_NET_ADDRESS address, ULONG protocol, RTM_VIEW_SET views,
                                  PRTM_DEST_INFO info)
{
	BEGIN(info, NO_OUTPUT);
	if (is_beyond("views", views != 0))
		return ERROR_NOT_SUPPORTED;
	status = real.RtmGetExactMatchDestination(hide(self), address, protocol, views, info);
	if (status == NO_ERROR)
		show_dest(hide(self), info);
	END;
}

DWORD RtmGetMostSpecificDestination(RTM_ENTITY_HANDLE self, PRTM_NET_ADDRESS address, ULONG protocol,
                                    RTM_VIEW_SET views, PRTM_DEST_INFO info)
{
	BEGIN(info, NO_OUTPUT);
	if (is_beyond("views", views != 0))
		return ERROR_NOT_SUPPORTED;
	status = real.RtmGetMostSpecificDestination(hide(self), address, protocol, views, info);
	if (status == NO_ERROR)
		show_dest(hide(self), info);
	END;
}

DWORD RtmGetLessSpecificDestination(RTM_ENTITY_HANDLE self, RTM_DEST_HANDLE dest, ULONG protocol, RTM_VIEW_SET views,
                                    PRTM_DEST_INFO info)
{
	BEGIN(info, NO_OUTPUT);
	if (is_beyond("views", views != 0))
		return ERROR_NOT_SUPPORTED;
	status = real.RtmGetLessSpecificDestination(hide(self), hide(dest), protocol, views, info);
	if (status == NO_ERROR)
		show_dest(hide(self), info);
	END;
}

DWORD RtmGetExactMatchRoute(RTM_ENTITY_HANDLE self, PRTM_NET_ADDRESS address, RTM_MATCH_FLAGS match,
                            PRTM_ROUTE_INFO info, ULONG interface_index, RTM_VIEW_SET views, PRTM_ROUTE_HANDLE handle)
{
	HANDLE route = NULL;
	route_copy copy;

	BEGIN(info, handle);
	memset(&copy, 0, sizeof(copy));
	/* Without criteria what the client has in its buffer need not be a route. */
	if ((match & RTM_MATCH_NEXTHOP) != 0)
		(void)hide_route(info, &copy);
	else {
		copy.info.RouteOwner = hide(info->RouteOwner);
		copy.info.Neighbour = hide(info->Neighbour);
		copy.info.PrefInfo = info->PrefInfo;
	}
	status = real.RtmGetExactMatchRoute(hide(self), address, match, &copy.info, interface_index, views, &route);
	if (status != NO_ERROR)
		END;
	memcpy(info, &copy, offsetof(RTM_ROUTE_INFO, NextHopsList.NextHops) +
	                        copy.info.NextHopsList.NumNextHops * sizeof(HANDLE));
	show_route(hide(self), info);
	if (handle == NULL || gives_none(__func__, status))
		(void)real.RtmReleaseRoutes(hide(self), 1, &route);
	else
		*handle = show(route);
	END;
}

DWORD RtmIsBestRoute(RTM_ENTITY_HANDLE self, RTM_ROUTE_HANDLE route, PRTM_VIEW_SET views)
{
	BEGIN(views, NO_OUTPUT);
	status = real.RtmIsBestRoute(hide(self), hide(route), views);
	if (status == NO_ERROR && does("best"))
		*views = (RTM_VIEW_SET)trick.number;
	END;
}

DWORD RtmAddNextHop(RTM_ENTITY_HANDLE self, PRTM_NEXTHOP_INFO info, PRTM_NEXTHOP_HANDLE handle,
                    PRTM_NEXTHOP_CHANGE_FLAGS flags)
{
	HANDLE hop = handle != NULL ? hide(*handle) : NULL;
	bool is_new = hop == NULL;
	RTM_NEXTHOP_INFO copy;

	BEGIN(handle, flags);
	status = real.RtmAddNextHop(hide(self), hide_hop(info, &copy), &hop, flags);
	if (status != NO_ERROR)
		END;
	if (does("change-flags"))
		*flags = (RTM_NEXTHOP_CHANGE_FLAGS)trick.number;
	if (is_new && (handle == NULL || gives_none(__func__, status)))
		(void)real.RtmReleaseNextHops(hide(self), 1, &hop);
	else if (is_new)
		*handle = show(hop);
	END;
}

DWORD RtmDeleteNextHop(RTM_ENTITY_HANDLE self, RTM_NEXTHOP_HANDLE hop, PRTM_NEXTHOP_INFO info)
{
	RTM_NEXTHOP_INFO copy;

	BEGIN(NO_OUTPUT, NO_OUTPUT);
	status = real.RtmDeleteNextHop(hide(self), hide(hop), hide_hop(info, &copy));
	END;
}

DWORD RtmCreateDestEnum(RTM_ENTITY_HANDLE self, RTM_VIEW_SET views, RTM_ENUM_FLAGS flags, PRTM_NET_ADDRESS start,
                        ULONG protocol, PRTM_ENUM_HANDLE handle)
{
	BEGIN(handle, NO_OUTPUT);
	if (is_beyond("views", views != 0))
		return ERROR_NOT_SUPPORTED;
	status = real.RtmCreateDestEnum(hide(self), views, flags, start, protocol, handle);
	if (status == NO_ERROR)
		*handle = gives_none(__func__, status) ? NULL : show(*handle);
	END;
}

DWORD RtmGetEnumDests(RTM_ENTITY_HANDLE self, RTM_ENUM_HANDLE from, PUINT count, PRTM_DEST_INFO infos)
{
	BEGIN(count, infos);
	status = give_dests(__func__, (fetcher)real.RtmGetEnumDests, self, from, count, infos);
	END;
}

DWORD RtmReleaseDests(RTM_ENTITY_HANDLE self, UINT count, PRTM_DEST_INFO infos)
{
	dest_copies copy;

	BEGIN(NO_OUTPUT, NO_OUTPUT);
	status = real.RtmReleaseDests(hide(self), count, hide_dests(count, infos, copy.room));
	END;
}

DWORD RtmCreateRouteEnum(RTM_ENTITY_HANDLE self, RTM_DEST_HANDLE dest, RTM_VIEW_SET views, RTM_ENUM_FLAGS flags,
                         PRTM_NET_ADDRESS start, RTM_MATCH_FLAGS match, PRTM_ROUTE_INFO criteria, ULONG interface_index,
                         PRTM_ENUM_HANDLE handle)
{
	route_copy copy;

	BEGIN(handle, NO_OUTPUT);
	status = real.RtmCreateRouteEnum(hide(self), hide(dest), views, flags, start, match, hide_route(criteria, &copy),
	                                 interface_index, handle);
	if (status == NO_ERROR)
		*handle = gives_none(__func__, status) ? NULL : show(*handle);
	END;
}

DWORD RtmGetEnumRoutes(RTM_ENTITY_HANDLE self, RTM_ENUM_HANDLE from, PUINT count, PRTM_ROUTE_HANDLE handles)
{
	BEGIN(count, handles);
	status = give_handles(__func__, (fetcher)real.RtmGetEnumRoutes, self, from, count, handles);
	END;
}

DWORD RtmReleaseRoutes(RTM_ENTITY_HANDLE self, UINT count, PRTM_ROUTE_HANDLE handles)
{
	HANDLE copy[MOST_HANDLES];

	BEGIN(NO_OUTPUT, NO_OUTPUT);
	status = real.RtmReleaseRoutes(hide(self), count, hide_all(count, handles, copy));
	END;
}

DWORD RtmCreateNextHopEnum(RTM_ENTITY_HANDLE self, RTM_ENUM_FLAGS flags, PRTM_NET_ADDRESS start,
                           PRTM_ENUM_HANDLE handle)
{
	BEGIN(handle, NO_OUTPUT);
	status = real.RtmCreateNextHopEnum(hide(self), flags, start, handle);
	if (status == NO_ERROR)
		*handle = gives_none(__func__, status) ? NULL : show(*handle);
	END;
}

DWORD RtmGetEnumNextHops(RTM_ENTITY_HANDLE self, RTM_ENUM_HANDLE from, PUINT count, PRTM_NEXTHOP_HANDLE handles)
{
	BEGIN(count, handles);
	status = give_handles(__func__, (fetcher)real.RtmGetEnumNextHops, self, from, count, handles);
	END;
}

DWORD RtmReleaseNextHops(RTM_ENTITY_HANDLE self, UINT count, PRTM_NEXTHOP_HANDLE handles)
{
	HANDLE copy[MOST_HANDLES];

	BEGIN(NO_OUTPUT, NO_OUTPUT);
	status = real.RtmReleaseNextHops(hide(self), count, hide_all(count, handles, copy));
	END;
}

DWORD RtmDeleteEnumHandle(RTM_ENTITY_HANDLE self, RTM_ENUM_HANDLE enumeration)
{
	BEGIN(NO_OUTPUT, NO_OUTPUT);
	status = real.RtmDeleteEnumHandle(hide(self), hide(enumeration));
	END;
}

DWORD RtmRegisterForChangeNotification(RTM_ENTITY_HANDLE self, RTM_VIEW_SET views, RTM_NOTIFY_FLAGS flags,
                                       PVOID context, PRTM_NOTIFY_HANDLE handle)
{
	BEGIN(handle, NO_OUTPUT);
	if (is_beyond("views", views != 0))
		return ERROR_NOT_SUPPORTED;
	status = real.RtmRegisterForChangeNotification(hide(self), views, flags, context, handle);
	if (status == NO_ERROR)
		*handle = gives_none(__func__, status) ? NULL : show(*handle);
	END;
}

DWORD RtmGetChangedDests(RTM_ENTITY_HANDLE self, RTM_NOTIFY_HANDLE from, PUINT count, PRTM_DEST_INFO infos)
{
	BEGIN(count, infos);
	status = give_dests(__func__, (fetcher)real.RtmGetChangedDests, self, from, count, infos);
	END;
}

DWORD RtmReleaseChangedDests(RTM_ENTITY_HANDLE self, RTM_NOTIFY_HANDLE from, UINT count, PRTM_DEST_INFO infos)
{
	dest_copies copy;

	BEGIN(NO_OUTPUT, NO_OUTPUT);
	status = real.RtmReleaseChangedDests(hide(self), hide(from), count, hide_dests(count, infos, copy.room));
	END;
}

DWORD RtmDeregisterFromChangeNotification(RTM_ENTITY_HANDLE self, RTM_NOTIFY_HANDLE notify)
{
	BEGIN(NO_OUTPUT, NO_OUTPUT);
	status = real.RtmDeregisterFromChangeNotification(hide(self), hide(notify));
	END;
}

DWORD RtmReferenceHandles(RTM_ENTITY_HANDLE self, UINT count, HANDLE *handles)
{
	HANDLE copy[MOST_HANDLES];

	BEGIN(NO_OUTPUT, NO_OUTPUT);
	status = real.RtmReferenceHandles(hide(self), count, hide_all(count, handles, copy));
	END;
}

/*
 * The rest goes on as it is: a client of version 1 needs none of it
 */

#define FORWARD(name, parameters, arguments)                                                                           \
	DWORD name parameters                                                                                          \
	{                                                                                                              \
		BEGIN(NO_OUTPUT, NO_OUTPUT);                                                                           \
		status = real.name arguments;                                                                          \
		END;                                                                                                   \
	}

FORWARD(RtmGetRegisteredEntities, (HANDLE s, PUINT n, HANDLE *h, PRTM_ENTITY_INFO i), (s, n, h, i))
FORWARD(RtmLockDestination, (HANDLE s, HANDLE d, BOOL exclusive, BOOL lock), (s, d, exclusive, lock))
FORWARD(RtmGetOpaqueInformationPointer, (HANDLE s, HANDLE d, PVOID *p), (s, d, p))
FORWARD(RtmGetEntityMethods, (HANDLE s, HANDLE e, PUINT n, PRTM_ENTITY_EXPORT_METHOD m), (s, e, n, m))
FORWARD(RtmInvokeMethod, (HANDLE s, HANDLE e, PRTM_ENTITY_METHOD_INPUT i, PUINT n, PRTM_ENTITY_METHOD_OUTPUT o),
        (s, e, i, n, o))
FORWARD(RtmBlockMethods, (HANDLE s, HANDLE t, UCHAR type, DWORD flag), (s, t, type, flag))
FORWARD(RtmHoldDestination, (HANDLE s, HANDLE d, RTM_VIEW_SET v, ULONG time), (s, d, v, time))
FORWARD(RtmGetRoutePointer, (HANDLE s, HANDLE r, PRTM_ROUTE_INFO *p), (s, r, p))
FORWARD(RtmLockRoute, (HANDLE s, HANDLE r, BOOL exclusive, BOOL lock, PRTM_ROUTE_INFO *p), (s, r, exclusive, lock, p))
FORWARD(RtmUpdateAndUnlockRoute,
        (HANDLE s, HANDLE r, ULONG t, HANDLE l, RTM_NOTIFY_FLAGS y, HANDLE n, PRTM_ROUTE_CHANGE_FLAGS f),
        (s, r, t, l, y, n, f))
FORWARD(RtmFindNextHop, (HANDLE s, PRTM_NEXTHOP_INFO i, HANDLE *h, PRTM_NEXTHOP_INFO *p), (s, i, h, p))
FORWARD(RtmGetNextHopPointer, (HANDLE s, HANDLE h, PRTM_NEXTHOP_INFO *p), (s, h, p))
FORWARD(RtmLockNextHop, (HANDLE s, HANDLE h, BOOL exclusive, BOOL lock, PRTM_NEXTHOP_INFO *p),
        (s, h, exclusive, lock, p))
FORWARD(RtmIgnoreChangedDests, (HANDLE s, HANDLE n, UINT count, HANDLE *d), (s, n, count, d))
FORWARD(RtmGetChangeStatus, (HANDLE s, HANDLE n, HANDLE d, PBOOL b), (s, n, d, b))
FORWARD(RtmMarkDestForChangeNotification, (HANDLE s, HANDLE n, HANDLE d, BOOL b), (s, n, d, b))
FORWARD(RtmIsMarkedForChangeNotification, (HANDLE s, HANDLE n, HANDLE d, PBOOL b), (s, n, d, b))
FORWARD(RtmCreateRouteList, (HANDLE s, HANDLE *l), (s, l))
FORWARD(RtmInsertInRouteList, (HANDLE s, HANDLE l, UINT n, HANDLE *r), (s, l, n, r))
FORWARD(RtmCreateRouteListEnum, (HANDLE s, HANDLE l, HANDLE *e), (s, l, e))
FORWARD(RtmGetListEnumRoutes, (HANDLE s, HANDLE e, PUINT n, HANDLE *r), (s, e, n, r))
FORWARD(RtmDeleteRouteList, (HANDLE s, HANDLE l), (s, l))
