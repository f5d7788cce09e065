import { createDatabase, isMissing, type TestDatabase } from './database.ts';
import { type OwnedRows, type OwnedTable, readOwnedRows } from './owned-rows.ts';

/** The user who gets the rows, and somebody else. */
export const OWNER = 'cm3owner0000';
export const OTHER = 'cm3other0000';

/** How the databases of these tests commit: SQLite in each of its two modes, and the servers. */
export type Mode = 'SQLite' | 'SQLite in WAL mode' | 'PostgreSQL' | 'MySQL';
/** MySQL where a server answers; that none does is said by the suites that skip it. */
export const MODES: readonly Mode[] = [
  'SQLite',
  'SQLite in WAL mode',
  'PostgreSQL',
  ...(isMissing('mysql') ? [] : (['MySQL'] as const)),
];

/** Where the notebook's rows are: one table with a number as its key, one with a composite key. */
const TABLES: readonly OwnedTable[] = [
  { model: 'Note', table: 'Note', key: ['id'], owner: 'userId' },
  { model: 'NoteTag', table: 'note_tags', key: ['tag', 'noteId'], owner: 'userId' },
];

export interface NotebookOptions {
  notes: number;
  noteTags?: number;
  /** What the owner columns refer to the users by; without it there is no foreign key. */
  references?: string;
}

/**
 * A notebook whose rows mostly have no owner: every seventh note is the other's and every eleventh the owner's already.
 */
export function createNotebook(
  mode: Mode,
  { notes, noteTags = 0, references = 'REFERENCES "User"(id) ON DELETE RESTRICT' }: NotebookOptions,
): Promise<TestDatabase> {
  const numbers = (count: number) =>
    `WITH RECURSIVE s(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM s WHERE i < ${Math.max(1, count)})`;
  const owner = `CASE WHEN i % 7 = 0 THEN '${OTHER}' WHEN i % 11 = 0 THEN '${OWNER}' END`;
  const ddl = `
    ${mode === 'SQLite in WAL mode' ? 'PRAGMA journal_mode = wal;' : ''}
    CREATE TABLE "User" (id TEXT NOT NULL PRIMARY KEY, email TEXT NOT NULL UNIQUE);
    INSERT INTO "User" VALUES ('${OWNER}', 'owner@notebook.example'), ('${OTHER}', 'other@notebook.example');
    CREATE TABLE "Note" (id INTEGER NOT NULL PRIMARY KEY, title TEXT NOT NULL, body TEXT,
      "updatedAt" TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP, "userId" TEXT ${references});
    CREATE TABLE note_tags (tag TEXT NOT NULL, "noteId" INTEGER NOT NULL REFERENCES "Note"(id) ON DELETE CASCADE,
      "userId" TEXT ${references}, PRIMARY KEY (tag, "noteId"));
    INSERT INTO "Note" (id, title, body, "userId")
      ${numbers(notes)} SELECT i, 'Notiz n° ' || i, CASE WHEN i % 5 > 0 THEN 'it''s “text”' END, ${owner} FROM s WHERE i <= ${notes};
    INSERT INTO note_tags (tag, "noteId", "userId")
      ${numbers(noteTags)} SELECT CASE i % 2 WHEN 0 THEN 'Größe' ELSE 'a "b"' END, i, ${owner} FROM s WHERE i <= ${noteTags};`;
  const models = `
model User {
  id       String    @id
  email    String    @unique
  notes    Note[]
  noteTags NoteTag[]
}

model Note {
  id        Int       @id
  title     String
  body      String?
  updatedAt DateTime  @updatedAt
  tags      NoteTag[]
  userId    String?
  user      User?     @relation(fields: [userId], references: [id])
}

model NoteTag {
  tag    String
  noteId Int
  note   Note    @relation(fields: [noteId], references: [id])
  userId String?
  user   User?   @relation(fields: [userId], references: [id])

  @@id([tag, noteId])
  @@map("note_tags")
}`;
  const provider = mode === 'PostgreSQL' ? 'postgresql' : mode === 'MySQL' ? 'mysql' : 'sqlite';
  return createDatabase(provider, { ddl, models });
}

/** The notebook's rows, the users left out. */
export function readNotebook(database: TestDatabase): Promise<OwnedRows> {
  return readOwnedRows(database, TABLES);
}
