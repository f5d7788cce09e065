import { loadDatabaseUrl } from '../config.ts';
import type { Context } from '../context.ts';
import { withDatabase } from '../database/connect.ts';
import type { Database, Session } from '../database/dialect.ts';
import { notPaused, nothingRuns } from '../errors.ts';
import { findControl, requestOf } from '../ownership/control.ts';
import { addEvent, isUnfinished, listRuns, type Run } from '../ownership/journal.ts';
import { isHeldByAnother, readClock } from '../ownership/writer.ts';
import { renderRequest } from '../report/pause-resume-cancel.ts';
import { stepCommand } from '../typed-flags.ts';
import {
  announceDatabase,
  type CommonOptions,
  nameDatabase,
  nameOperator,
  toRawConfig,
  writeAnswer,
} from './database-command.ts';
import type { RequestAnswer } from './results.ts';

type RequestName = RequestAnswer['command'];

/** Asks the process that works on a run to pause, to go on, or to end; it obeys after its current batch. Exit code 0. */
export async function requestCommand(
  command: RequestName,
  options: CommonOptions,
  context: Context,
): Promise<number> {
  const settings = await loadDatabaseUrl(toRawConfig(context, options));
  announceDatabase(context, settings);
  const by = nameOperator(context);
  const run = await withDatabase(settings.url, (database) => {
    return database.signal((session) => ask(session, database, { command, by, context }));
  });
  const { id, ownerId, pid, host } = run;
  const result: RequestAnswer = {
    command,
    ok: true,
    database: nameDatabase(settings.url),
    run: id,
    ownerId,
    process: { pid: pid ?? 0, host: host ?? '' },
  };
  writeAnswer(context, options, { result, text: renderRequest });
  return 0;
}

/** Throws NOTHING_RUNS or NOT_PAUSED. */
async function ask(
  session: Session,
  { dialect, url }: Database,
  { command, by, context }: { command: RequestName; by: string; context: Context },
): Promise<Run> {
  const runs = await listRuns(session, dialect, url.defaultSchema);
  const now = await readClock(session, dialect);
  const operator = { ...context.process, command };
  const run = runs.find((each) => isHeldByAnother(each, operator, now));
  const control = run && (await findControl(session, dialect, run.id));
  if (!run || !control) throw nothingRuns(command, describeLast(runs[0]));
  if (command === 'resume' && control.request === null) throw notPaused(run.id, run.ownerId);
  const request = command === 'resume' ? null : command;
  await requestOf(session, dialect, { run: run.id, request, by });
  await addEvent(session, dialect, run.id, `${command} asked for by ${by}`);
  return run;
}

function describeLast(run: Run | undefined) {
  if (!run) return null;
  const next = isUnfinished(run) ? stepCommand('assign', run.ownerId, run.flags) : 'npm run migration:status';
  return { run: run.id, status: run.status, next };
}
