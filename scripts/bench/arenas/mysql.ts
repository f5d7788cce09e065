import { randomBytes } from 'node:crypto';
import { queryMysql } from '../../../tests/helpers/mysql-database.ts';
import { type Connection, connect } from '../connection.ts';
import { createTables, insertNotes } from '../sample.ts';
import { type Arena, type Copy, toBytes } from './arena.ts';

/** Takes the server at `url`, which other work may share: its log is counted as a whole. */
export async function openMysql(url: string): Promise<Arena> {
  // A pool would try for ten seconds, and not say why it failed.
  await queryMysql(url, 'SELECT 1').catch(({ code }: { code?: string }) => {
    throw new Error(`no server answers at BENCH_MYSQL_URL, or where it is looked for without that (${code})`);
  });
  const admin = connect(url);
  const prefix = `prisma_ownership_bench_${randomBytes(4).toString('hex')}`;
  const template = `${prefix}_template`;
  const copy = `${prefix}_copy`;
  const name = await describe(admin).catch(async (error: unknown) => {
    await admin.close();
    throw error;
  });
  return {
    provider: 'mysql',
    name,
    log: 'redo log written',
    createTemplate: async (rows) => {
      await drop(admin, template);
      await fill(url, template, numbersTo(rows, name));
    },
    createCopy: async () => {
      await drop(admin, copy);
      await fill(url, copy, template);
      return openCopy(url, copy, () => drop(admin, copy));
    },
    close: async () => {
      try {
        for (const each of [copy, template]) await drop(admin, each);
      } finally {
        await admin.close();
      }
    },
  };
}

async function describe(admin: Connection): Promise<string> {
  const [row] = await admin.query(`SELECT version() AS version,
    @@innodb_flush_log_at_trx_commit AS flush, @@innodb_buffer_pool_size AS pool`);
  const version = String(row?.version);
  const settings = `innodb_flush_log_at_trx_commit=${row?.flush}, buffer pool of ${Number(row?.pool) / 2 ** 20} MB`;
  return `${version.includes('MariaDB') ? 'MariaDB' : 'MySQL'} ${version.split('-')[0]} (${settings})`;
}

function numbersTo(rows: number, server: string): { numbers: string } {
  if (server.startsWith('MariaDB')) return { numbers: `SELECT seq AS n FROM seq_1_to_${rows}` };
  const hint = `SELECT /*+ SET_VAR(cte_max_recursion_depth = ${rows}) */ n FROM s`;
  return {
    numbers: `WITH RECURSIVE s (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM s WHERE n < ${rows}) ${hint}`,
  };
}

/** Makes the tables, with new rows or with those of another database, and writes them to the disk. */
async function fill(url: string, name: string, from: { numbers: string } | string): Promise<void> {
  const maker = connect(url);
  await maker.execute(`CREATE DATABASE ${name}`).finally(() => maker.close());
  const connection = connect(urlOf(url, name));
  try {
    for (const statement of createTables('mysql')) await connection.execute(statement);
    const rows =
      typeof from === 'string'
        ? `INSERT INTO "Note" SELECT * FROM ${from}."Note"`
        : insertNotes(from.numbers);
    await connection.execute(rows);
    await connection.query('ANALYZE TABLE "Note"');
    await connection.execute('FLUSH TABLES "Note" FOR EXPORT');
    await connection.execute('UNLOCK TABLES');
  } finally {
    await connection.close();
  }
}

/** Statements of clients that are gone may still run, and hold the tables. */
async function drop(admin: Connection, name: string): Promise<void> {
  const busy = await admin.query(`SELECT ID AS id FROM information_schema.PROCESSLIST WHERE DB = '${name}'`);
  for (const { id } of busy) await admin.execute(`KILL ${id}`).catch(() => undefined);
  for (const each of [name, `${name}_ownership_migration`])
    await admin.execute(`DROP DATABASE IF EXISTS ${each}`);
}

function urlOf(url: string, name: string): string {
  return Object.assign(new URL(url), { pathname: `/${name}` }).href;
}

function openCopy(url: string, name: string, drop: () => Promise<void>): Copy {
  const connection = connect(urlOf(url, name));
  return {
    url: urlOf(url, name),
    measure: async () => {
      const log = await connection.query(`SHOW GLOBAL STATUS LIKE 'Innodb_os_log_written'`);
      const files = await listFiles(connection, name);
      const isJournal = (file: Record<string, unknown>) => !String(file.name).startsWith(`${name}/`);
      return {
        log: toBytes(log, 'Value'),
        table: toBytes(
          files.filter((file) => file.name === `${name}/Note`),
          'size',
        ),
        journal: toBytes(files.filter(isJournal), 'size'),
      };
    },
    countUnowned: async () =>
      toBytes(await connection.query('SELECT count(*) - count("userId") AS n FROM "Note"'), 'n'),
    drop: async () => {
      await connection.close();
      await drop();
    },
  };
}

/** MySQL calls the list INNODB_TABLESPACES. */
async function listFiles(connection: Connection, name: string): Promise<Record<string, unknown>[]> {
  const [list] = await connection.query(`SELECT TABLE_NAME AS name FROM information_schema.TABLES
    WHERE TABLE_SCHEMA = 'information_schema' AND TABLE_NAME IN ('INNODB_SYS_TABLESPACES', 'INNODB_TABLESPACES')`);
  return connection.query(
    `SELECT NAME AS name, FILE_SIZE AS size FROM information_schema.${list?.name} WHERE NAME LIKE '${name}%'`,
  );
}
