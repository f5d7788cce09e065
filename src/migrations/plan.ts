import type { Migration } from '../database/ddl.ts';
import { PHASE_NAMES, THIS_MIGRATION } from '../database/ddl-names.ts';

/** A folder of the project's migrations that is to be written, and its `migration.sql`. */
export interface MigrationFile {
  folder: string;
  sql: string;
}

/** The time that Prisma begins the name of a folder with, in UTC. */
const TIME = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(?:_|$)/;

/**
 * Gives each migration its folder, whose name begins with a time: Prisma applies folders in the order of their names, so
 * they are a second apart, and all of them are after those that exist, whatever the clock says.
 */
export function planMigrations(
  existing: readonly string[],
  migrations: readonly Migration[],
  now: Date,
): MigrationFile[] {
  const last = Math.max(...existing.map(timeOf), 0);
  const first = Math.max(Math.floor(now.getTime() / 1000), last + 1);
  return migrations.map(({ name, sql }, i) => {
    const folder = `${writeTime(first + i)}_${name}`;
    return { folder, sql: sql.replaceAll(THIS_MIGRATION, () => folder) };
  });
}

/** The folders of a phase that are written and not applied yet, whether this toolkit wrote them or Prisma under the same name. */
export function findPendingPhase(
  existing: readonly string[],
  applied: ReadonlySet<string>,
  phase: keyof typeof PHASE_NAMES,
): string[] {
  const name = new RegExp(`^\\d{14}_${PHASE_NAMES[phase]}(_\\d+_|$)`);
  return existing.filter((folder) => name.test(folder) && !applied.has(folder)).sort();
}

/** In seconds; 0 for a folder that has none. A day or a minute that is not in the calendar counts on, as the order of names has it. */
function timeOf(folder: string): number {
  const parts = TIME.exec(folder)?.slice(1).map(Number);
  if (!parts) return 0;
  const [year, month, day, hour, minute, second] = parts as [number, number, number, number, number, number];
  return Date.UTC(year, month - 1, day, hour, minute, second) / 1000;
}

function writeTime(seconds: number): string {
  return new Date(seconds * 1000).toISOString().replace(/\D/g, '').slice(0, 14);
}
