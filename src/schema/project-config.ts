import { readFileSync, statSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { Worker } from 'node:worker_threads';
import { configFileEndless, configFileFailed, configFileNotFound, prisma8Unsupported } from '../errors.ts';
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

type Answer =
  | { schema: unknown; migrations: unknown; url: unknown; unset: string | null; missing: string[] }
  | { error: string };

interface ThreadData {
  file: string;
  virtual: string[];
  /** Packages that may be stood in for where they are not installed; null for all. */
  standsIn: string[] | null;
  jiti: string;
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

/** The thread's code: it is handed over as text, so it uses nothing from outside of itself. */
function loadInThread(threads: typeof import('node:worker_threads'), load: NodeJS.Require): void {
  const { file, virtual, standsIn, jiti } = threads.workerData as ThreadData;
  const { createJiti } = load(jiti) as typeof import('jiti');
  const unset: string[] = [];
  const prisma = {
    defineConfig: (config: unknown) => config,
    env: (name: string) => {
      if (!process.env[name]) unset.push(name);
      return process.env[name] ?? '';
    },
  };
  const nothing = {};
  // Whatever is asked of a package that is not installed is a function that gives nothing.
  const absent: object = new Proxy(() => nothing, {
    has: () => true,
    get: (_, key) => {
      if (key === 'default') return absent;
      if (key === 'then') return undefined;
      return key === '__esModule' ? true : () => nothing;
    },
  });
  // Plug'n'Play has words of its own, and says what was asked for.
  const findAbsent = (error: unknown): string | undefined => {
    const { message, data } = (error ?? {}) as { message?: string; data?: { request?: string } };
    const request = data?.request ?? /^Cannot find (?:module|package) '([^']+)'/.exec(String(message))?.[1];
    return request !== undefined && /^(?![./]|[a-z]:|node:)/i.test(request) ? request : undefined;
  };
  const importWith = async (missing: string[]): Promise<unknown> => {
    const virtualModules = Object.fromEntries([
      ...virtual.map((name) => [name, { ...prisma, default: prisma }]),
      ...missing.map((name) => [name, absent]),
    ]);
    const loader = createJiti(file, { interopDefault: true, moduleCache: false, virtualModules });
    try {
      const exported = await loader.import<unknown>(file, { default: true });
      if (exported === absent || exported === nothing) throw new Error(`Cannot find module '${missing[0]}'`);
      const config = typeof exported === 'function' ? (exported as () => unknown)() : exported;
      return post(await config, missing);
    } catch (error) {
      const name = findAbsent(error);
      const isAllowed = name !== undefined && !missing.includes(name) && (standsIn?.includes(name) ?? true);
      if (!isAllowed) throw error;
      unset.length = 0;
      return importWith([...missing, name]);
    }
  };
  type Parts = Record<string, Record<string, unknown> | string | undefined>;
  const of = (value: Parts[string], key: string) => (typeof value === 'object' ? value[key] : undefined);
  const post = (config: unknown, missing: string[]) => {
    if (typeof config !== 'object' || config === null) throw new Error('it exports no configuration');
    const { schema, migrations, datasource } = config as Parts;
    const url = of(datasource, 'url');
    threads.parentPort?.postMessage({
      schema: typeof schema === 'string' ? schema : undefined,
      migrations: of(migrations, 'path'),
      url: typeof url === 'string' ? url : undefined,
      unset: unset[0] ?? null,
      missing,
    });
  };
  importWith([]).catch((error: unknown) => {
    const [message] = (error instanceof Error ? error.message : String(error)).split('\nRequire stack:');
    const hint = unset.length > 0 ? ` (the variable ${unset[0]} is not set)` : '';
    threads.parentPort?.postMessage({ error: `${message}${hint}` });
  });
}
