/*
 * expiry.h - what happens by itself when its time has come: routes expire, holds end.
 */
#ifndef RTM2_EXPIRY_H
#define RTM2_EXPIRY_H

#include <stdint.h>

/* Runs what is due by this moment in all tables and tells the worker when the next is. For worker_start: on the
 * worker's thread, with no lock held. What becomes due meanwhile is left to the next round, since a client may let a
 * route expire again and again. */
void expiry_run(uint64_t now);

#endif
