import { spawn } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { configFileEndless, configFileFailed, configFileNotFound, prisma8Unsupported } from '../errors.ts';
import { answerForConfig, type ConfigAnswer, type ConfigRequest } from './config-process.ts';
import { blankComments } from './scan.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** What is read of a Prisma config file; paths are absolute. */
export interface ProjectConfig {
  file: string;
  schema: string | null;
  migrations: string | null;
  url: string | null;
  /** The variables that its URL comes from, where none of them is set; an obstacle for those who need the URL. */
  unset: string[];
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
 * Runs a config file with the loader that Prisma uses, in a process of its own, so that it can neither print into our
 * answer nor keep us for ever. Where dotenv is not installed it is stood in for; where the URL is not needed, every package
 * is, because a schema's place is nearly always plain text. `env()` of an unset variable is no error here: who needs the
 * URL says so.
 * Throws CONFIG_FILE_FAILED with the file's own message, CONFIG_FILE_ENDLESS, or PRISMA_8.
 */
export async function loadConfigFile(
  file: string,
  { cwd, env, needsUrl }: { cwd: string; env: Environment; needsUrl: boolean },
): Promise<ProjectConfig> {
  const name = relative(cwd, file);
  const text = blankComments(readFileSync(file, 'utf8'));
  if (/\bdefinePrismaConfig\b/.test(text)) throw prisma8Unsupported(`${name} uses definePrismaConfig`);
  const standsIn = needsUrl ? DOTENV_MODULES : null;
  const request = { file, virtual: PRISMA_MODULES, standsIn, jiti: require.resolve('jiti') };
  const answer = await askProcess(request, { name, cwd, env });
  if ('error' in answer) throw configFileFailed(name, answer.error);
  const { schema, migrations, url, unset, missing } = answer;
  return {
    file,
    schema: schema ? resolve(dirname(file), schema) : null,
    migrations: migrations ? resolve(dirname(file), migrations) : null,
    url: url || null,
    unset: unset ? [unset] : url ? [] : findUrlVariables(text),
    missing,
  };
}

/** The variables of `url: process.env.A || process.env.B`, none of which was set when the file gave no URL. */
function findUrlVariables(text: string): string[] {
  const variable = String.raw`process\.env(?:\.\w+|\[\s*['"]\w+['"]\s*\])`;
  const found = new RegExp(String.raw`\burl\s*:\s*(${variable}(?:\s*(?:\|\||\?\?)\s*${variable})*)`).exec(
    text,
  );
  return [...(found?.[1] ?? '').matchAll(/env(?:\.|\[\s*['"])(\w+)/g)].map(([, name = '']) => name);
}

function askProcess(
  request: ConfigRequest,
  { name, cwd, env }: { name: string; cwd: string; env: Environment },
): Promise<ConfigAnswer> {
  const code = `(${answerForConfig})(JSON.parse(process.argv[1]), (answer) => process.send(answer), require)`;
  // Nothing of what it, or a program that it starts, reads or prints is ours.
  const child = spawn(process.execPath, ['-e', code, JSON.stringify(request)], {
    cwd,
    env: { ...env },
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    windowsHide: true,
  });
  let timer: NodeJS.Timeout | undefined;
  return new Promise<ConfigAnswer>((done, reject) => {
    timer = setTimeout(() => reject(configFileEndless(name, TIMEOUT_MS / 1000)), TIMEOUT_MS);
    child.once('message', (answer) => done(answer as ConfigAnswer));
    child.once('error', (error) => done({ error: error.message }));
    // After the last message; an exit can be seen before it.
    child.once('disconnect', () => done({ error: 'it ended before it exported anything' }));
  }).finally(() => {
    clearTimeout(timer);
    child.kill('SIGKILL');
  });
}
