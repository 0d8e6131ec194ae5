/*
 * address.h - the addresses and views that clients give, as the tries and the masks of a table have them.
 */
#ifndef RTM2_ADDRESS_H
#define RTM2_ADDRESS_H

#include "table.h"

/* The key of a destination prefix; bits behind the prefix are dropped. False: NULL, other family, too many bits. */
bool key_of_prefix(const struct table *, const RTM_NET_ADDRESS *, uint8_t *key);

/* The key of a next hop. False as above. */
bool key_of_hop(const struct table *, const RTM_NET_ADDRESS *, ULONG interface_index, uint8_t *key);

void prefix_of_key(const struct table *, const uint8_t *key, RTM_NET_ADDRESS *);

/* TRUE and the views meant, all supported ones for RTM_VIEW_MASK_ALL; FALSE if there is an unsupported one. */
static inline bool
views_of_mask(RTM_VIEW_SET mask, unsigned *views)
{
	*views = mask == RTM_VIEW_MASK_ALL ? VIEWS_SUPPORTED : mask;
	return (*views & ~VIEWS_SUPPORTED) == 0;
}

#endif
