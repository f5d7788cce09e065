import { loadDatabaseUrl } from '../config.ts';
import type { Context } from '../context.ts';
import { withDatabase } from '../database/connect.ts';
import type { Database, Session } from '../database/dialect.ts';
import { estimateRate, findControl } from '../ownership/control.ts';
import { describeGuards, listGuards, reportGuards } from '../ownership/guard.ts';
import { listBatchTotals, listLastBatches, listRunModels, listRuns, type Run } from '../ownership/journal.ts';
import { listLags } from '../ownership/lag.ts';
import { isHeldByAnother, readClock } from '../ownership/writer.ts';
import { renderStatus } from '../report/status.ts';
import { createPainter } from '../report/text.ts';
import {
  announceDatabase,
  type CommonOptions,
  nameDatabase,
  toRawConfig,
  writeAnswer,
} from './database-command.ts';
import type { LiveProgress, StatusAnswer } from './results.ts';

/** Shows the runs and how far they are, from the journal alone. Reads only. */
export async function statusCommand(options: CommonOptions, context: Context): Promise<number> {
  const settings = await loadDatabaseUrl(toRawConfig(context, options));
  announceDatabase(context, settings);
  const found = await withDatabase(settings.url, (database) =>
    database.read(async (session) => {
      const now = await readClock(session, database.dialect);
      const described = [];
      for (const run of await listRuns(session, database.dialect, settings.url.defaultSchema)) {
        described.push(await describeRun(session, database, run, isWorkedOn(run, context, now)));
      }
      const guards = await listGuards(session, database);
      const findings = await describeGuards(session, database, { guards });
      const replicas = await listLags(session, database);
      return { runs: described, replicas, guards: reportGuards(guards), findings };
    }),
  );
  const result: StatusAnswer = {
    command: 'status',
    database: nameDatabase(settings.url),
    ...found,
  };
  const paint = createPainter(context.stdout, context.env);
  writeAnswer(context, options, { result, text: (each) => renderStatus(each, paint) });
  return 0;
}

function isWorkedOn(run: Run, context: Context, now: string): boolean {
  return isHeldByAnother(run, { ...context.process, command: 'status' }, now);
}

async function describeRun(
  session: Session,
  { dialect }: Database,
  run: Run,
  isHeld: boolean,
): Promise<StatusAnswer['runs'][number]> {
  const totals = await listBatchTotals(session, dialect, run.id);
  const models = (await listRunModels(session, dialect, run.id)).map(({ model, status, before }) => {
    const { rows = 0, batches = 0, reverted = 0 } = totals.find((total) => total.model === model) ?? {};
    return { model, status, toAssign: before.unowned, assigned: rows, batches, reverted };
  });
  const left = models.reduce((sum, each) => sum + Math.max(0, each.toAssign - each.assigned), 0);
  const live = isHeld ? await describeLive(session, dialect, run.id, left) : null;
  const { id, status, ownerModel, ownerId, started, finished, flags } = run;
  const process = isHeld
    ? { command: run.command ?? '', host: run.host ?? '', pid: run.pid ?? 0, heartbeat: run.heartbeat ?? '' }
    : null;
  return { id, status, ownerModel, ownerId, started, finished, flags, process, live, models };
}

async function describeLive(
  session: Session,
  dialect: Database['dialect'],
  run: string,
  left: number,
): Promise<LiveProgress> {
  const control = await findControl(session, dialect, run);
  const rowsPerSecond = estimateRate(await listLastBatches(session, dialect, run));
  return {
    rowsPerSecond,
    secondsLeft: rowsPerSecond ? Math.round(left / rowsPerSecond) : null,
    waiting: control?.waiting ? { cause: control.waiting, since: control.waitingSince ?? '' } : null,
    request: control?.request ? { what: control.request, by: control.requestedBy ?? '' } : null,
  };
}
