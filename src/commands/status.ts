import { type LineName, tickCommand } from '../checklist/lines.ts';
import { loadDatabaseUrl } from '../config.ts';
import type { Context } from '../context.ts';
import { withDatabase } from '../database/connect.ts';
import type { Database, Session } from '../database/dialect.ts';
import { noteMissing, usageInvalid } from '../errors.ts';
import { estimateRate, findControl } from '../ownership/control.ts';
import { describeGuards, listGuards, reportGuards } from '../ownership/guard.ts';
import { listBatchTotals, listLastBatches, listRunModels, listRuns, type Run } from '../ownership/journal.ts';
import { listLags } from '../ownership/lag.ts';
import { readSafety } from '../ownership/safety.ts';
import { tickLine } from '../ownership/ticks.ts';
import { isHeldByAnother, readClock } from '../ownership/writer.ts';
import { findCurrent, findNextOfRun } from '../report/next.ts';
import { renderStatus } from '../report/status.ts';
import { renderStatusMarkdown } from '../report/status-markdown.ts';
import { createPainter } from '../report/text.ts';
import { readChecklist } from './checklist.ts';
import {
  announceDatabase,
  type CommonOptions,
  nameDatabase,
  nameOperator,
  toRawConfig,
  writeAnswer,
} from './database-command.ts';
import type { LiveProgress, StatusAnswer } from './results.ts';
import { isGoneOn, reportSafety } from './safety.ts';

export interface StatusOptions extends CommonOptions {
  tick?: LineName;
  note?: string;
  markdown?: boolean;
}

const NOTE_USAGE = '--note goes with --tick: it says what proves the line that is ticked.';

/** Shows the runs, from the journal alone, and the checklist. It writes nothing but what is to be ticked. */
export async function statusCommand(options: StatusOptions, context: Context): Promise<number> {
  const { tick, note } = options;
  if (note !== undefined && tick === undefined) throw usageInvalid(NOTE_USAGE, tickCommand('app'));
  if (note === undefined && tick !== undefined) throw noteMissing(tick, tickCommand(tick));
  const settings = await loadDatabaseUrl(toRawConfig(context, options));
  announceDatabase(context, settings);
  const found = await withDatabase(settings.url, async (database) => {
    if (tick && note) await tickLine(database, { line: tick, note, by: nameOperator(context) });
    return database.read((session) => readJournal(session, database, context));
  });
  const checklist = await readChecklist(context, options, {
    runs: found.runs,
    located: settings.located,
  });
  const { findings, ...rest } = found;
  const current = findCurrent(rest.runs);
  const result: StatusAnswer = {
    command: 'status',
    database: nameDatabase(settings.url),
    ...rest,
    ...(checklist.lines ? { time: checklist.time } : {}),
    checklist: checklist.lines,
    // A run that is worked on goes before all else.
    next: checklist.lines && !current?.process ? checklist.next : findNextOfRun(current),
    findings: [...findings, ...checklist.findings],
  };
  const paint = createPainter(context.stdout, context.env);
  const render = options.markdown ? renderStatusMarkdown : (each: StatusAnswer) => renderStatus(each, paint);
  writeAnswer(context, options, { result, text: render });
  return 0;
}

/** All of a status that needs no schema, of one moment. */
export async function readJournal(session: Session, database: Database, context: Context) {
  const { dialect, url } = database;
  const time = await readClock(session, dialect);
  const runs: StatusAnswer['runs'] = [];
  for (const run of await listRuns(session, dialect, url.defaultSchema))
    runs.push(await describeRun(session, database, run, isWorkedOn(run, context, time)));
  const guards = await listGuards(session, database);
  const findings = await describeGuards(session, database, { guards });
  const replicas = await listLags(session, database);
  const safety = reportSafety(await readSafety(session, database, isGoneOn(context)));
  return { time, runs, replicas, safety, guards: reportGuards(guards), findings };
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
