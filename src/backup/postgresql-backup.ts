import { chmodSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { findPooler } from '../database/pooler.ts';
import { DUMP_LOCK_TIMEOUT, exportSnapshot } from '../database/postgresql-snapshot.ts';
import { backupPooled } from '../errors.ts';
import { readClock } from '../ownership/writer.ts';
import { digestDatabase } from './digest-database.ts';
import { type Dumper, type DumpSettings, type DumpTarget, together } from './dumper.ts';
import type { BackupFile } from './manifest.ts';
import { hashFile } from './read-backup.ts';
import { startTool } from './run-tool.ts';
import { postgresqlEnvironment } from './tool-login.ts';
import { getTool, type Tool } from './tools.ts';
import { flush, writeFile } from './write-file.ts';

/**
 * A dump of the whole database, whatever `schema` its URL says: of the snapshot of one transaction, in which the digests are
 * computed as well. Nobody waits for it but who changes tables themselves.
 */
export async function preparePostgresql({
  database,
  version,
  env,
  jobs,
  willVerify,
}: DumpSettings): Promise<Dumper> {
  const pooler = findPooler(database.url);
  if (pooler !== null) throw backupPooled(pooler);
  const environment = postgresqlEnvironment(database.url, env);
  const server = { provider: 'postgresql', version } as const;
  const tool = await getTool('pg_dump', server, environment);
  if (willVerify) await getTool('pg_restore', server, environment);
  return {
    layout: jobs > 1 ? 'pg-directory' : 'pg-custom',
    tool: tool.version,
    // What gzip makes of the most repetitive rows.
    leastRatio: 1 / 50,
    dump: (target) =>
      database.read(async (session) => {
        const snapshot = await exportSnapshot(session);
        const time = await readClock(session, database.dialect);
        const [files, tables] = await together(
          target.signal,
          (signal) => runDump(tool, { ...target, signal }, { environment, snapshot, jobs }),
          (signal) =>
            digestDatabase(
              { read: (work) => work(session), dialect: database.dialect },
              { signal, onProgress: target.onDigested },
            ),
        );
        return { time, files, tables };
      }),
  };
}

interface DumpRun {
  environment: Record<string, string>;
  snapshot: string;
  jobs: number;
}

async function runDump(
  tool: Tool,
  { folder, signal, onBytes }: DumpTarget,
  { environment, snapshot, jobs }: DumpRun,
): Promise<BackupFile[]> {
  const common = ['--no-password', `--snapshot=${snapshot}`, `--lock-wait-timeout=${DUMP_LOCK_TIMEOUT}`];
  const options = { env: environment, signal };
  if (jobs > 1) {
    const into = ['--format=directory', `--jobs=${jobs}`, `--file=${join(folder, 'data')}`];
    const { stdin, stdout, done } = startTool(tool, [...common, ...into], options);
    stdin.end();
    stdout.resume();
    await done;
    return describeFolder(folder, 'data', onBytes);
  }
  // Through a pipe, so that the tool ends as soon as this process does, however that ends.
  const { stdin, stdout, done } = startTool(tool, [...common, '--format=custom'], options);
  stdin.end();
  const file = { folder, name: 'data.dump', role: 'data', gzip: false, signal, onBytes } as const;
  const [written, ended] = await Promise.allSettled([writeFile(stdout, file), done]);
  // A disk that is full ends the tool as well; the disk is what matters.
  if (written.status === 'rejected') throw written.reason;
  if (ended.status === 'rejected') throw ended.reason;
  return [written.value];
}

/** The files of the directory format, as the tool wrote them. */
async function describeFolder(
  folder: string,
  name: string,
  onBytes: (more: number) => void,
): Promise<BackupFile[]> {
  const files: BackupFile[] = [];
  for (const each of readdirSync(join(folder, name)).sort()) {
    const path = join(folder, name, each);
    chmodSync(path, 0o600);
    await flush(path);
    const bytes = statSync(path).size;
    onBytes(bytes);
    files.push({ name: `${name}/${each}`, role: 'data', bytes, sha256: await hashFile(path) });
  }
  await flush(join(folder, name));
  return files;
}
