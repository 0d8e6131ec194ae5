/*
 * deadline.h - when the routes of a table expire and its holds end.
 *
 * What is due while a client has its destination locked has to wait, and is tried again. It claims the destination
 * meanwhile: who does not have the lock yet waits behind the claim, since clients that lock the destination by turns
 * would else never leave it alone at the moment of the next try. The claim ends with the deadline that made it.
 *
 * All of it is for a table that is locked for writing.
 */
#ifndef RTM2_DEADLINE_H
#define RTM2_DEADLINE_H

#include "call.h"

/* Sets the moment, in milliseconds of sys_milliseconds(), when a route or the hold of a destination ends, or moves it.
 * The extra part is there; a new deadline needs room in t_timers. */
void deadline_set(struct table *, ref_t, bool is_dest, uint64_t due);

/* Takes it away, if there is one. The extra part is there. */
void deadline_cancel(struct table *, ref_t, bool is_dest);

/* Sets the deadline of what cannot end now because its destination is locked, and claims the destination for it. */
void deadline_retry(struct table *, ref_t, bool is_dest);

#endif
