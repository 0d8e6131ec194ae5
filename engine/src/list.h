/*
 * list.h - route lists.
 */
#ifndef RTM2_LIST_H
#define RTM2_LIST_H

#include "table.h"

struct enumeration;

/* Octets of one list, for the pool that keeps them. */
size_t list_size(void);

/* The caller's list that the handle names, or 0. */
ref_t list_resolve(const struct call *, RTM_ROUTE_LIST_HANDLE);

/* Moves a route, which has its extra part, to the end of a list; list 0 just takes it out of the one that it is in. */
void list_move(struct table *, ref_t route, ref_t list);

/* Takes a route out of its list, if it is in one. */
void list_leave(struct table *, ref_t route);

/* An enumeration of a list ends. */
void list_enum_end(const struct enumeration *, ref_t);

/* Deletes all lists of an entity that leaves. */
void list_end_all(struct table *, struct entity *);

#endif
