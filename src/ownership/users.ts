import { closest, distance } from 'fastest-levenshtein';
import type { Column, Dialect, Session, TableName } from '../database/dialect.ts';
import { join, type Sql, sql } from '../database/sql.ts';
import { ownerTableMissing, userIdMalformed, userNotFound, usersHidden } from '../errors.ts';
import type { Decision } from '../schema/decide.ts';
import type { Field } from '../schema/parse.ts';
import { tableOf, type User } from './target.ts';

/** The owner model's table as the database has it. */
export interface OwnerTable {
  table: TableName;
  key: Column;
  columns: Column[];
  /** Row-level security applies to this role: there may be users that it cannot see. */
  hidesRows: boolean;
}

/** One line of list-users. */
export interface ListedUser {
  id: string;
  label: string;
  email: string | null;
  createdAt: string | null;
}

const UUID = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i;
const INTEGER_LIMITS: Record<string, bigint> = { Int: 2n ** 31n, BigInt: 2n ** 63n };
/** How many users are compared with a mistyped id. */
const MAX_COMPARED_USERS = 5000;

/** Finds the owner model's table. Throws OWNER_TABLE_MISSING where the database has none, or not its columns. */
export async function getOwnerTable(
  session: Session,
  dialect: Dialect,
  decision: Decision,
  defaultSchema: string,
): Promise<OwnerTable> {
  const { model, key } = decision.owner;
  const table = tableOf(model, defaultSchema);
  const info = await dialect.inspectTable(session, table, key.column);
  const column = info?.columns.find(({ name }) => name === key.column);
  if (!info || !column) throw ownerTableMissing(model.name, table.name, key.column);
  return { table, key: column, columns: info.columns, hidesRows: info.hidesRows };
}

/**
 * Finds the user with this id, exactly. Throws USER_NOT_FOUND with the closest ones, or USER_ID_MALFORMED.
 */
export async function getUser(
  session: Session,
  dialect: Dialect,
  decision: Decision,
  options: { owner: OwnerTable; id: string },
): Promise<User> {
  const { owner, id } = options;
  const { key, labels, model } = decision.owner;
  if (!isOfKeyType(id, key)) throw userIdMalformed(id, model.name, describeKeyType(key));
  const needed = new Set([key, ...labels, ...decision.owned.map(({ references }) => references)]);
  const fields = [...needed].filter(({ column }) => owner.columns.some(({ name }) => name === column));
  const rows = await session.query<Record<string, string | null>>(sql`
    SELECT ${selectTexts(dialect, owner, fields)} FROM ${dialect.table(owner.table)}
     WHERE ${dialect.quote(key.column)} = ${dialect.fromText(id, owner.key.type)}`);
  const [row] = rows;
  if (!row && owner.hidesRows) throw usersHidden(id, owner.table.name);
  if (!row) throw userNotFound(id, model.name, await findClosest(session, dialect, decision, options));
  const values = Object.fromEntries(fields.map(({ name }, i) => [name, row[`c${i}`] ?? null]));
  const exactId = values[key.name] ?? id;
  const label = labels.map(({ name }) => values[name]).find(Boolean) ?? exactId;
  return { id: exactId, label, values };
}

