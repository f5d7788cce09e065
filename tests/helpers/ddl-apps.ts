import type { OnDelete } from '../../src/database/ddl.ts';
import type { DdlApp, Phase } from './ddl-project.ts';

/** The key of a user: its type in Prisma, with its attributes, and two values in SQL. */
export const KEYS = {
  text: {
    field: 'String',
    attributes: '@default(cuid())',
    native: '',
    values: ["'cm3owner0000'", "'cm3owner0001'"],
  },
  int: { field: 'Int', attributes: '@default(autoincrement())', native: '', values: ['1', '2'] },
  bigint: { field: 'BigInt', attributes: '', native: '', values: ['9007199254740993', '2'] },
  uuid: {
    field: 'String',
    attributes: '@default(uuid())',
    native: '@db.Uuid',
    values: ["'0d9bd0d2-4e1d-4d9e-a0cc-2f3f4b9c3a11'", "'0d9bd0d2-4e1d-4d9e-a0cc-2f3f4b9c3a12'"],
  },
  varchar: { field: 'String', attributes: '', native: '@db.VarChar(40)', values: ["'o''wner'", "'b'"] },
} as const;

interface Shape {
  provider: 'sqlite' | 'postgresql';
  key: keyof typeof KEYS;
  /** Explicit in the schema in both phases, or Prisma's default: SetNull, then Restrict. */
  onDelete?: 'Restrict' | 'Cascade';
  relationMode?: 'prisma';
}

const ON_DELETE: Record<string, OnDelete> = { Restrict: 'RESTRICT', Cascade: 'CASCADE' };

/** Names that have to be quoted, a key of two columns, rows that refer to rows, and things that Prisma does not know of. */
export function createOddApp({ provider, key, onDelete, relationMode }: Shape): DdlApp {
  const { field, attributes, native, values } = KEYS[key];
  const explicit = onDelete ? `, onDelete: ${onDelete}` : '';
  const type = provider === 'sqlite' ? '' : native;
  const owner = (phase: Phase, name: string, index: string) => {
    if (phase === 'none') return '';
    const mark = phase === 'optional' ? '?' : '';
    return `userId ${field}${mark} ${type} @map("${name}")
  user User${mark} @relation(fields: [userId], references: [id]${explicit})
  ${index}`;
  };
  const list = (phase: Phase, model: string) =>
    phase === 'none' ? '' : `${model.toLowerCase()}s ${model}[]`;
  // Prisma wants NoAction there, which it has not in this mode.
  const tree = relationMode
    ? ''
    : `parent   Note?   @relation("tree", fields: [parentId], references: [id], onDelete: Cascade)
  children Note[]  @relation("tree")`;
  const schema = (phase: Phase) => `
datasource db {
  provider = "${provider}"
  ${relationMode ? `relationMode = "${relationMode}"` : ''}
}

model User {
  id    ${field} @id ${attributes} ${type}
  email String @unique
  ${list(phase, 'Note')}
  ${list(phase, 'Line')}
  ${list(phase, 'Order')}
}

model Note {
  id       Int     @id @default(autoincrement())
  title    String  @default("it's, (new)")
  score    Float?
  parentId Int?
  ${tree}
  lines    Line[]
  marks    Mark[]
  ${owner(phase, 'userId', '@@index([userId])')}

  @@unique([title, parentId])
}

model Line {
  noteId Int
  number Int
  note   Note   @relation(fields: [noteId], references: [id], onDelete: Cascade)
  text   String
  ${owner(phase, 'user id', '@@index([userId])')}

  @@id([noteId, number])
  @@map("se'lect [x]")
}

model Order {
  code String @id
  ${owner(phase, 'user', '@@index([userId])')}

  @@map("order")
}

model Mark {
  id     Int   @id
  noteId Int?
  note   Note? @relation(fields: [noteId], references: [id], onDelete: SetNull)
}
`;
  const explicitSql = onDelete ? (ON_DELETE[onDelete] as OnDelete) : null;
  return {
    schema,
    owned: [
      { model: 'Note', table: 'Note', column: 'userId' },
      { model: 'Line', table: "se'lect [x]", column: 'user id' },
      { model: 'Order', table: 'order', column: 'user' },
    ],
    user: { table: 'User', column: 'id' },
    onDelete: relationMode
      ? { optional: null, required: null }
      : { optional: explicitSql ?? 'SET NULL', required: explicitSql ?? 'RESTRICT' },
    sql: `
INSERT INTO "User" (id, email) VALUES (${values[0]}, 'a@example.com'), (${values[1]}, 'b@example.com');
INSERT INTO "Note" (title, score, "parentId") VALUES ('a', 1.5, NULL), ('b', NULL, 1), ('ü', 0.1, 2);
INSERT INTO "se'lect [x]" ("noteId", number, text) VALUES (1, 1, 'x'), (1, 2, ''), (3, 1, '"y"');
INSERT INTO "order" (code) VALUES ('o1'), ('o2');
INSERT INTO "Mark" (id, "noteId") VALUES (1, 1), (2, 3), (3, NULL);
CREATE VIEW "titles" AS SELECT n.title, l.text FROM "Note" n JOIN "se'lect [x]" l ON l."noteId" = n.id;
${provider === 'sqlite' ? SQLITE_EXTRAS : POSTGRESQL_EXTRAS}`,
  };
}

