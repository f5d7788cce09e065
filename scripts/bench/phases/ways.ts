import { withDatabase } from '../../../src/database/connect.ts';
import { parseDatabaseUrl } from '../../../src/database/database-url.ts';
import type { OwnerColumn } from '../../../src/database/ddl.ts';
import { type MigrationFile, planMigrations } from '../../../src/migrations/plan.ts';
import type { PrismaSql } from './sample.ts';

/** The phases that are migrations. */
export const PHASES = [1, 3] as const;
export type Phase = (typeof PHASES)[number];

/** One way to carry out a phase: the migrations that are applied for it to the database at `url`. */
export interface PhaseWay {
  name: string;
  plan: (phase: Phase, url: string) => Promise<MigrationFile[]>;
}

export const PRISMA = "Prisma's own SQL";
export const OURS = '`migration:schema --sql`';

const COLUMN: OwnerColumn = {
  model: 'Note',
  table: { schema: 'public', name: 'Note' },
  column: 'userId',
  references: { table: { schema: 'public', name: 'User' }, column: 'id' },
  onDelete: 'RESTRICT',
};

/** Prisma's way, with which the other is compared, is the first. */
export function listPhaseWays(prisma: PrismaSql): PhaseWay[] {
  return [
    { name: PRISMA, plan: async (phase) => [{ folder: `phase_${phase}`, sql: prisma[phase] }] },
    { name: OURS, plan: planOurs },
  ];
}

/** What the command writes: it reads the catalogue first, so phase 3 is planned after phase 1. */
async function planOurs(phase: Phase, url: string): Promise<MigrationFile[]> {
  const parsed = parseDatabaseUrl(url, []);
  if (typeof parsed === 'string') throw new Error(parsed);
  const method = phase === 1 ? 'addOwners' : 'requireOwners';
  const migrations = await withDatabase(parsed, ({ read, dialect }) =>
    read((session) => dialect.ddl[method](session, [COLUMN])),
  );
  return planMigrations([], migrations, new Date());
}
