import { randomBytes } from 'node:crypto';
import { type PostgresServer, startPostgres } from '../../../tests/helpers/postgres-server.ts';
import { connect } from '../connection.ts';
import { createTables, insertNotes } from '../sample.ts';
import { type Arena, type Copy, toBytes } from './arena.ts';

/**
 * Starts a server with the settings that PostgreSQL comes with, fsync among them, or takes the one at `url`. The template
 * gets its tables and users by the statements of `tables`.
 */
export async function openPostgresql(
  url: string | undefined,
  tables: readonly string[] = createTables('postgresql'),
): Promise<Arena> {
  const server = await startPostgres(url, []);
  try {
    return await describe(server, url, tables);
  } catch (error) {
    await server.stop();
    throw error;
  }
}

async function describe(
  server: PostgresServer,
  url: string | undefined,
  tables: readonly string[],
): Promise<Arena> {
  const admin = connect(server.url);
  const [row] = await admin.query(`SELECT current_setting('server_version') AS version,
    current_setting('fsync') AS fsync, current_setting('synchronous_commit') AS commit`);
  const prefix = `prisma_ownership_bench_${randomBytes(4).toString('hex')}`;
  const template = `${prefix}_template`;
  const copy = `${prefix}_copy`;
  const urlOf = (name: string) => Object.assign(new URL(server.url), { pathname: `/${name}` }).href;
  const drop = (name: string) => admin.execute(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
  return {
    provider: 'postgresql',
    name: `PostgreSQL ${row?.version} (fsync ${row?.fsync}, synchronous_commit ${row?.commit}, ${url ? 'BENCH_POSTGRES_URL' : 'otherwise as it comes'})`,
    log: 'WAL written',
    createTemplate: async (rows) => {
      await drop(template);
      await admin.execute(`CREATE DATABASE ${template}`);
      await fill(urlOf(template), tables, rows);
    },
    createCopy: async () => {
      await drop(copy);
      await admin.execute(`CREATE DATABASE ${copy} TEMPLATE ${template}`);
      await admin.execute('CHECKPOINT');
      return openCopy(urlOf(copy), async () => void (await drop(copy)));
    },
    close: async () => {
      try {
        // A server of ours may have got Ctrl-C too, and takes everything with it.
        if (url) for (const name of [copy, template]) await drop(name);
      } finally {
        await admin.close();
        await server.stop();
      }
    },
  };
}

async function fill(url: string, tables: readonly string[], rows: number): Promise<void> {
  const connection = connect(url);
  try {
    for (const statement of tables) await connection.query(statement);
    await connection.execute(insertNotes(`SELECT n FROM generate_series(1, ${rows}) n`));
    await connection.execute('VACUUM ANALYZE');
  } finally {
    await connection.close();
  }
}

function openCopy(url: string, drop: () => Promise<void>): Copy {
  const connection = connect(url);
  return {
    url,
    measure: async () => {
      const rows = await connection.query(`
        SELECT pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0') AS log, pg_total_relation_size('"Note"') AS note,
          (SELECT sum(pg_total_relation_size(oid)) FROM pg_class
            WHERE relkind = 'r' AND relnamespace = to_regnamespace('ownership_migration')) AS journal`);
      return { log: toBytes(rows, 'log'), table: toBytes(rows, 'note'), journal: toBytes(rows, 'journal') };
    },
    countUnowned: async () =>
      toBytes(await connection.query('SELECT count(*) - count("userId") AS n FROM "Note"'), 'n'),
    drop: async () => {
      await connection.close();
      await drop();
    },
  };
}
