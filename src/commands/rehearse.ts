import { version } from '../../package.json';
import { type Config, loadConfig } from '../config.ts';
import type { Context } from '../context.ts';
import { withDatabase } from '../database/connect.ts';
import { recordEvidence } from '../ownership/evidence.ts';
import type { User } from '../ownership/target.ts';
import { getOwnerTable, getUser } from '../ownership/users.ts';
import type { Operator } from '../ownership/writer.ts';
import { planPhase1 } from '../phases/add-owners.ts';
import { type CopyReport, withCopies } from '../rehearsal/copies.ts';
import { countProduction, predict } from '../rehearsal/predict.ts';
import { type Rehearsal, rehearse } from '../rehearsal/rehearse.ts';
import { choosePhase1 } from '../rehearsal/stage.ts';
import { renderRehearsal } from '../report/rehearse.ts';
import { createRehearsalProgress } from '../report/rehearsal-progress.ts';
import { createPainter } from '../report/text.ts';
import { readTargetUrl } from '../target-url.ts';
import {
  announceDatabase,
  type CommonOptions,
  describeSources,
  listenForInterrupt,
  nameDatabase,
  toRawConfig,
  writeAnswer,
} from './database-command.ts';
import type { RehearseAnswer } from './results.ts';

export interface RehearseOptions extends CommonOptions {
  from?: string;
  to?: string;
  models?: string[];
}

const STOPPING = 'Stopping, and removing the copies';

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
  const operator: Operator = { ...context.process, command: 'rehearse' };
  const started = performance.now();
  try {
    const done = await withCopies(
      {
        source: config.url,
        from: options.from ?? null,
        server,
        cwd: context.cwd,
        env: context.env,
        operator,
        signal,
        note: (text) => context.stderr.write(`${text}\n`),
        onStart: progress.onCopy,
        onProgress: () => undefined,
      },
      async (copies, { report, findings }) => {
        const rehearsal = await rehearse(copies, {
          project: { ...config, cwd: context.cwd },
          models: options.models,
          userId,
          operator,
          toolVersion: version,
          signal,
          source: report.database.name,
          onProgress: progress.onRows,
          onStart: progress.onStart,
          onEnd: progress.onEnd,
        });
        return { rehearsal: { ...rehearsal, findings: [...findings, ...rehearsal.findings] }, report };
      },
    );
    const answer = await describe(config, { ...done, user, server: nameDatabase(server) });
    answer.elapsedMs = Math.round(performance.now() - started);
    await record(config, answer, context);
    const paint = createPainter(context.stdout, context.env);
    writeAnswer(context, options, { result: answer, text: (each) => renderRehearsal(each, paint) });
    return answer.ok ? 0 : 1;
  } catch (error) {
    if (!signal.aborted) throw error;
    context.stderr.write('Stopped. The copies are removed, and nothing else was changed.\n');
    return 130;
  } finally {
    progress.stop();
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

interface Done {
  rehearsal: Rehearsal;
  report: CopyReport;
  user: User;
  server: RehearseAnswer['server'];
}

/** With what the same would take in production, by the rows that it has now. */
async function describe({ url }: Config, { rehearsal, report, user, server }: Done): Promise<RehearseAnswer> {
  const { ok, parts, proof, findings, owned } = rehearsal;
  const production = await withDatabase(url, (database) => countProduction(database, owned));
  return {
    command: 'rehearse',
    ok,
    database: nameDatabase(url),
    user: { id: user.id, label: user.label },
    copied: report,
    server,
    parts: parts.map((part) => ({
      ...part,
      models: part.models.map((measure) => ({
        ...measure,
        elapsedMs: Math.round(measure.elapsedMs),
        longestLockMs: Math.round(measure.longestLockMs),
        production: predict(part.part, measure, production),
      })),
    })),
    proof,
    elapsedMs: 0,
    findings,
  };
}

/** The rehearsal is what it is where this role may not write that down. */
async function record({ url }: Config, answer: RehearseAnswer, context: Context): Promise<void> {
  const { ok, user } = answer;
  const evidence = { userId: user.id, host: context.process.host, ok, answer };
  try {
    await withDatabase(url, (database) => recordEvidence(database, 'rehearsal', evidence));
  } catch (error) {
    context.stderr.write(`The rehearsal is not noted in the journal: ${(error as Error).message}\n`);
  }
}
