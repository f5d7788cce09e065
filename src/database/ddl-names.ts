import type { Migration } from './ddl.ts';

/** What the migrations of each phase are called, and those of row-level security. */
export const PHASE_NAMES = {
  add: 'add_optional_user_relations',
  require: 'make_user_fields_required',
  relax: 'undo_make_user_fields_required',
  remove: 'undo_add_optional_user_relations',
  secure: 'row_level_security',
  unsecure: 'undo_row_level_security',
} as const;

/** In an error's text: the folder of the migration that raises it, which is named only when the folder is written. */
export const THIS_MIGRATION = '<this-migration>';

/** What to type once the cause is gone: a migration that failed has changed nothing. */
export const TRY_AGAIN = `npx prisma migrate resolve --rolled-back ${THIS_MIGRATION}, then npx prisma migrate deploy`;

/** How much of a model's name is in the name of a folder. */
const MODEL_CHARACTERS = 60;

/** One file of a phase: what it does to which model, in a word, and its SQL. */
export interface Step {
  model: string;
  does: string;
  sql: string;
}

/** Names the files of a phase; where they are several, by a number and what they do. */
export function nameSteps(phase: keyof typeof PHASE_NAMES, steps: readonly Step[]): Migration[] {
  const digits = Math.max(2, String(steps.length).length);
  return steps.map(({ model, does, sql }, i) => {
    const number = String(i + 1).padStart(digits, '0');
    const name = steps.length === 1 ? '' : `_${number}_${toSnakeCase(model)}_${does}`;
    return { name: PHASE_NAMES[phase] + name, sql };
  });
}

/** A model's name as the name of a folder can have it. */
export function toSnakeCase(model: string): string {
  const words = model.replace(/([a-z0-9])([A-Z])/g, '$1_$2').replace(/\W/g, '_');
  return words.toLowerCase().slice(0, MODEL_CHARACTERS);
}

/**
 * Prisma's default name of what a column has, like its foreign key ("_fkey") or its index ("_idx"): table, column and
 * suffix, where the first two are cut to what the database leaves, in bytes and between characters.
 */
export function defaultName(table: string, column: string, { suffix, max }: NameLimit): string {
  return cutToBytes(`${table}_${column}`, max - Buffer.byteLength(suffix)) + suffix;
}

interface NameLimit {
  suffix: string;
  /** The longest name that the database takes, in bytes. */
  max: number;
}

function cutToBytes(text: string, bytes: number): string {
  let length = 0;
  const kept: string[] = [];
  for (const character of text) {
    length += Buffer.byteLength(character);
    if (length > bytes) break;
    kept.push(character);
  }
  return kept.join('');
}

/** Lines as a comment of SQL; a name can have a line break in it. */
export function comment(...lines: string[]): string {
  return lines.map((line) => `-- ${line.replace(/[\r\n]+/g, ' ')}\n`).join('');
}

/** A name as an identifier of standard SQL. */
export function quoteStandard(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** Text as a literal of standard SQL. */
export function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
