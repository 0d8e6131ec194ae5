/*
 * still.h - a clock that the test moves, and a worker thread that has come to rest: with both, what the library does depends
 * on nothing but the calls that it gets.
 *
 * The program is compiled with STILL_FLAGS of the Makefile: the library's clock_gettime becomes still_clock_gettime, and the
 * linker leads its waiting, waking and starting of threads through here. All calls of the API, those inside of callbacks
 * aside, come from one thread, which calls still() behind each.
 */
#ifndef RTM2_FUZZ_STILL_H
#define RTM2_FUZZ_STILL_H

#include <stdbool.h>
#include <stdint.h>

/* The calling thread is the one that calls the API. To be called once. */
void still_begin(void);

/* Waits until the worker has delivered all events and run all timers that are due. Callbacks run in here and nowhere else. */
void still(void);

/* Moves the clock forward, then waits as still() does. */
void still_advance(uint64_t milliseconds);

/* Asked, if not NULL, before the library gets a thread; false refuses it. */
extern bool (*still_permits_thread)(void);

/* Around the body of a callback that touches what the calling thread touches. */
void still_callback_begin(void);
void still_callback_end(void);

#endif
