import { setTimeout as sleep } from 'node:timers/promises';
import { classifyFailure } from '../database/driver-errors.ts';
import { ToolkitError } from '../errors.ts';

/** How often a transaction is tried, with the pauses between for about six seconds; and a batch before it is made smaller. */
export const MAX_TRIES = { transaction: 6, batch: 3 };
const FIRST_PAUSE_MS = 100;

interface RetryOptions {
  tries?: number;
  beforeRetry?: () => Promise<void>;
}

/**
 * Carries out a transaction, again when it waited too long for a lock or lost a deadlock, with a longer and random pause
 * each time; `beforeRetry` runs before each try but the first. Throws the last error when all tries fail, any other error at once.
 */
export async function withRetry<T>(
  work: () => Promise<T>,
  { tries: most = MAX_TRIES.transaction, beforeRetry }: RetryOptions = {},
): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    try {
      if (tries > 1) await beforeRetry?.();
      return await work();
    } catch (error) {
      if (!isRetryable(error) || tries === most) throw error;
      await sleep(FIRST_PAUSE_MS * 2 ** (tries - 1) * (0.5 + Math.random()));
    }
  }
}

/** Whether the same statement may well succeed in a moment. */
export function isRetryable(error: unknown): boolean {
  if (error instanceof ToolkitError) return error.code === 'BATCH_CHANGED';
  return classifyFailure(error).failure === 'retryable';
}

/**
 * Stays away after a batch for as long as it took, up to the database's pause: who waits for SQLite's lock looks again
 * after about as long as it waited. It also lets Ctrl-C be seen, as SQLite's driver never waits for anything.
 */
export async function pauseAfter(elapsedMs: number, longestMs: number): Promise<void> {
  await sleep(Math.min(elapsedMs, longestMs));
}
