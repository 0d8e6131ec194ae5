/*
 * alloc.c - lets every allocation of the library fail in turn and looks at what that changes: nothing.
 *
 * A story is a sequence of calls. It is told in a process of its own each time, so that every telling begins with no memory
 * taken and no thread started:
 *
 *   once to count the allocations and to note what the calls deliver;
 *   once to write down all that can be seen of the tables before each call in which an allocation is made;
 *   for each allocation twice, one time with it failing, one time with all later ones of the same call failing as well:
 *     the call answers 8 (1450 if it was a thread that could not be had), the tables then look as before it, the same
 *     call made once more succeeds, the tables look as they should, and the rest of the story goes as ever;
 *   once with every allocation failing in all calls that need none.
 *
 * Each telling ends with empty tables, no block of memory that is not accounted for, and LeakSanitizer. The linker leads
 * malloc and the like through here (--wrap), so the library has no hook for this; and the objects that its parts ask the
 * pools for, so that it does not matter which of them finds a pool empty.
 */
#include <stdarg.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "alloc.h"
#include "still.h"
#include "tables.h"

enum { MOST_POINTS = 4000, MOST_STEPS = 20000, TRANSCRIPT = 1 << 16, DUMP = 2 << 20, DUMPS = 256 << 20 };

enum mode { COUNT, TELL, FAIL_ONE, FAIL_REST, STARVE };

static const char *const mode_names[] = {"counting", "telling the tables", "this one failing", "this and all behind it failing",
                                         "none to be had"};

/* What the tellings of one story learn from each other. */
static struct shared {
	unsigned points;
	unsigned step_of[MOST_POINTS]; /* counted from 1 */
	bool wanted[MOST_STEPS + 2];   /* steps in front of which the tables are told */
	size_t dump_at[MOST_STEPS + 2], dump_length[MOST_STEPS + 2];
	size_t dumps_used;
	char transcript[TRANSCRIPT];
	char dumps[DUMPS];
	bool has_failed[16]; /* by the index of mortal[]; in any story */
} *shared;

/* The functions whose pages name ERROR_NOT_ENOUGH_MEMORY, but for RtmDeleteNextHop, which needs none: some story has to make
 * each of them answer so. */
static const char *const mortal[] = {"RtmRegisterEntity", "RtmAddRouteToDest", "RtmAddNextHop", "RtmCreateDestEnum",
                                     "RtmCreateRouteEnum", "RtmGetEnumRoutes", "RtmCreateNextHopEnum",
                                     "RtmRegisterForChangeNotification", "RtmCreateRouteList", "RtmCreateRouteListEnum"};
enum { MORTAL = sizeof(mortal) / sizeof(mortal[0]) };

static const struct story *story;
static enum mode mode;
static unsigned fail_at; /* the allocation to fail, counted from 1 */
static char transcript[TRANSCRIPT];

/*
 * Allocations
 */

void *__real_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__real_realloc(void *block, size_t size);
int __real_posix_memalign(void **block, size_t alignment, size_t size);
void __real_free(void *block);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_realloc(void *block, size_t size);
int __wrap_posix_memalign(void **block, size_t alignment, size_t size);
void __wrap_free(void *block);
void *__real_pool_alloc(struct pool *pool, ref_t *ref);
void *__real_pool_alloc_beside(struct pool *pool, ref_t other, ref_t *ref);
void *__wrap_pool_alloc(struct pool *pool, ref_t *ref);
void *__wrap_pool_alloc_beside(struct pool *pool, ref_t other, ref_t *ref);

static bool armed;        /* in a call of the story; on the worker as well, which rests in between */
static bool starving;     /* in one that needs no memory, in the last telling */
static unsigned points;   /* so far */
static unsigned failed;   /* in this step */
static bool thread_first; /* the first to fail in this step was the thread */
static atomic_long blocks;

static bool refuse(bool is_thread)
{
	bool fails;

	if (!armed)
		return false;
	points++;
	fails = starving || (fail_at != 0 && (points == fail_at || (mode == FAIL_REST && failed > 0)));
	if (fails && failed++ == 0)
		thread_first = is_thread;
	return fails;
}

static bool permit_thread(void)
{
	return !refuse(true);
}

void *__wrap_malloc(size_t size)
{
	void *block = refuse(false) ? NULL : __real_malloc(size);

	blocks += block != NULL;
	return block;
}

void *__wrap_calloc(size_t count, size_t size)
{
	void *block = refuse(false) ? NULL : __real_calloc(count, size);

	blocks += block != NULL;
	return block;
}

void *__wrap_realloc(void *old, size_t size)
{
	void *block = refuse(false) ? NULL : __real_realloc(old, size);

	blocks += block != NULL && old == NULL;
	return block;
}

int __wrap_posix_memalign(void **block, size_t alignment, size_t size)
{
	int error = refuse(false) ? 12 : __real_posix_memalign(block, alignment, size);

	blocks += error == 0;
	return error;
}

