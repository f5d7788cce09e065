import type { BatchId, Column, TableName } from './dialect.ts';
import { JOURNAL_SCHEMA } from './postgresql-inspect.ts';
import { empty, join, raw, type Sql, sql } from './sql.ts';

/** The clock as ISO 8601 text in UTC. */
export const NOW = raw(`to_char(clock_timestamp() AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`);

/** A name as an identifier. */
export function quote(name: string): Sql {
  return raw(`"${name.replaceAll('"', '""')}"`);
}

/** A table in its schema. */
export function table({ schema, name }: TableName): Sql {
  return sql`${quote(schema)}.${quote(name)}`;
}

/** A table of the journal's schema. */
export function journal(name: string): Sql {
  return table({ schema: JOURNAL_SCHEMA, name });
}

/** Without the length of a character type: CAST would cut the text to it in silence, an assignment raises an error. */
export function fromText(text: string | Sql, type: string): Sql {
  return sql`CAST(${text} AS ${raw(type.replace(/^(character varying|character)\(\d+\)$/, 'text'))})`;
}

/** A condition on the key columns, in the order of the key. */
export function compareKey(key: readonly Column[], operator: '>' | '<=', value: readonly string[]): Sql {
  const names = join(key.map((column) => quote(column.name)));
  return sql`(${names}) ${raw(operator)} (${join(key.map(({ type }, i) => fromText(value[i] as string, type)))})`;
}

/** See `Dialect.journaledKeys`. */
export function journaledKeys({ run, model, sequence }: BatchId, key: readonly Column[]): Sql {
  const elements = key.length === 1 ? raw('json_array_elements_text') : raw('json_array_elements');
  const columns = key.map(({ type }, i) => {
    const text = key.length === 1 ? sql`e.value` : sql`e.value ->> ${raw(String(i))}`;
    return sql`${fromText(sql`(${text})`, type)} AS k${raw(String(i))}`;
  });
  return sql`(SELECT ${join(columns)} FROM ${journal('batch')} b CROSS JOIN LATERAL ${elements}(b.changed_keys) AS e(value)
     WHERE b.run = ${run} AND b.model = ${model} AND b.rolled_back IS NULL
       ${sequence === undefined ? empty : sql`AND b.sequence = ${sequence}`})`;
}
