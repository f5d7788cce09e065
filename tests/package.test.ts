import { strict as assert } from 'node:assert';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { ROOT } from './helpers/command-line.ts';
import {
  createFolder,
  installTools,
  type Packed,
  packRepository,
  pinSqlite,
  placeSqliteBuild,
  type,
} from './helpers/package.ts';
import { importAndCompile } from './helpers/package-import.ts';
import {
  countNotes,
  digestPrisma,
  PRISMA_5,
  PRISMA_6,
  PRISMA_7,
  type PrismaForm,
  writeApp,
} from './helpers/prisma-app.ts';

const folder = createFolder('package');
let packed: Packed;
let tools: Awaited<ReturnType<typeof installTools>>;

before(async () => {
  mkdirSync(join(folder, 'tools'));
  [packed, tools] = await Promise.all([packRepository(folder), installTools(join(folder, 'tools'))]);
});
after(() => rmSync(folder, { recursive: true, force: true }));

/** How a package manager adds packages without running their scripts. */
const ADD = {
  npm: 'npm install --ignore-scripts --no-audit --no-fund --omit=dev --prefer-offline',
  pnpm: 'pnpm add --ignore-scripts --prefer-offline',
  yarn: 'yarn add --ignore-scripts --prefer-offline --no-progress',
  berry: 'yarn add',
};
const PROGRAM = {
  npm: 'npx prisma-ownership',
  pnpm: 'pnpm exec prisma-ownership',
  yarn: 'yarn run prisma-ownership',
  berry: 'yarn run prisma-ownership',
};
/** Yarn 4 has settings where others have flags, and its lock file makes a folder a project of its own. */
const BERRY_FILES = {
  'yarn.lock': '',
  '.yarnrc.yml':
    'nodeLinker: pnp\nenableScripts: false\nenableTelemetry: false\nenableImmutableInstalls: false\n',
};

interface Installed {
  name: string;
  form: PrismaForm;
  manager: keyof typeof ADD;
  isModule?: boolean;
  /** Compiling takes a while, so not every project does it. */
  isImported?: boolean;
}

const PROJECTS: Installed[] = [
  { name: 'Prisma 5 with npm', form: PRISMA_5, manager: 'npm', isImported: true },
  { name: 'Prisma 6 with npm, an ES module', form: PRISMA_6, manager: 'npm', isModule: true },
  { name: 'Prisma 7 with npm, an ES module', form: PRISMA_7, manager: 'npm', isModule: true },
  { name: 'Prisma 6 with pnpm', form: PRISMA_6, manager: 'pnpm', isImported: true },
  { name: 'Prisma 5 with yarn 1', form: PRISMA_5, manager: 'yarn' },
  { name: "Prisma 7 with yarn 4 and Plug'n'Play", form: PRISMA_7, manager: 'berry' },
];

/** What each command of the checklist says, in the order in which init prints them, and the notes by owner after it. */
const [UNOWNED, ASSIGNED] = [
  { '': 60, u2: 3 },
  { u1: 60, u2: 3 },
];
const CHECKLIST = [
  { says: /\n +Note +owned +user_id /, leaves: UNOWNED },
  { says: /\n +u1 +ana@example.com /, leaves: UNOWNED },
  { says: /60 rows in 1 model would be assigned/, leaves: UNOWNED },
  { says: /60 rows assigned/, leaves: ASSIGNED },
  { says: /Verified: all 63 rows/, leaves: ASSIGNED },
  { says: /60 rows without an owner again/, leaves: UNOWNED },
];