void __wrap_free(void *block)
{
	blocks -= block != NULL;
	__real_free(block);
}

/* Every object counts, whether or not its pool has to ask for memory. */
void *__wrap_pool_alloc(struct pool *pool, ref_t *ref)
{
	return refuse(false) ? NULL : __real_pool_alloc(pool, ref);
}

void *__wrap_pool_alloc_beside(struct pool *pool, ref_t other, ref_t *ref)
{
	return refuse(false) ? NULL : __real_pool_alloc_beside(pool, other, ref);
}

/*
 * Steps
 */

static struct {
	const char *call;
	enum need need;
	unsigned number;
	bool again;      /* the call is made for the second time */
	bool to_compare; /* the tables, before the next step, with what they should be then */
} step;

_Noreturn void give_up(const char *file, int line, const char *what)
{
	fprintf(stderr, "FAIL every_allocation_may_fail: %s, allocation %u, %s\n  step %u: %s\n  %s:%d: %s\n", story->name,
	        fail_at, mode_names[mode], step.number, step.call ? step.call : "none yet", file, line, what);
	_exit(1);
}

static void show_difference(const char *want, const char *got)
{
	while (*want != '\0' && *got != '\0') {
		int a = (int)strcspn(want, "\n"), b = (int)strcspn(got, "\n");

		if (a != b || memcmp(want, got, (size_t)a) != 0) {
			fprintf(stderr, "  expected: %.*s\n  got:      %.*s\n", a, want, b, got);
			return;
		}
		want += a + (want[a] != '\0');
		got += b + (got[b] != '\0');
	}
	fprintf(stderr, "  expected at the end: %s\n  got at the end: %s\n", want, got);
}

/* Requires the tables to look as they do before a step when nothing fails. */
static void compare_tables(unsigned before)
{
	static char text[DUMP];
	const char *want = shared->dumps + shared->dump_at[before];

	REQUIRE(shared->dump_length[before] != 0);
	(void)tell_tables(text, sizeof(text));
	if (strcmp(text, want) == 0)
		return;
	show_difference(want, text);
	give_up(__FILE__, __LINE__, "the tables are not what they should be");
}

static void keep_tables(void)
{
	size_t length;

	if (!shared->wanted[step.number])
		return;
	length = tell_tables(shared->dumps + shared->dumps_used, DUMPS - shared->dumps_used);
	shared->dump_at[step.number] = shared->dumps_used;
	shared->dump_length[step.number] = length;
	shared->dumps_used += length + 1;
}

static void note_points(unsigned from)
{
	REQUIRE(points < MOST_POINTS && step.number < MOST_STEPS);
	for (unsigned i = from; i < points; i++)
		shared->step_of[i + 1] = step.number;
}

static unsigned points_before;

void step_begin(const char *call, enum need need)
{
	if (need != PREPARES)
		still();
	if (!step.again) {
		step.number++;
		if (need != PREPARES)
			still_advance(1);
	}
	step.call = call;
	step.need = need;
	if (mode == TELL)
		keep_tables();
	if (step.to_compare)
		compare_tables(step.number);
	step.to_compare = false;
	points_before = points;
	failed = 0;
	starving = mode == STARVE && need == NEEDS_NONE;
	armed = need != PREPARES;
}

static void note_failure(void)
{
	size_t length = strcspn(step.call, "(");

	for (unsigned i = 0; i < MORTAL; i++)
		if (strlen(mortal[i]) == length && memcmp(step.call, mortal[i], length) == 0)
			shared->has_failed[i] = true;
}

/* Whether the call is to be made again. */
bool step_end(DWORD status, DWORD expected)
{
	if (armed)
		still();
	armed = false;
	if (mode == COUNT)
		note_points(points_before);
	if (failed == 0 || step.need == NEEDS_NONE || (step.need == GIVES_PARTS && status == expected)) {
		if (status != expected)
			fprintf(stderr, "  got %u, expected %u\n", status, expected);
		REQUIRE(status == expected);
		/* Behind parts the story takes one step more than it would. */
		step.to_compare = step.again || (failed > 0 && step.need == NEEDS_NONE);
		if (mode == STARVE)
			step.to_compare = false;
		step.again = false;
		return false;
	}
	REQUIRE(!step.again);
	if (status != (thread_first ? ERROR_NO_SYSTEM_RESOURCES : ERROR_NOT_ENOUGH_MEMORY))
		fprintf(stderr, "  got %u\n", status);
	REQUIRE(status == (thread_first ? ERROR_NO_SYSTEM_RESOURCES : ERROR_NOT_ENOUGH_MEMORY));
	if (status == ERROR_NOT_ENOUGH_MEMORY)
		note_failure();
	compare_tables(step.number);
	step.again = true;
	return true;
}

