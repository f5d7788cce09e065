import { exec } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  symlinkSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { ROOT } from './command-line.ts';

/** Enough of the repository to pack it, as a clean checkout after `npm install` has it. */
const PACKED = ['src', 'scripts', 'prisma', 'README.md', 'LICENSE', 'ownership.schema.json', '.env.example'];
const PACKED_SETTINGS = ['package.json', 'tsconfig.json', 'tsconfig.build.json', 'tsconfig.esm.json'];
const SQLITE = dirname(require.resolve('better-sqlite3/package.json'));
const ADDON = join('build', 'Release', 'better_sqlite3.node');
/** Other package managers, of versions that run on every supported Node. */
const TOOLS = ['pnpm@10.34.9', 'yarn@1.22.22'];
/** Its program is called yarn as well. */
const BERRY = '@yarnpkg/cli-dist@4.18.1';

/** What a shell command left. */
export interface Typed {
  code: number;
  stdout: string;
  stderr: string;
}

/** What `npm pack --json` says of the tarball. */
export interface Packed {
  filename: string;
  size: number;
  files: { path: string; mode: number }[];
}

/** Types a command into a shell, with the environment that package managers need to reach their registry. */
export function type(command: string, cwd: string, path = ''): Promise<Typed> {
  const { DATABASE_URL, NODE_TEST_CONTEXT, ...env } = process.env;
  const options = {
    cwd,
    env: { ...env, PATH: `${path}${delimiter}${env.PATH}`, NO_COLOR: '1' },
    maxBuffer: 1e8,
  };
  return new Promise((done) => {
    exec(command, options, (error, stdout, stderr) =>
      done({ code: Number(error?.code ?? 0), stdout, stderr }),
    );
  });
}

/** Makes a folder that goes away with the process. */
export function createFolder(name: string): string {
  return realpathSync(mkdtempSync(join(tmpdir(), `prisma-ownership-${name}-`)));
}

/** Packs a copy of the repository into `folder`, because packing builds `dist` anew, which other tests use meanwhile. */
export async function packRepository(folder: string): Promise<Packed> {
  const copy = join(folder, 'repository');
  mkdirSync(copy);
  for (const name of [...PACKED, ...PACKED_SETTINGS]) {
    const from = join(ROOT, name);
    const filter = (source: string) => !/(\.db\b[^/\\]*|\.env)$/.test(source);
    if (existsSync(from)) cpSync(from, join(copy, name), { recursive: true, filter });
  }
  // What a build left there before must not get into the package.
  mkdirSync(join(copy, 'dist'));
  cpSync(join(ROOT, 'LICENSE'), join(copy, 'dist', 'left-over.js'));
  symlinkSync(realpathSync(join(ROOT, 'node_modules')), join(copy, 'node_modules'), 'junction');
  const { code, stdout, stderr } = await type(
    `npm pack --json --foreground-scripts=false --pack-destination "${folder}"`,
    copy,
  );
  if (code !== 0) throw new Error(`npm pack ended with ${code}:\n${stdout}${stderr}`);
  return (JSON.parse(stdout) as [Packed])[0];
}

/**
 * Installs pnpm, yarn 1 and yarn 4 into `folder`; returns the folder of their programs, and that in which `yarn` is yarn 4,
 * or why the registry cannot be used.
 */
export async function installTools(
  folder: string,
): Promise<{ path: string; berryPath: string } | { unreachable: string }> {
  const berry = join(folder, 'berry');
  mkdirSync(berry);
  for (const [place, packages] of [
    [folder, TOOLS.join(' ')],
    [berry, BERRY],
  ] as const) {
    const flags = '--no-audit --no-fund --prefer-offline --fetch-retry-mintimeout=1000';
    const { code, stderr } = await type(`npm install --prefix "${place}" ${flags} ${packages}`, place);
    const unreachable = findUnreachable(stderr);
    if (code !== 0 && unreachable) return { unreachable };
    if (code !== 0) throw new Error(`npm install ended with ${code}:\n${stderr}`);
  }
  const programs = (place: string) => join(place, 'node_modules', '.bin');
  return { path: programs(folder), berryPath: programs(berry) };
}

/** Why a package manager could not reach its registry, where that is what it said. */
export function findUnreachable(stderr: string): string | null {
  const [reason] =
    /\b(ENOTFOUND|ECONNREFUSED|ECONNRESET|ETIMEDOUT|EAI_AGAIN|ENETUNREACH)\b.*/.exec(stderr) ?? [];
  return reason ? `the npm registry cannot be reached: ${reason}` : null;
}

/** What keeps a project, in each package manager's words, at the version of better-sqlite3 that is built here. */
export function pinSqlite(): object {
  const { version } = JSON.parse(readFileSync(join(SQLITE, 'package.json'), 'utf8')) as { version: string };
  const pins = { 'better-sqlite3': version };
  return { overrides: pins, resolutions: pins, pnpm: { overrides: pins } };
}

/**
 * Puts our build of better-sqlite3 into a project. Its install script, which the tests leave out, takes a minute each time
 * where no prebuilt file can be downloaded.
 */
export function placeSqliteBuild(project: string): void {
  const target = findSqlite(project);
  mkdirSync(dirname(join(target, ADDON)), { recursive: true });
  cpSync(join(SQLITE, ADDON), join(target, ADDON));
}

/** Where a project has better-sqlite3: Plug'n'Play keeps only packages with compiled files as folders. */
function findSqlite(project: string): string {
  const unplugged = join(project, '.yarn', 'unplugged');
  if (existsSync(unplugged)) {
    const [name = ''] = readdirSync(unplugged).filter((each) => each.startsWith('better-sqlite3-'));
    return join(unplugged, name, 'node_modules', 'better-sqlite3');
  }
  const ours = createRequire(realpathSync(join(project, 'node_modules', 'prisma-ownership', 'package.json')));
  const adapter = createRequire(ours.resolve('@prisma/adapter-better-sqlite3'));
  return dirname(adapter.resolve('better-sqlite3/package.json'));
}