/** Gives every row an owner. */
export function assignAll(key: keyof typeof KEYS): string {
  const [one, two] = KEYS[key].values;
  return `UPDATE "Note" SET "userId" = ${one}; UPDATE "se'lect [x]" SET "user id" = ${two}; UPDATE "order" SET "user" = ${one}`;
}

const SQLITE_EXTRAS = `
UPDATE sqlite_sequence SET seq = 70 WHERE name = 'Note';
CREATE INDEX "long titles" ON "Note" (lower(title)) WHERE length(title) > 3;
CREATE TRIGGER "log notes" AFTER DELETE ON "Note" BEGIN UPDATE "Mark" SET "noteId" = NULL WHERE "noteId" = OLD.id; END;
CREATE TRIGGER "log marks" AFTER DELETE ON "Mark" BEGIN UPDATE "Note" SET score = 0 WHERE id = OLD."noteId"; END;`;

const POSTGRESQL_EXTRAS = `
ALTER TABLE "Note" ADD CONSTRAINT "score is small" CHECK (score < 100);
CREATE FUNCTION nothing() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE TRIGGER "log notes" BEFORE UPDATE ON "Note" FOR EACH ROW EXECUTE FUNCTION nothing();`;

/** Tables of the same name in two schemas, and users in a third. */
export function createSchemasApp(): DdlApp {
  const owner = (phase: Phase) => {
    if (phase === 'none') return '';
    const mark = phase === 'optional' ? '?' : '';
    return `userId String${mark}
  user User${mark} @relation(fields: [userId], references: [id], onDelete: Restrict)
  @@index([userId])`;
  };
  const note = (phase: Phase, model: string, schema: string) => `
model ${model} {
  id Int @id
  ${owner(phase)}

  @@map("note")
  @@schema("${schema}")
}
`;
  return {
    schema: (phase) => `
datasource db {
  provider = "postgresql"
  schemas  = ["a", "b c", "public"]
}

model User {
  id String @id
  ${phase === 'none' ? '' : 'as A[]\n  bs B[]'}

  @@schema("public")
}
${note(phase, 'A', 'a')}${note(phase, 'B', 'b c')}`,
    owned: [
      { model: 'A', table: 'note', schema: 'a', column: 'userId' },
      { model: 'B', table: 'note', schema: 'b c', column: 'userId' },
    ],
    user: { table: 'User', column: 'id' },
    onDelete: { optional: 'RESTRICT', required: 'RESTRICT' },
    sql: `INSERT INTO "User" VALUES ('u1'); INSERT INTO a.note VALUES (1); INSERT INTO "b c".note VALUES (1), (2)`,
  };
}
