/*
 * trie.c - ordered set of prefixes. The structure is told in trie.h.
 */
#include <assert.h>
#include <string.h>

#include "trie.h"

#define NODE_WORDS 8
#define OCTET_BITS 8
#define NODE_MARK 0x80000000u
#define CLASS_SHIFT 28 /* the node's class is in its entry, above the ref_t */
#define CLASS_MASK 7u

struct node {
	struct object n_object;
	uint16_t n_before[NODE_WORDS]; /* bits set in the words before */
	uint16_t n_count;              /* entries */
	uint16_t n_shorter;            /* those of prefixes shorter than the octet */
	uint8_t n_pad[4];
	uint64_t n_bits[NODE_WORDS];
	uint32_t n_entry[];
};

/* Entries that nodes of each class have room for: as many as make whole cache lines. */
static const uint16_t class_room[NODE_CLASSES] = { 8, 24, 40, 72, 120, 248, 520 };

#define IS_NODE(entry) (((entry)&NODE_MARK) != 0)
#define NODE_REF(entry) ((entry)&REF_MASK)
#define NODE_CLASS(entry) ((entry) >> CLASS_SHIFT & CLASS_MASK)
#define KEY_BITS(key) ((unsigned)(key)[0])
#define KEY_OCTET(key, i) ((unsigned)(key)[1 + (i)])

_Static_assert(offsetof(struct node, n_entry) == 96, "class_room goes by this");
_Static_assert(REF_BITS <= CLASS_SHIFT, "an entry has room for a node's class");

void
trie_pools_init(struct pool *nodes, struct table *owner)
{
	for (unsigned class = 0; class < NODE_CLASSES; class++)
		pool_init(&nodes[class], owner, (enum kind)(KIND_NODE + class),
		          offsetof(struct node, n_entry) + class_room[class] * sizeof(uint32_t), NULL);
}

static inline struct node *
node_of(uint32_t entry)
{
	return object_at(NODE_REF(entry));
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
	int order = memcmp(a + 1, b + 1, t->tr_octets);

	return order != 0 ? order : (int)KEY_BITS(a) - (int)KEY_BITS(b);
}

/* The number of a prefix in its node: its length in this octet, its bits with zeros behind. */
static inline unsigned
number_of(unsigned length, unsigned octet)
{
	unsigned x = octet - (octet >> 1 & 0x55);

	x = (x & 0x33) + (x >> 2 & 0x33);
	return 2 * octet + length - ((x + (x >> 4)) & 0x0F);
}

static inline unsigned
length_at(const uint8_t *key, unsigned depth)
{
	unsigned rest = KEY_BITS(key) - OCTET_BITS * depth;

	return rest < OCTET_BITS ? rest : OCTET_BITS;
}

/* The number of a key in the node for the octet at this depth. A key that ends before the octet is the empty prefix. */
static inline unsigned
key_number(const uint8_t *key, unsigned depth)
{
	unsigned length = length_at(key, depth);

	return length > 0 ? number_of(length, KEY_OCTET(key, depth)) : 0;
}

/*
 * Nodes
 */

static inline bool
node_has(const struct node *n, unsigned number)
{
	return (n->n_bits[number / 64] >> number % 64 & 1) != 0;
}

/* How many entries are in front of this number. */
static inline unsigned
node_rank(const struct node *n, unsigned number)
{
	return n->n_before[number / 64] + popcount(n->n_bits[number / 64] & (((uint64_t)1 << number % 64) - 1));
}

/* The entry of a number, or NULL. */
static inline uint32_t *
node_entry(struct node *n, unsigned number)
{
	return node_has(n, number) ? &n->n_entry[node_rank(n, number)] : NULL;
}

/* Has the node's lines fetched. Of a large one those where the key's entry should be if they are spread evenly and four
 * in five are in use: that is right for nine of ten nodes of a full table. */
