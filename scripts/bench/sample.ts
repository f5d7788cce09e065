import { createHash } from 'node:crypto';
import type { Provider } from '../../src/database/database-url.ts';

/** The user who gets the rows; a second one makes the choice as real as in an app. */
export const OWNER = 'cm3owner0000';
export const USERS = `INSERT INTO "User" VALUES ('${OWNER}', 'ana@example.com'), ('cm3second0000', 'benoit@example.com')`;

/** The key of the n-th row: as long as a cuid, and in no order, like a UUID. */
export function keyOf(n: number): string {
  return `c${md5(String(n)).slice(0, 24)}`;
}

/** The same as the servers' function. */
export function md5(text: string): string {
  return createHash('md5').update(text).digest('hex');
}

/** What the app's schema says, with a client that is generated beside it. */
export function schemaOf(provider: Provider): string {
  return `generator client {
  provider = "prisma-client-js"
  output   = "./client"
}

datasource db {
  provider = "${provider}"
}

model User {
  id    String @id
  email String @unique
  notes Note[]
}

model Note {
  id        String   @id
  title     String
  body      String
  updatedAt DateTime @updatedAt
  userId    String?
  user      User?    @relation(fields: [userId], references: [id])
}
`;
}

const TYPES: Record<Provider, { text: string; body: string; time: string; options: string }> = {
  postgresql: { text: 'TEXT', body: 'TEXT', time: 'TIMESTAMP(3)', options: '' },
  sqlite: { text: 'TEXT', body: 'TEXT', time: 'DATETIME', options: '' },
  mysql: {
    text: 'VARCHAR(191)',
    body: 'VARCHAR(250)',
    time: 'DATETIME(3)',
    options: 'DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci',
  },
};

/** The statements that Prisma's migrations would write for the schema, and the users. */
export function createTables(provider: Provider): string[] {
  const { text, body, time, options } = TYPES[provider];
  return [
    `CREATE TABLE "User" ("id" ${text} NOT NULL, "email" ${text} NOT NULL UNIQUE, PRIMARY KEY ("id")) ${options}`,
    `CREATE TABLE "Note" ("id" ${text} NOT NULL, "title" ${text} NOT NULL, "body" ${body} NOT NULL,
       "updatedAt" ${time} NOT NULL, "userId" ${text}, PRIMARY KEY ("id"),
       FOREIGN KEY ("userId") REFERENCES "User" ("id") ON DELETE SET NULL ON UPDATE CASCADE) ${options}`,
    USERS,
  ];
}

/** Fills the table: one row of about 270 bytes for each `n` of the subquery. */
export function insertNotes(numbers: string): string {
  const hash = `md5('' || n)`;
  const body = Array<string>(6).fill(hash).join(` || ' ' || `);
  return `INSERT INTO "Note" ("id", "title", "body", "updatedAt")
    SELECT 'c' || substr(${hash}, 1, 24), 'Note ' || n, ${body}, '2025-11-03 09:00:00.000' FROM (${numbers}) AS numbers`;
}
