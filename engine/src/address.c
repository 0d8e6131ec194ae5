/*
 * address.c - addresses of clients, and keys of the tries.
 */
#include <string.h>

#include "address.h"

bool
key_of_prefix(const struct table *t, const RTM_NET_ADDRESS *address, uint8_t *key)
{
	unsigned octets, rest;

	if (address == NULL || address->AddressFamily != t->t_family || address->NumBits > 8 * t->t_octets)
		return false;
	octets = address->NumBits / 8u;
	rest = address->NumBits % 8u;
	key[0] = (uint8_t)address->NumBits;
	memcpy(key + 1, address->AddrBits, sizeof(address->AddrBits));
	if (octets < t->t_octets) {
		key[1 + octets] &= (uint8_t)(0xFF00u >> rest);
		memset(key + 2 + octets, 0, t->t_octets - 1 - octets);
	}
	return true;
}

bool
key_of_hop(const struct table *t, const RTM_NET_ADDRESS *address, ULONG interface_index, uint8_t *key)
{
	unsigned octets = t->t_hop_octets;

	if (address == NULL || address->AddressFamily != t->t_family || address->NumBits > 8 * octets)
		return false;
	key[0] = (uint8_t)(8 * (octets + 5));
	memcpy(key + 1, address->AddrBits, octets);
	key[1 + octets] = (uint8_t)address->NumBits;
	for (unsigned i = 0; i < 4; i++)
		key[2 + octets + i] = (uint8_t)(interface_index >> (24 - 8 * i));
	return true;
}

void
prefix_of_key(const struct table *t, const uint8_t *key, RTM_NET_ADDRESS *address)
{
	memset(address, 0, sizeof(*address));
	address->AddressFamily = t->t_family;
	address->NumBits = key[0];
	/* Of a size that is known a copy is no call. */
	if (t->t_octets == 4)
		memcpy(address->AddrBits, key + 1, 4);
	else
		memcpy(address->AddrBits, key + 1, 16);
}