static inline void
node_prefetch(uint32_t entry, const uint8_t *key, unsigned depth)
{
	const uint8_t *n = (const uint8_t *)node_of(entry);
	unsigned class = NODE_CLASS(entry);

	__builtin_prefetch(n);
	__builtin_prefetch(n + 64);
	if (class > 0) {
		unsigned octet = length_at(key, depth) > 0 ? KEY_OCTET(key, depth) : 0;
		const uint8_t *guess =
		    n + offsetof(struct node, n_entry) + class_room[class] * octet / 320 * sizeof(uint32_t);

		__builtin_prefetch(guess - 64);
		__builtin_prefetch(guess);
		__builtin_prefetch(guess + 64);
	}
}

static struct node *
node_alloc(struct trie *t, unsigned class, uint32_t *entry)
{
	ref_t ref;
	struct node *n = pool_alloc(&t->tr_nodes[class], &ref);

	if (n != NULL)
		*entry = NODE_MARK | class << CLASS_SHIFT | ref;
	return n;
}

static void
node_free(struct trie *t, uint32_t entry)
{
	pool_free(&t->tr_nodes[NODE_CLASS(entry)], NODE_REF(entry));
}

/* Moves a node to one of another class. False, and nothing changed, when memory is short. */
static bool
node_move(struct trie *t, uint32_t *entry, unsigned class)
{
	uint32_t old = *entry;
	const struct node *from = node_of(old);
	struct node *n = node_alloc(t, class, entry);

	if (n == NULL)
		return false;
	memcpy(n->n_before, from->n_before, sizeof(n->n_before));
	n->n_count = from->n_count;
	n->n_shorter = from->n_shorter;
	memcpy(n->n_bits, from->n_bits, sizeof(n->n_bits));
	memcpy(n->n_entry, from->n_entry, from->n_count * sizeof(n->n_entry[0]));
	node_free(t, old);
	return true;
}

/* Enters something into the node that an entry names, under a number that has nothing. False, and nothing changed, when
 * memory is short. */
static bool
node_put(struct trie *t, uint32_t *entry, unsigned number, bool is_shorter, uint32_t below)
{
	unsigned class = NODE_CLASS(*entry), word = number / 64, at;
	struct node *n;

	if (node_of(*entry)->n_count == class_room[class] && !node_move(t, entry, class + 1))
		return false;
	n = node_of(*entry);
	at = node_rank(n, number);
	memmove(&n->n_entry[at + 1], &n->n_entry[at], (n->n_count - at) * sizeof(n->n_entry[0]));
	n->n_entry[at] = below;
	n->n_count++;
	n->n_shorter = (uint16_t)(n->n_shorter + is_shorter);
	n->n_bits[word] |= (uint64_t)1 << number % 64;
	while (++word < NODE_WORDS)
		n->n_before[word]++;
	return true;
}

/* Takes out what is at this place, under this number. */
static void
node_take(struct trie *t, uint32_t *entry, unsigned number, bool is_shorter, size_t at)
{
	struct node *n = node_of(*entry);
	unsigned class = NODE_CLASS(*entry), word = number / 64;

	n->n_count--;
	n->n_shorter = (uint16_t)(n->n_shorter - is_shorter);
	memmove(&n->n_entry[at], &n->n_entry[at + 1], (n->n_count - at) * sizeof(n->n_entry[0]));
	n->n_bits[word] &= ~((uint64_t)1 << number % 64);
	while (++word < NODE_WORDS)
		n->n_before[word]--;
	/* Where memory for the smaller node is short the larger one just stays. */
	if (class > 0 && n->n_count <= class_room[class - 1] / 4u * 3u)
		(void)node_move(t, entry, class - 1);
}

/* The entry of the longest prefix up to this length, shorter than the octet, that covers the octet; or NULL. */
static inline const uint32_t *
node_cover(const struct node *n, unsigned length, unsigned octet)
{
	unsigned number;

	if (n->n_shorter == 0)
		return NULL;
	if (length == OCTET_BITS)
		octet &= 0xFFu << (OCTET_BITS - --length);
	number = number_of(length, octet);
	while (!node_has(n, number)) {
		if (length == 0)
			return NULL;
		/* The parent is just before a left child, and its left subtree is between it and a right one. */
		number -= (octet >> (OCTET_BITS - length) & 1) != 0 ? 2u << (OCTET_BITS - length) : 1;
		octet &= 0xFFu << (OCTET_BITS - --length);
	}
	return &n->n_entry[node_rank(n, number)];
}

