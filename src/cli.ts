import { Command, Option } from 'commander';
import { version } from '../package.json';
import { TICKED_LINES } from './checklist/lines.ts';
import type { Context } from './context.ts';
import { declare, declareAnswer, declareOwner, refuseSurplus } from './declare.ts';
import { declareIsolation } from './declare-isolation.ts';
import { parseCount, parseNames, parseSeconds, parseText } from './option-values.ts';
import { BATCH_ROWS } from './ownership/plan.ts';

/** The whole command line. Handlers are loaded when they are called, so that help and errors come at once. */
export function buildProgram(context: Context, exit: (code: number) => void): Command {
  const program = new Command('prisma-ownership')
    .description('Give every row of a live Prisma database an owner, with zero data loss.')
    .version(version)
    .exitOverride()
    .configureOutput({ writeOut: (text) => context.stdout.write(text), writeErr: () => undefined })
    .hook('preAction', (_, command) => refuseSurplus(command));

  declareOwner(declare(program, 'list-users', 'list the users that rows can be assigned to'))
    .option('--search <text>', 'only users whose id, e-mail or name contains this')
    .option('--limit <n>', 'how many to list', parseCount(1, 10_000), 50)
    .action(async (options) =>
      exit(await (await import('./commands/list-users.ts')).listUsersCommand(options, context)),
    );

  declareOwner(
    declare(program, 'models', 'show what each model is for the migration, and why; needs no database'),
  )
    .option('--exclude <names>', 'not these models, as A,B', parseNames)
    .action(async (options) =>
      exit(await (await import('./commands/models.ts')).modelsCommand(options, context)),
    );

  declareOwner(
    declare(program, 'schema', 'edit the Prisma schema for phase 1 or 3, and write its migrations'),
  )
    .addOption(
      new Option('--phase <n>', '1 adds an owner column that may be empty, 3 requires it')
        .choices(['1', '3'])
        .makeOptionMandatory(),
    )
    .option('--models <names>', 'only these models, as A,B', parseNames)
    .option('--exclude <names>', 'not these models, as A,B', parseNames)
    .option('--sql', 'with migrations that do not stall the app; Prisma then only applies them')
    .option('--write', 'write it; without this it is shown, and nothing is changed')
    .option('--dry-run', 'show it, and write nothing, whatever else is typed')
    .action(async (options) =>
      exit(await (await import('./commands/schema.ts')).schemaCommand(options, context)),
    );

  declareOwner(declare(program, 'production-safe', 'check, assign or verify the rows of all owned models'))
    .argument('<userId>', 'the id of the user who gets the rows')
    .addOption(
      new Option('--step <n>', '1 checks, 2 assigns, 3 verifies')
        .choices(['1', '2', '3'])
        .makeOptionMandatory(),
    )
    .option('--models <names>', 'only these models, as A,B', parseNames)
    .option('--exclude <names>', 'not these models, as A,B', parseNames)
    .option(
      '--batch-size <n>',
      'rows of the first batch',
      parseCount(BATCH_ROWS.min, BATCH_ROWS.max),
      BATCH_ROWS.start,
    )
    .option('--guard', 'step 2: a trigger gives the owner to rows that an old app still writes without one')
    .option('--proof', 'step 2: prove for each batch that nothing but the owner changed')
    .option('--require-backup', 'step 2: only with a verified backup that is less than a day old')
    .option('--dry-run', 'step 2: show what would be assigned, and write nothing')
    .option(
      '--max-lag <seconds>',
      'step 2: wait while a replica is further behind; go on at half of it',
      parseSeconds,
    )
    .option(
      '--max-load <n>',
      'step 2: wait while the server works for more other sessions',
      parseCount(0, 100_000),
    )
    .option('--pause-ms <n>', 'step 2: stay away so long after each batch', parseCount(0, 600_000))
    .option('--rate <n>', 'step 2: rows a second at the most', parseCount(1, 10_000_000))
    .action(async (userId, options) =>
      exit(
        await (await import('./commands/production-safe.ts')).productionSafeCommand(userId, options, context),
      ),
    );

  declareOwner(
    declare(
      program,
      'rollback',
      'undo the last run exactly: only rows that still have the owner that it gave them',
    ),
  )
    .option('--confirm', 'do it; without this nothing is changed')
    .option('--run <id>', 'the run to undo, instead of the last one')
    .addOption(
      new Option(
        '--phase <n>',
        'instead: write the inverse of phase 1 or 3 into the project, for you to apply',
      )
        .choices(['1', '3'])
        .conflicts('run'),
    )
    .option('--models <names>', 'with --phase: only these models, as A,B', parseNames)
    .option('--exclude <names>', 'with --phase: not these models, as A,B', parseNames)
    .option('--backup <path>', 'with --phase=1: the backup that has the owners which are lost', parseText)
    .option('--dry-run', 'show what would be undone, and write nothing')
    .action(async (options) =>
      exit(await (await import('./commands/rollback.ts')).rollbackCommand(options, context)),
    );

  declareOwner(declare(program, 'status', 'show the runs, and the checklist with what proves each line'))
    .option('--exclude <names>', 'not these models, as A,B', parseNames)
    .addOption(
      new Option('--tick <line>', 'say that a line which only a person can know is done').choices(
        TICKED_LINES,
      ),
    )
    .option('--note <text>', 'with --tick: what proves it', parseText)
    .addOption(new Option('--markdown', 'answer with a document for a change ticket').conflicts('json'))
    .action(async (options) =>
      exit(await (await import('./commands/status.ts')).statusCommand(options, context)),
    );

  declareRequest(program, 'pause', 'have the running step 2 or rollback wait after its current batch');
  declareRequest(program, 'resume', 'have what is paused go on');
  declareRequest(program, 'cancel', 'have the running step 2 or rollback end after its current batch');

  declare(program, 'cleanup', 'remove the guards, and with --journal the journal')
    .option('--confirm', 'do it; without this nothing is changed')
    .option('--journal', 'the journal too: no run can be rolled back any more')
    .option('--dry-run', 'show what would be removed, and write nothing')
    .action(async (options) =>
      exit(await (await import('./commands/cleanup.ts')).cleanupCommand(options, context)),
    );

  declare(program, 'backup', 'back the database up into a folder, with a manifest that can be verified')
    .option('--out <folder>', 'where backups are', parseText, 'backups')
    .option('--verify', 'restore it into a scratch database, and compare every table')
    .option('--jobs <n>', 'PostgreSQL: dump so many tables at once', parseCount(1, 64), 1)
    .option('--dry-run', 'show what would be done, and write nothing')
    .action(async (options) =>
      exit(await (await import('./commands/backup.ts')).backupCommand(options, context)),
    );

  declare(program, 'restore', 'put a backup in the place of the database')
    .argument('<backup>', 'the folder of the backup')
    .option(
      '--confirm <database>',
      'the name of the database that is replaced; without it nothing is changed',
    )
    .option('--to <url>', 'into this database instead: a URL, or the variable that holds it', parseText)
    .option('--dry-run', 'show what would be done, and write nothing')
    .action(async (backup, options) =>
      exit(await (await import('./commands/restore.ts')).restoreCommand(backup, options, context)),
    );

  declareOwner(
    declare(program, 'rehearse', 'go through the whole checklist on a scratch copy of the database'),
  )
    .argument('<userId>', 'the id of the user who gets the rows')
    .option('--from <backup>', 'copy this backup, instead of the database as it is now', parseText)
    .option('--to <url>', 'copy to this server: a URL, or the variable that holds it', parseText)
    .option('--models <names>', 'only these models, as A,B', parseNames)
    .option('--exclude <names>', 'not these models, as A,B', parseNames)
    .action(async (userId, options) =>
      exit(await (await import('./commands/rehearse.ts')).rehearseCommand(userId, options, context)),
    );

  declareOwner(
    declare(program, 'report', 'write one HTML file for the change ticket: the checklist and its evidence'),
  )
    .option('--exclude <names>', 'not these models, as A,B', parseNames)
    .addOption(
      new Option('--out <file>', 'the file')
        .argParser(parseText)
        .default('migration-report.html')
        .conflicts('json'),
    )
    .action(async (options) =>
      exit(await (await import('./commands/report.ts')).reportCommand(options, context)),
    );

  declareIsolation(program, context, exit);

  declareAnswer(
    program
      .command('init')
      .description('add the migration scripts and a settings file to the project in this folder'),
  )
    .option('--dry-run', 'show what would be changed, and write nothing')
    .option('--undo', 'take out what init added and nobody has changed since')
    .action(async (options) =>
      exit(await (await import('./commands/init.ts')).initCommand(options, context)),
    );
  return program;

  /** The commands that are for the process in another terminal. */
  function declareRequest(on: Command, name: 'pause' | 'resume' | 'cancel', description: string): void {
    declare(on, name, description).action(async (options) =>
      exit(await (await import('./commands/pause-resume-cancel.ts')).requestCommand(name, options, context)),
    );
  }
}
