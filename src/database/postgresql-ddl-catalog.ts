import type { OnDelete, OwnerColumn } from './ddl.ts';
import type { Session, TableName } from './dialect.ts';
import { sql } from './sql.ts';

/** The foreign key of an owner column, as it is. */
export interface ForeignKey {
  name: string;
  onDelete: OnDelete;
}

/** What the catalogue says of a column that is there. */
export interface ExistingColumn {
  isRequired: boolean;
  /** Null where there is none. */
  foreignKey: ForeignKey | null;
}

/** The type of a column as ALTER TABLE takes it, with its collation where that is not the type's own, and no default. */
export async function readType(session: Session, table: TableName, column: string): Promise<string> {
  const rows = await session.query<{ type: string }>(sql`
    SELECT format_type(a.atttypid, a.atttypmod) || CASE WHEN a.attcollation = t.typcollation THEN '' ELSE
             (SELECT format(' COLLATE %I.%I', n.nspname, o.collname) FROM pg_collation o JOIN pg_namespace n ON n.oid = o.collnamespace
               WHERE o.oid = a.attcollation) END AS type
      FROM pg_attribute a JOIN pg_type t ON t.oid = a.atttypid
      JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE n.nspname = ${table.schema} AND c.relname = ${table.name} AND a.attname = ${column}
       AND a.attnum > 0 AND NOT a.attisdropped`);
  return (rows[0] as { type: string }).type;
}

/** A table with partitions takes neither a foreign key that is NOT VALID nor an index that is built CONCURRENTLY. */
export async function isPartitioned(session: Session, table: TableName): Promise<boolean> {
  const rows = await session.query(sql`
    SELECT 1 FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE n.nspname = ${table.schema} AND c.relname = ${table.name} AND c.relkind = 'p'`);
  return rows.length > 0;
}

/** An owner column, which has to be there. */
export async function readColumn(
  session: Session,
  { table, column, references }: OwnerColumn,
): Promise<ExistingColumn> {
  const rows = await session.query<{ required: boolean; name: string | null; deletes: OnDelete | null }>(sql`
    SELECT a.attnotnull AS required, f.conname AS name,
           CASE f.confdeltype WHEN 'a' THEN 'NO ACTION' WHEN 'r' THEN 'RESTRICT' WHEN 'c' THEN 'CASCADE'
                              WHEN 'n' THEN 'SET NULL' WHEN 'd' THEN 'SET DEFAULT' END AS deletes
      FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace
      LEFT JOIN (pg_constraint f JOIN pg_class r ON r.oid = f.confrelid JOIN pg_namespace s ON s.oid = r.relnamespace)
             ON f.contype = 'f' AND f.conrelid = c.oid AND f.conkey = ARRAY[a.attnum]
                AND s.nspname = ${references.table.schema} AND r.relname = ${references.table.name}
     WHERE n.nspname = ${table.schema} AND c.relname = ${table.name} AND a.attname = ${column} AND NOT a.attisdropped
     ORDER BY f.conname LIMIT 1`);
  const { required, name, deletes } = rows[0] as (typeof rows)[number];
  return {
    isRequired: required,
    foreignKey: name !== null && deletes !== null ? { name, onDelete: deletes } : null,
  };
}
