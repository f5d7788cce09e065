import assert from 'node:assert/strict';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import type { StatusAnswer } from '../src/commands/results.ts';
import { type Finished, runCli } from './helpers/command-line.ts';
import type { TestDatabase } from './helpers/database.ts';
import { hasJournal } from './helpers/snapshot.ts';
import { queryJournal, runInJournal } from './helpers/journal.ts';
import { createNotebook, MODES, OWNER } from './helpers/notebook.ts';
import { observe, runCommand, runRemedy, STEP_2, startCommand, waitUntil } from './helpers/processes.ts';

/** Types a command in the database's folder, as Ana. */
function type(database: TestDatabase, ...args: string[]): Promise<Finished> {
  const env = { ...database.env, DATABASE_URL: database.url, USER: 'ana' };
  return runCli(args, { cwd: database.folder, env });
}

async function read(database: TestDatabase, ...args: string[]): Promise<StatusAnswer> {
  const { code, stdout, stderr } = await type(database, 'status', '--json', ...args);
  assert.equal(code, 0, stderr);
  return JSON.parse(stdout) as StatusAnswer;
}

function find({ checklist }: StatusAnswer, name: string) {
  const line = checklist?.find((each) => each.line === name);
  assert.ok(line, `there is no line ${name}`);
  return line;
}

const tick = (line: string, note: string) => [`--tick=${line}`, `--note=${note}`];

