import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import BetterSqlite3 from 'better-sqlite3';
import type { DdlDialect, OnDelete, OwnerColumn } from '../../src/database/ddl.ts';
import { planMigrations } from '../../src/migrations/plan.ts';
import { createDatabase, type TestDatabase } from '../helpers/database.ts';
import { readDatabase } from '../helpers/ddl-project.ts';

const AT = new Date('2026-11-25T19:00:00.999Z');
const main = (name: string) => ({ schema: 'main', name });

const ownerOf = (table: string, onDelete: OnDelete | null = 'RESTRICT'): OwnerColumn => ({
  model: 'Note',
  table: main(table),
  column: 'userId',
  references: { table: main('User'), column: 'id' },
  onDelete,
});

/** Everything of a file that a reader could miss. */
function dump(db: BetterSqlite3.Database): string {
  const objects = db.prepare('SELECT type, name, tbl_name, sql FROM sqlite_master ORDER BY name').all() as {
    type: string;
    name: string;
    sql: string;
  }[];
  const rows = objects
    .filter(({ type, sql }) => type === 'table' && !/^CREATE VIRTUAL/.test(sql))
    .map(({ name, sql }) => {
      const number = /WITHOUT ROWID|sqlite_sequence/i.test(sql) ? '' : 'rowid, ';
      return db.prepare(`SELECT ${number}* FROM "${name.replaceAll('"', '""')}" ORDER BY 1, 2`).all();
    });
  return JSON.stringify(
    [objects.map((object) => ({ ...object, sql: normalise(object.sql) })), rows],
    null,
    1,
  );
}

