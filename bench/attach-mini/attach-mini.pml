/*
 * attach-mini in Promela, for SPIN: the model of test/models/attach-mini.ts, call by call.
 *
 * Each call that can be made is one option of the loop and one d_step, so that SPIN's states and transitions are those of the
 * other tools. Give the size by -DP=3 -DH=2 -DG=4 -DL=2: processes, hooks, programs, link slots (at most 3, 2, 4 and 3).
 *
 *   spin -a -DP=3 -DH=2 -DG=4 -DL=2 attach-mini.pml
 *   cc -O3 -DSAFETY -DNOREDUCE -DNOFAIR -DNOCOMP -DNOBOUNDCHECK -DMEMLIM=8000 -o pan pan.c && ./pan -m844400 -w21
 */
#ifndef P
#define P 3
#define H 2
#define G 4
#define L 2
#endif

#define NOBODY 255
#define FDS(p, l) fds[(l) * P + (p)]

bool allocated[L];
bool attached[L];
bool pinned[L];
byte hook[L];
byte program[L];
byte fds[L * P]; /* how many descriptors of a link each process has, 0 to 2 */
byte holder[H];  /* the link at each hook */
bool alive[P];

#define freeSlot(s) \
	s = 0; \
	do \
	:: s < L && allocated[s] -> s++ \
	:: else -> break \
	od

/* Frees a link that nothing refers to any more. */
#define put(l) \
	if \
	:: allocated[l] && !pinned[l] -> \
		q = 0; \
		do \
		:: q < P && FDS(q, l) == 0 -> q++ \
		:: else -> break \
		od; \
		if \
		:: q == P -> \
			if \
			:: attached[l] -> holder[hook[l]] = NOBODY \
			:: else \
			fi; \
			allocated[l] = false; attached[l] = false; hook[l] = 0; program[l] = 0 \
		:: else \
		fi; \
		q = 0 \
	:: else \
	fi

#define create(p, h, g) \
	:: d_step { alive[p] && holder[h] == NOBODY && someSlotIsFree -> \
		freeSlot(s); \
		allocated[s] = true; attached[s] = true; hook[s] = h; program[s] = g; \
		FDS(p, s) = 1; holder[h] = s; s = 0; invariants() }
#define update(p, l, g) \
	:: d_step { FDS(p, l) > 0 && attached[l] && program[l] != g -> program[l] = g; invariants() }
#define close(p, l) \
	:: d_step { FDS(p, l) > 0 -> FDS(p, l) = FDS(p, l) - 1; put(l); invariants() }
#define dup(p, l) \
	:: d_step { FDS(p, l) == 1 -> FDS(p, l) = 2; invariants() }
#define send(p, r, l) \
	:: d_step { p != r && alive[r] && FDS(p, l) > 0 && FDS(r, l) < 2 -> FDS(r, l) = FDS(r, l) + 1; invariants() }
#define pin(p, l) \
	:: d_step { FDS(p, l) > 0 && !pinned[l] -> pinned[l] = true; invariants() }
#define unpin(l) \
	:: d_step { pinned[l] -> pinned[l] = false; put(l); invariants() }
#define get(p, l) \
	:: d_step { pinned[l] && alive[p] && FDS(p, l) < 2 -> FDS(p, l) = FDS(p, l) + 1; invariants() }
#define detach(p, l) \
	:: d_step { FDS(p, l) > 0 && attached[l] -> attached[l] = false; holder[hook[l]] = NOBODY; invariants() }
#define crash(p) \
	:: d_step { alive[p] -> \
		alive[p] = false; \
		s = 0; \
		do \
		:: s < L -> FDS(p, s) = 0; put(s); s++ \
		:: else -> break \
		od; \
		s = 0; invariants() }
#define restart(p) \
	:: d_step { !alive[p] -> alive[p] = true; invariants() }

#if L == 2
#define someSlotIsFree (!allocated[0] || !allocated[1])
#else
#define someSlotIsFree (!allocated[0] || !allocated[1] || !allocated[2])
#endif

/* A hook's holder is an allocated, attached link on that hook. */
#define holderIsAttached(h) \
	(holder[h] == NOBODY || (allocated[holder[h]] && attached[holder[h]] && hook[holder[h]] == h))
/* An allocated link has a descriptor or a pin. */
#if P == 2
#define isReferenced(l) (!allocated[l] || pinned[l] || FDS(0, l) > 0 || FDS(1, l) > 0)
#else
#define isReferenced(l) (!allocated[l] || pinned[l] || FDS(0, l) > 0 || FDS(1, l) > 0 || FDS(2, l) > 0)
#endif
/* Two attached links never share a hook. */
#define differ(a, b) (!attached[a] || !attached[b] || hook[a] != hook[b])

#if L == 2
#define allReferenced (isReferenced(0) && isReferenced(1))
#define allDiffer differ(0, 1)
#else
#define allReferenced (isReferenced(0) && isReferenced(1) && isReferenced(2))
#define allDiffer (differ(0, 1) && differ(0, 2) && differ(1, 2))
#endif

#if H == 1
#define allHoldersAttached holderIsAttached(0)
#else
#define allHoldersAttached (holderIsAttached(0) && holderIsAttached(1))
#endif

#define invariants() assert(allHoldersAttached && allReferenced && allDiffer)

/* All arguments of a call, as far as the size goes. */
#if G == 1
#define eachProgram(call, a, b) call(a, b, 0)
#elif G == 2
#define eachProgram(call, a, b) call(a, b, 0) call(a, b, 1)
#else
#define eachProgram(call, a, b) call(a, b, 0) call(a, b, 1) call(a, b, 2) call(a, b, 3)
#endif
#if H == 1
#define creates(p) eachProgram(create, p, 0)
#else
#define creates(p) eachProgram(create, p, 0) eachProgram(create, p, 1)
#endif
#if P == 2
#define eachProcess(calls) calls(0) calls(1)
#define sends(p, l) send(p, 0, l) send(p, 1, l)
#else
#define eachProcess(calls) calls(0) calls(1) calls(2)
#define sends(p, l) send(p, 0, l) send(p, 1, l) send(p, 2, l)
#endif
#define onLink(p, l) \
	eachProgram(update, p, l) close(p, l) dup(p, l) sends(p, l) pin(p, l) get(p, l) detach(p, l)
#if L == 2
#define onLinks(p) onLink(p, 0) onLink(p, 1)
#define unpins unpin(0) unpin(1)
#else
#define onLinks(p) onLink(p, 0) onLink(p, 1) onLink(p, 2)
#define unpins unpin(0) unpin(1) unpin(2)
#endif

/* Zero between calls, so that they tell no states apart; not hidden, because breadth-first search does not know such variables. */
byte s, q;

init {
	d_step {
		s = 0;
		do
		:: s < H -> holder[s] = NOBODY; s++
		:: else -> break
		od;
		s = 0;
		do
		:: s < P -> alive[s] = true; s++
		:: else -> break
		od;
		s = 0
	};
	do
	eachProcess(creates)
	eachProcess(onLinks)
	unpins
	eachProcess(crash)
	eachProcess(restart)
	od
}
