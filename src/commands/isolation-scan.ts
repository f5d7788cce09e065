import { realpathSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { loadDatabaseUrl, loadSchemaConfig } from '../config.ts';
import type { Context } from '../context.ts';
import { withDatabase } from '../database/connect.ts';
import { scanFolderEmpty, scanFolderMissing, ToolkitError } from '../errors.ts';
import { listSqlNames } from '../isolation-scan/raw-sql.ts';
import { type Scanned, type ScannedCall, scanFolder } from '../isolation-scan/scan-folder.ts';
import { recordEvidence } from '../ownership/evidence.ts';
import { hasErrors } from '../ownership/findings.ts';
import { renderScan } from '../report/isolation-scan.ts';
import { createPainter } from '../report/text.ts';
import { decideOwnership } from '../schema/decide.ts';
import { buildIsolationMap } from '../schema/isolation-map.ts';
import { readDataModel } from '../schema/parse.ts';
import { describeSources, toRawConfig, writeAnswer } from './database-command.ts';
import type { IsolationOptions } from './isolation.ts';
import type { ScanAnswer } from './isolation-results.ts';

/**
 * Scans the application's code for calls that are not scoped to a user. It needs the schema alone; where a database answers,
 * the result is journaled, and nothing depends on that. Returns 1 where a call is an error and not ignored.
 */
export async function scanCommand(options: IsolationOptions, context: Context): Promise<number> {
  const { scan: typed = '', dryRun = false } = options;
  const folder = findFolder(context.cwd, typed);
  const { located, schema, settings } = await loadSchemaConfig(toRawConfig(context, options));
  context.stderr.write(options.verbose ? describeSources(located) : `Schema: ${located.path}\n`);
  const dataModel = readDataModel(located.files);
  const map = buildIsolationMap(dataModel, decideOwnership(schema, settings));
  const sql = listSqlNames(schema, dataModel, map);
  const scanned = scanFolder({ folder, cwd: realpathSync(context.cwd), map, sql });
  for (const line of describeSkipped(scanned.skipped)) context.stderr.write(`${line}\n`);
  if (scanned.files === 0) throw scanFolderEmpty(typed);
  const result = describeScan(typed, scanned);
  const paint = createPainter(context.stdout, context.env);
  writeAnswer(context, options, { result, text: (each) => renderScan(each, paint) });
  if (dryRun) context.stderr.write('The result was not journaled: --dry-run.\n');
  else await keepEvidence(result, options, context);
  return result.ok ? 0 : 1;
}

function findFolder(cwd: string, typed: string): string {
  const path = resolve(cwd, typed);
  const found = statSync(path, { throwIfNoEntry: false });
  if (!found) throw scanFolderMissing(typed, 'there is no such folder');
  if (!found.isDirectory()) throw scanFolderMissing(typed, 'it is a file, and a folder is asked for');
  return realpathSync(path);
}

const MOST_SKIPPED = 5;

/** What was passed over, by the reason. */
function describeSkipped(skipped: Scanned['skipped']): string[] {
  return [...new Set(skipped.map(({ why }) => why))].map((reason) => {
    const paths = skipped.filter(({ why }) => why === reason).map(({ path }) => path);
    const more = paths.length > MOST_SKIPPED ? `, and ${paths.length - MOST_SKIPPED} more` : '';
    return `Passed over (${reason}): ${paths.slice(0, MOST_SKIPPED).join(', ')}${more}`;
  });
}

function describeScan(scan: string, { files, calls, scoped, findings }: Scanned): ScanAnswer {
  const count = (isCounted: (call: ScannedCall) => boolean) =>
    calls.filter((call) => call.ignored === undefined && isCounted(call)).length;
  const counts = {
    errors: count(({ severity }) => severity === 'error'),
    warnings: count(({ severity }) => severity === 'warning'),
    scopedByHand: count(({ code }) => code === 'SCOPED_BY_HAND'),
    ignored: calls.length - count(() => true),
    meant: count(({ meant }) => meant !== undefined),
    scoped,
  };
  return {
    command: 'isolation',
    scan,
    ok: counts.errors === 0 && !hasErrors(findings),
    files,
    calls: calls.map(({ file, line, column, model, operation, code, severity, ...rest }) => {
      return { file, line, column, model, operation, code, severity, ...rest };
    }),
    counts,
    findings,
  };
}

/** The answer is the same without it: a scan needs no database. */
async function keepEvidence(
  { scan, files, counts, ok }: ScanAnswer,
  options: IsolationOptions,
  context: Context,
): Promise<void> {
  const { errors, warnings, ignored, meant } = counts;
  const body = { dir: scan, files, errors, warnings, ignored, meant, host: context.process.host, ok };
  try {
    const { url } = await loadDatabaseUrl(toRawConfig(context, options));
    await withDatabase(url, (database) => recordEvidence(database, 'isolationScan', body));
  } catch (error) {
    if (!(error instanceof ToolkitError)) throw error;
    const [fact] = error.message.split('\n');
    context.stderr.write(`The result was not journaled: ${fact}\n`);
  }
}
