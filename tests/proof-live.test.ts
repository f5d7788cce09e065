import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { startBusyApp } from './helpers/busy-app.ts';
import type { TestDatabase } from './helpers/database.ts';
import { queryJournal } from './helpers/journal.ts';
import { createNotebook, MODES, type Mode, OWNER, readNotebook } from './helpers/notebook.ts';
import { idOf } from './helpers/owned-rows.ts';
import {
  observe,
  ROLLBACK,
  runCommand,
  STEP_2,
  STEP_3,
  startCommand,
  waitUntil,
} from './helpers/processes.ts';

const WITH_PROOF = [...STEP_2, '--proof', '--json'];
const KILLS = 6;

async function withNotebook(mode: Mode, work: (database: TestDatabase) => Promise<void>): Promise<void> {
  const database = await createNotebook(mode, { notes: 16_000, noteTags: 2000 });
  try {
    await work(database);
  } finally {
    await database.drop();
  }
}

/** What the journal says is proved, of batches that count. */
async function readProved(database: TestDatabase): Promise<{ proved: number; assigned: number }> {
  const batches = (await queryJournal(database, 'batch')).filter(
    ({ committed, voided }) => committed && !voided,
  );
  const proofs = await queryJournal(database, 'proof');
  const keyOf = ({ run, model, sequence }: Record<string, unknown>) => `${run} ${model} ${sequence}`;
  const counted = new Set(batches.map(keyOf));
  const sum = (rows: Record<string, unknown>[], column: string) =>
    rows.reduce((total, row) => total + Number(row[column]), 0);
  assert.ok(
    proofs.every((proof) => counted.has(keyOf(proof))),
    'a proof without its batch',
  );
  return { proved: sum(proofs, 'proved_rows'), assigned: sum(batches, 'changed_rows') };
}

for (const mode of MODES) {
  describe(`step 2 with --proof, on ${mode}`, () => {
    it('raises no false alarm while an app writes to the same rows, and proves all that it assigns', () =>
      withNotebook(mode, async (database) => {
        const app = await startBusyApp(database);
        const first = await runCommand(database, ...WITH_PROOF);
        const { statements, notes } = await app.stop();
        assert.ok(statements > 100, `only ${statements} statements met step 2`);
        assert.ok([0, 2].includes(first.code ?? -1), first.stdout + first.stderr);
        const { proof, error } = JSON.parse(first.stdout);
        // An app that never rests may keep SQLite's one lock for longer than step 2 waits.
        if (error)
          assert.match(`${database.provider} ${error.code}`, /^sqlite (DATABASE_LOCKED|BATCH_FAILED)$/);
        else assert.ok(proof.rows > 0 && proof.unprovedRows === 0, JSON.stringify(proof));

        const second = await runCommand(database, ...WITH_PROOF);
        assert.equal(second.code, 0, second.stdout + second.stderr);
        const { proved, assigned } = await readProved(database);
        assert.equal(proved, assigned);
        assert.equal((await runCommand(database, ...STEP_3)).code, 0);
        const rows = await readNotebook(database);
        for (const [id, { title, owner }] of notes) {
          const row = rows.get(idOf('Note', [String(id)]));
          assert.ok(row?.rest.includes(JSON.stringify(title)), `the title of note ${id}: ${row?.rest}`);
          assert.equal(row?.owner, owner ?? OWNER, `the owner of note ${id}`);
        }
      }));

    it('is carried on with its proofs after kill -9, and rolled back to the same database', () =>
      withNotebook(mode, async (database) => {
        const observer = await observe(database);
        const before = await readNotebook(database);
        const unowned = [...before.values()].filter(({ owner }) => owner === null).length;
        const owned = await observer.countOwned();
        let kills = 0;
        for (let round = 0; round < KILLS; round += 1) {
          const target = owned + unowned * 0.9 * ((round + Math.random()) / KILLS);
          const started = startCommand(database, ...WITH_PROOF);
          await waitUntil(started, async () => (await observer.countOwned()) >= target);
          await pause(Math.random() * 15);
          started.child.kill('SIGKILL');
          const { code, stdout } = await started.finished;
          if (code === null) kills += 1;
          else assert.equal(code, 0, stdout);
        }
        await observer.close();
        assert.ok(kills > 0, 'every process ended before it could be killed');

        const finished = await runCommand(database, ...WITH_PROOF);
        assert.equal(finished.code, 0, finished.stdout + finished.stderr);
        const { proved, assigned } = await readProved(database);
        assert.equal(assigned, unowned);
        // SQLite does not commit two files as one in WAL mode: there the proof of a batch can be lost, never the batch.
        const lost = assigned - proved;
        if (mode === 'SQLite in WAL mode') assert.ok(lost >= 0 && lost < unowned / 2, `${lost} rows`);
        else assert.equal(lost, 0);
        const verified = JSON.parse((await runCommand(database, ...STEP_3, '--json')).stdout);
        assert.deepEqual(
          [verified.ok, verified.proof.rows, verified.proof.unprovedRows],
          [true, proved, lost],
        );

        assert.equal((await runCommand(database, ...ROLLBACK)).code, 0);
        assert.deepEqual(await readNotebook(database), before);
      }));
  });
}
