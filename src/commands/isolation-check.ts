import { type Config, loadConfig } from '../config.ts';
import type { Context } from '../context.ts';
import { withDatabase } from '../database/connect.ts';
import type { DatabaseUrl } from '../database/database-url.ts';
import { explainDriverError } from '../database/driver-errors.ts';
import { checkInterrupted, clientNotCopied, ToolkitError } from '../errors.ts';
import { checkIsolation } from '../isolation-check/check.ts';
import { type ClientModule, loadClientModule } from '../isolation-check/client-module.ts';
import { withCopy } from '../isolation-check/copy.ts';
import { describeAttempts, describeGround } from '../isolation-check/describe.ts';
import { countAttempts, isTried } from '../isolation-check/verdict.ts';
import { recordEvidence } from '../ownership/evidence.ts';
import type { Finding } from '../ownership/findings.ts';
import { writeError } from '../report/error.ts';
import { renderCheck } from '../report/isolation-check.ts';
import { createPainter } from '../report/text.ts';
import { createTicker, type Ticker } from '../report/ticker.ts';
import { buildIsolationMap } from '../schema/isolation-map.ts';
import { readDataModel } from '../schema/parse.ts';
import {
  announceDatabase,
  describeSources,
  listenForInterrupt,
  nameDatabase,
  toRawConfig,
  writeAnswer,
} from './database-command.ts';
import type { IsolationOptions } from './isolation.ts';
import type { CheckAnswer } from './isolation-results.ts';

/** What a check is made with. */
interface Work {
  options: IsolationOptions;
  context: Context;
  config: Config;
  module: ClientModule | null;
  signal: AbortSignal;
  ticker: Ticker;
}

/** Tries what one user can do to the rows of another, and changes nothing. Returns 1 where a row was got at. */
export async function checkCommand(options: IsolationOptions, context: Context): Promise<number> {
  const config = await loadConfig(toRawConfig(context, options));
  announceDatabase(context, config, `, schema ${config.located.path}`);
  if (options.verbose) context.stderr.write(describeSources(config.located));
  const { client } = options;
  const module = client === undefined ? null : await loadClientModule(context.cwd, client);
  if (module && !module.takesClient && options.copy) throw clientNotCopied(module.file);
  const { signal, stopListening } = listenForInterrupt(context, 'Stopping after the current attempt');
  const ticker = createTicker(context.stderr);
  try {
    const result = await check({ options, context, config, module, signal, ticker });
    ticker.stop();
    await keepEvidence(config, result, context);
    const paint = createPainter(context.stdout, context.env);
    writeAnswer(context, options, { result, text: (each) => renderCheck(each, paint) });
    return result.ok ? 0 : 1;
  } catch (error) {
    ticker.stop();
    if (!signal.aborted) throw explainDriverError(error, config.url, false);
    writeError(checkInterrupted(), context, { command: 'isolation', typed: options });
    return 130;
  } finally {
    stopListening();
  }
}

async function check(work: Work): Promise<CheckAnswer> {
  const { options, context, config, signal } = work;
  if (!options.copy) return checkDatabase(work, config.url);
  const operator = { ...context.process, command: 'isolation' };
  const { cwd, env } = context;
  const note = (text: string) => void context.stderr.write(`${text}\n`);
  return withCopy(config.url, { cwd, env, operator, signal, note }, (copy) => checkDatabase(work, copy));
}

async function checkDatabase(work: Work, url: DatabaseUrl): Promise<CheckAnswer> {
  const { config, module, signal, ticker, options } = work;
  const { decision, schema, located } = config;
  const report = await checkIsolation({
    url,
    files: located.files,
    map: buildIsolationMap(readDataModel(located.files), decision),
    module,
    signal,
    onModel: (model, { index, of }) => ticker.show(`Trying ${model}, ${index} of ${of} models`),
  });
  const { shape, isUnderRls, users } = report;
  const ground = await withDatabase(url, (database) =>
    describeGround(database, { shape, decision, schema, isUnderRls }),
  );
  const ways = report.ways.map((way) => ({ ...way, counts: countAttempts(way.attempts) }));
  const counts = countAttempts(ways.flatMap(({ attempts }) => attempts));
  return {
    command: 'isolation',
    check: true,
    ok: counts.leaks === 0 && ways.every(({ state, attempts }) => state !== 'tried' || isTried(attempts)),
    database: nameDatabase(config.url),
    copied: options.copy === true,
    users,
    ways,
    counts,
    findings: withoutDoubles([...describeAttempts(report), ...ground]),
  };
}

/** What cannot be tried cannot be tried by any way. */
function withoutDoubles(findings: readonly Finding[]): Finding[] {
  return [...new Map(findings.map((finding) => [JSON.stringify(finding), finding])).values()];
}

/** What was found is true where this role may not write that down. */
async function keepEvidence(
  { url }: Config,
  { ok, ways, counts }: CheckAnswer,
  context: Context,
): Promise<void> {
  const evidence = {
    ok,
    ways: ways
      .filter(({ state }) => state === 'tried')
      .map(({ way, counts: each }) => {
        const { attempts, leaks, notTried, notSeen } = each;
        return { way, attempts, leaks, notTried: notTried + notSeen };
      }),
    leaks: counts.leaks,
    host: context.process.host,
  };
  try {
    await withDatabase(url, (database) => recordEvidence(database, 'isolationCheck', evidence));
  } catch (error) {
    if (!(error instanceof ToolkitError)) throw error;
    const [fact] = error.message.split('\n');
    context.stderr.write(
      `The journal does not say that this was checked: ${fact} What was found is true all the same.\n`,
    );
  }
}
