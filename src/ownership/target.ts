import type { Column, Dialect, KeyedTable, Session, TableInfo, TableName } from '../database/dialect.ts';
import { sql } from '../database/sql.ts';
import type { OwnedModel } from '../schema/decide.ts';
import type { Model } from '../schema/parse.ts';

/** How far a model's owner column is: not there, NULL allowed, NOT NULL. */
export type Phase = 'missing' | 'optional' | 'required';

/** An owned model whose owner column is in the database and can be written by key. */
export interface Target extends KeyedTable {
  model: string;
  /** What this user's rows have in the owner column, as text: nearly always the user's id. */
  ownerValue: string;
}

/** The chosen user. */
export interface User {
  id: string;
  label: string;
  /** The values that owner columns can point at, as text, by field name of the owner model. */
  values: Record<string, string | null>;
}

/** The table of a model; one without @@schema lives in the connection's own schema. */
export function tableOf(model: Model, defaultSchema: string): TableName {
  return { schema: model.table.schema ?? defaultSchema, name: model.table.name };
}

/** The table's name as people write it: with the schema only where the Prisma schema says one. */
export function tableLabel(model: Model): string {
  return model.table.schema ? `${model.table.schema}.${model.table.name}` : model.table.name;
}

/** The owner column as the database has it, or null while phase 1 is not applied. */
export function findOwnerColumn(owned: OwnedModel, info: TableInfo): (Column & { nullable: boolean }) | null {
  return info.columns.find(({ name }) => name === owned.owner.column) ?? null;
}

/** How far the owner column is in the database. */
export function phaseOf(column: { nullable: boolean } | null): Phase {
  if (!column) return 'missing';
  return column.nullable ? 'optional' : 'required';
}

/** The key to walk by: unique in the schema and in the database, and never NULL; the primary key where there is one. */
export function findWalkKey(model: Model, info: TableInfo): Column[] | null {
  for (const names of model.uniqueKeys) {
    const fields = names.map((name) => model.fields.find((field) => field.name === name));
    if (fields.some((field) => !field?.isRequired)) continue;
    const columns = fields.map((field) => field?.column ?? '');
    const isUnique = info.uniqueKeys.some(
      (key) => key.length === columns.length && key.every((name) => columns.includes(name)),
    );
    const found = columns.map((name) => info.columns.find((column) => column.name === name));
    if (isUnique && found.every((column) => column !== undefined && !column.nullable))
      return found.flatMap((column) => (column ? [{ name: column.name, type: column.type }] : []));
  }
  return null;
}

/** Whether the user is still there, asked inside the transaction that is about to use it. */
export async function userExists(
  session: Session,
  dialect: Dialect,
  owner: { table: TableName; key: Column; id: string },
): Promise<boolean> {
  const key = dialect.quote(owner.key.name);
  const found = await session.query(
    sql`SELECT 1 AS found FROM ${dialect.table(owner.table)} WHERE ${key} = ${dialect.fromText(owner.id, owner.key.type)}`,
  );
  return found.length > 0;
}
