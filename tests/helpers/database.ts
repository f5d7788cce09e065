import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import BetterSqlite3 from 'better-sqlite3';
import { Client } from 'pg';
import { createMysql } from './mysql-database.ts';

/** A row as the driver reads it. */
export type Row = Record<string, unknown>;

/** A fresh database, named so that it cannot be anybody's production, with a Prisma schema beside it. */
export interface TestDatabase {
  provider: 'sqlite' | 'postgresql' | 'mysql';
  /** For DATABASE_URL. */
  url: string;
  /** Other variables that commands are started with. */
  env?: Readonly<Record<string, string>>;
  /** The folder that holds schema.prisma, and for SQLite the database. */
  folder: string;
  schemaPath: string;
  /** Runs one or more statements. */
  run: (sql: string) => Promise<void>;
  query: (sql: string) => Promise<Row[]>;
  /** Everything that is in the database but the journal: columns, defaults, indexes, triggers and every row, as text. */
  dump: () => Promise<string>;
  drop: () => Promise<void>;
}

/** The providers that all tests run on. `npm test` sets TEST_POSTGRES_URL, to its own server if need be. */
export const PROVIDERS = ['sqlite', 'postgresql'] as const;

/** With MySQL, for tests that say so when no server answers: `npm test` sets TEST_MYSQL_URL, or why there is none. */
export const ALL_PROVIDERS = [...PROVIDERS, 'mysql'] as const;

/** Why a provider's tests cannot run, or false. */
export function isMissing(provider: TestDatabase['provider']): string | false {
  if (provider !== 'mysql' || process.env.TEST_MYSQL_URL) return false;
  return (
    process.env.TEST_MYSQL_MISSING ??
    'TEST_MYSQL_URL is not set: run the tests with `npm test`, which looks for a server'
  );
}

/** Creates a database, runs `ddl` in it and writes a schema.prisma of `models` (a datasource is put before them). */
export async function createDatabase(
  provider: TestDatabase['provider'],
  { ddl, models }: { ddl: string; models: string },
): Promise<TestDatabase> {
  const folder = mkdtempSync(join(tmpdir(), 'prisma-ownership-test-'));
  const schemaPath = join(folder, 'schema.prisma');
  writeFileSync(schemaPath, `datasource db {\n  provider = "${provider}"\n}\n\n${models}\n`);
  const database = await CREATORS[provider](folder);
  const drop = async () => {
    await database.drop();
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    await database.run(ddl);
  } catch (error) {
    await drop();
    throw error;
  }
  return { provider, folder, schemaPath, ...database, drop };
}

export type Opened = Pick<TestDatabase, 'url' | 'run' | 'query' | 'dump' | 'drop'>;

const CREATORS: Record<TestDatabase['provider'], (folder: string) => Opened | Promise<Opened>> = {
  sqlite: createSqlite,
  postgresql: createPostgres,
  mysql: createMysql,
};

function createSqlite(folder: string): Opened {
  const file = join(folder, 'test.db');
  const withFile = <T>(work: (db: BetterSqlite3.Database) => T): T => {
    const db = new BetterSqlite3(file);
    try {
      return work(db);
    } finally {
      db.close();
    }
  };
  const query = async (sql: string) => withFile((db) => db.prepare(sql).all() as Row[]);
  return {
    url: `file:${file}`,
    run: async (sql) => withFile((db) => void db.exec(sql)),
    query,
    dump: async () => {
      const objects = await query(
        "SELECT type, name, sql FROM sqlite_master WHERE name NOT LIKE 'sqlite_%' ORDER BY name",
      );
      const tables = objects.filter(({ type }) => type === 'table').map(({ name }) => String(name));
      const rows = tables.map((table) =>
        withFile((db) => {
          const columns = db.pragma(`table_info("${table}")`) as { name: string }[];
          const quoted = columns.map(({ name }) => `quote("${name}")`).join(` || '|' || `);
          return db.prepare(`SELECT ${quoted} AS line FROM "${table}" ORDER BY 1`).pluck().all().join('\n');
        }),
      );
      return [...objects.map((object) => JSON.stringify(object)), ...rows].join('\n');
    },
    drop: async () => undefined,
  };
}

async function createPostgres(): Promise<Opened> {
  const server = process.env.TEST_POSTGRES_URL;
  if (!server)
    throw new Error('TEST_POSTGRES_URL is not set: run the tests with `npm test`, which starts a PostgreSQL');
  const name = `prisma_ownership_test_${randomBytes(6).toString('hex')}`;
  const url = new URL(server);
  const asAdmin = (sql: string) => queryPostgres(server, sql);
  await asAdmin(`CREATE DATABASE ${name}`);
  url.pathname = `/${name}`;
  const query = async (sql: string) => queryPostgres(url.href, sql);
  return {
    url: url.href,
    run: async (sql) => void (await query(sql)),
    query,
    dump: async () => {
      const columns = await query(`
        SELECT table_name, column_name, data_type, is_nullable, column_default FROM information_schema.columns
         WHERE table_schema = 'public' ORDER BY table_name, ordinal_position`);
      const objects = await query(`
        SELECT indexname AS name, indexdef AS definition FROM pg_indexes WHERE schemaname = 'public'
        UNION ALL SELECT tgname, pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal
        UNION ALL SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint WHERE connamespace = 'public'::regnamespace
        ORDER BY 1, 2`);
      const lines = [...columns, ...objects].map((row) => JSON.stringify(row));
      for (const table of new Set(columns.map((row) => String(row.table_name)))) {
        const rows = await query(`SELECT t::text AS line FROM "${table}" t ORDER BY 1`);
        lines.push(table, ...rows.map(({ line }) => String(line)));
      }
      return lines.join('\n');
    },
    drop: async () => {
      await asAdmin(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
    },
  };
}

/** Runs one or more statements on a connection of their own. */
export async function queryPostgres(url: string, sql: string): Promise<Row[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    const result = await client.query<Row>(sql);
    return result.rows;
  } finally {
    await client.end();
  }
}
