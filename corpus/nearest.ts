/** What to write instead of an unknown word. */
import { closestMatch } from 'leven';

/** So many words are listed before the rest is left out. */
const LISTED = 12;

/** The nearest of the words that are known here, or all of them if none is near. */
export function remedyFor(word: string, known: readonly string[]): string {
  const nearest = nearestTo(word, known);
  if (nearest !== undefined) return `did you mean '${nearest}'?`;
  if (known.length === 0) return 'there is none here';
  const listed = known.slice(0, LISTED).join(', ');
  return `known here: ${listed}${known.length > LISTED ? `, and ${known.length - LISTED} more` : ''}`;
}

function nearestTo(word: string, known: readonly string[]): string | undefined {
  const lowered = word.toLowerCase();
  const sameLetters = known.find((candidate) => candidate.toLowerCase() === lowered);
  // A third of the word may be wrong; of a short one, two letters, but never all of it.
  const maxDistance = Math.min(Math.max(2, Math.floor(word.length / 3)), word.length - 1);
  return sameLetters ?? closestMatch(word, known, { maxDistance });
}
