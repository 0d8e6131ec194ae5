/*
 * prefixes.h - tables of prefixes to measure with: read from a file, or made up.
 */
#ifndef BENCH_PREFIXES_H
#define BENCH_PREFIXES_H

#include <stddef.h>
#include <stdint.h>

#include "rtmv2.h"

struct prefixes {
	RTM_NET_ADDRESS *x_at; /* in order, each once */
	size_t x_count, x_room;
};

/* The next of a sequence of numbers that is the same in every run. */
uint32_t draw(void);

/* One prefix a line: a.b.c.d/length or x:y::z/length. Ends the program when the file is not like that. */
void prefixes_read(struct prefixes *, const char *file);

/* As many different prefixes as wanted, their lengths in the proportions of the Internet's table. IPv6 ones lie in
 * clusters, as there. */
void prefixes_generate(struct prefixes *, USHORT family, size_t count);

void prefixes_free(struct prefixes *);

#endif
