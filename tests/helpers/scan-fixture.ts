import type { TestContext } from 'node:test';
import { listSqlNames } from '../../src/isolation-scan/raw-sql.ts';
import { type Scanned, scanFolder } from '../../src/isolation-scan/scan-folder.ts';
import { decideOwnership } from '../../src/schema/decide.ts';
import { renderIsolationList } from '../../src/schema/isolation-list.ts';
import { buildIsolationMap } from '../../src/schema/isolation-map.ts';
import { parseSchema, readDataModel } from '../../src/schema/parse.ts';
import { createProject } from './project.ts';

/** Notes and tags are owned, comments hang on notes, drafts are closed, and countries are everybody's. */
export const SCAN_SCHEMA = `
datasource db {
  provider = "sqlite"
}

generator client {
  provider = "prisma-client"
  output   = "../src/generated"
}

model User {
  id      String  @id
  email   String  @unique
  notes   Note[]
  tags    Tag[]
  written Draft[] @relation("author")
  edited  Draft[] @relation("editor")
}

model Note {
  id        Int       @id
  title     String
  userId    String
  user      User      @relation(fields: [userId], references: [id])
  comments  Comment[]
  tags      Tag[]
  countryId Int?
  country   Country?  @relation(fields: [countryId], references: [id])

  @@unique([userId, title])
  @@map("app_notes")
}

model Tag {
  id     Int    @id
  name   String
  userId String
  user   User   @relation(fields: [userId], references: [id])
  notes  Note[]
}

model Comment {
  id     Int    @id
  text   String
  noteId Int
  note   Note   @relation(fields: [noteId], references: [id])
}

model Draft {
  id       Int    @id
  authorId String
  author   User   @relation("author", fields: [authorId], references: [id])
  editorId String
  editor   User   @relation("editor", fields: [editorId], references: [id])
}

model Country {
  id    Int    @id
  name  String
  notes Note[]
}
`;

const FILES: [string, string][] = [['prisma/schema.prisma', SCAN_SCHEMA]];
const SCAN_MODELS = readDataModel(FILES);
const PARSED = parseSchema(FILES);
export const SCAN_MAP = buildIsolationMap(SCAN_MODELS, decideOwnership(PARSED));
export const SCAN_SQL = listSqlNames(PARSED, SCAN_MODELS, SCAN_MAP);

/** The list that `migration:isolation -- --generate=src/for-user.ts` writes. */
export const FOR_USER = renderIsolationList(SCAN_MAP, {
  command: 'npx prisma-ownership isolation --generate=src/for-user.ts',
  isModule: true,
});

/** A client that is not scoped, as applications have it in a file of its own. */
export const DB = `import { PrismaClient } from '@prisma/client';
export const prisma = new PrismaClient();
export default prisma;
`;

/** Scans files that are written into a temporary folder. */
export function scanFiles(t: Pick<TestContext, 'after'>, files: Record<string, string>): Scanned {
  const { folder } = createProject(t, files);
  return scanFolder({ folder, cwd: folder, map: SCAN_MAP, sql: SCAN_SQL });
}

/** Calls as "src/app.ts:3 Note.findMany CLIENT_NOT_SCOPED", with what is let pass said behind. */
export function describeCalls({ calls }: Scanned): string[] {
  return calls.map(({ file, line, model, operation, code, severity, ignored, meant }) => {
    const usual = ['CLIENT_UNKNOWN', 'MODEL_COMPUTED', 'MODEL_PASSED', 'SELECTION_UNKNOWN', 'SQL_REFUSED'];
    const expected = usual.includes(code)
      ? 'warning'
      : ['SCOPED_BY_HAND', 'SQL_MEANT'].includes(code)
        ? 'info'
        : 'error';
    const words = [
      `${file}:${line}`,
      [model, operation].filter(Boolean).join('.'),
      code,
      ...(severity === expected ? [] : [severity]),
      ...(ignored === undefined ? [] : [`ignored (${ignored})`]),
      ...(meant === undefined ? [] : [`meant (${meant})`]),
    ];
    return words.join(' ');
  });
}
