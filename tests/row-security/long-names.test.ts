import { test } from 'node:test';
import { assertApart, type Shape } from './secure.ts';

/** So long that their functions would all be called the same by default. */
const LONG = 'ConversationMessageAttachmentRevisionOfSomebody';
const SHAPE: Shape = {
  name: 'a long name, a column that points at two models, and no rights on functions by default',
  ddl: `ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;
    CREATE TABLE "User" (id text PRIMARY KEY);
    CREATE TABLE "${LONG}" (id int PRIMARY KEY, "userId" text NOT NULL REFERENCES "User" (id),
      "pointsAtNote" int, "pointsAtOther" int, "pointsAtBoth" int);
    CREATE TABLE "Note" (id int PRIMARY KEY, "longId" int NOT NULL REFERENCES "${LONG}" (id));
    INSERT INTO "User" VALUES ('ana'), ('ben');
    INSERT INTO "${LONG}" VALUES (1, 'ana'), (2, 'ben'), (3, 'ben'), (4, 'ana');
    INSERT INTO "Note" VALUES (1, 1), (2, 2), (3, 1), (4, 3)`,
  models: `model User {
      id String @id
      longs ${LONG}[]
    }
    model ${LONG} {
      id Int @id
      userId String
      user User @relation(fields: [userId], references: [id])
      pointsAtNote Int?
      note Note? @relation("Note", fields: [pointsAtNote], references: [id])
      pointsAtOther Int?
      other ${LONG}? @relation("Other", fields: [pointsAtOther], references: [id])
      pointsAtBoth Int?
      bothNote Note? @relation("BothNote", fields: [pointsAtBoth], references: [id], map: "BothNote")
      bothOther ${LONG}? @relation("BothOther", fields: [pointsAtBoth], references: [id], map: "BothOther")
      others ${LONG}[] @relation("Other")
      boths ${LONG}[] @relation("BothOther")
      notes Note[] @relation("Long")
    }
    model Note {
      id Int @id
      longId Int
      long ${LONG} @relation("Long", fields: [longId], references: [id])
      longs ${LONG}[] @relation("Note")
      boths ${LONG}[] @relation("BothNote")
    }`,
  users: ['ana', 'ben'],
  sees: { 'FROM "Note"': 2, [`FROM "${LONG}"`]: 2 },
  denied: [
    `INSERT INTO "${LONG}" VALUES (9, 'ana', 4)`,
    `INSERT INTO "${LONG}" VALUES (9, 'ana', NULL, 3)`,
    `INSERT INTO "${LONG}" VALUES (9, 'ana', NULL, NULL, 3)`,
    `INSERT INTO "${LONG}" VALUES (9, 'ana', NULL, NULL, 4)`,
    `INSERT INTO "Note" VALUES (9, 3)`,
  ],
  allowed: [`INSERT INTO "${LONG}" VALUES (9, 'ana', 3, 4, 1)`],
};

test(`keeps users apart: ${SHAPE.name}`, (t) => assertApart(t, SHAPE));
