import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { preProcessFile } from 'typescript';

const ROOT = resolve(__dirname, '..');
const DIST = join(ROOT, 'dist');

/** `npm run build`: compiles into a new `dist/`, with a command line that can be started as a program. */
function build(): number {
  rmSync(DIST, { recursive: true, force: true });
  // Comments are for who reads the types, or the source: in what runs they would be a tenth of the package.
  const status = compile('--removeComments', '--declaration', 'false') || compile('--emitDeclarationOnly');
  if (status !== 0) return status;
  chmodSync(join(DIST, 'scripts', 'migration.js'), 0o755);
  removeUnreachableTypes(['index.d.ts', 'isolation/index.d.ts'].map((name) => join(DIST, 'src', name)));
  return 0;
}

function compile(...options: string[]): number {
  const compiler = [require.resolve('typescript/bin/tsc'), '-p', 'tsconfig.build.json', ...options];
  return spawnSync(process.execPath, compiler, { cwd: ROOT, stdio: 'inherit' }).status ?? 1;
}

/** Removes the declarations that those of the library do not lead to: nobody can import them. */
function removeUnreachableTypes(entries: readonly string[]): void {
  const reachable = new Set<string>();
  const visit = (file: string) => {
    if (reachable.has(file) || !existsSync(file)) return;
    reachable.add(file);
    for (const { fileName } of preProcessFile(readFileSync(file, 'utf8')).importedFiles)
      if (fileName.startsWith('.')) visit(resolve(dirname(file), fileName.replace(/\.ts$/, '.d.ts')));
  };
  for (const entry of entries) visit(entry);
  for (const name of readdirSync(DIST, { recursive: true, encoding: 'utf8' }))
    if (name.endsWith('.d.ts') && !reachable.has(join(DIST, name))) rmSync(join(DIST, name));
}

process.exitCode = build();
