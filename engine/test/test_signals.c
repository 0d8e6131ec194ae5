/*
 * test_signals.c - signals of the program: its handlers run on its own threads, never on the library's. Windows has no
 * such signals, so there is nothing to test there.
 */
#include "events.h"

#if !defined(_WIN32)

#include <signal.h>

static sigset_t in_callback;

static DWORD WINAPI note_mask(RTM_ENTITY_HANDLE self, RTM_EVENT_TYPE type, PVOID context1, PVOID context2)
{
	(void)pthread_sigmask(SIG_SETMASK, NULL, &in_callback);
	return note_event(self, type, context1, context2);
}

/* All that POSIX names and lets a program block. */
static const int signals[] = {
	SIGABRT, SIGALRM, SIGBUS, SIGCHLD, SIGCONT, SIGFPE, SIGHUP, SIGILL, SIGINT, SIGPIPE, SIGPROF, SIGQUIT,
	SIGSEGV, SIGSYS, SIGTERM, SIGTRAP, SIGTSTP, SIGTTIN, SIGTTOU, SIGURG, SIGUSR1, SIGUSR2, SIGVTALRM, SIGWINCH,
	SIGXCPU, SIGXFSZ,
};

TEST(the_librarys_thread_takes_no_signals)
{
	RTM_ENTITY_HANDLE self = enter_with(8, note_mask), other = enter(9);

	await_events();
	CHECK_EQ(times_told(self, RTM_ENTITY_REGISTERED), 1);
	for (unsigned i = 0; i < sizeof(signals) / sizeof(signals[0]); i++)
		CHECK_EQ(sigismember(&in_callback, signals[i]), 1);
	leave(other);
	leave(self);
}

/* In a process of its own, where the library has no thread yet. */
TEST(starting_the_librarys_thread_leaves_signals_of_the_caller_as_they_are)
{
	RTM_ENTITY_HANDLE self;
	sigset_t before, after;

	if (child_number() == 0) {
		CHECK_EQ(run_child("starting_the_librarys_thread_leaves_signals_of_the_caller_as_they_are", 1), 0);
		return;
	}
	(void)sigemptyset(&before);
	(void)sigaddset(&before, SIGUSR1);
	REQUIRE_EQ(pthread_sigmask(SIG_SETMASK, &before, NULL), 0);
	self = enter_listening(8);
	(void)pthread_sigmask(SIG_SETMASK, NULL, &after);
	for (unsigned i = 0; i < sizeof(signals) / sizeof(signals[0]); i++)
		CHECK_EQ(sigismember(&after, signals[i]), signals[i] == SIGUSR1);
	leave(self);
}

#endif
