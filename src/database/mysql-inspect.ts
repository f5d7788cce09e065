import type { Session, TableInfo, TableName } from './dialect.ts';
import { isGranted, listGrants } from './mysql-privileges.ts';
import { sql } from './sql.ts';

/** What the server says of one table. */
export async function inspectTable(
  session: Session,
  name: TableName,
  ownerColumn: string,
): Promise<TableInfo | null> {
  const isTable = sql`TABLE_SCHEMA = ${name.schema} AND TABLE_NAME = ${name.name}`;
  const columns = await session.query<{
    name: string;
    type: string;
    nullable: string;
    collation: string | null;
  }>(sql`
    SELECT COLUMN_NAME AS name, COLUMN_TYPE AS type, IS_NULLABLE AS nullable, COLLATION_NAME AS collation
      FROM information_schema.COLUMNS WHERE ${isTable} ORDER BY ORDINAL_POSITION`);
  if (columns.length === 0) return null;
  // A part of a column, or an expression, is no key to find a row by.
  const indexed = await session.query<{ name: string; col: string | null; part: bigint | null }>(sql`
    SELECT INDEX_NAME AS name, COLUMN_NAME AS col, SUB_PART AS part
      FROM information_schema.STATISTICS WHERE ${isTable} AND NON_UNIQUE = 0 ORDER BY INDEX_NAME, SEQ_IN_INDEX`);
  const triggers = await session.query<{ name: string }>(sql`
    SELECT TRIGGER_NAME AS name FROM information_schema.TRIGGERS
     WHERE EVENT_OBJECT_SCHEMA = ${name.schema} AND EVENT_OBJECT_TABLE = ${name.name} AND EVENT_MANIPULATION = 'UPDATE'
     ORDER BY TRIGGER_NAME`);
  const indexes = [...new Set(indexed.map((row) => row.name))].map((index) =>
    indexed.filter((row) => row.name === index),
  );
  const engines = await session.query<{ engine: string }>(
    sql`SELECT ENGINE AS engine FROM information_schema.TABLES WHERE ${isTable}`,
  );
  const grants = await listGrants(session);
  const place = { database: name.schema, table: name.name };
  return {
    columns: columns.map(({ name, type, nullable, collation }) => ({
      name,
      type: collation === null ? type : `${type} COLLATE ${collation}`,
      nullable: nullable === 'YES',
    })),
    uniqueKeys: indexes
      .filter((rows) => rows.every(({ col, part }) => col !== null && part === null))
      .map((rows) => rows.map(({ col }) => col as string)),
    updateTriggers: triggers.map((trigger) => trigger.name),
    canRead: isGranted(grants, 'SELECT', place),
    canUpdate: isGranted(grants, 'UPDATE', { ...place, column: ownerColumn }),
    isTransactional: /^(innodb|ndb|ndbcluster|rocksdb|tokudb)$/i.test(engines[0]?.engine ?? ''),
    hidesRows: false,
  };
}
