import type { OnDelete, OwnerColumn } from './ddl.ts';
import { defaultName, quoteStandard as quote } from './ddl-names.ts';
import type { TableName } from './dialect.ts';

/** The longest name, in bytes. */
const MAX_NAME = 63;

/** An owner column with its names as SQL takes them, and its defaults. */
export interface Target {
  model: string;
  table: string;
  column: string;
  user: string;
  key: string;
  foreignKey: string;
  index: string;
  /** The name for the check that NOT NULL relies on, and for a foreign key until it replaces another one. */
  check: string;
  /** The same, as the catalogue has it. */
  checkName: string;
  swap: string;
  onDelete: OnDelete | null;
}

/** Tables of `defaultSchema` are named as Prisma does, without it, so that the files serve every environment. */
export function targetIn(defaultSchema: string) {
  return (
    columns: readonly OwnerColumn[],
    { model, table, column, references, onDelete }: OwnerColumn,
  ): Target => {
    const schemas = columns.flatMap((each) => [each.table.schema, each.references.table.schema]);
    const isBare = schemas.every((schema) => schema === defaultSchema);
    const place = ({ schema, name }: TableName) => (isBare ? quote(name) : `${quote(schema)}.${quote(name)}`);
    const nameOf = (suffix: string) => defaultName(table.name, column, { suffix, max: MAX_NAME });
    const name = (suffix: string) => quote(nameOf(suffix));
    return {
      model,
      table: place(table),
      column: quote(column),
      user: place(references.table),
      key: quote(references.column),
      foreignKey: name('_fkey'),
      index: name('_idx'),
      check: name('_has_owner'),
      checkName: nameOf('_has_owner'),
      swap: name('_fkey_swap'),
      onDelete,
    };
  };
}
