import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { withDatabase } from '../database/connect.ts';
import type { Database } from '../database/dialect.ts';
import { classifyFailure } from '../database/driver-errors.ts';
import {
  hasDatabase,
  listBaseTables,
  listViews,
  lockTables,
  unlockTables,
} from '../database/mysql-snapshot.ts';
import { journalDatabaseOf } from '../database/mysql-sql.ts';
import { momentMissed } from '../errors.ts';
import { readClock } from '../ownership/writer.ts';
import { digestDatabase } from './digest-database.ts';
import { type Dumped, type Dumper, type DumpSettings, type DumpTarget, together } from './dumper.ts';
import type { BackupFile } from './manifest.ts';
import { startTool } from './run-tool.ts';
import { type MysqlLogin, withMysqlLogin } from './tool-login.ts';
import { type Environment, getTool, type Tool } from './tools.ts';
import { writeFile } from './write-file.ts';

/** The app's writes wait so long at the most (promise 6 of the design), and so often. */
const HOLD_MS = 400;
const TRIES = 10;
/** What the tools say of themselves with --verbose; the first line but "Connecting" comes after their snapshot is made. */
const NEWS = /^-- /;
const CONNECTING = /^-- Connecting to/;

/**
 * A dump by mariadb-dump or mysqldump. Their snapshot cannot be shared, so all tables are locked against writing until the
 * digests and each dump have begun one of their own, which takes a few hundredths of a second.
 */
export async function prepareMysql({ database, version, env }: DumpSettings): Promise<Dumper> {
  const tool = await getTool('mysql-dump', { provider: 'mysql', version }, env);
  return {
    layout: 'sql-gzip',
    tool: tool.version,
    leastRatio: 1 / 50,
    dump: async (target) => {
      const { journal, views } = await lookAround(database);
      const parts = [
        { name: 'data.sql.gz', role: 'data', args: [database.url.name], ignored: views } as const,
        ...(journal
          ? [{ name: 'journal.sql.gz', role: 'journal', args: [journal], ignored: [] } as const]
          : []),
      ];
      const dumped = await dumpAtOneMoment(database, target, { tool, env, parts, journal });
      const objects = await dumpObjects(database, target, { tool, env, views });
      return { ...dumped, files: [...dumped.files, objects] };
    },
  };
}

/** The journal's database, where there is one, and the views, which have no rows of their own. */
function lookAround({ url, read }: Database): Promise<{ journal: string | null; views: string[] }> {
  const journal = journalDatabaseOf(url.name);
  return read(async (session) => ({
    journal: (await hasDatabase(session, journal)) ? journal : null,
    views: await listViews(session, url.name),
  }));
}

interface Part {
  name: string;
  role: BackupFile['role'];
  args: readonly string[];
  /** Views of the database that are left out. */
  ignored: readonly string[];
}

interface DumpPlan {
  tool: Tool;
  env: Environment;
  parts: readonly Part[];
  journal: string | null;
}

/** Tries until all snapshots are of one moment. Throws MOMENT_MISSED when they never are. */
function dumpAtOneMoment(database: Database, target: DumpTarget, plan: DumpPlan): Promise<Dumped> {
  return withDatabase(database.url, async (other) => {
    let why = '';
    for (let tries = 1; tries <= TRIES; tries++) {
      target.signal.throwIfAborted();
      const attempt = await tryMoment({ database, other }, target, plan);
      if ('dumping' in attempt) return attempt.dumping;
      why = attempt.missed;
      for (const { name } of plan.parts) rmSync(join(target.folder, name), { force: true });
      await sleep(200 * tries * (0.5 + Math.random()));
    }
    throw momentMissed(TRIES, why);
  });
}

/** The promise is in an object, so that the lock's transaction does not wait for it. */
type Attempt = { dumping: Promise<Dumped> } | { missed: string };

function tryMoment(
  { database, other }: { database: Database; other: Database },
  target: DumpTarget,
  plan: DumpPlan,
): Promise<Attempt> {
  const databases = [database.url.name, ...(plan.journal ? [plan.journal] : [])];
  return other
    .signal(async (lock): Promise<Attempt> => {
      await lockTables(lock, await listBaseTables(lock, databases));
      const stop = new AbortController();
      const begun = createLatch(plan.parts.length);
      const dumping = dumpWhileLocked(database, target, { plan, begun, stop });
      const isInTime = await Promise.race([
        dumping.then(
          () => true,
          () => true,
        ),
        begun.all.then(() => true),
        sleep(HOLD_MS, false),
      ]);
      await unlockTables(lock);
      if (isInTime) return { dumping };
      stop.abort();
      await dumping.catch(() => undefined);
      return { missed: `the tool took more than ${HOLD_MS} ms to begin` };
    })
    .catch((error: unknown): Attempt => {
      const { failure, words } = classifyFailure(error);
      if (failure !== 'retryable') throw error;
      return { missed: words };
    });
}

