import type { Session } from './dialect.ts';
import { quote, table as toSql } from './postgresql-sql.ts';
import type { IsolatedTable } from './row-security.ts';
import { join, sql } from './sql.ts';

/** Counts the rows without an owner, which nobody will see. */
export async function countUnowned(session: Session, { table, owner }: IsolatedTable): Promise<number> {
  if (owner === null) return 0;
  const rows = await session.query<{ n: bigint }>(
    sql`SELECT count(*) AS n FROM ${toSql(table)} WHERE ${quote(owner)} IS NULL`,
  );
  return Number(rows[0]?.n ?? 0);
}

/** Counts the rows that point at a row of another owner: they can be read, and no more be changed. */
export async function countCrossLinked(
  session: Session,
  { table, owner, links }: IsolatedTable,
  tables: readonly IsolatedTable[],
): Promise<number> {
  if (owner === null) return 0;
  const conditions = links.flatMap((link) => {
    const { schema, name } = link.table;
    const target = tables.find((each) => each.table.schema === schema && each.table.name === name);
    if (!target?.owner) return [];
    const keys = link.references.map((key, i) => sql`p.${quote(key)} = c.${quote(link.columns[i] ?? '')}`);
    return [
      sql`EXISTS (SELECT 1 FROM ${toSql(link.table)} p WHERE ${join(keys, ' AND ')}
            AND p.${quote(target.owner)} IS DISTINCT FROM c.${quote(owner)})`,
    ];
  });
  if (conditions.length === 0) return 0;
  const rows = await session.query<{ n: bigint }>(sql`
    SELECT count(*) AS n FROM ${toSql(table)} c WHERE c.${quote(owner)} IS NOT NULL AND (${join(conditions, ' OR ')})`);
  return Number(rows[0]?.n ?? 0);
}
