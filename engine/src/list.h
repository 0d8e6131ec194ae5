/*
 * list.h - route lists. A route is in one list at the most; its extra part has the links.
 */
#ifndef RTM2_LIST_H
#define RTM2_LIST_H

#include "call.h"

/* Octets of one list, for the pool that keeps them. */
size_t list_size(void);

/* The caller's list that the handle names, or 0. */
ref_t list_resolve(const struct call *, RTM_ROUTE_LIST_HANDLE);

/* Moves a route, which has its extra part, to the end of a list; list 0 just takes it out of the one that it is in. */
void list_move(ref_t route, ref_t list);

/* Takes a route, which has its extra part, out of its list, if it is in one. */
void list_leave(ref_t route);

/* Deletes all lists of an entity that leaves. */
void list_end_all(struct table *, struct entity *);

/* A place in a list, at the route that comes next: it moves on when that one leaves. It must not move in memory. */
struct list_cursor {
	ref_t lc_list;               /* 0 when the list is gone */
	ref_t lc_at;                 /* 0 at the end: then at the next one that is put there */
	struct list_cursor *lc_next; /* the list's other cursors */
};

/* Puts a cursor at the start of a list. */
void list_cursor_open(struct list_cursor *, ref_t list);

/* The route that the cursor is at, which it leaves behind; 0 at the end. */
ref_t list_cursor_next(struct list_cursor *);

/* Takes the cursor out of its list, if that is still there. */
void list_cursor_close(struct list_cursor *);

#endif
