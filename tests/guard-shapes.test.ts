import { strict as assert } from 'node:assert';
import { describe, it } from 'node:test';
import { ALL_PROVIDERS, isMissing, type TestDatabase } from './helpers/database.ts';
import { ASSIGN_GUARDED, ask, createGuardable } from './helpers/guard.ts';
import { TYPES } from './helpers/life-cycle.ts';
import { OWNER_COLUMN, OWNER_FIELDS, USER_MODEL, USERS } from './helpers/notes.ts';

/** A table under guard: how it is made, and rows as an old version of the app writes them. */
interface Shape {
  name: string;
  on?: readonly TestDatabase['provider'][];
  ddl: string;
  models: string;
  table?: string;
  owner?: string;
  user?: string;
  /** What the owner column then holds, as text. */
  value?: string;
  /** Each writes one row: the first before step 2, the others after it. */
  old: readonly string[];
}

const keyed = (key: string, type: string, ...values: string[]): Pick<Shape, 'ddl' | 'models' | 'old'> => ({
  ddl: `${USERS} CREATE TABLE "Note" ("id" ${key} NOT NULL PRIMARY KEY, ${OWNER_COLUMN});`,
  models: `${USER_MODEL} model Note {\n id ${type} @id${OWNER_FIELDS}}`,
  old: values.map((value) => `INSERT INTO "Note" ("id") VALUES (${value})`),
});

const LONG = `A very long "name" with \\ and 名前 ${'x'.repeat(20)}`;

const SHAPES: readonly Shape[] = [
  { name: 'a text key', ...keyed('VARCHAR(191)', 'String', `'it''s "\\"'`, `'名前'`, `''`, `'["a"]'`) },
  {
    name: 'a key of big numbers',
    ...keyed('BIGINT', 'BigInt', '9007199254740993', '-9223372036854775808', '0'),
  },
  {
    name: 'a uuid key on both sides',
    on: ['postgresql'],
    ddl: `
      CREATE TABLE "User" ("id" UUID NOT NULL PRIMARY KEY);
      CREATE TABLE "Note" ("id" UUID NOT NULL PRIMARY KEY DEFAULT gen_random_uuid(), "userId" UUID REFERENCES "User" ("id"));
      INSERT INTO "User" VALUES ('a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11');`,
    models: `model User {\n id String @id @db.Uuid\n notes Note[]\n}
      model Note {\n id String @id @db.Uuid\n userId String? @db.Uuid\n user User? @relation(fields: [userId], references: [id])\n}`,
    user: 'A0EEBC99-9c0b-4ef8-bb6d-6bb9bd380a11',
    value: 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11',
    old: [`INSERT INTO "Note" DEFAULT VALUES`, `INSERT INTO "Note" ("id") VALUES (gen_random_uuid())`],
  },
  {
    name: 'a composite key and a number as owner',
    ddl: `
      CREATE TABLE "User" ("id" INTEGER NOT NULL PRIMARY KEY);
      CREATE TABLE "Note" ("tag" VARCHAR(99) NOT NULL, "n" INTEGER NOT NULL, "userId" INTEGER REFERENCES "User" ("id"), PRIMARY KEY ("tag", "n"));
      INSERT INTO "User" VALUES (7), (8);`,
    models: `model User {\n id Int @id\n notes Note[]\n}
      model Note {\n tag String\n n Int\n userId Int?\n user User? @relation(fields: [userId], references: [id])\n @@id([tag, n])\n}`,
    user: '7',
    old: [
      `INSERT INTO "Note" ("tag", "n") VALUES ('a "b"', 1)`,
      `INSERT INTO "Note" ("tag", "n") VALUES ('["', -2)`,
    ],
  },
  {
    name: 'a table without rowid',
    on: ['sqlite'],
    ddl: `${USERS} CREATE TABLE "Note" ("id" TEXT NOT NULL PRIMARY KEY, ${OWNER_COLUMN}) WITHOUT ROWID;`,
    models: `${USER_MODEL} model Note {\n id String @id${OWNER_FIELDS}}`,
    old: ['a', 'b'].map((id) => `INSERT INTO "Note" ("id") VALUES ('${id}')`),
  },
  {
    name: 'a binary key and a binary owner',
    on: ['sqlite', 'mysql'],
    ddl: `
      CREATE TABLE "User" ("id" BINARY_16 NOT NULL PRIMARY KEY);
      CREATE TABLE "Note" ("id" BINARY_16 NOT NULL PRIMARY KEY, "userId" BINARY_16);
      INSERT INTO "User" VALUES (X'0011'), (X'FF');`,
    models: `model User {\n id Bytes @id\n notes Note[]\n}
      model Note {\n id Bytes @id\n userId Bytes?\n user User? @relation(fields: [userId], references: [id])\n}`,
    user: '0011',
    value: '0011',
    old: [`INSERT INTO "Note" ("id") VALUES (X'00')`, `INSERT INTO "Note" ("id") VALUES (X'C328')`],
  },
  {
    name: 'names with quotes, spaces and other scripts, at their full length',
    ddl: `${USERS} CREATE TABLE "${LONG.replaceAll('"', '""')}" ("the ""key""" INTEGER NOT NULL PRIMARY KEY, "order" VARCHAR(191));`,
    models: `${USER_MODEL} model Note {\n id Int @id @map("the \\"key\\"")\n userId String? @map("order")\n user User? @relation(fields: [userId], references: [id])\n @@map(${JSON.stringify(LONG)})\n}`,
    table: LONG,
    owner: 'order',
    old: [1, 2].map((id) => `INSERT INTO "${LONG.replaceAll('"', '""')}" ("the ""key""") VALUES (${id})`),
  },
  {
    name: 'a user id that would end a literal',
    ddl: `${USERS.replaceAll("'ana'", () => `'o''br"\\ $$ */ ? 👩‍👧'`)} CREATE TABLE "Note" ("id" INTEGER NOT NULL PRIMARY KEY, ${OWNER_COLUMN});`,
    models: `${USER_MODEL} model Note {\n id Int @id${OWNER_FIELDS}}`,
    user: `o'br"\\ $$ */ ? 👩‍👧`,
    old: [1, 2].map((id) => `INSERT INTO "Note" ("id") VALUES (${id})`),
  },
];