function normalise(sql: string | null): string {
  return (sql ?? '').replace(/[\s"[\]]/g, '');
}

/** A database with this table before its phase 1, and what its phases do to it. */
async function withTable(
  ddl: string,
  work: (tools: {
    database: TestDatabase;
    db: BetterSqlite3.Database;
    apply: (step: keyof DdlDialect, column: OwnerColumn, owners?: number) => Promise<void>;
    write: (step: keyof DdlDialect, column: OwnerColumn, owners?: number) => Promise<string[]>;
  }) => Promise<void>,
): Promise<void> {
  const users = `CREATE TABLE "User" (id TEXT NOT NULL PRIMARY KEY); INSERT INTO "User" VALUES ('u1'), ('u2');`;
  const database = await createDatabase('sqlite', { ddl: users + ddl, models: '' });
  const db = new BetterSqlite3(database.url.slice('file:'.length));
  const write = async (step: keyof DdlDialect, column: OwnerColumn, owners = 0) => {
    const columns = [{ ...column, owners }];
    const written = await readDatabase(database, (session, dialect) => dialect[step](session, columns));
    return planMigrations([], written, AT).map(({ sql }) => sql);
  };
  const apply = async (step: keyof DdlDialect, column: OwnerColumn, owners = 0) => {
    for (const sql of await write(step, column, owners)) db.exec(sql);
    assert.equal(db.inTransaction, false);
    assert.deepEqual(db.pragma('foreign_keys'), [{ foreign_keys: 1 }]);
    assert.deepEqual(db.pragma('legacy_alter_table'), [{ legacy_alter_table: 0 }]);
    assert.deepEqual(db.pragma('integrity_check'), [{ integrity_check: 'ok' }]);
  };
  try {
    await work({ database, db, apply, write });
  } finally {
    db.close();
    await database.drop();
  }
}

/** Tables as people write them. */
const SHAPES: Record<string, string> = {
  'as Prisma writes it': `CREATE TABLE "Note" (
    "id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    "title" TEXT NOT NULL DEFAULT 'it''s, (new)',
    CONSTRAINT "x" CHECK (length("title") > 0)
);`,
  'with comments, brackets and backticks': `CREATE TABLE [Note] (id INTEGER PRIMARY KEY, -- the key, of course
  \`title\` VARCHAR(20, 3) /* a, b ( */ COLLATE NOCASE NOT NULL ON CONFLICT ABORT, "a,b" TEXT UNIQUE -- the last )
  , CHECK (title <> 'userId, (') -- no more
  )`,
  strict: `CREATE TABLE Note (id TEXT PRIMARY KEY NOT NULL, title ANY NOT NULL) STRICT`,
  'without numbers for rows': `CREATE TABLE Note (id TEXT PRIMARY KEY, title TEXT) WITHOUT ROWID, STRICT`,
  'with a key of two columns': `CREATE TABLE Note (id INTEGER, title TEXT, PRIMARY KEY (id, title) UNIQUE (id))`,
  'with generated columns': `CREATE TABLE Note (id INTEGER PRIMARY KEY, title TEXT NOT NULL, long TEXT GENERATED ALWAYS AS (title || '!') STORED, n INT AS (length(title)) VIRTUAL)`,
  'with a column called rowid': `CREATE TABLE Note (id TEXT NOT NULL PRIMARY KEY, title TEXT, rowid TEXT)`,
  'that refers to itself': `CREATE TABLE Note (id INTEGER PRIMARY KEY, title TEXT, parent INTEGER DEFAULT 1 REFERENCES Note(id) ON DELETE CASCADE)`,
};

/** What refers to the table or is on it. */
const AROUND = `;
INSERT INTO Note (id, title) VALUES ('1', 'a'), ('2', 'b'), ('5', 'c');
DELETE FROM Note WHERE id = '2';
CREATE TABLE "Child" (id INTEGER PRIMARY KEY, note REFERENCES Note(id) ON DELETE CASCADE);
CREATE TABLE "Mark" (id INTEGER PRIMARY KEY, note REFERENCES "Note"(id) ON DELETE SET NULL);
INSERT INTO "Child" VALUES (1, '1'), (2, '5');
INSERT INTO "Mark" VALUES (1, '1'), (2, '5');
CREATE VIEW "titles" AS SELECT title, (SELECT count(*) FROM "Child" c WHERE c.note = Note.id) AS n FROM Note;
CREATE VIEW "of titles" AS SELECT * FROM titles;
CREATE TRIGGER "on note" AFTER UPDATE OF title ON Note WHEN NEW.title = 'x' BEGIN UPDATE "Mark" SET note = NULL WHERE note = OLD.id; END;
CREATE TRIGGER "on view" INSTEAD OF INSERT ON titles BEGIN INSERT INTO Note (id, title) VALUES (9, NEW.title); END;
CREATE TRIGGER "on mark" AFTER DELETE ON "Mark" BEGIN DELETE FROM Note WHERE id = OLD.note; END;
CREATE INDEX "part" ON Note (title DESC) WHERE title <> ';';
CREATE UNIQUE INDEX "expression" ON Note (lower(title), id)`;

describe('migrations on SQLite', () => {
  for (const [shape, ddl] of Object.entries(SHAPES))
    for (const [optional, required] of [
      ['RESTRICT', 'RESTRICT'],
      ['SET NULL', 'RESTRICT'],
      [null, null],
    ] as const)
      it(`there and back leaves everything as it was: a table ${shape}, ON DELETE ${optional}, ${required}`, async () => {
        await withTable(ddl + AROUND, async ({ db, apply }) => {
          const atFirst = dump(db);
          await apply('addOwners', ownerOf('Note', optional));
          db.exec(`UPDATE Note SET userId = 'u' || (1 + (id = '5'))`);
          const assigned = dump(db);
          await apply('requireOwners', ownerOf('Note', required));
          assert.throws(
            () => db.exec(`INSERT INTO Note (id, title) VALUES ('7', 'x')`),
            /NOT NULL constraint failed: Note.userId/,
          );
          if (required) assert.throws(() => db.exec(`DELETE FROM "User" WHERE id = 'u1'`), /FOREIGN KEY/);
          await apply('relaxOwners', ownerOf('Note', optional));
          assert.equal(dump(db), assigned);
          await apply('removeOwners', ownerOf('Note', optional), 2);
          assert.equal(dump(db), atFirst);
        });
      });

  it('nothing is deleted and nothing un-owned, whatever refers to the table', async () => {
    await withTable((SHAPES['that refers to itself'] as string) + AROUND, async ({ db, apply }) => {
      await apply('addOwners', ownerOf('Note', 'CASCADE'));
      db.exec(`UPDATE Note SET userId = 'u1', parent = CASE id WHEN 5 THEN 1 END`);
      const rows = () =>
        ['Note', 'Child', 'Mark', 'User'].map((table) =>
          db.prepare(`SELECT * FROM "${table}" ORDER BY 1`).all(),
        );
      const before = rows();
      await apply('requireOwners', ownerOf('Note', 'CASCADE'));
      assert.deepEqual(rows(), before);
      db.exec(`DELETE FROM Note WHERE id = 1`);
      assert.deepEqual(
        rows().map(({ length }) => length),
        [0, 0, 2, 2],
      );
    });
  });

  it('the table of users can itself be the one that is owned', async () => {
    await withTable(
      AROUND.replace(/^;/, 'CREATE TABLE Note (id INTEGER PRIMARY KEY, title TEXT);'),
      async ({ db, apply }) => {
        const user = { ...ownerOf('User', 'SET NULL'), column: 'parent id' };
        await apply('addOwners', user);
        await apply('addOwners', ownerOf('Note', 'CASCADE'));
        db.exec(`UPDATE "User" SET "parent id" = 'u1'; UPDATE Note SET userId = 'u2'`);
        await apply('requireOwners', { ...user, onDelete: 'RESTRICT' });
        assert.deepEqual(db.prepare('SELECT * FROM "User"').all(), [
          { id: 'u1', 'parent id': 'u1' },
          { id: 'u2', 'parent id': 'u1' },
        ]);
        assert.equal(db.prepare(`SELECT count(*) FROM Note WHERE userId = 'u2'`).pluck().get(), 2);
      },
    );
  });

  const refusals: Record<string, { sql: string; says: RegExp; step?: 'removeOwners' | 'requireOwners' }> = {
    'a row without an owner': {
      sql: `UPDATE Note SET userId = NULL WHERE id = '5'`,
      says: /CHECK constraint failed: rows of Note without an owner are left: assign them first, with step 2/,
    },
    'more owners than were known': {
      sql: `UPDATE Note SET userId = 'u2'`,
      says: /CHECK constraint failed: more rows of Note have an owner than when this was written/,
      step: 'removeOwners',
    },
    'a column that came since': {
      sql: `ALTER TABLE Note ADD COLUMN late TEXT`,
      says: /Note has changed since this was written: write this migration again/,
    },
    'a trigger that came since': {
      sql: `CREATE TRIGGER late AFTER INSERT ON Note BEGIN SELECT 1; END`,
      says: /Note has changed since this was written/,
    },
    'an index that went since': {
      sql: `DROP INDEX part`,
      says: /Note has changed since this was written/,
    },
    'an index that came since': {
      sql: `CREATE INDEX late ON Note (userId)`,
      says: /Note has changed since this was written/,
      step: 'removeOwners',
    },
  };
  for (const [what, { sql, says, step = 'requireOwners' }] of Object.entries(refusals))
    it(`${what} stops the migration, which changes nothing and ends its transaction`, async () => {
      await withTable((SHAPES.strict as string) + AROUND, async ({ db, apply, write }) => {
        await apply('addOwners', ownerOf('Note'));
        db.exec(`UPDATE Note SET userId = 'u1' WHERE id = '1'`);
        if (step === 'requireOwners') db.exec(`UPDATE Note SET userId = 'u1'`);
        const [file = ''] = await write(step, ownerOf('Note'), 1);
        db.exec(sql);
        const before = dump(db);
        assert.throws(() => db.exec(file), says);
        assert.equal(db.inTransaction, false);
        assert.equal(dump(db), before);
        assert.deepEqual(db.prepare('SELECT * FROM sqlite_temp_master').all(), []);
      });
    });

  it('inside of somebody else’s transaction nothing is done: foreign keys would delete rows', async () => {
    await withTable((SHAPES.strict as string) + AROUND, async ({ db, apply, write }) => {
      await apply('addOwners', ownerOf('Note'));
      db.exec(`UPDATE Note SET userId = 'u1'`);
      const [file = ''] = await write('requireOwners', ownerOf('Note'));
      const before = dump(db);
      db.exec('BEGIN');
      assert.throws(() => db.exec(file), /within a transaction/);
      assert.throws(() => db.exec(file.replace('BEGIN IMMEDIATE;', '')), /foreign keys are on/);
      assert.equal(db.inTransaction, false);
      assert.equal(dump(db), before);
    });
  });

  it('a guard stays where it is, and one that comes or goes meanwhile stops nothing', async () => {
    const guard = `CREATE TRIGGER ownership_guard_Note_0a1b2c3d_insert AFTER INSERT ON Note BEGIN SELECT 1; END`;
    const guards = (db: BetterSqlite3.Database) =>
      db
        .prepare(`SELECT sql FROM sqlite_master WHERE name LIKE 'ownership!_guard%' ESCAPE '!'`)
        .pluck()
        .all();
    for (const wasThere of [true, false])
      await withTable((SHAPES.strict as string) + AROUND, async ({ db, apply, write }) => {
        await apply('addOwners', ownerOf('Note'));
        db.exec(`UPDATE Note SET userId = 'u1'; ${guard}`);
        await apply('requireOwners', ownerOf('Note'));
        assert.deepEqual(guards(db), [guard]);
        if (!wasThere) db.exec('DROP TRIGGER ownership_guard_Note_0a1b2c3d_insert');
        const [file = ''] = await write('relaxOwners', ownerOf('Note'));
        db.exec(wasThere ? 'DROP TRIGGER ownership_guard_Note_0a1b2c3d_insert' : guard);
        db.exec(file);
      });
  });

  it('names with quotes of all kinds, and a table that has the name of the copy', async () => {
    const name = `N"o'te [x] \`y\``;
    const quoted = `"${name.replace('"', '""')}"`;
    const ddl = `CREATE TABLE ${quoted} ("i""d" INTEGER PRIMARY KEY, note TEXT); CREATE TABLE "new_${quoted.slice(1)} (a);
      INSERT INTO ${quoted} VALUES (1, 'x'), (2, 'y'); CREATE INDEX "the ""index'" ON ${quoted} (note)`;
    await withTable(ddl, async ({ db, apply }) => {
      const column = { ...ownerOf(name), column: `user"Id' --` };
      const atFirst = dump(db);
      await apply('addOwners', column);
      db.exec(`UPDATE ${quoted} SET "user""Id' --" = 'u1'`);
      await apply('requireOwners', column);
      assert.throws(() => db.exec(`INSERT INTO ${quoted} VALUES (3, 'z', NULL)`), /NOT NULL/);
      await apply('relaxOwners', column);
      await apply('removeOwners', column, 2);
      assert.equal(dump(db), atFirst);
    });
  });

  it('a trigger that names the column stops its removal', async () => {
    await withTable((SHAPES.strict as string) + AROUND, async ({ db, apply, write }) => {
      await apply('addOwners', ownerOf('Note'));
      db.exec(`CREATE TRIGGER uses AFTER INSERT ON Note WHEN NEW.userId IS NULL BEGIN SELECT 1; END`);
      const [file = ''] = await write('removeOwners', ownerOf('Note'));
      const before = dump(db);
      assert.throws(() => db.exec(file), /error in trigger uses.*userId/);
      db.exec('ROLLBACK');
      assert.equal(dump(db), before);
    });
  });

  it('the constraints over exactly the column go with it, and the others stay', async () => {
    const ddl = `CREATE TABLE Note (id INTEGER PRIMARY KEY, title TEXT, userId TEXT NOT NULL CHECK (userId <> ''),
      CONSTRAINT a UNIQUE (userId) CONSTRAINT b CHECK (length(userId) > 1), UNIQUE (title), CONSTRAINT c FOREIGN KEY (userId) REFERENCES User(id) ON UPDATE CASCADE)`;
    await withTable(ddl, async ({ db, apply }) => {
      await apply('removeOwners', ownerOf('Note'));
      const sql = db.prepare(`SELECT sql FROM sqlite_master WHERE name = 'Note'`).pluck().get() as string;
      assert.equal(normalise(sql), 'CREATETABLENote(idINTEGERPRIMARYKEY,titleTEXT,UNIQUE(title))');
    });
  });
});
