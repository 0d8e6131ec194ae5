/*
 * nexthop.h - next hops, as far as they are changed under locks.
 */
#ifndef RTM2_NEXTHOP_H
#define RTM2_NEXTHOP_H

#include "call.h"

/* Takes over what its owner wrote into a next hop under the lock. */
void nexthop_commit(const struct call *, ref_t);

#endif
