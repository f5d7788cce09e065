import { lstatSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { findClosest } from './closest.ts';
import { settingsInvalid } from './errors.ts';
import { readObject } from './json-text.ts';

/** What people decided where the schema does not say it; all by the names of the Prisma schema. */
export interface OwnershipSettings {
  ownerModel: string | null;
  /** Model to owner column: a field, or its column. */
  ownerColumns: Record<string, string>;
  /** Models left out, with the reason why. */
  exclude: Record<string, string>;
  /** Models in which NULL has a meaning, with what it means: left out as well. */
  nullMeans: Record<string, string>;
}

/** The file that holds them, in the project's folder. */
export const SETTINGS_FILE = 'ownership.config.json';

export const NO_SETTINGS: OwnershipSettings = {
  ownerModel: null,
  ownerColumns: {},
  exclude: {},
  nullMeans: {},
};
const KEYS = ['$schema', 'ownerModel', 'ownerColumns', 'exclude', 'nullMeans'];
const MAPS = ['ownerColumns', 'exclude', 'nullMeans'] as const;

/** What a model's text says, in each of them. */
const VALUES = {
  ownerColumns: 'its owner column',
  exclude: 'a reason why it is left out',
  nullMeans: 'what NULL means in it',
};

/** Reads the project's settings, or empty ones where it has no file. Throws SETTINGS_INVALID with every problem in it. */
export function readSettings(cwd: string): OwnershipSettings {
  const file = join(cwd, SETTINGS_FILE);
  const entry = lstatSync(file, { throwIfNoEntry: false });
  if (!entry) return NO_SETTINGS;
  if (!statSync(file, { throwIfNoEntry: false })?.isFile())
    throw settingsInvalid(SETTINGS_FILE, [
      entry.isSymbolicLink() ? 'it is a link to no file' : 'it is no file',
    ]);
  const text = readFileSync(file, 'utf8').replace(/^\uFEFF/, '');
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch (error) {
    throw settingsInvalid(SETTINGS_FILE, [`it is not JSON: ${(error as Error).message}`]);
  }
  if (!isRecord(parsed)) throw settingsInvalid(SETTINGS_FILE, ['it must be an object']);
  const problems = [...findTwice(text), ...findProblems(parsed)];
  if (problems.length > 0) throw settingsInvalid(SETTINGS_FILE, problems);
  return { ...NO_SETTINGS, ...(parsed as Partial<OwnershipSettings>) };
}

/** JSON takes the last of two equal keys, and what the first one said would be lost. */
function findTwice(text: string): string[] {
  const root = readObject(text);
  const objects = [
    root,
    ...root.members
      .filter(({ valueStart }) => text[valueStart] === '{')
      .map(({ valueStart }) => readObject(text, valueStart)),
  ];
  return objects.flatMap(({ members }) => {
    const names = members.map(({ name }) => name);
    return [...new Set(names.filter((name, i) => names.indexOf(name) !== i))].map(
      (name) => `it has "${name}" twice`,
    );
  });
}

/** What one of the maps says of a model; a model may be called `constructor`. */
export function settingOf(map: Readonly<Record<string, string>>, model: string): string | undefined {
  return Object.hasOwn(map, model) ? map[model] : undefined;
}

function findProblems(parsed: Record<string, unknown>): string[] {
  const unknown = Object.keys(parsed).filter((key) => !KEYS.includes(key));
  const problems = unknown.map((key) => {
    const closest = findClosest(key, KEYS.slice(1));
    return `it has no setting "${key}"${closest ? ` (did you mean "${closest}"?)` : `; there are ${KEYS.slice(1).join(', ')}`}`;
  });
  const { ownerModel = null } = parsed;
  if (ownerModel !== null && !isText(ownerModel)) problems.push('"ownerModel" must be the name of a model');
  for (const key of MAPS) {
    const value = parsed[key];
    if (value === undefined) continue;
    if (!isRecord(value)) problems.push(`"${key}" must be an object with models for keys`);
    else
      for (const [model, text] of Object.entries(value))
        if (!isText(text)) problems.push(`"${key}" must give "${model}" ${VALUES[key]}`);
  }
  return problems;
}

function isText(value: unknown): boolean {
  return typeof value === 'string' && value.trim() !== '';
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
