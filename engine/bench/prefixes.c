/*
 * prefixes.c - tables of prefixes. See prefixes.h.
 */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "prefixes.h"

static uint64_t state = 1;

uint32_t
draw(void)
{
	state = state * 6364136223846793005u + 1442695040888963407u;
	return (uint32_t)(state >> 32);
}

static RTM_NET_ADDRESS *
push(struct prefixes *x)
{
	if (x->x_count == x->x_room) {
		x->x_room = x->x_room * 2 + 1024;
		x->x_at = realloc(x->x_at, x->x_room * sizeof(*x->x_at));
		if (x->x_at == NULL)
			abort();
	}
	return memset(&x->x_at[x->x_count++], 0, sizeof(*x->x_at));
}

void
prefixes_free(struct prefixes *x)
{
	free(x->x_at);
	memset(x, 0, sizeof(*x));
}

/*
 * Reading
 */

static bool
parse_ipv4(const char *text, RTM_NET_ADDRESS *p)
{
	unsigned octet[4], bits;

	if (sscanf(text, "%u.%u.%u.%u/%u", &octet[0], &octet[1], &octet[2], &octet[3], &bits) != 5 || bits > 32)
		return false;
	p->AddressFamily = RTM2_AF_INET;
	p->NumBits = (USHORT)bits;
	for (unsigned i = 0; i < 4; i++)
		p->AddrBits[i] = (UCHAR)octet[i];
	return true;
}

/* Groups before and behind "::", which stands for as many zeros as are missing. */
static bool
parse_ipv6(const char *text, RTM_NET_ADDRESS *p)
{
	unsigned group[8] = { 0 }, count = 0, gap = 8;

	while (*text != '/') {
		char *end;
		unsigned long value;

		if (text[0] == ':' && text[1] == ':') {
			gap = count;
			text += 2;
			continue;
		}
		text += *text == ':';
		value = strtoul(text, &end, 16);
		if (end == text || count == 8 || value > 0xFFFF)
			return false;
		group[count++] = (unsigned)value;
		text = end;
	}
	p->AddressFamily = RTM2_AF_INET6;
	p->NumBits = (USHORT)strtoul(text + 1, NULL, 10);
	for (unsigned i = 0; i < count; i++) {
		unsigned at = i < gap ? i : 8 - count + i;

		p->AddrBits[2 * at] = (UCHAR)(group[i] >> 8);
		p->AddrBits[2 * at + 1] = (UCHAR)group[i];
	}
	return p->NumBits <= 128 && (gap < 8 || count == 8);
}

void
prefixes_read(struct prefixes *x, const char *file)
{
	FILE *f = fopen(file, "r");
	char line[128];

	if (f == NULL) {
		perror(file);
		exit(2);
	}
	while (fgets(line, sizeof(line), f) != NULL) {
		RTM_NET_ADDRESS *p = push(x);

		if (strchr(line, '/') == NULL || !(strchr(line, ':') != NULL ? parse_ipv6(line, p) : parse_ipv4(line, p)) ||
		    p->AddressFamily != x->x_at[0].AddressFamily) {
			fprintf(stderr, "%s: no prefix, or of another family: %s", file, line);
			exit(2);
		}
	}
	fclose(f);
	if (x->x_count == 0) {
		fprintf(stderr, "%s: empty\n", file);
		exit(2);
	}
}

/*
 * Making up
 */

struct share {
	unsigned s_length, s_count;
};

/* How many prefixes of each length the Internet's tables have. */
static const struct share shares_ipv4[] = { { 8, 16 }, { 9, 13 }, { 10, 38 }, { 11, 103 }, { 12, 299 }, { 13, 581 },
	{ 14, 1203 }, { 15, 2100 }, { 16, 13490 }, { 17, 8235 }, { 18, 13798 }, { 19, 24870 }, { 20, 42611 }, { 21, 50750 },
	{ 22, 108623 }, { 23, 96510 }, { 24, 537698 }, { 32, 886 }, { 0, 0 } };
