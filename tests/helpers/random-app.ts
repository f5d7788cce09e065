import fc from 'fast-check';
import type { TestDatabase } from './database.ts';
import type { OwnedTable } from './owned-rows.ts';
import { quoteName } from './snapshot.ts';

type Provider = TestDatabase['provider'];

/** A type that a part of a key can have: as Prisma and the databases call it, and values as SQL literals. */
interface KeyType {
  prisma: string;
  sqlite: string;
  postgresql: string;
  mysql: string;
  literals: fc.Arbitrary<string>;
}

/** One table of a random app. */
export interface RandomModel {
  name: string;
  isMapped: boolean;
  key: (keyof typeof KEY_TYPES)[];
  /** The rows at the start, and after them some that the app can insert later. */
  rows: { key: string[]; owner: number | null; note: string }[];
  spare: string[][];
}

/** An app: how its users' ids look, and its owned models. */
export interface RandomApp {
  userIds: readonly [string, string, string];
  hasNumericUsers: boolean;
  models: RandomModel[];
}

/** A text as an SQL literal. */
export function quoteText(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

const NASTY = [
  '',
  ' ',
  "o'brien",
  '"',
  '%_\\',
  '["a",1]',
  'null',
  '0',
  '00',
  '1e3',
  'é',
  'e\u0301',
  'Zoë',
  '😀',
  '-1',
];
const texts = fc.oneof(
  fc.constantFrom(...NASTY),
  fc.string({ unit: 'grapheme', maxLength: 8 }).filter((text) => !text.includes('\0')),
);
const days = fc.integer({ min: 0, max: 20_000 }).map((day) => new Date(day * 86_400_000).toISOString());

const KEY_TYPES = {
  int: {
    prisma: 'Int',
    sqlite: 'INTEGER',
    postgresql: 'INTEGER',
    mysql: 'INTEGER',
    literals: fc.integer().map(String),
  },
  text: {
    prisma: 'String',
    sqlite: 'TEXT',
    postgresql: 'TEXT',
    mysql: 'TEXT',
    literals: texts.map(quoteText),
  },
  bigInt: {
    prisma: 'BigInt',
    sqlite: 'BIGINT',
    postgresql: 'BIGINT',
    mysql: 'BIGINT',
    literals: fc.bigInt({ min: -(2n ** 63n) + 1n, max: 2n ** 63n - 1n }).map(String),
  },
  time: {
    prisma: 'DateTime',
    sqlite: 'DATETIME',
    postgresql: 'TIMESTAMP(3)',
    mysql: 'DATETIME(3)',
    literals: days.map(quoteText),
  },
  uuid: {
    prisma: 'String',
    sqlite: 'TEXT',
    postgresql: 'UUID',
    mysql: 'CHAR(36)',
    literals: fc.uuid().map(quoteText),
  },
  bytes: {
    prisma: 'Bytes',
    sqlite: 'BLOB',
    postgresql: 'BYTEA',
    mysql: 'VARBINARY(16)',
    literals: fc.uint8Array({ maxLength: 6 }).map((bytes) => Buffer.from(bytes).toString('hex')),
  },
} satisfies Record<string, KeyType>;

const KEYS: (keyof typeof KEY_TYPES)[][] = [
  ['int'],
  ['text'],
  ['int', 'text'],
  ['text', 'int'],
  ['bigInt'],
  ['uuid'],
  ['text', 'time'],
  ['uuid', 'bigInt', 'text'],
  ['bytes'],
];
const SPARE_ROWS = 12;

function randomModel(name: string): fc.Arbitrary<RandomModel> {
  return fc.constantFrom(...KEYS).chain((key) => {
    const keys = fc.tuple(...key.map((type) => KEY_TYPES[type].literals));
    const row = fc.record({
      key: keys,
      // Most rows have no owner; 0 is the user who gets them, 1 and 2 are others.
      owner: fc.oneof({ weight: 4, arbitrary: fc.constant(null) }, fc.constantFrom(0, 1, 2)),
      note: fc.constantFrom('', 'plain', 'ünïcode', "it's"),
    });
    const size = fc.constantFrom('small' as const, 'max' as const);
    return fc.tuple(fc.boolean(), size).chain(([isMapped, size]) =>
      fc
        .uniqueArray(row, { maxLength: 300 + SPARE_ROWS, size, selector: ({ key }) => key.join('|') })
        .map((rows) => {
          const count = Math.min(SPARE_ROWS, rows.length);
          const spare = rows.slice(0, count).map(({ key }) => key);
          return { name, isMapped, key, rows: rows.slice(count), spare };
        }),
    );
  });
}

/** Apps with one to three owned models, of 0 to 300 rows each, with every kind of key. */
export function randomApps(): fc.Arbitrary<RandomApp> {
  const models = fc
    .integer({ min: 1, max: 3 })
    .chain((count) => fc.tuple(...Array.from({ length: count }, (_, i) => randomModel(`Model${i}`))));
  return fc.record({ hasNumericUsers: fc.boolean(), models }).map(({ hasNumericUsers, models }) => ({
    userIds: hasNumericUsers ? ['7', '1', '70'] : ['cm3owner0000', "o'hara", 'cm3other0000'],
    hasNumericUsers,
    models,
  }));
}

/** Where the models' rows are in the database. */
export function tablesOf({ models }: RandomApp): OwnedTable[] {
  return models.map((model) => ({
    model: model.name,
    table: model.isMapped ? `select ${model.name}` : model.name,
    key: model.key.map((_, i) => `key${i}`),
    owner: model.isMapped ? 'owner id' : 'userId',
  }));
}

/** A value of a key as this database writes it. */
export function keyLiterals(provider: Provider, model: RandomModel, key: readonly string[]): string[] {
  return key.map((literal, i) => {
    if (model.key[i] === 'time' && provider === 'mysql') return literal.replace('T', ' ').replace('Z', '');
    if (model.key[i] !== 'bytes') return literal;
    return provider === 'postgresql' ? `'\\x${literal}'::bytea` : `x'${literal}'`;
  });
}

/** The statements that create the app's tables with their rows. */
export function createTables(provider: Provider, app: RandomApp): string {
  const idType = app.hasNumericUsers ? 'INTEGER' : 'TEXT';
  const users = app.userIds.map((id) => `(${quoteText(id)})`).join(', ');
  const statements = [
    `CREATE TABLE "User" (id ${idType} NOT NULL PRIMARY KEY)`,
    `INSERT INTO "User" VALUES ${users}`,
  ];
  for (const [i, { table, key, owner }] of tablesOf(app).entries()) {
    const model = app.models[i] as RandomModel;
    const columns = key.map(
      (name, part) => `"${name}" ${KEY_TYPES[model.key[part] ?? 'int'][provider]} NOT NULL`,
    );
    statements.push(
      `CREATE TABLE ${quoteName(table)} (${columns.join(', ')}, note TEXT, "updatedAt" TIMESTAMP DEFAULT CURRENT_TIMESTAMP,
         ${quoteName(owner)} ${idType} REFERENCES "User"(id), PRIMARY KEY (${key.join(', ')}))`,
    );
    const rows = model.rows.map((row) => {
      const id = row.owner === null ? 'NULL' : quoteText(app.userIds[row.owner] as string);
      return `(${[...keyLiterals(provider, model, row.key), quoteText(row.note), id].join(', ')})`;
    });
    const names = [...key, 'note', quoteName(owner)].join(', ');
    if (rows.length > 0)
      statements.push(`INSERT INTO ${quoteName(table)} (${names}) VALUES ${rows.join(', ')}`);
  }
  return statements.join(';\n');
}

/** The models of the app's schema.prisma. */
export function writeModels(provider: Provider, app: RandomApp): string {
  const idType = app.hasNumericUsers ? 'Int' : 'String';
  const owned = app.models.map((model) => {
    const fields = model.key.map((type, i) => {
      const native = provider === 'postgresql' && type === 'uuid' ? ' @db.Uuid' : '';
      return `  key${i} ${KEY_TYPES[type].prisma}${native}${model.key.length === 1 ? ' @id' : ''}`;
    });
    const composite =
      model.key.length > 1 ? [`  @@id([${model.key.map((_, i) => `key${i}`).join(', ')}])`] : [];
    return [
      `model ${model.name} {`,
      ...fields,
      '  note String?',
      '  updatedAt DateTime? @updatedAt',
      `  userId ${idType}?${model.isMapped ? ' @map("owner id")' : ''}`,
      '  user User? @relation(fields: [userId], references: [id])',
      ...composite,
      ...(model.isMapped ? [`  @@map("select ${model.name}")`] : []),
      '}',
    ].join('\n');
  });
  const back = app.models.map(({ name }) => `  of${name} ${name}[]`);
  return [`model User {\n  id ${idType} @id\n${back.join('\n')}\n}`, ...owned].join('\n\n');
}
