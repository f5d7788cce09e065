import { createHash } from 'node:crypto';
import type { BatchId, Column, TableName } from './dialect.ts';
import { empty, join, raw, type Sql, sql } from './sql.ts';

/** Names of databases, and of locks, have at most this many characters. */
const MAX_NAME = 64;
const JOURNAL_SUFFIX = '_ownership_migration';
/** From narrow to wide. */
const INTEGER_TYPES = ['tinyint', 'smallint', 'mediumint', 'int', 'bigint'];

/** The database that holds the journal of another one, beside it on the same server. */
export function journalDatabaseOf(database: string): string {
  return fitName(database, JOURNAL_SUFFIX);
}

/** The name of the lock of the one writer: it is the server's, so the database is in it. */
export function lockNameOf(database: string): string {
  return fitName(database, '.ownership_writer');
}

function fitName(name: string, suffix: string): string {
  if ([...name, ...suffix].length <= MAX_NAME) return name + suffix;
  const digest = createHash('sha256').update(name).digest('hex').slice(0, 8);
  return `${[...name].slice(0, MAX_NAME - suffix.length - 9).join('')}_${digest}${suffix}`;
}

/** A name as an identifier. */
export function quote(name: string): Sql {
  return raw(`\`${name.replaceAll('`', '``')}\``);
}

/** A table; its schema is a database. */
export function table({ schema, name }: TableName): Sql {
  return sql`${quote(schema)}.${quote(name)}`;
}

/** The clock as ISO 8601 text in UTC. */
export const NOW = raw(`CONCAT(LEFT(DATE_FORMAT(UTC_TIMESTAMP(3), '%Y-%m-%dT%H:%i:%s.%f'), 23), 'Z')`);

/**
 * How values of a type become text and come back. `type` is COLUMN_TYPE, for text with its collation behind it, because
 * text is compared and sorted by the collation of its column.
 */
interface Family {
  toText: (expression: Sql) => Sql;
  fromText: (text: Sql) => Sql;
}

const asCharacters = (expression: Sql) => sql`CAST(${expression} AS CHAR CHARACTER SET utf8mb4)`;

function familyOf(type: string): Family {
  const [, base = '', size = ''] = /^(\w+)(?:\(([^)]*)\))?/.exec(type) ?? [];
  const castTo = (target: string): Family => {
    return { toText: asCharacters, fromText: (text) => sql`CAST(${text} AS ${raw(target)})` };
  };
  if (INTEGER_TYPES.includes(base)) return castTo(isUnsigned(type) ? 'UNSIGNED' : 'SIGNED');
  switch (base) {
    case 'year':
      return castTo('UNSIGNED');
    case 'bit':
    case 'enum':
    case 'set':
      // They sort by their numbers, while text that they are compared with is compared as text.
      return {
        toText: (expression) => asCharacters(sql`(${expression} + 0)`),
        fromText: castTo('UNSIGNED').fromText,
      };
    case 'decimal':
      return castTo(`DECIMAL(${size})`);
    case 'double':
      return castTo('DOUBLE');
    case 'float':
      // As text it would lose digits.
      return {
        ...castTo('DOUBLE'),
        toText: (expression) => asCharacters(sql`CAST(${expression} AS DOUBLE)`),
      };
    case 'date':
      return castTo('DATE');
    case 'time':
      return castTo('TIME(6)');
    case 'datetime':
    case 'timestamp':
      return castTo('DATETIME(6)');
    case 'uuid':
      return castTo('UUID');
    case 'binary':
    case 'varbinary':
    case 'tinyblob':
    case 'blob':
    case 'mediumblob':
    case 'longblob':
      return {
        toText: (expression) => asCharacters(sql`HEX(${expression})`),
        fromText: (text) => sql`UNHEX(${text})`,
      };
    default:
      return {
        toText: (expression) => sql`CONVERT(${expression} USING utf8mb4)`,
        fromText: (text) => collate(text, type),
      };
  }
}