/*
 * The set
 */

void
trie_init(struct trie *t, struct pool *nodes, size_t key_offset, unsigned key_octets)
{
	assert(key_octets <= KEY_OCTETS);
	t->tr_root = 0;
	t->tr_count = 0;
	t->tr_nodes = nodes;
	t->tr_key_offset = (uint16_t)key_offset;
	t->tr_octets = (uint8_t)key_octets;
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
	const uint8_t *ka = trie_key(t, a), *kb = trie_key(t, b);
	unsigned level = depth;
	uint32_t entry;

	while (key_number(ka, level) == key_number(kb, level))
		level++;
	if (node_alloc(t, 0, &entry) == NULL)
		return 0;
	(void)node_put(t, &entry, key_number(ka, level), length_at(ka, level) < OCTET_BITS, a);
	(void)node_put(t, &entry, key_number(kb, level), length_at(kb, level) < OCTET_BITS, b);
	while (level-- > depth) {
		uint32_t below = entry;

		if (node_alloc(t, 0, &entry) == NULL) {
			fork_free(t, below);
			return 0;
		}
		(void)node_put(t, &entry, key_number(ka, level), false, below);
	}
	return entry;
}

ref_t
trie_seek(struct trie *t, const uint8_t *key, struct trie_end *end)
{
	uint32_t *entry = &t->tr_root;
	unsigned depth = 0, number = 0;

	while (IS_NODE(*entry)) {
		uint32_t *below;

		number = key_number(key, depth);
		if ((below = node_entry(node_of(*entry), number)) == NULL)
			break;
		entry = below;
		depth++;
		if (IS_NODE(*entry))
			node_prefetch(*entry, key, depth);
	}
	end->te_entry = entry;
	end->te_depth = depth;
	end->te_number = number;
	if (*entry == 0 || IS_NODE(*entry) || memcmp(trie_key(t, *entry), key, 1u + t->tr_octets) != 0)
		return 0;
	return *entry;
}

bool
trie_put(struct trie *t, const struct trie_end *end, ref_t value)
{
	uint32_t *entry = end->te_entry, fork;

	if (*entry == 0)
		*entry = value;
	else if (IS_NODE(*entry)) {
		bool is_shorter = length_at(trie_key(t, value), end->te_depth) < OCTET_BITS;

		if (!node_put(t, entry, end->te_number, is_shorter, value))
			return false;
	} else {
		if ((fork = fork_build(t, end->te_depth, *entry, value)) == 0)
			return false;
		*entry = fork;
	}
	t->tr_count++;
	return true;
}

bool
trie_insert(struct trie *t, ref_t value)
{
	struct trie_end end;

	(void)trie_seek(t, trie_key(t, value), &end);
	return trie_put(t, &end, value);
}

void
trie_remove(struct trie *t, ref_t value)
{
	const uint8_t *key = trie_key(t, value);
	uint32_t *entry = &t->tr_root, *path[KEY_OCTETS];
	unsigned depth = 0, number = 0;

	t->tr_count--;
	while (*entry != value) {
		uint32_t *below;

		number = key_number(key, depth);
		below = node_entry(node_of(*entry), number);
		assert(IS_NODE(*entry) && below != NULL);
		path[depth++] = entry;
		entry = below;
		if (IS_NODE(*entry))
			node_prefetch(*entry, key, depth);
	}
	if (depth-- == 0) {
		*entry = 0;
		return;
	}
	node_take(t, path[depth], number, length_at(key, depth) < OCTET_BITS,
	          (size_t)(entry - node_of(*path[depth])->n_entry));
	/* A node with a single value gives it to the entry above, and so on upwards. */
	for (;; depth--) {
		const struct node *n = node_of(*path[depth]);
		uint32_t last = n->n_entry[0];

		if (n->n_count != 1 || IS_NODE(last))
			break;
		node_free(t, *path[depth]);
		*path[depth] = last;
		if (depth == 0)
			break;
	}
}

