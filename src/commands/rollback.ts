import { loadDatabaseUrl } from '../config.ts';
import type { Context } from '../context.ts';
import { withDatabase } from '../database/connect.ts';
import { confirmMissing, usageInvalid } from '../errors.ts';
import { cancelled } from '../ownership/run-findings.ts';
import { rollback } from '../ownership/rollback.ts';
import { planRollback, previewRollback } from '../ownership/rollback-plan.ts';
import { takeWriterLock } from '../ownership/writer.ts';
import { createProgress } from '../report/progress.ts';
import { renderRollback } from '../report/rollback.ts';
import { createPainter } from '../report/text.ts';
import {
  announceDatabase,
  type CommonOptions,
  listenForInterrupt,
  toRawConfig,
  writeAnswer,
} from './database-command.ts';
import type { RollbackAnswer } from './results.ts';
import { rollbackPhase } from './rollback-phase.ts';

export interface RollbackOptions extends CommonOptions {
  confirm?: boolean;
  run?: string;
  dryRun?: boolean;
  /** Take this phase back, instead of a run. */
  phase?: '1' | '3';
  models?: string[];
  backup?: string;
}

/** Undoes a run exactly, from the journal alone: the schema may have changed since. Returns the exit code. */
export async function rollbackCommand(options: RollbackOptions, context: Context): Promise<number> {
  if (!options.confirm && !options.dryRun) throw confirmMissing(options.phase);
  if (options.phase) return rollbackPhase(options.phase === '1' ? 1 : 3, options, context);
  const lost = options.models ? '--models' : options.backup ? '--backup' : null;
  if (lost)
    throw usageInvalid(
      `${lost} is for a phase that is taken back, and no phase is named; without one, rollback undoes the last run.`,
      'npm run migration:rollback -- --confirm --phase=1',
    );
  const settings = await loadDatabaseUrl(toRawConfig(context, options));
  announceDatabase(context, settings);
  const operator = { ...context.process, command: 'rollback' };
  const { signal, stopListening } = listenForInterrupt(context);
  const onWait = createProgress(context.stderr).wait;
  const done = await withDatabase(settings.url, async (database) => {
    if (options.dryRun) return previewRollback(database, await planRollback(database, options.run));
    await takeWriterLock(database, operator);
    return rollback(database, await planRollback(database, options.run), { operator, signal, onWait });
  }).finally(stopListening);
  const result: RollbackAnswer = {
    command: 'rollback',
    ok: done.isFinished,
    dryRun: options.dryRun === true,
    run: done.run,
    models: done.models,
    findings: [...done.findings, ...(done.cancelledBy ? [cancelled(done.cancelledBy)] : [])],
  };
  const paint = createPainter(context.stdout, context.env);
  writeAnswer(context, options, { result, text: (each) => renderRollback(each, done, paint) });
  if (done.isFinished) return 0;
  return done.cancelledBy ? 2 : 130;
}
