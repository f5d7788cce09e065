import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import type { TestContext } from 'node:test';
import { scripts as ourScripts } from '../../package.json';
import { runCli } from './command-line.ts';

/** Somebody's project, in a temporary folder that goes away with the test. */
export interface TestProject {
  folder: string;
  write: (path: string, text: string | Buffer) => void;
  /** Null where there is no such file. */
  read: (path: string) => string | null;
}

/** Makes a project of the given files. */
export function createProject(
  t: Pick<TestContext, 'after'>,
  files: Record<string, string | Buffer>,
): TestProject {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'prisma-ownership-project-')));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const write = (path: string, text: string | Buffer) => {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  };
  const read = (path: string) => {
    return existsSync(join(folder, path)) ? readFileSync(join(folder, path), 'utf8') : null;
  };
  for (const [path, text] of Object.entries(files)) write(path, text);
  return { folder, write, read };
}

/** A package.json with scripts of its own, and our package installed. */
export const PACKAGE = `{
  "name": "x",
  "scripts": {
    "test": "x"
  },
  "devDependencies": {
    "prisma-ownership": "1"
  }
}
`;

/** Our scripts, as somebody's project gets them. */
export const SCRIPTS = Object.entries(ourScripts).flatMap(([name, value]) =>
  name.startsWith('migration:')
    ? [[name, value.replace(/.*migration\.ts/, 'prisma-ownership')] as const]
    : [],
);

/** What init shows before it changes a project with that package.json and no settings file. */
export const DIFF = `--- /dev/null
+++ b/ownership.config.json
@@ -0,0 +1,3 @@
+{
+  "$schema": "./node_modules/prisma-ownership/ownership.schema.json"
+}
--- a/package.json
+++ b/package.json
@@ -1,7 +1,${7 + SCRIPTS.length} @@
 {
   "name": "x",
   "scripts": {
-    "test": "x"
+    "test": "x",
${SCRIPTS.map(([name, value]) => `+    "${name}": "${value}"`).join(',\n')}
   },
   "devDependencies": {
     "prisma-ownership": "1"
`;

/** Types `npx prisma-ownership init` in a project, with npm 12. */
export function runInit({ folder }: Pick<TestProject, 'folder'>, words: readonly string[] = []) {
  const env = { npm_config_user_agent: 'npm/12.2.0 node/v22.23.3 linux x64 workspaces/false' };
  return runCli(['init', ...words], { cwd: folder, env });
}

/** Names and texts of all files, nested ones included. */
export function snapshot({ folder, read }: TestProject): [path: string, text: string | null][] {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => relative(folder, join(parentPath, name)))
    .map((path) => [path, read(path)]);
}
