import { type Config, loadConfig, type RawConfig } from '../config.ts';
import type { Context } from '../context.ts';
import { withDatabase } from '../database/connect.ts';
import type { DatabaseUrl } from '../database/database-url.ts';
import type { Database } from '../database/dialect.ts';
import { mapTexts, repeatFlags, type TypedFlags } from '../typed-flags.ts';
import { spellCommands } from '../report/spell-commands.ts';
import { describeDatabase } from '../report/text.ts';
import type { LocatedSchema } from '../schema/locate.ts';

/** Options that every command has. */
export interface CommonOptions {
  schema?: string;
  config?: string;
  ownerModel?: string;
  ownerColumn?: Record<string, string>;
  exclude?: string[];
  json?: boolean;
  verbose?: boolean;
}

/** What the settings are read from: the flags, the environment and the working directory. */
export function toRawConfig({ env, cwd }: Context, options: CommonOptions): RawConfig {
  const { schema, config, ownerModel, ownerColumn, exclude } = options;
  return { env, cwd, schema, config, ownerModel, ownerColumn, exclude };
}

/** A database as results name it; never its URL. */
export interface DatabaseName {
  provider: string;
  name: string;
  host?: string;
}

/** Loads the settings, says on stderr which database they mean, and opens it for `work`. */
export async function withConfiguredDatabase<T>(
  context: Context,
  options: CommonOptions,
  work: (database: Database, config: Config) => Promise<T>,
): Promise<T> {
  const config = await loadConfig(toRawConfig(context, options));
  announceDatabase(context, config, `, schema ${config.located.path}`);
  if (options.verbose) context.stderr.write(describeSources(config.located));
  return withDatabase(config.url, (database) => work(database, config));
}

/** What was found where, for `--verbose`. */
export function describeSources({ path, source, migrations, config, prismaVersion }: LocatedSchema): string {
  const missing = config?.missing.length
    ? `; it imports what is not installed: ${config.missing.join(', ')}`
    : '';
  const lines = [
    `Schema: ${path}, from ${source} (--schema, then the config file, then package.json, then the default places)`,
    `Migrations: ${migrations}`,
    `Config file: ${config?.file ?? 'none, or not needed'} (--config, then prisma7.config.*, .config/prisma7.*, prisma.config.*, .config/prisma.*)${missing}`,
    "URL: the environment's DATABASE_URL, then the config file, then the schema's url, then .env",
    `Prisma: ${prismaVersion ?? 'not installed here'}`,
  ];
  return `${lines.join('\n')}\n`;
}

/** Says which database is meant, and where that was said, before anything is done. */
export function announceDatabase(
  context: Context,
  { url, urlSource }: { url: DatabaseUrl; urlSource: string },
  more = '',
) {
  context.stderr.write(`Database: ${describeDatabase(nameDatabase(url))}, ${urlSource}${more}\n`);
}

/** Who asks, as the journal names people: "ana on web-1". */
export function nameOperator({ env, process }: Context): string {
  return `${env.USER ?? env.USERNAME ?? 'somebody'} on ${process.host}`;
}

/** What of a database's URL may be shown. */
export function nameDatabase({ provider, name, host }: DatabaseUrl): DatabaseName {
  return { provider, name, ...(host === undefined ? {} : { host }) };
}

/**
 * Writes the answer to stdout: one JSON document, or text for people. Both come from the same result, and the commands in
 * both have the flags that were typed, and are typed in the same way.
 */
export function writeAnswer<Result extends object>(
  context: Context,
  options: CommonOptions & TypedFlags,
  answer: { result: Result; text: (result: Result) => string },
): void {
  const change = (text: string) => spellCommands(repeatFlags(text, options), context.env);
  writeAsIs(context, options, {
    result: spellResult(context, options, answer.result),
    text: () => change(answer.text(answer.result)),
  });
}

/** A result whose commands have the flags that were typed, and are typed in the same way. */
export function spellResult<Result>({ env }: Context, options: TypedFlags, result: Result): Result {
  return mapTexts(result, (text) => spellCommands(repeatFlags(text, options), env));
}

/** The same, for texts whose commands are spelt already. */
export function writeAsIs<Result extends object>(
  { stdout }: Context,
  { json }: { json?: boolean },
  { result, text }: { result: Result; text: (result: Result) => string },
): void {
  stdout.write(`${json ? JSON.stringify(result, null, 2) : text(result)}\n`);
}

/** Ctrl-C aborts the signal, and the second one ends the process, which is safe as well. */
export function listenForInterrupt(
  { stderr, onInterrupt }: Context,
  what = 'Stopping after the current batch',
): {
  signal: AbortSignal;
  stopListening: () => void;
} {
  const interrupt = new AbortController();
  const stopListening = onInterrupt(() => {
    stderr.write(`\n${what}; press Ctrl-C again to stop at once, which is safe too.\n`);
    interrupt.abort();
  });
  return { signal: interrupt.signal, stopListening };
}
