import { relative } from 'node:path';
import type { IsolationMap } from '../isolation/map.ts';
import type { Finding } from '../ownership/findings.ts';
import { isIsolationList } from '../schema/isolation-list.ts';
import { collectFacts, type Facts, solveFacts } from './facts.ts';
import { findCalls } from './calls.ts';
import { listCodeFiles } from './files.ts';
import { fileNotParsed, fileNotReadable, listOld } from './findings.ts';
import { applyIgnores, type IgnoredCall } from './ignore.ts';
import { isListCurrent } from './list-age.ts';
import { createLoader, type Loaded } from './load.ts';
import { createMemory, type Project } from './project.ts';
import type { SqlNames } from './raw-sql.ts';
import { createResolver } from './resolve.ts';

/** What a folder is scanned for. */
export interface ScanSettings {
  /** Absolute; and where paths that are shown begin. */
  folder: string;
  cwd: string;
  map: IsolationMap;
  sql: SqlNames;
}

/** A call as results have it: `file` as it is typed from the working directory. */
export interface ScannedCall extends IgnoredCall {
  file: string;
}

export interface Scanned {
  /** How many files of the application's code there are. */
  files: number;
  calls: ScannedCall[];
  /** Calls on owned rows through a scoped client. */
  scoped: number;
  findings: Finding[];
  skipped: { path: string; why: string }[];
}

/** A file in which nothing of this is, and no model's name, has no call that could be listed. */
const WORTH_A_LOOK = [
  'prisma',
  '\\b(?:find(?:Unique|First|Many)|create|update|upsert|delete|count|aggregate|groupBy)',
  '\\$(?:query|execute|parent)',
  'ownership-ignore',
];

/**
 * Scans the code below a folder in two passes over its files: what is handed to whom, then the calls. A file that cannot be
 * read or parsed is a finding.
 */
export function scanFolder(settings: ScanSettings): Scanned {
  const { folder, cwd } = settings;
  const show = (path: string) => relative(cwd, path) || '.';
  const { files, skipped } = listCodeFiles(folder);
  const load = createLoader();
  const project = createProject(settings, load);
  const scanned: Scanned = {
    files: 0,
    calls: [],
    scoped: 0,
    findings: [],
    skipped: skipped.map(({ path, why }) => ({ path: show(path), why })),
  };
  const models = [...project.delegates.keys()].map((name) => `\\b${name}\\b`);
  const isWorthALook = new RegExp([...WORTH_A_LOOK, ...models].join('|'), 'i');
  const candidates: string[] = [];
  const facts: Facts = new Map();
  for (const file of files) {
    const loaded = load(file);
    const finding = describeUnread(loaded, show(file));
    if (loaded.kind === 'generated') scanned.skipped.push({ path: show(file), why: 'Prisma generated it' });
    else scanned.files++;
    if (finding) scanned.findings.push(finding);
    if (loaded.kind !== 'code') continue;
    if (isIsolationList(loaded.text)) {
      if (!isListCurrent(loaded.module, settings.map)) scanned.findings.push(listOld(show(file)));
      continue;
    }
    unlessTooDeep(scanned, show(file), () => collectFacts(project, loaded.module, facts));
    if (isWorthALook.test(loaded.text)) candidates.push(file);
  }
  const solved: Project = { ...project, solved: solveFacts(facts), memory: createMemory() };
  for (const file of candidates)
    unlessTooDeep(scanned, show(file), () => scanFile(solved, { file, load, show, settings, scanned }));
  return scanned;
}

/** Code that is nested thousands of times is no application's, and must not end the scan. */
function unlessTooDeep({ findings }: Scanned, path: string, work: () => void): void {
  try {
    work();
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    const finding = fileNotParsed(`${path}:1:1`, 'it is nested too deep');
    if (!findings.some(({ message }) => message === finding.message)) findings.push(finding);
  }
}

interface FileScan {
  file: string;
  load: (file: string) => Loaded;
  show: (path: string) => string;
  settings: ScanSettings;
  scanned: Scanned;
}

function scanFile(project: Project, { file, load, show, settings, scanned }: FileScan): void {
  const loaded = load(file);
  if (loaded.kind !== 'code') return;
  const { module, text, comments } = loaded;
  const { found, scoped } = findCalls({ project, map: settings.map, sql: settings.sql, module, text });
  const { calls, findings } = applyIgnores(found, { comments, text, file: show(file) });
  scanned.scoped += scoped;
  scanned.calls.push(...calls.map((call) => ({ file: show(file), ...call })));
  scanned.findings.push(...findings);
}

function createProject({ folder, map }: ScanSettings, load: (file: string) => Loaded): Project {
  const loadKind = (file: string) => load(file).kind;
  return {
    resolve: createResolver(folder),
    load: (file) => {
      const loaded = load(file);
      return loaded.kind === 'code' ? loaded.module : null;
    },
    isGenerated: (file) => loadKind(file) === 'generated',
    isList: (file) => {
      const loaded = load(file);
      return loaded.kind === 'code' && isIsolationList(loaded.text);
    },
    delegates: new Map(
      Object.keys(map.models).map((name) => [name.replace(/^./, (letter) => letter.toLowerCase()), name]),
    ),
    solved: null,
    memory: createMemory(),
  };
}

function describeUnread(loaded: Loaded, path: string): Finding | null {
  if (loaded.kind === 'notReadable') return fileNotReadable(path, loaded.problem);
  if (loaded.kind !== 'notParsed') return null;
  return fileNotParsed(`${path}:${loaded.line}:${loaded.column}`, loaded.problem);
}
