import { accessSync, appendFileSync, constants, existsSync } from 'node:fs';
import { dirname } from 'node:path';
import { PrismaBetterSqlite3 } from '@prisma/adapter-better-sqlite3';
import { batchChanged } from '../errors.ts';
import { PrismaClient } from '../generated/sqlite/client.ts';
import type { OpenedClient, RawClient } from './connect.ts';
import type { DatabaseUrl } from './database-url.ts';
import type {
  BatchId,
  BatchPlan,
  Column,
  Dialect,
  Session,
  TableInfo,
  TableName,
  Transact,
} from './dialect.ts';
import { createJournalTables } from './journal-tables.ts';
import { empty, join, raw, type Sql, sql } from './sql.ts';
import { firesOnUpdate } from './sqlite-triggers.ts';

const BUSY_TIMEOUT_MS = 2000;
const JOURNAL_SCHEMA = 'ownership_migration';

/** Opens the file, which must exist, over one connection. */
export function openSqlite(url: DatabaseUrl): OpenedClient {
  const adapter = new PrismaBetterSqlite3({
    url: `file:${url.url}`,
    timeout: BUSY_TIMEOUT_MS,
    fileMustExist: true,
  });
  // A COMMIT that waited too long for a reader leaves the transaction open, with the write lock in its hand.
  const recover = (client: RawClient) => client.$executeRaw(sql`ROLLBACK`).catch(() => undefined);
  return { client: new PrismaClient({ adapter }), dialect: createSqliteDialect(url.url), recover };
}

/**
 * SQLite: https://www.sqlite.org/lang.html. The journal is an attached file beside the app's own, because a table in
 * the app's file would be drift for Prisma.
 */
function createSqliteDialect(file: string): Dialect {
  const journalFile = `${file}-ownership-migration`;
  return {
    provider: 'sqlite',
    hasServerLock: false,
    quote,
    table,
    journal,
    now: raw(`strftime('%Y-%m-%dT%H:%M:%fZ', 'now')`),
    asText: (expression, type) =>
      findAffinity(type) === 'blob' ? sql`hex(${expression})` : sql`CAST(${expression} AS TEXT)`,
    fromText,
    compareKey,
    compareTypes: (ownerType, keyType) => {
      const [owner, key] = [findAffinity(ownerType), findAffinity(keyType)];
      if (owner === key) return 'same';
      return owner === 'numeric' && key === 'integer' ? 'compatible' : 'different';
    },
    begin: async (session, mode) => {
      if (mode === 'write') await session.execute(sql`ROLLBACK`);
      await session.query(sql`PRAGMA query_only = ${raw(mode === 'read' ? 'ON' : 'OFF')}`);
      if (existsSync(journalFile)) await attach(session, journalFile);
      // The write lock first, and at once: a read transaction that turns into a writing one fails without waiting.
      if (mode === 'write') await session.execute(sql`BEGIN IMMEDIATE`);
      return true;
    },
    // The file has no lock that lives as long as a connection: the journal's run says which process writes.
    lockWriter: async () => true,
    inspectTable,
    findWriteObstacle: async () => findFileObstacle(file),
    journalExists: async (session) =>
      (await isAttached(session)) &&
      (await session.query(sql`SELECT 1 FROM ${raw(JOURNAL_SCHEMA)}.sqlite_master WHERE name = 'event'`))
        .length > 0,
    createJournal: (transact) => {
      // The driver opens files that exist; an empty one is an empty database, attached by the transaction's `begin`.
      appendFileSync(journalFile, '');
      return transact(async (session) => {
        const types = { id: 'TEXT', text: 'TEXT', keys: 'TEXT', serial: 'INTEGER PRIMARY KEY' };
        for (const statement of createJournalTables(journal, types)) await session.execute(statement);
      });
    },
    journaledKeys,
    assignBatch,
  };
}

function quote(name: string): Sql {
  return raw(`"${name.replaceAll('"', '""')}"`);
}

function table({ name }: TableName): Sql {
  return sql`main.${quote(name)}`;
}

