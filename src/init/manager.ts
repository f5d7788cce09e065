import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { version } from '../../package.json';
import { isManagerName, type ManagerName, managerOf, PROGRAM_RUNNERS } from '../package-manager.ts';

/** What runs the scripts of a project. */
export interface PackageManager {
  name: ManagerName;
  /** Null where nothing says it. */
  major: number | null;
  /** What said so: a file, or what started us. */
  source: string;
}

const LOCK_FILES: readonly (readonly [file: string, name: ManagerName])[] = [
  ['pnpm-lock.yaml', 'pnpm'],
  ['yarn.lock', 'yarn'],
  ['bun.lock', 'bun'],
  ['bun.lockb', 'bun'],
  ['package-lock.json', 'npm'],
  ['npm-shrinkwrap.json', 'npm'],
];
/** How each installs a package. */
const INSTALL: Record<ManagerName, string> = {
  npm: 'npm install',
  pnpm: 'pnpm add',
  yarn: 'yarn add',
  bun: 'bun add',
};

/**
 * Finds the package manager of the project in `cwd`: its `packageManager` field, its lock file, those of the workspace that it
 * is in, and at last what started us. Of several lock files the one of what started us counts.
 */
export function detectManager(
  cwd: string,
  env: Readonly<Record<string, string | undefined>>,
): PackageManager {
  const agent = managerOf(env);
  const complete = (name: ManagerName, said: number | null, source: string): PackageManager => {
    // What started us knows its version; a field or a lock file only says what somebody once had.
    return { name, major: agent.name === name ? agent.major : said, source };
  };
  for (const folder of listFolders(cwd)) {
    const [, field, version] = /^(npm|pnpm|yarn|bun)@(\d+)/.exec(readField(folder)) ?? [];
    if (field) return complete(field as ManagerName, Number(version), '"packageManager" in package.json');
    const found = LOCK_FILES.filter(([file]) => existsSync(join(folder, file)));
    const [file, name] = found.find(([, each]) => each === agent.name) ?? found[0] ?? [];
    if (file && name) return complete(name, name === 'yarn' ? readYarnMajor(join(folder, file)) : null, file);
  }
  if (isManagerName(agent.name)) return complete(agent.name, null, 'what started this');
  return { name: 'npm', major: null, source: 'nothing says otherwise' };
}

/** A script with its words, exactly as it is typed. Only npm takes flags for its own, and from 12 on refuses them. */
export function scriptCommand({ name, major }: PackageManager, script: string, words = ''): string {
  const isSeparated = name === 'npm' && words.includes('--') && (major ?? 12) >= 12;
  return [name, 'run', script, ...(isSeparated ? ['--'] : []), ...(words ? [words] : [])].join(' ');
}

/** Our own program with its words, as it is typed where no script has them. */
export function programCommand({ name }: PackageManager, words: string): string {
  return `${PROGRAM_RUNNERS[name]} prisma-ownership ${words}`;
}

/** How our package is installed: from the file that `npm pack` makes. */
export function installCommand({ name, major }: PackageManager): string {
  const protocol = name === 'yarn' && (major ?? 2) > 1 ? 'prisma-ownership@file:' : '';
  return `${INSTALL[name]} ${protocol}path/to/prisma-ownership-${version}.tgz`;
}

/** The project's folder, and behind it the root of the workspace that it is in. */
export function listFolders(cwd: string): string[] {
  for (let folder = dirname(cwd), last = cwd; folder !== last; last = folder, folder = dirname(folder)) {
    if (existsSync(join(folder, 'pnpm-workspace.yaml')) || 'workspaces' in readPackage(folder))
      return [cwd, folder];
  }
  return [cwd];
}

/** A package.json, or an empty object where there is none that can be read. */
export function readPackage(folder: string): Record<string, unknown> {
  try {
    const parsed = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8').replace(/^\uFEFF/, ''));
    return typeof parsed === 'object' && parsed !== null ? parsed : {};
  } catch {
    return {};
  }
}

function readField(folder: string): string {
  const { packageManager } = readPackage(folder);
  return typeof packageManager === 'string' ? packageManager : '';
}

/** From 2 on its lock file is YAML with a head; 2 stands for all of them, which are typed alike. */
function readYarnMajor(file: string): number {
  return /^__metadata:/m.test(readFileSync(file, 'utf8')) ? 2 : 1;
}
