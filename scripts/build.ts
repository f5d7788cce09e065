import { spawnSync } from 'node:child_process';
import { chmodSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';

const ROOT = resolve(__dirname, '..');

/** `npm run build`: compiles into a new `dist/`, with a command line that can be started as a program. */
function build(): number {
  rmSync(join(ROOT, 'dist'), { recursive: true, force: true });
  const compiler = [require.resolve('typescript/bin/tsc'), '-p', 'tsconfig.build.json'];
  const { status } = spawnSync(process.execPath, compiler, { cwd: ROOT, stdio: 'inherit' });
  if (status === 0) chmodSync(join(ROOT, 'dist', 'scripts', 'migration.js'), 0o755);
  return status ?? 1;
}

process.exitCode = build();
