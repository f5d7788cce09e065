import type { DdlDialect, OwnerColumn } from './ddl.ts';
import { comment, defaultName, nameSteps, quoteStandard as quote, type Step } from './ddl-names.ts';
import type { Session } from './dialect.ts';
import { findFreeName, mentions, readTable, readType, type StoredTable } from './sqlite-ddl-catalog.ts';
import { type Rebuild, rebuildTable, WHEN_IT_FAILS } from './sqlite-rebuild.ts';
import { changeOnDelete, relaxColumn, removeColumn, requireColumn } from './sqlite-table-sql.ts';

/** SQLite: phase 1 adds columns in place, everything else makes the table again. DDL is part of transactions here. */
export const sqliteDdl: DdlDialect = {
  addOwners: async (session, columns) => {
    const statements: string[] = [];
    for (const column of columns) statements.push(...(await addOwner(session, column)));
    if (statements.length === 0) return [];
    const tables = columns.map(({ table }) => quote(table.name)).join(', ');
    const head = comment(
      `Adds an owner column and its index to ${tables}. Writes to the file wait until the indexes are built.`,
      ...WHEN_IT_FAILS,
    );
    const sql = `${head}BEGIN IMMEDIATE;\n${statements.map((statement) => `${statement};\n`).join('')}COMMIT;\n`;
    return nameSteps('add', [{ model: '', does: '', sql }]);
  },
  requireOwners: (session, columns) =>
    rebuildAll('require', session, columns, ({ table, column, ...rest }, stored) => {
      const edits = [
        ...(stored.isRequired(column) ? [] : requireColumn(stored, column)),
        ...changeForeignKey(stored, { table, column, ...rest }),
      ];
      return {
        about: `Makes ${quote(column)} of ${quote(table.name)} required.`,
        edits,
        guard: {
          count: `count(*) - count(${quote(column)})`,
          most: 0,
          says: `rows of ${table.name} without an owner are left: assign them first, with step 2`,
        },
      };
    }),
  relaxOwners: (session, columns) =>
    rebuildAll('relax', session, columns, (owner, stored) => ({
      about: `Lets ${quote(owner.column)} of ${quote(owner.table.name)} be NULL again.`,
      edits: [...relaxColumn(stored, owner.column), ...changeForeignKey(stored, owner)],
    })),
  removeOwners: (session, columns) =>
    rebuildAll('remove', session, columns, ({ table, column, owners }, stored) => ({
      about: `Removes the column ${quote(column)} from ${quote(table.name)}, with its foreign key and its indexes, and ${owners} owners that are in it.`,
      edits: removeColumn(stored, column),
      without: column,
      guard: {
        count: `count(${quote(column)})`,
        most: owners,
        says: `more rows of ${table.name} have an owner than when this was written: write this migration again`,
      },
      keeps: stored.objects.filter(
        (object) => !/^\s*CREATE\s+(UNIQUE\s+)?INDEX/i.test(object.sql) || !mentions(object, column),
      ),
    })),
};

/** What a phase does to one table. */
type Plan = Pick<Rebuild, 'about' | 'edits' | 'without' | 'guard'> & Partial<Pick<Rebuild, 'keeps'>>;

/** A file for each table that is not yet as it is to be. */
async function rebuildAll<Column extends OwnerColumn>(
  phase: 'require' | 'relax' | 'remove',
  session: Session,
  columns: readonly Column[],
  plan: (column: Column, stored: StoredTable) => Plan,
) {
  const steps: Step[] = [];
  for (const owner of columns) {
    const { model, table, column, references } = owner;
    const stored = await readTable(session, table.name);
    if (!stored) continue;
    const passing = await findFreeName(session, `new_${table.name}`);
    const what = { name: table.name, stored, passing, column, user: references.table.name };
    const planned = plan(owner, stored);
    if (planned.edits.length > 0)
      steps.push({ model, does: 'table', sql: rebuildTable({ keeps: stored.objects, ...what, ...planned }) });
  }
  return nameSteps(phase, steps);
}

function changeForeignKey(stored: StoredTable, { column, references, onDelete }: OwnerColumn) {
  if (onDelete === null) return [];
  return changeOnDelete(stored, { column, user: references.table.name, onDelete });
}

async function addOwner(
  session: Session,
  { table, column, references, onDelete }: OwnerColumn,
): Promise<string[]> {
  const type = await readType(session, references.table.name, references.column);
  const name = (suffix: string) =>
    quote(defaultName(table.name, column, { suffix, max: Number.POSITIVE_INFINITY }));
  const foreignKey = ` CONSTRAINT ${name('_fkey')} REFERENCES ${quote(references.table.name)}(${quote(references.column)})
  ON DELETE ${onDelete} ON UPDATE CASCADE`;
  return [
    `ALTER TABLE main.${quote(table.name)} ADD COLUMN ${quote(column)} ${type}${onDelete === null ? '' : foreignKey}`,
    `CREATE INDEX main.${name('_idx')} ON ${quote(table.name)}(${quote(column)})`,
  ];
}
