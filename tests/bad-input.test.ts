import { after, before, describe, it } from 'node:test';
import { createDatabase, PROVIDERS, type TestDatabase } from './helpers/database.ts';
import { NOTES } from './helpers/notes.ts';
import { announcement, assertRefused } from './helpers/refusals.ts';

const NOTHING = '\nNothing was changed.';
const STEP_1 = 'npm run migration:production-safe -- cm3owner0000 --step=1';
const EXAMPLE = `An example:\n  ${STEP_1}`;
const TO_USERS = 'To see the users:\n  npm run migration:list-users';
const NPM_10 = {
  npm_config_user_agent: 'npm/10.8.2 node/v20.20.0 linux x64 workspaces/false',
  npm_command: 'run-script',
  npm_lifecycle_event: 'migration:production-safe',
};

describe('refuses, and changes nothing, when', () => {
  let database: TestDatabase;
  before(async () => {
    database = await createDatabase('sqlite', NOTES);
  });
  after(() => database.drop());

  const usage: [what: string, args: string[], fact: string][] = [
    ['--step is missing', ['ana'], "required option '--step <n>' not specified."],
    ['--step has no value', ['ana', '--step'], "option '--step <n>' argument missing."],
    ['the user id is missing', ['--step=2'], "missing required argument 'userId'."],
    [
      '--step is 4',
      ['ana', '--step=4'],
      "option '--step <n>' argument '4' is invalid. Allowed choices are 1, 2, 3.",
    ],
    [
      '--step is abc',
      ['ana', '--step=abc'],
      "option '--step <n>' argument 'abc' is invalid. Allowed choices are 1, 2, 3.",
    ],
    [
      '--batch-size is a number with letters',
      ['ana', '--step=2', '--batch-size=100x'],
      "option '--batch-size <n>' argument '100x' is invalid. It must be a whole number from 100 to 50000.",
    ],
    [
      '--batch-size is too small',
      ['ana', '--step=2', '--batch-size=99'],
      "option '--batch-size <n>' argument '99' is invalid. It must be a whole number from 100 to 50000.",
    ],
    [
      '--batch-size is too large',
      ['ana', '--step=2', '--batch-size=50001'],
      "option '--batch-size <n>' argument '50001' is invalid. It must be a whole number from 100 to 50000.",
    ],
    [
      '--models has an empty name',
      ['ana', '--step=2', '--models=Note,'],
      "option '--models <names>' argument 'Note,' is invalid. It must be names joined by commas.",
    ],
    ['an option is unknown', ['ana', '--step=2', '--force'], "unknown option '--force'."],
  ];
  for (const [what, args, fact] of usage) {
    it(what, () =>
      assertRefused(database, ['production-safe', ...args], {
        code: 'USAGE',
        message: `${fact}${NOTHING}`,
        remedy: EXAMPLE,
      }),
    );
  }

  it('--step is given twice, with two values', () =>
    assertRefused(database, ['production-safe', 'ana', '--step=1', '--step=2'], {
      code: 'FLAG_GIVEN_TWICE',
      message: '"--step" is given more than once, as "1" and "2".\nNothing was changed.',
      remedy: `Type the one that is meant:
  npx prisma-ownership production-safe ana --step=1
  npx prisma-ownership production-safe ana --step=2`,
      jsonRemedy: `Type the one that is meant:
  npx prisma-ownership production-safe ana --json --step=1
  npx prisma-ownership production-safe ana --json --step=2`,
    }));

  it('--step 2 came through npm with a space, which leaves the 2 behind', () =>
    assertRefused(database, ['production-safe', 'ana', '2'], {
      env: { ...NPM_10, DATABASE_URL: database.url, npm_config_step: 'true' },
      code: 'FLAG_VALUE_LOST',
      message: 'npm passed "--step" on without a value; the surplus word is "2".\nNothing was changed.',
      remedy: `Type "--" after the script's name and join each value to its flag with "=":
  npm run migration:production-safe -- ana --step=2`,
      jsonRemedy: `Type "--" after the script's name and join each value to its flag with "=":
  npm run migration:production-safe -- ana --json --step=2`,
    }));

  it('there is one argument too many', () =>
    assertRefused(database, ['production-safe', 'ana', 'ben', '--step=2'], {
      code: 'SURPLUS_ARGUMENT',
      message: `"ben" is one argument too many.${NOTHING}`,
      remedy: `A flag's value is joined with "=", and on npm flags come after "--". An example:\n  ${STEP_1}`,
    }));

  it('there are several arguments too many', () =>
    assertRefused(database, ['status', '7f3a', 'now'], {
      code: 'SURPLUS_ARGUMENT',
      message: `"7f3a", "now" are 2 arguments too many.${NOTHING}`,
      remedy: `A flag's value is joined with "=", and on npm flags come after "--". An example:
  npm run migration:status -- --tick=backup --note="nightly, in the bucket backups"`,
    }));

  const unknownModels: [flag: string, fact: string, models: string][] = [
    [
      '--models=Notes',
      '--models names "Notes", which is not one of the models. Did you mean "Note"?',
      'Note',
    ],
    ['--models=note', '--models names "note", which is not one of the models. Did you mean "Note"?', 'Note'],
    ['--models=Invoice', '--models names "Invoice", which is not one of the models.', 'Note'],
  ];
  it('--exclude=Nope names no model', () =>
    assertRefused(database, ['production-safe', 'ana', '--step=2', '--exclude=Nope'], {
      code: 'MODEL_UNKNOWN',
      message: `ownership.config.json or a flag names "Nope", which is not one of the models. Did you mean "Note"?${NOTHING}`,
      remedy: 'Models: User, Note',
    }));

  for (const [flag, fact, models] of unknownModels) {
    it(`${flag} names no model`, () =>
      assertRefused(database, ['production-safe', 'ana', '--step=2', flag], {
        before: announcement(database),
        code: 'MODEL_UNKNOWN',
        message: `${fact}${NOTHING}`,
        remedy: `Models: ${models}`,
      }));
  }

  it('rollback is not confirmed', () =>
    assertRefused(database, ['rollback'], {
      code: 'CONFIRM_MISSING',
      message: `rollback sets owners back to NULL, so it must be confirmed.${NOTHING}`,
      remedy: `To see what it would do, and to do it:
  npm run migration:rollback -- --dry-run
  npm run migration:rollback -- --confirm`,
    }));
});

