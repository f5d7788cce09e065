import { loadDatabaseUrl } from '../config.ts';
import type { Context } from '../context.ts';
import { withDatabase } from '../database/connect.ts';
import { cleanupUnconfirmed } from '../errors.ts';
import { type CleanupPlan, cleanUp, isNothingToRemove, planCleanup } from '../ownership/cleanup.ts';
import { reportGuards } from '../ownership/guard.ts';
import { takeWriterLock } from '../ownership/writer.ts';
import { listLosses, renderCleanup } from '../report/cleanup.ts';
import { createPainter } from '../report/text.ts';
import { announceDatabase, type CommonOptions, toRawConfig, writeAnswer } from './database-command.ts';
import type { CleanupAnswer } from './results.ts';

export interface CleanupOptions extends CommonOptions {
  confirm?: boolean;
  journal?: boolean;
  dryRun?: boolean;
}

/** Removes the guards and, with --journal, the journal, from what the database itself says. Returns the exit code. */
export async function cleanupCommand(options: CleanupOptions, context: Context): Promise<number> {
  const settings = await loadDatabaseUrl(toRawConfig(context, options));
  announceDatabase(context, settings);
  const withJournal = options.journal === true;
  const isReal = options.confirm === true && !options.dryRun;
  const { plan, remains } = await withDatabase(settings.url, async (database) => {
    if (isReal) await takeWriterLock(database, { ...context.process, command: 'cleanup' });
    const plan = await planCleanup(database, { withJournal });
    if (isNothingToRemove(plan) || options.dryRun) return { plan, remains: false };
    if (!isReal) throw cleanupUnconfirmed(listLosses(describe(plan, options, false)), withJournal);
    return { plan, remains: await cleanUp(database, plan) };
  });
  const result = describe(plan, options, remains);
  const paint = createPainter(context.stdout, context.env);
  writeAnswer(context, options, { result, text: (each) => renderCleanup(each, plan, paint) });
  return 0;
}

function describe(
  { guards, leftovers, journal }: CleanupPlan,
  options: CleanupOptions,
  remains: boolean,
): CleanupAnswer {
  return {
    command: 'cleanup',
    ok: true,
    dryRun: options.dryRun === true,
    guards: reportGuards(guards),
    leftovers,
    journal: journal && { ...journal, remains },
    findings: [],
  };
}
