/*
 * trie.h - ordered set of prefixes: exact match, longest match, next in order.
 *
 * DOC: The trie
 *
 * A multi-bit trie with a stride of eight bits, after Knuth's "Allotment Routing Table" as Hariguchi described it. A
 * node stands for one octet of the address. Inside a node each prefix that ends in this octet has an index in a
 * complete binary tree: prefix length r (0..7) and leading bits v give 2^r + v, so 1 is the empty prefix, and the parent
 * of i is i / 2. One more level, 256..511, stands for the 256 values of the whole octet: there hangs what goes on below.
 * So a node is one map of 512 bits (a cache line) and an array with one entry for each bit that is set; the entry's
 * place is the number of bits set before its own.
 *
 *   bits 1..255    value whose prefix ends in this octet
 *   bits 256..511  everything longer, or just as long as the whole octet: a single value, or the next node
 *
 * A subtree with a single value has no node: its value hangs where the node would (path compression). That holds at the
 * root as well, so a set of one needs no memory.
 *
 * Longest match goes down along the address and remembers the last node where a bit on the way from the index to the
 * root was set. Order is that of the octets, then the shorter prefix first; the next in order is found by looking for the
 * next set bit in each of the nine levels and taking the least.
 *
 * A value is a ref_t; its key is part of the object that it names: one octet with the number of bits, then the address
 * octets, zero behind the last bit.
 */
#ifndef RTM2_TRIE_H
#define RTM2_TRIE_H

#include "pool.h"

/* The longest key: an IPv6 next hop is ordered by 16 octets, prefix length and interface index. */
#define KEY_OCTETS 21
#define KEY_SIZE (1 + KEY_OCTETS)

struct trie {
	uint32_t t_root;       /* 0, a value, or a node */
	uint32_t t_count;      /* values */
	struct pool *t_nodes;  /* where the nodes live */
	uint32_t t_size;       /* octets of the objects that the values name */
	uint16_t t_key_offset; /* where in such an object its key is */
	uint8_t t_octets;      /* of address in a key */
};

/* Octets of one node, for the pool that keeps them. */
size_t trie_node_size(void);

void trie_init(struct trie *, struct pool *nodes, size_t object_size, size_t key_offset, unsigned key_octets);

/* Adds the value under its key, which is not in the trie yet. False, and nothing changed, when memory is short. */
bool trie_insert(struct trie *, ref_t value);

/* Removes a value that is in the trie. */
void trie_remove(struct trie *, ref_t value);

/* The value with exactly this key, or 0. */
ref_t trie_find(const struct trie *, const uint8_t *key);

/* The value with the longest prefix that covers the key's address and has no more than this many bits, or 0. */
ref_t trie_match(const struct trie *, const uint8_t *key, unsigned bits);

/* The first value in order at or behind the key (inclusive), or behind it; 0 at the end. */
ref_t trie_next(const struct trie *, const uint8_t *key, bool inclusive);

/* Whether the first key's prefix lies within the second's. */
bool key_within(const uint8_t *key, const uint8_t *range);

#endif
