import type { OnDelete } from './ddl.ts';
import { quoteStandard as quote, type Step } from './ddl-names.ts';
import type { ForeignKey } from './postgresql-ddl-catalog.ts';
import { type Guard, HARMLESS, waitPatiently } from './postgresql-patience.ts';
import type { Target } from './postgresql-target.ts';

/** A foreign key that is checked at first for new rows only, unless `isValid`, and then for all. */
export function addForeignKey(
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

/** The text of a migration that checks a constraint for the rows that were there before it. */
export function validate({ table }: Target, name: string, tables: string[], guard?: Guard): string {
  return waitPatiently({
    about: [`Reads all of ${table} to see that ${name} is true of every row. Reads and writes go on.`],
    sql: `ALTER TABLE ${table} VALIDATE CONSTRAINT ${name}`,
    tables: [...new Set(tables)],
    harmless: HARMLESS.shareUpdateExclusive,
    ...(guard ? { guard } : {}),
  });
}

/** The steps that leave one foreign key, with the ON DELETE that is wanted, whatever an earlier try has left behind. */
export function settleForeignKey(target: Target, found: readonly ForeignKey[]): Step[] {
  const { swap, foreignKey } = target;
  const keys = found.map(({ name, onDelete }) => ({ name: quote(name), onDelete }));
  const passing = keys.find(({ name }) => name === swap);
  const own = keys.find(({ name }) => name !== swap);
  if (passing && own) return [dropForeignKey(target, passing), ...swapForeignKey(target, own)];
  if (passing)
    return [
      renameForeignKey(target, foreignKey),
      ...swapForeignKey(target, { ...passing, name: foreignKey }),
    ];
  return own ? swapForeignKey(target, own) : [];
}

/** The foreign key with another ON DELETE: the new one is whole before the old one goes. */
function swapForeignKey(target: Target, old: ForeignKey): Step[] {
  const { swap, onDelete } = target;
  if (onDelete === null || old.onDelete === onDelete) return [];
  const [add, check] = addForeignKey(target, { name: swap, isValid: false, onDelete }) as [Step, Step];
  return [
    { ...add, does: 'new_foreign_key' },
    { ...check, does: 'validate_new_foreign_key' },
    dropForeignKey(target, old),
    renameForeignKey(target, old.name),
  ];
}

function dropForeignKey({ model, table, column, user }: Target, { name, onDelete }: ForeignKey): Step {
  const sql = waitPatiently({
    about: [
      `Drops the foreign key ${name} of ${column}, which says ON DELETE ${onDelete}. Locks both tables for an instant.`,
    ],
    sql: `ALTER TABLE ${table} DROP CONSTRAINT ${name}`,
    tables: [...new Set([table, user])],
    harmless: HARMLESS.accessExclusive,
  });
  return { model, does: 'drop_old_foreign_key', sql };
}

function renameForeignKey({ model, table, column, swap }: Target, name: string): Step {
  const sql = waitPatiently({
    about: [`Gives the foreign key of ${column} the name that Prisma knows. Locks ${table} for an instant.`],
    sql: `ALTER TABLE ${table} RENAME CONSTRAINT ${swap} TO ${name}`,
    tables: [table],
    harmless: HARMLESS.accessExclusive,
  });
  return { model, does: 'rename_foreign_key', sql };
}
