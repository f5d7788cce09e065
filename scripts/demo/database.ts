import BetterSqlite3 from 'better-sqlite3';

/** Rows of all owned models by whom they belong to, and how many of the owner columns are required. */
export interface OwnerCounts {
  unowned: number;
  mine: number;
  others: number;
  columns: number;
  required: number;
}

/** Counts in the database itself, past the toolkit: the columns with a foreign key to User. */
export function countOwners(file: string, userId: string): OwnerCounts {
  return withFile(file, (db) => {
    const columns = db
      .prepare<[], { table: string; column: string; required: number }>(
        `SELECT m.name AS "table", c.name AS "column", c."notnull" AS required
           FROM sqlite_master m, pragma_foreign_key_list(m.name) f
           JOIN pragma_table_info(m.name) c ON c.name = f."from"
          WHERE m.type = 'table' AND f."table" = 'User'`,
      )
      .all();
    const counts = { unowned: 0, mine: 0, others: 0, columns: columns.length, required: 0 };
    for (const { table, column, required } of columns) {
      const groups = db
        .prepare<[], { owner: string | null; n: number }>(
          `SELECT "${column}" AS owner, count(*) AS n FROM "${table}" GROUP BY 1`,
        )
        .all();
      for (const { owner, n } of groups) {
        counts[owner === null ? 'unowned' : owner === userId ? 'mine' : 'others'] += n;
      }
      counts.required += required;
    }
    return counts;
  });
}

/** Everything in the database as SQL: every table, index and trigger, and every value of every row, in a fixed order. */
export function dumpDatabase(file: string): string {
  return withFile(file, (db) => {
    const objects = db
      .prepare<[], { type: string; name: string; sql: string | null }>(
        'SELECT type, name, sql FROM sqlite_master ORDER BY type, name',
      )
      .all();
    const definitions = objects.map(({ type, name, sql }) => `-- ${type} ${name}\n${sql ?? '-- automatic'};`);
    const tables = objects.filter(({ type }) => type === 'table').map(({ name }) => name);
    return [...definitions, ...tables.flatMap((table) => dumpRows(db, table)), ''].join('\n');
  });
}

/** quote() is SQLite's own notation: it tells 1 from '1' and NULL from '', and writes bytes in hexadecimal. */
function dumpRows(db: BetterSqlite3.Database, table: string): string[] {
  const columns = db.prepare<[string], string>('SELECT name FROM pragma_table_info(?)').pluck().all(table);
  const values = columns.map((column) => `quote("${column}")`).join(` || ',' || `);
  const rows = db.prepare(`SELECT ${values} FROM "${table}" ORDER BY 1`).pluck().all();
  return rows.map((row) => `INSERT INTO "${table}" VALUES (${row});`);
}

function withFile<T>(file: string, work: (db: BetterSqlite3.Database) => T): T {
  const db = new BetterSqlite3(file, { readonly: true, fileMustExist: true });
  try {
    return work(db);
  } finally {
    db.close();
  }
}
