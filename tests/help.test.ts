import { strict as assert } from 'node:assert';
import { describe, it } from 'node:test';
import { runCli } from './helpers/command-line.ts';

const HELP: Record<string, string> = {
  '--help': `Usage: prisma-ownership [options] [command]

Give every row of a live Prisma database an owner, with zero data loss.

Options:
  -V, --version                       output the version number
  -h, --help                          display help for command

Commands:
  list-users [options]                list the users that rows can be assigned
                                      to
  models [options]                    show what each model is for the migration,
                                      and why; needs no database
  schema [options]                    edit the Prisma schema for phase 1 or 3,
                                      and write its migrations
  production-safe [options] <userId>  check, assign or verify the rows of all
                                      owned models
  rollback [options]                  undo the last run exactly: only rows that
                                      still have the owner that it gave them
  status [options]                    show the runs, and the checklist with what
                                      proves each line
  pause [options]                     have the running step 2 or rollback wait
                                      after its current batch
  resume [options]                    have what is paused go on
  cancel [options]                    have the running step 2 or rollback end
                                      after its current batch
  cleanup [options]                   remove the guards, and with --journal the
                                      journal
  backup [options]                    back the database up into a folder, with a
                                      manifest that can be verified
  restore [options] <backup>          put a backup in the place of the database
  rehearse [options] <userId>         go through the whole checklist on a
                                      scratch copy of the database
  report [options]                    write one HTML file for the change ticket:
                                      the checklist and its evidence
  isolation [options]                 keep the rows of users apart in the
                                      application
  init [options]                      add the migration scripts and a settings
                                      file to the project in this folder
  help [command]                      display help for command
`,
  'list-users --help': `Usage: prisma-ownership list-users [options]

list the users that rows can be assigned to

Options:
  --schema <path>         the Prisma schema, a file or a folder
  --config <path>         the Prisma config file
  --json                  answer with one JSON document
  --verbose               show sources of settings, and causes of errors
  --owner-model <name>    the model that holds the users
  --owner-column <names>  the owner columns of models, as
                          Post=authorId,Task=creatorId
  --search <text>         only users whose id, e-mail or name contains this
  --limit <n>             how many to list (default: 50)
  -h, --help              display help for command

Example:
  npm run migration:list-users -- --search=ana
`,
  'models --help': `Usage: prisma-ownership models [options]

show what each model is for the migration, and why; needs no database

Options:
  --schema <path>         the Prisma schema, a file or a folder
  --config <path>         the Prisma config file
  --json                  answer with one JSON document
  --verbose               show sources of settings, and causes of errors
  --owner-model <name>    the model that holds the users
  --owner-column <names>  the owner columns of models, as
                          Post=authorId,Task=creatorId
  --exclude <names>       not these models, as A,B
  -h, --help              display help for command

Example:
  npm run migration:models
`,
  'production-safe --help': `Usage: prisma-ownership production-safe [options] <userId>

check, assign or verify the rows of all owned models

Arguments:
  userId                  the id of the user who gets the rows

Options:
  --schema <path>         the Prisma schema, a file or a folder
  --config <path>         the Prisma config file
  --json                  answer with one JSON document
  --verbose               show sources of settings, and causes of errors
  --owner-model <name>    the model that holds the users
  --owner-column <names>  the owner columns of models, as
                          Post=authorId,Task=creatorId
  --step <n>              1 checks, 2 assigns, 3 verifies (choices: "1", "2",
                          "3")
  --models <names>        only these models, as A,B
  --exclude <names>       not these models, as A,B
  --batch-size <n>        rows of the first batch (default: 1000)
  --guard                 step 2: a trigger gives the owner to rows that an old
                          app still writes without one
  --proof                 step 2: prove for each batch that nothing but the
                          owner changed
  --require-backup        step 2: only with a verified backup that is less than
                          a day old
  --dry-run               step 2: show what would be assigned, and write nothing
  --max-lag <seconds>     step 2: wait while a replica is further behind; go on
                          at half of it
  --max-load <n>          step 2: wait while the server works for more other
                          sessions
  --pause-ms <n>          step 2: stay away so long after each batch
  --rate <n>              step 2: rows a second at the most
  -h, --help              display help for command

Example:
  npm run migration:production-safe -- cm3owner0000 --step=1
`,
  'schema --help': `Usage: prisma-ownership schema [options]

edit the Prisma schema for phase 1 or 3, and write its migrations

Options:
  --schema <path>         the Prisma schema, a file or a folder
  --config <path>         the Prisma config file
  --json                  answer with one JSON document
  --verbose               show sources of settings, and causes of errors
  --owner-model <name>    the model that holds the users
  --owner-column <names>  the owner columns of models, as
                          Post=authorId,Task=creatorId
  --phase <n>             1 adds an owner column that may be empty, 3 requires
                          it (choices: "1", "3")
  --models <names>        only these models, as A,B
  --exclude <names>       not these models, as A,B
  --sql                   with migrations that do not stall the app; Prisma then
                          only applies them
  --write                 write it; without this it is shown, and nothing is
                          changed
  --dry-run               show it, and write nothing, whatever else is typed
  -h, --help              display help for command

Example:
  npm run migration:schema -- --phase=1
`,
  'rollback --help': `Usage: prisma-ownership rollback [options]

undo the last run exactly: only rows that still have the owner that it gave them

Options:
  --schema <path>         the Prisma schema, a file or a folder
  --config <path>         the Prisma config file
  --json                  answer with one JSON document
  --verbose               show sources of settings, and causes of errors
  --owner-model <name>    the model that holds the users
  --owner-column <names>  the owner columns of models, as
                          Post=authorId,Task=creatorId
  --confirm               do it; without this nothing is changed
  --run <id>              the run to undo, instead of the last one
  --phase <n>             instead: write the inverse of phase 1 or 3 into the
                          project, for you to apply (choices: "1", "3")
  --models <names>        with --phase: only these models, as A,B
  --exclude <names>       with --phase: not these models, as A,B
  --backup <path>         with --phase=1: the backup that has the owners which
                          are lost
  --dry-run               show what would be undone, and write nothing
  -h, --help              display help for command

Example:
  npm run migration:rollback -- --confirm
`,
  'status --help': `Usage: prisma-ownership status [options]

show the runs, and the checklist with what proves each line

Options:
  --schema <path>         the Prisma schema, a file or a folder
  --config <path>         the Prisma config file
  --json                  answer with one JSON document
  --verbose               show sources of settings, and causes of errors
  --owner-model <name>    the model that holds the users
  --owner-column <names>  the owner columns of models, as
                          Post=authorId,Task=creatorId
  --exclude <names>       not these models, as A,B
  --tick <line>           say that a line which only a person can know is done
                          (choices: "backup", "staging", "team", "app",
                          "filter", "isolation", "monitor", "restore",
                          "performance")
  --note <text>           with --tick: what proves it
  --markdown              answer with a document for a change ticket
  -h, --help              display help for command

Example:
  npm run migration:status -- --tick=backup --note="nightly, in the bucket backups"
`,
  'pause --help': `Usage: prisma-ownership pause [options]

have the running step 2 or rollback wait after its current batch

Options:
  --schema <path>  the Prisma schema, a file or a folder
  --config <path>  the Prisma config file
  --json           answer with one JSON document
  --verbose        show sources of settings, and causes of errors
  -h, --help       display help for command

Example:
  npm run migration:pause
`,
  'resume --help': `Usage: prisma-ownership resume [options]

have what is paused go on

Options:
  --schema <path>  the Prisma schema, a file or a folder
  --config <path>  the Prisma config file
  --json           answer with one JSON document
  --verbose        show sources of settings, and causes of errors
  -h, --help       display help for command

Example:
  npm run migration:resume
`,
  'cancel --help': `Usage: prisma-ownership cancel [options]

have the running step 2 or rollback end after its current batch

Options:
  --schema <path>  the Prisma schema, a file or a folder
  --config <path>  the Prisma config file
  --json           answer with one JSON document
  --verbose        show sources of settings, and causes of errors
  -h, --help       display help for command

Example:
  npm run migration:cancel
`,
  'cleanup --help': `Usage: prisma-ownership cleanup [options]

remove the guards, and with --journal the journal

Options:
  --schema <path>  the Prisma schema, a file or a folder
  --config <path>  the Prisma config file
  --json           answer with one JSON document
  --verbose        show sources of settings, and causes of errors
  --confirm        do it; without this nothing is changed
  --journal        the journal too: no run can be rolled back any more
  --dry-run        show what would be removed, and write nothing
  -h, --help       display help for command

Example:
  npm run migration:cleanup -- --confirm
`,
  'isolation --help': `Usage: prisma-ownership isolation [options]

keep the rows of users apart in the application

Options:
  --schema <path>         the Prisma schema, a file or a folder
  --config <path>         the Prisma config file
  --json                  answer with one JSON document
  --verbose               show sources of settings, and causes of errors
  --owner-model <name>    the model that holds the users
  --owner-column <names>  the owner columns of models, as
                          Post=authorId,Task=creatorId
  --generate <file>       write the list of models that forUser() goes by, as a
                          module
  --rls                   write a migration with PostgreSQL's row-level
                          security, for withUser()
  --role <name>           with --rls: the role of the app, where it is not that
                          of DATABASE_URL
  --undo                  with --rls: write the inverse of all that --rls wrote
  --scan <folder>         list the calls in its code that are not scoped; exit
                          code 1 where any is
  --check                 try what one user can do to another's rows, and roll
                          it back
  --client <file>         with --check: the module that makes the application's
                          own clients
  --copy                  with --check: try it on a scratch copy
  --exclude <names>       not these models, as A,B
  --dry-run               show it, and write nothing; exit code 1 where it would
                          change
  -h, --help              display help for command

Example:
  npm run migration:isolation -- --generate=src/for-user.ts
`,
  'init --help': `Usage: prisma-ownership init [options]

add the migration scripts and a settings file to the project in this folder

Options:
  --json      answer with one JSON document
  --verbose   show sources of settings, and causes of errors
  --dry-run   show what would be changed, and write nothing
  --undo      take out what init added and nobody has changed since
  -h, --help  display help for command

Example:
  npx prisma-ownership init --dry-run
`,
};

describe('the help', () => {
  for (const [args, stdout] of Object.entries(HELP)) {
    it(`of ${args} is this`, async () =>
      assert.deepEqual(await runCli(args.split(' ')), { code: 0, stdout, stderr: '' }));
  }
});
