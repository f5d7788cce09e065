#!/usr/bin/env node
import { hostname } from 'node:os';
import { main } from '../src/main.ts';

/** The entry of every migration:* script and of the installed command: hands the process over to the command line. */
main({
  argv: process.argv.slice(2),
  env: process.env,
  cwd: process.cwd(),
  stdout: process.stdout,
  stderr: process.stderr,
  process: { host: hostname(), pid: process.pid, isAlive },
  onInterrupt: (stop) => {
    process.once('SIGINT', stop);
    return () => process.off('SIGINT', stop);
  },
}).then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    process.stderr.write(
      `This is a bug in prisma-ownership; the stack helps to report it.\n${(error as Error)?.stack ?? error}\n`,
    );
    process.exitCode = 2;
  },
);

/** Signal 0 asks without touching; EPERM means that it lives and belongs to somebody else. */
function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
