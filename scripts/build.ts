import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { preProcessFile } from 'typescript';

const ROOT = resolve(__dirname, '..');
const DIST = join(ROOT, 'dist');

/** `npm run build`: compiles into a new `dist/`, with a command line that can be started as a program. */
function build(): number {
  rmSync(DIST, { recursive: true, force: true });
  // What applications import is also built as ES modules, of which a bundler takes what is used.
  for (const project of ['tsconfig.build.json', 'tsconfig.esm.json']) {
    // Comments are for who reads the types, or the source: in what runs they would be a tenth of the package.
    const options = [['--removeComments', '--declaration', 'false'], ['--emitDeclarationOnly']];
    const failed = options.map((each) => compile(project, each)).find((status) => status !== 0);
    if (failed !== undefined) return failed;
  }
  writeFileSync(join(DIST, 'esm', 'package.json'), '{ "type": "module", "sideEffects": false }\n');
  chmodSync(join(DIST, 'scripts', 'migration.js'), 0o755);
  const entries = ['src/index.d.ts', 'src/isolation/index.d.ts', 'esm/index.d.ts'];
  removeUnreachableTypes(entries.map((name) => join(DIST, name)));
  return 0;
}

function compile(project: string, options: readonly string[]): number {
  const compiler = [require.resolve('typescript/bin/tsc'), '-p', project, ...options];
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
