/*
 * trick.c - which trick the library has, and calls that go wrong as a whole.
 */
#define _GNU_SOURCE
#include "trick.h"

#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct engine real;
struct trick trick;

void give_up(int code, const char *what, const char *which)
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

bool does(const char *verb)
{
	return strcmp(trick.verb, verb) == 0;
}

bool concerns(const char *subject)
{
	if (strcmp(trick.subject, "*") == 0)
		return strcmp(subject, "RtmRegisterEntity") != 0 && strcmp(subject, "RtmDeregisterEntity") != 0;
	return strcmp(trick.subject, subject) == 0;
}

static unsigned long allowance = 1000000;

/* What is done next may take so many calls. */
RTM2_API void HostileAllow(unsigned calls);
RTM2_API void HostileAllow(unsigned calls)
{
	allowance = calls;
}

void scribble(void *at, size_t size)
{
	if (at != NULL)
		memset(at, SCRIBBLE, size);
}

bool limits(const char *member)
{
	return does("profile") && (strcmp(trick.subject, member) == 0 || strcmp(trick.subject, "all") == 0);
}

bool is_beyond(const char *member, uint64_t wanted)
{
	return limits(member) && wanted > trick.number;
}

bool is_refused(const char *name, DWORD *status, void *a, size_t size_a, void *b, size_t size_b)
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

DWORD answer(const char *name, DWORD status)
{
	if (concerns(name) && (does("done") || (does("done-once") && trick.times == 1)))
		return (DWORD)trick.number;
	return status;
}

bool gives_none(const char *name, DWORD status)
{
	return status == NO_ERROR && concerns(name) && does("null");
}
