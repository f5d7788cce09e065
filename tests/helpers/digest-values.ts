import type { TestDatabase } from './database.ts';

/** A type, and values of it, as SQL, of which no two are the same. */
export type TypeCase = [type: string, values: string[]];

const TEXTS = [
  'NULL',
  "''",
  "' '",
  "'  '",
  "'N'",
  "'NULL'",
  "'null'",
  "'a'",
  "'A'",
  "'ä'",
  "'a,b'",
  "'\"'",
  '\'""\'',
  "'('",
  "')'",
  "'a '",
  "'\\'",
  "'\\\\'",
  "'it''s'",
  "'😀'",
];

const POSTGRESQL: TypeCase[] = [
  ['text', TEXTS],
  ['varchar(20)', TEXTS],
  ['character(5)', ['NULL', "''", "'a'", "'b'", "'N'"]],
  ['"char"', ["'a'", "'b'"]],
  [
    'real',
    [
      'NULL',
      '0.1',
      '0.10000002',
      '1e-38',
      '16777216',
      '16777218',
      '0',
      "'-0'",
      "'NaN'",
      "'Infinity'",
      "'-Infinity'",
    ],
  ],
  [
    'double precision',
    [
      'NULL',
      '0.1',
      '0.3',
      '0.30000000000000004',
      "'1e-320'",
      "'5e-324'",
      '0',
      "'-0'",
      '1e308',
      "'NaN'",
      "'Infinity'",
      "'-Infinity'",
    ],
  ],
  [
    'numeric',
    ['NULL', '1', '1.0', '1.00', '0.1', '1e100', "'NaN'", '123456789012345678901234567890.123456789'],
  ],
  ['numeric(10,4)', ['1', '1.0001', '-1']],
  ['bigint', ['9223372036854775807', '9223372036854775806', '-1', '0']],
  ['boolean', ['NULL', 'true', 'false']],
  ['json', ['NULL', '\'{"a":1}\'', '\'{"a": 1}\'', '\'{"a":1.0}\'', "'null'", "'[]'", '\'""\'']],
  ['jsonb', ['NULL', '\'{"a":1}\'', '\'{"a":1.0}\'', "'null'", "'[]'", '\'""\'', '\'{"a":"1"}\'']],
  ['date', ['NULL', "'2024-02-29'", "'2024-03-01'", "'0044-03-15 BC'", "'infinity'", "'-infinity'"]],
  ['time', ["'12:00'", "'12:00:00.000001'", "'24:00'", "'00:00'"]],
  ['timetz', ["'12:00+02'", "'10:00+00'", "'12:00+00'"]],
  [
    'timestamp',
    ["'2024-01-02 03:04:05'", "'2024-02-01 03:04:05'", "'2024-01-02 03:04:05.000001'", "'infinity'"],
  ],
  // Both hours of a night in October are half past two in Berlin.
  [
    'timestamptz',
    ["'2024-10-27 00:30+00'", "'2024-10-27 01:30+00'", "'2024-10-27 00:30:00.000001+00'", "'-infinity'"],
  ],
  [
    'interval',
    [
      "'1 day'",
      "'24:00'",
      "'1 mon'",
      "'30 days'",
      "'-1 day +01:00'",
      "'1 day -01:00'",
      "'0'",
      "'00:00:00.000001'",
    ],
  ],
  ['bytea', ['NULL', "''", "'\\x00'", "'\\x0000'", "'\\x61'", "'\\x5c'", "'\\x5c5c'", "'\\x5c303030'"]],
  ['bit(3)', ["B'000'", "B'001'"]],
  ['bit varying', ["B''", "B'0'", "B'00'", "B'1'"]],
  ['mood', ['NULL', "'ok'", "'N'", "'a,b'"]],
  ['uuid', ["'00000000-0000-0000-0000-000000000000'", "'00000000-0000-0000-0000-000000000001'"]],
  [
    'text[]',
    [
      'NULL',
      "'{}'",
      "'{NULL}'",
      '\'{"NULL"}\'',
      '\'{""}\'',
      "'{a,b}'",
      '\'{"a,b"}\'',
      "'{{a,b}}'",
      "'[0:1]={a,b}'",
    ],
  ],
  ['double precision[]', ["'{0.3}'", "'{0.30000000000000004}'", "'{NaN}'"]],
  ['timestamptz[]', ["'{2024-10-27 00:30+00}'", "'{2024-10-27 01:30+00}'"]],
  [
    'pair',
    ["ROW('a,b', 'c')", "ROW('a', 'b,c')", "ROW(NULL, '')", "ROW('', NULL)", 'ROW(NULL, NULL)', 'NULL'],
  ],
  ['short_text', ['NULL', "''", "'a'", "'b'"]],
  ['money', ["'1.00'", "'-1.00'", "'1.01'", "'1000000.00'"]],
  ['inet', ["'10.0.0.1'", "'10.0.0.1/24'", "'::1'"]],
  ['macaddr', ["'08:00:2b:01:02:03'", "'08:00:2b:01:02:04'"]],
  ['int4range', ["'empty'", "'[1,2)'", "'[1,3)'", "'(,)'"]],
  ['tsvector', ["'a:1 b:2'", "'a:1 b:3'"]],
  ['point', ["'(0.3,0)'", "'(0.30000000000000004,0)'"]],
  ['regclass', ['\'"User"\'', "'pg_class'", "'0'"]],
  ['regtype', ["'mood'", "'text'"]],
];

