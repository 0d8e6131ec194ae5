/* harness.c - runs the registered tests in the order of their files and lines. */
#define __USE_MINGW_ANSI_STDIO 1
#include "harness.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FAILURES_SHOWN = 20, CONTEXT_SIZE = 200 };

static struct test *tests;
static void (*fixture_before)(void);
static void (*fixture_after)(void);

static struct test *current;
static atomic_uint failures; /* threads of a test may fail, too */
static char context[CONTEXT_SIZE];
static jmp_buf abandon;
static _Thread_local bool is_runner; /* the one thread that can go back to abandon */
static const char *program;

static bool comes_before(const struct test *a, const struct test *b)
{
	int files = strcmp(a->file, b->file);

	return files < 0 || (files == 0 && a->line < b->line);
}

void test_register(struct test *test)
{
	struct test **place = &tests;

	while (*place && comes_before(*place, test))
		place = &(*place)->next;
	test->next = *place;
	*place = test;
}

void test_fixture(void (*before)(void), void (*after)(void))
{
	fixture_before = before;
	fixture_after = after;
}

void test_context(const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(context, sizeof(context), format, arguments);
	va_end(arguments);
}

/* Announces a failure; false once a test has shown so many that more would only bury the first. */
static bool announce(const char *file, int line)
{
	unsigned earlier = atomic_fetch_add(&failures, 1);

	if (earlier == 0)
		printf("FAIL %s\n", current->name);
	if (earlier >= FAILURES_SHOWN)
		return false;
	printf("  %s:%d: ", file, line);
	if (context[0])
		printf("[%s] ", context);
	return true;
}

bool check_true(bool held, const char *file, int line, const char *condition)
{
	if (!held && announce(file, line))
		printf("does not hold: %s\n", condition);
	return held;
}

bool check_equal(unsigned long long got, unsigned long long want, const char *file, int line, const char *got_text,
                 const char *want_text)
{
	if (got != want && announce(file, line))
		printf("%s\n    got %llu (0x%llx), expected %llu (0x%llx) = %s\n", got_text, got, got, want, want,
		       want_text);
	return got == want;
}

bool check_same(const void *got, const void *want, const char *file, int line, const char *got_text,
                const char *want_text)
{
	if (got != want && announce(file, line))
		printf("%s\n    got %p, expected %p = %s\n", got_text, got, want, want_text);
	return got == want;
}

bool check_text(const char *got, const char *want, const char *file, int line, const char *got_text)
{
	bool same = strcmp(got, want) == 0;

	if (!same && announce(file, line))
		printf("%s\n    got      \"%s\"\n    expected \"%s\"\n", got_text, got, want);
	return same;
}

_Noreturn void test_abandon(const char *file, int line, const char *condition)
{
	if (condition && announce(file, line))
		printf("required: %s\n", condition);
	if (!is_runner) {
		printf("  on a thread that cannot abandon its test\n");
		fflush(stdout);
		abort();
	}
	longjmp(abandon, 1);
}

const char *test_program(void)
{
	return program;
}

static bool passes(struct test *test)
{
	current = test;
	failures = 0;
	context[0] = '\0';
	if (setjmp(abandon) == 0) {
		if (fixture_before)
			fixture_before();
		test->body();
		if (fixture_after && failures == 0)
			fixture_after();
	}
	if (failures > FAILURES_SHOWN)
		printf("  and %u more\n", failures - FAILURES_SHOWN);
	fflush(stdout);
	return failures == 0;
}

/* Runs the tests whose name or file contains the text given as the only argument, or all of them. */
int main(int argc, char **argv)
{
	const char *filter = argc > 1 ? argv[1] : "";
	unsigned passed = 0, failed = 0;

	program = argv[0];
	is_runner = true;
	for (struct test *test = tests; test; test = test->next) {
		if (!strstr(test->name, filter) && !strstr(test->file, filter))
			continue;
		if (passes(test))
			passed++;
		else
			failed++;
	}
	if (passed + failed == 0)
		printf("no test has \"%s\" in its name or file\n", filter);
	printf("%u passed, %u failed\n", passed, failed);
	return failed || !passed;
}
