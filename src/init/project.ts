import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { packageJsonInvalid, packageJsonMissing } from '../errors.ts';
import { applyChanges, readText } from '../files.ts';
import { SETTINGS_FILE } from '../settings.ts';
import { installCommand, listFolders, type PackageManager, readPackage } from './manager.ts';
import { type InitPlan, type InitRecord, PACKAGE_FILE, type Project } from './plan.ts';

const RECORD_FILE = join('node_modules', '.prisma-ownership-init.json');
const DEPENDENCIES = ['dependencies', 'devDependencies', 'optionalDependencies', 'peerDependencies'];

/** Reads what init works with. Throws PACKAGE_JSON_MISSING or PACKAGE_JSON_INVALID. */
export function readProject(cwd: string, manager: PackageManager): Project {
  const packageJson = readText(cwd, PACKAGE_FILE);
  if (packageJson === null) throw packageJsonMissing();
  checkPackage(packageJson);
  const named = listFolders(cwd).flatMap((folder) => {
    const parsed = readPackage(folder);
    return DEPENDENCIES.flatMap((kind) => Object.keys(parsed[kind] ?? {}));
  });
  return {
    packageJson,
    settings: readText(cwd, SETTINGS_FILE),
    record: readRecord(cwd),
    isInstalled: named.includes('prisma-ownership'),
    modules: findModules(cwd),
    install: installCommand(manager),
  };
}

/** The nearest folder of packages that has ours; the project's own where none has, as under Plug'n'Play. */
function findModules(cwd: string): string {
  for (let folder = cwd, up = '.'; ; folder = dirname(folder), up = `${up}/..`) {
    if (existsSync(join(folder, 'node_modules', 'prisma-ownership'))) return `${up}/node_modules`;
    if (dirname(folder) === folder) return './node_modules';
  }
}

/** Carries a plan out: all of it, or nothing when it throws. */
export function applyPlan(cwd: string, { changes, record }: InitPlan): void {
  applyChanges(cwd, changes, 'npx prisma-ownership init --dry-run');
  writeRecord(cwd, record);
}

function checkPackage(text: string): void {
  // Bytes that are not UTF-8 were read as this sign, and would not come back as they were.
  if (text.includes('\uFFFD')) throw packageJsonInvalid('it is not UTF-8');
  let parsed: unknown;
  try {
    parsed = JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (error) {
    throw packageJsonInvalid(`it is not JSON: ${(error as Error).message}`);
  }
  if (!isObject(parsed)) throw packageJsonInvalid('it must be an object');
  const { scripts } = parsed;
  if (scripts !== undefined && !isObject(scripts)) throw packageJsonInvalid('"scripts" must be an object');
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function readRecord(cwd: string): InitRecord | null {
  try {
    const record = JSON.parse(readFileSync(join(cwd, RECORD_FILE), 'utf8')) as InitRecord;
    return isObject(record.scripts) && typeof record.after === 'string' ? record : null;
  } catch {
    return null;
  }
}

/** Where it cannot be kept, undo goes by the values of the scripts, so that is no error. */
function writeRecord(cwd: string, record: InitRecord | null): void {
  const file = join(cwd, RECORD_FILE);
  try {
    if (record === null) rmSync(file, { force: true });
    else if (existsSync(dirname(file))) writeFileSync(file, JSON.stringify(record));
  } catch {}
}
