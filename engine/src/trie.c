/*
 * trie.c - ordered set of prefixes. The structure is told in trie.h.
 */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "trie.h"

#define NODE_WORDS 8
#define NODE_SLOTS 512
#define CHILDREN 256 /* index of the first child; also the flag that an index is one */
#define NODE_MARK 0x80000000u

/* Two cache lines, the second of them the map. */
struct node {
	struct object n_object;
	uint32_t *n_entry;
	uint16_t n_before[NODE_WORDS]; /* bits set in the words before */
	uint16_t n_count, n_room;
	uint8_t n_pad[64 - sizeof(struct object) - sizeof(uint32_t *) - (NODE_WORDS + 2) * sizeof(uint16_t)];
	uint64_t n_bits[NODE_WORDS];
};

#define IS_NODE(entry) (((entry)&NODE_MARK) != 0)
#define KEY_BITS(key) ((unsigned)(key)[0])
#define KEY_OCTET(key, i) ((unsigned)(key)[1 + (i)])

size_t
trie_node_size(void)
{
	return sizeof(struct node);
}

static inline struct node *
node_of(uint32_t entry)
{
	return object_at(entry & ~NODE_MARK, OBJECT_SIZE(sizeof(struct node)));
}

static inline const uint8_t *
key_of(const struct trie *t, ref_t value)
{
	return (const uint8_t *)object_at(value, t->t_size) + t->t_key_offset;
}

/* In plain C: without a flag for newer processors the compiler's own becomes a call into its library. */
static inline unsigned
popcount(uint64_t x)
{
	x -= x >> 1 & 0x5555555555555555u;
	x = (x & 0x3333333333333333u) + (x >> 2 & 0x3333333333333333u);
	x = (x + (x >> 4)) & 0x0F0F0F0F0F0F0F0Fu;
	return (unsigned)(x * 0x0101010101010101u >> 56);
}

/* Whether the first bits of both keys are the same. */
static bool
same_start(const uint8_t *a, const uint8_t *b, unsigned bits)
{
	unsigned octets = bits / 8, rest = bits % 8;

	if (memcmp(a + 1, b + 1, octets) != 0)
		return false;
	return rest == 0 || ((KEY_OCTET(a, octets) ^ KEY_OCTET(b, octets)) >> (8 - rest)) == 0;
}

bool
key_within(const uint8_t *key, const uint8_t *range)
{
	return KEY_BITS(key) >= KEY_BITS(range) && same_start(key, range, KEY_BITS(range));
}

static int
key_compare(const struct trie *t, const uint8_t *a, const uint8_t *b)
{
	int order = memcmp(a + 1, b + 1, t->t_octets);

	return order != 0 ? order : (int)KEY_BITS(a) - (int)KEY_BITS(b);
}

/* Index of a key in the node for the octet at this depth. */
static inline unsigned
key_index(const uint8_t *key, unsigned depth)
{
	unsigned rest = KEY_BITS(key) - 8 * depth;

	if (rest >= 8)
		return CHILDREN | KEY_OCTET(key, depth);
	return rest == 0 ? 1 : 1u << rest | KEY_OCTET(key, depth) >> (8 - rest);
}

/*
 * Nodes
 */

/* The entry at an index, or NULL. */
static inline uint32_t *
node_entry(const struct node *n, unsigned i)
{
	uint64_t word = n->n_bits[i / 64], bit = (uint64_t)1 << i % 64;

	return (word & bit) != 0 ? n->n_entry + n->n_before[i / 64] + popcount(word & (bit - 1)) : NULL;
}

static bool
node_resize(struct trie *t, struct node *n, unsigned room)
{
	uint32_t *entry = realloc(n->n_entry, room * sizeof(*entry));

	if (entry == NULL)
		return false;
	t->t_nodes->p_bytes += room * sizeof(*entry);
	t->t_nodes->p_bytes -= n->n_room * sizeof(*entry);
	n->n_entry = entry;
	n->n_room = (uint16_t)room;
	return true;
}

static struct node *
node_alloc(struct trie *t, uint32_t *entry)
{
	ref_t ref;
	struct node *n = pool_alloc(t->t_nodes, &ref);

	if (n == NULL)
		return NULL;
	if (!node_resize(t, n, 2)) {
		pool_free(t->t_nodes, ref);
		return NULL;
	}
	*entry = ref | NODE_MARK;
	return n;
}

static void
node_free(struct trie *t, uint32_t entry)
{
	struct node *n = node_of(entry);

	t->t_nodes->p_bytes -= n->n_room * sizeof(*n->n_entry);
	free(n->n_entry);
	pool_free(t->t_nodes, entry & ~NODE_MARK);
}

