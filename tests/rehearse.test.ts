import { cannotDump } from './helpers/dumpable-server.ts';
import assert from 'node:assert/strict';
import { readdirSync, writeFileSync } from 'node:fs';
import { after, before, describe, it } from 'node:test';
import type { RehearseAnswer } from '../src/commands/copy-results.ts';
import {
  CHINOOK_MISSING,
  CHINOOK_ROWS,
  loadChinookWithUsers,
  nameIn,
  readChinookSchema,
} from './helpers/chinook.ts';
import type { Finished } from './helpers/command-line.ts';
import { ALL_PROVIDERS, createDatabase, type TestDatabase } from './helpers/database.ts';
import { runInProcess } from './helpers/in-process.ts';
import { queryJournal } from './helpers/journal.ts';
import { OWNER } from './helpers/rehearsal.ts';
import { listScratch } from './helpers/scratch.ts';
import { type Snapshot, takeSnapshot } from './helpers/snapshot.ts';

for (const provider of ALL_PROVIDERS) {
  const models = Object.keys(CHINOOK_ROWS).map((model) => nameIn(provider, model));
  const skip = CHINOOK_MISSING || cannotDump(provider);
  describe(`rehearse on Chinook on ${provider}, before phase 1`, { skip }, () => {
    let database: TestDatabase;
    let atFirst: Snapshot;
    let files: string[];
    let done: Finished;
    let answer: RehearseAnswer;
    const type = (...words: string[]) =>
      runInProcess(['rehearse', OWNER, `--models=${models}`, ...words], {
        cwd: database.folder,
        env: { DATABASE_URL: database.url, PATH: process.env.PATH ?? '' },
      });
    before(async () => {
      database = await createDatabase(provider, { ddl: '', models: '' });
      await loadChinookWithUsers(database);
      writeFileSync(database.schemaPath, readChinookSchema(provider));
      atFirst = await takeSnapshot(database);
      files = readdirSync(database.folder);
      done = await type('--json');
      answer = JSON.parse(done.stdout);
    });
    after(() => database?.drop());

    it('holds in every part, and exits with 0', () => {
      assert.equal(done.code, 0, done.stderr);
      assert.deepEqual(
        answer.parts.map(({ part, state }) => `${part} ${state}`),
        [
          'pending nothingToDo',
          'phase1 held',
          'step1 held',
          'step2 held',
          'step3 held',
          'phase3 held',
          'step3Again held',
          'rollback held',
        ],
      );
      assert.equal(answer.ok, true);
      assert.equal(answer.user.id, OWNER);
    });

    it('proves every table of the database, and no row is left out', () => {
      const { tables, differences } = answer.proof;
      const rows = Object.entries(atFirst.tables)
        .filter(([name]) => !name.startsWith('sqlite_'))
        .map(([name, { lines }]) => [name, lines.length]);
      assert.deepEqual(tables.map((each) => [each.table, each.rows]).sort(), rows.sort());
      assert.ok(tables.every(({ same }) => same));
      assert.deepEqual(differences, []);
    });

    it('measures every model, and predicts the same for production', () => {
      for (const name of ['step2', 'rollback'] as const) {
        const part = answer.parts.find((each) => each.part === name);
        const counted = part?.models.map(({ model, rows, production }) => [model, rows, production?.rows]);
        const expected = Object.entries(CHINOOK_ROWS).map(([model, rows]) => [
          nameIn(provider, model),
          rows,
          rows,
        ]);
        assert.deepEqual(counted?.sort(), expected.sort());
      }
    });

    it('leaves the database as it was, and nothing beside it but evidence', async () => {
      assert.deepEqual(await takeSnapshot(database), atFirst);
      assert.deepEqual(await queryJournal(database, 'run'), []);
      const [evidence, ...more] = await queryJournal(database, 'evidence');
      assert.deepEqual([evidence?.kind, more], ['rehearsal', []]);
      const body = JSON.parse(String(evidence?.body));
      assert.deepEqual([body.userId, body.host, body.ok], [OWNER, 'test-host', true]);
      assert.deepEqual(body.answer, answer);
      assert.deepEqual(await listScratch(database), []);
      const journal = provider === 'sqlite' ? ['test.db-ownership-migration'] : [];
      assert.deepEqual(readdirSync(database.folder).sort(), [...files, ...journal].sort());
    });

    it('tells of each part on stderr', () => {
      assert.match(done.stderr, /^Making a backup to copy\.$/m);
      assert.match(done.stderr, /^Copying it into two scratch databases\.$/m);
      for (const part of ['phase 1', 'step 2', 'phase 3', 'rollback'])
        assert.match(done.stderr, new RegExp(`^${part}: held in \\d.*, .* since the start$`, 'm'));
    });

    it('answers in text as well', async () => {
      const { code, stdout } = await type();
      assert.equal(code, 0);
      assert.match(stdout, /^Rehearsal for cm3owner0000 \(owner@chinook\.example\)$/m);
      assert.match(stdout, /^Proved: in \d+ tables with [\d,]+ rows, no column but the owner's changed\.$/m);
      assert.match(stdout, /^ {2}npm run migration:schema -- --phase=1 --sql --models=/m);
      assert.equal((await queryJournal(database, 'evidence')).length, 2);
    });
  });
}
