import type { TableShape } from '../database/digest.ts';
import type { Column, Dialect, Key, RowSource, Session, Transact } from '../database/dialect.ts';
import { empty, join, type Sql, sql } from '../database/sql.ts';
import { addDigests, type Digest, NOTHING, toDigest } from './digest.ts';

/** Rows that are digested by one statement. */
const CHUNK_ROWS = 10_000;

/** How far a table is digested; what is beyond `after` is not in it yet. */
export interface DigestProgress extends Digest {
  after: Key | null;
}

export interface DigestOptions {
  /** The owner column: it is not in the digest. */
  except?: string | undefined;
  /** Where an earlier attempt came to. */
  from?: DigestProgress;
  chunkRows?: number;
  onChunk?: (progress: DigestProgress) => void;
}

/**
 * Digests all rows of a table, chunk by chunk in the order of its key, each in a transaction of its own: what `read` opens, or
 * where that only repeats one session, all of one moment. A table without a key is one chunk. When it throws, `onChunk` has
 * said how far it came, and `from` carries on there.
 */
export async function digestTable(
  { read, dialect }: { read: Transact; dialect: Dialect },
  shape: TableShape,
  { except, from, chunkRows = CHUNK_ROWS, onChunk }: DigestOptions = {},
): Promise<Digest> {
  let progress = from ?? { ...NOTHING, after: null };
  for (;;) {
    const { after } = progress;
    const done = await read(async (session) => {
      await dialect.digests.prepare(session);
      const upTo = await findChunkEnd(session, dialect, { shape, after, rows: chunkRows });
      if (upTo === null && shape.key.length > 0) return null;
      const chunk = await digestRows(session, dialect, shape, {
        except,
        within: between(dialect, shape, after, upTo),
      });
      return { upTo, chunk };
    });
    if (done === null) return { rows: progress.rows, digest: progress.digest };
    progress = { ...addDigests(progress, done.chunk), after: done.upTo };
    onChunk?.(progress);
    if (done.upTo === null) return { rows: progress.rows, digest: progress.digest };
  }
}

/** Digests the rows that meet a condition, by one statement, as the session prints values: compare it in that session alone, or `prepare` it. */
export async function digestRows(
  session: Session,
  dialect: Dialect,
  shape: TableShape,
  { except, within }: { except: string | undefined; within: Sql },
): Promise<Digest> {
  const columns = shape.columns.filter(({ name }) => name !== except);
  const source = { from: sql`${dialect.table(shape.table)} t`, where: within, lock: empty };
  return digestSource(session, dialect, { columns, source });
}

/** Digests rows that are found by more than a condition on their table, by one statement, as the session prints values. */
export async function digestSource(
  session: Session,
  { digests }: Dialect,
  { columns, source: { from, where, lock } }: { columns: readonly Column[]; source: RowSource },
): Promise<Digest> {
  // LIMIT keeps the digest of a row from being computed once for each half.
  const rows = await session.query<{ n: bigint; sums: string | null }>(sql`
    SELECT count(*) AS n, ${digests.sum(sql`d.h`)} AS sums
      FROM (SELECT ${digests.row(columns, 't')} AS h FROM ${from} WHERE ${where} LIMIT 9223372036854775807 ${lock}) d`);
  return toDigest(rows[0]?.n ?? 0, rows[0]?.sums ?? null);
}

/** Key and digest of each row that meets a condition, in the order of the key, as the session prints values. */
export async function listRowDigests(
  session: Session,
  dialect: Dialect,
  shape: TableShape,
  { except, within }: { except: string | undefined; within: Sql },
): Promise<{ key: Key; digest: string }[]> {
  const columns = shape.columns.filter(({ name }) => name !== except);
  const names = shape.key.map(({ name }) => sql`t.${dialect.quote(name)}`);
  const source = {
    from: sql`${dialect.table(shape.table)} t`,
    where: within,
    lock: sql`ORDER BY ${join(names)}`,
  };
  const rows = await listDigests(session, dialect, { key: shape.key, parts: [columns], source });
  return rows.map(({ key, digests: [digest = ''] }) => ({ key, digest }));
}

/** The key of each row, and the digest of each of the `parts` that its columns are in, as the session prints values. */
export async function listDigests(
  session: Session,
  dialect: Dialect,
  { key, parts, source }: { key: Column[]; parts: readonly (readonly Column[])[]; source: RowSource },
): Promise<{ key: Key; digests: string[] }[]> {
  const texts = parts.map(
    (columns, i) => sql`${dialect.digests.row(columns, 't')} AS ${dialect.quote(`d${i}`)}`,
  );
  const rows = await session.query<Record<string, string>>(sql`
    SELECT ${join([...texts, keyTexts(dialect, key, 't')])} FROM ${source.from} WHERE ${source.where} ${source.lock}`);
  return rows.map((row) => ({ key: toKey(key, row), digests: parts.map((_, i) => row[`d${i}`] as string) }));
}

/** The rows beyond `after`, up to `upTo`, which is included; all where both are null. */
export function between(dialect: Dialect, { key }: TableShape, after: Key | null, upTo: Key | null): Sql {
  const bounds = [
    ...(after ? [dialect.compareKey(key, '>', after)] : []),
    ...(upTo ? [dialect.compareKey(key, '<=', upTo)] : []),
  ];
  return bounds.length > 0 ? join(bounds, ' AND ') : sql`1 = 1`;
}

/** The key of the last of the next rows; null where there are none, or no key to find them by. */
export async function findChunkEnd(
  session: Session,
  dialect: Dialect,
  { shape, after, rows: most }: { shape: TableShape; after: Key | null; rows: number },
): Promise<Key | null> {
  if (shape.key.length === 0) return null;
  const names = shape.key.map(({ name }) => dialect.quote(name));
  const last = shape.key.map(({ name }) => sql`p.${dialect.quote(name)} DESC`);
  const [row] = await session.query<Record<string, string>>(sql`
    SELECT ${keyTexts(dialect, shape.key, 'p')} FROM (
      SELECT ${join(names)} FROM ${dialect.table(shape.table)} WHERE ${between(dialect, shape, after, null)}
       ORDER BY ${join(names)} LIMIT ${most}) p
     ORDER BY ${join(last)} LIMIT 1`);
  return row ? toKey(shape.key, row) : null;
}

function keyTexts(dialect: Dialect, key: readonly Column[], alias: 't' | 'p'): Sql {
  const texts = key.map(({ name, type }, i) => {
    const column = alias === 't' ? sql`t.${dialect.quote(name)}` : sql`p.${dialect.quote(name)}`;
    return sql`${dialect.asText(column, type)} AS ${dialect.quote(`k${i}`)}`;
  });
  return join(texts);
}

function toKey(key: readonly Column[], row: Record<string, string>): Key {
  return key.map((_, i) => row[`k${i}`] as string);
}
