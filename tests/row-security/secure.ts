import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import type { TestContext } from 'node:test';
import { Client } from 'pg';
import { applyMigrations } from '../helpers/apply-migrations.ts';
import { createDatabase } from '../helpers/database.ts';
import { type } from '../helpers/restore.ts';
import { createRole } from '../helpers/roles.ts';

/** Tables for which policies are made. */
export interface Shape {
  name: string;
  ddl: string;
  models: string;
  /** The user, and another one. */
  users: [string, string];
  /** What the user sees, by query: one number. */
  sees: Record<string, number>;
  /** What the user may not write. */
  denied: string[];
  allowed: string[];
}

/** Makes the tables and their policies; twice gives nothing to write. */
export async function secure(t: TestContext, { ddl, models }: Pick<Shape, 'ddl' | 'models'>) {
  const database = await createDatabase('postgresql', { ddl, models });
  t.after(() => database.drop());
  if (models.includes('@@schema'))
    writeFileSync(
      database.schemaPath,
      readFileSync(database.schemaPath, 'utf8').replace(
        'provider =',
        'schemas = ["public", "other one"]\n  provider =',
      ),
    );
  const role = await createRole(t, database);
  const words = ['isolation', '--rls', `--role=${role}`];
  const done = await type(database, words);
  assert.equal(done.code, 0, done.stdout + done.stderr);
  await applyMigrations(database);
  const second = await type(database, [...words, '--json']);
  assert.equal(second.code, 0, second.stdout);
  const again = JSON.parse(second.stdout) as {
    models: { state: string }[];
  };
  assert.deepEqual(new Set(again.models.map(({ state }) => state)), new Set(['same']));
  const url = new URL(database.url);
  [url.username, url.password] = [role, encodeURIComponent('p@ss w/rd')];
  const ask = async (user: string | null, sql: string): Promise<string> => {
    const client = new Client({ connectionString: url.href });
    await client.connect();
    try {
      await client.query('BEGIN');
      if (user !== null) await client.query(`SELECT set_config('app.user_id', $1, true)`, [user]);
      const { rows } = await client.query(sql);
      await client.query('ROLLBACK');
      return rows[0] ? String(rows[0].n) : 'done';
    } catch (error) {
      return (error as Error).message;
    } finally {
      await client.end();
    }
  };
  return { database, role, ask };
}

/** Asserts that each user sees the own rows alone, nobody none, and what may be written. */
export async function assertApart(t: TestContext, shape: Shape): Promise<void> {
  const { ask } = await secure(t, shape);
  const [user, other] = shape.users;
  for (const [from, count] of Object.entries(shape.sees)) {
    assert.equal(await ask(user, `SELECT count(*) AS n ${from}`), String(count), from);
    assert.equal(await ask(null, `SELECT count(*) AS n ${from}`), '0', from);
    assert.equal(await ask('', `SELECT count(*) AS n ${from}`), '0', from);
  }
  for (const sql of shape.denied) assert.match(await ask(user, sql), /row-level security/, sql);
  for (const sql of shape.allowed) assert.equal(await ask(user, sql), 'done', sql);
  assert.notEqual(user, other);
}
