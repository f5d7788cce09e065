import { readFileSync, statSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { Worker } from 'node:worker_threads';
import { configFileEndless, configFileFailed, configFileNotFound, prisma8Unsupported } from '../errors.ts';
import { type Answer, loadInThread, type ThreadData } from './config-thread.ts';
import { blankComments } from './scan.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** What is read of a Prisma config file; paths are absolute. */
export interface ProjectConfig {
  file: string;
  schema: string | null;
  migrations: string | null;
  url: string | null;
  /** The variable that `env()` was asked for and that is not set; an obstacle for those who need the URL. */
  unset: string | null;
  /** Packages that the file imports and that are not installed: what they gave it was not used. */
  missing: string[];
}

/** Where Prisma 6 and 7 look for a config file, in their order (measured on @prisma/config 7.10). */
const EXTENSIONS = ['.js', '.ts', '.mjs', '.cjs', '.mts', '.cts'];
const PLACES = [
  ...EXTENSIONS.map((extension) => `prisma7.config${extension}`),
  ...EXTENSIONS.map((extension) => `.config/prisma7${extension}`),
  ...['prisma.config', '.config/prisma', '.config/prisma.config'].flatMap((base) => [
    ...EXTENSIONS.map((extension) => `${base}${extension}`),
    ...EXTENSIONS.map((extension) => `${base}/index${extension}`),
  ]),
];
const TIMEOUT_MS = 10_000;
/** Always stood in for: loading the real ones takes half a second, of which a config file uses two small functions. */
const PRISMA_MODULES = ['prisma/config', '@prisma/config'];
/** Stood in for where they are not installed: `.env` is read without them. */
const DOTENV_MODULES = ['dotenv/config', 'dotenv', 'dotenv-expand'];

/** Finds the config file: the named one, or the first where Prisma looks. Throws CONFIG_FILE_NOT_FOUND for a named one. */
export function findConfigFile(cwd: string, named: string | undefined): string | null {
  const isFile = (file: string) => statSync(file, { throwIfNoEntry: false })?.isFile() ?? false;
  if (named === undefined) return PLACES.map((place) => join(cwd, place)).find(isFile) ?? null;
  if (!isFile(resolve(cwd, named))) throw configFileNotFound(named);
  return resolve(cwd, named);
}

/**
 * Runs a config file with the loader that Prisma uses, in a thread of its own, so that it can neither print into our
 * answer nor keep us for ever, nor end the process. Where dotenv is not installed it is stood in for; where the URL is not
 * needed, every package is, because a schema's place is nearly always plain text. `env()` of an unset variable is no error
 * here: who needs the URL says so.
 * Throws CONFIG_FILE_FAILED with the file's own message, CONFIG_FILE_ENDLESS, or PRISMA_8.
 */
export async function loadConfigFile(
  file: string,
  { cwd, env, needsUrl }: { cwd: string; env: Environment; needsUrl: boolean },
): Promise<ProjectConfig> {
  const name = relative(cwd, file);
  if (/\bdefinePrismaConfig\b/.test(blankComments(readFileSync(file, 'utf8'))))
    throw prisma8Unsupported(`${name} uses definePrismaConfig`);
  const answer = await runInThread(file, { name, env, standsIn: needsUrl ? DOTENV_MODULES : null });
  if ('error' in answer) throw configFileFailed(name, answer.error);
  const absolute = (path: unknown) =>
    typeof path === 'string' && path !== '' ? resolve(dirname(file), path) : null;
  const { schema, migrations, url, unset, missing } = answer;
  return {
    file,
    schema: absolute(schema),
    migrations: absolute(migrations),
    url: typeof url === 'string' && url !== '' ? url : null,
    unset,
    missing,
  };
}

function runInThread(
  file: string,
  { name, env, standsIn }: { name: string; env: Environment; standsIn: string[] | null },
): Promise<Answer> {
  const workerData: ThreadData = { file, virtual: PRISMA_MODULES, standsIn, jiti: require.resolve('jiti') };
  const worker = new Worker(`(${loadInThread})(require('node:worker_threads'), require)`, {
    eval: true,
    execArgv: [],
    workerData,
    env: { ...env },
    stdout: true,
    stderr: true,
  });
  let timer: NodeJS.Timeout | undefined;
  return new Promise<Answer>((done, reject) => {
    timer = setTimeout(() => reject(configFileEndless(name, TIMEOUT_MS / 1000)), TIMEOUT_MS);
    worker.once('message', done);
    worker.once('error', (error: unknown) =>
      done({ error: error instanceof Error ? error.message : String(error) }),
    );
    worker.once('exit', () => done({ error: 'it ended before it exported anything' }));
  }).finally(() => {
    clearTimeout(timer);
    void worker.terminate();
  });
}
