/*
 * attach-mini by hand in C: what the other searches are measured against. The model of test/models/attach-mini.ts, call by call.
 *
 * A state is a word for each link slot and one for processes and hooks. States stand in one array in the order of discovery, which
 * is the queue of the breadth-first search; an open-addressing table holds their numbers and hashes. A small cache answers for rows
 * met a moment ago. Prints how many states and transitions there are, and the milliseconds that took.
 *
 *   cc -O3 -DP=3 -DH=2 -DG=4 -DL=2 -o reference reference.c && ./reference
 *
 * Sizes: P processes (at most 4), H hooks (at most 8), G programs (at most 8), L link slots (at most 7).
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#ifndef P
#define P 3
#define H 2
#define G 4
#define L 2
#endif

/* A link: allocated, attached, pinned, three bits each for the hook and the program, two for each process's descriptors. */
#define ALLOCATED 1u
#define ATTACHED 2u
#define PINNED 4u
#define HOOK(link) ((link) >> 3 & 7)
#define PROGRAM(link) ((link) >> 6 & 7)
#define FDS_AT(p) (9 + 2 * (p))
#define FDS(link, p) ((link) >> FDS_AT(p) & 3)
#define ALL_FDS (((1u << 2 * P) - 1) << 9)

/* The last word: which processes are alive, and at each hook the link there plus one. */
#define HOLDER_AT(h) (8 + 3 * (h))
#define HOLDER(last, h) ((last) >> HOLDER_AT(h) & 7)
#define WITHOUT_HOLDER(last, h) ((last) & ~(7u << HOLDER_AT(h)))

#define WORDS (L + 1)
#define MOST_SUCCESSORS (P * (H * G + 1) + P * L * (5 + G + P) + L)
#define CACHE_ROWS (1u << 14)

typedef struct {
	uint32_t word[WORDS];
} row;

static row *rows;
static uint32_t *parents, count, capacity = 1u << 16;
static struct {
	uint32_t number, hash;
} *table;
static uint32_t slots = 1u << 17;
static row cache[CACHE_ROWS], successors[MOST_SUCCESSORS];
static uint64_t transitions;

static int freeSlot(const row *s)
{
	for (int l = 0; l < L; l++)
		if (!(s->word[l] & ALLOCATED))
			return l;
	return -1;
}

/* Frees a link that nothing refers to any more. */
static void put(row *s, int l)
{
	uint32_t link = s->word[l];
	if (!(link & ALLOCATED) || link & (PINNED | ALL_FDS))
		return;
	if (link & ATTACHED)
		s->word[L] = WITHOUT_HOLDER(s->word[L], HOOK(link));
	s->word[l] = 0;
}

#define SUCCESSOR(change) \
	do { \
		row *n = &successors[made++]; \
		*n = s; \
		change; \
	} while (0)

static int expand(row s)
{
	int made = 0, slot = freeSlot(&s);
	uint32_t last = s.word[L];
	for (int p = 0; p < P; p++) {
		uint32_t one = 1u << FDS_AT(p);
		if (!(last >> p & 1)) {
			SUCCESSOR(n->word[L] |= 1u << p);
			continue;
		}
		for (uint32_t h = 0; slot >= 0 && h < H; h++)
			for (uint32_t g = 0; !HOLDER(last, h) && g < G; g++)
				SUCCESSOR(n->word[slot] = ALLOCATED | ATTACHED | h << 3 | g << 6 | one;
					  n->word[L] |= (uint32_t)(slot + 1) << HOLDER_AT(h));
		SUCCESSOR(n->word[L] &= ~(1u << p); for (int l = 0; l < L; l++) {
			n->word[l] &= ~(3u << FDS_AT(p));
			put(n, l);
		});
		for (int l = 0; l < L; l++) {
			uint32_t link = s.word[l], fds = FDS(link, p);
			if (link & PINNED && fds < 2)
				SUCCESSOR(n->word[l] += one);
			if (!fds)
				continue;
			SUCCESSOR(n->word[l] -= one; put(n, l));
			if (fds < 2)
				SUCCESSOR(n->word[l] += one);
			if (!(link & PINNED))
				SUCCESSOR(n->word[l] |= PINNED);
			if (link & ATTACHED) {
				for (uint32_t g = 0; g < G; g++)
					if (g != PROGRAM(link))
						SUCCESSOR(n->word[l] = (link & ~(7u << 6)) | g << 6);
				SUCCESSOR(n->word[l] &= ~ATTACHED; n->word[L] = WITHOUT_HOLDER(last, HOOK(link)));
			}
			for (int q = 0; q < P; q++)
				if (q != p && last >> q & 1 && FDS(link, q) < 2)
					SUCCESSOR(n->word[l] += 1u << FDS_AT(q));
		}
	}
	for (int l = 0; l < L; l++)
		if (s.word[l] & PINNED)
			SUCCESSOR(n->word[l] &= ~PINNED; put(n, l));
	return made;
}

