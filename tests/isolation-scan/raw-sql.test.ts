// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the cases are code as text
import { strict as assert } from 'node:assert';
import { describe, it } from 'node:test';
import { listTables } from '../../src/isolation-scan/sql-tables.ts';
import { DB, describeCalls, FOR_USER, scanFiles } from '../helpers/scan-fixture.ts';

/** Raw SQL, and what is said of it. */
const CASES: [call: string, said: string][] = [
  ['prisma.$queryRaw`SELECT * FROM app_notes`', 'Note.$queryRaw SQL_NOT_SCOPED'],
  ['prisma.$queryRaw`SELECT * FROM "App_Notes" WHERE id = ${id}`', 'Note.$queryRaw SQL_NOT_SCOPED'],
  ['prisma.$queryRaw<Row[]>`SELECT * FROM public."app_notes"`', 'Note.$queryRaw SQL_NOT_SCOPED'],
  ['prisma.$executeRaw`UPDATE app_notes SET title = ${title}`', 'Note.$executeRaw SQL_NOT_SCOPED'],
  ['prisma.$queryRaw`SELECT 1 FROM "_NoteToTag"`', 'Note and Tag.$queryRaw SQL_NOT_SCOPED'],
  ['prisma.$queryRaw`SELECT * FROM "Country" WHERE name = \'app_notes\'`', ''],
  ['prisma.$queryRaw`SELECT app_notes FROM "Country" -- FROM app_notes`', ''],
  ['prisma.$queryRaw`SELECT * FROM "User"`', ''],
  ['prisma.$queryRaw(Prisma.sql`SELECT * FROM app_notes`)', 'Note.$queryRaw SQL_NOT_SCOPED'],
  ['prisma.$queryRaw(query)', 'Note.$queryRaw SQL_NOT_SCOPED'],
  ['prisma.$queryRaw`SELECT * FROM "Country" ${part}`', 'Note.$queryRaw SQL_NOT_SCOPED'],
  ['prisma.$queryRaw`SELECT * FROM ${Prisma.raw(table)}`', '$queryRaw SQL_UNKNOWN'],
  ['prisma.$queryRaw`SELECT * FROM ${Prisma.raw("app_notes")}`', 'Note.$queryRaw SQL_NOT_SCOPED'],
  ['prisma.$queryRaw`SELECT 1 WHERE 1 IN (${Prisma.join([1, 2])})`', ''],
  ['prisma.$queryRaw(build())', '$queryRaw SQL_UNKNOWN'],
  ['prisma.$queryRaw`SELECT * FROM ${raw("app_notes")}`', 'Note.$queryRaw SQL_NOT_SCOPED'],
  ['prisma.$queryRaw`SELECT * FROM ${table}`', '$queryRaw SQL_UNKNOWN'],
  ['prisma.$queryRaw`SELECT * FROM "Country" ${rest}`', '$queryRaw SQL_UNKNOWN'],
  ['prisma.$queryRaw`SELECT * FROM "Country" WHERE id = ${id} ${rest}`', '$queryRaw SQL_UNKNOWN'],
  ['prisma.$queryRaw`SELECT * FROM "Country" WHERE ${where}`', '$queryRaw SQL_UNKNOWN'],
  ['prisma.$queryRaw`SELECT * FROM "Country" WHERE id BETWEEN ${a} AND ${b} LIMIT ${n} OFFSET ${n}`', ''],
  ['prisma.$queryRaw`SELECT * FROM "Country" WHERE id IN (${id}, ${"x"}) AND a IS DISTINCT FROM ${b}`', ''],
  ['prisma.$queryRaw`SELECT * FROM "Country" WHERE name LIKE ${"%" + name} AND a = ANY(${ids})`', ''],
  [
    'prisma.$queryRaw`SELECT * FROM "Country" WHERE id IN (${Prisma.join(ids)}) OR id IN (${Prisma.join([1, id])})`',
    '',
  ],
  [
    'prisma.$queryRaw`SELECT * FROM "Country" WHERE ${Prisma.join([one, two], " AND ")}`',
    '$queryRaw SQL_UNKNOWN',
  ],
  ['prisma.$queryRaw`SELECT * FROM "Country" ${one && part}`', 'Note.$queryRaw SQL_NOT_SCOPED'],
  ['prisma.$queryRaw`SELECT * FROM "Country" ${one ? part : Prisma.empty}`', 'Note.$queryRaw SQL_NOT_SCOPED'],
  ['prisma.$queryRaw`SELECT * FROM "Country" ${join()}`', 'Note.$queryRaw SQL_NOT_SCOPED'],
  ['prisma.$queryRaw`SELECT * FROM "Country" ${parts.notes}`', 'Note.$queryRaw SQL_NOT_SCOPED'],
  ['prisma.$queryRaw`SELECT * FROM "Country" ${Prisma.join(list, " ")}`', '$queryRaw SQL_UNKNOWN'],
  ['prisma.$queryRaw`SELECT * FROM "Country" ${changed}`', 'Note.$queryRaw SQL_NOT_SCOPED'],
  ['prisma.$queryRawUnsafe(grown)', '$queryRawUnsafe SQL_UNKNOWN'],
  ['prisma.$queryRawUnsafe(parts.text)', 'Note.$queryRawUnsafe SQL_NOT_SCOPED'],
  ['prisma.$queryRawTyped(listNotes())', '$queryRawTyped SQL_UNKNOWN'],
  ['prisma.$queryRawUnsafe("SELECT * FROM " + "app_notes")', 'Note.$queryRawUnsafe SQL_NOT_SCOPED'],
  ['prisma.$executeRawUnsafe(`TRUNCATE ${table}`)', '$executeRawUnsafe SQL_UNKNOWN'],
  [
    'prisma.$executeRawUnsafe(`DELETE FROM app_notes WHERE ${rest}`)',
    'Note.$executeRawUnsafe SQL_NOT_SCOPED',
  ],
  ['prisma.$executeRawUnsafe("VACUUM")', ''],
  ['prisma.$transaction((tx) => tx.$queryRaw`SELECT * FROM app_notes`)', 'Note.$queryRaw SQL_NOT_SCOPED'],
  ['scoped.$queryRaw`SELECT 1`', '$queryRaw SQL_REFUSED'],
  [
    'scoped.$queryRaw`/* unscoped: counts for the operator */ SELECT 1`',
    '$queryRaw SQL_MEANT meant (counts for the operator)',
  ],
  [
    'scoped.$executeRawUnsafe("/* unscoped: nightly */ " + text)',
    '$executeRawUnsafe SQL_MEANT meant (nightly)',
  ],
  ['scoped.$queryRaw`/* unscoped: */ SELECT 1`', '$queryRaw SQL_REFUSED'],
  ['scoped.$parent.$queryRaw`SELECT * FROM app_notes`', 'Note.$queryRaw PARENT_CLIENT'],
  ['unknown.$queryRaw`SELECT * FROM app_notes`', 'Note.$queryRaw SQL_NOT_SCOPED warning'],
  ['unknown.$queryRaw`SELECT * FROM "Country"`', ''],
];

