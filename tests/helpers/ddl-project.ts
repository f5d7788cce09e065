import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { withDatabase } from '../../src/database/connect.ts';
import { parseDatabaseUrl } from '../../src/database/database-url.ts';
import type { DdlDialect, OnDelete, OwnerColumn } from '../../src/database/ddl.ts';
import type { Session } from '../../src/database/dialect.ts';
import { type MigrationFile, planMigrations } from '../../src/migrations/plan.ts';
import type { TestDatabase } from './database.ts';
import { createProject, type PrismaProject } from './prisma-project.ts';
import { type Snapshot, takeSnapshot } from './snapshot.ts';

/** How far an app is: without owners, with optional ones, with required ones. */
export type Phase = 'none' | 'optional' | 'required';

/** An app whose schema goes through the phases. */
export interface DdlApp {
  /** The whole schema.prisma. */
  schema: (phase: Phase) => string;
  /** Where its owners are to be. */
  owned: { model: string; table: string; schema?: string; column: string }[];
  user: { table: string; schema?: string; column: string };
  onDelete: Record<Exclude<Phase, 'none'>, OnDelete | null>;
  /** What Prisma does not know of, and the rows: run after the first migration. */
  sql: string;
}

/** A method of `DdlDialect`, and where it leads. */
const STEPS = {
  addOwners: 'optional',
  requireOwners: 'required',
  relaxOwners: 'optional',
  removeOwners: 'none',
} as const;

export interface DdlProject extends PrismaProject {
  /** Writes the migrations of a step into the project's folder, with the schema that they lead to. */
  write: (step: keyof DdlDialect, owners?: number) => Promise<MigrationFile[]>;
  /** Applies what is written; it has to go well, and Prisma sees what its schema says. */
  deploy: () => Promise<void>;
  /** Every row and every object but Prisma's own table. */
  snapshot: () => Promise<Snapshot>;
}

/** Runs work in a read transaction on a test's database. */
export async function readDatabase<T>(
  database: TestDatabase,
  work: (session: Session, ddl: DdlDialect) => Promise<T>,
): Promise<T> {
  const url = parseDatabaseUrl(database.url, [database.folder]);
  if (typeof url === 'string') throw new Error(url);
  return withDatabase(url, ({ read, dialect }) => read((session) => work(session, dialect.ddl)));
}

/** The owner columns of an app, as a phase has them. */
function columnsOf(app: DdlApp, phase: Exclude<Phase, 'none'>, defaultSchema: string): OwnerColumn[] {
  const place = ({ table, schema }: { table: string; schema?: string }) => ({
    name: table,
    schema: schema ?? defaultSchema,
  });
  return app.owned.map((owned) => ({
    model: owned.model,
    table: place(owned),
    column: owned.column,
    references: { table: place(app.user), column: app.user.column },
    onDelete: app.onDelete[phase],
  }));
}

/** Creates the app's project, before phase 1, as Prisma itself makes its tables. */
export async function createDdlProject(provider: 'sqlite' | 'postgresql', app: DdlApp): Promise<DdlProject> {
  const project = await createProject(provider, { models: '', migrations: {} });
  const migrations = join(project.folder, 'migrations');
  const prisma = async (command: string) => {
    const { code, stdout, stderr } = await project.prisma(command);
    assert.equal(code, 0, `prisma ${command}: ${stdout}${stderr}`);
    return stdout;
  };
  const writeFolder = ({ folder, sql }: MigrationFile) => {
    mkdirSync(join(migrations, folder), { recursive: true });
    writeFileSync(join(migrations, folder, 'migration.sql'), sql);
  };
  const deploy = async () => {
    await prisma('migrate deploy');
    await prisma('migrate diff --from-config-datasource --to-schema schema.prisma --exit-code');
    const dev = await prisma('migrate dev');
    assert.match(dev, /Already in sync/);
  };
  const write = async (step: keyof DdlDialect, owners = 0) => {
    const phase = STEPS[step];
    const defaultSchema =
      provider === 'sqlite' ? 'main' : (new URL(project.url).searchParams.get('schema') ?? 'public');
    const columns = columnsOf(app, phase === 'none' ? 'optional' : phase, defaultSchema);
    const counted = columns.map((column) => ({ ...column, owners }));
    const written = await readDatabase(project, (session, ddl) => ddl[step](session, counted));
    const files = planMigrations(
      readdirSync(migrations).filter((name) => /^\d/.test(name)),
      written,
      new Date(),
    );
    for (const file of files) writeFolder(file);
    writeFileSync(project.schemaPath, app.schema(phase));
    return files;
  };
  const snapshot = async () => {
    const { objects, tables } = await takeSnapshot(project);
    const { _prisma_migrations, sqlite_stat1, sqlite_sequence, ...rest } = tables;
    return { objects, tables: { ...rest, ...(sqlite_sequence ? { sqlite_sequence } : {}) } };
  };
  writeFileSync(project.schemaPath, app.schema('none'));
  const init = await prisma('migrate diff --from-empty --to-schema schema.prisma --script');
  writeFolder({ folder: '20260101000000_init', sql: init });
  await prisma('migrate deploy');
  await project.run(app.sql);
  return { ...project, write, deploy, snapshot };
}