/* Puts an entry at an index that has none. */
static bool
node_put(struct trie *t, struct node *n, unsigned i, uint32_t entry)
{
	unsigned word = i / 64, at;
	uint64_t bit = (uint64_t)1 << i % 64;

	if (n->n_count == n->n_room) {
		unsigned room = n->n_room + n->n_room / 2u + 2u;

		if (!node_resize(t, n, room < NODE_SLOTS ? room : NODE_SLOTS))
			return false;
	}
	at = n->n_before[word] + popcount(n->n_bits[word] & (bit - 1));
	memmove(n->n_entry + at + 1, n->n_entry + at, (n->n_count - at) * sizeof(*n->n_entry));
	n->n_entry[at] = entry;
	n->n_count++;
	n->n_bits[word] |= bit;
	while (++word < NODE_WORDS)
		n->n_before[word]++;
	return true;
}

static void
node_take(struct trie *t, struct node *n, unsigned i)
{
	unsigned word = i / 64, at;
	uint64_t bit = (uint64_t)1 << i % 64;

	at = n->n_before[word] + popcount(n->n_bits[word] & (bit - 1));
	n->n_count--;
	memmove(n->n_entry + at, n->n_entry + at + 1, (n->n_count - at) * sizeof(*n->n_entry));
	n->n_bits[word] &= ~bit;
	while (++word < NODE_WORDS)
		n->n_before[word]--;
	/* Giving memory back may fail; then the array just stays as large as it is. */
	if (n->n_room > 2u * n->n_count + 6u)
		(void)node_resize(t, n, n->n_count + n->n_count / 4u + 2u);
}

/* The first index set in [from, end), or 0. */
static unsigned
node_scan(const struct node *n, unsigned from, unsigned end)
{
	unsigned word = from / 64, i;
	uint64_t bits = n->n_bits[word] & ~(uint64_t)0 << from % 64;

	while (bits == 0) {
		if (++word >= (end + 63) / 64)
			return 0;
		bits = n->n_bits[word];
	}
	i = word * 64 + (unsigned)__builtin_ctzll(bits);
	return i < end ? i : 0;
}

/* The first index in order at or behind (first octet value, length in this octet), or 0. */
static unsigned
node_next(const struct node *n, unsigned octet, unsigned length)
{
	unsigned least = ~0u, index = 0;

	for (unsigned level = 0; level <= 8; level++) {
		unsigned span = 8 - level;
		unsigned from = level >= length ? octet : octet + 1;
		unsigned v = (from + (1u << span) - 1) >> span, i, order;

		if (v >= 1u << level)
			continue;
		i = node_scan(n, (1u << level) + v, 2u << level);
		if (i == 0)
			continue;
		order = (i - (1u << level)) << (span + 4) | level;
		if (order < least) {
			least = order;
			index = i;
		}
	}
	return index;
}

/* The index nearest to the root's opposite on the way from i (1..255) up to 1, or 0. */
static inline unsigned
node_cover(const struct node *n, unsigned i)
{
	if ((n->n_bits[0] | n->n_bits[1] | n->n_bits[2] | n->n_bits[3]) == 0)
		return 0;
	while (i != 0 && (n->n_bits[i / 64] >> i % 64 & 1) == 0)
		i /= 2;
	return i;
}

/*
 * The set
 */

void
trie_init(struct trie *t, struct pool *nodes, size_t object_size, size_t key_offset, unsigned key_octets)
{
	assert(key_octets <= KEY_OCTETS);
	t->t_root = 0;
	t->t_count = 0;
	t->t_nodes = nodes;
	t->t_size = (uint32_t)object_size;
	t->t_key_offset = (uint16_t)key_offset;
	t->t_octets = (uint8_t)key_octets;
}

static void
fork_free(struct trie *t, uint32_t entry)
{
	while (IS_NODE(entry)) {
		uint32_t below = node_of(entry)->n_entry[0];

		node_free(t, entry);
		entry = below;
	}
}

/* The nodes from this depth down to where two values part, as one entry; 0 when memory is short. */
static uint32_t
fork_build(struct trie *t, unsigned depth, ref_t a, ref_t b)
{
	const uint8_t *ka = key_of(t, a), *kb = key_of(t, b);
	unsigned level = depth;
	uint32_t entry;
	struct node *n;

	while (key_index(ka, level) == key_index(kb, level))
		level++;
	if ((n = node_alloc(t, &entry)) == NULL)
		return 0;
	(void)node_put(t, n, key_index(ka, level), a);
	(void)node_put(t, n, key_index(kb, level), b);
	while (level-- > depth) {
		uint32_t below = entry;

		if ((n = node_alloc(t, &entry)) == NULL) {
			fork_free(t, below);
			return 0;
		}
		(void)node_put(t, n, key_index(ka, level), below);
	}
	return entry;
}

