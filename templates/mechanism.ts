/**
 * Operations that several proposals can share.
 *
 * Modelled: taking a link off its device without closing it. Left out: links that are not on devices.
 */
import {
  actorIsAlive,
  detach,
  fdIsOpen,
  guard,
  linkBehind,
  NONE,
  operation,
  type KernelModel,
  type KernelState,
  type Operation,
} from 'holdfast';

/** To be spread into the operations of a proposal: `...myMechanismOperations(k)`. */
export function myMechanismOperations({ domains }: KernelModel): Operation<KernelState>[] {
  return [
    operation({
      verb: 'my_mechanism',
      summary: 'takes a link off its device; the link itself stays, defunct',
      params: { actor: domains.process, link: domains.fd }, // the first one, if it is `actor`, makes the call
      possible: [actorIsAlive], // when the call can be made at all
      // The refusals, in the order in which they are asked: the first that fails gives its errno.
      guards: [
        fdIsOpen,
        guard('fd-is-a-link', 'EINVAL', (s, actor, link) => linkBehind(s, actor, link) !== NONE),
      ],
      // What the call does. An effect that makes something returns its number, with `returns` saying whose it is.
      effect: (s, actor, link) => {
        detach(s, linkBehind(s, actor, link));
      },
    }),
  ];
}
