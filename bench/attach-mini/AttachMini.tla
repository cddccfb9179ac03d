----------------------------- MODULE AttachMini -----------------------------
(***************************************************************************)
(* attach-mini in TLA+, for TLC: the model of test/models/attach-mini.ts,  *)
(* call by call.                                                           *)
(*                                                                         *)
(* Links in slots, attached to exclusive hooks; processes with up to two   *)
(* descriptors of each link; a pin for each link; crash and restart;       *)
(* forced detach. A link without descriptors and without its pin is freed. *)
(*                                                                         *)
(* TLC generates a state for each call that can be made: without the first *)
(* state these are the transitions of the other tools.                     *)
(***************************************************************************)
EXTENDS Naturals

CONSTANTS P, H, G, L  \* how many processes, hooks, programs, link slots

Processes == 0 .. P - 1
Hooks     == 0 .. H - 1
Programs  == 0 .. G - 1
Slots     == 0 .. L - 1

MaxFds == 2
Nobody == L

VARIABLES
  links,   \* of each slot: allocated, attached, pinned, hook, program, and how many descriptors each process has
  holder,  \* the link at each hook
  alive    \* of each process

vars == << links, holder, alive >>

Free == [ allocated |-> FALSE, attached |-> FALSE, pinned |-> FALSE, hook |-> 0, program |-> 0,
          fds |-> [ p \in Processes |-> 0 ] ]

Init ==
  /\ links = [ l \in Slots |-> Free ]
  /\ holder = [ h \in Hooks |-> Nobody ]
  /\ alive = [ p \in Processes |-> TRUE ]

-----------------------------------------------------------------------------

IsReferenced(link) == link.pinned \/ \E p \in Processes : link.fds[p] > 0

\* What becomes of a link that nothing may refer to any more.
Put(link) == IF link.allocated /\ ~IsReferenced(link) THEN Free ELSE link

\* What becomes of the holders when the links are `after`: a link that was freed has left its hook.
HoldersOf(after) ==
  [ h \in Hooks |-> IF holder[h] # Nobody /\ ~after[holder[h]].attached THEN Nobody ELSE holder[h] ]

\* A step that changes one link, and frees it if that was its last reference.
Change(l, link) ==
  LET after == [ links EXCEPT ![l] = Put(link) ]
  IN  links' = after /\ holder' = HoldersOf(after) /\ UNCHANGED alive

HasFd(p, l) == links[l].fds[p] > 0

-----------------------------------------------------------------------------

FreeSlots == { l \in Slots : ~links[l].allocated }
LowestFree == CHOOSE l \in FreeSlots : \A m \in FreeSlots : l <= m

Create(p, h, g) ==
  /\ FreeSlots # {}
  /\ alive[p]
  /\ holder[h] = Nobody
  /\ links' = [ links EXCEPT ![LowestFree] =
       [ Free EXCEPT !.allocated = TRUE, !.attached = TRUE, !.hook = h, !.program = g, !.fds[p] = 1 ] ]
  /\ holder' = [ holder EXCEPT ![h] = LowestFree ]
  /\ UNCHANGED alive

Update(p, l, g) ==
  /\ HasFd(p, l)
  /\ links[l].attached
  /\ links[l].program # g
  /\ Change(l, [ links[l] EXCEPT !.program = g ])

Detach(p, l) ==
  /\ HasFd(p, l)
  /\ links[l].attached
  /\ Change(l, [ links[l] EXCEPT !.attached = FALSE ])

Close(p, l) ==
  /\ HasFd(p, l)
  /\ Change(l, [ links[l] EXCEPT !.fds[p] = @ - 1 ])

Dup(p, l) ==
  /\ links[l].fds[p] = 1
  /\ Change(l, [ links[l] EXCEPT !.fds[p] = 2 ])

Send(p, l, to) ==
  /\ to # p
  /\ alive[to]
  /\ HasFd(p, l)
  /\ links[l].fds[to] < MaxFds
  /\ Change(l, [ links[l] EXCEPT !.fds[to] = @ + 1 ])

Pin(p, l) ==
  /\ HasFd(p, l)
  /\ ~links[l].pinned
  /\ Change(l, [ links[l] EXCEPT !.pinned = TRUE ])

Unpin(l) ==
  /\ links[l].pinned
  /\ Change(l, [ links[l] EXCEPT !.pinned = FALSE ])

Get(p, l) ==
  /\ alive[p]
  /\ links[l].pinned
  /\ links[l].fds[p] < MaxFds
  /\ Change(l, [ links[l] EXCEPT !.fds[p] = @ + 1 ])

Crash(p) ==
  /\ alive[p]
  /\ LET after == [ l \in Slots |-> Put([ links[l] EXCEPT !.fds[p] = 0 ]) ]
     IN  links' = after /\ holder' = HoldersOf(after)
  /\ alive' = [ alive EXCEPT ![p] = FALSE ]

Restart(p) ==
  /\ ~alive[p]
  /\ alive' = [ alive EXCEPT ![p] = TRUE ]
  /\ UNCHANGED << links, holder >>

Next ==
  \/ \E p \in Processes : Crash(p) \/ Restart(p)
  \/ \E p \in Processes, h \in Hooks, g \in Programs : Create(p, h, g)
  \/ \E l \in Slots : Unpin(l)
  \/ \E p \in Processes, l \in Slots :
       \/ Close(p, l) \/ Dup(p, l) \/ Pin(p, l) \/ Get(p, l) \/ Detach(p, l)
       \/ \E g \in Programs : Update(p, l, g)
       \/ \E to \in Processes : Send(p, l, to)

Spec == Init /\ [][Next]_vars

-----------------------------------------------------------------------------

\* A hook's holder is an allocated, attached link on that hook.
HolderIsAttached ==
  \A h \in Hooks : holder[h] # Nobody =>
    /\ links[holder[h]].allocated
    /\ links[holder[h]].attached
    /\ links[holder[h]].hook = h

\* An allocated link has a descriptor or a pin.
AllocatedIsReferenced == \A l \in Slots : links[l].allocated => IsReferenced(links[l])

\* Two attached links never share a hook.
OneLinkPerHook ==
  \A a, b \in Slots :
    a # b /\ links[a].attached /\ links[b].attached => links[a].hook # links[b].hook

=============================================================================