/** Lists users in the order of their creation, or of their key, with how many there are in all. */
export async function listUsers(
  session: Session,
  dialect: Dialect,
  decision: Decision,
  options: { owner: OwnerTable; search: string | undefined; limit: number },
): Promise<{ total: number; users: ListedUser[] }> {
  const { owner, search, limit } = options;
  const { key, labels, created } = decision.owner;
  const known = (field: Field | null): field is Field =>
    field !== null && owner.columns.some(({ name }) => name === field.column);
  const fields = [key, ...labels.filter(known)];
  const createdField = known(created) ? created : null;
  const pattern = `%${(search ?? '').replace(/[!%_]/g, '!$&')}%`;
  const matches = fields.map(
    ({ column }) =>
      sql`lower(${dialect.asText(dialect.quote(column), typeOf(owner, column))}) LIKE lower(${pattern}) ESCAPE '!'`,
  );
  const where = search === undefined ? sql`1 = 1` : join(matches, ' OR ');
  const table = dialect.table(owner.table);
  const counted = await session.query<{ n: bigint }>(sql`SELECT count(*) AS n FROM ${table} WHERE ${where}`);
  const selected = createdField ? [...fields, createdField] : fields;
  const order = join(
    [...(createdField ? [createdField] : []), key].map(({ column }) => dialect.quote(column)),
  );
  const rows = await session.query<Record<string, string | null>>(sql`
    SELECT ${selectTexts(dialect, owner, selected)} FROM ${table} WHERE ${where} ORDER BY ${order} LIMIT ${limit}`);
  const emailAt = fields.findIndex(({ name }) => /^email/i.test(name));
  const users = rows.map((row) => ({
    id: row.c0 ?? '',
    label: fields.map((_, i) => row[`c${i}`]).find((value, i) => i > 0 && value) ?? row.c0 ?? '',
    email: emailAt > 0 ? (row[`c${emailAt}`] ?? null) : null,
    createdAt: createdField ? toIsoTime(row[`c${selected.length - 1}`] ?? null) : null,
  }));
  return { total: Number(counted[0]?.n ?? 0), users };
}

function selectTexts(dialect: Dialect, owner: OwnerTable, fields: readonly Field[]): Sql {
  return join(
    fields.map(({ column }, i) => {
      const text = dialect.asText(dialect.quote(column), typeOf(owner, column));
      return sql`${text} AS ${dialect.quote(`c${i}`)}`;
    }),
  );
}

function typeOf(owner: OwnerTable, column: string): string {
  return owner.columns.find(({ name }) => name === column)?.type ?? '';
}

function isOfKeyType(id: string, key: Field): boolean {
  const range = rangeOf(key);
  if (range) return /^-?\d{1,20}$/.test(id) && BigInt(id) >= range.from && BigInt(id) <= range.to;
  return key.nativeType === 'Uuid' ? UUID.test(id) : true;
}

/** The whole numbers that a key can be; null for a key of another type. MySQL has numbers without a sign. */
function rangeOf({ type, nativeType }: Field): { from: bigint; to: bigint } | null {
  const limit = INTEGER_LIMITS[type];
  if (limit === undefined) return null;
  return nativeType?.startsWith('Unsigned')
    ? { from: 0n, to: 2n * limit - 1n }
    : { from: -limit, to: limit - 1n };
}

function describeKeyType(key: Field): string {
  if (key.nativeType === 'Uuid') return 'a UUID';
  const range = rangeOf(key);
  return range ? `a whole number (${key.type}) from ${range.from} to ${range.to}` : key.type;
}

/** The ids and labels that look most like what was typed: the operator may have typed an e-mail address. */
async function findClosest(
  session: Session,
  dialect: Dialect,
  decision: Decision,
  { owner, id }: { owner: OwnerTable; id: string },
): Promise<ListedUser[]> {
  const { users } = await listUsers(session, dialect, decision, {
    owner,
    search: undefined,
    limit: MAX_COMPARED_USERS,
  });
  const typed = id.toLowerCase();
  const howFar = ({ id: userId, label }: ListedUser) => {
    const names = [userId.toLowerCase(), label.toLowerCase()];
    return distance(typed, closest(typed, names));
  };
  return users
    .map((user) => ({ user, far: howFar(user) }))
    .filter(({ far }) => far <= Math.max(3, typed.length / 2))
    .sort((a, b) => a.far - b.far)
    .slice(0, 3)
    .map(({ user }) => user);
}

/** A time as the database prints it, as ISO 8601; SQLite keeps milliseconds, or text without a zone, which is UTC. */
function toIsoTime(text: string | null): string | null {
  if (text === null) return null;
  const time = /^\d{11,}$/.test(text)
    ? new Date(Number(text))
    : new Date(/(?:Z|[+-]\d\d(?::?\d\d)?)$/.test(text) ? text : `${text.replace(' ', 'T')}Z`);
  return Number.isNaN(time.getTime()) ? text : time.toISOString();
}
