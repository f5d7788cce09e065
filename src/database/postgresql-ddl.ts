import type { DdlDialect, OnDelete, OwnerColumn } from './ddl.ts';
import {
  comment,
  defaultName,
  nameSteps,
  quoteStandard as quote,
  type Step,
  THIS_MIGRATION,
} from './ddl-names.ts';
import type { Session, TableName } from './dialect.ts';
import { type ForeignKey, isPartitioned, readColumn, readType } from './postgresql-ddl-catalog.ts';
import { type Guard, HARMLESS, waitPatiently } from './postgresql-patience.ts';

/** The longest name, in bytes. */
const MAX_NAME = 63;

/** An owner column with its names as SQL takes them, and its defaults. */
interface Target {
  model: string;
  table: string;
  column: string;
  user: string;
  key: string;
  foreignKey: string;
  index: string;
  /** The name for the check that NOT NULL relies on, and for a foreign key until it replaces another one. */
  check: string;
  swap: string;
  onDelete: OnDelete | null;
}

/**
 * PostgreSQL's migrations: one statement that takes a lock in each file, and none that scans a table while the application
 * waits. Tables of `defaultSchema` are named as Prisma does, without it, so that the files serve every environment.
 */
export function createPostgresqlDdl(defaultSchema: string): DdlDialect {
  const toTarget = targetIn(defaultSchema);
  return {
    addOwners: async (session, columns) => {
      const steps: Step[] = [];
      for (const column of columns)
        steps.push(...(await addOwner(session, column, toTarget(columns, column))));
      return nameSteps('add', steps);
    },
    requireOwners: async (session, columns) => {
      const steps: Step[] = [];
      for (const column of columns) {
        const target = toTarget(columns, column);
        const { isRequired, foreignKey } = await readColumn(session, column);
        if (!isRequired) steps.push(...requireOwner(target));
        steps.push(...swapForeignKey(target, foreignKey));
      }
      return nameSteps('require', steps);
    },
    relaxOwners: async (session, columns) => {
      const steps: Step[] = [];
      for (const column of columns) {
        const target = toTarget(columns, column);
        const { isRequired, foreignKey } = await readColumn(session, column);
        if (isRequired) steps.push(relaxOwner(target));
        steps.push(...swapForeignKey(target, foreignKey));
      }
      return nameSteps('relax', steps);
    },
    removeOwners: async (_, columns) =>
      nameSteps(
        'remove',
        columns.map((column) => removeOwner(toTarget(columns, column), column.owners)),
      ),
  };
}

function targetIn(defaultSchema: string) {
  return (
    columns: readonly OwnerColumn[],
    { model, table, column, references, onDelete }: OwnerColumn,
  ): Target => {
    const schemas = columns.flatMap((each) => [each.table.schema, each.references.table.schema]);
    const isBare = schemas.every((schema) => schema === defaultSchema);
    const place = ({ schema, name }: TableName) => (isBare ? quote(name) : `${quote(schema)}.${quote(name)}`);
    const name = (suffix: string) => quote(defaultName(table.name, column, { suffix, max: MAX_NAME }));
    return {
      model,
      table: place(table),
      column: quote(column),
      user: place(references.table),
      key: quote(references.column),
      foreignKey: name('_fkey'),
      index: name('_idx'),
      check: name('_has_owner'),
      swap: name('_fkey_swap'),
      onDelete,
    };
  };
}

async function addOwner(
  session: Session,
  { references, table }: OwnerColumn,
  target: Target,
): Promise<Step[]> {
  const { model, table: on, column, index, foreignKey, onDelete } = target;
  const type = await readType(session, references.table, references.column);
  const hasPartitions = await isPartitioned(session, table);
  const addColumn = waitPatiently({
    about: [`Adds the column ${column} to ${on}, NULL in every row. Locks ${on} for an instant.`],
    sql: `ALTER TABLE ${on} ADD COLUMN ${column} ${type}`,
    tables: [on],
    harmless: HARMLESS.accessExclusive,
  });
  return [
    { model, does: 'column', sql: addColumn },
    ...(onDelete === null
      ? []
      : addForeignKey(target, { name: foreignKey, isValid: hasPartitions, onDelete })),
    { model, does: 'index', sql: hasPartitions ? addIndexInPlace(target) : addIndex(target, index, on) },
  ];
}

function addForeignKey(
  target: Target,
  { name, isValid, onDelete }: { name: string; isValid: boolean; onDelete: OnDelete },
): Step[] {
  const { model, table, column, user, key } = target;
  const lasts = isValid ? 'while the rows are read' : 'for an instant';
  const add = waitPatiently({
    about: [`Has ${column} of ${table} refer to ${user}. Writes to both tables wait ${lasts}.`],
    sql: `ALTER TABLE ${table} ADD CONSTRAINT ${name} FOREIGN KEY (${column}) REFERENCES ${user}(${key})
        ON DELETE ${onDelete} ON UPDATE CASCADE${isValid ? '' : ' NOT VALID'}`,
    tables: [...new Set([table, user])],
    harmless: HARMLESS.shareRowExclusive,
  });
  if (isValid) return [{ model, does: 'foreign_key', sql: add }];
  return [
    { model, does: 'foreign_key', sql: add },
    { model, does: 'validate_foreign_key', sql: validate(target, name, [table, user]) },
  ];
}

function validate({ table }: Target, name: string, tables: string[], guard?: Guard): string {
  return waitPatiently({
    about: [`Reads all of ${table} to see that ${name} is true of every row. Reads and writes go on.`],
    sql: `ALTER TABLE ${table} VALIDATE CONSTRAINT ${name}`,
    tables: [...new Set(tables)],
    harmless: HARMLESS.shareUpdateExclusive,
    ...(guard ? { guard } : {}),
  });
}

