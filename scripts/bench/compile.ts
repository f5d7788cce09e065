import { spawnSync } from 'node:child_process';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

const ROOT = resolve(__dirname, '../..');
const ENTRIES = ['migration', 'bench/load', 'bench/peak-memory', 'bench/way'];

/**
 * Compiles the command line, as `npm run build` does, and what else runs in processes of its own: ts-node would take more
 * memory than the work, and most of the first second. Returns the folder of the compiled scripts.
 */
export function compile(folder: string): string {
  const outDir = join(folder, 'dist');
  mkdirSync(outDir);
  symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'), 'junction');
  const config = join(folder, 'tsconfig.json');
  const compilerOptions = { noEmit: false, noCheck: true, rootDir: ROOT, outDir };
  const files = ENTRIES.map((entry) => join(ROOT, 'scripts', `${entry}.ts`));
  const extended = join(ROOT, 'tsconfig.json');
  writeFileSync(config, JSON.stringify({ extends: extended, compilerOptions, include: [], files }));
  const compiler = [require.resolve('typescript/bin/tsc'), '-p', config];
  const { status, stdout } = spawnSync(process.execPath, compiler, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`the command line does not compile:\n${stdout}`);
  return join(outDir, 'scripts');
}
