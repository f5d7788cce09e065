import { cpSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { useOfflineEngine } from '../../scripts/offline-engine.ts';
import { type Finished, ROOT, runProcess } from './command-line.ts';
import { createDatabase, type TestDatabase } from './database.ts';

const PRISMA = join(dirname(require.resolve('prisma/package.json')), 'build/index.js');
const CONFIG = `export default {
  schema: 'schema.prisma',
  migrations: { path: 'migrations' },
  datasource: { url: process.env.DATABASE_URL },
};
`;

/** An app's project in a folder of its own: its schema, its migrations, and what it needs to run Prisma there. */
export interface PrismaProject extends TestDatabase {
  /** Runs the real Prisma, with the offline engine where there is no other: `prisma('migrate dev')`. */
  prisma: (command: string) => Promise<Finished>;
}

/** Where a project's schema and migrations come from: a folder to copy, or texts. */
export type ProjectSource = { folder: string } | { models: string; migrations: Record<string, string> };

/** Creates a project with an empty database; `migrate deploy` makes the tables. */
export async function createProject(
  provider: TestDatabase['provider'],
  source: ProjectSource,
): Promise<PrismaProject> {
  const models = 'models' in source ? source.models : '';
  const database = await createDatabase(provider, { ddl: '', models });
  const { folder } = database;
  writeFileSync(join(folder, 'prisma.config.mjs'), CONFIG);
  symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'), 'dir');
  if ('folder' in source) {
    cpSync(join(source.folder, 'schema.prisma'), database.schemaPath);
    cpSync(join(source.folder, 'migrations'), join(folder, 'migrations'), { recursive: true });
  } else {
    mkdirSync(join(folder, 'migrations'));
    for (const [name, sql] of Object.entries(source.migrations)) {
      mkdirSync(join(folder, 'migrations', name), { recursive: true });
      writeFileSync(join(folder, 'migrations', name, 'migration.sql'), sql);
    }
    writeFileSync(join(folder, 'migrations/migration_lock.toml'), `provider = "${provider}"\n`);
  }
  const engine = useOfflineEngine({}).PRISMA_SCHEMA_ENGINE_BINARY;
  const env = {
    DATABASE_URL: database.url,
    CHECKPOINT_DISABLE: '1',
    ...(engine ? { PRISMA_SCHEMA_ENGINE_BINARY: engine } : {}),
  };
  const prisma = (command: string) =>
    runProcess(process.execPath, [PRISMA, ...command.split(' ')], { cwd: folder, env });
  return { ...database, prisma };
}
