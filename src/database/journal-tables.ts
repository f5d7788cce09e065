import { raw, type Sql, sql } from './sql.ts';

/** The types that differ between databases. */
interface JournalTypes {
  /** Short text that can be a key. */
  id: string;
  text: string;
  /** What `Dialect.journaledKeys` reads. */
  keys: string;
  /** A number that the database counts up, as a primary key. */
  serial: string;
}

/** The names of the journal's tables. */
export const JOURNAL_TABLES = [
  'run',
  'model',
  'batch',
  'event',
  'control',
  'hit',
  'tick',
  'evidence',
  'proof',
] as const;
export type JournalTable = (typeof JOURNAL_TABLES)[number];

/**
 * The statements that create the journal's tables. Times are ISO 8601 text in UTC, so that they read and sort the
 * same on every database. There are no foreign keys into user tables: the journal must never stand in the app's way.
 */
export function createJournalTables(table: (name: JournalTable) => Sql, types: JournalTypes): Sql[] {
  const [id, text, keys, serial] = [types.id, types.text, types.keys, types.serial].map((type) => raw(type));
  return [
    // options, *_columns, *_counts, *_key: JSON.
    // scope: the schema that tables without @@schema live in, so that two apps in one database do not mix.
    // command, host, pid, heartbeat: who works on the run now; NULL when nobody does.
    sql`CREATE TABLE IF NOT EXISTS ${table('run')} (
      id ${id} NOT NULL PRIMARY KEY, scope ${id} NOT NULL, owner_model ${id} NOT NULL, owner_id ${text} NOT NULL,
      status ${id} NOT NULL, options ${text} NOT NULL, tool_version ${id} NOT NULL, schema_fingerprint ${id} NOT NULL,
      started ${id} NOT NULL, finished ${id}, command ${id}, host ${id}, pid BIGINT, heartbeat ${id})`,
    // before_counts: what was counted before the run's first change of this model.
    sql`CREATE TABLE IF NOT EXISTS ${table('model')} (
      run ${id} NOT NULL, model ${id} NOT NULL, position BIGINT NOT NULL, table_schema ${id} NOT NULL,
      table_name ${id} NOT NULL, key_columns ${text} NOT NULL, owner_column ${text} NOT NULL, owner_value ${text} NOT NULL,
      before_counts ${text} NOT NULL, last_key ${text}, status ${id} NOT NULL, PRIMARY KEY (run, model))`,
    // changed_keys: one JSON array of the keys, each as text, or as an array of texts where the key is composite.
    // voided: the run was carried on after this batch was rolled back, so it counts no more.
    // committed is NULL only between the two halves of a batch on SQLite in WAL mode.
    sql`CREATE TABLE IF NOT EXISTS ${table('batch')} (
      run ${id} NOT NULL, model ${id} NOT NULL, sequence BIGINT NOT NULL, first_key ${text}, last_key ${text} NOT NULL,
      changed_rows BIGINT NOT NULL, changed_keys ${keys} NOT NULL, committed ${id}, rolled_back ${id}, reverted BIGINT, voided ${id},
      PRIMARY KEY (run, model, sequence))`,
    // request: what an operator asks of a run that is being worked on; waiting: why it does not begin its next batch.
    sql`CREATE TABLE IF NOT EXISTS ${table('control')} (
      run ${id} NOT NULL PRIMARY KEY, request ${id}, requested_by ${text}, waiting ${text}, waiting_since ${id})`,
    sql`CREATE TABLE IF NOT EXISTS ${table('event')} (
      id ${serial}, run ${id} NOT NULL, time ${id} NOT NULL, what ${text} NOT NULL)`,
    // A row that a guard gave an owner: appended by its triggers, in the application's transactions. row_key: a JSON array
    // of texts. given: NULL while, on PostgreSQL, the transaction xact has tried to insert the row and it is not there.
    // run: the run whose rollback took the owner away again. reverted: how many rows that was, in the first hit of a lot.
    // On SQLite it stays empty.
    sql`CREATE TABLE IF NOT EXISTS ${table('hit')} (
      id ${serial}, scope ${id} NOT NULL, guard ${id} NOT NULL, model ${id} NOT NULL, owner_value ${text} NOT NULL,
      row_key ${text} NOT NULL, xact BIGINT, time ${id} NOT NULL, given ${id}, run ${id}, reverted BIGINT)`,
    // A line of the checklist that only a person can know, and who said so.
    sql`CREATE TABLE IF NOT EXISTS ${table('tick')} (
      id ${serial}, scope ${id} NOT NULL, line ${id} NOT NULL, note ${text} NOT NULL, ticked_by ${text} NOT NULL,
      time ${id} NOT NULL)`,
    // What a backup, a restore or a rehearsal proved. body: JSON, by kind.
    sql`CREATE TABLE IF NOT EXISTS ${table('evidence')} (
      id ${serial}, scope ${id} NOT NULL, kind ${id} NOT NULL, time ${id} NOT NULL, body ${text} NOT NULL)`,
    // A batch whose rows had the same digest, the owner column left out, before and after it.
    sql`CREATE TABLE IF NOT EXISTS ${table('proof')} (
      run ${id} NOT NULL, model ${id} NOT NULL, sequence BIGINT NOT NULL, proved_rows BIGINT NOT NULL, digest ${id} NOT NULL,
      PRIMARY KEY (run, model, sequence))`,
  ];
}
