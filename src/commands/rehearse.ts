import { version } from '../../package.json';
import { type Config, loadConfig } from '../config.ts';
import type { Context } from '../context.ts';
import { withDatabase } from '../database/connect.ts';
import type { DatabaseUrl } from '../database/database-url.ts';
import { rehearsalInterrupted } from '../errors.ts';
import type { User } from '../ownership/target.ts';
import { getOwnerTable, getUser } from '../ownership/users.ts';
import type { Operator } from '../ownership/writer.ts';
import { planPhase1 } from '../phases/add-owners.ts';
import { type CopyReport, withCopies } from '../rehearsal/copies.ts';
import { type Rehearsal, rehearse } from '../rehearsal/rehearse.ts';
import { choosePhase1 } from '../rehearsal/stage.ts';
import { writeError } from '../report/error.ts';
import { createRehearsalProgress, type RehearsalProgress } from '../report/rehearsal-progress.ts';
import { renderRehearsal } from '../report/rehearse.ts';
import { createPainter } from '../report/text.ts';
import { readTargetUrl } from '../target-url.ts';
import {
  announceDatabase,
  type CommonOptions,
  describeSources,
  listenForInterrupt,
  toRawConfig,
  writeAnswer,
} from './database-command.ts';
import { describeRehearsal, keepEvidence } from './rehearse-answer.ts';

export interface RehearseOptions extends CommonOptions {
  from?: string;
  to?: string;
  models?: string[];
}

const STOPPING = 'Stopping, and removing the copies';

/** What a rehearsal is made with. */
interface Work {
  userId: string;
  options: RehearseOptions;
  context: Context;
  config: Config;
  /** Where the copies are made. */
  server: DatabaseUrl;
  signal: AbortSignal;
  progress: RehearsalProgress;
}

/** Goes through the whole checklist on two scratch copies, which are removed in the end. Returns the exit code. */
export async function rehearseCommand(
  userId: string,
  options: RehearseOptions,
  context: Context,
): Promise<number> {
  const raw = toRawConfig(context, options);
  const config = await loadConfig(raw);
  announceDatabase(context, config, `, schema ${config.located.path}`);
  if (options.verbose) context.stderr.write(describeSources(config.located));
  const server = options.to === undefined ? config.url : readTargetUrl(raw, options.to);
  const user = await refuseEarly(config, userId, options, context);
  const { signal, stopListening } = listenForInterrupt(context, STOPPING);
  const progress = createRehearsalProgress(context.stderr);
  const started = performance.now();
  try {
    const done = await rehearseOnCopies({ userId, options, context, config, server, signal, progress });
    const result = await describeRehearsal(config, { ...done, user, server, started, note: progress.note });
    progress.stop();
    await keepEvidence(config, result, { host: context.process.host, note: progress.note });
    const paint = createPainter(context.stdout, context.env);
    writeAnswer(context, options, { result, text: (each) => renderRehearsal(each, paint) });
    return result.ok ? 0 : 1;
  } catch (error) {
    progress.stop();
    if (!signal.aborted) throw error;
    writeError(rehearsalInterrupted(userId), context, { command: 'rehearse', typed: options });
    return 130;
  } finally {
    stopListening();
  }
}

/** What makes a rehearsal pointless is said before anything is copied. */
async function refuseEarly(
  config: Config,
  userId: string,
  { models }: RehearseOptions,
  { cwd }: Context,
): Promise<User> {
  const project = { ...config, cwd };
  await planPhase1(project, { models: choosePhase1({ project, models }), database: null });
  const { decision, url } = config;
  return withDatabase(url, ({ read, dialect }) =>
    read(async (session) => {
      const owner = await getOwnerTable(session, dialect, decision, url.defaultSchema);
      return getUser(session, dialect, decision, { owner, id: userId });
    }),
  );
}

/** The copies are gone when it returns, and when it throws; but for those that are `left`. */
async function rehearseOnCopies(
  work: Work,
): Promise<{ rehearsal: Rehearsal; report: CopyReport; left: string[] }> {
  const { options, context, config, server, signal, progress } = work;
  const operator: Operator = { ...context.process, command: 'rehearse' };
  const left: string[] = [];
  const request = {
    source: config.url,
    from: options.from ?? null,
    server,
    cwd: context.cwd,
    env: context.env,
    operator,
    signal,
    note: progress.note,
    onLeft: (name: string) => left.push(name),
    onStart: progress.onCopy,
    onProgress: progress.onBackup,
    onTurn: progress.onTurn,
  };
  const done = await withCopies(request, async (copies, { report, findings }) => {
    const rehearsal = await rehearse(copies, {
      project: { ...config, cwd: context.cwd },
      models: options.models,
      userId: work.userId,
      operator,
      toolVersion: version,
      signal,
      source: report.database.name,
      onProgress: progress.onRows,
      onStart: progress.onStart,
      onEnd: progress.onEnd,
    });
    return { rehearsal: { ...rehearsal, findings: [...findings, ...rehearsal.findings] }, report };
  });
  return { ...done, left };
}
