import { MIGRATE_DEV } from '../migrations/migrate-dev.ts';
import { quoteWord } from '../shell.ts';

/** One thing that a check or a verification has to say. */
export interface Finding {
  /** Stable, for programs: `COLUMN_MISSING`. */
  code: string;
  /** error: step 2 refuses (but for MIGRATION_FAILED), step 3 fails. warning: look at it first. info: good to know. */
  severity: 'error' | 'warning' | 'info';
  model: string | null;
  message: string;
  /** What to do; empty where there is nothing to do. */
  remedy: string;
}

/** Whether any finding forbids to go on. */
export function hasErrors(findings: readonly Finding[]): boolean {
  return findings.some(({ severity }) => severity === 'error');
}

/** The kinds of findings, for the files that hold their texts. */
export const error = (code: string, model: string | null, message: string, remedy: string): Finding => {
  return { code, severity: 'error', model, message, remedy };
};
export const warning = (code: string, model: string | null, message: string, remedy: string): Finding => {
  return { code, severity: 'warning', model, message, remedy };
};
export const info = (code: string, model: string | null, message: string): Finding => {
  return { code, severity: 'info', model, message, remedy: '' };
};

/** "1 row", "2,240 rows". */
export function countOf(count: number, noun: string): string {
  return `${count.toLocaleString('en-US')} ${noun}${count === 1 ? '' : 's'}`;
}

export const tableMissing = (model: string, table: string) =>
  error(
    'TABLE_MISSING',
    model,
    `there is no table "${table}" in the database`,
    'Apply the pending migrations: npx prisma migrate deploy',
  );

export const columnMissing = (model: string, column: string) =>
  error(
    'COLUMN_MISSING',
    model,
    `the column "${column}" is in the schema but not in the database`,
    `Phase 1 is not applied. Apply it: ${MIGRATE_DEV[1]}`,
  );

export const columnNotInSchema = (model: string, column: string) =>
  error(
    'COLUMN_NOT_IN_SCHEMA',
    model,
    `the column "${column}" is in the database but not in the schema`,
    `Add the field and its relation to model ${model}, or leave the model out: --exclude=${model}`,
  );

export const columnTypeDiffers = (model: string, column: string, type: string, keyType: string) =>
  error(
    'COLUMN_TYPE_DIFFERS',
    model,
    `the column "${column}" has type ${type}, but the owner's key has type ${keyType}`,
    'Give both the same type in the schema, and migrate.',
  );

export const columnTypeCompatible = (model: string, column: string, type: string, keyType: string) =>
  info(
    'COLUMN_TYPE_COMPATIBLE',
    model,
    `the column "${column}" has type ${type} and the owner's key ${keyType}; the one can hold the other`,
  );

export const ownerValueMissing = (model: string, column: string, field: string) =>
  error(
    'OWNER_VALUE_MISSING',
    model,
    `the column "${column}" points at the owner's ${field}, and this user has none`,
    `Give the user ${/^[aeiou]/i.test(field) ? 'an' : 'a'} ${field} first.`,
  );

export const ownerDoesNotFit = (model: string, column: string, type: string, value: string) =>
  error(
    'OWNER_DOES_NOT_FIT',
    model,
    `the column "${column}" has type ${type}, which is too short for "${value}"`,
    "Give it the type of the owner's key in the schema, and migrate.",
  );

export const noKey = (model: string, table: string) =>
  error(
    'NO_KEY',
    model,
    `the table "${table}" has no primary key and no unique key without NULL to walk by`,
    `Give the model an @id, or leave it out: --exclude=${model}`,
  );

export const notReadable = (model: string, table: string) =>
  error(
    'NOT_READABLE',
    model,
    `this role may not read the table "${table}"`,
    'Grant SELECT on it, or use another role in DATABASE_URL.',
  );

export const notUpdatable = (model: string, table: string, column: string) =>
  error(
    'NOT_UPDATABLE',
    model,
    `this role may not update the column "${column}" of the table "${table}"`,
    'Grant UPDATE on it, or use another role in DATABASE_URL.',
  );

export const notTransactional = (model: string, table: string) =>
  error(
    'NOT_TRANSACTIONAL',
    model,
    `the table "${table}" is of an engine without transactions, so a crash could leave changed rows out of the journal`,
    `Convert it (ALTER TABLE ... ENGINE = InnoDB), or leave the model out: --exclude=${model}`,
  );

export const rowsHidden = (model: string, table: string) =>
  error(
    'ROWS_HIDDEN',
    model,
    `row-level security on the table "${table}" applies to this role, so rows may be there that it cannot see`,
    'Use a role with BYPASSRLS in DATABASE_URL for the migration.',
  );

export const triggerFires = (model: string, triggers: readonly string[]) =>
  warning(
    'TRIGGER_FIRES',
    model,
    `an update fires ${triggers.map((name) => `"${name}"`).join(', ')}: what it does to other columns or tables, rollback does not undo`,
    'Read what it does; disable it for the time of step 2 if it writes.',
  );

export const writeObstacle = (obstacle: string) =>
  error(
    'NOT_WRITABLE',
    null,
    obstacle,
    'Use a role and a server in DATABASE_URL that can write, and can keep the journal.',
  );

export const orphaned = (model: string, column: string, count: number) =>
  error(
    'ORPHANED',
    model,
    `${countOf(count, 'row')} ${count === 1 ? 'has' : 'have'} a "${column}" that is no user's`,
    'Decide whose they are and set it by hand: the toolkit never overwrites an owner.',
  );

export const wouldCollide = (model: string, columns: readonly string[], groups: number) =>
  error(
    'WOULD_COLLIDE',
    model,
    `with one owner for all unowned rows, ${countOf(groups, 'value')} of the unique key (${columns.join(', ')}) would occur more than once`,
    'Make these rows distinct first, or drop the unique key until the rows are.',
  );

export const schemaAhead = (model: string, column: string) =>
  warning(
    'SCHEMA_AHEAD',
    model,
    `the schema says that "${column}" is required, the database still allows NULL`,
    `Once step 3 has verified, apply phase 3: ${MIGRATE_DEV[3]}`,
  );

export const unowned = (model: string, count: number, userId: string) =>
  error(
    'UNOWNED',
    model,
    `${countOf(count, 'row')} ${count === 1 ? 'has' : 'have'} no owner`,
    `Assign ${count === 1 ? 'it' : 'them'}: npm run migration:assign ${quoteWord(userId)}`,
  );