/** Text in the character set and the collation of a column, or as it is where the column has none. */
function collate(text: Sql, type: string): Sql {
  const [, collation, characterSet] = / COLLATE ((\w+?)_\w+)$/.exec(type) ?? [];
  if (!collation || !characterSet) return sql`CONVERT(${text} USING utf8mb4)`;
  return sql`CONVERT(${text} USING ${raw(characterSet)}) COLLATE ${raw(collation)}`;
}

function isUnsigned(type: string): boolean {
  return /\bunsigned\b/.test(type);
}

/** A column's value as text; bytes as hexadecimal digits, an enum as its number. */
export function asText(expression: Sql, type: string): Sql {
  return familyOf(type).toText(expression);
}

/** The inverse of `asText`. */
export function fromText(text: string | Sql, type: string): Sql {
  return familyOf(type).fromText(typeof text === 'string' ? sql`${text}` : text);
}

/**
 * A condition on the key columns. Rows are not compared as rows, `(a, b) > (1, 2)`, because that uses no index
 * (https://dev.mysql.com/doc/refman/8.4/en/row-constructor-optimization.html).
 */
export function compareKey(key: readonly Column[], operator: '>' | '<=', value: readonly string[]): Sql {
  const [strict, loose] = operator === '>' ? [raw('>'), raw('>=')] : [raw('<'), raw('<=')];
  const compareFrom = (at: number): Sql => {
    const column = key[at] as Column;
    const [name, bound] = [quote(column.name), fromText(value[at] as string, column.type)];
    if (at === key.length - 1) return sql`${name} ${raw(operator)} ${bound}`;
    return sql`(${name} ${loose} ${bound} AND (${name} ${strict} ${bound} OR ${compareFrom(at + 1)}))`;
  };
  return compareFrom(0);
}

/** Whether an owner column can hold every key. */
export function compareTypes(ownerType: string, keyType: string): 'same' | 'compatible' | 'different' {
  if (ownerType === keyType) return 'same';
  const [owner, key] = [ownerType, keyType].map((type) => {
    const base = /^\w+/.exec(type)?.[0] ?? '';
    const rank = INTEGER_TYPES.indexOf(base);
    return { base, rank, unsigned: isUnsigned(type), isText: /^(char|varchar|\w*text)$/.test(base) };
  }) as [Described, Described];
  if (owner.isText && key.isText) return 'compatible';
  if (owner.rank < 0 || key.rank < 0 || owner.unsigned !== key.unsigned) return 'different';
  if (owner.rank === key.rank) return 'same';
  return owner.rank > key.rank ? 'compatible' : 'different';
}

interface Described {
  base: string;
  rank: number;
  unsigned: boolean;
  isText: boolean;
}

/** Whether a text fits; MySQL counts characters, not bytes. */
export function canHold(type: string, value: string): boolean {
  const length = Number(/^(?:var)?char\((\d+)\)/.exec(type)?.[1] ?? Number.POSITIVE_INFINITY);
  return [...value].length <= length;
}

/** See `Dialect.journaledKeys`; `batches` is the journal's table. */
export function journaledKeys(batches: Sql, { run, model, sequence }: BatchId, key: readonly Column[]): Sql {
  // No key of InnoDB is longer.
  const paths = key.map((_, i) => {
    const path = key.length === 1 ? '$' : `$[${i}]`;
    return raw(`t${i} VARCHAR(3072) CHARACTER SET utf8mb4 PATH '${path}'`);
  });
  const columns = key.map(({ type }, i) => sql`${fromText(raw(`e.t${i}`), type)} AS ${raw(`k${i}`)}`);
  return sql`(SELECT ${join(columns)} FROM ${batches} b, JSON_TABLE(b.changed_keys, '$[*]' COLUMNS (${join(paths)})) e
     WHERE b.run = ${run} AND b.model = ${model} AND b.rolled_back IS NULL
       ${sequence === undefined ? empty : sql`AND b.sequence = ${sequence}`})`;
}
