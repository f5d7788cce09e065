import { randomBytes } from 'node:crypto';
import { createConnection } from 'mariadb';
import type { Opened, Row } from './database.ts';

/** Names are quoted as on the other databases, and a backslash is a backslash. */
const SQL_MODE = 'ANSI_QUOTES,PIPES_AS_CONCAT,NO_BACKSLASH_ESCAPES,STRICT_ALL_TABLES';

/** Creates a database on the server of TEST_MYSQL_URL; texts are compared by their bytes, as on the other databases. */
export async function createMysql(): Promise<Opened> {
  const server = process.env.TEST_MYSQL_URL;
  if (!server) throw new Error('TEST_MYSQL_URL is not set');
  const name = `prisma_ownership_test_${randomBytes(6).toString('hex')}`;
  await queryMysql(server, `CREATE DATABASE ${name} CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin`);
  const url = new URL(server);
  url.pathname = `/${name}`;
  const query = (sql: string) => queryMysql(url.href, sql);
  return {
    url: url.href,
    run: async (sql) => {
      if (sql.trim() !== '') await query(translate(sql));
    },
    query: (sql) => query(translate(sql)),
    dump: async () => {
      const columns = await query(`
        SELECT TABLE_NAME AS t, COLUMN_NAME AS c, COLUMN_TYPE, IS_NULLABLE, COLUMN_DEFAULT, EXTRA
          FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = '${name}' ORDER BY 1, ORDINAL_POSITION`);
      const lines = columns.map((row) => JSON.stringify(row));
      for (const table of new Set(columns.map(({ t }) => String(t)))) {
        const rows = await query(`SELECT * FROM "${table.replaceAll('"', '""')}"`);
        lines.push(table, ...rows.map((row) => JSON.stringify(row)).sort());
      }
      return lines.join('\n');
    },
    drop: async () => {
      await queryMysql(
        server,
        `DROP DATABASE IF EXISTS ${name}; DROP DATABASE IF EXISTS ${name}_ownership_migration`,
      );
    },
  };
}

const DEFAULT_URL = 'mysql://root@127.0.0.1:3306';

/** The environment for tests on MySQL: the server that answers, or why none does. */
export async function findMysql(url = DEFAULT_URL): Promise<Record<string, string>> {
  try {
    await queryMysql(url, 'SELECT 1');
    return { TEST_MYSQL_URL: url };
  } catch (error) {
    const [words] = (error as Error).message.split('\n');
    return { TEST_MYSQL_MISSING: `no MySQL or MariaDB answers at ${new URL(url).host} (${words})` };
  }
}

/** Runs one or more statements; the rows of the last one. */
export async function queryMysql(url: string, sql: string): Promise<Row[]> {
  const connection = await connectMysql(url);
  try {
    return await connection.query(sql);
  } finally {
    await connection.close();
  }
}

/** A connection that stays open. */
export async function connectMysql(
  url: string,
): Promise<{ query: (sql: string) => Promise<Row[]>; close: () => Promise<void> }> {
  const { hostname, port, username, password, pathname } = new URL(url);
  const connection = await createConnection({
    host: hostname,
    port: Number(port || 3306),
    user: decodeURIComponent(username),
    password: decodeURIComponent(password),
    ...(pathname.length > 1 ? { database: pathname.slice(1) } : {}),
    connectTimeout: 10_000,
    multipleStatements: true,
    dateStrings: true,
    bigIntAsNumber: true,
    initSql: `SET SESSION sql_mode = '${SQL_MODE}', time_zone = '+00:00' /*M! , max_recursive_iterations = 100000 */`,
  });
  // A session that is ended from outside shows in its next statement.
  connection.on('error', () => undefined);
  const query = async (sql: string): Promise<Row[]> => {
    const result: unknown = await connection.query(sql);
    const last = Array.isArray(result) && Array.isArray(result[0]) ? result.at(-1) : result;
    return Array.isArray(last) ? last.filter((row): row is Row => typeof row === 'object') : [];
  };
  return { query, close: () => connection.end() };
}

/** The words of the other databases: a TEXT can be no key on MySQL. */
function translate(sql: string): string {
  return sql.replace(/\bAS TEXT\)/g, 'AS CHAR)').replace(/\bTEXT\b/g, 'VARCHAR(191)');
}
