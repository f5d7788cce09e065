import { strict as assert } from 'node:assert';
import { describe, it } from 'node:test';
import { DB, describeCalls, scanFiles } from '../helpers/scan-fixture.ts';

/** Calls on a client that is not scoped, and what is said of each; nothing where it is let pass. */
const CASES: [call: string, said: string][] = [
  ['prisma.note.findMany()', 'Note.findMany CLIENT_NOT_SCOPED'],
  ['prisma.note.findMany({ where: { title } })', 'Note.findMany CLIENT_NOT_SCOPED'],
  ['prisma.note.findMany(anything)', 'Note.findMany CLIENT_NOT_SCOPED'],
  ['prisma.note.aggregate({ _count: true })', 'Note.aggregate CLIENT_NOT_SCOPED'],
  ['prisma.note.groupBy({ by: ["title"] })', 'Note.groupBy CLIENT_NOT_SCOPED'],
  ['prisma.comment.findMany()', 'Comment.findMany CLIENT_NOT_SCOPED'],
  ['prisma.draft.findMany({ where: { authorId: userId } })', 'Draft.findMany CLIENT_NOT_SCOPED'],
  ['prisma.country.findMany()', ''],
  ['prisma.user.findMany()', ''],
  ['prisma?.note?.findMany()', 'Note.findMany CLIENT_NOT_SCOPED'],
  ['(prisma as any).note.findMany()', 'Note.findMany CLIENT_NOT_SCOPED'],
  ['prisma.$transaction([prisma.note.findMany()])', 'Note.findMany CLIENT_NOT_SCOPED'],

  ['prisma.note.findUnique({ where: { id } })', 'Note.findUnique BY_ID_ONLY'],
  ['prisma.note.findUniqueOrThrow({ where: { id } })', 'Note.findUniqueOrThrow BY_ID_ONLY'],
  ['prisma.note.update({ where: { id }, data: { userId } })', 'Note.update BY_ID_ONLY'],
  ['prisma.note.delete({ where: { id } })', 'Note.delete BY_ID_ONLY'],
  ['prisma.note.upsert({ where: { id }, create: { userId }, update: {} })', 'Note.upsert BY_ID_ONLY'],
  ['prisma.comment.delete({ where: { id } })', 'Comment.delete BY_ID_ONLY'],

  ['prisma.note.findMany({ where: { userId } })', 'Note.findMany SCOPED_BY_HAND'],
  ['prisma.note.findMany({ where: { userId: undefined } })', 'Note.findMany CLIENT_NOT_SCOPED'],
  [
    'prisma.note.findMany({ where: { userId: isAdmin ? undefined : userId } })',
    'Note.findMany CLIENT_NOT_SCOPED',
  ],
  ['prisma.note.findMany({ where: { userId: session?.user.id } })', 'Note.findMany CLIENT_NOT_SCOPED'],
  ['prisma.note.findMany({ where: { userId: session?.user.id ?? "" } })', 'Note.findMany SCOPED_BY_HAND'],
  ['prisma.note.findMany({ where: { userId: { in: [userId] } } })', 'Note.findMany SCOPED_BY_HAND'],
  ['prisma.note.findMany({ where: { userId: { contains: "" } } })', 'Note.findMany CLIENT_NOT_SCOPED'],
  ['prisma.note.findMany({ where: { userId: {} } })', 'Note.findMany CLIENT_NOT_SCOPED'],
  ['prisma.note.findMany({ where: { user: { isNot: { id: userId } } } })', 'Note.findMany CLIENT_NOT_SCOPED'],
  ['prisma.note.findMany({ where: { user: { is: { id: userId } } } })', 'Note.findMany SCOPED_BY_HAND'],
  ['prisma.note.findMany({ where: { user: { NOT: { id: userId } } } })', 'Note.findMany CLIENT_NOT_SCOPED'],
  [
    'prisma.note.findMany({ where: { user: { email: { contains: "" } } } })',
    'Note.findMany CLIENT_NOT_SCOPED',
  ],
  ['prisma.note.findMany({ where: { userId, ...filter } })', 'Note.findMany CLIENT_NOT_SCOPED'],
  ['prisma.note.findMany({ where: { ...(isUser && { userId }) } })', 'Note.findMany CLIENT_NOT_SCOPED'],
  ['prisma.note.findMany({ where: { ...(isUser ? { userId } : {}) } })', 'Note.findMany CLIENT_NOT_SCOPED'],
  ['prisma.note.findMany({ where: { ...own } })', 'Note.findMany SCOPED_BY_HAND'],
  ['prisma.note.findMany({ where: changed })', 'Note.findMany CLIENT_NOT_SCOPED'],
  ['prisma.note.create({ data: { userId, ...body } })', 'Note.create CLIENT_NOT_SCOPED'],
  [
    'prisma.user.findMany({ where: { id: { not: id } }, include: { notes: true } })',
    'Note.findMany NESTED_NOT_SCOPED',
  ],
  ['prisma.note.findMany({ where: { userId: null } })', 'Note.findMany CLIENT_NOT_SCOPED'],
  ['prisma.note.findMany({ where: { userId: { not: userId } } })', 'Note.findMany CLIENT_NOT_SCOPED'],
  ['prisma.note.findMany({ where: { user: { email } } })', 'Note.findMany SCOPED_BY_HAND'],
  ['prisma.note.findMany({ where: { user: {} } })', 'Note.findMany CLIENT_NOT_SCOPED'],
  ['prisma.note.findMany({ where: { AND: [{ title }, { userId }] } })', 'Note.findMany SCOPED_BY_HAND'],
  ['prisma.note.findMany({ where: { OR: [{ title }, { userId }] } })', 'Note.findMany CLIENT_NOT_SCOPED'],
  [
    'prisma.note.findMany({ where: { OR: [{ title, userId }, { userId }] } })',
    'Note.findMany SCOPED_BY_HAND',
  ],
  ['prisma.note.findMany({ where: { NOT: { userId } } })', 'Note.findMany CLIENT_NOT_SCOPED'],
  ['prisma.note.findMany({ where: { ...filter, userId } })', 'Note.findMany SCOPED_BY_HAND'],
  ['prisma.note.findMany({ where: isAdmin ? {} : { userId } })', 'Note.findMany CLIENT_NOT_SCOPED'],
  ['prisma.note.findMany({ where: own })', 'Note.findMany SCOPED_BY_HAND'],
  [
    'prisma.note.findUnique({ where: { userId_title: { userId, title } } })',
    'Note.findUnique SCOPED_BY_HAND',
  ],
  ['prisma.note.delete({ where: { id, userId } })', 'Note.delete SCOPED_BY_HAND'],
  [
    'prisma.note.upsert({ where: { id, userId }, create: { userId }, update: {} })',
    'Note.upsert SCOPED_BY_HAND',
  ],
  ['prisma.comment.findMany({ where: { note: { userId } } })', 'Comment.findMany SCOPED_BY_HAND'],
  ['prisma.comment.findMany({ where: { note: { is: { userId } } } })', 'Comment.findMany SCOPED_BY_HAND'],
  ['prisma.comment.findMany({ where: { noteId } })', 'Comment.findMany CLIENT_NOT_SCOPED'],
  ['prisma.note.create({ data: { title, userId } })', 'Note.create SCOPED_BY_HAND'],
  ['prisma.note.create({ data: { title, user: { connect: { id } } } })', 'Note.create SCOPED_BY_HAND'],
  ['prisma.note.create({ data: body })', 'Note.create CLIENT_NOT_SCOPED'],
  ['prisma.note.createMany({ data: [{ userId }, { userId }] })', 'Note.createMany SCOPED_BY_HAND'],
  ['prisma.note.createMany({ data: [{ userId }, { title }] })', 'Note.createMany CLIENT_NOT_SCOPED'],
  [
    'prisma.note.createMany({ data: rows.map((row) => ({ ...row, userId })) })',
    'Note.createMany SCOPED_BY_HAND',
  ],
  ['prisma.comment.create({ data: { noteId } })', 'Comment.create CLIENT_NOT_SCOPED'],

  ['prisma.user.findMany({ include: { notes: true } })', 'Note.findMany NESTED_NOT_SCOPED'],
  ['prisma.user.findMany({ include: { notes: false } })', ''],
  [
    'prisma.user.findMany({ select: { notes: { select: { id: true } } } })',
    'Note.findMany NESTED_NOT_SCOPED',
  ],
  ['prisma.user.findMany({ include: { _count: true } })', 'Note.findMany NESTED_NOT_SCOPED'],
  [
    'prisma.user.findMany({ include: { _count: { select: { tags: true } } } })',
    'Tag.findMany NESTED_NOT_SCOPED',
  ],
  ['prisma.user.findMany({ where: { notes: { some: { title } } } })', 'Note.findMany NESTED_NOT_SCOPED'],
  ['prisma.user.findMany({ where: { OR: [{ notes: { none: {} } }] } })', 'Note.findMany NESTED_NOT_SCOPED'],
  ['prisma.user.findMany({ orderBy: { notes: { _count: "desc" } } })', 'Note.findMany NESTED_NOT_SCOPED'],
  ['prisma.country.findMany({ include: { notes: { where: { userId } } } })', 'Note.findMany SCOPED_BY_HAND'],
  ['prisma.country.findMany({ include: withNotes })', 'Note.findMany NESTED_NOT_SCOPED'],
  ['prisma.comment.findMany({ where: { note: { is: null } } })', 'Comment.findMany CLIENT_NOT_SCOPED'],
  ['prisma.country.findMany({ where: { notes: { none: null } } })', ''],
  ['prisma.country.findMany({ include })', 'Country.findMany SELECTION_UNKNOWN'],
  ['prisma.country.findMany(args)', 'Country.findMany SELECTION_UNKNOWN'],
  [
    'prisma.country.update({ where: { id }, data: { notes: { deleteMany: {} } } })',
    'Note.update NESTED_NOT_SCOPED',
  ],
  ['prisma.user.findUnique({ where: { id }, include: { notes: true } })', 'Note.findUnique SCOPED_BY_HAND'],
  [
    'prisma.user.findUnique({ where: { email }, include: { notes: true } })',
    'Note.findUnique NESTED_NOT_SCOPED',
  ],
  [
    'prisma.user.update({ where: { id }, data: { notes: { deleteMany: {} } } })',
    'Note.update SCOPED_BY_HAND',
  ],
  [
    'prisma.user.update({ where: { id }, data: { notes: { connect: { id } } } })',
    'Note.update NESTED_NOT_SCOPED',
  ],
  ['prisma.user.findUnique({ where: { id } }).notes()', 'Note.notes NESTED_NOT_SCOPED'],
  ['prisma.country.findFirst().notes()', 'Note.notes NESTED_NOT_SCOPED'],
  ['prisma.note.findUnique({ where: { id } }).comments()', 'Note.findUnique BY_ID_ONLY'],
  [
    'prisma.note.findMany({ where: { userId }, include: { comments: true, user: true } })',
    'Note.findMany SCOPED_BY_HAND',
  ],
  [
    'prisma.note.findMany({ where: { userId }, include: { tags: true } })',
    'Tag.findMany NESTED_NOT_SCOPED warning',
  ],
  [
    'prisma.note.create({ data: { userId, tags: { connect: { id } } } })',
    'Tag.create NESTED_NOT_SCOPED warning',
  ],
  ['prisma.note.create({ data: { userId, comments: { create: { text } } } })', 'Note.create SCOPED_BY_HAND'],
];

describe('a call on a client that is not scoped', () => {
  for (const [call, said] of CASES)
    it(call, (t) => {
      const scanned = scanFiles(t, {
        'src/db.ts': DB,
        'src/app.ts': `import { prisma } from './db';
const own = { userId, title };
const withNotes = { notes: { take: 1 } } as const;
let changed = { userId }; if (isAdmin) changed = {};
await ${call};
`,
      });
      assert.deepEqual(describeCalls(scanned), said === '' ? [] : [`src/app.ts:5 ${said}`]);
    });
});

it('says what to type instead', (t) => {
  const { calls } = scanFiles(t, {
    'src/db.ts': DB,
    'src/app.ts': `import { prisma } from './db';
export class Notes {
  constructor(private db = prisma) {}
  one = (id: number) => this.db.note.findUnique({ where: { id } });
  all = () => this.db.$transaction((tx) => tx.note.findMany());
}
`,
  });
  assert.deepEqual(
    calls.map(({ line, column, remedy }) => [line, column, remedy]),
    [
      [4, 25, 'Type forUser(this.db, userId).note.findUnique(...)'],
      [
        5,
        44,
        'Begin the transaction on a scoped client: forUser(prisma, userId).$transaction(async (tx) => ...)',
      ],
    ],
  );
});
