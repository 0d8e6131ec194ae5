/*
 * tables.h - the tables of the process: a list that only grows.
 */
#ifndef RTM2_TABLES_H
#define RTM2_TABLES_H

#include "table.h"

/* The table of an instance and family; made if need be. NULL: *status is 2 for a family without one, or 8. */
struct table *table_open(USHORT instance, USHORT family, DWORD *status);

/* Calls visit for each table, locked for reading. */
void table_each(void (*visit)(struct table *, void *context), void *context);

/* The next table, from NULL to NULL. Not locked. */
struct table *table_after(const struct table *);

#endif
