/*
 * check.h - whether the tables are in order, looked at from inside.
 */
#ifndef RTM2_FUZZ_CHECK_H
#define RTM2_FUZZ_CHECK_H

/* Requires every count, order and link of all tables to be what the rest of the table says, and all references to be those
 * of the book. Nothing else runs meanwhile. */
void check_tables(void);

/* Requires all tables to be empty, down to the last object. */
void check_empty(void);

#endif
