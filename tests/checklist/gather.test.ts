import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { decideChecklist } from '../../src/checklist/decide.ts';
import type { Evidence } from '../../src/checklist/evidence.ts';
import { gatherEvidence } from '../../src/checklist/gather.ts';
import { loadConfig } from '../../src/config.ts';
import { withDatabase } from '../../src/database/connect.ts';
import { insertTick } from '../../src/ownership/ticks.ts';
import type { TestDatabase } from '../helpers/database.ts';
import { createNotebook, MODES, OTHER, OWNER } from '../helpers/notebook.ts';
import { runCommand, STEP_2 } from '../helpers/processes.ts';

/** As Prisma keeps what it has applied, with one that failed and one that somebody marked. */
const PRISMAS_TABLE = `
  CREATE TABLE _prisma_migrations (id VARCHAR(36) PRIMARY KEY NOT NULL, checksum VARCHAR(64) NOT NULL, finished_at TIMESTAMP NULL,
    migration_name VARCHAR(255) NOT NULL, logs TEXT, rolled_back_at TIMESTAMP NULL, started_at TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP,
    applied_steps_count INTEGER NOT NULL DEFAULT 0);
  INSERT INTO _prisma_migrations (id, checksum, migration_name, finished_at, rolled_back_at) VALUES
    ('1', '', '1_init', '2026-01-01 00:00:00', NULL), ('2', '', '2_add_owners', '2026-01-02 00:00:00', NULL),
    ('3', '', '3_failed', NULL, NULL), ('4', '', '4_marked', NULL, '2026-01-03 00:00:00')`;

for (const mode of MODES) {
  describe(`the evidence of the checklist on ${mode}`, () => {
    let database: TestDatabase;
    const gather = async (isLive = false): Promise<Evidence> => {
      const { url, schemaPath } = database;
      const config = await loadConfig({
        env: { DATABASE_URL: url },
        cwd: database.folder,
        schema: schemaPath,
      });
      const options = {
        decision: config.decision,
        migrations: join(database.folder, 'migrations'),
        isLive: () => isLive,
        isGone: () => false,
      };
      return withDatabase(config.url, (opened) => gatherEvidence(opened, options));
    };
    const stateOf = (evidence: Evidence, name: string) =>
      decideChecklist(evidence).find(({ line }) => line === name)?.state;

    before(async () => {
      database = await createNotebook(mode, { notes: 50, noteTags: 20 });
      for (const [name, sql] of [
        ['1_init', 'CREATE TABLE "Note" (id INTEGER NOT NULL PRIMARY KEY);'],
        ['2_add_owners', 'ALTER TABLE "Note" ADD COLUMN "userId" TEXT;'],
        ['5_pending', 'SELECT 1;'],
      ] as const) {
        mkdirSync(join(database.folder, 'migrations', name), { recursive: true });
        writeFileSync(join(database.folder, 'migrations', name, 'migration.sql'), sql);
      }
    });
    after(() => database.drop());

    it('knows no run, no tick and no migration at first, and counts with nobody in mind', async () => {
      const { time, ...found } = await gather();
      assert.match(time, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
      assert.deepEqual(
        [found.users, found.run, found.rolledBack, found.chosen, found.checked, found.ticks, found.guards],
        [2, null, null, null, null, [], 0],
      );
      const [{ n }] = (await database.query('SELECT count(*) AS n FROM "Note" WHERE "userId" IS NULL')) as [
        { n: unknown },
      ];
      const note = found.models.find(({ model }) => model === 'Note');
      assert.deepEqual(
        [note?.phase, note?.rows, note?.unowned, note?.orphaned, note?.addedBy, note?.requiredBy],
        ['optional', 50, Number(n), 0, '2_add_owners', null],
      );
      assert.deepEqual(found.migrations.applied, []);
      assert.equal(found.isCounted, true);
    });

    it('tells applied, failed and pending migrations apart', async () => {
      await database.run(PRISMAS_TABLE);
      assert.deepEqual((await gather()).migrations, {
        applied: ['1_init', '2_add_owners'],
        failed: ['3_failed'],
        pending: ['5_pending'],
      });
    });

    it('has the run and its user after step 2, and nothing that step 3 would refuse', async () => {
      assert.equal((await runCommand(database, ...STEP_2)).code, 0);
      const found = await gather();
      assert.deepEqual(
        [found.run?.status, found.run?.ownerId, found.run?.isLive],
        ['completed', OWNER, false],
      );
      assert.equal(found.run?.assigned, found.run?.toAssign);
      assert.equal(found.chosen?.id, OWNER);
      assert.deepEqual(found.checked?.verifyErrors, []);
      assert.deepEqual(
        ['assign', 'verify', 'no-loss'].map((line) => stateOf(found, line)),
        ['done', 'done', 'done'],
      );
    });

    it('counts no row while a process works on the run', async () => {
      const found = await gather(true);
      assert.deepEqual([found.isCounted, found.checked, found.models[0]?.rows], [false, null, 0]);
      assert.deepEqual([stateOf(found, 'assign'), stateOf(found, 'phase1-applied')], ['open', 'done']);
    });

    it('has the last tick of a line, with its note, its name and its time', async () => {
      const { url } = await loadConfig({
        env: { DATABASE_URL: database.url },
        cwd: database.folder,
        schema: database.schemaPath,
      });
      await withDatabase(url, ({ signal, dialect, url: { defaultSchema: scope } }) =>
        signal(async (session) => {
          for (const note of ['first', `it's “second”`])
            await insertTick(session, dialect, { scope, line: 'backup', note, by: 'ana on db1' });
          await insertTick(session, dialect, { scope: `${scope}x`, line: 'team', note: 'n', by: 'b' });
        }),
      );
      const found = await gather();
      assert.deepEqual(
        found.ticks.map(({ line, note, by }) => [line, note, by]),
        [['backup', `it's “second”`, 'ana on db1']],
      );
      assert.deepEqual([stateOf(found, 'backup'), stateOf(found, 'team')], ['done', 'open']);
    });

    it('sees rows that came without an owner, and a run that is rolled back', async () => {
      await database.run(`UPDATE "Note" SET "userId" = NULL WHERE id = 1`);
      assert.equal(stateOf(await gather(), 'assign'), 'open');
      assert.equal((await runCommand(database, 'rollback', '--confirm')).code, 0);
      const found = await gather();
      assert.deepEqual([found.run, stateOf(found, 'rollback')], [null, 'done']);
    });

    it('does not find the user of a run who is gone', async () => {
      assert.equal((await runCommand(database, 'production-safe', OTHER, '--step=2')).code, 0);
      await database.run(`UPDATE "Note" SET "userId" = '${OWNER}'`);
      await database.run(`UPDATE note_tags SET "userId" = '${OWNER}'`);
      await database.run(`DELETE FROM "User" WHERE id = '${OTHER}'`);
      const found = await gather();
      assert.deepEqual([found.chosen, stateOf(found, 'users')], [null, 'failed']);
    });
  });
}
