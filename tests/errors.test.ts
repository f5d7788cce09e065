import { strict as assert } from 'node:assert';
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { scripts } from '../package.json';
import * as exported from '../src/errors.ts';
import { BACKUP_ERRORS } from './errors/backup.ts';
import { CHECKLIST_ERRORS } from './errors/checklist.ts';
import { CLEANUP_ERRORS } from './errors/cleanup.ts';
import { DATABASE_ERRORS } from './errors/database.ts';
import { CAUSE } from './errors/expected.ts';
import { FILES_ERRORS } from './errors/files.ts';
import { GUARD_ERRORS } from './errors/guard.ts';
import { INIT_ERRORS } from './errors/init.ts';
import { ISOLATION_CHECK_ERRORS } from './errors/isolation-check.ts';
import { ISOLATION_ERRORS } from './errors/isolation.ts';
import { PHASES_ERRORS } from './errors/phases.ts';
import { PROOF_ERRORS } from './errors/proof.ts';
import { REHEARSAL_ERRORS } from './errors/rehearsal.ts';
import { REPORT_ERRORS } from './errors/report.ts';
import { RESTORE_ERRORS } from './errors/restore.ts';
import { SCHEMA_ERRORS } from './errors/schema.ts';
import { SETTINGS_ERRORS } from './errors/settings.ts';
import { THROTTLE_ERRORS } from './errors/throttle.ts';
import { WRITING_ERRORS } from './errors/writing.ts';
import { ROOT } from './helpers/command-line.ts';

const { ToolkitError, ...errors } = exported;
const EXPECTED = {
  ...BACKUP_ERRORS,
  ...CHECKLIST_ERRORS,
  ...CLEANUP_ERRORS,
  ...DATABASE_ERRORS,
  ...FILES_ERRORS,
  ...GUARD_ERRORS,
  ...INIT_ERRORS,
  ...ISOLATION_CHECK_ERRORS,
  ...ISOLATION_ERRORS,
  ...PHASES_ERRORS,
  ...PROOF_ERRORS,
  ...REHEARSAL_ERRORS,
  ...REPORT_ERRORS,
  ...RESTORE_ERRORS,
  ...SCHEMA_ERRORS,
  ...SETTINGS_ERRORS,
  ...THROTTLE_ERRORS,
  ...WRITING_ERRORS,
};

/** The lines of a remedy that are there to be typed. */
function commandsOf({ remedy }: { remedy: string }): string[] {
  return remedy.split('\n').flatMap((line) => (line.startsWith('  ') ? [line.slice(2)] : []));
}

describe('every error', () => {
  it('has a row here', () => {
    assert.deepEqual(Object.keys(errors).sort(), Object.keys(EXPECTED).sort());
  });

  for (const [name, { error, hasCause = false, ...expected }] of Object.entries(EXPECTED)) {
    it(`says the whole of ${name}`, () => {
      const { code, message, remedy, cause } = error;
      assert.ok(error instanceof ToolkitError);
      assert.deepEqual({ code, message, remedy }, expected);
      assert.equal(cause, hasCause ? CAUSE : undefined);
    });
  }

  it('says of a batch that is tried again whether rows came or went', () => {
    assert.equal(
      errors.batchChanged('Note', 100, 103).message,
      '3 rows of Note came or lost their owner while the batch was proved.',
    );
  });

  it('has a code of its own', () => {
    const codes = Object.values(EXPECTED).map(({ code }) => code);
    assert.deepEqual(codes, [...new Set(codes)]);
  });

  it('speaks in whole sentences, without "please", "oops" and exclamation marks', () => {
    for (const { error } of Object.values(EXPECTED)) {
      assert.match(error.message, /\.$/);
      assert.doesNotMatch(`${error.message} ${error.remedy}`, /please|oops|!/i);
    }
  });
});

describe('a command in a remedy', () => {
  const commands = Object.values(EXPECTED).flatMap(({ error }) => commandsOf(error));

  it('is an npm script, a prisma command or the copy of .env.example', () => {
    for (const command of commands) {
      const [, script] = /^npm run ([\w:-]+)(?: |$)/.exec(command) ?? [];
      if (script) assert.ok(Object.hasOwn(scripts, script), command);
      else
        assert.match(
          command,
          /^(npx prisma-ownership |npx prisma (validate|migrate (dev|deploy|resolve))\b|cp \.env\.example \.env$)/,
        );
    }
  });

  it('finds the .env.example that it copies', () => {
    assert.ok(existsSync(join(ROOT, '.env.example')));
  });

  it('passes flags to npm after "--"', () => {
    for (const command of commands.filter((each) => each.startsWith('npm run') && / --\w/.test(each)))
      assert.match(command, /^npm run [\w:-]+ -- /);
  });

  it('brings an awkward user id through the shell as one word', () => {
    const id = `o'br"ien $HOME \\ *`;
    const batch = {
      run: '7f3a',
      model: 'Note',
      sequence: 3,
      tries: 6,
      words: 'no',
      holders: [],
      userId: id,
      cause: CAUSE,
    };
    for (const error of [errors.checkRefused(id, []), errors.batchFailed(batch)]) {
      const [command] = commandsOf(error);
      const words = execFileSync('sh', ['-c', `printf '%s\\n' ${command}`], { encoding: 'utf8' }).split('\n');
      assert.ok(words.includes(id), command);
    }
  });
});