describe('the package', () => {
  it('has the compiled command line, its types and its documents, and nothing else', () => {
    const paths = packed.files.map(({ path }) => path);
    const allowed =
      /^(dist\/(package\.json|esm\/package\.json|(src|scripts|esm)\/.*(\.js|\.d\.ts))|package\.json|ownership\.schema\.json|\.env\.example|README\.md|LICENSE)$/;
    assert.deepEqual(
      paths.filter((path) => !allowed.test(path)),
      [],
    );
    for (const path of [
      'dist/src/index.js',
      'dist/src/index.d.ts',
      'dist/src/isolation/index.js',
      'dist/esm/index.js',
      'dist/esm/index.d.ts',
      'dist/esm/package.json',
      'dist/package.json',
      'ownership.schema.json',
      '.env.example',
    ])
      assert.ok(paths.includes(path), path);
    assert.ok(!paths.includes('dist/left-over.js'));
    assert.equal(packed.files.find(({ path }) => path === 'dist/scripts/migration.js')?.mode, 0o755);
  });

  it('is smaller than the sources that it is made of', () => {
    const words = ['-czf', '-', '--exclude=src/generated', 'src', 'README.md', 'LICENSE', 'package.json'];
    const sources = execFileSync('tar', words, { cwd: ROOT, maxBuffer: 10_000_000 });
    assert.ok(packed.size < sources.length, `${packed.size} bytes, of ${sources.length}`);
  });

  it('runs nothing when it is installed', () => {
    const { scripts } = JSON.parse(readFileSync(join(folder, 'repository', 'package.json'), 'utf8'));
    assert.deepEqual(
      ['preinstall', 'install', 'postinstall'].filter((name) => name in scripts),
      [],
    );
  });
});

describe('installed from the tarball', { concurrency: 2 }, () => {
  for (const project of PROJECTS) {
    it(`does the whole job beside ${project.name}`, async (t) => {
      if ('unreachable' in tools) return t.skip(tools.unreachable);
      await doTheJob(project, project.manager === 'berry' ? tools.berryPath : tools.path);
    });
  }
});

async function doTheJob(
  { name, form, manager, isModule, isImported }: Installed,
  path: string,
): Promise<void> {
  const cwd = join(folder, name.replace(/\W+/g, '-'));
  const run = async (command: string) => {
    const { code, stdout, stderr } = await type(command, cwd, path);
    assert.equal(code, 0, `${command}\n${stdout}${stderr}`);
    return stdout;
  };
  writeApp(cwd, form, { name: 'app', private: true, type: isModule ? 'module' : 'commonjs', ...pinSqlite() });
  if (manager === 'berry')
    for (const [path, text] of Object.entries(BERRY_FILES)) writeFileSync(join(cwd, path), text);
  await run(`${ADD[manager]} prisma@${form.version} @prisma/client@${form.version}`);
  const hasModules = manager !== 'berry';
  const prisma = hasModules ? digestPrisma(cwd) : null;
  const tarball = join(folder, packed.filename);
  await run(`${ADD[manager]} "${hasModules ? tarball : `prisma-ownership@file:${tarball}`}"`);
  placeSqliteBuild(cwd);
  const packageJson = readFileSync(join(cwd, 'package.json'), 'utf8');

  const shown = await run(`${PROGRAM[manager]} init`);
  const commands = [...shown.matchAll(/^ {2}(\w+ run migration:.*)$/gm)].map(([, command = '']) => command);
  assert.equal(commands.length, CHECKLIST.length, shown);
  for (const [i, { says, leaves }] of CHECKLIST.entries()) {
    assert.match(await run((commands[i] ?? '').replace('<USER_ID>', 'u1')), says);
    assert.deepEqual(countNotes(cwd, form), leaves);
  }

  if (isImported) await importAndCompile(cwd, run);
  await run(`${PROGRAM[manager]} init --undo`);
  assert.equal(readFileSync(join(cwd, 'package.json'), 'utf8'), packageJson);
  if (!hasModules) return assert.ok(!existsSync(join(cwd, 'node_modules', '.bin')));
  assert.equal(digestPrisma(cwd), prisma);
  assert.ok(!existsSync(join(cwd, 'node_modules', 'ts-node')));
}
