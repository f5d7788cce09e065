/** One thing that the user a tries with rows of the user b, as what Prisma is asked for. */
export interface Attempt {
  /** What is tried, in words. */
  name: string;
  model: string;
  operation: string;
  args: object;
  /** A relation that is read from the result, in Prisma's fluent way. */
  fluent?: string;
  /** Whether an answer without a text of b tells about b all the same. */
  tells?: (answer: unknown) => boolean;
  /** The naive extension leaks here, as it was measured: facts/isolation.md has it as LEAK. */
  isKnownLeak?: true;
}

/** Whether an answer has rows, which only another user's could be. */
export const isFound = (answer: unknown) => Array.isArray(answer) && answer.length > 0;
export const isCount = (count: number) => (answer: unknown) => answer === count;
/** Whether there is an answer at all, where only a refusal is right. */
export const isAnswered = () => true;
