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
  /** There is a check of this name, which a migration that was not carried on has left. */
  hasCheck: boolean;
  /** Those to the table of users. */
  foreignKeys: ForeignKey[];
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
  checkName: string,
): Promise<ExistingColumn> {
  const rows = await session.query<ExistingColumn>(sql`
    SELECT a.attnotnull AS "isRequired",
           EXISTS (SELECT 1 FROM pg_constraint k WHERE k.conrelid = c.oid AND k.contype = 'c' AND k.conname = ${checkName}) AS "hasCheck",
           (SELECT coalesce(json_agg(json_build_object('name', f.conname, 'onDelete', CASE f.confdeltype
                     WHEN 'a' THEN 'NO ACTION' WHEN 'r' THEN 'RESTRICT' WHEN 'c' THEN 'CASCADE'
                     WHEN 'n' THEN 'SET NULL' WHEN 'd' THEN 'SET DEFAULT' END) ORDER BY f.conname), '[]')
              FROM pg_constraint f JOIN pg_class r ON r.oid = f.confrelid JOIN pg_namespace s ON s.oid = r.relnamespace
             WHERE f.contype = 'f' AND f.conrelid = c.oid AND f.conkey = ARRAY[a.attnum] AND f.conparentid = 0
               AND s.nspname = ${references.table.schema} AND r.relname = ${references.table.name}) AS "foreignKeys"
      FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE n.nspname = ${table.schema} AND c.relname = ${table.name} AND a.attname = ${column} AND NOT a.attisdropped`);
  return rows[0] as ExistingColumn;
}