const quote = (name: string) => `"${name.replaceAll('"', '""')}"`;

for (const provider of ALL_PROVIDERS) {
  describe(`a guard on ${provider}, over`, { skip: isMissing(provider) }, () => {
    for (const { name, on = ALL_PROVIDERS, ...shape } of SHAPES.filter((each) =>
      (each.on ?? [provider]).includes(provider),
    )) {
      it(`${name}, gives, counts and is undone`, { skip: !on.includes(provider) }, async (t) => {
        const { table = 'Note', owner = 'userId', user = 'ana', value = user, old } = shape;
        const bytes = { sqlite: 'BLOB', postgresql: 'BYTEA', mysql: 'VARBINARY(16)' }[provider];
        const database = await createGuardable(t, provider, {
          ...shape,
          ddl: shape.ddl.replaceAll('BINARY_16', bytes),
        });
        const assign = ASSIGN_GUARDED.map((word) => (word === 'ana' ? user : word));
        await database.run(old[0] ?? '');
        const guarded = await ask(database, ...assign);
        assert.deepEqual([guarded.code, guarded.answer.ok], [0, true], JSON.stringify(guarded.answer));
        for (const statement of old.slice(1)) await database.run(statement);
        const cast = { sqlite: 'TEXT', postgresql: 'text', mysql: 'CHAR' }[provider];
        const column = name.includes('binary') ? `hex(${quote(owner)})` : `CAST(${quote(owner)} AS ${cast})`;
        const readOwners = async () => {
          const rows = await database.query(`SELECT ${column} AS o FROM ${quote(table)}`);
          return new Set(rows.map(({ o }) => o || null));
        };
        assert.deepEqual(await readOwners(), new Set([value]));
        const { answer } = await ask(database, 'status');
        assert.deepEqual([answer.guards.length, answer.guards[0].hits], [1, old.length - 1]);
        const undone = await ask(database, 'rollback', '--confirm');
        assert.equal(undone.code, 0, JSON.stringify(undone.answer));
        const stays = provider === 'sqlite' && old.length > 1;
        assert.deepEqual(await readOwners(), stays ? new Set([null, value]) : new Set([null]));
        const cleaned = await ask(database, 'cleanup', '--confirm', '--journal');
        assert.equal(cleaned.code, 0, JSON.stringify(cleaned.answer));
      });
    }

    it('a number that the database counts up, gives, counts and is undone', async (t) => {
      const { serial } = TYPES[provider];
      const database = await createGuardable(t, provider, {
        ddl: `${USERS} CREATE TABLE "Note" ("id" ${serial}, "text" TEXT, ${OWNER_COLUMN});
          INSERT INTO "Note" ("text") VALUES ('a');`,
        models: `${USER_MODEL} model Note {\n id Int @id @default(autoincrement())\n text String?${OWNER_FIELDS}}`,
      });
      await ask(database, ...ASSIGN_GUARDED);
      for (let i = 0; i < 12; i += 1)
        await database.run(`INSERT INTO "Note" ("text") SELECT 'old' FROM "Note"`);
      assert.equal((await ask(database, 'status')).answer.guards[0].hits, 4095);
      const planned = (await ask(database, 'rollback', '--dry-run')).answer;
      const undone = (await ask(database, 'rollback', '--confirm')).answer;
      assert.deepEqual(undone.models, planned.models);
      assert.equal(undone.models[0].reverted, provider === 'sqlite' ? 1 : 4096);
    });
  });
}
