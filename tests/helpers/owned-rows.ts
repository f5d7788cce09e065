import assert from 'node:assert/strict';
import type { Row, TestDatabase } from './database.ts';
import { quoteName } from './snapshot.ts';

/** A table whose rows are told apart by key and have an owner column; names as the database has them. */
export interface OwnedTable {
  model: string;
  table: string;
  key: readonly string[];
  owner: string;
}

/** One row: its owner, and everything else in it as one text. */
interface OwnedRow {
  owner: string | null;
  rest: string;
}

/** Rows by `idOf`: the model and the key. */
export type OwnedRows = Map<string, OwnedRow>;

/** A row whose owner is another one than before. */
export interface OwnerChange {
  id: string;
  from: string | null;
  to: string | null;
}

/** Names one row by its model and its key, each part of the key as the text that the journal has. */
export function idOf(model: string, key: readonly string[]): string {
  return JSON.stringify([model, ...key]);
}

/** Reads all rows of the tables through the driver alone. */
export async function readOwnedRows(
  { query, provider }: Pick<TestDatabase, 'query' | 'provider'>,
  tables: readonly OwnedTable[],
): Promise<OwnedRows> {
  const found: OwnedRows = new Map();
  for (const { model, table, key, owner } of tables) {
    const bytes = provider === 'mysql' ? await listByteColumns(query, table) : [];
    const texts = key.map((name, i) => {
      const text = bytes.includes(name) ? `HEX(${quoteName(name)})` : keyText(provider, quoteName(name));
      return `${text} AS "key ${i}"`;
    });
    const rows = await query(
      `SELECT ${texts.join(', ')}, CAST(${quoteName(owner)} AS TEXT) AS "the owner", t.* FROM ${quoteName(table)} t`,
    );
    for (const row of rows) {
      const parts = key.map((_, i) => String(row[`key ${i}`]));
      found.set(idOf(model, parts), { owner: row['the owner'] as string | null, rest: restOf(row, owner) });
    }
  }
  return found;
}

/** Asserts that the same rows are there with the same values, owners apart; returns the rows with another owner. */
export function assertOnlyOwnersDiffer(before: OwnedRows, after: OwnedRows): OwnerChange[] {
  const changes: OwnerChange[] = [];
  assert.equal(after.size, before.size, 'the number of rows');
  for (const [id, { owner, rest }] of before) {
    const now = after.get(id);
    assert.ok(now, `${id} is gone`);
    assert.equal(now.rest, rest, `another column of ${id}`);
    if (now.owner !== owner) changes.push({ id, from: owner, to: now.owner });
  }
  return changes;
}

/** Asserts that both sets have the same elements, and names the first few that only one has. */
export function assertSameSet(actual: Iterable<string>, expected: Iterable<string>, what: string): void {
  const [left, right] = [new Set(actual), new Set(expected)];
  const surplus = [...left].filter((each) => !right.has(each));
  const missing = [...right].filter((each) => !left.has(each));
  const some = { surplus: surplus.slice(0, 5), missing: missing.slice(0, 5) };
  assert.ok(
    surplus.length + missing.length === 0,
    `${what}: ${surplus.length} too many, ${missing.length} missing: ${JSON.stringify(some)}`,
  );
}

async function listByteColumns(query: TestDatabase['query'], table: string): Promise<string[]> {
  const rows = await query(`
    SELECT COLUMN_NAME AS name FROM information_schema.COLUMNS
     WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME = '${table}' AND DATA_TYPE LIKE '%binary'`);
  return rows.map(({ name }) => String(name));
}

/** The journal keeps a BLOB as hexadecimal digits on SQLite. */
function keyText(provider: TestDatabase['provider'], name: string): string {
  return provider === 'sqlite'
    ? `CASE typeof(${name}) WHEN 'blob' THEN hex(${name}) ELSE CAST(${name} AS TEXT) END`
    : `CAST(${name} AS TEXT)`;
}

function restOf(row: Row, owner: string): string {
  return JSON.stringify(
    Object.entries(row).filter(([name]) => name !== owner && name !== 'the owner'),
    (_, value) => (typeof value === 'bigint' ? String(value) : value),
  );
}
