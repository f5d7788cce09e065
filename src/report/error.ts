import type { Context } from '../context.ts';
import type { ToolkitError } from '../errors.ts';
import { repeatFlags, type TypedFlags } from '../typed-flags.ts';
import { spellCommands } from './spell-commands.ts';

/** Writes an error to stderr, with its causes where that was asked for, and as one JSON document to stdout with `--json`. */
export function writeError(
  error: ToolkitError,
  { argv, env, stdout, stderr }: Context,
  { command, typed }: { command: string | null; typed: TypedFlags },
): void {
  const { code } = error;
  const [message, remedy] = [error.message, error.remedy].map((text) =>
    spellCommands(repeatFlags(text, typed), env),
  );
  stderr.write(`error: ${message}\n${remedy}\n`);
  if (argv.includes('--verbose')) {
    for (let cause = error.cause; cause instanceof Error; cause = cause.cause) {
      stderr.write(`cause: ${cause.message.trim()}\n`);
    }
  }
  if (argv.includes('--json') || env.npm_config_json === 'true') {
    const answer = { command, ok: false, error: { code, message, remedy } };
    stdout.write(`${JSON.stringify(answer, null, 2)}\n`);
  }
}
