import { dirname, extname, relative, resolve } from 'node:path';
import { loadSchemaConfig } from '../config.ts';
import type { Context } from '../context.ts';
import { listNotCode, listNotReplaced } from '../errors.ts';
import { applyChanges, type FileChange, readText } from '../files.ts';
import { readPackage } from '../init/manager.ts';
import type { IsolationMap } from '../isolation/map.ts';
import type { Finding } from '../ownership/findings.ts';
import { modelClosed } from '../ownership/isolation-findings.ts';
import { renderGenerated } from '../report/isolation-generate.ts';
import { createPainter } from '../report/text.ts';
import { decideOwnership } from '../schema/decide.ts';
import { isIsolationList, renderIsolationList } from '../schema/isolation-list.ts';
import { quoteWord } from '../shell.ts';
import { repeatFlags } from '../typed-flags.ts';
import { buildIsolationMap } from '../schema/isolation-map.ts';
import { readDataModel } from '../schema/parse.ts';
import { describeSources, toRawConfig, writeAnswer } from './database-command.ts';
import type { IsolationOptions } from './isolation.ts';
import type { GenerateAnswer } from './isolation-results.ts';

const ES_MODULE = /^\.[cm]?tsx?$|^\.mjs$/;
const CODE = /^\.[cm]?[jt]sx?$/;

/**
 * Writes the list of models that the isolation library goes by. Reads the schema alone. Returns 1 for a dry run that finds
 * another list than the schema's, so that a build can watch over it.
 */
export async function generateCommand(options: IsolationOptions, context: Context): Promise<number> {
  const { generate: path = '', dryRun = false } = options;
  if (!CODE.test(extname(path))) throw listNotCode(path);
  const { located, schema, settings } = await loadSchemaConfig(toRawConfig(context, options));
  context.stderr.write(options.verbose ? describeSources(located) : `Schema: ${located.path}\n`);
  const map = buildIsolationMap(readDataModel(located.files), decideOwnership(schema, settings));
  const isModule = isEsModule(resolve(context.cwd, path));
  const place = relative(context.cwd, resolve(context.cwd, path));
  const before = readText(context.cwd, place);
  if (before !== null && !isIsolationList(before)) throw listNotReplaced(path);
  const after = renderIsolationList(map, { command: describeAgain(place, options), isModule });
  const change: FileChange = { path: place, before, after };
  const isSame = before === after;
  if (!isSame && !dryRun) applyChanges(context.cwd, [change], `${generateAs(path)} --dry-run`);
  const result: GenerateAnswer = {
    command: 'isolation',
    generate: path,
    ok: isSame || !dryRun,
    dryRun,
    change: isSame ? 'unchanged' : before === null ? 'created' : 'changed',
    ownerModel: map.ownerModel,
    models: describeScopes(map),
    findings: describeClosed(map),
  };
  const paint = createPainter(context.stdout, context.env);
  writeAnswer(context, options, { result, text: (each) => renderGenerated(each, paint) });
  return result.ok ? 0 : 1;
}

const generateAs = (path: string) => `npm run migration:isolation -- --generate=${quoteWord(path)}`;

/** The command that the list says it is written by: the same however the path was typed, and with what decides about models. */
function describeAgain(place: string, { ownerModel, ownerColumn, exclude }: IsolationOptions): string {
  const command = repeatFlags(generateAs(place.replaceAll('\\', '/')), { ownerModel, ownerColumn, exclude });
  return command.replace('npm run migration:isolation -- ', 'npx prisma-ownership isolation ');
}

/** How Node.js reads a file: by its name, or by the package that it is in. TypeScript is written as a module anyway. */
function isEsModule(file: string): boolean {
  const extension = extname(file);
  if (ES_MODULE.test(extension)) return true;
  if (extension !== '.js' && extension !== '.jsx') return false;
  for (let folder = dirname(file); ; folder = dirname(folder)) {
    const found = readPackage(folder);
    if (Object.keys(found).length > 0 || folder === dirname(folder)) return found.type === 'module';
  }
}

function describeScopes({ models }: IsolationMap): GenerateAnswer['models'] {
  return Object.entries(models).map(([model, { scope }]) => {
    if (scope.kind === 'owned') return { model, scope: scope.kind, by: scope.field };
    return scope.kind === 'through'
      ? { model, scope: scope.kind, by: scope.relation }
      : { model, scope: scope.kind };
  });
}

function describeClosed({ models }: IsolationMap): Finding[] {
  return Object.entries(models).flatMap(([model, { scope }]) =>
    scope.kind === 'closed' ? [modelClosed(model, scope.reason)] : [],
  );
}
