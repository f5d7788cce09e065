import type { Index, IndexPlace, KeyDialect, TableKeys } from '../database/keys.ts';
import type { OwnedModel } from '../schema/decide.ts';
import { type GlobalKey, listGlobalKeys, type ModelContext } from '../schema/global-keys.ts';
import type { Finding } from './findings.ts';
import {
  indexInvalid,
  noOwnerIndex,
  type OwnerDeletion,
  ownerDeleteCascades,
  ownerDeleteUnowns,
  uniqueNotPerOwner,
} from './project-findings.ts';

/** The keys of a table, and what writes the SQL about them. */
export interface KnownKeys {
  dialect: Pick<KeyDialect, 'createIndex' | 'dropIndex' | 'standsAlone'>;
  place: IndexPlace;
  keys: TableKeys;
}

/** Indexes that a failed CREATE INDEX CONCURRENTLY left behind. */
export function describeInvalidIndexes(model: string, { dialect, place, keys }: KnownKeys): Finding[] {
  return keys.indexes.flatMap((index) => {
    const drop = index.state === 'invalid' ? dialect.dropIndex(place, index) : null;
    return drop === null ? [] : [indexInvalid(model, index.name, { ...index, drop })];
  });
}

/** Whether the rows of one user can be found by an index. One that is not valid is spoken of elsewhere. */
export function describeOwnerIndex(
  { model, owner }: OwnedModel,
  { dialect, place, keys }: KnownKeys,
): Finding[] {
  if (keys.indexes.some(({ columns, isWhole }) => isWhole && columns[0] === owner.column)) return [];
  const sql = dialect.createIndex(place, { columns: [owner.column], isUnique: false });
  return [noOwnerIndex(model.name, { field: owner.name, column: owner.column }, sql)];
}

/**
 * What the database itself does with the rows of a user who is deleted; nothing where no row is concerned, or where it
 * refuses, as it does when it would have to set NULL in a required column.
 */
export function describeOwnerDeletion(
  { model, owner }: OwnedModel,
  { foreignKeys }: TableKeys,
  { isRequired, ...deletion }: Omit<OwnerDeletion, 'relation'> & { isRequired: boolean },
): Finding[] {
  if (deletion.rows === 0) return [];
  const rules = foreignKeys
    .filter(({ columns }) => columns.length === 1 && columns[0] === owner.column)
    .map(({ onDelete }) => onDelete);
  const relation = model.relations.find(({ fields }) => fields.includes(owner.name))?.field ?? null;
  if (rules.includes('CASCADE')) return [ownerDeleteCascades(model.name, { ...deletion, relation })];
  const unowns = rules.find((rule) => rule === 'SET NULL' || rule === 'SET DEFAULT');
  return unowns && !isRequired ? [ownerDeleteUnowns(model.name, unowns, { ...deletion, relation })] : [];
}

/** Unique keys that the database has, and that would have to be per owner. */
export function describeGlobalKeys(owned: OwnedModel, known: KnownKeys, context: ModelContext): Finding[] {
  return listGlobalKeys(owned, context).flatMap((key) => {
    const columns = key.fields.map(({ column }) => column);
    const old = findUnique(known.keys, columns);
    return old ? [describeGlobalKey(owned, known, { key, old })] : [];
  });
}

function describeGlobalKey(
  { model, owner }: OwnedModel,
  { dialect, place, keys }: KnownKeys,
  { key, old }: { key: GlobalKey; old: Index },
): Finding {
  // In the order of the old key.
  const columns = [owner.column, ...(old.columns as string[])];
  const nameOf = (column: string) => key.fields.find((field) => field.column === column)?.name ?? column;
  const fields = (old.columns as string[]).map(nameOf);
  const isThere = findUnique(keys, columns) !== undefined;
  const drop = dialect.dropIndex(place, old);
  return uniqueNotPerOwner(model.name, {
    fields,
    perOwner: [owner.name, ...fields],
    sql: [
      ...(isThere ? [] : [dialect.createIndex(place, { columns, isUnique: true })]),
      ...(drop === null ? [] : [drop]),
    ],
    standsAlone: dialect.standsAlone,
    needsNewTable: drop === null,
    isWorldwide: key.isWorldwide,
  });
}

function findUnique({ indexes }: TableKeys, columns: readonly string[]): Index | undefined {
  return indexes.find(
    (index) =>
      index.isUnique &&
      !index.isPrimary &&
      index.isWhole &&
      index.state === 'valid' &&
      index.columns.length === columns.length &&
      columns.every((column) => index.columns.includes(column)),
  );
}
