import { resolve } from 'node:path';
import { version } from '../../package.json';
import { loadDatabaseUrl } from '../config.ts';
import type { Context } from '../context.ts';
import { withDatabase } from '../database/connect.ts';
import { renderWrittenReport } from '../report/report.ts';
import { findCurrent, findNextOfRun } from '../report/next.ts';
import { createPainter } from '../report/text.ts';
import { countRowsByOwner } from '../report-page/count-rows.ts';
import { gatherRecord } from '../report-page/gather-report.ts';
import { renderPage } from '../report-page/render-page.ts';
import type { ReportAnswer } from '../report-page/report-data.ts';
import { readPlotLibrary } from '../report-page/uplot.ts';
import { decideVerdict } from '../report-page/verdict.ts';
import { isReportThere, writeReport } from '../report-page/write-report.ts';
import { pickFlags } from '../typed-flags.ts';
import { readChecklist } from './checklist.ts';
import {
  announceDatabase,
  type CommonOptions,
  nameDatabase,
  spellResult,
  toRawConfig,
  writeAsIs,
} from './database-command.ts';
import { describeModel } from './models.ts';
import { readJournal } from './status.ts';

export interface ReportOptions extends CommonOptions {
  out: string;
}

/**
 * Writes the report as one HTML file, or with `--json` the same data to stdout, and no file. Returns 0 where it could be read, whatever the
 * verdict is. Throws REPORT_NOT_REPLACED or REPORT_NOT_WRITABLE, with what was there before as it was.
 */
export async function reportCommand(options: ReportOptions, context: Context): Promise<number> {
  const place = { path: resolve(context.cwd, options.out), shown: options.out };
  if (!options.json) isReportThere(place);
  const answer = spellResult(context, options, await gatherAnswer(options, context));
  if (options.json) {
    writeAsIs(context, options, { result: answer, text: () => '' });
    return 0;
  }
  const page = renderPage(answer, readPlotLibrary());
  const isReplaced = writeReport(place, page);
  const paint = createPainter(context.stdout, context.env);
  const written = { path: options.out, bytes: Buffer.byteLength(page), isReplaced };
  writeAsIs(context, options, {
    result: answer,
    text: ({ verdict }) => renderWrittenReport(written, verdict, paint),
  });
  return 0;
}

/** The journal of one moment, then the checklist, then the rows as they are now. */
async function gatherAnswer(options: ReportOptions, context: Context): Promise<ReportAnswer> {
  const settings = await loadDatabaseUrl(toRawConfig(context, options));
  announceDatabase(context, settings);
  const { journal, record } = await withDatabase(settings.url, (database) =>
    database.read(async (session) => {
      const journal = await readJournal(session, database, context);
      return { journal, record: await gatherRecord(session, database, journal.runs) };
    }),
  );
  const { runs, time, guards, replicas, findings } = journal;
  const checklist = await readChecklist(context, options, { runs, located: settings.located });
  const decision = checklist.lines ? checklist.config.decision : null;
  const rows = await withDatabase(settings.url, (database) =>
    database.read((session) => countRowsByOwner(session, database, { runs, decision })),
  );
  const current = findCurrent(runs);
  return {
    command: 'report',
    database: nameDatabase(settings.url),
    time: checklist.lines ? checklist.time : time,
    toolVersion: version,
    verdict: decideVerdict(checklist.lines, runs),
    // As in the status: a run that is worked on goes before all else.
    next: checklist.lines && !current?.process ? checklist.next : findNextOfRun(current),
    settings: {
      flags: pickFlags(options),
      ownerModel: decision?.owner.model.name ?? null,
      models: decision?.classified.map(describeModel) ?? null,
    },
    checklist: checklist.lines,
    rows,
    ...record,
    guards,
    replicas,
    findings: [...findings, ...checklist.findings],
  };
}
