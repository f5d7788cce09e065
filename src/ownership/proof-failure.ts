import type { AroundChange, Column, Database, Key, RowSource } from '../database/dialect.ts';
import type { TableShape } from '../database/digest.ts';
import { join, sql } from '../database/sql.ts';
import { proofFailed, ToolkitError } from '../errors.ts';
import { compareRows, MOST_KEYS } from '../proof/compare.ts';
import { listDigests } from '../proof/digest-table.ts';
import { withoutOwner } from '../proof/prove-batch.ts';
import type { BatchOptions } from './batch.ts';
import { withRetry } from './retry.ts';
import type { Target } from './target.ts';

/** Whether a batch changed more than the owner. */
export function isProofFailure(error: unknown): error is ToolkitError {
  return error instanceof ToolkitError && error.code === 'PROOF_FAILED';
}

/**
 * Names the rows and columns that a batch changed beside the owner, by carrying it out twice more in transactions that are
 * always rolled back. Returns the error as it was where that cannot be found out.
 */
export async function explainProofFailure(
  database: Database,
  options: BatchOptions,
  { upTo, error }: { upTo: Key; error: ToolkitError },
): Promise<ToolkitError> {
  const { run, userId, target, progress, shape } = options;
  if (!shape) return error;
  try {
    const changed = await findChangedRows(database, { ...options, shape }, upTo);
    const keys = changed.slice(0, MOST_KEYS);
    const columns = await findChangedColumns(database, { ...options, shape }, { upTo, keys });
    const { dialect, read } = database;
    const info = await read((session) => dialect.inspectTable(session, target.table, target.owner.name));
    const triggers = info?.updateTriggers ?? [];
    const batch = { run, userId, model: target.model, sequence: progress.sequence };
    return proofFailed({ ...batch, rows: changed.length, keys, columns, triggers });
  } catch {
    return error;
  }
}

type Proved = BatchOptions & { shape: TableShape };

async function findChangedRows(database: Database, options: Proved, upTo: Key): Promise<Key[]> {
  const parts = [withoutOwner(options.shape, options.target.owner)];
  const [before, after] = await tryOut(database, options, { upTo, parts, narrow: (source) => source });
  const toRow = ({ key, digests: [digest = ''] }: RowDigests) => ({ key, digest });
  return compareRows(before.map(toRow), after.map(toRow)).map(({ key }) => key);
}

async function findChangedColumns(
  database: Database,
  options: Proved,
  { upTo, keys }: { upTo: Key; keys: Key[] },
): Promise<string[]> {
  if (keys.length === 0) return [];
  const columns = withoutOwner(options.shape, options.target.owner);
  const isOneOf = join(
    keys.map((key) => isRow(database, options.target, key)),
    ' OR ',
  );
  const narrow = (source: RowSource) => ({ ...source, where: sql`${source.where} AND (${isOneOf})` });
  const parts = columns.map((column) => [column]);
  const [before, after] = await tryOut(database, options, { upTo, parts, narrow });
  const changed = columns.filter((_, i) =>
    before.some(({ key, digests }) => {
      const now = after.find((row) => JSON.stringify(row.key) === JSON.stringify(key));
      return now !== undefined && now.digests[i] !== digests[i];
    }),
  );
  return changed.map(({ name }) => name);
}

function isRow({ dialect }: Database, { key: columns }: Target, key: Key) {
  const parts = columns.map(
    ({ name, type }, i) => sql`t.${dialect.quote(name)} = ${dialect.fromText(key[i] as string, type)}`,
  );
  return sql`(${join(parts, ' AND ')})`;
}

type RowDigests = { key: Key; digests: string[] };

/** Lists the digests of a batch's rows before and after its change, and takes the change back. */
async function tryOut(
  database: Database,
  { run, target, progress, guard, userId }: BatchOptions,
  { upTo, parts, narrow }: { upTo: Key; parts: Column[][]; narrow: (source: RowSource) => RowSource },
): Promise<[before: RowDigests[], after: RowDigests[]]> {
  const { dialect, write } = database;
  const batch = { run, model: target.model, sequence: progress.sequence };
  const found: [RowDigests[], RowDigests[]] = [[], []];
  const around: AroundChange = async (session, { before, after, exactly }, change) => {
    const list = (source: RowSource) =>
      exactly(() => listDigests(session, dialect, { key: target.key, parts, source: narrow(source) }));
    found[0] = await list(before);
    await change(parts.flat());
    found[1] = await list(after);
    throw proofFailed({ ...batch, userId, rows: 0, keys: [], columns: [], triggers: [] });
  };
  const plan = { ...target, batch, after: progress.after, upTo, ownerId: target.ownerValue, around };
  await withRetry(() =>
    dialect.assignBatch(write, plan, guard).catch((error: unknown) => {
      if (!isProofFailure(error)) throw error;
    }),
  );
  return found;
}
