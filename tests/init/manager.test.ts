import { strict as assert } from 'node:assert';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { version } from '../../package.json';
import { detectManager, installCommand, programCommand, scriptCommand } from '../../src/init/manager.ts';
import { MANAGERS, type Manager } from '../helpers/package-managers.ts';
import { createProject } from '../helpers/project.ts';

const STEP_1 = 'migration:production-safe <USER_ID> --step=1';
const DASHED = 'npm run migration:production-safe -- <USER_ID> --step=1';
const BERRY = '# This file is generated\n__metadata:\n  version: 8\n';
const YARN_1 = '# yarn lockfile v1\n';

interface Case {
  files: Record<string, string>;
  startedBy?: Manager;
  is: string;
  types: string;
}

const CASES: Record<string, Case> = {
  'npm 11 by its lock file': {
    files: { 'package-lock.json': '{}' },
    startedBy: 'npm11',
    is: 'npm 11, package-lock.json',
    types: `npm run ${STEP_1}`,
  },
  'npm 12 by its lock file': {
    files: { 'npm-shrinkwrap.json': '{}' },
    startedBy: 'npm12',
    is: 'npm 12, npm-shrinkwrap.json',
    types: DASHED,
  },
  'npm by its lock file, started by itself': {
    files: { 'package-lock.json': '{}' },
    is: 'npm null, package-lock.json',
    types: DASHED,
  },
  'npm by the field, when a newer one started us': {
    files: { 'package.json': '{"packageManager":"npm@10.9.0"}' },
    startedBy: 'npm12',
    is: 'npm 12, "packageManager" in package.json',
    types: DASHED,
  },
  'npm by the field alone': {
    files: { 'package.json': '{"packageManager":"npm@10.9.0+sha512.00"}' },
    is: 'npm 10, "packageManager" in package.json',
    types: `npm run ${STEP_1}`,
  },
  'pnpm by its lock file, when npx started us': {
    files: { 'pnpm-lock.yaml': '' },
    startedBy: 'npm11',
    is: 'pnpm null, pnpm-lock.yaml',
    types: `pnpm run ${STEP_1}`,
  },
  'yarn 1 by its lock file': {
    files: { 'yarn.lock': YARN_1 },
    is: 'yarn 1, yarn.lock',
    types: `yarn run ${STEP_1}`,
  },
  'yarn 2 or newer by its lock file': {
    files: { 'yarn.lock': BERRY },
    is: 'yarn 2, yarn.lock',
    types: `yarn run ${STEP_1}`,
  },
  'yarn 4 by what started us': {
    files: {},
    startedBy: 'yarn4',
    is: 'yarn 4, what started this',
    types: `yarn run ${STEP_1}`,
  },
  'bun by its lock file': {
    files: { 'bun.lock': '{}' },
    is: 'bun null, bun.lock',
    types: `bun run ${STEP_1}`,
  },
  'bun by its older lock file': {
    files: { 'bun.lockb': '' },
    startedBy: 'bun',
    is: 'bun 1, bun.lockb',
    types: `bun run ${STEP_1}`,
  },
  'the field before the lock file': {
    files: { 'package.json': '{"packageManager":"pnpm@10.1.0"}', 'yarn.lock': YARN_1 },
    is: 'pnpm 10, "packageManager" in package.json',
    types: `pnpm run ${STEP_1}`,
  },
  'what started us, of two lock files': {
    files: { 'package-lock.json': '{}', 'pnpm-lock.yaml': '' },
    startedBy: 'npm8',
    is: 'npm 8, package-lock.json',
    types: `npm run ${STEP_1}`,
  },
  'nothing at all': { files: {}, is: 'npm null, nothing says otherwise', types: DASHED },
};

describe('the package manager', () => {
  for (const [name, { files, startedBy, is, types }] of Object.entries(CASES)) {
    it(`is ${name}`, (t) => {
      const { folder } = createProject(t, files);
      const manager = detectManager(folder, environmentOf(startedBy));
      assert.equal(`${manager.name} ${manager.major}, ${manager.source}`, is);
      assert.equal(scriptCommand(manager, 'migration:production-safe', '<USER_ID> --step=1'), types);
    });
  }

  it('is that of the workspace, which a folder above declares', (t) => {
    const npm = createProject(t, {
      'package.json': '{"workspaces":["apps/*"]}',
      'yarn.lock': BERRY,
      'apps/a/x': '',
    });
    assert.equal(detectManager(join(npm.folder, 'apps/a'), {}).name, 'yarn');
    const pnpm = createProject(t, { 'pnpm-workspace.yaml': '', 'pnpm-lock.yaml': '', 'apps/a/x': '' });
    assert.equal(detectManager(join(pnpm.folder, 'apps/a'), {}).name, 'pnpm');
    const none = createProject(t, { 'package.json': '{}', 'yarn.lock': BERRY, 'apps/a/x': '' });
    assert.equal(detectManager(join(none.folder, 'apps/a'), {}).name, 'npm');
  });

  it('says how the program itself is typed and installed', () => {
    const typed = (['npm', 'pnpm', 'yarn', 'bun'] as const).map((name) => {
      const manager = { name, major: null, source: '' };
      return [programCommand(manager, 'init --undo'), installCommand(manager)];
    });
    const file = `path/to/prisma-ownership-${version}.tgz`;
    assert.deepEqual(typed, [
      ['npx prisma-ownership init --undo', `npm install ${file}`],
      ['pnpm exec prisma-ownership init --undo', `pnpm add ${file}`],
      ['yarn run prisma-ownership init --undo', `yarn add prisma-ownership@file:${file}`],
      ['bunx prisma-ownership init --undo', `bun add ${file}`],
    ]);
    assert.equal(installCommand({ name: 'yarn', major: 1, source: '' }), `yarn add ${file}`);
  });
});

function environmentOf(manager: Manager | undefined): Record<string, string> {
  return manager ? { npm_config_user_agent: MANAGERS[manager].agent } : {};
}
