/** The one error of the toolkit: something the operator can understand and act upon. Anything else is a bug. */
export class ToolkitError extends Error {
  /** Stable and documented, for programs: `UNKNOWN_USER`. */
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