static const struct share shares_ipv6[] = { { 20, 16 }, { 24, 30 }, { 28, 193 }, { 29, 4371 }, { 30, 650 }, { 32, 22548 },
	{ 33, 2926 }, { 34, 2603 }, { 35, 1043 }, { 36, 5996 }, { 38, 1617 }, { 40, 13418 }, { 42, 2301 }, { 44, 14365 },
	{ 46, 3039 }, { 47, 3153 }, { 48, 75488 }, { 64, 184 }, { 128, 6 }, { 0, 0 } };

static unsigned
draw_length(const struct share *shares)
{
	unsigned sum = 0, at;

	for (const struct share *s = shares; s->s_count != 0; s++)
		sum += s->s_count;
	at = draw() % sum;
	while (at >= shares->s_count)
		at -= (shares++)->s_count;
	return shares->s_length;
}

/* What the registries have given out, 2001::/16 to 2c0f::/16 or so, in so many allocations; most of them are small. */
static void
draw_ipv6(RTM_NET_ADDRESS *p, size_t count)
{
	static const unsigned first[] = { 0x2001, 0x2001, 0x2804, 0x2409, 0x2a02, 0x2402, 0x2408, 0x2600, 0x2401, 0x240a,
		0x2400, 0x2806, 0x2a00, 0x2800, 0x2604, 0x240e };
	uint64_t allocations = count / 4 + 1, r = draw();
	uint32_t which = (uint32_t)((r * r >> 32) * allocations >> 32);
	unsigned top = first[which % 16];
	uint32_t rest = which * 2654435761u;

	p->AddrBits[0] = (UCHAR)(top >> 8);
	p->AddrBits[1] = (UCHAR)top;
	p->AddrBits[2] = (UCHAR)(rest >> 24);
	p->AddrBits[3] = (UCHAR)(rest >> 16);
	for (unsigned i = 4; i < 16; i++)
		p->AddrBits[i] = (UCHAR)draw();
}

static void
draw_ipv4(RTM_NET_ADDRESS *p)
{
	uint32_t address = (1u << 24) + (uint32_t)((uint64_t)draw() * (223u << 24) >> 32);

	for (unsigned i = 0; i < 4; i++)
		p->AddrBits[i] = (UCHAR)(address >> (24 - 8 * i));
}

static int
compare(const void *a, const void *b)
{
	const RTM_NET_ADDRESS *x = a, *y = b;
	int order = memcmp(x->AddrBits, y->AddrBits, sizeof(x->AddrBits));

	return order != 0 ? order : (int)x->NumBits - (int)y->NumBits;
}

static void
sort_unique(struct prefixes *x)
{
	size_t kept = 0;

	qsort(x->x_at, x->x_count, sizeof(*x->x_at), compare);
	for (size_t i = 0; i < x->x_count; i++)
		if (i == 0 || compare(&x->x_at[kept - 1], &x->x_at[i]) != 0)
			x->x_at[kept++] = x->x_at[i];
	x->x_count = kept;
}

void
prefixes_generate(struct prefixes *x, USHORT family, size_t count)
{
	const struct share *shares = family == RTM2_AF_INET ? shares_ipv4 : shares_ipv6;

	while (x->x_count < count) {
		while (x->x_count < count) {
			RTM_NET_ADDRESS *p = push(x);

			p->AddressFamily = family;
			p->NumBits = (USHORT)draw_length(shares);
			if (family == RTM2_AF_INET)
				draw_ipv4(p);
			else
				draw_ipv6(p, count);
			for (unsigned bit = p->NumBits; bit < 8 * sizeof(p->AddrBits); bit++)
				p->AddrBits[bit / 8] &= (UCHAR)~(0x80u >> bit % 8);
		}
		sort_unique(x);
	}
}
