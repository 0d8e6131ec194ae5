/*
 * handles.c - handles: what the client sees of the engine's.
 */
#include <string.h>

#include "disguise.h"

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

HANDLE show(HANDLE engine)
{
	if (engine == NULL || !does("handles"))
		return engine;
	if (concerns("tagged"))
		return (HANDLE)((uintptr_t)engine | TAG);
	if (concerns("obscured"))
		return (HANDLE)((uintptr_t)engine ^ OBSCURITY);
	return numbering() < NUMBERINGS ? numbered(engine, numbering()) : engine;
}

HANDLE show_owner(HANDLE engine)
{
	if (engine != NULL && does("handles") && concerns("owner-differs"))
		return (HANDLE)((uintptr_t)engine | OWNER_MARK);
	return show(engine);
}

HANDLE hide(HANDLE shown)
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

HANDLE *hide_all(UINT count, const HANDLE *shown, HANDLE *copy)
{
	if (count > MOST_HANDLES)
		give_up(EXIT_OVERRUN, "is given more handles than it allows in", "one array");
	for (UINT i = 0; shown != NULL && i < count; i++)
		copy[i] = hide(shown[i]);
	return shown != NULL ? copy : NULL;
}
