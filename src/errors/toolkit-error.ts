/** The one error of the toolkit: something the operator can understand and act upon. Anything else is a bug. */
export class ToolkitError extends Error {
  /** Stable and documented, for programs: `USER_NOT_FOUND`. */
  readonly code: string;
  /** What to do now; a line that begins with two spaces is a command to type. */
  readonly remedy: string;

  constructor(code: string, text: { message: string; remedy: string; cause?: unknown }) {
    super(text.message, { cause: text.cause });
    this.name = 'ToolkitError';
    this.code = code;
    this.remedy = text.remedy;
  }
}

export const NOTHING_CHANGED = 'Nothing was changed.';
export const COMMITTED_STAY = 'What was committed before stays, and is in the journal.';

/** An error that was found before anything was written, and says so. */
export function refusal(code: string, fact: string, remedy: string, cause?: unknown): ToolkitError {
  return new ToolkitError(code, { message: `${fact}\n${NOTHING_CHANGED}`, remedy, cause });
}

/** A remedy with commands to type, each on a line of its own. */
export function commands(intro: string, ...lines: string[]): string {
  return [intro, ...lines.map((line) => `  ${line}`)].join('\n');
}