const MYSQL: TypeCase[] = [
  ['text', TEXTS],
  ['varchar(20)', TEXTS],
  ['varchar(20) COLLATE utf8mb4_general_ci', TEXTS],
  ['varchar(20) CHARACTER SET latin1', ['NULL', "''", "'a'", "'A'", "'ä'", "'a '"]],
  ['char(5)', ['NULL', "''", "'a'", "'b'", "'N'"]],
  ['longtext', ["''", "'a'", "'a,'", "'N'"]],
  ['float', ['NULL', '0.1', '0.10000002', '1e-38', '16777216', '16777218', '0']],
  [
    'double',
    [
      'NULL',
      '0.1',
      '0.3',
      '0.30000000000000004',
      '1e308',
      '1e-308',
      '1e-320',
      '5e-324',
      '0',
      '123456789.12345678',
    ],
  ],
  ['decimal(20,6)', ['NULL', '1', '1.000001', '-1', '0']],
  ['bigint', ['9223372036854775807', '9223372036854775806', '-1', '0']],
  ['bigint unsigned', ['18446744073709551615', '18446744073709551614', '0']],
  ['tinyint(1)', ['NULL', '0', '1']],
  ['year', ['NULL', '1999', '2000']],
  ['date', ['NULL', "'2024-02-29'", "'2024-03-01'"]],
  ['time(6)', ["'12:00'", "'12:00:00.000001'", "'-12:00'", "'838:59:59'"]],
  ['datetime(6)', ["'2024-01-02 03:04:05'", "'2024-01-02 03:04:05.000001'"]],
  [
    'timestamp(6) NULL',
    ['NULL', "'2024-10-27 00:30:00'", "'2024-10-27 01:30:00'", "'2024-10-27 00:30:00.000001'"],
  ],
  ['binary(3)', ['NULL', "x''", "x'61'", "x'4e'"]],
  ['varbinary(10)', ['NULL', "x''", "x'00'", "x'0000'", "x'61'", "x'4e'", "x'2c'"]],
  ['longblob', ['NULL', "x''", "x'00'", "x'0000'", "x'ff'", "x'4e'"]],
  ['bit(10)', ['NULL', "b'0'", "b'1'", "b'1000000000'"]],
  ["enum('a','b','N','a,b')", ['NULL', "'a'", "'b'", "'N'", "'a,b'"]],
  ["set('a','b','c')", ['NULL', "''", "'a'", "'a,b'", "'a,b,c'"]],
  ['json', ['NULL', '\'{"a":1}\'', '\'{"a":2}\'', "'null'", "'[]'", '\'""\'']],
  [
    'geometry',
    [
      'NULL',
      "ST_GeomFromText('POINT(1 2)')",
      "ST_GeomFromText('POINT(1 3)')",
      "ST_GeomFromText('POINT(1 2)', 4326)",
      "ST_GeomFromText('LINESTRING(0 0,1 1)')",
    ],
  ],
];

/** SQLite keeps the type with the value, whatever the column says. */
const ANYTHING = [
  ...TEXTS,
  '1',
  "'1'",
  "x'31'",
  '1.5',
  "'1.0'",
  "x''",
  "x'00'",
  "x'0000'",
  "'a' || char(0)",
  "'a' || char(0) || 'b'",
  "'a' || char(0) || 'c'",
  '0',
  '0.1',
  '0.3',
  '0.30000000000000004',
  '1e-320',
  '5e-324',
  '9e999',
  '-9e999',
  "'Inf'",
  "'9.0e+999'",
  '9223372036854775807',
  '9223372036854775806',
  '-9223372036854775808',
  '9007199254740993',
  "'t'",
  "'b'",
];
const SQLITE: TypeCase[] = [
  ['', [...ANYTHING, '1.0', '0.0']],
  ['BLOB', [...ANYTHING, '1.0', '0.0']],
  ['TEXT', [...TEXTS, "x'31'", "'1'", "'a' || char(0)", "'a' || char(0) || 'b'"]],
  ['REAL', ['NULL', '1', '0.1', '0.3', '0.30000000000000004', '1e-320', '5e-324', '9e999', '-9e999', "'x'"]],
  ['DECIMAL(10,2)', ['NULL', '1', '1.5', '0.1', '0.30000000000000004', "'x'"]],
  ['DATETIME', ['NULL', '1730000000000', "'2024-01-02 03:04:05'", "'2024-01-02T03:04:05.000Z'"]],
  ['BOOLEAN', ['NULL', '0', '1']],
];

/** On each database all types that an app may well have. */
export const TYPE_CASES: Record<TestDatabase['provider'], TypeCase[]> = {
  postgresql: POSTGRESQL,
  mysql: MYSQL,
  sqlite: SQLITE,
};

/** What has to be there before the tables. */
export const TYPES_DDL: Record<TestDatabase['provider'], string> = {
  postgresql: `CREATE TABLE "User" (id text PRIMARY KEY);
    CREATE TYPE mood AS ENUM ('ok', 'N', 'a,b');
    CREATE TYPE pair AS (a text, b text);
    CREATE DOMAIN short_text AS text CHECK (length(VALUE) < 10);`,
  mysql: '',
  sqlite: '',
};

/** A table of each type, `type_0` and so on, whose rows are numbered. */
export function createTypeTables(provider: TestDatabase['provider']): string {
  const tables = TYPE_CASES[provider].map(([type, values], i) => {
    const rows = values.map((value, id) => `(${id}, ${value})`);
    return `CREATE TABLE type_${i} (id integer NOT NULL PRIMARY KEY, v ${type}); INSERT INTO type_${i} VALUES ${rows.join(', ')};`;
  });
  return TYPES_DDL[provider] + tables.join('\n');
}
