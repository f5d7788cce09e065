import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { openDatabase } from './database.ts';
import { engineVersion, panicReasonOrNull } from './engine.ts';
import type { Failure } from './failure.ts';
import { Session } from './session.ts';

/** The process: its arguments and streams come in, and its exit code is set. */
type Io = Pick<NodeJS.Process, 'argv' | 'stdin' | 'stdout' | 'stderr' | 'on' | 'once' | 'exit' | 'exitCode'>;

/** Does what the native engine does for Prisma: one database command, or JSON-RPC on stdin and stdout. */
export async function main(io: Io): Promise<void> {
  // The engine may panic outside the call that caused it, which then never ends. The native engine exits with 101.
  io.on('uncaughtException', (error) => {
    fail(io, { message: panicReasonOrNull(error) ?? error.message }, 101);
    io.exit();
  });
  try {
    const { values, positionals } = parseArgs({
      args: io.argv.slice(2),
      options: OPTIONS,
      allowPositionals: true,
    });
    if (values.version) io.stdout.write(`schema-engine-offline ${await engineVersion()}\n`);
    else if (positionals[0] === 'cli') await runCommand(positionals[1], urlOf(values.datasource));
    else await serve(io, new Session(urlOf(values.datasource), values.datamodels?.map(readSchema) ?? []));
  } catch (error) {
    fail(io, error as Failure, 1);
  }
}

const OPTIONS = {
  datasource: { type: 'string' },
  datamodels: { type: 'string', multiple: true },
  // Prisma passes these two as well: the engine finds the features in the schema and knows no extension types.
  'enabled-preview-features': { type: 'string' },
  'extension-types': { type: 'string' },
  version: { type: 'boolean' },
} as const;

async function runCommand(command: string | undefined, url: string | undefined): Promise<void> {
  const database = openDatabase(url, { scriptFailed: () => {}, migrationsTableMissing: () => {} });
  if (command === 'can-connect-to-database') await database.check();
  else if (command === 'create-database') await database.create();
  else throw new Error(`The offline schema engine has no command "${command}".`);
}

async function serve(io: Io, session: Session): Promise<void> {
  const lines = createInterface({ input: io.stdin });
  // Prisma sends the signal as soon as it has its last answer.
  io.once('SIGTERM', () => lines.close());
  for await (const line of lines) {
    const message = JSON.parse(line);
    // Without a method it is Prisma's reply to a print request.
    if (!message.method) continue;
    for (const answer of await session.answer(message)) io.stdout.write(`${JSON.stringify(answer)}\n`);
  }
  await session.close();
  // The engine's timers for its lock (10 s) are never cleared and would keep this process, and so Prisma, waiting.
  io.exit();
}

/** Prisma takes failures from stderr as log lines in JSON and passes over the first line. */
function fail(io: Io, { code, message }: Partial<Failure>, exitCode: number): void {
  const fields = { message, error_code: code, is_panic: exitCode === 101 };
  for (const level of ['INFO', 'ERROR']) {
    io.stderr.write(`${JSON.stringify({ level, target: 'schema_engine::logger', fields })}\n`);
  }
  io.exitCode = exitCode;
}

function urlOf(datasource: string | undefined): string | undefined {
  return datasource === undefined ? undefined : JSON.parse(datasource).url;
}

function readSchema(path: string): [string, string] {
  return [path, readFileSync(path, 'utf8')];
}
