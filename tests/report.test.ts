import assert from 'node:assert/strict';
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { loadConfig } from '../src/config.ts';
import { withDatabase } from '../src/database/connect.ts';
import { recordEvidence } from '../src/ownership/evidence.ts';
import type { ReportAnswer } from '../src/report-page/report-data.ts';
import { type Finished, runCli } from './helpers/command-line.ts';
import type { TestDatabase } from './helpers/database.ts';
import { queryJournal, runInJournal } from './helpers/journal.ts';
import { createNotebook, MODES, OWNER } from './helpers/notebook.ts';
import { observe, ROLLBACK, runCommand, STEP_2, startCommand, waitUntil } from './helpers/processes.ts';
import { hasJournal } from './helpers/snapshot.ts';

const FILE = 'migration-report.html';

/** Types a command in the database's folder, as Ana. */
function type(database: TestDatabase, ...args: string[]): Promise<Finished> {
  const env = { ...database.env, DATABASE_URL: database.url, USER: 'ana' };
  return runCli(args, { cwd: database.folder, env });
}

async function read(database: TestDatabase, ...args: string[]): Promise<ReportAnswer> {
  const { code, stdout, stderr } = await type(database, 'report', '--json', ...args);
  assert.equal(code, 0, stderr);
  assert.equal(readdirSync(database.folder).includes(FILE), false, 'it wrote a file');
  return JSON.parse(stdout) as ReportAnswer;
}

/** Writes the report, reads it and removes it. */
async function write(database: TestDatabase): Promise<{ stdout: string; page: string }> {
  const { code, stdout, stderr } = await type(database, 'report');
  assert.equal(code, 0, stderr);
  assert.match(stderr, /^Database: .+\n$/);
  const page = readFileSync(join(database.folder, FILE), 'utf8');
  rmSync(join(database.folder, FILE));
  return { stdout, page };
}

/** The report never has the secret of the URL in it. */
function assertSecretFree({ url }: TestDatabase, ...texts: string[]): void {
  for (const text of texts) {
    assert.ok(!text.includes(url), 'the URL is in it');
    assert.doesNotMatch(text, /\w+:\/\/\S+:\S+@/);
  }
}