for (const mode of MODES) {
  describe(`the status on ${mode}`, () => {
    let database: TestDatabase;
    before(async () => {
      database = await createNotebook(mode, { notes: 50 });
    });
    after(() => database?.drop());

    it('reads only', async () => {
      const rows = await database.dump();
      const { code, stderr } = await type(database, 'status');
      assert.equal(code, 0);
      assert.match(stderr, /^Database: .+\n$/);
      assert.equal(await hasJournal(database), false);
      assert.equal(await database.dump(), rows);
    });

    it('refuses a tick without a note, and a note without a tick, and keeps no journal for them', async () => {
      const withoutNote = await type(database, 'status', '--tick=app', '--json');
      const { error } = JSON.parse(withoutNote.stdout);
      assert.deepEqual([withoutNote.code, error.code], [2, 'NOTE_MISSING']);
      assert.match(error.remedy, /\n {2}npm run migration:status -- --tick=app --note="what was tried"$/);
      for (const args of [['--note=x'], tick('app', '  '), tick('verify', 'x'), ['--json', '--markdown']]) {
        const { code, stderr } = await type(database, 'status', ...args);
        assert.equal(code, 2, args.join(' '));
        assert.match(stderr, /^error: /);
      }
      const unknown = await type(database, 'status', ...tick('tests', 'x'));
      assert.match(unknown.stderr, /'tests' is invalid\. Allowed choices are backup, staging, team, app, /);
      assert.equal(await hasJournal(database), false);
    });

    it('journals a tick with its note, its user and its time, without what is secret', async () => {
      const note = `it’s in\n  postgres://app:ge%2Fheim@db1/app | "x"`;
      const { checklist } = await read(database, ...tick('backup', note));
      const line = checklist?.find((each) => each.line === 'backup');
      assert.equal(line?.state, 'done');
      assert.match(
        line?.proof ?? '',
        /^ana on \S+, \d{4}-\d\d-\d\dT[\d:.]+Z: it’s in postgres:\/\/db1\/app \| "x"$/,
      );
      const [row] = await queryJournal(database, 'tick');
      assert.deepEqual([row?.line, row?.note], ['backup', 'it’s in postgres://db1/app | "x"']);
    });

    it('takes the last tick of a line, and keeps those before', async () => {
      const answer = await read(database, ...tick('backup', 'restored it, to be sure'));
      assert.match(find(answer, 'backup').proof, /: restored it, to be sure$/);
      assert.equal((await queryJournal(database, 'tick')).length, 2);
    });

    it('works with a journal from before there were ticks', async () => {
      await runInJournal(database, 'DROP TABLE tick');
      assert.equal(find(await read(database), 'backup').state, 'open');
      assert.equal(find(await read(database, ...tick('backup', 'again')), 'backup').state, 'done');
    });

    it('is about the models of the latest run, where no flag says otherwise', async () => {
      const flags = ['--exclude=NoteTag', '--owner-column=Note=userId'];
      assert.equal((await type(database, ...STEP_2, ...flags)).code, 0);
      const inherited = await read(database);
      assert.equal(find(inherited, 'phase1-schema').proof, '1 model: Note');
      assert.match(
        find(inherited, 'team').remedy,
        /^npm run migration:status -- --tick=team --note="[\w ]+"$/,
      );
      await database.run(`UPDATE "Note" SET "userId" = NULL WHERE id < 3`);
      const { remedy } = find(await read(database), 'assign');
      assert.equal(
        remedy,
        `npm run migration:assign ${OWNER} -- --owner-column=Note=userId --exclude=NoteTag`,
      );
      const typed = await read(database, '--exclude=Note');
      assert.equal(find(typed, 'phase1-schema').proof, '1 model: NoteTag');
      assert.match(find(typed, 'team').remedy, / --exclude=Note$/);
    });

    it('shows the runs without the checklist where the schema cannot be read, and says why', async () => {
      writeFileSync(join(database.folder, 'ownership.config.json'), '{ "ownerModel": "Nobody" }');
      const { checklist, next, findings, runs } = await read(database);
      assert.deepEqual([checklist, runs.length], [null, 1]);
      assert.deepEqual(
        findings.map(({ code, severity }) => [code, severity]),
        [['CHECKLIST_UNREAD', 'warning']],
      );
      assert.match(
        findings[0]?.message ?? '',
        /with the flags of run \w+: ownership\.config\.json or a flag names "Nobody"/,
      );
      assert.equal(findings[0]?.remedy, 'Models: User, Note, NoteTag');
      assert.match(next, /^npm run migration:verify /);
      const text = await type(database, 'status', ...tick('team', 'told'));
      assert.deepEqual([text.code, text.stdout.includes('[CHECKLIST_UNREAD]')], [0, true]);
      assert.match(text.stdout, /\nTo verify:\n {2}npm run migration:verify .+\n$/);
      rmSync(join(database.folder, 'ownership.config.json'));
      assert.equal(find(await read(database), 'team').state, 'done');
      const elsewhere = await runCli(['status', '--json'], {
        cwd: '/',
        env: { ...database.env, DATABASE_URL: database.url },
      });
      assert.match(elsewhere.stdout, /CHECKLIST_UNREAD/);
      assert.equal(elsewhere.code, 0);
    });

    it('begins anew after a rollback', async () => {
      assert.equal((await type(database, 'rollback', '--confirm')).code, 0);
      const undone = await read(database);
      assert.deepEqual(
        [find(undone, 'rollback').state, find(undone, 'assign').proof],
        ['done', 'no run yet'],
      );
    });
  });

  describe(`the status on ${mode}, while a run goes on`, () => {
    it('counts nothing, leaves the run at the end, and takes a tick', async () => {
      const database = await createNotebook(mode, { notes: 4000 });
      const observer = await observe(database);
      const owned = await observer.countOwned();
      const started = startCommand(database, ...STEP_2, '--rate=100');
      try {
        await waitUntil(started, async () => (await observer.countOwned()) !== owned);
        const { code, stdout } = await type(database, 'status', ...tick('team', 'they know'));
        assert.equal(code, 0);
        assert.match(stdout, /^Checklist, [\s\S]+\nRun [0-9a-f]{8}: running/m);
        assert.match(stdout, /^ {4}done +Tell the team +ana on /m);
        assert.match(
          stdout,
          /\nRun [0-9a-f]{8}: running, for cm3owner0000.+\n {2}production-safe --step=2 by process [\s\S]+\n\nIt is being worked on\. To look again:\n {2}npm run migration:status\n$/,
        );
        const answer = await read(database);
        assert.equal(answer.next, 'npm run migration:status');
        assert.match(
          find(answer, 'assign').proof,
          /^run [0-9a-f]{8}: [\d,]+ of [\d,]+ rows, by a process that works on it now$/,
        );
        assert.equal(find(answer, 'all-assigned').proof, 'not all rows were counted');

        started.child.kill('SIGKILL');
        await started.finished;
        const killed = await read(database);
        assert.match(find(killed, 'assign').proof, /; it is not finished$/);
        assert.match(killed.next, /^npm run migration:assign cm3owner0000 /);
        await runInJournal(database, `UPDATE run SET status = 'failed'`);
        assert.equal(find(await read(database), 'assign').state, 'failed');
        assert.equal(
          (await runRemedy(database, killed.next.replace(' --rate=100', ''), 'migration:assign')).code,
          0,
        );
        assert.equal(find(await read(database), 'verify').state, 'done');
      } finally {
        started.child.kill('SIGKILL');
        await started.finished;
        await observer.close();
        await database.drop();
      }
    });
  });
}

describe('a tick', () => {
  it('is refused where the server is read-only, and nothing is changed', async () => {
    const database = await createNotebook('PostgreSQL', { notes: 5 });
    try {
      const { pathname } = new URL(database.url);
      await database.run(`ALTER DATABASE ${pathname.slice(1)} SET default_transaction_read_only = on`);
      const { code, stdout } = await runCommand(database, 'status', '--json', ...tick('app', 'x'));
      const { error } = JSON.parse(stdout);
      assert.deepEqual([code, error.code], [2, 'TICK_NOT_WRITABLE']);
      assert.match(error.message, /default_transaction_read_only is on/);
      assert.equal(await hasJournal(database), false);
      assert.equal((await runCommand(database, 'status')).code, 0);
    } finally {
      await database.drop();
    }
  });
});