/** Opens when it was told so often. */
function createLatch(count: number): { tell: () => void; all: Promise<void> } {
  let left = count;
  let open = () => undefined as void;
  const all = new Promise<void>((resolve) => {
    open = resolve;
  });
  return {
    tell: () => {
      left -= 1;
      if (left === 0) open();
    },
    all,
  };
}

function dumpWhileLocked(
  database: Database,
  target: DumpTarget,
  { plan, begun, stop }: { plan: DumpPlan; begun: ReturnType<typeof createLatch>; stop: AbortController },
): Promise<Dumped> {
  return database.read(async (session) => {
    const time = await readClock(session, database.dialect);
    const [files, tables] = await together(
      AbortSignal.any([target.signal, stop.signal]),
      (signal) =>
        withLogin(database, plan, (login) =>
          Promise.all(
            plan.parts.map((part) =>
              dumpPart({ ...target, signal }, { tool: plan.tool, login, part, onBegun: begun.tell }),
            ),
          ),
        ),
      async (signal) => {
        await begun.all;
        return digestDatabase(
          { read: (work) => work(session), dialect: database.dialect },
          { signal, onProgress: target.onDigested },
        );
      },
    );
    return { time, files, tables };
  });
}

function withLogin<T>(
  { url }: Database,
  { tool, env }: Pick<DumpPlan, 'tool' | 'env'>,
  work: (login: MysqlLogin) => Promise<T>,
): Promise<T> {
  return withMysqlLogin({ url, tool, env }, work);
}

/** For all that a dump has in it; it drops nothing where it is loaded. */
function commonArgs({ family }: Tool): string[] {
  const ofMysql = family === 'mysql' ? ['--set-gtid-purged=OFF', '--column-statistics=0'] : [];
  return [
    '--default-character-set=utf8mb4',
    '--max-allowed-packet=1G',
    '--no-tablespaces',
    '--skip-add-drop-table',
    '--skip-lock-tables',
    ...ofMysql,
  ];
}

/** Tables with their rows; `onBegun` is called once its snapshot is made, or when it has ended. */
async function dumpPart(
  { folder, signal, onBytes }: DumpTarget,
  { tool, login, part, onBegun }: { tool: Tool; login: MysqlLogin; part: Part; onBegun: () => void },
): Promise<BackupFile> {
  const [name = ''] = part.args;
  const ignored = part.ignored.map((view) => `--ignore-table=${name}.${view}`);
  const args = [...login.args, ...commonArgs(tool), '--verbose', '--single-transaction', '--skip-triggers'];
  let hasBegun = false;
  const begin = () => {
    if (!hasBegun) onBegun();
    hasBegun = true;
  };
  const { stdin, stdout, done } = startTool(tool, [...args, ...ignored, '--', name], {
    env: login.env,
    optionFile: login.optionFile,
    signal,
    isNews: (line) => NEWS.test(line),
    onLine: (line) => {
      if (NEWS.test(line) && !CONNECTING.test(line)) begin();
    },
  });
  stdin.end();
  const file = { folder, name: part.name, role: part.role, gzip: true, signal, onBytes };
  const [written, ended] = await Promise.allSettled([writeFile(stdout, file), done.finally(begin)]);
  if (written.status === 'rejected') throw written.reason;
  if (ended.status === 'rejected') throw ended.reason;
  return written.value;
}

/** Views, triggers, routines and events, in one file. */
async function dumpObjects(
  database: Database,
  { folder, signal, onBytes }: DumpTarget,
  { tool, env, views }: Pick<DumpPlan, 'tool' | 'env'> & { views: readonly string[] },
): Promise<BackupFile> {
  const { name } = database.url;
  return withLogin(database, { tool, env }, async (login) => {
    const both = [...login.args, ...commonArgs(tool), '--no-data'];
    const runs = [
      ...(views.length > 0 ? [[...both, '--skip-triggers', '--', name, ...views]] : []),
      [...both, '--no-create-info', '--triggers', '--routines', '--events', '--', name],
    ];
    const all = new PassThrough();
    const running = (async () => {
      for (const args of runs) {
        const options = { env: login.env, optionFile: login.optionFile, signal };
        const { stdin, stdout, done } = startTool(tool, args, options);
        stdin.end();
        stdout.pipe(all, { end: false });
        await done;
      }
      all.end();
    })();
    running.catch((error: Error) => all.destroy(error));
    const file = { folder, name: 'objects.sql.gz', role: 'objects', gzip: true, signal, onBytes } as const;
    const written = await writeFile(all, file);
    await running;
    return written;
  });
}
