import { type Command, Option } from 'commander';
import type { Context } from './context.ts';
import { declare, declareOwner } from './declare.ts';
import { parseNames, parseText } from './option-values.ts';

/** What --rls, and --check, with their flags are not typed with. */
const NOT_WITH_RLS = ['generate', 'check', 'scan'];
const NOT_WITH_CHECK = ['generate', 'rls', 'scan'];

/** The command isolation, whose flags choose one of four jobs and exclude those of the others. */
export function declareIsolation(program: Command, context: Context, exit: (code: number) => void): void {
  declareOwner(declare(program, 'isolation', 'keep the rows of users apart in the application'))
    .addOption(
      new Option('--generate <file>', 'write the list of models that forUser() goes by, as a module')
        .argParser(parseText)
        .conflicts(['rls', 'check', 'scan']),
    )
    .addOption(
      new Option('--rls', "write a migration with PostgreSQL's row-level security, for withUser()").conflicts(
        NOT_WITH_RLS,
      ),
    )
    .addOption(
      new Option('--role <name>', 'with --rls: the role of the app, where it is not that of DATABASE_URL')
        .argParser(parseText)
        .conflicts([...NOT_WITH_RLS, 'undo']),
    )
    .addOption(
      new Option('--undo', 'with --rls: write the inverse of all that --rls wrote').conflicts(NOT_WITH_RLS),
    )
    .addOption(
      new Option(
        '--scan <folder>',
        'list the calls in its code that are not scoped; exit code 1 where any is',
      )
        .argParser(parseText)
        .conflicts(['generate', 'rls', 'check']),
    )
    .addOption(
      new Option('--check', "try what one user can do to another's rows, and roll it back").conflicts([
        ...NOT_WITH_CHECK,
        'dryRun',
      ]),
    )
    .addOption(
      new Option('--client <file>', "with --check: the module that makes the application's own clients")
        .argParser(parseText)
        .conflicts(NOT_WITH_CHECK),
    )
    .addOption(new Option('--copy', 'with --check: try it on a scratch copy').conflicts(NOT_WITH_CHECK))
    .option('--exclude <names>', 'not these models, as A,B', parseNames)
    .option('--dry-run', 'show it, and write nothing; exit code 1 where it would change')
    .action(async (options) =>
      exit(await (await import('./commands/isolation.ts')).isolationCommand(options, context)),
    );
}
