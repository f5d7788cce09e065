import { strict as assert } from 'node:assert';
import { describe, it } from 'node:test';
import { DB, describeCalls, FOR_USER, scanFiles } from '../helpers/scan-fixture.ts';

/** Operations and models under other names, and what is said of them. */
const CASES: Record<string, [line: string, ...said: string[]][]> = {
  'an operation under a name of its own': [
    ['const { findMany } = prisma.note;'],
    ['findMany();', 'Note.findMany CLIENT_NOT_SCOPED'],
    ['const { note: { count }, $queryRaw } = prisma;'],
    ['count();', 'Note.count CLIENT_NOT_SCOPED'],
    ['const one = prisma.note.findUnique.bind(prisma.note);', 'Note MODEL_PASSED'],
    ['one({ where: { id } });', 'Note.findUnique BY_ID_ONLY'],
    ['prisma.note.findMany.call(prisma.note, { where: { userId } });', 'Note.findMany SCOPED_BY_HAND'],
    ['prisma.note.findMany.apply(prisma.note, [{}]);', 'Note.findMany CLIENT_NOT_SCOPED'],
    ['const run = prisma.$executeRawUnsafe;'],
    ['run("DELETE FROM app_notes");', 'Note.$executeRawUnsafe SQL_NOT_SCOPED'],
    ['$queryRaw`SELECT * FROM app_notes`;', 'Note.$queryRaw SQL_NOT_SCOPED'],
    ['const own = scoped.note.findMany;'],
    ['own();'],
  ],
  'an operation that is computed': [
    ['prisma.note[method]();', 'Note MODEL_COMPUTED'],
    ['prisma.country[method]();'],
    ['scoped.note[method]();'],
    ['const FIND = "findMany";'],
    ['prisma.note[FIND]();', 'Note.findMany CLIENT_NOT_SCOPED'],
    ['somewhere[model].findMany();', 'findMany CLIENT_UNKNOWN'],
    ['somewhere[0].count({ where: {} });'],
  ],
  'a model that is one of several': [
    ['const either = isCountry ? prisma.country : prisma.note;'],
    ['either.findMany();', 'findMany MODEL_COMPUTED'],
    ['const byName = { a: prisma.country, ...{ b: prisma.note } };'],
    ['byName[name].findMany();', 'findMany MODEL_COMPUTED'],
    ['const clients = { a: prisma, b: scoped };'],
    ['clients[name].note.findMany();', 'Note.findMany CLIENT_NOT_SCOPED'],
    ['const same = isOld ? scoped.note : prisma.note;'],
    ['same.findMany();', 'Note.findMany CLIENT_NOT_SCOPED'],
  ],
  'a model that is handed on': [
    ['const { note } = prisma;'],
    ['paginate(note);', 'Note MODEL_PASSED'],
    ['paginate({ model: prisma.note });', 'Note MODEL_PASSED'],
    ['paginate(prisma[name]);', ' MODEL_COMPUTED'],
    ['new Repository(prisma.note);', 'Note MODEL_PASSED'],
    ['ids.map(prisma.note.findMany);', 'Note MODEL_PASSED'],
    ['for (const each of [prisma.note, prisma.tag]) each.deleteMany();', 'Note MODEL_PASSED'],
    ['paginate(scoped.note); paginate(prisma.country); paginate({ prisma });'],
  ],
  'what is assigned by a pattern': [
    ['let note; ({ note } = prisma);'],
    ['note.findMany();', 'Note.findMany CLIENT_NOT_SCOPED'],
    ['let db = scoped; if (isAdmin) ({ db } = { db: prisma });'],
    ['db.note.findMany();', 'Note.findMany CLIENT_NOT_SCOPED'],
  ],
  'a query that is followed later': [
    ['const user = prisma.user.findUnique({ where: { id } });'],
    ['user.notes();', 'Note.notes NESTED_NOT_SCOPED'],
  ],
  'what stands in an extension': [
    [
      'prisma.$extends({ client: { all() { return this.note.findMany(); } } });',
      'Note.findMany CLIENT_UNKNOWN',
    ],
    [
      'prisma.$extends({ model: { note: { all() { return Prisma.getExtensionContext(this).findMany(); } } } });',
      'findMany CLIENT_UNKNOWN',
    ],
    [
      'prisma.$extends({ client: { all() { const db = Prisma.getExtensionContext(this); return db.note.findMany(); } } });',
      'Note.findMany CLIENT_UNKNOWN',
    ],
  ],
  'what is only declared': [
    ['const list = (notes: Prisma.NoteDelegate) => notes.findMany();', 'Note.findMany CLIENT_UNKNOWN'],
    ['const other = (notes: Prisma.UnknownDelegate) => notes.findMany();'],
    ['class Odd extends Unknown { list() { return this.note.findMany(); } }', 'Note.findMany CLIENT_UNKNOWN'],
    [
      'class A { accessor db = prisma; list() { return this.db.note.findMany(); } }',
      'Note.findMany CLIENT_NOT_SCOPED',
    ],
  ],
};

const HEAD = `import { Prisma } from '@prisma/client';
import { prisma } from './db';
import { forUser } from './for-user';
const scoped = forUser(prisma, 'u1');
`;

describe('a call under another name', () => {
  for (const [name, lines] of Object.entries(CASES))
    it(`is told: ${name}`, (t) => {
      const code = `${HEAD}${lines.map(([line]) => line).join('\n')}\n`;
      const scanned = scanFiles(t, { 'db.ts': DB, 'for-user.ts': FOR_USER, 'app.ts': code });
      const said = lines.flatMap(([, ...each], index) => each.map((one) => `app.ts:${index + 5} ${one}`));
      assert.deepEqual([describeCalls(scanned), scanned.findings], [said, []]);
    });

  it('is found in a file that has none of the usual words', (t) => {
    const scanned = scanFiles(t, {
      'db.ts': DB,
      'for-user.ts': FOR_USER,
      'clients.ts': `import { prisma } from './db';
import { forUser } from './for-user';
export { prisma as db };
export const own = forUser(prisma, 'u1');
`,
      'a.ts': "import { db } from './clients';\npaginate(db.note);\n",
      'b.ts': "import { own } from './clients';\nexport const all = own.$parent;\n",
    });
    assert.deepEqual(describeCalls(scanned), ['a.ts:2 Note MODEL_PASSED', 'b.ts:2 $parent PARENT_CLIENT']);
  });
});
