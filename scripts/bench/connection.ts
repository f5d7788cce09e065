import BetterSqlite3 from 'better-sqlite3';
import { createPool } from 'mariadb';
import { Pool } from 'pg';

/** A row as the driver reads it. */
type Row = Record<string, unknown>;

/** A database through its plain driver. */
export interface Connection {
  query: (sql: string) => Promise<Row[]>;
  /** Runs one statement with `?` for its values; the number of rows that it found. */
  execute: (sql: string, values?: readonly string[]) => Promise<number>;
  close: () => Promise<void>;
}

/** As long as Prisma's adapter waits for SQLite's lock. */
const BUSY_TIMEOUT_MS = 5000;

/** Opens up to so many connections; on SQLite always one, as Prisma does. Names are quoted alike on all databases. */
export function connect(url: string, connections = 1): Connection {
  if (url.startsWith('file:')) return connectSqlite(url.slice('file:'.length));
  return url.startsWith('mysql:') ? connectMysql(url, connections) : connectPostgresql(url, connections);
}

function connectSqlite(file: string): Connection {
  const db = new BetterSqlite3(file, { timeout: BUSY_TIMEOUT_MS });
  return {
    query: async (sql) => db.prepare<[], Row>(sql).all(),
    execute: async (sql, values = []) => db.prepare(sql).run(...values).changes,
    close: async () => void db.close(),
  };
}

function connectPostgresql(url: string, connections: number): Connection {
  const pool = new Pool({ connectionString: url, max: connections });
  // A server that stops tells the idle connections so.
  pool.on('error', () => undefined);
  return {
    query: async (sql) => (await pool.query<Row>(sql)).rows,
    execute: async (sql, values = []) => {
      let position = 0;
      const numbered = sql.replaceAll('?', () => `$${++position}`);
      return (await pool.query(numbered, [...values])).rowCount ?? 0;
    },
    close: () => pool.end(),
  };
}

function connectMysql(url: string, connections: number): Connection {
  const { hostname, port, username, password, pathname } = new URL(url);
  const pool = createPool({
    host: hostname,
    port: Number(port || 3306),
    user: decodeURIComponent(username),
    password: decodeURIComponent(password),
    ...(pathname.length > 1 ? { database: pathname.slice(1) } : {}),
    connectionLimit: connections,
    bigIntAsNumber: true,
    sessionVariables: { sql_mode: 'ANSI_QUOTES,PIPES_AS_CONCAT,STRICT_ALL_TABLES' },
  });
  return {
    query: (sql) => pool.query<Row[]>(sql),
    execute: async (sql, values = []) => (await pool.query(sql, [...values])).affectedRows,
    close: () => pool.end(),
  };
}
