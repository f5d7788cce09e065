import { scripts as ourScripts } from '../../package.json';
import type { FileChange } from '../files.ts';
import type { Finding } from '../ownership/findings.ts';
import { SETTINGS_FILE } from '../settings.ts';
import { notInstalled, scriptDiffers, settingsLeft } from './findings.ts';
import { addTexts, findMember, readObject, removeMembers } from '../json-text.ts';

/** The project as it is: texts of its files, null for those that are not there. */
export interface Project {
  packageJson: string;
  settings: string | null;
  record: InitRecord | null;
  isInstalled: boolean;
  /** Where the folder of installed packages is that has ours, from the project's: with hoisting, above it. */
  modules: string;
  /** How our package is installed here, for a remedy. */
  install: string;
}

/** What init did in this project, for an exact undo. It lies in node_modules: without it, values decide. */
export interface InitRecord {
  scripts: Record<string, string>;
  hasSettings: boolean;
  /** package.json before and after, while nothing else has changed it between two inits. */
  before: string | null;
  after: string;
}

/** What is to be done, and what is left alone. */
export interface InitPlan {
  changes: FileChange[];
  scripts: string[];
  /** Names of ours that somebody's own scripts have. */
  foreign: string[];
  findings: Finding[];
  record: InitRecord | null;
}

export const PACKAGE_FILE = 'package.json';
const settingsText = (modules: string) => `{
  "$schema": "${modules}/prisma-ownership/ownership.schema.json"
}
`;

/** Our own migration scripts, as they are called where we are installed. */
const SCRIPTS: Record<string, string> = Object.fromEntries(
  Object.entries(ourScripts)
    .filter(([name]) => name.startsWith('migration:'))
    .map(([name, value]) => [name, value.replace('ts-node scripts/migration.ts', 'prisma-ownership')]),
);

/** Plans to add what is missing. A script that has another value and a settings file that is there stay as they are. */
export function planInit(project: Project): InitPlan {
  const { packageJson, settings, record, isInstalled, install, modules } = project;
  const present = scriptsOf(packageJson);
  const added = Object.entries(SCRIPTS).filter(([name]) => !Object.hasOwn(present, name));
  const after = added.length > 0 ? addTexts(packageJson, 'scripts', added) : packageJson;
  const isSettingsAdded = settings === null;
  const differing = Object.keys(SCRIPTS).filter(
    (name) => Object.hasOwn(present, name) && present[name] !== SCRIPTS[name],
  );
  const isUnbroken = record === null || record.after === packageJson;
  const next: InitRecord = {
    scripts: { ...record?.scripts, ...Object.fromEntries(added) },
    hasSettings: isSettingsAdded || (record?.hasSettings ?? false),
    before: isUnbroken ? (record ? record.before : packageJson) : null,
    after,
  };
  const changes = [
    { path: SETTINGS_FILE, before: settings, after: settings ?? settingsText(modules) },
    { path: PACKAGE_FILE, before: packageJson, after },
  ].filter(isChange);
  return {
    changes,
    scripts: added.map(([name]) => name),
    foreign: differing,
    findings: [
      ...differing.map((name) => scriptDiffers(name, String(present[name]), String(SCRIPTS[name]))),
      ...(settings === null || isSettingsText(settings) ? [] : [settingsLeft(SETTINGS_FILE)]),
      ...(isInstalled ? [] : [notInstalled(install)]),
    ],
    record: changes.length > 0 ? next : record,
  };
}

/** Plans to remove what init added and nobody has changed since. */
export function planUndo({ packageJson, settings, record }: Project): InitPlan {
  const present = scriptsOf(packageJson);
  const ours = Object.entries(record?.scripts ?? findInitialised(present)).filter(([name]) =>
    Object.hasOwn(present, name),
  );
  const removed = ours.filter(([name, value]) => present[name] === value).map(([name]) => name);
  const differing = ours.filter(([name]) => !removed.includes(name));
  const isSettingsAdded = record?.hasSettings ?? true;
  const isSettingsOurs = isSettingsAdded && settings !== null && isSettingsText(settings);
  const wasBefore = record?.after === packageJson ? record.before : null;
  const after = wasBefore ?? removeScripts(packageJson, removed, record);
  return {
    changes: [
      { path: PACKAGE_FILE, before: packageJson, after },
      { path: SETTINGS_FILE, before: settings, after: isSettingsOurs ? null : settings },
    ].filter(isChange),
    scripts: removed,
    foreign: differing.map(([name]) => name),
    findings: [
      ...differing.map(([name, value]) => scriptDiffers(name, String(present[name]), value)),
      ...(settings !== null && isSettingsAdded && !isSettingsOurs ? [settingsLeft(SETTINGS_FILE)] : []),
    ],
    record: null,
  };
}

/** Without a record: our scripts where most of them are here, as init leaves them. One or two are somebody's own. */
function findInitialised(present: Record<string, unknown>): Record<string, string> {
  const names = Object.keys(SCRIPTS);
  const isInitialised = names.filter((name) => present[name] === SCRIPTS[name]).length > names.length / 2;
  return isInitialised ? SCRIPTS : {};
}

function removeScripts(packageJson: string, names: readonly string[], record: InitRecord | null): string {
  if (names.length === 0) return packageJson;
  const scripts = findMember(readObject(packageJson), 'scripts');
  if (!scripts) return packageJson;
  const rest = removeMembers(packageJson, readObject(packageJson, scripts.valueStart), names);
  if (Object.keys(scriptsOf(rest)).length > 0) return rest;
  // Init puts a missing "scripts" last, so one in another place was there before.
  const root = readObject(rest);
  const isOurs = record?.before ? !hasScripts(record.before) : root.members.at(-1)?.name === 'scripts';
  return isOurs ? removeMembers(rest, root, ['scripts']) : rest;
}

function scriptsOf(packageJson: string): Record<string, unknown> {
  return JSON.parse(packageJson.replace(/^\uFEFF/, '')).scripts ?? {};
}

function hasScripts(packageJson: string): boolean {
  return findMember(readObject(packageJson), 'scripts') !== null;
}

/** Git may have changed the ends of its lines, and hoisting the place of the packages. */
function isSettingsText(settings: string): boolean {
  const [, modules] = /"\$schema": "(.*)\/prisma-ownership\//.exec(settings) ?? [];
  return modules !== undefined && settings.replaceAll('\r\n', '\n') === settingsText(modules);
}

function isChange({ before, after }: FileChange): boolean {
  return before !== after;
}