function journal(name: string): Sql {
  return sql`${raw(JOURNAL_SCHEMA)}.${quote(name)}`;
}

/** Bound text takes the type of the column that it is compared with or stored in (datatype3.html, section 4.2). */
function fromText(text: string | Sql, type: string): Sql {
  return findAffinity(type) === 'blob' ? sql`unhex(${text})` : sql`${text}`;
}

function compareKey(key: readonly Column[], operator: '>' | '<=', value: readonly string[]): Sql {
  const names = join(key.map((column) => quote(column.name)));
  return sql`(${names}) ${raw(operator)} (${join(key.map(({ type }, i) => fromText(value[i] as string, type)))})`;
}

/** https://www.sqlite.org/datatype3.html#determination_of_column_affinity */
function findAffinity(type: string): 'integer' | 'text' | 'blob' | 'real' | 'numeric' {
  if (/INT/i.test(type)) return 'integer';
  if (/CHAR|CLOB|TEXT/i.test(type)) return 'text';
  if (/BLOB/i.test(type) || type === '') return 'blob';
  return /REAL|FLOA|DOUB/i.test(type) ? 'real' : 'numeric';
}

async function isAttached(session: Session): Promise<boolean> {
  return (
    (await session.query(sql`SELECT 1 FROM pragma_database_list WHERE name = ${JOURNAL_SCHEMA}`)).length > 0
  );
}

async function attach(session: Session, file: string): Promise<void> {
  if (!(await isAttached(session)))
    await session.execute(sql`ATTACH DATABASE ${file} AS ${raw(JOURNAL_SCHEMA)}`);
}

async function inspectTable(
  session: Session,
  { name }: TableName,
  ownerColumn: string,
): Promise<TableInfo | null> {
  const columns = await session.query<{ name: string; type: string; notnull: bigint; pk: bigint }>(
    sql`SELECT name, type, "notnull", pk FROM pragma_table_info(${name}, 'main')`,
  );
  if (columns.length === 0) return null;
  const indexed = await session.query<{ index: string; name: string }>(sql`
    SELECT l.name AS "index", i.name AS name FROM pragma_index_list(${name}, 'main') l, pragma_index_info(l.name, 'main') i
     WHERE l."unique" = 1 AND l.partial = 0 ORDER BY l.name, i.seqno`);
  const triggers = await session.query<{ name: string; sql: string }>(
    sql`SELECT name, sql FROM main.sqlite_master WHERE type = 'trigger' AND tbl_name = ${name} ORDER BY name`,
  );
  const primaryKey = columns.filter(({ pk }) => pk > 0).sort((a, b) => Number(a.pk) - Number(b.pk));
  const indexes = [...new Set(indexed.map(({ index }) => index))];
  return {
    columns: columns.map((column) => ({
      name: column.name,
      type: column.type,
      nullable: Number(column.notnull) === 0,
    })),
    uniqueKeys: [
      primaryKey.map((column) => column.name),
      ...indexes.map((index) => indexed.filter((row) => row.index === index).map((row) => row.name)),
    ].filter((names) => names.length > 0),
    updateTriggers: triggers
      .filter((trigger) => firesOnUpdate(trigger.sql, ownerColumn))
      .map(({ name }) => name),
    canRead: true,
    canUpdate: true,
    hidesRows: false,
  };
}

function findFileObstacle(file: string): string | null {
  for (const path of [file, dirname(file)]) {
    try {
      accessSync(path, constants.W_OK);
    } catch {
      return `${path} is not writable for this user`;
    }
  }
  return null;
}

function journaledKeys({ run, model, sequence }: BatchId, key: readonly Column[]): Sql {
  const columns = key.map(({ type }, i) => {
    const text = key.length === 1 ? sql`e.value` : sql`e.value ->> ${raw(String(i))}`;
    return sql`${fromText(text, type)} AS k${raw(String(i))}`;
  });
  return sql`(SELECT ${join(columns)} FROM ${journal('batch')} b, json_each(b.changed_keys) e
     WHERE b.run = ${run} AND b.model = ${model} AND b.rolled_back IS NULL
       ${sequence === undefined ? empty : sql`AND b.sequence = ${sequence}`})`;
}

