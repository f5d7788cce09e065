import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { after, describe, it } from 'node:test';
import fc from 'fast-check';
import { hasErrors } from '../src/ownership/findings.ts';
import { createDatabase, isMissing, type TestDatabase } from './helpers/database.ts';
import { createTables, type RandomApp, randomApps, writeModels } from './helpers/random-app.ts';
import { playScenario, randomScenarios } from './helpers/random-scenario.ts';

/** A new database for each run; `drop` removes it. */
type Opener = (app: RandomApp) => Promise<TestDatabase>;

function openSqlite(mode: 'delete' | 'wal'): Opener {
  return (app) =>
    createDatabase('sqlite', {
      ddl: `PRAGMA journal_mode = ${mode}; ${createTables('sqlite', app)}`,
      models: writeModels('sqlite', app),
    });
}

/** One database for all runs, because creating one takes longer than a run. */
function reusePostgresql(): Opener {
  let shared: Promise<TestDatabase> | undefined;
  after(async () => (await shared)?.drop());
  return async (app) => {
    shared ??= createDatabase('postgresql', { ddl: '', models: '' });
    const database = await shared;
    const models = writeModels('postgresql', app);
    writeFileSync(database.schemaPath, `datasource db {\n  provider = "postgresql"\n}\n\n${models}\n`);
    await database.run(`
      DROP SCHEMA IF EXISTS ownership_migration CASCADE; DROP SCHEMA public CASCADE; CREATE SCHEMA public;
      ${createTables('postgresql', app)}`);
    return { ...database, drop: async () => undefined };
  };
}

function openMysql(app: RandomApp): Promise<TestDatabase> {
  return createDatabase('mysql', { ddl: createTables('mysql', app), models: writeModels('mysql', app) });
}

function holdsFor(
  open: Opener,
  { numRuns, isJournalAhead }: { numRuns: number; isJournalAhead: boolean },
): Promise<void> {
  const property = fc.asyncProperty(randomApps(), randomScenarios(), async (app, scenario) => {
    const database = await open(app);
    try {
      const { verified } = await playScenario(database, { app, scenario, isJournalAhead });
      assert.equal(hasErrors(verified.findings), false, JSON.stringify(verified.findings));
    } finally {
      await database.drop();
    }
  });
  // Shrinking takes minutes; the seed and the path of a failure are printed, to be put here with it.
  return fc.assert(property, { numRuns, endOnFailure: true });
}

describe('assign, die, carry on and roll back, in any order, over any rows', () => {
  it('keeps every promise on SQLite in rollback-journal mode', () =>
    holdsFor(openSqlite('delete'), { numRuns: 40, isJournalAhead: false }));

  it('keeps every promise on SQLite in WAL mode', () =>
    holdsFor(openSqlite('wal'), { numRuns: 40, isJournalAhead: true }));

  it('keeps every promise on MySQL', { skip: isMissing('mysql') }, () =>
    holdsFor(openMysql, { numRuns: 20, isJournalAhead: false }),
  );

  it('keeps every promise on PostgreSQL', () =>
    holdsFor(reusePostgresql(), { numRuns: 20, isJournalAhead: false }));
});
