import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type ColumnHistory, findColumnHistory } from '../../src/migrations/history.ts';

const NOTE = { table: 'Note', column: 'userId' };
const NOTHING = { addedBy: null, requiredBy: null, relaxedBy: null, removedBy: null };

function historyOf(
  migrations: Record<string, string>,
  place: Parameters<typeof findColumnHistory>[1] = NOTE,
): ColumnHistory {
  return findColumnHistory(
    Object.entries(migrations).map(([name, sql]) => ({ name, sql })),
    place,
  );
}

const INIT = {
  init: 'CREATE TABLE "Note" (\n "id" TEXT NOT NULL,\n CONSTRAINT "Note_pkey" PRIMARY KEY ("id")\n);',
};
const ADD = { add: '-- AlterTable\nALTER TABLE "Note" ADD COLUMN     "userId" TEXT;' };
const POSTGRESQL = '-- AlterTable\nALTER TABLE "Note" ALTER COLUMN "userId" SET NOT NULL;';
const redefine = (userId: string) => `-- RedefineTables
PRAGMA defer_foreign_keys=ON;
PRAGMA foreign_keys=OFF;
CREATE TABLE "new_Note" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "title" TEXT NOT NULL DEFAULT 'userId, (', ${userId}
    CONSTRAINT "Note_userId_fkey" FOREIGN KEY ("userId") REFERENCES "User" ("id") ON DELETE RESTRICT ON UPDATE CASCADE
);
INSERT INTO "new_Note" ("id") SELECT "id" FROM "Note";
DROP TABLE "Note";
ALTER TABLE "new_Note" RENAME TO "Note";
PRAGMA foreign_keys=ON;`;

describe('findColumnHistory', () => {
  const ways: Record<string, Record<string, string>> = {
    'Prisma on PostgreSQL': { ...INIT, ...ADD, require: POSTGRESQL },
    'Prisma on PostgreSQL, in lists': {
      ...INIT,
      add: 'ALTER TABLE "public"."Note" ADD COLUMN "a" DECIMAL(10,2) NOT NULL, ADD COLUMN "userId" TEXT, DROP COLUMN "b";',
      require:
        'ALTER TABLE "Note" ADD COLUMN "c" INT, ALTER COLUMN "userId" SET NOT NULL, ALTER COLUMN "d" DROP NOT NULL;',
    },
    'Prisma on SQLite': {
      ...INIT,
      add: redefine('"userId" TEXT,'),
      again: redefine('"userId" TEXT,'),
      require: redefine('"userId" TEXT NOT NULL,'),
    },
    'Prisma on MySQL': {
      init: 'CREATE TABLE `Note` (`id` VARCHAR(191) NOT NULL, PRIMARY KEY (`id`)) DEFAULT CHARACTER SET utf8mb4;',
      add: 'ALTER TABLE `Note` ADD COLUMN `userId` VARCHAR(191) NULL;',
      require: 'ALTER TABLE `Note` MODIFY `userId` VARCHAR(191) NOT NULL;',
    },
    'blocks and comments': {
      ...INIT,
      add: '/* ALTER TABLE "Note" DROP COLUMN "userId"; */ DO $x$ BEGIN FOR i IN 1..3 LOOP BEGIN ALTER TABLE "Note" ADD COLUMN IF NOT EXISTS "userId" TEXT; RETURN; END; END LOOP; END $x$;',
      other: `INSERT INTO "Log" VALUES ('ALTER TABLE "Note" ALTER COLUMN "userId" SET NOT NULL; '';'); ALTER TABLE "Note" ADD CONSTRAINT "userId" CHECK ("userId" IS NOT NULL) NOT VALID`,
      require: 'BEGIN;\nalter table only "Note" alter "userId" set not null;COMMIT',
      function: `CREATE FUNCTION f() RETURNS void LANGUAGE plpgsql AS $$ BEGIN ALTER TABLE "Note" DROP COLUMN "userId"; END $$;`,
    },
  };
  for (const [way, migrations] of Object.entries(ways))
    it(`finds what added a column and what made it required: ${way}`, () => {
      assert.deepEqual(historyOf(migrations), { ...NOTHING, addedBy: 'add', requiredBy: 'require' });
    });

  it('a column that CREATE TABLE had was added by nobody, and is required from the start or by a later migration', () => {
    const init = 'CREATE TABLE "Note" ("id" TEXT PRIMARY KEY, "userId" TEXT NOT NULL)';
    assert.deepEqual(historyOf({ init }), NOTHING);
    assert.deepEqual(historyOf({ init: init.replace(' NOT NULL)', ')'), require: POSTGRESQL }), {
      ...NOTHING,
      requiredBy: 'require',
    });
  });

  it('a column that was added with NOT NULL was required by nobody later', () => {
    const add = `ALTER TABLE "Note" ADD COLUMN "userId" TEXT NOT NULL DEFAULT ''`;
    assert.deepEqual(historyOf({ ...INIT, add }), { ...NOTHING, addedBy: 'add' });
  });

  it('tells what led back, and forgets it where the way was gone again', () => {
    const there = { ...INIT, ...ADD, require: POSTGRESQL };
    const relaxed = { ...there, relax: 'ALTER TABLE "Note" ALTER COLUMN "userId" DROP NOT NULL' };
    const removed = { ...relaxed, remove: 'ALTER TABLE "Note" DROP COLUMN "userId"' };
    assert.deepEqual(historyOf(relaxed), { ...NOTHING, addedBy: 'add', relaxedBy: 'relax' });
    assert.deepEqual(historyOf(removed), { ...NOTHING, removedBy: 'remove' });
    assert.deepEqual(historyOf({ ...relaxed, twice: POSTGRESQL }), {
      ...NOTHING,
      addedBy: 'add',
      requiredBy: 'twice',
    });
    assert.deepEqual(historyOf({ ...removed, again: ADD.add }), { ...NOTHING, addedBy: 'again' });
    assert.deepEqual(historyOf({ ...there, drop: 'DROP TABLE "Note"' }), NOTHING);
  });

  it('another table, another schema and another column do not count', () => {
    const migrations = {
      ...INIT,
      other:
        'ALTER TABLE "Notes" ADD COLUMN "userId" TEXT; ALTER TABLE "Note" ADD COLUMN "userIds" TEXT; ALTER TABLE "b"."Note" ADD COLUMN "userId" TEXT',
    };
    assert.deepEqual(historyOf(migrations, { ...NOTE, schema: 'a' }), NOTHING);
    assert.deepEqual(historyOf(migrations, { ...NOTE, schema: 'b' }), { ...NOTHING, addedBy: 'other' });
  });

  it('claims nothing of what it cannot read', () => {
    for (const sql of [
      '',
      ';;',
      'ALTER TABLE',
      'CREATE TABLE',
      "'",
      '"',
      '$$',
      '/*',
      'ALTER TABLE "Note" ADD',
      'ALTER TABLE "Note" RENAME TO',
      ')'.repeat(9),
      'DROP TABLE',
    ])
      assert.deepEqual(historyOf({ ...INIT, broken: sql }), NOTHING, sql);
  });
});
