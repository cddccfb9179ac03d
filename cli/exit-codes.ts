/** What the command exits with. From 64 on, the numbers and their meanings are those of sysexits.h. */
export const EXIT = {
  /** All is as expected. */
  ok: 0,
  /** A claim is broken (or kept) against expectation, or a stored case does not replay as it says. */
  violated: 1,
  /** Nothing failed, but something is undecided, and `--strict` was given. */
  undecided: 2,
  /** The command was called wrongly: an unknown name, an impossible bound. */
  usage: 64,
  /**
   * A proposal, property or case is faulty: it does not compile, throws, or is not a function of its state. Or a checkpoint is
   * damaged, or belongs to another search.
   */
  faultyInput: 65,
  /** This machine cannot do it: rights, kernel support or a tool is missing. */
  unavailable: 69,
  /** Holdfast itself failed. */
  internal: 70,
  /** Something could not be written; nothing was changed. */
  cannotWrite: 73,
  /** Interrupted by Ctrl-C: what was known was printed. */
  interrupted: 130,
} as const;
