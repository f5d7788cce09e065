import type { BatchId, Column, TableName } from './dialect.ts';
import { empty, join, raw, type Sql, sql } from './sql.ts';

/** The name under which the journal's file is attached. */
export const JOURNAL_SCHEMA = 'ownership_migration';

/** The file beside the app's own that holds the journal. */
export function journalFileOf(file: string): string {
  return `${file}-ownership-migration`;
}

/** The clock as ISO 8601 text in UTC. */
export const NOW = raw(`strftime('%Y-%m-%dT%H:%M:%fZ', 'now')`);

/** A name as an identifier. */
export function quote(name: string): Sql {
  return raw(`"${name.replaceAll('"', '""')}"`);
}

/** A table of the app's file. */
export function table({ name }: TableName): Sql {
  return sql`main.${quote(name)}`;
}

/** A table of the journal's file. */
export function journal(name: string): Sql {
  return sql`${raw(JOURNAL_SCHEMA)}.${quote(name)}`;
}

/** A column's value as text; bytes as hexadecimal digits. */
export function asText(expression: Sql, type: string): Sql {
  return findAffinity(type) === 'blob' ? sql`hex(${expression})` : sql`CAST(${expression} AS TEXT)`;
}

/** Bound text takes the type of the column that it is compared with or stored in (datatype3.html, section 4.2). */
export function fromText(text: string | Sql, type: string): Sql {
  return findAffinity(type) === 'blob' ? sql`unhex(${text})` : sql`${text}`;
}

/** A condition on the key columns, in the order of the key. */
export function compareKey(key: readonly Column[], operator: '>' | '<=', value: readonly string[]): Sql {
  const names = join(key.map((column) => quote(column.name)));
  return sql`(${names}) ${raw(operator)} (${join(key.map(({ type }, i) => fromText(value[i] as string, type)))})`;
}

/** Whether an owner column can hold every key, by their affinities. */
export function compareTypes(ownerType: string, keyType: string): 'same' | 'compatible' | 'different' {
  const [owner, key] = [findAffinity(ownerType), findAffinity(keyType)];
  if (owner === key) return 'same';
  return owner === 'numeric' && key === 'integer' ? 'compatible' : 'different';
}

/** Whether values of a type are bytes, which as text are hexadecimal digits. */
export function isBlob(type: string): boolean {
  return findAffinity(type) === 'blob';
}

/** https://www.sqlite.org/datatype3.html#determination_of_column_affinity */
function findAffinity(type: string): 'integer' | 'text' | 'blob' | 'real' | 'numeric' {
  if (/INT/i.test(type)) return 'integer';
  if (/CHAR|CLOB|TEXT/i.test(type)) return 'text';
  if (/BLOB/i.test(type) || type === '') return 'blob';
  return /REAL|FLOA|DOUB/i.test(type) ? 'real' : 'numeric';
}

/** See `Dialect.journaledKeys`. */
export function journaledKeys({ run, model, sequence }: BatchId, key: readonly Column[]): Sql {
  const columns = key.map(({ type }, i) => {
    const text = key.length === 1 ? sql`e.value` : sql`e.value ->> ${raw(String(i))}`;
    return sql`${fromText(text, type)} AS k${raw(String(i))}`;
  });
  return sql`(SELECT ${join(columns)} FROM ${journal('batch')} b, json_each(b.changed_keys) e
     WHERE b.run = ${run} AND b.model = ${model} AND b.rolled_back IS NULL
       ${sequence === undefined ? empty : sql`AND b.sequence = ${sequence}`})`;
}
