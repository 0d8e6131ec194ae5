/*
 * mutate.c - how libFuzzer makes an input out of others: by whole calls, and by the octets of one call. Its own mutations,
 * which know nothing of records, would turn all calls behind a change into others.
 */
#include <string.h>

#include "input.h"

size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t most);
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t most, unsigned seed);
size_t LLVMFuzzerCustomCrossOver(const uint8_t *a, size_t a_size, const uint8_t *b, size_t b_size, uint8_t *out,
                                 size_t most, unsigned seed);

enum { RECORDS_MOST = 512, BURST = 8, SPAN = 6 };

static uint64_t dice;

static unsigned
below(unsigned limit)
{
	dice = dice * 6364136223846793005u + 1442695040888963407u;
	return (unsigned)(dice >> 33) % limit;
}

/* Where the records of an input begin, and where the last one ends. */
struct records {
	unsigned s_count;
	size_t s_at[RECORDS_MOST + 1];
};

static struct records
records_of(const uint8_t *data, size_t size)
{
	struct records s = { 0 };

	while (s.s_at[s.s_count] < size && s.s_count < RECORDS_MOST) {
		s.s_at[s.s_count + 1] = s.s_at[s.s_count] + record_size(data + s.s_at[s.s_count], size - s.s_at[s.s_count]);
		s.s_count++;
	}
	return s;
}

/* Replaces the octets from one place to another; the new size, or the old one if there is no room. */
static size_t
splice(uint8_t *data, size_t size, size_t most, size_t from, size_t to, const uint8_t *with, size_t length)
{
	if (size - (to - from) + length > most)
		return size;
	memmove(data + from + length, data + to, size - to);
	if (length > 0)
		memcpy(data + from, with, length);
	return size - (to - from) + length;
}

/* A record with random octets. Small ones name clients and objects that exist. */
static size_t
new_record(uint8_t *out)
{
	unsigned length = 2 + below(RECORD_MOST - 1);

	out[0] = (uint8_t)length;
	for (unsigned i = 1; i <= length; i++)
		out[i] = (uint8_t)below(i > 1 && below(4) != 0 ? 8 : 256);
	return 1 + length;
}

static size_t
insert_new(uint8_t *data, size_t size, size_t most, size_t at)
{
	uint8_t fresh[BURST * (1 + RECORD_MOST)];
	size_t length = 0;

	for (unsigned i = below(2) != 0 ? 1 : 1 + below(BURST); i > 0; i--)
		length += new_record(fresh + length);
	return splice(data, size, most, at, at, fresh, length);
}

/* The octets of one record, changed by libFuzzer. */
static size_t
change_one(uint8_t *data, size_t size, size_t most, size_t from, size_t to)
{
	uint8_t record[1 + RECORD_MOST];

	memcpy(record, data + from, to - from);
	record[0] = (uint8_t)LLVMFuzzerMutate(record + 1, to - from - 1, RECORD_MOST);
	return splice(data, size, most, from, to, record, 1 + (size_t)record[0]);
}

size_t
LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t most, unsigned seed)
{
	struct records s = records_of(data, size);
	uint8_t copy[SPAN * (1 + RECORD_MOST)];
	unsigned first, behind;
	size_t at, length;

	dice = seed;
	size = s.s_at[s.s_count];
	at = s.s_at[below(s.s_count + 1)];
	if (s.s_count == 0)
		return insert_new(data, size, most, at);
	first = below(s.s_count);
	behind = first + 1 + below(s.s_count - first < SPAN ? s.s_count - first : SPAN);
	length = s.s_at[behind] - s.s_at[first];
	switch (below(8)) {
	case 0:
	case 1:
		return insert_new(data, size, most, at);
	case 2:
		return splice(data, size, most, s.s_at[first], s.s_at[behind], NULL, 0);
	case 3:
		memcpy(copy, data + s.s_at[first], length);
		return splice(data, size, most, at, at, copy, length);
	default:
		return change_one(data, size, most, s.s_at[first], s.s_at[first + 1]);
	}
}

/* The beginning of one input and the end of another. */
size_t
LLVMFuzzerCustomCrossOver(const uint8_t *a, size_t a_size, const uint8_t *b, size_t b_size, uint8_t *out, size_t most,
                          unsigned seed)
{
	struct records of_a = records_of(a, a_size), of_b = records_of(b, b_size);
	size_t from, length;

	dice = seed;
	length = of_a.s_at[below(of_a.s_count + 1)];
	if (length > most)
		return 0;
	memcpy(out, a, length);
	from = of_b.s_at[below(of_b.s_count + 1)];
	return splice(out, length, most, length, length, b + from, of_b.s_at[of_b.s_count] - from);
}
