import type { Kind } from './plan.ts';

/**
 * What came of an attempt. allowed: the row was told about, or changed. denied: it was not. notTried: it could not be set up, or no
 * client could do it. notSeen: it did not throw, and what it did could not be read.
 */
export type Result = 'allowed' | 'denied' | 'notTried' | 'notSeen';

/** own: on a row of the user. foreign: on a row of another one. */
export type On = 'own' | 'foreign';

/** An attempt, and what is to be thought of it. */
export interface Judged {
  model: string;
  operation: string;
  kind: Kind;
  on: On;
  result: Result;
  expected: 'allowed' | 'denied';
  /** LEAK: a row of another user was got at. refused: a user's own row was not. */
  verdict: 'ok' | 'LEAK' | 'refused';
  /** What the client or the database said, or why it was not tried. */
  detail?: string;
}

/** How many attempts there were, by what came of them. */
export interface Counts {
  attempts: number;
  allowed: number;
  denied: number;
  leaks: number;
  refused: number;
  notTried: number;
  notSeen: number;
}

export function judge(attempt: Omit<Judged, 'expected' | 'verdict'>): Judged {
  const { on, result, detail, ...rest } = attempt;
  const expected = on === 'own' ? 'allowed' : 'denied';
  const isAgainst = (result === 'allowed' || result === 'denied') && result !== expected;
  const verdict = !isAgainst ? 'ok' : on === 'own' ? 'refused' : 'LEAK';
  return { ...rest, on, result, expected, verdict, ...(detail === undefined ? {} : { detail }) };
}

/** Whether any row of another user was tried to be got at: own rows alone say nothing of leaks. */
export function isTried(attempts: readonly Judged[]): boolean {
  return attempts.some(({ on, result }) => on === 'foreign' && (result === 'allowed' || result === 'denied'));
}

export function countAttempts(attempts: readonly Judged[]): Counts {
  const of = (is: (each: Judged) => boolean) => attempts.filter(is).length;
  return {
    attempts: attempts.length,
    allowed: of(({ result }) => result === 'allowed'),
    denied: of(({ result }) => result === 'denied'),
    leaks: of(({ verdict }) => verdict === 'LEAK'),
    refused: of(({ verdict }) => verdict === 'refused'),
    notTried: of(({ result }) => result === 'notTried'),
    notSeen: of(({ result }) => result === 'notSeen'),
  };
}
