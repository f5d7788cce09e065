import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Finding } from '../src/ownership/findings.ts';
import { CHINOOK_MISSING, CHINOOK_ROWS, createChinook, nameIn } from './helpers/chinook.ts';
import { ALL_PROVIDERS, isMissing, type TestDatabase } from './helpers/database.ts';
import { runCommand } from './helpers/processes.ts';
import { quoteName, type Snapshot, takeSnapshot } from './helpers/snapshot.ts';

const OWNER = 'cm3owner0000';
const SECOND = 'cm3second0000';
const ROWS = 15_569;
/** Given to the second user before the run: rows of a table with a number as its key, and of the composite one. */
const GIVEN = { Album: 17, PlaylistTrack: 213 };
const NOTHING = Object.fromEntries(Object.keys(CHINOOK_ROWS).map((model) => [model, 0]));

/** The snapshot without the owner columns; the users' own table has none. */
function withoutOwners({ objects, tables }: Snapshot): Snapshot {
  const stripped = Object.entries(tables).map(([name, { columns, lines }]) => {
    const kept = columns.filter((column) => column !== 'userId');
    const rest = lines.map((line) =>
      JSON.stringify(JSON.parse(line).filter((_: unknown, i: number) => columns[i] !== 'userId')),
    );
    return [name, { columns: kept, lines: rest.sort() }];
  });
  return { objects, tables: Object.fromEntries(stripped) };
}

for (const provider of ALL_PROVIDERS) {
  const skip = CHINOOK_MISSING || isMissing(provider);
  describe(`Chinook, which nobody here wrote, on ${provider}`, { skip }, () => {
    let database: TestDatabase;
    let atFirst: Snapshot;
    let assigned: Snapshot;
    const named = (model: string) => nameIn(provider, model);
    const answer = async (code: number, ...args: string[]) => {
      const finished = await runCommand(database, ...args, '--json');
      assert.equal(finished.code, code, `${finished.stdout}${finished.stderr}`);
      return JSON.parse(finished.stdout);
    };
    const step = (number: number, code = 0) => answer(code, 'production-safe', OWNER, `--step=${number}`);
    const countsOf = (models: Record<string, unknown>[], key: string) =>
      Object.fromEntries(models.map((each) => [each.model, each[key]]));
    const perModel = (counts: Record<string, number>) =>
      Object.fromEntries(Object.entries(counts).map(([model, count]) => [named(model), count]));
    const toAssign = perModel({
      ...CHINOOK_ROWS,
      Album: CHINOOK_ROWS.Album - GIVEN.Album,
      PlaylistTrack: CHINOOK_ROWS.PlaylistTrack - GIVEN.PlaylistTrack,
    });

    before(async () => {
      database = await createChinook(provider);
      for (const [model, count] of Object.entries(GIVEN)) {
        const table = quoteName(named(model));
        const key = model === 'Album' ? [named('AlbumId')] : [named('PlaylistId'), named('TrackId')];
        const columns = key.map(quoteName).join(', ');
        await database.run(`UPDATE ${table} SET "userId" = '${SECOND}'
          WHERE (${columns}) IN (SELECT ${columns} FROM (SELECT ${columns} FROM ${table} ORDER BY ${columns} LIMIT ${count}) first)`);
      }
      atFirst = await takeSnapshot(database);
    });
    after(() => database?.drop());

    it('list-users shows both users, and what the second one owns', async () => {
      const { total, users } = await answer(0, 'list-users');
      assert.equal(total, 2);
      const owned = (id: string) => users.find((user: { id: string }) => user.id === id).rows;
      assert.deepEqual(owned(OWNER), perModel(NOTHING));
      assert.deepEqual(owned(SECOND), perModel({ ...NOTHING, ...GIVEN }));
    });

    it('step 1 counts every row and finds no error', async () => {
      const { ok, models, findings } = await step(1);
      assert.equal(ok, true);
      const shared = ['Employee', 'Genre', 'MediaType'].map(named).join(', ');
      // MySQL gives every foreign key an index.
      const unindexed = provider === 'mysql' ? [] : Object.keys(CHINOOK_ROWS).map(named);
      assert.deepEqual(
        findings.map((each: Finding) => `${each.severity} ${each.code} ${each.model ?? each.message}`).sort(),
        [
          `info MODEL_UNCLASSED ${shared} have rows and take no part: they are taken for shared`,
          ...unindexed.map((model) => `warning NO_OWNER_INDEX ${model}`).sort(),
        ],
      );
      assert.deepEqual(countsOf(models, 'rows'), perModel(CHINOOK_ROWS));
      assert.deepEqual(countsOf(models, 'unowned'), toAssign);
      assert.deepEqual(countsOf(models, 'ownedByOthers'), perModel({ ...NOTHING, ...GIVEN }));
      assert.deepEqual(await takeSnapshot(database), atFirst);
    });

    it('step 2 assigns all other rows, and step 3 verifies all 15,569', async () => {
      const { models } = await step(2);
      assert.deepEqual(countsOf(models, 'assigned'), toAssign);
      const verified = await step(3);
      assert.equal(verified.ok, true);
      assert.equal(
        verified.models.reduce((sum: number, { rows }: { rows: number }) => sum + rows, 0),
        ROWS,
      );
      assert.deepEqual(countsOf(verified.models, 'unowned'), perModel(NOTHING));
      assert.deepEqual(countsOf(verified.models, 'ownedByUser'), toAssign);
      assert.deepEqual(countsOf(verified.models, 'ownedByOthers'), perModel({ ...NOTHING, ...GIVEN }));
      assigned = await takeSnapshot(database);
    });

    it('every other column of every table is as it was, and the rows given away keep their owner', async () => {
      assert.deepEqual(withoutOwners(assigned), withoutOwners(atFirst));
      for (const [name, { columns, lines }] of Object.entries(atFirst.tables)) {
        const owner = columns.indexOf('userId');
        const given =
          owner < 0 ? lines : lines.filter((line) => String(JSON.parse(line)[owner]).includes(SECOND));
        const kept = new Set(assigned.tables[name]?.lines);
        assert.deepEqual(
          given.filter((line) => !kept.has(line)),
          [],
          `rows of ${name}`,
        );
      }
    });

    it('rollback restores the database exactly', async () => {
      const { models } = await answer(0, 'rollback', '--confirm');
      assert.deepEqual(countsOf(models, 'reverted'), toAssign);
      assert.deepEqual(countsOf(models, 'skipped'), perModel(NOTHING));
      assert.deepEqual(await takeSnapshot(database), atFirst);
      assert.equal((await step(3, 1)).ok, false);
    });

    it('assigning again gives the same database as the first time', async () => {
      await step(2);
      assert.deepEqual(await takeSnapshot(database), assigned);
      assert.equal((await step(3)).ok, true);
    });
  });
}
