import type { Context } from '../context.ts';
import type { Database, Session } from '../database/dialect.ts';
import { join, sql } from '../database/sql.ts';
import { findOwnerColumn, tableOf } from '../ownership/target.ts';
import { getOwnerTable, type ListedUser, listUsers, type OwnerTable } from '../ownership/users.ts';
import { renderUsers } from '../report/list-users.ts';
import { createPainter } from '../report/text.ts';
import type { Decision } from '../schema/decide.ts';
import {
  type CommonOptions,
  type DatabaseName,
  nameDatabase,
  withConfiguredDatabase,
  writeAnswer,
} from './database-command.ts';

export interface ListUsersOptions extends CommonOptions {
  search?: string;
  limit: number;
}

/** What list-users answers; `total` counts all users that match, listed or not. */
export interface ListUsersResult {
  command: 'list-users';
  database: DatabaseName;
  ownerModel: string;
  total: number;
  users: {
    id: string;
    label: string;
    email?: string;
    createdAt?: string;
    /** Rows owned, by model; models whose owner column is not in the database are left out. */
    rows: Record<string, number>;
  }[];
}

/** Lists the users, with how many rows of each model they own. Reads only. */
export async function listUsersCommand(options: ListUsersOptions, context: Context): Promise<number> {
  const result = await withConfiguredDatabase(context, options, (database, { decision, url }) =>
    database.read(async (session): Promise<ListUsersResult> => {
      const owner = await getOwnerTable(session, database.dialect, decision, url.defaultSchema);
      const { search, limit } = options;
      const { total, users } = await listUsers(session, database.dialect, decision, { owner, search, limit });
      const rows = await countOwnedRows(session, database, decision, { owner, users });
      return {
        command: 'list-users',
        database: nameDatabase(url),
        ownerModel: decision.owner.model.name,
        total,
        users: users.map(({ id, label, email, createdAt }) => ({
          id,
          label,
          ...(email === null ? {} : { email }),
          ...(createdAt === null ? {} : { createdAt }),
          rows: rows.get(id) ?? {},
        })),
      };
    }),
  );
  const paint = createPainter(context.stdout, context.env);
  writeAnswer(context, options, { result, text: (each) => renderUsers(each, paint) });
  return 0;
}

/** Counts the rows of the listed users, in one pass over each table. */
async function countOwnedRows(
  session: Session,
  { dialect, url }: Database,
  decision: Decision,
  { owner, users }: { owner: OwnerTable; users: readonly ListedUser[] },
): Promise<Map<string, Record<string, number>>> {
  const counted = new Map(users.map(({ id }) => [id, {} as Record<string, number>]));
  for (const owned of decision.owned) {
    const table = tableOf(owned.model, url.defaultSchema);
    const info = await dialect.inspectTable(session, table, owned.owner.column);
    const column = info?.canRead ? findOwnerColumn(owned, info) : null;
    if (!column || users.length === 0) continue;
    const keyType = owner.columns.find(({ name }) => name === owned.references.column)?.type;
    if (keyType === undefined || dialect.compareTypes(column.type, keyType) === 'different') continue;
    // Nearly always the users' key itself; then the users need not be looked up.
    const isKey = owned.references === decision.owner.key;
    const [row, key] = [sql`t.${dialect.quote(column.name)}`, sql`u.${dialect.quote(owner.key.name)}`];
    const from = isKey
      ? sql`${dialect.table(table)} t`
      : sql`${dialect.table(table)} t JOIN ${dialect.table(owner.table)} u ON u.${dialect.quote(owned.references.column)} = ${row}`;
    const [id, type] = isKey ? [row, column.type] : [key, owner.key.type];
    const ids = join(users.map((user) => dialect.fromText(user.id, type)));
    const groups = await session.query<{ id: string; n: bigint }>(sql`
      SELECT ${dialect.asText(id, type)} AS id, count(*) AS n FROM ${from} WHERE ${id} IN (${ids}) GROUP BY ${id}`);
    for (const user of counted.values()) user[owned.model.name] = 0;
    for (const { id, n } of groups) (counted.get(id) ?? {})[owned.model.name] = Number(n);
  }
  return counted;
}
