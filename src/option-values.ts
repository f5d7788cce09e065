import { InvalidArgumentError } from 'commander';

/** A whole number in a range, both ends included. */
export function parseCount(min: number, max: number): (text: string) => number {
  return (text) => {
    const count = /^\d+$/.test(text) ? Number(text) : Number.NaN;
    if (!(count >= min && count <= max))
      throw new InvalidArgumentError(`It must be a whole number from ${min} to ${max}.`);
    return count;
  };
}

/** Seconds, also parts of them: above 0, up to a day. */
export function parseSeconds(text: string): number {
  const seconds = /^\d+(\.\d+)?$/.test(text) ? Number(text) : Number.NaN;
  if (!(seconds > 0 && seconds <= 86_400))
    throw new InvalidArgumentError('It must be a number of seconds above 0, up to 86400.');
  return seconds;
}

/** "Post=authorId,Task=creatorId". */
export function parseAssignments(text: string): Record<string, string> {
  const pairs = text.split(',').map((pair) => pair.split('=').map((word) => word.trim()));
  if (pairs.some((pair) => pair.length !== 2 || pair.includes(''))) {
    throw new InvalidArgumentError('It must be Model=column, joined by commas.');
  }
  const twice = pairs.find(([model], i) => pairs.some((pair, k) => k < i && pair[0] === model));
  if (twice) throw new InvalidArgumentError(`It names ${twice[0]} twice.`);
  return Object.fromEntries(pairs);
}

/** An unset variable of the shell leaves `--schema=` with nothing behind it. */
export function parseText(text: string): string {
  if (text.trim() === '') throw new InvalidArgumentError('It must not be empty.');
  return text;
}

/** "A,B". */
export function parseNames(text: string): string[] {
  const names = text.split(',').map((name) => name.trim());
  if (names.some((name) => name === '')) throw new InvalidArgumentError('It must be names joined by commas.');
  return names;
}
