import { strict as assert } from 'node:assert';
import { mkdirSync, rmSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import type { AssignAnswer, CheckAnswer } from '../src/commands/results.ts';
import { loadDatabaseUrl } from '../src/config.ts';
import { withDatabase } from '../src/database/connect.ts';
import { type EvidenceKinds, recordEvidence } from '../src/ownership/evidence.ts';
import type { TestDatabase } from './helpers/database.ts';
import { createNotebook, MODES, OWNER } from './helpers/notebook.ts';
import { runCommand } from './helpers/processes.ts';

const DAY_MS = 24 * 60 * 60 * 1000;
const CHECK = ['production-safe', OWNER, '--step=1'];
const ASSIGN = ['production-safe', OWNER, '--step=2'];

for (const mode of MODES)
  describe(`what there is to fall back on, on ${mode}`, () => {
    let notebook: TestDatabase;
    let folder: string;
    before(async () => {
      notebook = await createNotebook(mode, { notes: 50 });
      folder = join(notebook.folder, 'app-1');
      mkdirSync(folder);
    });
    after(() => notebook.drop());

    async function record<Kind extends keyof EvidenceKinds>(kind: Kind, body: EvidenceKinds[Kind]) {
      const { url } = await loadDatabaseUrl({ env: { DATABASE_URL: notebook.url }, cwd: notebook.folder });
      await withDatabase(url, (database) => recordEvidence(database, kind, body));
    }
    const recordBackup = (ageMs: number, isVerified: 'verified' | 'unverified') => {
      const taken = new Date(Date.now() - ageMs).toISOString();
      const verified = isVerified === 'verified' ? taken : null;
      return record('backup', {
        path: folder,
        host: hostname(),
        taken,
        verified,
        bytes: 1,
        rows: 1,
        tables: 1,
        sha256: '',
      });
    };
    const ask = async (...args: string[]) => {
      const done = await runCommand(notebook, ...args, '--json');
      return { ...done, answer: JSON.parse(done.stdout) };
    };
    const codesOf = ({ answer }: { answer: AssignAnswer }) => answer.findings.map(({ code }) => code);

    it('is told by step 1, with the commands where there is nothing', async () => {
      const { stdout } = await runCommand(notebook, ...CHECK);
      assert.match(
        stdout,
        /\nBackup: {5}none is known; to make one: {2}npm run migration:backup -- --verify --schema=/,
      );
      assert.match(
        stdout,
        /\nRehearsal: {2}none is known; to rehearse: {2}npm run migration:rehearse cm3owner0000 -- --schema=/,
      );
    });

    it('is missed by a step 2, which refuses where a backup is asked for, and changes nothing', async () => {
      const dry = await ask(...ASSIGN, '--dry-run');
      assert.deepEqual([dry.code, codesOf(dry)], [0, ['NO_BACKUP']]);
      const refused = await ask(...ASSIGN, '--require-backup');
      assert.deepEqual([refused.code, refused.answer.error.code], [2, 'BACKUP_REQUIRED']);
      const { answer } = await ask(...CHECK);
      assert.ok((answer as CheckAnswer).models.some(({ unowned }) => unowned > 0));
    });

    it('does not do where it is not verified, or older than a day', async () => {
      await recordBackup(1000, 'unverified');
      const unverified = await ask(...ASSIGN, '--require-backup');
      assert.match(
        unverified.answer.error.message,
        /^no backup is verified: the newest, .*app-1, may or may not restore/,
      );
      await recordBackup(2 * DAY_MS + 1000, 'verified');
      const old = await ask(...ASSIGN, '--require-backup');
      assert.match(
        old.answer.error.message,
        /^the newest verified backup, .*app-1, is 2 days old, and --require-backup /,
      );
      assert.match(
        (await runCommand(notebook, ...CHECK)).stdout,
        /\nBackup: {5}\S+app-1 on \S+, 2 days old, verified\n/,
      );
    });

    it('is no backup that is gone from this host', async () => {
      await recordBackup(1000, 'verified');
      rmSync(folder, { recursive: true });
      assert.equal((await ask(...ASSIGN, '--require-backup')).answer.error.code, 'BACKUP_REQUIRED');
      mkdirSync(folder);
    });

    it('lets step 2 go without a word where it is verified and new', async () => {
      await record('rehearsal', { userId: OWNER, host: hostname(), ok: true, answer: null });
      const { stdout } = await runCommand(notebook, ...CHECK);
      assert.match(
        stdout,
        /\nBackup: {5}\S+app-1 on \S+, 0 minutes old, verified\nRehearsal: {2}passed 0 minutes ago\n/,
      );
      const done = await ask(...ASSIGN, '--require-backup');
      assert.deepEqual([done.code, codesOf(done)], [0, []]);
    });

    it('is what proves its lines of the checklist', async () => {
      const { answer } = await ask('status');
      const states = answer.checklist
        .slice(0, 2)
        .map(({ line, state }: Record<string, string>) => [line, state]);
      assert.deepEqual(states, [
        ['backup', 'done'],
        ['staging', 'done'],
      ]);
      assert.equal(answer.safety.backup.path, folder);
    });
  });

describe('--require-backup', () => {
  it('goes with step 2 alone', async () => {
    const notebook = await createNotebook('SQLite', { notes: 5 });
    const { code, stderr } = await runCommand(notebook, ...CHECK, '--require-backup');
    await notebook.drop();
    assert.equal(code, 2);
    assert.match(stderr, /error: --require-backup goes with --step=2: it is about what is changed\./);
  });
});
