import { CommanderError } from 'commander';
import { buildProgram } from './cli.ts';
import type { Context } from './context.ts';
import { EXAMPLES } from './declare.ts';
import { ToolkitError, usageInvalid } from './errors.ts';
import { explainFileError } from './file-error.ts';
import { hidePassword } from './hide-password.ts';
import { listDeclared, reconcileArgv } from './npm-flags.ts';
import { writeError } from './report/error.ts';

/**
 * Runs the command line and returns the exit code: 0 done or verified, 1 it ran and the answer is no, 2 it did not run
 * or did not finish, 130 stopped by Ctrl-C after the current batch. Only a bug makes it throw.
 */
export async function main(context: Context): Promise<number> {
  let code = 0;
  const program = buildProgram(context, (result) => {
    code = result;
  });
  try {
    const command = program.commands.find((each) => each.name() === context.argv[0]);
    const operands = command?.registeredArguments.length ?? 0;
    const argv = reconcileArgv(context.argv, context.env, command ? listDeclared(command.options) : [], {
      operands,
    });
    await program.parseAsync(argv, { from: 'user' });
    return code;
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode === 0) return 0;
    const explained =
      error instanceof CommanderError ? explainUsage(error, context.argv[0]) : explainFileError(error);
    if (!(explained instanceof ToolkitError)) throw error;
    const command = program.commands.find((each) => each.name() === context.argv[0]);
    writeError(explained, context, {
      command: command?.name() ?? null,
      typed: explained.code === 'USAGE' ? {} : (command?.opts() ?? {}),
    });
    return 2;
  }
}

function explainUsage(error: CommanderError, command: string | undefined): ToolkitError {
  const fact = error.message
    .replace(/^error: /, '')
    .replace('\n(', ' (')
    .replace(/\.?$/, '.');
  const isHelp = error.code === 'commander.help';
  return usageInvalid(
    isHelp ? 'no command is given.' : hidePassword(fact),
    EXAMPLES[command ?? ''] ?? 'npm run migration:list-users',
  );
}
