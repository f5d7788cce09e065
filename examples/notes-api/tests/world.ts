import { copyFileSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { PrismaClient } from '../prisma/generated/client.ts';
import { type App, buildApp } from '../src/app.ts';
import { forUser } from '../src/for-user.ts';
import { openPrisma } from '../src/open.ts';
import { makeCrossed, makeRows, USERS } from './rows.ts';

/** The folder of the example, seen from where the tests are compiled to. */
export const ROOT = resolve(__dirname, '../..');

/** How the app makes the client of a user. */
export const CLIENTS = {
  before: (prisma: PrismaClient) => () => prisma,
  after: (prisma: PrismaClient) => (userId: string) => forUser(prisma, userId),
};
export type Isolation = keyof typeof CLIENTS;

export interface Request {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  url: string;
  payload?: object;
}

/** An app with a database of its own. */
export interface World {
  app: App;
  prisma: PrismaClient;
  ask: (userId: string, request: Request) => Promise<{ status: number; body: string }>;
  close: () => Promise<void>;
}

/** The databases that every test begins with: with everybody's rows, and with those of Ben alone. */
export type Template = 'everybody' | 'benAlone';

let folder = '';
let copies = 0;

/** Makes both templates; call it once. */
export async function createTemplates(): Promise<void> {
  folder = mkdtempSync(join(tmpdir(), 'notes-api-'));
  const prisma = openPrisma(`file:${join(folder, 'everybody.db')}`);
  await migrate(prisma);
  await prisma.user.createMany({ data: USERS });
  await prisma.appSetting.create({ data: { key: 'locale', value: 'pt-PT' } });
  await addRows(prisma, makeRows('ben', 'ben', 1));
  // As it would be if nobody had ever seen a row of anybody else.
  await prisma.$disconnect();
  copyFileSync(join(folder, 'everybody.db'), join(folder, 'benAlone.db'));
  await addRows(prisma, makeRows('ana', 'ana', 2));
  await addRows(prisma, makeRows(null, 'unowned', 3));
  await addRows(prisma, makeCrossed());
  await prisma.$disconnect();
  const alone = openPrisma(`file:${join(folder, 'benAlone.db')}`);
  // The next number of an attachment tells how many there are, whoever may see them: see the README.
  await alone.$executeRaw`UPDATE sqlite_sequence SET seq = 901 WHERE name = 'Attachment'`;
  await alone.$disconnect();
}

export function removeTemplates(): void {
  rmSync(folder, { recursive: true, force: true });
}

/** Creates the tables as `npm run migrate` does, which would have to download Prisma's engine first. */
export async function migrate(prisma: PrismaClient): Promise<void> {
  const migrations = join(ROOT, 'prisma/migrations');
  for (const name of readdirSync(migrations).filter((each) => !each.endsWith('.toml'))) {
    const sql = readFileSync(join(migrations, name, 'migration.sql'), 'utf8');
    for (const statement of sql.split(/;\s*\n/).filter((each) => each.trim() !== ''))
      await prisma.$executeRawUnsafe(statement);
  }
}

/** Adds rows, parents first. */
export async function addRows(
  prisma: PrismaClient,
  rows: Partial<ReturnType<typeof makeRows>> | ReturnType<typeof makeCrossed>,
): Promise<void> {
  const {
    project = [],
    tag = [],
    note = [],
    noteTag = [],
    attachment = [],
    reminderRule = [],
  } = {
    tag: [],
    ...rows,
  };
  await prisma.project.createMany({ data: project });
  await prisma.tag.createMany({ data: tag });
  await prisma.note.createMany({ data: note });
  await prisma.noteTag.createMany({ data: noteTag });
  await prisma.attachment.createMany({ data: attachment });
  await prisma.reminderRule.createMany({ data: reminderRule });
}

/** Opens the app on a fresh copy of a template. */
export function openWorld(isolation: Isolation, template: Template): World {
  copies += 1;
  const file = join(folder, `${copies}.db`);
  copyFileSync(join(folder, `${template}.db`), file);
  const prisma = openPrisma(`file:${file}`);
  const app = buildApp({ clientFor: CLIENTS[isolation](prisma), adminId: 'root' });
  return {
    app,
    prisma,
    async ask(userId, request) {
      const { statusCode, body } = await app.inject({ ...request, headers: { 'x-user-id': userId } });
      return { status: statusCode, body };
    },
    async close() {
      await app.close();
      await prisma.$disconnect();
      rmSync(file);
    },
  };
}