for (const provider of PROVIDERS) {
  describe(`refuses, and changes nothing, on ${provider} when`, () => {
    let database: TestDatabase;
    before(async () => {
      database = await createDatabase(provider, NOTES);
    });
    after(() => database.drop());

    for (const step of ['1', '2', '3']) {
      it(`step ${step} is for a user who does not exist, and names the closest`, () =>
        assertRefused(database, ['production-safe', 'anna', `--step=${step}`], {
          before: announcement(database),
          code: 'USER_NOT_FOUND',
          message: `no User has the id "anna".
The closest are:
  ana  ana@example.com
  ben  ben@example.com${NOTHING}`,
          remedy: TO_USERS,
        }));
    }

    it('the user id is like nobody', () =>
      assertRefused(database, ['production-safe', 'cm3owner0000', '--step=2'], {
        before: announcement(database),
        code: 'USER_NOT_FOUND',
        message: `no User has the id "cm3owner0000".${NOTHING}`,
        remedy: TO_USERS,
      }));

    it('there is nothing to roll back', () =>
      assertRefused(database, ['rollback', '--confirm'], {
        before: announcement(database, ''),
        code: 'NOTHING_TO_ROLL_BACK',
        message: `the journal has no run that is not rolled back already.${NOTHING}`,
        remedy: 'To see the runs:\n  npm run migration:status',
      }));

    it('the run to roll back is unknown', () =>
      assertRefused(database, ['rollback', '--confirm', '--run=7f3a'], {
        before: announcement(database, ''),
        code: 'RUN_UNKNOWN',
        message: `the journal has no run "7f3a"; it has none.${NOTHING}`,
        remedy: 'To see the runs:\n  npm run migration:status',
      }));
  });
}
