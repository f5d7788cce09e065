import { execFileSync } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** A pg_restore that says it is of version 17, and begins each script as that does; nothing but scripts come out of it. */
export function writeNewerTool(folder: string, filter = 'cat'): { PATH: string } {
  const real = execFileSync('sh', ['-c', 'command -v pg_restore'], { encoding: 'utf8' }).trim();
  const bin = mkdtempSync(join(folder, 'bin-'));
  const script = `#!/bin/sh
[ "$1" = --version ] && echo 'pg_restore (PostgreSQL) 17.2' && exit
case "$*" in *--dbname*) echo 'unrecognized configuration parameter "transaction_timeout"' >&2; exit 1;; esac
echo '--'; echo; echo 'SET statement_timeout = 0;'; echo 'SET transaction_timeout = 0;'
${real} "$@" | ${filter}
`;
  writeFileSync(join(bin, 'pg_restore'), script, { mode: 0o755 });
  return { PATH: `${bin}:${process.env.PATH}` };
}
