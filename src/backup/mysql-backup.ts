import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import type { Database, Transact } from '../database/dialect.ts';
import { hasDatabase, listViews } from '../database/mysql-snapshot.ts';
import { journalDatabaseOf } from '../database/mysql-sql.ts';
import { readClock } from '../ownership/writer.ts';
import { digestDatabase } from './digest-database.ts';
import { type Dumped, type Dumper, type DumpSettings, type DumpTarget, together } from './dumper.ts';
import type { BackupFile } from './manifest.ts';
import { atOneMoment } from './mysql-moment.ts';
import { startTool } from './run-tool.ts';
import { type MysqlLogin, withMysqlLogin } from './tool-login.ts';
import { getTool, type Tool } from './tools.ts';
import { writeFile } from './write-file.ts';

/** What the tools say of themselves with --verbose. */
const NEWS = /^-- /;
/** They say "Starting transaction" before they do, and one of these after it. */
const HAS_SNAPSHOT = /^-- (Setting savepoint|Retrieving |Sending )/;

/** One of the dumps whose rows are of the moment. */
interface Part {
  name: string;
  role: BackupFile['role'];
  database: string;
  /** Views of the database, which have no rows of their own. */
  views: readonly string[];
}

/**
 * A dump by mariadb-dump or mysqldump. Their snapshot cannot be shared, so all tables are locked against writing until the
 * digests and each dump have begun one of their own, which takes a few hundredths of a second.
 */
export async function prepareMysql({ database, version, env, willVerify }: DumpSettings): Promise<Dumper> {
  const server = { provider: 'mysql', version } as const;
  const tool = await getTool('mysql-dump', server, env);
  if (willVerify) await getTool('mysql-client', server, env);
  return {
    layout: 'sql-gzip',
    tool: tool.version,
    leastRatio: 1 / 50,
    dump: (target) =>
      withMysqlLogin({ url: database.url, tool, env }, async (login) => {
        const { parts, views } = await listParts(database);
        const dumped = await dumpRows(database, target, { tool, login, parts });
        const objects = await dumpObjects(target, { tool, login, database: database.url.name, views });
        return { ...dumped, files: [...dumped.files, objects] };
      }),
  };
}

/** Tables with their rows and the digests of those, all of one moment. */
function dumpRows(
  database: Database,
  target: DumpTarget,
  { tool, login, parts }: { tool: Tool; login: MysqlLogin; parts: readonly Part[] },
): Promise<Dumped> {
  const { dialect } = database;
  const databases = parts.map((part) => part.database);
  const moment = { databases, count: parts.length, signal: target.signal };
  return atOneMoment(database, moment, async ({ session, tell, all, signal }) => {
    const time = await readClock(session, dialect);
    const [files, tables] = await together(
      signal,
      (each) =>
        Promise.all(parts.map((part) => dumpPart({ ...target, signal: each }, { tool, login, part, tell }))),
      async (each) => {
        await all;
        const read: Transact = (work) => work(session);
        return digestDatabase({ read, dialect }, { signal: each, onProgress: target.onDigested });
      },
    );
    return { time, files, tables };
  });
}

/** The app's database, and that of the journal, where there is one. */
function listParts({ url, read }: Database): Promise<{ parts: Part[]; views: string[] }> {
  const journal = journalDatabaseOf(url.name);
  return read(async (session) => {
    const views = await listViews(session, url.name);
    const data: Part = { name: 'data.sql.gz', role: 'data', database: url.name, views };
    const ofJournal: Part = { name: 'journal.sql.gz', role: 'journal', database: journal, views: [] };
    return { parts: (await hasDatabase(session, journal)) ? [data, ofJournal] : [data], views };
  });
}

/** For all dumps; they drop nothing where they are loaded. */
function commonArgs({ family, major }: Tool, { args }: MysqlLogin): string[] {
  const ofMysql =
    family === 'mysql' ? ['--set-gtid-purged=OFF', ...(major >= 8 ? ['--column-statistics=0'] : [])] : [];
  return [
    ...args,
    '--default-character-set=utf8mb4',
    '--max-allowed-packet=1G',
    '--no-tablespaces',
    '--skip-add-drop-table',
    '--skip-lock-tables',
    ...ofMysql,
  ];
}

/** Tables with their rows; `tell` is called once the snapshot is made, or when the dump has ended. */
async function dumpPart(
  { folder, signal, onBytes }: DumpTarget,
  { tool, login, part, tell }: { tool: Tool; login: MysqlLogin; part: Part; tell: () => void },
): Promise<BackupFile> {
  const ignored = part.views.map((view) => `--ignore-table=${part.database}.${view}`);
  const args = [
    ...commonArgs(tool, login),
    '--verbose',
    '--single-transaction',
    '--skip-triggers',
    ...ignored,
  ];
  // An attempt before this one may have begun it.
  rmSync(join(folder, part.name), { force: true });
  let isTold = false;
  const tellOnce = () => {
    if (!isTold) tell();
    isTold = true;
  };
  const { stdin, stdout, done } = startTool(tool, [...args, '--', part.database], {
    env: login.env,
    optionFile: login.optionFile,
    signal,
    isNews: (line) => NEWS.test(line),
    onLine: (line) => {
      if (HAS_SNAPSHOT.test(line)) tellOnce();
    },
  });
  stdin.end();
  const file = { folder, name: part.name, role: part.role, gzip: true, signal, onBytes };
  const [written, ended] = await Promise.allSettled([writeFile(stdout, file), done.finally(tellOnce)]);
  // A disk that is full ends the tool as well; the disk is what matters.
  if (written.status === 'rejected') throw written.reason;
  if (ended.status === 'rejected') throw ended.reason;
  return written.value;
}

/** Routines, views, triggers and events, in one file, in the order in which they can be made. */
export async function dumpObjects(
  { folder, signal, onBytes }: DumpTarget,
  {
    tool,
    login,
    database,
    views,
  }: { tool: Tool; login: MysqlLogin; database: string; views: readonly string[] },
): Promise<BackupFile> {
  const common = [...commonArgs(tool, login), '--no-data'];
  const noTables = [...common, '--no-create-info'];
  // Routines first: a view that calls one can only be made where it is.
  const runs = [
    [...noTables, '--skip-triggers', '--routines', '--', database],
    ...(views.length > 0 ? [[...common, '--skip-triggers', '--', database, ...views]] : []),
    [...noTables, '--triggers', '--events', '--', database],
  ];
  const all = new PassThrough();
  const [, written] = await together(
    signal,
    async (each) => {
      for (const args of runs) {
        const options = { env: login.env, optionFile: login.optionFile, signal: each };
        const { stdin, stdout, done } = startTool(tool, args, options);
        stdin.end();
        stdout.pipe(all, { end: false });
        await done;
      }
      all.end();
    },
    (each) =>
      writeFile(all, { folder, name: 'objects.sql.gz', role: 'objects', gzip: true, signal: each, onBytes }),
  );
  return written;
}