void pass_time(ULONG milliseconds)
{
	step_begin("time passes", NEEDS_NONE);
	still_advance(milliseconds);
	(void)step_end(NO_ERROR, NO_ERROR);
}

void saw(const char *format, ...)
{
	size_t length = strlen(transcript);
	va_list arguments;
	int added;

	va_start(arguments, format);
	added = vsnprintf(transcript + length, sizeof(transcript) - length, format, arguments);
	va_end(arguments);
	REQUIRE(added >= 0 && (size_t)added < sizeof(transcript) - length);
}

/*
 * Tellings
 */

static long accounted;

/* Nothing lives any more; an empty table keeps its heap of timers, and of each pool one run with one chunk. */
static void account(struct table *t, void *context)
{
	(void)context;
	accounted += 1 + (t->t_timers.i_heap != NULL);
	REQUIRE(t->t_timers.i_count == 0 && t->t_timers.i_reserved == 0);
	for (unsigned kind = 0; kind < KIND_COUNT; kind++) {
		const struct pool *p = &t->t_pool[kind];

		REQUIRE(p->p_live == 0);
		REQUIRE(p->p_bytes == (p->p_chunks != 0 ? (size_t)p->p_slots * p->p_stride : 0));
		accounted += p->p_chunks != 0 ? 2 : 0;
	}
}

static void check_end(void)
{
	RTM2_STATISTICS left;

	still();
	if (step.to_compare && shared->wanted[step.number + 1])
		compare_tables(step.number + 1);
	REQUIRE(Rtm2GetStatistics(NULL, &left) == NO_ERROR);
	REQUIRE(left.Entities + left.Routes + left.NextHops + left.Destinations + left.Handles == 0);
	table_each(account, NULL);
	REQUIRE(accounted == blocks);
	if (mode == COUNT)
		memcpy(shared->transcript, transcript, sizeof(transcript));
	else if (strcmp(transcript, shared->transcript) != 0) {
		show_difference(shared->transcript, transcript);
		give_up(__FILE__, __LINE__, "the calls delivered something else");
	}
	if (mode == COUNT)
		shared->points = points;
	REQUIRE(fail_at == 0 || points >= fail_at);
}

/* Tells the story in a process of its own; whether all was well. */
static bool tell_story(enum mode how, unsigned point)
{
	int status = -1;
	pid_t child;

	fflush(NULL);
	child = fork();
	if (child == 0) {
		mode = how;
		fail_at = point;
		still_permits_thread = permit_thread;
		still_begin();
		story->tell();
		step.number++;
		if (mode == TELL)
			keep_tables();
		step.number--;
		check_end();
		exit(0);
	}
	if (child > 0)
		(void)waitpid(child, &status, 0);
	if (status != 0)
		fprintf(stderr, "FAIL every_allocation_may_fail: %s, allocation %u, %s: the process ended with %d\n", story->name,
		        point, mode_names[how], status);
	return status == 0;
}

/* Returns the number of failures. */
static unsigned try_story(void)
{
	unsigned failures;

	memset(shared, 0, offsetof(struct shared, dumps));
	failures = tell_story(COUNT, 0) ? 0 : 1;
	for (unsigned n = 1; n <= shared->points; n++)
		shared->wanted[shared->step_of[n]] = shared->wanted[shared->step_of[n] + 1] = true;
	failures += failures == 0 && !tell_story(TELL, 0);
	for (unsigned n = 1; failures == 0 && n <= shared->points; n++)
		failures += !(tell_story(FAIL_ONE, n) && tell_story(FAIL_REST, n));
	failures += failures == 0 && !tell_story(STARVE, 0);
	printf("%s: %u allocation points%s\n", story->name, shared->points, failures ? ", FAILED" : "");
	return failures;
}

/* Number of functions that no story has made fail. */
static unsigned count_immortal(void)
{
	unsigned count = 0;

	for (unsigned i = 0; i < MORTAL; i++)
		if (!shared->has_failed[i]) {
			fprintf(stderr, "FAIL every_allocation_may_fail: %s has never answered 8\n", mortal[i]);
			count++;
		}
	return count;
}

/* Tries the stories whose name contains the text given as the only argument, or all of them. */
int main(int argc, char **argv)
{
	const char *filter = argc > 1 ? argv[1] : "";
	unsigned failures = 0, told = 0;
	unsigned long all = 0;

	shared = mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (shared == MAP_FAILED)
		return 2;
	for (story = stories; story->name != NULL; story++) {
		if (strstr(story->name, filter) == NULL)
			continue;
		failures += try_story();
		told++;
		all += shared->points;
	}
	if (filter[0] == '\0')
		failures += count_immortal();
	printf("every_allocation_may_fail: %lu allocation points of %u stories failed, each alone and with all behind it\n", all,
	       told);
	printf("%u passed, %u failed\n", failures == 0 && told > 0, failures);
	return failures != 0 || told == 0;
}