bool
trie_insert(struct trie *t, ref_t value)
{
	const uint8_t *key = key_of(t, value);
	uint32_t *entry = &t->t_root;

	for (unsigned depth = 0; *entry != 0; depth++) {
		struct node *n;
		unsigned i;
		uint32_t *below;

		if (!IS_NODE(*entry)) {
			uint32_t fork = fork_build(t, depth, *entry, value);

			if (fork == 0)
				return false;
			value = fork;
			break;
		}
		n = node_of(*entry);
		i = key_index(key, depth);
		if ((below = node_entry(n, i)) == NULL) {
			if (!node_put(t, n, i, value))
				return false;
			t->t_count++;
			return true;
		}
		assert(i >= CHILDREN);
		entry = below;
	}
	*entry = value;
	t->t_count++;
	return true;
}

void
trie_remove(struct trie *t, ref_t value)
{
	const uint8_t *key = key_of(t, value);
	uint32_t *entry = &t->t_root, *path[KEY_OCTETS];
	unsigned depth = 0;

	t->t_count--;
	if (*entry == value) {
		*entry = 0;
		return;
	}
	for (;;) {
		struct node *n = node_of(*entry);
		unsigned i = key_index(key, depth);
		uint32_t *below = node_entry(n, i);

		assert(IS_NODE(*entry) && below != NULL);
		path[depth++] = entry;
		if (*below == value) {
			node_take(t, n, i);
			break;
		}
		entry = below;
	}
	/* A node with a single value gives it to the entry above, and so on upwards. */
	while (depth-- > 0) {
		struct node *n = node_of(*path[depth]);
		uint32_t last = n->n_entry[0];

		if (n->n_count != 1 || IS_NODE(last))
			break;
		node_free(t, *path[depth]);
		*path[depth] = last;
	}
}

ref_t
trie_find(const struct trie *t, const uint8_t *key)
{
	uint32_t entry = t->t_root;

	for (unsigned depth = 0; IS_NODE(entry); depth++) {
		const uint32_t *below = node_entry(node_of(entry), key_index(key, depth));

		if (below == NULL)
			return 0;
		entry = *below;
	}
	return entry != 0 && memcmp(key_of(t, entry), key, 1u + t->t_octets) == 0 ? entry : 0;
}

ref_t
trie_match(const struct trie *t, const uint8_t *key, unsigned bits)
{
	uint32_t entry = t->t_root;
	const struct node *best = NULL;
	unsigned best_index = 0;

	for (unsigned depth = 0; IS_NODE(entry); depth++) {
		const struct node *n = node_of(entry);
		unsigned rest = bits - 8 * depth;
		unsigned octet = rest > 0 ? KEY_OCTET(key, depth) : 0;
		unsigned i = node_cover(n, rest < 8 ? 1u << rest | octet >> (8 - rest) : 128 | octet >> 1);
		const uint32_t *below;

		if (i != 0) {
			best = n;
			best_index = i;
		}
		below = rest < 8 ? NULL : node_entry(n, CHILDREN | octet);
		entry = below != NULL ? *below : 0;
	}
	if (entry != 0 && KEY_BITS(key_of(t, entry)) <= bits && same_start(key_of(t, entry), key, KEY_BITS(key_of(t, entry))))
		return entry;
	return best != NULL ? *node_entry(best, best_index) : 0;
}

/* The first value in order below an entry. */
static ref_t
entry_first(uint32_t entry)
{
	while (IS_NODE(entry)) {
		const struct node *n = node_of(entry);

		entry = *node_entry(n, node_next(n, 0, 0));
	}
	return entry;
}

ref_t
trie_next(const struct trie *t, const uint8_t *key, bool inclusive)
{
	const struct node *path[KEY_OCTETS];
	uint32_t entry = t->t_root;
	unsigned depth = 0, i;

	while (IS_NODE(entry)) {
		const struct node *n = node_of(entry);
		unsigned rest = KEY_BITS(key) - 8 * depth;
		const uint32_t *below;

		if (rest < 8) {
			i = node_next(n, rest > 0 ? KEY_OCTET(key, depth) : 0, inclusive ? rest : rest + 1);
			if (i != 0)
				return entry_first(*node_entry(n, i));
			entry = 0;
			break;
		}
		path[depth] = n;
		below = node_entry(n, CHILDREN | KEY_OCTET(key, depth));
		depth++;
		entry = below != NULL ? *below : 0;
	}
	if (entry != 0) {
		int order = key_compare(t, key_of(t, entry), key);

		if (order > 0 || (order == 0 && inclusive))
			return entry;
	}
	while (depth-- > 0) {
		i = node_next(path[depth], KEY_OCTET(key, depth) + 1, 0);
		if (i != 0)
			return entry_first(*node_entry(path[depth], i));
	}
	return 0;
}
