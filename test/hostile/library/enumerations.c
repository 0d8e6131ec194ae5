/*
 * enumerations.c - enumerations and lists of changes that do not give what is there.
 */
#include <string.h>

#include "disguise.h"

enum { MOST_ITEMS = 256 };

typedef union {
	HANDLE handle;
	RTM_DEST_INFO dest;
	UCHAR room[RTM_SIZE_OF_DEST_INFO(2)];
} item;

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
	if (does("uncounted"))
		*count = room;
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

DWORD give_handles(const char *name, fetcher fetch, HANDLE self, HANDLE from, UINT *count, HANDLE *handles)
{
	UINT room = *count;
	DWORD status = give(name, fetch, hide(self), hide(from), count, handles, false);

	for (UINT i = 0; i < *count && i < room; i++)
		handles[i] = show(handles[i]);
	return status;
}

DWORD give_dests(const char *name, fetcher fetch, HANDLE self, HANDLE from, UINT *count, RTM_DEST_INFO *infos)
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
