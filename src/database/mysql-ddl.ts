import type { DdlDialect, OnDelete, OwnerColumn } from './ddl.ts';
import { defaultName, nameSteps, type Step } from './ddl-names.ts';
import type { Session } from './dialect.ts';
import {
  defineNullity,
  type ExistingColumn,
  type InstantSupport,
  isMariaDb,
  readColumn,
  readInstantSupport,
  readType,
} from './mysql-ddl-catalog.ts';
import { UNCHECKED, writeFile, writeGuard } from './mysql-ddl-file.ts';
import { quote } from './mysql-sql.ts';

/** The longest name; Prisma counts bytes. */
const MAX_NAME = 64;
const ONLINE = 'ALGORITHM=INPLACE, LOCK=NONE';

/** An owner column with its names as SQL takes them. */
interface Target {
  model: string;
  table: string;
  column: string;
  user: string;
  key: string;
  foreignKey: string;
  index: string;
  swap: string;
  isMariaDb: boolean;
}

/**
 * Migrations for MySQL and MariaDB, where each statement of DDL commits by itself and is whole or not done: so a file has one.
 * Nothing waits for a lock for longer than a second, because everybody queues behind one who waits.
 */
export const mysqlDdl: DdlDialect = {
  addOwners: async (session, columns) => {
    const steps: Step[] = [];
    for (const column of columns) steps.push(...(await addOwner(session, column)));
    return nameSteps('add', steps);
  },
  requireOwners: async (session, columns) => {
    const steps: Step[] = [];
    for (const column of columns) {
      const found = await readColumn(session, column);
      const target = await toTarget(session, column);
      // ON DELETE SET NULL and NOT NULL exclude each other: the foreign key comes first, and last on the way back.
      steps.push(...swapForeignKey(target, found, column.onDelete));
      if (!found.isRequired) steps.push(modify(target, found, 'NOT NULL'));
    }
    return nameSteps('require', steps);
  },
  relaxOwners: async (session, columns) => {
    const steps: Step[] = [];
    for (const column of columns) {
      const found = await readColumn(session, column);
      const target = await toTarget(session, column);
      if (found.isRequired) steps.push(modify(target, found, 'NULL'));
      steps.push(...swapForeignKey(target, found, column.onDelete));
    }
    return nameSteps('relax', steps);
  },
  removeOwners: async (session, columns) => {
    const steps: Step[] = [];
    for (const column of columns) {
      const found = await readColumn(session, column);
      const instant = await readInstantSupport(session, column.table);
      steps.push(...removeOwner(await toTarget(session, column), found, { owners: column.owners, instant }));
    }
    return nameSteps('remove', steps);
  },
};

/** Tables are named without their database, as Prisma does. */
async function toTarget(
  session: Session,
  { model, table, column, references }: OwnerColumn,
): Promise<Target> {
  const name = (suffix: string) => quote(defaultName(table.name, column, { suffix, max: MAX_NAME })).sql;
  return {
    model,
    table: quote(table.name).sql,
    column: quote(column).sql,
    user: quote(references.table.name).sql,
    key: quote(references.column).sql,
    foreignKey: name('_fkey'),
    index: name('_idx'),
    swap: name('_fkey_swap'),
    isMariaDb: await isMariaDb(session),
  };
}

async function addOwner(session: Session, owner: OwnerColumn): Promise<Step[]> {
  const target = await toTarget(session, owner);
  const { model, table, column, index } = target;
  const type = await readType(session, owner);
  const instant = await readInstantSupport(session, owner.table);
  const addColumn = writeFile({
    about: `Adds the column ${column} to ${table}, NULL in every row.`,
    sql: `ALTER TABLE ${table} ADD COLUMN ${column} ${type} NULL, ALGORITHM=${instant.add ? 'INSTANT' : 'INPLACE'}`,
  });
  const addIndex = writeFile({
    about: `Builds the index on ${column} of ${table}. Reads and writes go on.`,
    sql: `ALTER TABLE ${table} ADD INDEX ${index} (${column}), ${ONLINE}`,
  });
  return [
    { model, does: 'column', sql: addColumn },
    { model, does: 'index', sql: addIndex },
    ...(owner.onDelete === null ? [] : [addForeignKey(target, owner.onDelete)]),
  ];
}

function addForeignKey(target: Target, onDelete: OnDelete): Step {
  const { model, table, column, user, key, foreignKey } = target;
  const orphans = `SELECT COUNT(*) FROM ${table} t LEFT JOIN ${user} u ON u.${key} = t.${column} WHERE t.${column} IS NOT NULL AND u.${key} IS NULL`;
  const sql = writeFile({
    about: `Has ${column} of ${table} refer to ${user}. Reads and writes go on. It reads no row, so owners that are not there are counted before.`,
    settings: UNCHECKED,
    before: writeGuard(orphans, 0, { model, says: 'have no such owner' }),
    sql: `ALTER TABLE ${table} ADD ${foreignKeyOf(target, foreignKey, onDelete)}, ${ONLINE}`,
  });
  return { model, does: 'foreign_key', sql };
}

