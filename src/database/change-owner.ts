import type { Dialect, OwnerChange, Session } from './dialect.ts';
import { join, sql } from './sql.ts';

/**
 * `Dialect.changeOwner` for databases that look up rows by a list of keys, each by the index of the key. IS TRUE keeps
 * the planner from an index on the owner column, which all rows without an owner would be read from.
 */
export function changeOwnerIn(
  { quote, table, fromText }: Pick<Dialect, 'quote' | 'table' | 'fromText'>,
  session: Session,
  { key, owner, keys, from, to, ...change }: OwnerChange,
): Promise<number> {
  const names = join(key.map(({ name }) => quote(name)));
  const column = quote(owner.name);
  const isFrom = from === null ? sql`${column} IS NULL` : sql`${column} = ${fromText(from, owner.type)}`;
  return session.execute(sql`
    UPDATE ${table(change.table)} SET ${column} = ${to === null ? sql`NULL` : fromText(to, owner.type)}
     WHERE (${names}) IN (SELECT * FROM ${keys} k) AND (${isFrom}) IS TRUE`);
}