describe('raw SQL', () => {
  for (const [call, said] of CASES)
    it(call, (t) => {
      const scanned = scanFiles(t, {
        'src/db.ts': DB,
        'src/for-user.ts': FOR_USER,
        'src/app.ts': `import { Prisma } from '@prisma/client';
import { prisma } from './db';
import { forUser } from './for-user';
const scoped = forUser(prisma, 'u1');
const part = Prisma.sql\`JOIN app_notes ON true\`;
const { raw } = Prisma; const parts = { notes: part, text: 'SELECT * FROM app_notes' };
let changed = Prisma.sql\`\`; if (id) changed = part; let grown = 'SELECT * FROM '; grown += 'app_notes';
function join() { return part; }
const query = Prisma.sql\`SELECT * \${Prisma.sql\`FROM app_notes\`}\`;
await ${call};
`,
      });
      assert.deepEqual(describeCalls(scanned), said === '' ? [] : [`src/app.ts:10 ${said}`]);
    });

  it('of hundreds of pieces is read', (t) => {
    const pieces = Array.from({ length: 500 }, (_, i) => `' ${i}'`).join(' + ');
    const scanned = scanFiles(t, {
      'db.ts': DB,
      'app.ts': `import { prisma } from './db';\nprisma.$queryRawUnsafe(${pieces} + ' FROM app_notes');\n`,
    });
    assert.deepEqual(describeCalls(scanned), ['app.ts:2 Note.$queryRawUnsafe SQL_NOT_SCOPED']);
  });
});

/** The tables that SQL names. */
const TABLES: [sql: string, tables: string[]][] = [
  ['select a.b from notes a, "Tags" as t where notes.x = 1', ['notes', 'tags']],
  ['SELECT * FROM (SELECT * FROM inner_one i) x LEFT JOIN app.`outer` o ON true', ['inner_one', 'outer']],
  ['INSERT INTO notes (a, b) VALUES (1, 2)', ['notes']],
  ['DELETE FROM ONLY notes USING tags WHERE true', ['notes', 'tags']],
  ['DROP TABLE IF EXISTS [notes]', ['notes']],
  ['WITH x AS (SELECT 1 FROM notes) UPDATE tags SET a = 1 FROM x', ['notes', 'tags', 'x']],
  ["SELECT 'from notes' /* FROM notes */ -- FROM notes\n FROM tags", ['tags']],
  ['SELECT notes, tags FROM one ORDER BY notes', ['one']],
];

describe('listTables', () => {
  for (const [sql, tables] of TABLES)
    it(sql, () => assert.deepEqual([...listTables(sql)].sort(), [...tables].sort()));
});
