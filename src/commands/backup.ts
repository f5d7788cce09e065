import { resolve } from 'node:path';
import { planBackup, writeBackup } from '../backup/create-backup.ts';
import { toEvidence } from '../backup/evidence.ts';
import { listPartial } from '../backup/folder.ts';
import type { Backup } from '../backup/read-backup.ts';
import { type CopyDifference, verifyBackup } from '../backup/verify-backup.ts';
import { loadDatabaseUrl } from '../config.ts';
import type { Context } from '../context.ts';
import { withDatabase } from '../database/connect.ts';
import type { DatabaseUrl } from '../database/database-url.ts';
import { backupInterrupted, ToolkitError, usageInvalid } from '../errors.ts';
import { recordEvidence } from '../ownership/evidence.ts';
import { describeBackupProgress, describeDigested, renderBackup } from '../report/backup.ts';
import { writeError } from '../report/error.ts';
import { createPainter } from '../report/text.ts';
import { createTicker, type Ticker } from '../report/ticker.ts';
import { withScratch } from '../scratch/scratch.ts';
import { quoteWord } from '../shell.ts';
import { announceDatabase, type CommonOptions, toRawConfig, writeAnswer } from './database-command.ts';
import { describeBackup, describeBackupPlan } from './backup-answer.ts';
import type { BackupAnswer } from './copy-results.ts';

export interface BackupOptions extends CommonOptions {
  out: string;
  verify?: boolean;
  jobs: number;
  dryRun?: boolean;
}

/** What a backup is made with. */
interface Work {
  options: BackupOptions;
  context: Context;
  url: DatabaseUrl;
  /** An absolute path. */
  out: string;
  signal: AbortSignal;
  ticker: Ticker;
  note: (text: string) => void;
  /** Called as soon as the backup is whole: from then on it stays, whatever fails. */
  onMade: (backup: Backup) => void;
}

/** Backs the database up, and with `--verify` restores the backup into a scratch database and compares. Returns the exit code. */
export async function backupCommand(options: BackupOptions, context: Context): Promise<number> {
  const settings = await loadDatabaseUrl(toRawConfig(context, options));
  const { url } = settings;
  announceDatabase(context, settings);
  if (options.jobs > 1 && url.provider !== 'postgresql')
    throw usageInvalid('--jobs is for PostgreSQL alone.', 'npm run migration:backup -- --verify');
  const ticker = createTicker(context.stderr);
  const note = (text: string) => {
    ticker.stop();
    context.stderr.write(`${text}\n`);
  };
  const interrupt = new AbortController();
  const stopListening = context.onInterrupt(() => {
    note('Stopping: what is not finished is removed. Press Ctrl-C again to end at once, which leaves it.');
    interrupt.abort();
  });
  let made: Backup | undefined;
  const onMade = (backup: Backup) => {
    made = backup;
  };
  const out = resolve(context.cwd, options.out);
  const { signal } = interrupt;
  try {
    const result = await backUp({ options, context, url, out, signal, ticker, note, onMade });
    ticker.stop();
    const paint = createPainter(context.stdout, context.env);
    writeAnswer(context, options, { result, text: (each) => renderBackup(each, paint) });
    return result.ok ? 0 : 1;
  } catch (error) {
    ticker.stop();
    if (signal.aborted) {
      writeError(backupInterrupted(made?.folder ?? null), context, { command: 'backup', typed: options });
      return 130;
    }
    if (made) note(`The backup ${made.folder} stays, but it was not verified.`);
    throw error;
  } finally {
    stopListening();
  }
}

async function backUp(work: Work): Promise<BackupAnswer> {
  const { options, context, url, out, signal, ticker, note } = work;
  const started = performance.now();
  for (const folder of listPartial(out, context.process.isAlive))
    note(`A backup was killed and left ${folder}: it is of no use. Nothing of ours removes it.`);
  const settings = {
    out,
    env: context.env,
    pid: context.process.pid,
    jobs: options.jobs,
    willVerify: options.verify === true,
    signal,
    note,
    onProgress: (progress: Parameters<typeof describeBackupProgress>[0]) =>
      ticker.show(describeBackupProgress(progress)),
  };
  const subject = { url, cwd: context.cwd, out, again: spellAgain(options) };
  const done = await withDatabase(url, async (database) => {
    const plan = await planBackup(database, settings);
    // Whoever may not make a scratch database learns of it now, and not after the dump.
    if (options.verify && !options.dryRun)
      await withScratch(url, { ...context.process, note }, async () => undefined);
    return { plan, backup: options.dryRun ? null : await writeBackup(database, plan, settings) };
  });
  if (!done.backup) return describeBackupPlan(subject, done.plan);
  work.onMade(done.backup);
  await keepEvidence(done.backup, work);
  const { backup, differences } = options.verify
    ? await verify(done.backup, work)
    : { backup: done.backup, differences: [] };
  const elapsedMs = Math.round(performance.now() - started);
  return describeBackup(subject, { plan: done.plan, backup, differences, elapsedMs });
}

/** The command that makes a verified backup in the same place. */
function spellAgain({ out, jobs }: BackupOptions): string {
  const flags = [
    ...(out === 'backups' ? [] : [`--out=${quoteWord(out)}`]),
    ...(jobs > 1 ? [`--jobs=${jobs}`] : []),
  ];
  return ['npm run migration:backup -- --verify', ...flags].join(' ');
}

async function verify(made: Backup, work: Work): Promise<{ backup: Backup; differences: CopyDifference[] }> {
  const { context, url, signal, ticker, note } = work;
  const verified = await verifyBackup(made, url, {
    operator: context.process,
    env: context.env,
    jobs: work.options.jobs,
    signal,
    note,
    onDigested: (soFar) => ticker.show(`Verifying: ${describeDigested(soFar)}`),
  });
  if (verified.differences.length === 0) await keepEvidence(verified.backup, work);
  return verified;
}

/** The backup is worth the same without it: a role that may only read makes backups too. */
async function keepEvidence(backup: Backup, { context, url, note }: Work): Promise<void> {
  const body = toEvidence(backup, { host: context.process.host, verified: null });
  try {
    await withDatabase(url, (database) => recordEvidence(database, 'backup', body));
  } catch (error) {
    if (!(error instanceof ToolkitError)) throw error;
    const [fact] = error.message.split('\n');
    note(`The journal does not say that this backup was made: ${fact} The backup is whole all the same.`);
  }
}
