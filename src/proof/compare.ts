import type { TableShape } from '../database/digest.ts';
import type { Database, Key, TableName } from '../database/dialect.ts';
import { isSameDigest } from './digest.ts';
import { between, digestRows, findChunkEnd, listRowDigests } from './digest-table.ts';

/** Rows that are looked at one by one once a chunk of them differs; and the most keys that are named. */
const CHUNK_ROWS = 10_000;
export const MOST_KEYS = 20;

/** A row that is not the same on both sides, by its key. */
export interface RowDifference {
  key: Key;
  what: 'changed' | 'missing' | 'added';
}

/**
 * Names the rows that differ between a table and the same table of another database, by walking both. Nobody may write in
 * either meanwhile. Reads only the chunks that differ row by row.
 */
export async function findRowDifferences(
  before: Database,
  after: Database,
  {
    shape,
    except,
    table = shape.table,
  }: { shape: TableShape; except: string | undefined; table?: TableName },
): Promise<RowDifference[]> {
  const sides = [
    { ...before, shape },
    { ...after, shape: { ...shape, table } },
  ] as const;
  if (shape.key.length === 0) return [];
  const found: RowDifference[] = [];
  for (let from: Key | null = null; found.length < MOST_KEYS; ) {
    const start: Key | null = from;
    // Beyond the last row of `before` there may be more in `after`.
    const upTo: Key | null = (await findEnd(sides[0], start)) ?? (await findEnd(sides[1], start));
    const [a, b] = await Promise.all(
      sides.map((side) =>
        side.read(async (session) => {
          await side.dialect.digests.prepare(session);
          return digestRows(session, side.dialect, side.shape, {
            except,
            within: between(side.dialect, side.shape, start, upTo),
          });
        }),
      ),
    );
    if (a && b && !isSameDigest(a, b)) {
      const [old = [], now = []] = await Promise.all(
        sides.map((side) =>
          side.read(async (session) => {
            await side.dialect.digests.prepare(session);
            const within = between(side.dialect, side.shape, start, upTo);
            return listRowDigests(session, side.dialect, side.shape, { except, within });
          }),
        ),
      );
      found.push(...compareRows(old, now));
    }
    if (upTo === null) break;
    from = upTo;
  }
  return found.slice(0, MOST_KEYS);
}

type Rows = { key: Key; digest: string }[];

function findEnd(
  { read, dialect, shape }: Database & { shape: TableShape },
  start: Key | null,
): Promise<Key | null> {
  return read((session) => findChunkEnd(session, dialect, { shape, after: start, rows: CHUNK_ROWS }));
}

/** What became of each row. Pure. */
export function compareRows(before: Rows, after: Rows): RowDifference[] {
  const left = new Map(after.map(({ key, digest }) => [JSON.stringify(key), digest]));
  const found: RowDifference[] = [];
  for (const { key, digest } of before) {
    const now = left.get(JSON.stringify(key));
    if (now === undefined) found.push({ key, what: 'missing' });
    else if (now !== digest) found.push({ key, what: 'changed' });
    left.delete(JSON.stringify(key));
  }
  return [
    ...found,
    ...[...left.keys()].map((key) => ({ key: JSON.parse(key) as Key, what: 'added' as const })),
  ];
}
