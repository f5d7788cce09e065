import { strict as assert } from 'node:assert';
import { readFileSync, writeFileSync } from 'node:fs';
import { it } from 'node:test';
import { type Finished, runCli } from './command-line.ts';
import { ALL_PROVIDERS, createDatabase, isMissing, type TestDatabase } from './database.ts';
import { runInProcess } from './in-process.ts';
import { hasJournal, type Snapshot, takeSnapshot } from './snapshot.ts';

/** The words for a type that differ between the databases. */
export const TYPES = {
  sqlite: { serial: 'INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT', time: 'DATETIME', bytes: 'BLOB' },
  postgresql: { serial: 'SERIAL PRIMARY KEY', time: 'TIMESTAMP(3)', bytes: 'BYTEA' },
  mysql: {
    serial: 'INTEGER NOT NULL PRIMARY KEY AUTO_INCREMENT',
    time: 'DATETIME(3)',
    bytes: 'VARBINARY(16)',
  },
};

/** One database that is walked through its life. */
export interface LifeCycleCase {
  /** Completes "restores and repeats ...". */
  name: string;
  on?: readonly TestDatabase['provider'][];
  ddl: string | ((types: (typeof TYPES)['sqlite']) => string);
  models: string;
  /** The datasource's schemas, for models with @@schema. */
  schemas?: readonly string[];
  /** What follows the URL, as "?schema=app". */
  search?: string;
  /** The user id as it is typed. */
  user: string;
  /** The owner column of each table that is assigned. */
  owners: Record<string, string>;
  /** What the owner columns hold afterwards; the user id where it is left out. */
  value?: string | number | bigint;
  /** How many rows are without an owner in these tables. */
  unowned: number;
  options?: readonly string[];
  /** Through processes of their own, as an operator does it. */
  asProcess?: boolean;
}

/** Registers a test for each case and each of its databases. */
export function testLifeCycles(cases: readonly LifeCycleCase[]): void {
  for (const each of cases) {
    for (const provider of each.on ?? ALL_PROVIDERS) {
      it(`restores and repeats ${each.name} (${provider})`, { skip: isMissing(provider) }, async (t) => {
        const ddl = typeof each.ddl === 'string' ? each.ddl : each.ddl(TYPES[provider]);
        const database = await createDatabase(provider, { ddl, models: each.models });
        t.after(database.drop);
        if (each.schemas) nameSchemas(database, each.schemas);
        await walkThroughLife({ ...database, url: `${database.url}${each.search ?? ''}` }, each);
      });
    }
  }
}

function nameSchemas({ schemaPath, provider }: TestDatabase, schemas: readonly string[]): void {
  const line = `provider = "${provider}"`;
  const text = readFileSync(schemaPath, 'utf8');
  writeFileSync(schemaPath, text.replace(line, `${line}\n  schemas = ${JSON.stringify(schemas)}`));
}

/** Dry run, assign, verify, roll back (dry, then for real), assign and verify again, with a look at every row after each. */
async function walkThroughLife(database: TestDatabase, lifeCycle: LifeCycleCase): Promise<void> {
  const { user, unowned, options = [] } = lifeCycle;
  const run = (args: readonly string[]) => runOn(database, args, lifeCycle.asProcess);
  const step = (number: 1 | 2 | 3, ...more: string[]) =>
    run(['production-safe', `--step=${number}`, ...options, ...more, '--', user]);
  const before = await takeSnapshot(database);
  const assigned = withOwners(before, database, lifeCycle);

  const checked = answer(await step(1));
  assert.equal(checked.ok, true);
  assert.equal(sum(checked.models, 'unowned'), unowned);
  const tried = answer(await step(2, '--dry-run'));
  assert.deepEqual([tried.dryRun, tried.run, sum(tried.models, 'unowned')], [true, null, unowned]);
  assert.deepEqual(await takeSnapshot(database), before);
  assert.equal(await hasJournal(database), false);

  const first = answer(await step(2));
  assert.deepEqual(
    [first.ok, sum(first.models, 'assigned'), sum(first.models, 'unowned')],
    [true, unowned, 0],
  );
  assert.deepEqual(await takeSnapshot(database), assigned);
  const verified = answer(await step(3));
  assert.deepEqual([verified.ok, verified.run, verified.findings], [true, first.run, []]);

  const planned = answer(await run(['rollback', '--dry-run']));
  assert.deepEqual(
    [planned.run, planned.dryRun, sum(planned.models, 'reverted')],
    [first.run, true, unowned],
  );
  assert.deepEqual(await takeSnapshot(database), assigned);
  const undone = answer(await run(['rollback', '--confirm']));
  assert.deepEqual(undone, { ...planned, dryRun: false });
  assert.equal(sum(undone.models, 'skipped'), 0);
  assert.deepEqual(await takeSnapshot(database), before);

  const second = answer(await step(2));
  assert.notEqual(second.run, first.run);
  assert.deepEqual(second.models, first.models);
  assert.deepEqual(await takeSnapshot(database), assigned);
  assert.equal(answer(await step(3)).run, second.run);
}

/** Runs a command on the database, from the folder of its schema. */
export function runOn(
  { folder, url }: TestDatabase,
  args: readonly string[],
  asProcess = false,
  env: Readonly<Record<string, string>> = {},
): Promise<Finished> {
  const options = { cwd: folder, env: { ...env, DATABASE_URL: url } };
  return (asProcess ? runCli : runInProcess)([...args.slice(0, 1), '--json', ...args.slice(1)], options);
}

// biome-ignore lint/suspicious/noExplicitAny: the answers of four commands; each test reads the keys it is about
type Answer = any;

/** The JSON document of a command that ended well and had nothing else to say than which database it means, and that nobody has backed it up. */
export function answer({ code, stdout, stderr }: Finished): Answer {
  assert.equal(code, 0, stdout + stderr);
  assert.match(stderr, /^Database: [^\n]+\n(?:warning: no backup of this database is known\n)?$/);
  return JSON.parse(stdout);
}

function sum(models: readonly Record<string, number>[], key: string): number {
  return models.reduce((total, model) => total + (model[key] ?? Number.NaN), 0);
}

/** The snapshot with the owner where there was NULL, and not one other difference. */
function withOwners(before: Snapshot, { provider }: TestDatabase, lifeCycle: LifeCycleCase): Snapshot {
  const { owners, user, value = user } = lifeCycle;
  const isQuoted = provider === 'sqlite' && typeof value === 'string';
  const [owner, none] = [
    isQuoted ? `'${value.replaceAll("'", "''")}'` : String(value),
    provider === 'sqlite' ? 'NULL' : null,
  ];
  const after = structuredClone(before);
  for (const [table, column] of Object.entries(owners)) {
    const { columns, lines } = after.tables[table] ?? assert.fail(`there is no table ${table}`);
    const at = columns.indexOf(column);
    assert.notEqual(at, -1, `${table} has no column ${column}`);
    const changed = lines.map((line) => {
      const values = JSON.parse(line) as (string | null)[];
      if (values[at] === none) values[at] = owner;
      return JSON.stringify(values);
    });
    after.tables[table] = { columns, lines: changed.sort() };
  }
  return after;
}