/* The three invariants: 0, or the number of the one that is broken. */
static int broken(const row *s)
{
	uint32_t taken = 0;
	for (uint32_t h = 0; h < H; h++) {
		uint32_t holder = HOLDER(s->word[L], h);
		if (!holder)
			continue;
		uint32_t link = s->word[holder - 1];
		if ((link & (ALLOCATED | ATTACHED)) != (ALLOCATED | ATTACHED) || HOOK(link) != h)
			return 1;
	}
	for (int l = 0; l < L; l++) {
		uint32_t link = s->word[l];
		if (!(link & ALLOCATED))
			continue;
		if (!(link & (PINNED | ALL_FDS)))
			return 2;
		if (link & ATTACHED && taken >> HOOK(link) & 1)
			return 3;
		if (link & ATTACHED)
			taken |= 1u << HOOK(link);
	}
	return 0;
}

static uint32_t hashOf(const row *r)
{
	uint32_t h = 0x9747b28c;
	for (int i = 0; i < WORDS; i++) {
		h = (h ^ r->word[i]) * 0x5bd1e995u;
		h ^= h >> 15;
	}
	h *= 0x2c1b3c6du;
	return h ^ h >> 13;
}

static void *orDie(void *memory)
{
	if (memory)
		return memory;
	fputs("reference: out of memory\n", stderr);
	exit(1);
}

static void enlargeTable(void)
{
	uint32_t mask = (slots *= 2) - 1;
	free(table);
	table = orDie(calloc(slots, sizeof *table));
	for (uint32_t i = 0; i < count; i++) {
		uint32_t hash = hashOf(&rows[i]), j = hash & mask;
		while (table[j].number)
			j = (j + 1) & mask;
		table[j].number = i + 1;
		table[j].hash = hash;
	}
}

static void add(const row *r, uint32_t parent)
{
	if (count == capacity) {
		capacity *= 2;
		rows = orDie(realloc(rows, capacity * sizeof *rows));
		parents = orDie(realloc(parents, capacity * sizeof *parents));
	}
	rows[count] = *r;
	parents[count++] = parent;
	int which = broken(r);
	if (which) {
		fprintf(stderr, "reference: invariant %d is broken\n", which);
		exit(1);
	}
}

/* Adds those of the successors that are new. Their slots are fetched together before the first is looked at. */
static void look(int made, uint32_t parent)
{
	static uint32_t hashes[MOST_SUCCESSORS];
	static const row *fresh[MOST_SUCCESSORS];
	uint32_t mask = slots - 1;
	int left = 0;
	for (int i = 0; i < made; i++) {
		const row *r = &successors[i];
		uint32_t hash = hashOf(r);
		row *known = &cache[hash >> 7 & (CACHE_ROWS - 1)];
		if (!memcmp(known, r, sizeof *r))
			continue;
		*known = *r;
		fresh[left] = r;
		hashes[left++] = hash;
		__builtin_prefetch(&table[hash & mask]);
	}
	for (int i = 0; i < left; i++) {
		uint32_t j = hashes[i] & mask;
		while (table[j].number &&
		       (table[j].hash != hashes[i] || memcmp(&rows[table[j].number - 1], fresh[i], sizeof(row))))
			j = (j + 1) & mask;
		if (table[j].number)
			continue;
		add(fresh[i], parent);
		table[j].number = count;
		table[j].hash = hashes[i];
	}
}

static double milliseconds(clockid_t clock)
{
	struct timespec t;
	clock_gettime(clock, &t);
	return t.tv_sec * 1e3 + t.tv_nsec / 1e6;
}

int main(void)
{
	double start = milliseconds(CLOCK_MONOTONIC);
	row first = { .word = { [L] = (1u << P) - 1 } };
	rows = orDie(malloc(capacity * sizeof *rows));
	parents = orDie(malloc(capacity * sizeof *parents));
	table = orDie(calloc(slots, sizeof *table));
	memset(cache, 0xff, sizeof cache);
	successors[0] = first;
	look(1, 0);
	for (uint32_t next = 0; next < count; next++) {
		int made = expand(rows[next]);
		transitions += made;
		while (count + made > slots * 0.6)
			enlargeTable();
		look(made, next);
	}
	printf("%u states, %llu transitions, %.3f ms, %.3f ms of processor\n", count, (unsigned long long)transitions,
	       milliseconds(CLOCK_MONOTONIC) - start, milliseconds(CLOCK_PROCESS_CPUTIME_ID));
	return 0;
}