/** RESTRICT is what MariaDB does where nothing is said, and what it writes down only then: otherwise Prisma would see NO ACTION. */
function foreignKeyOf({ column, user, key, isMariaDb }: Target, name: string, onDelete: OnDelete): string {
  const action = isMariaDb && onDelete === 'RESTRICT' ? '' : ` ON DELETE ${onDelete}`;
  return `CONSTRAINT ${name} FOREIGN KEY (${column}) REFERENCES ${user}(${key})${action} ON UPDATE CASCADE`;
}

/** The foreign key with another ON DELETE. It cannot be renamed, so another one holds its place meanwhile. */
function swapForeignKey(
  target: Target,
  { foreignKey: old }: ExistingColumn,
  onDelete: OnDelete | null,
): Step[] {
  // The two words mean the same here, and the server may tell of either.
  const isSame = (a: OnDelete, b: OnDelete) =>
    a === b || [a, b].every((each) => each === 'RESTRICT' || each === 'NO ACTION');
  const { model, table, column, swap, foreignKey } = target;
  const isPassing = old !== null && quote(old.name).sql === swap;
  if (onDelete === null || old === null || (isSame(old.onDelete, onDelete) && !isPassing)) return [];
  const replace = (from: string, to: string, what: string): string =>
    writeFile({
      about: `Has the foreign key of ${column} of ${table} say ON DELETE ${onDelete}${what}. Reads and writes go on.`,
      settings: UNCHECKED,
      sql: `ALTER TABLE ${table} DROP FOREIGN KEY ${from}, ADD ${foreignKeyOf(target, to, onDelete)}, ${ONLINE}`,
    });
  const name = isPassing ? foreignKey : quote(old.name).sql;
  const rename = replace(swap, name, ', under the name that Prisma knows');
  if (isPassing) return [{ model, does: 'rename_foreign_key', sql: rename }];
  return [
    { model, does: 'new_foreign_key', sql: replace(name, swap, ', under a name that is passing') },
    { model, does: 'rename_foreign_key', sql: rename },
  ];
}

/** Without a strict mode a NULL would become an empty text; neither INPLACE nor the count lets that happen. */
function modify(
  { model, table, column }: Target,
  { definition }: ExistingColumn,
  nullity: 'NULL' | 'NOT NULL',
): Step {
  const isRequired = nullity === 'NOT NULL';
  const unowned = `SELECT COUNT(*) FROM ${table} WHERE ${column} IS NULL`;
  const strict = { sql_mode: "CONCAT_WS(',', NULLIF(@@SESSION.sql_mode, ''), 'STRICT_ALL_TABLES')" };
  const sql = writeFile({
    about: isRequired
      ? `Makes ${column} of ${table} required, where every row has an owner. Reads and writes go on.`
      : `Lets ${column} of ${table} be NULL again. Reads and writes go on.`,
    settings: { ...UNCHECKED, ...strict },
    before: isRequired ? writeGuard(unowned, 0, { model, says: 'have no owner' }) : '',
    sql: `ALTER TABLE ${table} MODIFY ${column} ${defineNullity(definition, nullity)}, ${ONLINE}`,
  });
  return { model, does: isRequired ? 'not_null' : 'nullable', sql };
}

/** First what is on the column, then the column: it is locked from the count on, or an owner that comes meanwhile is lost. */
function removeOwner(
  { model, table, column }: Target,
  { foreignKey, indexes }: ExistingColumn,
  { owners, instant: { drop } }: { owners: number; instant: InstantSupport },
): Step[] {
  const guard = writeGuard(`SELECT COUNT(${column}) FROM ${table}`, owners, {
    model,
    says: 'have an owner',
  });
  const parts = [
    ...(foreignKey ? [`DROP FOREIGN KEY ${quote(foreignKey.name).sql}`] : []),
    ...indexes.map((index) => `DROP INDEX ${quote(index).sql}`),
  ];
  const dropParts = writeFile({
    about: `Drops the foreign key and the indexes of ${column} of ${table}. Reads and writes go on.`,
    before: guard,
    sql: `ALTER TABLE ${table} ${parts.join(', ')}, ${ONLINE}`,
  });
  const dropColumn = writeFile({
    about: `Removes the column ${column} from ${table}, and ${owners} owners that are in it. Locks ${table} while they are counted${drop ? '' : ', and while the table is written anew'}.`,
    before: `LOCK TABLES ${table} WRITE;\n${guard}`,
    sql: `ALTER TABLE ${table} DROP COLUMN ${column}, ALGORITHM=${drop ? 'INSTANT' : 'INPLACE'}`,
    after: 'UNLOCK TABLES;\n',
  });
  return [
    ...(parts.length > 0 ? [{ model, does: 'foreign_key_and_indexes', sql: dropParts }] : []),
    { model, does: 'column', sql: dropColumn },
  ];
}