ref_t
trie_find(const struct trie *t, const uint8_t *key)
{
	uint32_t entry = t->tr_root;

	for (unsigned depth = 0; IS_NODE(entry); depth++) {
		const uint32_t *below;

		if ((below = node_entry(node_of(entry), key_number(key, depth))) == NULL)
			return 0;
		entry = *below;
		if (IS_NODE(entry))
			node_prefetch(entry, key, depth + 1);
		else
			object_prefetch(entry);
	}
	return entry != 0 && memcmp(trie_key(t, entry), key, 1u + t->tr_octets) == 0 ? entry : 0;
}

ref_t
trie_match(const struct trie *t, const uint8_t *key, unsigned bits)
{
	uint32_t entry = t->tr_root;
	ref_t best = 0;

	for (unsigned depth = 0; IS_NODE(entry); depth++) {
		struct node *n = node_of(entry);
		unsigned rest = bits - OCTET_BITS * depth, length = rest < OCTET_BITS ? rest : OCTET_BITS;
		unsigned octet = length > 0 ? KEY_OCTET(key, depth) & 0xFF00u >> length : 0;
		const uint32_t *below = length == OCTET_BITS ? node_entry(n, number_of(OCTET_BITS, octet)) : NULL;
		const uint32_t *cover;

		entry = below != NULL ? *below : 0;
		if (IS_NODE(entry))
			node_prefetch(entry, key, depth + 1);
		else if (entry != 0)
			object_prefetch(entry);
		if ((cover = node_cover(n, length, octet)) != NULL) {
			best = *cover;
			object_prefetch(best);
		}
	}
	if (entry != 0) {
		const uint8_t *found = trie_key(t, entry);

		if (KEY_BITS(found) <= bits && same_start(found, key, KEY_BITS(found)))
			return entry;
	}
	return best;
}

/*
 * Order
 */

#define PREFETCH_AHEAD 6

ref_t
trie_walk_on(struct trie_walk *k)
{
	while (k->k_depth > 0) {
		const struct node *n = k->k_path[k->k_depth - 1].k_node;
		unsigned at = k->k_path[k->k_depth - 1].k_at++;

		if (at == n->n_count) {
			k->k_depth--;
			continue;
		}
		if (at + PREFETCH_AHEAD < n->n_count)
			object_prefetch(NODE_REF(n->n_entry[at + PREFETCH_AHEAD]));
		if (!IS_NODE(n->n_entry[at]))
			return n->n_entry[at];
		k->k_path[k->k_depth].k_node = node_of(n->n_entry[at]);
		k->k_path[k->k_depth++].k_at = 0;
	}
	return 0;
}

ref_t
trie_walk_begin(struct trie_walk *k, const struct trie *t, const uint8_t *key, bool inclusive)
{
	uint32_t entry = t->tr_root;

	k->k_depth = 0;
	while (IS_NODE(entry)) {
		struct node *n = node_of(entry);
		unsigned number = key_number(key, k->k_depth), at = node_rank(n, number);
		bool has = node_has(n, number), ends = length_at(key, k->k_depth) < OCTET_BITS;

		/* What hangs at the key's own number comes next, or, if it is not the key alone, the walk goes down
		 * there. */
		k->k_path[k->k_depth].k_node = n;
		k->k_path[k->k_depth++].k_at = at + (has && !(ends && inclusive));
		entry = has && !ends ? n->n_entry[at] : 0;
	}
	if (entry != 0) {
		int order = key_compare(t, trie_key(t, entry), key);

		if (order > 0 || (order == 0 && inclusive))
			return entry;
	}
	return trie_walk_on(k);
}

ref_t
trie_next(const struct trie *t, const uint8_t *key, bool inclusive)
{
	struct trie_walk walk;

	return trie_walk_begin(&walk, t, key, inclusive);
}
