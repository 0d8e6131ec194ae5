/*
 * order.h - the engine's own locks, and in which order a thread may take them. Why this order: "Locks" in call.h.
 *
 * Programs that test the library are compiled with RTM2_CHECK_LOCKS: then every lock that is taken, every wait and
 * every callback is compared with the order. In the library itself nothing of that is left.
 */
#ifndef RTM2_ORDER_H
#define RTM2_ORDER_H

#include <stdbool.h>

enum order {
	ORDER_TABLES,    /* the list of tables */
	ORDER_TABLE,     /* a table */
	ORDER_DIRECTORY, /* the directory of chunks */
	ORDER_WAITING,   /* calls that wait */
	ORDER_WORKER,    /* the worker's queue */
	ORDER_COUNT
};

/* Whether a thread that holds these locks, one bit each, may take another. */
bool order_permits(unsigned held, enum order wanted);

#if defined(RTM2_CHECK_LOCKS)

/* Told of what breaks the order; prints it and ends the program unless a test sets another. */
extern void (*order_broken)(const char *what, unsigned held, enum order);

/* This thread takes a lock, or gives it up. */
void order_take(enum order);
void order_give(enum order);

/* This thread waits for a condition and gives this lock up meanwhile: it must be the only one that it holds. */
void order_wait(enum order);

/* This thread is about to run code of a client, which may call anything: it must hold none. */
void order_expect_none(void);

#else

static inline void order_take(enum order order) { (void)order; }
static inline void order_give(enum order order) { (void)order; }
static inline void order_wait(enum order order) { (void)order; }
static inline void order_expect_none(void) { }

#endif

#endif
