/*
 * harness.h - a small test runner: tests register themselves, checks report and carry on, requirements end their test.
 *
 *     TEST(a_route_is_found_by_its_prefix)
 *     {
 *             CHECK_EQ(lookup("10.0.0.0/8"), NO_ERROR);
 *     }
 */
#ifndef RTM2_TEST_HARNESS_H
#define RTM2_TEST_HARNESS_H

#include <stdbool.h>

struct test {
	const char *name;
	const char *file;
	int line;
	void (*body)(void);
	struct test *next;
};

#define TEST(name)                                                                                                     \
	static void test_body_##name(void);                                                                            \
	__attribute__((constructor)) static void test_register_##name(void)                                            \
	{                                                                                                              \
		static struct test test = {#name, __FILE__, __LINE__, test_body_##name, 0};                            \
		test_register(&test);                                                                                  \
	}                                                                                                              \
	static void test_body_##name(void)

/* Each returns whether it held, so that a loop can stop at its first failure. Values go (got, expected). */
#define CHECK(condition) check_true((condition) ? true : false, __FILE__, __LINE__, #condition)
#define CHECK_EQ(got, want)                                                                                            \
	check_equal((unsigned long long)(got), (unsigned long long)(want), __FILE__, __LINE__, #got, #want)
#define CHECK_SAME(got, want) check_same((got), (want), __FILE__, __LINE__, #got, #want)
#define CHECK_TEXT(got, want) check_text((got), (want), __FILE__, __LINE__, #got)

/* A failed requirement ends the test at once, also from inside a helper; on another thread than the test's it ends the
 * whole program, so callbacks and threads of a test rather check. */
#define REQUIRE(condition) ((condition) ? (void)0 : test_abandon(__FILE__, __LINE__, #condition))
#define REQUIRE_EQ(got, want) (CHECK_EQ(got, want) ? (void)0 : test_abandon(__FILE__, __LINE__, 0))

void test_register(struct test *test);

/* Sets functions to run before each test and after each test that has not failed. */
void test_fixture(void (*before)(void), void (*after)(void));

/* Describes where a long test is; printed with each of its failures from now on. */
void test_context(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* The path under which this program was started, for tests that need a process of their own. */
const char *test_program(void);

bool check_true(bool held, const char *file, int line, const char *condition);
bool check_equal(unsigned long long got, unsigned long long want, const char *file, int line, const char *got_text,
                 const char *want_text);
bool check_same(const void *got, const void *want, const char *file, int line, const char *got_text,
                const char *want_text);
bool check_text(const char *got, const char *want, const char *file, int line, const char *got_text);
_Noreturn void test_abandon(const char *file, int line, const char *condition);

#endif
