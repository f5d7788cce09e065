import { comment, THIS_MIGRATION } from './ddl-names.ts';

/** Of a model's name in an error: what an error shows of a name is short. */
const MODEL_CHARACTERS = 30;

/** A file: its settings, which are put back, and one statement. */
interface File {
  about: string;
  settings?: Record<string, string>;
  /** What runs before the statement, and what after it. */
  before?: string;
  after?: string;
  sql: string;
}

/** The text of a migration. */
export function writeFile({ about, settings, before = '', after = '', sql }: File): string {
  const all = Object.entries({ lock_wait_timeout: '1', ...settings });
  const set = all.map(
    ([name, value]) => `SET @ownership_${name} = @@SESSION.${name};\nSET SESSION ${name} = ${value};\n`,
  );
  const putBack = all.map(([name]) => `SET SESSION ${name} = @ownership_${name};\n`);
  return `${comment(
    `${about} Waits for its lock for one second at the most.`,
    `When it fails, this statement has changed nothing. Once the cause is gone, type: npx prisma migrate resolve --rolled-back ${THIS_MIGRATION}`,
    'and npx prisma migrate deploy.',
  )}${set.join('')}${before}${sql};\n${after}${putBack.join('')}`;
}

/** With the checks on, adding a foreign key copies the table. */
export const UNCHECKED = { foreign_key_checks: '0' };

/** Stops with an error, "Unknown column '3 rows of Note have no owner'", where there are more rows than `most`: there is no other way outside of a stored program. */
export function writeGuard(
  count: string,
  most: number,
  { model, says }: { model: string; says: string },
): string {
  const name = model.replace(/\W/g, '_').slice(0, MODEL_CHARACTERS);
  return `SET @ownership_rows = (${count});
SET @ownership_guard = IF(@ownership_rows > ${most}, CONCAT('SELECT \`', @ownership_rows, ' rows of ${name} ${says}\`'), 'DO 0');
PREPARE ownership_guard FROM @ownership_guard;
EXECUTE ownership_guard;
DEALLOCATE PREPARE ownership_guard;
`;
}
