import type { PrismaClient } from '../prisma/generated/client.ts';

interface Column {
  name: string;
}

interface ForeignKey {
  table: string;
  from: string;
  to: string;
}

/** Every table that Prisma made. */
async function listTables(prisma: PrismaClient): Promise<{ table: string; owner: string | null }[]> {
  const tables = await prisma.$queryRaw<Column[]>`SELECT name FROM sqlite_master
    WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name`;
  const found = [];
  for (const { name } of tables) {
    const columns = await prisma.$queryRawUnsafe<Column[]>(`SELECT name FROM pragma_table_info('${name}')`);
    const owner = columns.find((column) => column.name === 'userId' || column.name === 'user_id');
    found.push({ table: name, owner: owner?.name ?? null });
  }
  return found;
}

/** How many rows a user has in each table with an owner column. */
export async function countOwned(prisma: PrismaClient, userId: string): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const { table, owner } of await listTables(prisma)) {
    if (!owner) continue;
    const sql = `SELECT count(*) AS n FROM "${table}" WHERE "${owner}" = ?`;
    const [row] = await prisma.$queryRawUnsafe<{ n: bigint }[]>(sql, userId);
    counts[table] = Number(row?.n);
  }
  return counts;
}

/** Every byte of the rows that are not this user's, table by table, and which of the user's rows point at some of them. */
export async function dumpOthers(prisma: PrismaClient, userId: string): Promise<string> {
  const tables = await listTables(prisma);
  const dumps: Record<string, unknown> = {};
  for (const { table, owner } of tables) {
    const columns = await prisma.$queryRawUnsafe<Column[]>(`SELECT name FROM pragma_table_info('${table}')`);
    const values = columns.map(({ name }) => `quote("${name}")`).join(` || ',' || `);
    const others = owner ? `WHERE "${owner}" IS NOT '${userId}'` : '';
    dumps[table] = await prisma.$queryRawUnsafe(
      `SELECT ${values} AS line FROM "${table}" ${others} ORDER BY 1`,
    );
    if (!owner) continue;
    const keys = await prisma.$queryRawUnsafe<ForeignKey[]>(
      `SELECT "table", "from", "to" FROM pragma_foreign_key_list('${table}')`,
    );
    for (const key of keys) {
      const target = tables.find((each) => each.table === key.table && each.owner);
      if (!target) continue;
      dumps[`${table}.${key.from}`] = await prisma.$queryRawUnsafe(
        `SELECT quote(a."${key.from}") AS line FROM "${table}" a JOIN "${key.table}" b ON a."${key.from}" = b."${key.to}"
         WHERE a."${owner}" IS NOT b."${target.owner}" ORDER BY 1`,
      );
    }
  }
  return JSON.stringify(dumps, null, 1);
}
