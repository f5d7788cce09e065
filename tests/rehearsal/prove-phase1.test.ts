import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
// First, as it decides on which server databases are made.
import { cannotDump } from '../helpers/dumpable-server.ts';
import { withDatabase } from '../../src/database/connect.ts';
import { describeRehearsal } from '../../src/commands/rehearse-answer.ts';
import { createApp, listStates, rehearseOn } from '../helpers/rehearsal.ts';
import { urlOf } from '../helpers/restore.ts';

describe('a rehearsal on PostgreSQL', { skip: cannotDump('postgresql') }, () => {
  it('catches what phase 1 changes beside the schema', async (t) => {
    const copies = [await createApp('postgresql', 'none'), await createApp('postgresql', 'none')] as const;
    t.after(() => Promise.all(copies.map((each) => each.drop())));
    for (const each of copies)
      await each.run(`CREATE FUNCTION touch() RETURNS event_trigger LANGUAGE plpgsql AS
          $$ BEGIN UPDATE "Log" SET text = text || '!'; END $$;
        CREATE EVENT TRIGGER touch ON ddl_command_end WHEN TAG IN ('ALTER TABLE') EXECUTE FUNCTION touch()`);
    const done = await rehearseOn(...copies, { models: ['Note'] });
    assert.deepEqual(listStates(done).slice(1, 3), ['phase1 failed', 'step1 held']);
    const [finding] = done.findings.filter(({ code }) => code === 'REHEARSAL_DIFFERS');
    assert.match(finding?.message ?? '', /^phase 1 changed more than owners in the table "Log": 1 row, /);
    assert.deepEqual(
      done.proof.tables.map(({ table, same }) => [table, same]),
      [
        ['Log', false],
        ['Note', true],
        ['User', true],
      ],
    );
  });

  it('has its answer also where production cannot be counted', async (t) => {
    const copies = [await createApp('postgresql', 'none'), await createApp('postgresql', 'none')] as const;
    t.after(() => Promise.all(copies.map((each) => each.drop())));
    const rehearsal = await rehearseOn(...copies, { models: ['Note'] });
    const url = urlOf(copies[0]);
    const gone = { ...url, url: 'postgresql://nobody@127.0.0.1:1/none' };
    await assert.rejects(withDatabase(gone, ({ read }) => read(async () => undefined)));
    const notes: string[] = [];
    const answer = await describeRehearsal(
      { url: gone },
      {
        rehearsal,
        report: {
          backup: null,
          database: { provider: 'postgresql', name: url.name },
          taken: '2026-11-26T02:45:00.000Z',
          tables: 3,
          rows: 253,
        },
        user: { id: 'cm3owner0000', label: 'ana', values: {} },
        server: url,
        left: [],
        started: 0,
        note: (text) => notes.push(text),
      },
    );
    assert.equal(answer.ok, true);
    const measured = answer.parts.flatMap(({ models }) => models);
    assert.ok(measured.length > 0);
    assert.ok(measured.every(({ production }) => production === null));
    assert.equal(notes.length, 1);
    assert.match(notes[0] ?? '', /^Nothing is predicted for production, as its rows could not be counted: /);
  });
});
