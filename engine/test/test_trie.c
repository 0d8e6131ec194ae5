/*
 * test_trie.c - the trie against a naive list: random prefixes, exact and longest match, order.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../src/trie.h"
#include "harness.h"
#include "support.h"

#define DEFAULT_SEED 20040229u
#define MOST 400

/* What the trie's values name: an object with a key in it. */
struct item {
	struct object i_object;
	uint32_t i_pad;
	uint8_t i_key[KEY_SIZE];
};

static struct pool items, nodes[NODE_CLASSES];
static struct trie trie;
static unsigned octets;
static ref_t list[MOST]; /* the naive set */
static unsigned count;
static uint64_t state;

static uint32_t
draw(uint32_t below)
{
	state = state * 6364136223846793005u + 1442695040888963407u;
	return (uint32_t)(state >> 33) % below;
}

static uint8_t *
key_at(ref_t ref)
{
	return ((struct item *)object_at(ref))->i_key;
}

/* A random prefix; few different octets, so that prefixes nest and share starts. */
static void
draw_key(uint8_t *key)
{
	static const uint8_t values[] = { 0, 1, 2, 127, 128, 192, 254, 255 };
	unsigned bits = draw(8 * octets + 1), rest = bits % 8;

	memset(key, 0, KEY_SIZE);
	key[0] = (uint8_t)bits;
	for (unsigned i = 0; i < (bits + 7) / 8; i++)
		key[1 + i] = draw(4) == 0 ? (uint8_t)draw(256) : values[draw(8)];
	if (rest != 0)
		key[1 + bits / 8] &= (uint8_t)(0xFF00u >> rest);
}

static int
naive_compare(const uint8_t *a, const uint8_t *b)
{
	int order = memcmp(a + 1, b + 1, octets);

	return order != 0 ? order : (int)a[0] - (int)b[0];
}

static bool
naive_covers(const uint8_t *prefix, const uint8_t *key)
{
	for (unsigned i = 0; i < prefix[0]; i++)
		if (((prefix[1 + i / 8] ^ key[1 + i / 8]) >> (7 - i % 8) & 1) != 0)
			return false;
	return true;
}

static ref_t
naive_find(const uint8_t *key)
{
	for (unsigned i = 0; i < count; i++)
		if (naive_compare(key_at(list[i]), key) == 0)
			return list[i];
	return 0;
}

static ref_t
naive_match(const uint8_t *key, unsigned bits)
{
	ref_t best = 0;

	for (unsigned i = 0; i < count; i++) {
		const uint8_t *k = key_at(list[i]);

		if (k[0] <= bits && naive_covers(k, key) && (best == 0 || k[0] > key_at(best)[0]))
			best = list[i];
	}
	return best;
}

static ref_t
naive_next(const uint8_t *key, bool inclusive)
{
	ref_t best = 0;

	for (unsigned i = 0; i < count; i++) {
		const uint8_t *k = key_at(list[i]);
		int order = naive_compare(k, key);

		if ((order > 0 || (inclusive && order == 0)) && (best == 0 || naive_compare(k, key_at(best)) < 0))
			best = list[i];
	}
	return best;
}

static void
insert(const uint8_t *key)
{
	ref_t ref;
	struct item *item = pool_alloc(&items, &ref);

	REQUIRE(item != NULL);
	memcpy(item->i_key, key, KEY_SIZE);
	REQUIRE(trie_insert(&trie, ref));
	list[count++] = ref;
}

static void
take_out(unsigned i)
{
	ref_t ref = list[i];

	list[i] = list[--count];
	trie_remove(&trie, ref);
	pool_free(&items, ref);
}

static void
check_queries(void)
{
	uint8_t key[KEY_SIZE];

	draw_key(key);
	CHECK_EQ(trie_find(&trie, key), naive_find(key));
	CHECK_EQ(trie_next(&trie, key, true), naive_next(key, true));
	CHECK_EQ(trie_next(&trie, key, false), naive_next(key, false));
	CHECK_EQ(trie_match(&trie, key, key[0]), naive_match(key, key[0]));
	if (key[0] > 0) {
		unsigned bits = draw(key[0]);

		CHECK_EQ(trie_match(&trie, key, bits), naive_match(key, bits));
	}
	CHECK_EQ(trie.tr_count, count);
}

static void
check_walk(void)
{
	uint8_t key[KEY_SIZE] = { 0 };
	unsigned seen = 0;
	ref_t ref = trie_next(&trie, key, true);

	for (; ref != 0; ref = trie_next(&trie, key, false)) {
		REQUIRE(seen == 0 || naive_compare(key, key_at(ref)) < 0);
		memcpy(key, key_at(ref), KEY_SIZE);
		seen++;
	}
	CHECK_EQ(seen, count);
}

static void
run(unsigned width, unsigned steps)
{
	const char *text = getenv("RTM2_SEED");
	uint64_t seed = text != NULL ? strtoull(text, NULL, 0) : DEFAULT_SEED;

	octets = width;
	count = 0;
	state = seed;
	/* A pool needs some table as its owner; it never looks into it. */
	pool_init(&items, (struct table *)(void *)&items, KIND_DEST, sizeof(struct item), NULL);
	trie_pools_init(nodes, (struct table *)(void *)&items);
	trie_init(&trie, nodes, offsetof(struct item, i_key), width);
	for (unsigned step = 0; step < steps; step++) {
		/* Grows and shrinks by turns, down to the empty set. */
		bool grow = step / 500 % 2 == 0;
		uint8_t key[KEY_SIZE];

		test_context("seed %llu, %u octets, step %u", (unsigned long long)seed, width, step);
		draw_key(key);
		if (count < MOST && draw(10) < (grow ? 8u : 2u) && naive_find(key) == 0)
			insert(key);
		else if (count > 0)
			take_out(draw(count));
		check_queries();
		if (step % 97 == 0)
			check_walk();
	}
	while (count > 0)
		take_out(draw(count));
	CHECK_EQ(trie.tr_root, 0);
	for (unsigned class = 0; class < NODE_CLASSES; class++)
		CHECK_EQ(nodes[class].p_live, 0);
	CHECK_EQ(items.p_live, 0);
}

TEST(the_trie_agrees_with_a_list_on_ipv4_prefixes)
{
	run(4, 20000);
}

TEST(the_trie_agrees_with_a_list_on_ipv6_prefixes)
{
	run(16, 10000);
}

TEST(the_trie_agrees_with_a_list_on_prefixes_of_one_octet)
{
	run(1, 4000);
}

TEST(the_trie_agrees_with_a_list_on_the_longest_keys)
{
	run(KEY_OCTETS, 5000);
}
