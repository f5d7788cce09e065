import { strict as assert } from 'node:assert';
import { cpSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { ROOT } from './helpers/command-line.ts';
import {
  createFolder,
  findUnreachable,
  packRepository,
  pinSqlite,
  placeSqliteBuild,
  type,
} from './helpers/package.ts';

const EXAMPLE = join(ROOT, 'examples/notes-api');
const MIGRATION = 'prisma/migrations/20260105090000_init/migration.sql';
const folder = createFolder('example');
after(() => rmSync(folder, { recursive: true, force: true }));

/** The schema without its comments, and without what is said of indexes. */
function readFields(path: string): string {
  const lines = readFileSync(join(ROOT, path), 'utf8').split('\n');
  return lines
    .filter((line) => !/^\s*(\/\/|@@index|@@unique)/.test(line))
    .map((line) => line.replace(/\s+\/\/.*$| @unique$/g, '').trimEnd())
    .join('\n');
}

describe('examples/notes-api', () => {
  it('has the schema of the sample, in which keys and indexes are per owner', () => {
    const [sample, example] = ['', 'examples/notes-api/'].map((path) => `${path}prisma/schema.prisma`);
    assert.ok(sample && example);
    assert.equal(readFields(example), readFields(sample));
    const indexes = readFileSync(join(ROOT, example), 'utf8').match(/@@(index|unique)\(\[userId.*/g);
    assert.ok(indexes?.every((each) => each.includes(', ')));
  });

  it('has a migration that makes its schema', async () => {
    const words = 'migrate diff --from-empty --to-schema prisma/schema.prisma --script';
    const prisma = join(ROOT, 'node_modules/prisma/build/index.js');
    const { code, stdout, stderr } = await type(`"${process.execPath}" "${prisma}" ${words}`, EXAMPLE);
    assert.equal(code, 0, stderr);
    assert.equal(stdout.trim(), readFileSync(join(EXAMPLE, MIGRATION), 'utf8').trim());
  });

  it('is typed, and isolates, with the library installed from its package', async (t) => {
    const packed = await packRepository(folder);
    const cwd = join(folder, 'examples', 'notes-api');
    // Its Prisma config takes the engine from there.
    symlinkSync(join(ROOT, 'scripts'), join(folder, 'scripts'), 'dir');
    const own = /[\\/](node_modules|dist|generated|package-lock\.json|[^\\/]*\.db)$/;
    cpSync(EXAMPLE, cwd, { recursive: true, filter: (path) => !own.test(path.slice(EXAMPLE.length)) });
    const settings = JSON.parse(readFileSync(join(cwd, 'package.json'), 'utf8'));
    settings.dependencies['prisma-ownership'] = `file:${join(folder, packed.filename)}`;
    writeFileSync(join(cwd, 'package.json'), JSON.stringify({ ...settings, ...pinSqlite() }));
    const flags = '--ignore-scripts --no-audit --no-fund --prefer-offline --fetch-retry-mintimeout=1000';
    const installed = await type(`npm install ${flags}`, cwd);
    const unreachable = installed.code === 0 ? null : findUnreachable(installed.stderr);
    if (unreachable) return t.skip(unreachable);
    assert.equal(installed.code, 0, installed.stderr);
    placeSqliteBuild(cwd);
    for (const command of ['generate', 'typecheck', 'test']) {
      const { code, stdout, stderr } = await type(`npm run ${command}`, cwd);
      assert.equal(code, 0, `npm run ${command}\n${stdout}${stderr}`);
      if (command === 'test') assert.match(stdout, /^(#|ℹ) pass 1\d\d$/m);
    }
  });
});