/**
 * One transaction in rollback-journal mode, where SQLite commits two files as one. In WAL mode it does not
 * (https://www.sqlite.org/lang_attach.html), so there the journal entry is committed before the rows and marked after;
 * an entry that a crash or an error left unmarked is settled by `reconcile`.
 */
async function assignBatch(
  transact: Transact,
  plan: BatchPlan,
  guard: (session: Session) => Promise<void>,
): Promise<number> {
  const mode = await transact((session) =>
    session.query<{ journal_mode: string }>(sql`PRAGMA main.journal_mode`),
  );
  if (mode[0]?.journal_mode !== 'wal') {
    return transact(async (session) => {
      await guard(session);
      const planned = await writeAhead(session, plan);
      if (planned > 0) {
        await changeRows(session, plan, planned);
        await markCommitted(session, plan);
      }
      return planned;
    });
  }
  const planned = await transact(async (session) => {
    await guard(session);
    return writeAhead(session, plan);
  });
  if (planned === 0) return 0;
  await transact((session) => changeRows(session, plan, planned));
  await transact((session) => markCommitted(session, plan));
  return planned;
}

function isBatch({ batch }: BatchPlan): Sql {
  return sql`run = ${batch.run} AND model = ${batch.model} AND sequence = ${batch.sequence}`;
}

function isPlanned({ key, owner, after, upTo }: BatchPlan): Sql {
  const beyond = after ? sql`${compareKey(key, '>', after)} AND` : empty;
  return sql`${beyond} ${compareKey(key, '<=', upTo)} AND ${quote(owner.name)} IS NULL`;
}

/** Journals the keys of the planned rows; returns how many they are. */
async function writeAhead(session: Session, plan: BatchPlan): Promise<number> {
  const { batch, key, after, upTo } = plan;
  const texts = key.map(({ name, type }) =>
    findAffinity(type) === 'blob' ? sql`hex(${quote(name)})` : sql`CAST(${quote(name)} AS TEXT)`,
  );
  const keyJson = key.length === 1 ? (texts[0] as Sql) : sql`json_array(${join(texts)})`;
  await session.execute(sql`
    INSERT INTO ${journal('batch')} (run, model, sequence, first_key, last_key, changed_rows, changed_keys)
    SELECT ${batch.run}, ${batch.model}, ${batch.sequence}, ${after && JSON.stringify(after)}, ${JSON.stringify(upTo)},
           count(*), json_group_array(${keyJson})
      FROM ${table(plan.table)} WHERE ${isPlanned(plan)} HAVING count(*) > 0`);
  const rows = await session.query<{ n: bigint }>(
    sql`SELECT changed_rows AS n FROM ${journal('batch')} WHERE ${isBatch(plan)}`,
  );
  return Number(rows[0]?.n ?? 0);
}

/** Throws, and so changes nothing, when the rows are not the journaled ones any more. */
async function changeRows(session: Session, plan: BatchPlan, planned: number): Promise<void> {
  const { key, owner, batch } = plan;
  const names = join(key.map(({ name }) => quote(name)));
  const changed = await session.execute(sql`
    UPDATE ${table(plan.table)} SET ${quote(owner.name)} = ${fromText(plan.ownerId, owner.type)}
     WHERE (${names}) IN (SELECT * FROM ${journaledKeys(batch, key)}) AND ${quote(owner.name)} IS NULL`);
  if (changed !== planned) throw batchChanged(batch.model, planned, changed);
}

async function markCommitted(session: Session, plan: BatchPlan): Promise<void> {
  const committed = raw(`strftime('%Y-%m-%dT%H:%M:%fZ', 'now')`);
  await session.execute(sql`UPDATE ${journal('batch')} SET committed = ${committed} WHERE ${isBatch(plan)}`);
}
