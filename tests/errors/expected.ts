import type { ToolkitError } from '../../src/errors.ts';

/** An error, and all that it says. */
interface ExpectedText {
  error: ToolkitError;
  code: string;
  message: string;
  remedy: string;
  /** The driver's error is kept for `--verbose`. */
  hasCause?: boolean;
}

/** One for each function of a file. */
export type ExpectedTexts<Functions> = Record<keyof Functions, ExpectedText>;

export const CAUSE = new Error('what the driver said');
export const NOTHING = '\nNothing was changed.';