function addIndex({ column }: Target, index: string, table: string): string {
  const schema = /^("(?:[^"]|"")*"\.)"/.exec(table)?.[1] ?? '';
  return `${comment(
    `Builds the index on ${column} of ${table}. Reads and writes go on; it waits for the transactions that are open now.`,
    'It has to stand alone. When it fails, an index that is not valid stays: remove it before you try again, by',
    `  DROP INDEX CONCURRENTLY IF EXISTS ${schema}${index};`,
    `then type: npx prisma migrate resolve --rolled-back ${THIS_MIGRATION} and npx prisma migrate deploy.`,
  )}CREATE INDEX CONCURRENTLY ${index} ON ${table}(${column});\n`;
}

function addIndexInPlace({ table, column, index }: Target): string {
  return waitPatiently({
    about: [
      `Builds the index on ${column} of ${table}, which has partitions: writes to it wait until it is built.`,
    ],
    sql: `CREATE INDEX ${index} ON ${table}(${column})`,
    tables: [table],
    harmless: HARMLESS.shareRowExclusive,
  });
}

/** NOT NULL by way of a check: SET NOT NULL reads no row where a valid check says the same. */
function requireOwner(target: Target): Step[] {
  const { model, table, column, check } = target;
  const guard: Guard = {
    count: `SELECT count(*) FROM ${table} AS t WHERE t.${column} IS NULL`,
    most: 0,
    says: { one: ` row of ${table} has no owner`, many: ` rows of ${table} have no owner` },
    remedy: 'Give them one with step 2',
  };
  const alter = (about: string, action: string, withGuard: Partial<Record<'guard', Guard>> = {}) =>
    waitPatiently({
      about: [`${about} Locks ${table} for an instant.`],
      sql: `ALTER TABLE ${table} ${action}`,
      tables: [table],
      harmless: HARMLESS.accessExclusive,
      ...withGuard,
    });
  const addCheck = alter(
    `Lets no new row of ${table} be without an owner. Counts those that are, first.`,
    `ADD CONSTRAINT ${check} CHECK (${column} IS NOT NULL) NOT VALID`,
    { guard },
  );
  return [
    { model, does: 'check', sql: addCheck },
    { model, does: 'validate_check', sql: validate(target, check, [table], guard) },
    {
      model,
      does: 'not_null',
      sql: alter(
        `Makes ${column} of ${table} required. The check has seen every row.`,
        `ALTER COLUMN ${column} SET NOT NULL`,
      ),
    },
    {
      model,
      does: 'drop_check',
      sql: alter(`Drops the check on ${table} that the column itself makes now.`, `DROP CONSTRAINT ${check}`),
    },
  ];
}

/** The foreign key with another ON DELETE: the new one is whole before the old one goes. */
function swapForeignKey(target: Target, old: ForeignKey | null): Step[] {
  const { model, table, column, user, swap, onDelete } = target;
  if (onDelete === null || old === null || old.onDelete === onDelete) return [];
  const name = quote(old.name);
  const [add, check] = addForeignKey(target, { name: swap, isValid: false, onDelete }) as [Step, Step];
  const drop = waitPatiently({
    about: [
      `Drops the foreign key of ${column} that said ON DELETE ${old.onDelete}. Locks both tables for an instant.`,
    ],
    sql: `ALTER TABLE ${table} DROP CONSTRAINT ${name}`,
    tables: [...new Set([table, user])],
    harmless: HARMLESS.accessExclusive,
  });
  const rename = waitPatiently({
    about: [`Gives the foreign key of ${column} the name that Prisma knows. Locks ${table} for an instant.`],
    sql: `ALTER TABLE ${table} RENAME CONSTRAINT ${swap} TO ${name}`,
    tables: [table],
    harmless: HARMLESS.accessExclusive,
  });
  return [
    { ...add, does: 'new_foreign_key' },
    { ...check, does: 'validate_new_foreign_key' },
    { model, does: 'drop_old_foreign_key', sql: drop },
    { model, does: 'rename_foreign_key', sql: rename },
  ];
}

function relaxOwner({ model, table, column }: Target): Step {
  const sql = waitPatiently({
    about: [`Lets ${column} of ${table} be NULL again. Locks ${table} for an instant.`],
    sql: `ALTER TABLE ${table} ALTER COLUMN ${column} DROP NOT NULL`,
    tables: [table],
    harmless: HARMLESS.accessExclusive,
  });
  return { model, does: 'nullable', sql };
}

/** The lock comes before the count: an owner that is written after it would be lost. */
function removeOwner({ model, table, column, user, onDelete }: Target, owners: number): Step {
  const sql = waitPatiently({
    about: [
      `Removes the column ${column} from ${table}, with its foreign key and its indexes, and ${owners} owners that are in it.`,
      `Locks ${table} while they are counted.`,
    ],
    sql: `ALTER TABLE ${table} DROP COLUMN ${column}`,
    tables: onDelete === null ? [table] : [...new Set([table, user])],
    harmless: HARMLESS.accessExclusive,
    guard: {
      count: `SELECT count(t.${column}) FROM ${table} AS t`,
      most: owners,
      says: {
        one: ` row of ${table} has an owner, more than when this was written`,
        many: ` rows of ${table} have an owner, more than when this was written`,
      },
      remedy: 'Write this migration again, or take their owners away',
      lock: table,
    },
  });
  return { model, does: 'column', sql };
}
