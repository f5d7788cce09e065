import type { Operator } from './ownership/writer.ts';

/** Somewhere to write text to, like `process.stdout`. */
export interface Output {
  write(text: string): unknown;
  isTTY?: boolean;
}

/** The world as the command line sees it: only the entry script takes it from the process. */
export interface Context {
  /** The words after the program's name. */
  argv: readonly string[];
  env: Readonly<Record<string, string | undefined>>;
  cwd: string;
  stdout: Output;
  stderr: Output;
  process: Omit<Operator, 'command'>;
  /** Calls `stop` when the operator presses Ctrl-C; returns how to stop listening. */
  onInterrupt: (stop: () => void) => () => void;
}
