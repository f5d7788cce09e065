import type { DdlDialect, OwnerColumn } from './ddl.ts';
import { comment, nameSteps, type Step, THIS_MIGRATION } from './ddl-names.ts';
import type { Session } from './dialect.ts';
import { isPartitioned, readColumn, readType } from './postgresql-ddl-catalog.ts';
import { addForeignKey, settleForeignKey, validate } from './postgresql-foreign-key.ts';
import { type Guard, HARMLESS, waitPatiently } from './postgresql-patience.ts';
import { type Target, targetIn } from './postgresql-target.ts';

/**
 * PostgreSQL's migrations: one statement that takes a lock in each file, and none that scans a table while the application
 * waits.
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
        const { isRequired, hasCheck, foreignKeys } = await readColumn(session, column, target.checkName);
        const required = requireOwner(target);
        if (!isRequired) steps.push(...(hasCheck ? required.slice(1) : required));
        else if (hasCheck) steps.push(...required.slice(-1));
        steps.push(...settleForeignKey(target, foreignKeys));
      }
      return nameSteps('require', steps);
    },
    relaxOwners: async (session, columns) => {
      const steps: Step[] = [];
      for (const column of columns) {
        const target = toTarget(columns, column);
        const { isRequired, hasCheck, foreignKeys } = await readColumn(session, column, target.checkName);
        if (hasCheck) steps.push(...requireOwner(target).slice(-1));
        if (isRequired) steps.push(relaxOwner(target));
        steps.push(...settleForeignKey(target, foreignKeys));
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
