import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { useOfflineEngine } from '../../scripts/offline-engine.ts';
import { type Finished, ROOT, runProcess } from './command-line.ts';
import { createDatabase, type TestDatabase } from './database.ts';
import { runInProcess } from './in-process.ts';
import { type Snapshot, takeSnapshot } from './snapshot.ts';

const PRISMA = join(dirname(require.resolve('prisma/package.json')), 'build/index.js');

/** An app's project as it stands before phase 1. */
export interface PhaseApp {
  /** The schema's files by path, from the folder `prisma`. One file is `schema.prisma`; several are in a folder `schema`. */
  schema: Record<string, string>;
  /** The rows; or a function that makes the tables and fills them, where Prisma did not make them. */
  rows: string | ((database: TestDatabase) => Promise<void>);
}

/** A git clone of a project, with its database. Nothing but commands is used on it. */
export interface PhaseProject extends Pick<TestDatabase, 'run' | 'query' | 'drop' | 'url'> {
  folder: string;
  /** Ours, as typed: `migration('schema --phase=1')`. */
  migration: (command: string) => Promise<Finished>;
  /** The same, which has to end with 0. Returns stdout. */
  succeed: (command: string) => Promise<string>;
  /** The real Prisma, which has to end well. */
  prisma: (command: string) => Promise<string>;
  /** Applies what is written; Prisma then sees in the database what its schema says. */
  deploy: () => Promise<void>;
  /** Prisma sees in the database what its schema says, and `migrate dev` has nothing to do. */
  assertNoDrift: () => Promise<void>;
  /** The schema's files as they are. */
  readSchema: () => Record<string, string>;
  /** All rows and all objects, but Prisma's own table. */
  snapshot: () => Promise<Snapshot>;
}

/** Writes the project, commits it to git, clones that, and makes the database of the clone. */
export async function clonePhaseProject(
  provider: 'sqlite' | 'postgresql',
  app: PhaseApp,
): Promise<PhaseProject> {
  const database = await createDatabase(provider, { ddl: '', models: '' });
  const origin = mkdtempSync(join(tmpdir(), 'phase-origin-'));
  const folder = mkdtempSync(join(tmpdir(), 'phase-'));
  const place = Object.keys(app.schema).length === 1 ? 'prisma/schema.prisma' : 'prisma/schema';
  const env = {
    DATABASE_URL: database.url,
    CHECKPOINT_DISABLE: '1',
    ...pickEngine(),
  };
  const prisma = async (command: string) => {
    const done = await runProcess(process.execPath, [PRISMA, ...command.split(' ')], { cwd: folder, env });
    assert.equal(done.code, 0, `prisma ${command}: ${done.stdout}${done.stderr}`);
    return done.stdout;
  };
  const migration = (command: string) => runInProcess(command.split(' '), { cwd: folder, env });
  const assertNoDrift = async () => {
    await prisma(`migrate diff --from-config-datasource --to-schema ${place} --exit-code`);
    assert.match(await prisma('migrate dev'), /Already in sync/);
  };
  const readSchema = () =>
    Object.fromEntries(
      Object.keys(app.schema).map((path) => [path, readFileSync(join(folder, 'prisma', path), 'utf8')]),
    );
  writeProject(origin, app, { place, provider });
  const git = (...words: string[]) => execFileSync('git', words, { cwd: origin, stdio: 'pipe' });
  git('init', '--quiet');
  git('add', '.');
  git('-c', 'user.name=t', '-c', 'user.email=t@example.com', 'commit', '--quiet', '-m', 'Begin');
  git('clone', '--quiet', '.', folder);
  symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'), 'dir');
  const init = await prisma(`migrate diff --from-empty --to-schema ${place} --script`);
  mkdirSync(join(folder, 'prisma/migrations/20260101000000_init'), { recursive: true });
  writeFileSync(join(folder, 'prisma/migrations/20260101000000_init/migration.sql'), init);
  if (typeof app.rows === 'string') {
    await prisma('migrate deploy');
    await database.run(app.rows);
  } else {
    await app.rows(database);
    await prisma('migrate resolve --applied 20260101000000_init');
  }
  return {
    ...database,
    folder,
    prisma,
    migration,
    assertNoDrift,
    readSchema,
    succeed: async (command) => {
      const done = await migration(command);
      assert.equal(done.code, 0, `${command}: ${done.stdout}${done.stderr}`);
      return done.stdout;
    },
    deploy: async () => {
      await prisma('migrate deploy');
      await assertNoDrift();
    },
    snapshot: async () => {
      const { objects, tables } = await takeSnapshot(database);
      const { _prisma_migrations, sqlite_stat1, sqlite_sequence, ...rest } = tables;
      return { objects, tables: rest };
    },
    drop: async () => {
      await database.drop();
      for (const each of [origin, folder]) rmSync(each, { recursive: true });
    },
  };
}

function pickEngine(): Record<string, string> {
  const engine = useOfflineEngine({}).PRISMA_SCHEMA_ENGINE_BINARY;
  return engine ? { PRISMA_SCHEMA_ENGINE_BINARY: engine } : {};
}

function writeProject(
  folder: string,
  app: PhaseApp,
  { place, provider }: { place: string; provider: string },
) {
  for (const [path, text] of Object.entries(app.schema)) {
    const file = join(folder, 'prisma', path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
  mkdirSync(join(folder, 'prisma/migrations'), { recursive: true });
  writeFileSync(join(folder, 'prisma/migrations/migration_lock.toml'), `provider = "${provider}"\n`);
  writeFileSync(
    join(folder, 'prisma.config.mjs'),
    `export default {
  schema: '${place}',
  migrations: { path: 'prisma/migrations' },
  datasource: { url: process.env.DATABASE_URL },
};
`,
  );
}
