import { loadConfig } from '../config.ts';
import type { Context } from '../context.ts';
import { withDatabase } from '../database/connect.ts';
import type { DatabaseUrl } from '../database/database-url.ts';
import type { Database } from '../database/dialect.ts';
import { repeatFlags, repeatFlagsIn, type TypedFlags } from '../report/repeat-flags.ts';
import { describeDatabase } from '../report/text.ts';

/** Options that every command has. */
export interface CommonOptions {
  schema?: string;
  json?: boolean;
  verbose?: boolean;
}

/** A database as results name it; never its URL. */
export interface DatabaseName {
  provider: string;
  name: string;
  host?: string;
}

/** Loads the settings, says on stderr which database they mean, and opens it for `work`. */
export function withConfiguredDatabase<T>(
  context: Context,
  options: CommonOptions,
  work: (database: Database, config: ReturnType<typeof loadConfig>) => Promise<T>,
): Promise<T> {
  const config = loadConfig({ env: context.env, cwd: context.cwd, schema: options.schema });
  announceDatabase(context, config, `, schema ${config.schemaPath}`);
  return withDatabase(config.url, (database) => work(database, config));
}

/** Says which database is meant, and where that was said, before anything is done. */
export function announceDatabase(
  context: Context,
  { url, urlSource }: { url: DatabaseUrl; urlSource: string },
  more = '',
) {
  context.stderr.write(
    `Database: ${describeDatabase(nameDatabase(url))}, DATABASE_URL from ${urlSource}${more}\n`,
  );
}

/** What of a database's URL may be shown. */
export function nameDatabase({ provider, name, host }: DatabaseUrl): DatabaseName {
  return { provider, name, ...(host === undefined ? {} : { host }) };
}

/**
 * Writes the answer to stdout: one JSON document, or text for people. Both come from the same result, and the commands in
 * both have the flags that were typed.
 */
export function writeAnswer<Result extends object>(
  context: Context,
  options: CommonOptions & TypedFlags,
  answer: { result: Result; text: (result: Result) => string },
): void {
  const text = options.json
    ? JSON.stringify(repeatFlagsIn(answer.result, options), null, 2)
    : repeatFlags(answer.text(answer.result), options);
  context.stdout.write(`${text}\n`);
}

/** Ctrl-C aborts the signal, and the second one ends the process, which is safe as well. */
export function listenForInterrupt({ stderr, onInterrupt }: Context): {
  signal: AbortSignal;
  stopListening: () => void;
} {
  const interrupt = new AbortController();
  const stopListening = onInterrupt(() => {
    stderr.write(
      '\nStopping after the current batch; press Ctrl-C again to stop at once, which is safe too.\n',
    );
    interrupt.abort();
  });
  return { signal: interrupt.signal, stopListening };
}
