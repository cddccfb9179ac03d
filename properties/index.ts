/** The built-in properties, in the order in which tables show them: claims first, witnesses last. */
import type { Property } from '../checker/property.js';
import type { KernelState } from '../model/kernel/model.js';
import { adminRestoresByKilling } from './admin-restores-by-killing.js';
import { attachGraphAcyclic } from './attach-graph-acyclic.js';
import { attachedExtensionReceivesPackets } from './attached-extension-receives-packets.js';
import { attachedImpliesObservable } from './attached-implies-observable.js';
import { attachmentOutlivesProcesses } from './attachment-outlives-processes.js';
import { casSuccessSawExpected } from './cas-success-saw-expected.js';
import { closeDetachesExactlyOne } from './close-detaches-exactly-one.js';
import { closeThenCreateNeverBusy } from './close-then-create-never-busy.js';
import { conflictingAttachFailsLoudly } from './conflicting-attach-fails-loudly.js';
import { containerDeleteKeepsForeign } from './container-delete-keeps-foreign.js';
import { crashRestoresPlaceholder } from './crash-restores-placeholder.js';
import { deadProcessHoldsNothing } from './dead-process-holds-nothing.js';
import { defunctLinkReportsEnolink } from './defunct-link-reports-enolink.js';
import { defunctLinkStaysDefunct } from './defunct-link-stays-defunct.js';
import { deleteByNameRemovesOwn } from './delete-by-name-removes-own.js';
import { detachReturnMeansQuiesced } from './detach-return-means-quiesced.js';
import { errnoSaysWhetherToRetry } from './errno-says-whether-to-retry.js';
import { errnoTellsTheCause } from './errno-tells-the-cause.js';
import { exclusiveHookHasOneOwner } from './exclusive-hook-has-one-owner.js';
import { extendedXorArrayMember } from './extended-xor-array-member.js';
import { extensionDepthAtMostOne } from './extension-depth-at-most-one.js';
import { extensionRuns } from './extension-runs.js';
import { extensionVerifiedAgainstItsTarget } from './extension-verified-against-its-target.js';
import { failedOperationChangesNothing } from './failed-operation-changes-nothing.js';
import { forceNeedsAuthority } from './force-needs-authority.js';
import { guardFlagEqualsCount } from './guard-flag-equals-count.js';
import { heldLinkNeverDetachedByOthers } from './held-link-never-detached-by-others.js';
import { heldLinkNeverOverridden } from './held-link-never-overridden.js';
import { holderKnowsWhatRuns } from './holder-knows-what-runs.js';
import { ifEmptyNeverDisplaces } from './if-empty-never-displaces.js';
import { lastCloseRestoresPlaceholder } from './last-close-restores-placeholder.js';
import { lastUnpinRestoresPlaceholder } from './last-unpin-restores-placeholder.js';
import { linkHeldByTwo } from './link-held-by-two.js';
import { loadKeepsNoTargetAlive } from './load-keeps-no-target-alive.js';
import { modeIsPartOfKey } from './mode-is-part-of-key.js';
import { namedObjectIsThere } from './named-object-is-there.js';
import { noDanglingReference } from './no-dangling-reference.js';
import { noStaleTargetAfterReattach } from './no-stale-target-after-reattach.js';
import { nothingLeftWhenAllGone } from './nothing-left-when-all-gone.js';
import { optsNeverDisplaceLinks } from './opts-never-displace-links.js';
import { orderAtCommitRespectsAnchor } from './order-at-commit-respects-anchor.js';
import { passedLinkSurvivesCrash } from './passed-link-survives-crash.js';
import { pinSurvivalIndependentOfMountView } from './pin-survival-independent-of-mount-view.js';
import { pinnedLinkSurvivesCrash } from './pinned-link-survives-crash.js';
import { pinnedProgramKeepsNothingAttached } from './pinned-program-keeps-nothing-attached.js';
import { placeholderRuns } from './placeholder-runs.js';
import { privilegedRemovalAlwaysExists } from './privileged-removal-always-exists.js';
import { programAndLinkLifetimesIndependent } from './program-and-link-lifetimes-independent.js';
import { programsShareADevice } from './programs-share-a-device.js';
import { relativeOrderOfOthersPreserved } from './relative-order-of-others-preserved.js';
import { replaceKeepsPosition } from './replace-keeps-position.js';
import { replacePossibleWhenFull } from './replace-possible-when-full.js';
import { restartedOwnerLeavesOneProgram } from './restarted-owner-leaves-one-program.js';
import { revisionChangesIffListChanges } from './revision-changes-iff-list-changes.js';
import { revisionMonotonePerHook } from './revision-monotone-per-hook.js';
import { runningDispatcherKeepsItsSlots } from './running-dispatcher-keeps-its-slots.js';
import { stalePinEventuallyCollected } from './stale-pin-eventually-collected.js';
import { successMeansEffect } from './success-means-effect.js';
import { takenNameIsRefused } from './taken-name-is-refused.js';
import { targetOutlivesExtensions } from './target-outlives-extensions.js';
import { unreferencedIsFreed } from './unreferenced-is-freed.js';

export const properties: readonly Property<KernelState>[] = [
  heldLinkNeverOverridden,
  heldLinkNeverDetachedByOthers,
  lastCloseRestoresPlaceholder,
  crashRestoresPlaceholder,
  lastUnpinRestoresPlaceholder,
  pinnedLinkSurvivesCrash,
  passedLinkSurvivesCrash,
  pinnedProgramKeepsNothingAttached,
  closeDetachesExactlyOne,
  programAndLinkLifetimesIndependent,
  conflictingAttachFailsLoudly,
  failedOperationChangesNothing,
  successMeansEffect,
  errnoTellsTheCause,
  errnoSaysWhetherToRetry,
  namedObjectIsThere,
  takenNameIsRefused,
  deadProcessHoldsNothing,
  exclusiveHookHasOneOwner,
  noDanglingReference,
  targetOutlivesExtensions,
  noStaleTargetAfterReattach,
  loadKeepsNoTargetAlive,
  extensionVerifiedAgainstItsTarget,
  restartedOwnerLeavesOneProgram,
  deleteByNameRemovesOwn,
  containerDeleteKeepsForeign,
  casSuccessSawExpected,
  ifEmptyNeverDisplaces,
  replaceKeepsPosition,
  relativeOrderOfOthersPreserved,
  orderAtCommitRespectsAnchor,
  replacePossibleWhenFull,
  optsNeverDisplaceLinks,
  revisionChangesIffListChanges,
  revisionMonotonePerHook,
  nothingLeftWhenAllGone,
  adminRestoresByKilling,
  holderKnowsWhatRuns,
  defunctLinkReportsEnolink,
  defunctLinkStaysDefunct,
  modeIsPartOfKey,
  closeThenCreateNeverBusy,
  detachReturnMeansQuiesced,
  attachedImpliesObservable,
  forceNeedsAuthority,
  privilegedRemovalAlwaysExists,
  pinSurvivalIndependentOfMountView,
  stalePinEventuallyCollected,
  attachGraphAcyclic,
  extendedXorArrayMember,
  guardFlagEqualsCount,
  extensionDepthAtMostOne,
  unreferencedIsFreed,
  runningDispatcherKeepsItsSlots,
  attachedExtensionReceivesPackets,
  extensionRuns,
  placeholderRuns,
  attachmentOutlivesProcesses,
  programsShareADevice,
  linkHeldByTwo,
];
