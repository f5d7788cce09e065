import { resolve } from 'node:path';
import { readBackup } from '../backup/read-backup.ts';
import {
  isLoadedInPlace,
  listFilled,
  type RestoreProgress,
  restoreBackup,
} from '../backup/restore-backup.ts';
import { assertMeant, planRestore, type RestorePlan, type RestoreRequest } from '../backup/restore-plan.ts';
import { getSwapper } from '../backup/swap.ts';
import { loadDatabaseUrl, type RawConfig } from '../config.ts';
import type { Context } from '../context.ts';
import { type DatabaseUrl, shortNameOf } from '../database/database-url.ts';
import { loadInterrupted, restoreInterrupted, restoreUnconfirmed, ToolkitError } from '../errors.ts';
import type { Finding } from '../ownership/findings.ts';
import { writeError } from '../report/error.ts';
import { describeRestoreProgress, renderRestore } from '../report/restore.ts';
import { createPainter } from '../report/text.ts';
import { createTicker } from '../report/ticker.ts';
import { quoteWord } from '../shell.ts';
import { readTargetUrl, spellTarget } from '../target-url.ts';
import {
  announceDatabase,
  type CommonOptions,
  nameDatabase,
  toRawConfig,
  writeAnswer,
} from './database-command.ts';
import type { RestoreAnswer } from './copy-results.ts';
import { keepEvidence, keepUndo, readEvidence } from './restore-evidence.ts';

export interface RestoreOptions extends CommonOptions {
  confirm?: string;
  to?: string;
  dryRun?: boolean;
}

/** Puts a backup in the place of the database, which is kept under another name. Returns the exit code. */
export async function restoreCommand(
  path: string,
  options: RestoreOptions,
  context: Context,
): Promise<number> {
  const started = performance.now();
  const { url, urlSource } = await readDestination(toRawConfig(context, options), options.to);
  announceDatabase(context, { url, urlSource });
  const backup = readBackup(resolve(context.cwd, path));
  const isOther = options.to !== undefined;
  assertMeant(backup, { url, isOther, confirm: options.confirm });
  if (options.confirm === undefined && !options.dryRun)
    throw restoreUnconfirmed(path, shortNameOf(url), spellTarget(options.to));
  const request: RestoreRequest = {
    backup,
    url,
    isOther,
    stamp: nameMoment(new Date()),
    env: context.env,
    operator: { ...context.process, command: 'restore' },
  };
  const plan = await planRestore(request);
  const done = options.dryRun ? plan : await carryOut(request, { plan, options, context });
  if (done === null) return 130;
  const result = await describe(path, { options, request, done, started });
  const paint = createPainter(context.stdout, context.env);
  writeAnswer(context, options, { result, text: (each) => renderRestore(each, paint) });
  return 0;
}

/** The database of DATABASE_URL, or the one that `--to` names. */
async function readDestination(
  raw: RawConfig,
  to: string | undefined,
): Promise<{ url: DatabaseUrl; urlSource: string }> {
  if (to === undefined) return loadDatabaseUrl(raw);
  return { url: readTargetUrl(raw, to), urlSource: 'from --to' };
}

/** What Ctrl-C is answered with at once. */
const STOPPING = {
  loading: 'Stopping: the copy is removed, and the database stays as it is.',
  swapping:
    'Stopping, unless the copy is taking the place of the database by now: that takes a moment, and is finished.',
  inPlace: 'Stopping: what is loaded by now stays in the database that --to names.',
};

/** Null where Ctrl-C ended it before the swap. */
async function carryOut(
  request: RestoreRequest,
  { plan, options, context }: { plan: RestorePlan; options: RestoreOptions; context: Context },
): Promise<RestorePlan | null> {
  const ticker = createTicker(context.stderr);
  const note = (text: string) => {
    ticker.stop();
    context.stderr.write(`${text}\n`);
  };
  const interrupt = new AbortController();
  let isSwapping = false;
  const stopListening = context.onInterrupt(() => {
    note(isLoadedInPlace(request) ? STOPPING.inPlace : isSwapping ? STOPPING.swapping : STOPPING.loading);
    interrupt.abort();
  });
  const onProgress = (progress: RestoreProgress) => {
    isSwapping = progress === 'swapping';
    ticker.show(describeRestoreProgress(progress));
  };
  try {
    const { signal } = interrupt;
    // While it can still be heeded; the answer says it as well.
    for (const { code, message, remedy } of plan.findings)
      if (code === 'SESSIONS_UNSEEN') note(`warning: ${message}. ${remedy}`);
    const before = await readEvidence(request);
    const swapped = await restoreBackup({ ...request, kept: plan.kept, signal, note, onProgress });
    await keepEvidence(request, { before, kept: swapped.kept, context, note });
    await keepUndo(request, { kept: swapped.kept, note });
    const findings = [...plan.findings.filter(({ code }) => code !== 'DATABASE_IN_USE'), ...swapped.findings];
    return { kept: swapped.kept, findings };
  } catch (error) {
    if (!interrupt.signal.aborted || error instanceof ToolkitError) throw error;
    const stopped = isLoadedInPlace(request)
      ? loadInterrupted(listFilled(request))
      : restoreInterrupted(request.url.name);
    writeError(stopped, context, { command: 'restore', typed: options });
    return null;
  } finally {
    ticker.stop();
    stopListening();
  }
}

async function describe(
  path: string,
  {
    options,
    request,
    done,
    started,
  }: {
    options: RestoreOptions;
    request: RestoreRequest;
    done: { kept: string | null; findings: Finding[] };
    started: number;
  },
): Promise<RestoreAnswer> {
  const { url, backup } = request;
  const { manifest } = backup;
  const swapper = await getSwapper(url.provider);
  return {
    command: 'restore',
    ok: true,
    dryRun: options.dryRun === true,
    database: nameDatabase(url),
    backup: {
      path,
      database: manifest.database.name,
      time: manifest.time,
      verified: manifest.verified?.time ?? null,
    },
    tables: manifest.tables.length,
    rows: manifest.tables.reduce((sum, { rows }) => sum + rows, 0),
    kept:
      done.kept === null
        ? null
        : {
            name: done.kept,
            undo: await swapper.describeUndo(url, done.kept),
            removal: swapper.describeRemoval(done.kept),
          },
    elapsedMs: Math.round(performance.now() - started),
    findings: done.findings,
    next: options.dryRun
      ? `npm run migration:restore -- ${quoteWord(path)}${spellTarget(options.to)} --confirm=${quoteWord(shortNameOf(url))}`
      : 'npm run migration:status',
  };
}

/** "20261126-024500", in UTC. */
function nameMoment(now: Date): string {
  return now.toISOString().slice(0, 19).replace(/[-:]/g, '').replace('T', '-');
}
