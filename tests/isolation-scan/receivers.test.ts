import { strict as assert } from 'node:assert';
import { describe, it } from 'node:test';
import { DB, describeCalls, FOR_USER, scanFiles } from '../helpers/scan-fixture.ts';

const SERVICE = `import { Injectable } from '@nestjs/common';
import { PrismaClient } from '@prisma/client';
@Injectable()
export class PrismaService extends PrismaClient {
  async onModuleInit() { await this.$connect(); }
  all() { return this.note.findMany(); }
}
`;

/** Projects, and the calls that are listed of each. */
const CASES: Record<string, { files: Record<string, string>; calls: string[] }> = {
  'an Express app with one client': {
    files: {
      'src/db.ts': DB,
      'src/for-user.ts': FOR_USER,
      'src/app.ts': `import express from 'express';
import { prisma } from './db.js';
import { forUser } from './for-user';
const app = express();
app.get('/notes', async (req, res) => {
  res.json(await prisma.note.findMany());
});
app.get('/own', async (req, res) => {
  const db = forUser(prisma, req.user.id);
  res.json(await db.note.findMany());
  await db.$transaction(async (tx) => {
    await tx.note.create({ data: { title: 'x' } });
  });
});
app.post('/both', async (req, res) => {
  await prisma.$transaction(async (tx) => {
    await tx.note.create({ data: { title: 'x' } });
    await tx.country.create({ data: { id: 1, name: 'x' } });
  });
});
`,
    },
    calls: ['src/app.ts:6 Note.findMany CLIENT_NOT_SCOPED', 'src/app.ts:17 Note.create CLIENT_NOT_SCOPED'],
  },
  'a NestJS service with injected clients': {
    files: {
      'src/prisma.service.ts': SERVICE,
      'src/notes.service.ts': `import { Injectable } from '@nestjs/common';
import { PrismaService } from './prisma.service';
@Injectable()
export class NotesService {
  constructor(private readonly prisma: PrismaService, @Inject('LOG') private log: Logger) {}
  list() {
    return this.prisma.note.findMany();
  }
  remove(id: number) {
    const options = { value: this.prisma.note.delete({ where: { id } }) };
    return options;
  }
}
export class OtherService {
  private db: PrismaService;
  constructor(db: PrismaService) { this.db = db; }
  first = async () => this.db.note.findFirst();
}
`,
    },
    calls: [
      'src/notes.service.ts:7 Note.findMany CLIENT_NOT_SCOPED',
      'src/notes.service.ts:10 Note.delete BY_ID_ONLY',
      'src/notes.service.ts:17 Note.findFirst CLIENT_NOT_SCOPED',
      'src/prisma.service.ts:6 Note.findMany CLIENT_NOT_SCOPED',
    ],
  },
  'a NestJS service whose base class has the client': {
    files: {
      'src/prisma.service.ts': SERVICE,
      'src/base.ts': `import { PrismaService } from './prisma.service';
export abstract class Base { constructor(protected prisma: PrismaService) {} }
`,
      'src/notes.ts': `import { Base } from './base';
export class Notes extends Base {
  list() { return this.prisma.note.findMany(); }
}
`,
    },
    calls: [
      'src/notes.ts:3 Note.findMany CLIENT_NOT_SCOPED',
      'src/prisma.service.ts:6 Note.findMany CLIENT_NOT_SCOPED',
    ],
  },
  'route handlers of Next.js with the usual global and an alias': {
    files: {
      'tsconfig.json': '{ // comment\n "compilerOptions": { "paths": { "@/*": ["./src/*"], }, }, }',
      'src/lib/db.ts': `import { PrismaClient } from '../generated/client';
const globalForPrisma = globalThis as unknown as { prisma: PrismaClient | undefined };
export const db = globalForPrisma.prisma ?? new PrismaClient().$extends({ query: {} });
if (process.env.NODE_ENV !== 'production') globalForPrisma.prisma = db;
`,
      'src/app/api/notes/route.ts': `import { db } from '@/lib/db';
import { getDb } from '@/lib/scoped';
export async function GET() {
  return Response.json(await db.note.findMany({ select: { id: true } }));
}
export async function POST(request: Request) {
  const own = await getDb();
  return Response.json(await own.note.create({ data: await request.json() }));
}
`,
      'src/lib/scoped.ts': `import { cache } from 'react';
import { db } from './db';
import { forUser } from '../for-user';
export const getDb = cache(async () => {
  const session = await auth();
  return forUser(db, session.user.id);
});
`,
      'src/for-user.ts': FOR_USER,
      'src/app/page.tsx': `import { db as client } from '@/lib/db';
export default async function Page() {
  const notes = await client.note.count();
  return <div>{notes}</div>;
}
`,
    },
    calls: [
      'src/app/api/notes/route.ts:4 Note.findMany CLIENT_NOT_SCOPED',
      'src/app/page.tsx:3 Note.count CLIENT_NOT_SCOPED',
    ],
  },
  CommonJS: {
    files: {
      'db.js': `const { PrismaClient } = require('@prisma/client');
module.exports = new PrismaClient();
`,
      'clients.js': `const prisma = require('./db');
exports.prisma = prisma;
module.exports.other = prisma;
`,
      'app.js': `const prisma = require('./db');
const { prisma: renamed, other } = require('./clients');
prisma.note.findMany();
renamed.note.findMany();
other.note.findMany();
require('./clients').prisma.note.findMany();
`,
    },
    calls: [3, 4, 5, 6].map((line) => `app.js:${line} Note.findMany CLIENT_NOT_SCOPED`),
  },
  'a workspace whose package has the client': {
    files: {
      'package.json': '{ "name": "root", "workspaces": ["packages/*", "apps/*"] }',
      'packages/db/package.json': '{ "name": "@acme/db", "main": "./src/index.ts" }',
      'packages/db/src/index.ts': `export * from '@prisma/client';
export * from './client';
export { default as scoped } from './scoped';
`,
      'packages/db/src/client.ts': DB,
      'packages/db/src/for-user.ts': FOR_USER,
      'packages/db/src/scoped.ts': `import { prisma } from './client';
import { forUser } from './for-user';
export default (id: string) => forUser(prisma, id);
`,
      'apps/web/main.ts': `import { prisma, scoped } from '@acme/db';
import { prisma as same } from '@acme/db/client';
prisma.note.findMany();
same.note.findMany();
scoped('u1').note.findMany();
`,
    },
    calls: [
      'apps/web/main.ts:3 Note.findMany CLIENT_NOT_SCOPED',
      'apps/web/main.ts:4 Note.findMany CLIENT_NOT_SCOPED',
    ],
  },
  'a tRPC context': {
    files: {
      'src/db.ts': DB,
      'src/trpc.ts': `import { prisma } from './db';
export const createContext = async () => ({ prisma, session: null });
`,
      'src/router.ts': `export const router = t.router({
  list: t.procedure.query(({ ctx }) => ctx.prisma.note.findMany()),
  one: t.procedure.query(async ({ ctx: { prisma } }) => prisma.note.findUnique({ where: { id: 1 } })),
});
`,
    },
    calls: ['src/router.ts:2 Note.findMany CLIENT_NOT_SCOPED', 'src/router.ts:3 Note.findUnique BY_ID_ONLY'],
  },
  'a context that has a scoped client of the same type': {
    files: {
      'src/db.ts': DB,
      'src/for-user.ts': FOR_USER,
      'src/context.ts': `import type { PrismaClient } from '@prisma/client';
import { prisma } from './db';
import { forUser } from './for-user';
export interface Context { db: PrismaClient }
export const createContext = (req): Context => ({ db: forUser(prisma, req.user.id) });
`,
      'src/list.ts': `import type { Context } from './context';
export const list = (_: unknown, __: unknown, context: Context) => context.db.note.findMany();
`,
    },
    calls: [],
  },
  'functions that are handed a client': {
    files: {
      'src/db.ts': DB,
      'src/for-user.ts': FOR_USER,
      'src/notes.ts': `import { Prisma, PrismaClient } from '@prisma/client';
export const listed = (db: PrismaClient) => db.note.findMany();
export function counted(tx: Prisma.TransactionClient) { return tx.note.count(); }
export async function both(db: Omit<PrismaClient, '$extends'>) { return db.note.count(); }
export async function deep(db: PrismaClient) { return listed(db); }
export function unused(tx: Parameters<Parameters<PrismaClient['$transaction']>[0]>[0]) { return tx.note.count(); }
export function untyped(db) { return db.note.findMany(); }
`,
      'src/app.ts': `import { prisma } from './db';
import { forUser } from './for-user';
import { both, counted, deep } from './notes';
deep(forUser(prisma, 'u1'));
forUser(prisma, 'u1').$transaction(counted);
both(prisma);
both(forUser(prisma, 'u1'));
`,
    },
    calls: [
      'src/notes.ts:4 Note.count CLIENT_NOT_SCOPED',
      'src/notes.ts:6 Note.count CLIENT_NOT_SCOPED',
      'src/notes.ts:7 Note.findMany CLIENT_UNKNOWN',
    ],
  },
  'withUser, isolate and the client behind a scoped one': {
    files: {
      'src/db.ts': DB,
      'src/app.ts': `import { isolate, withUser } from 'prisma-ownership/isolation';
import { prisma } from './db';
import list from './list.json';
const { forUser } = isolate(list);
const scoped = forUser(prisma, 'u1').$extends({});
await scoped.note.findMany();
await withUser(prisma, 'u1', async (tx) => tx.note.findMany());
await withUser(prisma, 'u1', async (tx) => tx.$queryRaw\`SELECT * FROM app_notes\`);
await scoped.$parent.note.findMany();
const raw = scoped.$parent;
await raw.note.findMany();
`,
    },
    calls: [
      'src/app.ts:9 Note.findMany PARENT_CLIENT',
      'src/app.ts:10 $parent PARENT_CLIENT',
      'src/app.ts:11 Note.findMany PARENT_CLIENT',
    ],
  },
  'what is only like a client': {
    files: {
      'src/app.ts': `import { db } from 'somewhere';
export class Notes {
  note = new Map();
  go() { this.note.delete('x'); return this.note.count; }
}
api.note.create({ title: 'x' });
stripe.tag.update('id', { where: 1 });
cache.note.delete({ key: 1 });
db.note.findMany();
db.note.delete({ where: { id: 1 } });
db.other.findMany();
`,
    },
    calls: ['src/app.ts:9 Note.findMany CLIENT_UNKNOWN', 'src/app.ts:10 Note.delete CLIENT_UNKNOWN'],
  },
  'a model by a variable': {
    files: {
      'src/db.ts': DB,
      'src/app.ts': `import { prisma } from './db';
const model = 'note' as const;
prisma[model].findMany();
prisma['note'].findMany();
const { note } = prisma;
note.findMany();
for (const name of names) await prisma[name].deleteMany();
paginate(prisma.note, { page: 1 });
const MODEL = 'note';
prisma[MODEL].findMany();
`,
    },
    calls: [
      'src/app.ts:3 Note.findMany CLIENT_NOT_SCOPED',
      'src/app.ts:4 Note.findMany CLIENT_NOT_SCOPED',
      'src/app.ts:6 Note.findMany CLIENT_NOT_SCOPED',
      'src/app.ts:7 deleteMany MODEL_COMPUTED',
      'src/app.ts:8 Note MODEL_PASSED',
      'src/app.ts:10 Note.findMany CLIENT_NOT_SCOPED',
    ],
  },
  'a wrapper that is not the library': {
    files: {
      'src/db.ts': DB,
      'src/mine.ts': `import { prisma } from './db';
export const forUser = (client, userId) => client.$extends({ query: { $allModels: {} } });
export const mine = (id) => forUser(prisma, id);
`,
      'src/app.ts': `import { mine } from './mine';
mine('u1').note.findMany();
`,
    },
    calls: ['src/app.ts:2 Note.findMany CLIENT_NOT_SCOPED'],
  },
};

describe('the client that a call is on', () => {
  for (const [name, { files, calls }] of Object.entries(CASES))
    it(`is told in ${name}`, (t) => assert.deepEqual(describeCalls(scanFiles(t, files)), calls));
});
