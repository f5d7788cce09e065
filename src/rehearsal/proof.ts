import type { Database } from '../database/dialect.ts';
import { isGuardTrigger } from '../database/guard.ts';
import type { Finding } from '../ownership/findings.ts';
import { tableOf } from '../ownership/target.ts';
import type { RowDifference } from '../proof/compare.ts';
import type { Digest } from '../proof/digest.ts';
import type { OwnedModel } from '../schema/decide.ts';
import {
  type Contents,
  type Difference,
  digestWatched,
  findDifferences,
  type Watched,
  watchTables,
} from './conserve.ts';
import { describeChange } from './findings.ts';
import type { PartName } from './part-log.ts';

/** A table that was compared, as it was before that. */
interface ProvedTable extends Digest {
  table: string;
  /** Every column but the owner's is as it was, after each part that was run. */
  same: boolean;
}

/** What a part changed in a table beside owners. */
interface ProvedDifference {
  after: PartName;
  table: string;
  before: Digest;
  /** Null where the table, or one of its columns, is gone. */
  now: Digest | null;
  keys: RowDifference[];
}

/** The conservation proof of one rehearsal, over every table. */
export interface Proof {
  tables: ProvedTable[];
  differences: ProvedDifference[];
}

/** What a copy held when it was looked at last. */
export interface Look {
  database: Database;
  watched: readonly Watched[];
  contents: Contents;
}

/** Looks at all tables of a copy, without the owner columns of these models. */
export async function lookAt(database: Database, except: readonly OwnedModel[]): Promise<Look> {
  const watched = await watchTables(database, except);
  return { database, watched, contents: await digestWatched(database, watched) };
}

/** What a part is held against. */
export interface Comparison {
  after: PartName;
  before: Look;
  /** A copy that holds what was before, in all columns but the owner's. */
  original: Database;
  /** The models whose triggers may have changed something. */
  owned: readonly OwnedModel[];
}

/**
 * Holds a copy against what it was before a part: adds to `proof`, and returns the look for the next part, with a finding for
 * each table that differs.
 */
export async function proveAgain(
  proof: Proof,
  { after, before, original, owned }: Comparison,
): Promise<{ look: Look; findings: Finding[] }> {
  const { database, watched } = before;
  const look = { ...before, contents: await digestWatched(database, watched) };
  // What migrations of the project change is before the proof begins.
  if (after !== 'pending') addCompared(proof, before);
  const exceptOwners = watched.map((each) => ({
    ...each,
    except: each.except ?? ownerOf(each, database, owned),
  }));
  const found = await findDifferences(
    { original, changed: database },
    exceptOwners,
    before.contents,
    look.contents,
  );
  const triggers = found.length > 0 ? await listTriggers(database, owned) : [];
  const findings = found.map((difference) => {
    const table = labelOf(difference, database);
    proof.differences.push({
      after,
      table,
      before: difference.before,
      now: difference.after,
      keys: difference.keys,
    });
    for (const each of proof.tables) if (each.table === table) each.same = false;
    const { before: old, after: now, keys } = difference;
    return describeChange(after, { table, before: old.rows, after: now?.rows ?? null, keys, triggers });
  });
  return { look, findings };
}

/** Notes the tables that are compared for the first time, as they were before. */
function addCompared({ tables }: Proof, { watched, contents, database }: Look): void {
  for (const [i, { shape }] of watched.entries()) {
    const [digest, table] = [contents[i], labelOf(shape, database)];
    if (digest && !tables.some((each) => each.table === table)) tables.push({ table, ...digest, same: true });
  }
}

/** With the schema only where it is not the connection's own. */
function labelOf({ table }: Pick<Difference, 'table'>, { url }: Database): string {
  return table.schema === url.defaultSchema ? table.name : `${table.schema}.${table.name}`;
}

function ownerOf({ shape }: Watched, { url }: Database, owned: readonly OwnedModel[]): string | undefined {
  const found = owned.find(({ model }) => {
    const { schema, name } = tableOf(model, url.defaultSchema);
    return schema === shape.table.schema && name === shape.table.name;
  });
  return found?.owner.column;
}

async function listTriggers(database: Database, owned: readonly OwnedModel[]): Promise<string[]> {
  const { dialect, url } = database;
  return database.read(async (session) => {
    const names: string[] = [];
    for (const { model, owner } of owned) {
      const info = await dialect.inspectTable(session, tableOf(model, url.defaultSchema), owner.column);
      for (const name of info?.updateTriggers ?? [])
        if (!isGuardTrigger(name)) names.push(`"${name}" of ${model.name}`);
    }
    return names;
  });
}
