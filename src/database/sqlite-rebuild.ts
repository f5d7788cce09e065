import { comment, literal, quoteStandard as quote, THIS_MIGRATION } from './ddl-names.ts';
import { isUnchanged, type StoredTable } from './sqlite-ddl-catalog.ts';
import { type Edit, edit } from './sqlite-tokens.ts';

/** A table that is made again with another definition, and what has to be true of its rows. */
export interface Rebuild {
  about: string;
  name: string;
  stored: StoredTable;
  /** What becomes of its definition. */
  edits: readonly Edit[];
  /** A column that is not copied. */
  without?: string;
  /** The table's name until it takes its own; no other table has it. */
  passing: string;
  /** The owner column, and the table of users. */
  column: string;
  user: string;
  /** At most so many rows may be without an owner, or may have one; the sentence is what the database says otherwise. */
  guard?: { count: string; most: number; says: string };
  /** The indexes and triggers that come back. */
  keeps: readonly { sql: string }[];
}

export const WHEN_IT_FAILS = [
  `When it fails, nothing has changed. Do what its message says, then type: npx prisma migrate resolve --rolled-back ${THIS_MIGRATION}`,
  'and npx prisma migrate deploy.',
];

/**
 * The text of a migration that makes a table again, as https://www.sqlite.org/lang_altertable.html (section 7) has it. Foreign
 * keys are off, or dropping the old table would delete or un-own the rows that refer to it; names in views and triggers
 * stay as they are, which is what legacy_alter_table means.
 */
export function rebuildTable(rebuild: Rebuild): string {
  const { about, name, stored, edits, passing, without, keeps } = rebuild;
  const [old, copy] = [quote(name), quote(passing)];
  const written = stored.written.filter((column) => !isSame(column, without)).map(quote);
  const columns = [...(stored.rowid === null ? [] : [stored.rowid]), ...written].join(', ');
  const rename = { start: stored.name.start, end: stored.name.end, text: copy };
  const { before, copied, renamed } = planChecks(rebuild);
  const checks = [...before, copied, renamed];
  const run = (check: Check) =>
    `INSERT OR ROLLBACK INTO ${CHECKS} ("c${checks.indexOf(check)}") VALUES (coalesce(${check.holds}, 0));\n`;
  return `${comment(about, `Writes to the file wait until the rows of ${old} are copied.`, ...WHEN_IT_FAILS)}PRAGMA foreign_keys = OFF;
PRAGMA legacy_alter_table = ON;
BEGIN IMMEDIATE;
${createChecks(checks)}${before.map(run).join('')}CREATE TEMP TABLE "ownership_violations" AS SELECT count(*) AS n FROM pragma_foreign_key_check(${literal(name)});
${edit(stored.sql, [rename, ...edits])};
INSERT INTO main.${copy} (${columns}) SELECT ${columns} FROM main.${old};
${run(copied)}${stored.isAutoincrement ? keepCounter(name, passing) : ''}DROP TABLE main.${old};
ALTER TABLE main.${copy} RENAME TO ${old};
${keeps.map(({ sql }) => `${sql};\n`).join('')}${run(renamed)}DROP TABLE temp."ownership_violations";
DROP TABLE ${CHECKS};
${without === undefined ? '' : testSchema(copy)}COMMIT;
PRAGMA legacy_alter_table = OFF;
PRAGMA foreign_keys = ON;
`;
}

/** Something that has to be true, and what is wrong where it is not. */
interface Check {
  holds: string;
  says: string;
}

const CHECKS = 'temp."ownership_checks"';

function planChecks({ name, stored, passing, column, user, guard, without }: Rebuild) {
  const [old, copy, owner] = [quote(name), quote(passing), quote(column)];
  const before: Check[] = [
    {
      holds: '(SELECT foreign_keys = 0 FROM pragma_foreign_keys)',
      says: 'foreign keys are on, which deletes rows: this must not run inside of a transaction',
    },
    {
      // A database without users, like the one that Prisma replays migrations in, has nothing to lose.
      holds: `${isUnchanged(name, stored)} OR NOT EXISTS (SELECT 1 FROM main.${quote(user)})`,
      says: `${name} has changed since this was written: write this migration again`,
    },
  ];
  if (guard)
    before.push({ holds: `(SELECT ${guard.count} FROM main.${old}) <= ${guard.most}`, says: guard.says });
  const same = (count: string) => `(SELECT ${count} FROM main.${copy}) = (SELECT ${count} FROM main.${old})`;
  return {
    before,
    copied: {
      holds: same('count(*)') + (without === undefined ? ` AND ${same(`count(${owner})`)}` : ''),
      says: `the copy of ${name} has not the same rows`,
    },
    renamed: {
      holds: `(SELECT count(*) FROM pragma_foreign_key_check(${literal(name)})) <= (SELECT n FROM temp."ownership_violations")`,
      says: `a row of ${name} refers to one that is not there`,
    },
  };
}

/** A check that fails ends the transaction itself, so that Prisma can write down that the migration failed. It is a constraint whose name says what is wrong. */
function createChecks(checks: readonly Check[]): string {
  const columns = checks.map(
    ({ says }, i) => `"c${i}" INTEGER CONSTRAINT ${quote(says)} CHECK ("c${i}" = 1)`,
  );
  return `CREATE TEMP TABLE "ownership_checks" (\n  ${columns.join(',\n  ')}\n);\n`;
}

/** The last number given to a row, which may be of one that was deleted. */
function keepCounter(name: string, passing: string): string {
  return `DELETE FROM main.sqlite_sequence WHERE name = ${literal(passing)};
INSERT INTO main.sqlite_sequence (name, seq) SELECT ${literal(passing)}, seq FROM main.sqlite_sequence WHERE name = ${literal(name)};
`;
}

/** Renaming any table has SQLite look whether a view or a trigger names a column that is gone. */
function testSchema(passing: string): string {
  const other = quote('ownership_renamed');
  return `PRAGMA legacy_alter_table = OFF;
CREATE TABLE main.${passing} ("id" INTEGER);
ALTER TABLE main.${passing} RENAME TO ${other};
DROP TABLE main.${other};
`;
}

function isSame(column: string, other: string | undefined): boolean {
  return column.toLowerCase() === other?.toLowerCase();
}
