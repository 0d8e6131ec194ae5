/*
 * trie.h - ordered set of prefixes: exact match, longest match, next in order.
 *
 * DOC: The trie
 *
 * A multi-bit trie with a stride of eight bits, after Knuth's "Allotment Routing Table" as Hariguchi described it. A
 * node stands for one octet of the address. The prefixes that can end in this octet make a complete binary tree: the
 * empty one at its root, the 256 values of the whole octet at its leaves. A node numbers them by walking this tree in
 * pre-order, which is the order of prefixes: by address, the shorter one first. The prefix of r bits whose bits, filled
 * up with zeros, are the octet v is number 2v + r - popcount(v): that many steps down, and on each step to the right
 * past a whole subtree. Of a prefix shorter than the octet the value itself hangs there; at a leaf hangs everything
 * longer, or just as long as the whole octet: a single value, or the next node.
 *
 * So a node is a map of 511 bits and one entry for each bit that is set, in the same order; an entry's place is the
 * number of bits set before its own. Map and entries lie side by side, so that a walk knows where the lines of memory
 * are that it needs before it has read the first of them; nodes come in several sizes and move when they outgrow one.
 * The next in order is the next entry.
 *
 * A subtree with a single value has no node: its value hangs where the node would (path compression). That holds at the
 * root as well, so a set of one needs no memory.
 *
 * Longest match goes down along the address and remembers the last value that it came by. Memory is slower than all
 * else: that value is fetched while the walk goes on, since most often it is the answer.
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
	uint32_t tr_root;       /* 0, a value, or a node */
	uint32_t tr_count;      /* values */
	struct pool *tr_nodes;  /* where the nodes live: NODE_CLASSES pools */
	uint16_t tr_key_offset; /* where in the objects that the values name the key is */
	uint8_t tr_octets;      /* of address in a key */
};

/* Prepares the NODE_CLASSES pools that keep the nodes of all tries of a table. */
void trie_pools_init(struct pool *, struct table *owner);

void trie_init(struct trie *, struct pool *nodes, size_t key_offset, unsigned key_octets);

/* Where a walk along a key ended. Good until the trie changes. */
struct trie_end {
	uint32_t *te_entry; /* the last entry: a node without one for the key, a value, or nothing */
	unsigned te_depth;  /* octets behind the walk */
	unsigned te_number; /* the key's in that node */
};

/* The value with exactly this key, or 0; then the end is where trie_put puts it. */
ref_t trie_seek(struct trie *, const uint8_t *key, struct trie_end *);

/* Adds a value where trie_seek did not find its key. False, and nothing changed, when memory is short. */
bool trie_put(struct trie *, const struct trie_end *, ref_t value);

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

/* A walk in order. Good until the trie changes. */
struct trie_walk {
	unsigned k_depth; /* nodes that the walk is in */
	struct {
		const struct node *k_node;
		unsigned k_at; /* the entry that comes next */
	} k_path[KEY_OCTETS];
};

/* Begins a walk with the value that trie_next would find. */
ref_t trie_walk_begin(struct trie_walk *, const struct trie *, const uint8_t *key, bool inclusive);

/* The next value, or 0 at the end. */
ref_t trie_walk_on(struct trie_walk *);

/* The key of a value. */
static inline const uint8_t *
trie_key(const struct trie *t, ref_t value)
{
	return (const uint8_t *)object_at(value) + t->tr_key_offset;
}

/* Whether the first key's prefix lies within the second's. */
bool key_within(const uint8_t *key, const uint8_t *range);

#endif