for (const mode of MODES) {
  describe(`the report on ${mode}`, () => {
    let database: TestDatabase;
    before(async () => {
      database = await createNotebook(mode, { notes: 700, noteTags: 150 });
    });
    after(() => database?.drop());

    it('is written before there is a journal, and creates none', async () => {
      const rows = await database.dump();
      const { stdout, page } = await write(database);
      assert.match(
        stdout,
        /^Wrote migration-report\.html \(\d+ KiB\)\.\nopen: No row was given an owner yet\. \d+ lines /,
      );
      assert.match(page, /No run yet\./);
      const answer = await read(database);
      assert.deepEqual([answer.runs, answer.rows, answer.backups], [[], [], []]);
      assert.match(answer.serverVersion, /^\d+\.\d+/);
      assertSecretFree(database, page, JSON.stringify(answer));
      assert.equal(await hasJournal(database), false);
      assert.equal(await database.dump(), rows);
    });

    it('has the rows by owner before and now, the batches and the log of a run', async () => {
      assert.equal((await runCommand(database, ...STEP_2)).code, 0);
      const { runs, rows, verdict, time } = await read(database);
      const note = rows.find(({ model }) => model === 'Note');
      const before = { rows: 700, unowned: 546, ownedByUser: 54, ownedByOthers: 100, orphaned: 0 };
      assert.deepEqual(note?.before, before);
      assert.deepEqual(note?.now, { ...before, unowned: 0, ownedByUser: 600 });
      assert.deepEqual([note?.ownerId, note?.run], [OWNER, runs[0]?.id]);
      const [run] = runs;
      const batches = await queryJournal(database, 'batch');
      assert.ok(batches.length > 4);
      assert.equal(run?.summaries[0]?.batches, batches.length);
      assert.equal(
        run?.summaries[0]?.rows,
        batches.reduce((sum, each) => sum + Number(each.changed_rows), 0),
      );
      assert.equal(run?.progress.points.at(-1)?.rows, run?.summaries[0]?.rows);
      assert.deepEqual(
        run?.batches.points.map(({ time: each }) => each),
        batches.map(({ committed }) => committed).sort(),
      );
      const events = (await queryJournal(database, 'event', 'ORDER BY id')).map(({ what }) => what);
      assert.deepEqual(
        run?.events.map(({ what }) => what),
        events,
      );
      assert.match(verdict.text, /^Every one of 850 rows has an owner who is there, read at \S+Z\. /);
      assert.match(time, /^\d{4}-.+Z$/);
    });

    it('tells of a rollback, and takes "before" from the run after it', async () => {
      assert.equal((await runCommand(database, ...ROLLBACK)).code, 0);
      const undone = await read(database);
      assert.equal(undone.runs[0]?.progress.points.at(-1)?.rows, 0);
      assert.deepEqual(
        undone.runs[0]?.summaries.map(({ work, rows }) => [work, rows]),
        [
          ['assign', 663],
          ['rollback', 663],
        ],
      );
      assert.equal(undone.rows.length, 2);
      for (const { before: was, now } of undone.rows) assert.deepEqual(now, was);
      await database.run(`INSERT INTO "Note" (id, title) VALUES (9001, 'new')`);
      assert.equal((await runCommand(database, ...STEP_2, '--models=Note', '--proof')).code, 0);
      const again = await read(database);
      assert.equal(again.runs.length, 2);
      assert.deepEqual(
        again.rows.map(({ model, run, before: was }) => [
          model,
          again.runs.findIndex(({ id }) => id === run),
          was.rows,
        ]),
        [
          ['Note', 0, 701],
          ['NoteTag', 1, 150],
        ],
      );
      const { page } = await write(database);
      for (const { id } of again.runs) assert.match(page, new RegExp(`Log of run ${id}`));
    });

    it('says what is proved, of which run', async () => {
      const { runs } = await read(database);
      const [proved, other] = runs.map(({ proof }) => proof);
      const rows = runs[0]?.summaries[0]?.rows ?? 0;
      assert.equal(other, null);
      assert.deepEqual([proved?.rows, proved?.unprovedRows], [rows, 0]);
      assert.deepEqual(
        proved?.models.map(({ model, rows: each }) => [model, each]),
        [['Note', rows]],
      );
      const { page } = await write(database);
      assert.match(page, new RegExp(`Run ${runs[0]?.id}: nothing but the owner changed in ${rows} rows`));
      assert.ok(page.includes(proved?.models[0]?.digest ?? '?'));
    });

    it('reports the journal alone where the schema cannot be read', async () => {
      const settings = join(database.folder, 'ownership.config.json');
      writeFileSync(settings, '{ "ownerModel": "Nobody" }');
      const answer = await read(database);
      assert.deepEqual(
        [answer.checklist, answer.settings.models, answer.verdict.state],
        [null, null, 'unknown'],
      );
      const note = answer.rows.find(({ model }) => model === 'Note');
      assert.deepEqual(note?.now, {
        rows: 701,
        unowned: 0,
        ownedByUser: 601,
        ownedByOthers: 100,
        orphaned: null,
      });
      const { page, stdout } = await write(database);
      assert.match(stdout, /\nunknown: The checklist could not be read/);
      assert.match(page, /CHECKLIST_UNREAD/);
      rmSync(settings);
    });

    it('has the backups, restores and rehearsals that were journaled, each backup as it was last', async () => {
      const backup = {
        path: '/b/1',
        host: 'web-1',
        taken: '2026-11-26T02:00:00.000Z',
        bytes: 1,
        rows: 850,
        tables: 3,
      };
      const restore = { path: '/b/1', by: 'ana', taken: backup.taken, kept: 'app_before' };
      const rehearsal = {
        userId: OWNER,
        host: 'web-1',
        ok: true,
        answer: { command: 'rehearse', rows: 850 },
      };
      const { url } = await loadConfig({ env: { DATABASE_URL: database.url }, cwd: database.folder });
      await withDatabase(url, async (opened) => {
        await recordEvidence(opened, 'backup', { ...backup, verified: null, sha256: 'a' });
        await recordEvidence(opened, 'backup', { ...backup, verified: backup.taken, sha256: 'b' });
        await recordEvidence(opened, 'backup', { ...backup, path: '/b/2', verified: null, sha256: 'c' });
        await recordEvidence(opened, 'restore', restore);
        await recordEvidence(opened, 'rehearsal', rehearsal);
      });
      const { backups, restores, rehearsals } = await read(database);
      assert.deepEqual(
        backups.map(({ path, sha256, verified }) => [path, sha256, verified]),
        [
          ['/b/2', 'c', null],
          ['/b/1', 'b', backup.taken],
        ],
      );
      assert.deepEqual(restores, [{ time: restores[0]?.time, ...restore }]);
      assert.deepEqual(rehearsals, [{ time: rehearsals[0]?.time, ...rehearsal }]);
      const { page } = await write(database);
      for (const words of ['/b/2 on web-1', 'app_before', 'every part held'])
        assert.ok(page.includes(words), words);
    });

    it('works with a journal of an earlier release', async () => {
      await runInJournal(database, 'DROP TABLE evidence');
      assert.deepEqual((await read(database)).backups, []);
    });
  });

  it(`counts no row while a run is worked on, on ${mode}`, async () => {
    const database = await createNotebook(mode, { notes: 3000 });
    const observer = await observe(database);
    const started = startCommand(database, ...STEP_2, '--rate=300');
    try {
      const owned = await observer.countOwned();
      await waitUntil(started, async () => (await observer.countOwned()) !== owned);
      const answer = await read(database);
      assert.ok(answer.runs[0]?.process);
      assert.deepEqual(
        answer.rows.map(({ model, now }) => [model, now]),
        [['Note', null]],
      );
      assert.match(
        answer.verdict.text,
        /^Run \w+ is being worked on: [\d,]+ of 2,338 rows have got their owner\. /,
      );
      assert.match((await write(database)).page, /not counted/);
    } finally {
      started.child.kill('SIGKILL');
      await started.finished;
      await observer.close();
      await database.drop();
    }
  });
}
