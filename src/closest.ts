import { closest, distance } from 'fastest-levenshtein';

/** The known name that a mistyped one was probably meant to be, or null where none is near. */
export function findClosest(name: string, known: readonly string[]): string | null {
  if (known.length === 0) return null;
  const typed = name.toLowerCase();
  const nearest = closest(
    typed,
    known.map((each) => each.toLowerCase()),
  );
  const isNear = distance(typed, nearest) <= Math.max(2, name.length / 2);
  return isNear ? (known.find((each) => each.toLowerCase() === nearest) ?? null) : null;
}
