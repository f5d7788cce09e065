import { strict as assert } from 'node:assert';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { maskVolatile, RENDERED, renderReadme } from '../scripts/readme.ts';
import { LINES, type LineName, TICKED_LINES } from '../src/checklist/lines.ts';
import { ROOT } from './helpers/command-line.ts';

const readme = readFileSync(join(ROOT, 'README.md'), 'utf8');
const { scripts } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
  scripts: Record<string, string>;
};

for (const name of RENDERED)
  test(`${name} shows what its commands print, and every option where it has them`, async () => {
    const text = readFileSync(join(ROOT, name), 'utf8');
    assert.equal(maskVolatile(await renderReadme(text)), maskVolatile(text));
  });

test('docs/checklist.md has every line of the checklist, in its order', () => {
  const rows = readFileSync(join(ROOT, 'docs/checklist.md'), 'utf8').matchAll(/^\| `(.+?)` +\| (a tick)?/gm);
  const documented = [...rows].map(([, line, tick]) => [line, tick !== undefined]);
  const lines = Object.keys(LINES) as LineName[];
  assert.deepEqual(
    documented,
    lines.map((line) => [line, TICKED_LINES.includes(line)]),
  );
});

test('the README has its first command by line 20 and real output by line 40', () => {
  const lines = readme.split('\n');
  assert.ok(lines.slice(0, 20).some((line) => line.startsWith('npm install && npm run demo')));
  assert.ok(lines.slice(0, 40).some((line) => line.startsWith('$ npm run -s migration:list-users')));
});

test('every npm script that the README names exists, and every migration script is in it', () => {
  const named = [...readme.matchAll(/npm run (?:-s )?([a-z][\w:-]+)/g)].map(([, name]) => name as string);
  assert.deepEqual(
    [...new Set(named)].filter((name) => !(name in scripts)),
    [],
  );
  const migrations = Object.keys(scripts).filter((name) => name.startsWith('migration:'));
  assert.deepEqual(
    migrations.filter((name) => !readme.includes(name)),
    [],
  );
});

test('exit codes mean the same in both tables, and say which commands end with 1 and 130', () => {
  const errors = readFileSync(join(ROOT, 'docs/errors.md'), 'utf8');
  const [one, other] = [readme, errors].map((text) =>
    [...text.matchAll(/^\| (0|1|2|130) +\| (.*?) +\|$/gm)].map(([, code, meaning]) => `${code} ${meaning}`),
  );
  assert.equal(one?.length, 4);
  assert.deepEqual(one, other);
  for (const command of ['models', 'schema', 'backup --verify', 'rehearse', 'step 1', 'step 3'])
    assert.ok(one?.[1]?.includes(command), command);
  for (const command of ['step 2', 'rollback', 'backup', 'restore', 'rehearse'])
    assert.ok(one?.[3]?.includes(command), command);
});

test('every code of an error or a finding is documented, and no other', () => {
  const files = readdirSync(join(ROOT, 'src/errors')).map((name) => join('src/errors', name));
  const sources = [
    ...files,
    'src/backup/findings.ts',
    'src/backup/restore-findings.ts',
    'src/checklist/findings.ts',
    'src/isolation-check/findings.ts',
    'src/isolation-scan/findings.ts',
    'src/ownership/findings.ts',
    'src/ownership/guard-findings.ts',
    'src/ownership/isolation-findings.ts',
    'src/ownership/project-findings.ts',
    'src/ownership/run-findings.ts',
    'src/ownership/safety-findings.ts',
    'src/ownership/schema-findings.ts',
    'src/init/findings.ts',
    'src/phases/findings.ts',
    'src/rehearsal/findings.ts',
    'src/row-security/findings.ts',
  ]
    .map((name) => readFileSync(join(ROOT, name), 'utf8'))
    .join('\n');
  const found = sources.matchAll(/\((?:\n *)?'([A-Z]+(?:_[A-Z0-9]+)*)'/g);
  // Never shown: the batch is tried again.
  const codes = new Set([...found].map(([, code]) => code).filter((code) => code !== 'BATCH_CHANGED'));
  assert.ok(codes.size > 70);
  const rows = readFileSync(join(ROOT, 'docs/errors.md'), 'utf8').matchAll(/^\| (`.+?) \|/gm);
  const documented = [...rows].flatMap(([, cell = '']) => cell.match(/[A-Z][A-Z0-9_]+/g) ?? []);
  for (const section of readFileSync(join(ROOT, 'docs/errors.md'), 'utf8').split('\n## ')) {
    const cells = [...section.matchAll(/^\| (`.+?) +\|/gm)].map(([, cell]) => cell);
    assert.deepEqual(cells, [...new Set(cells)]);
  }
  // Some are an error of one command and a finding of another, and have a row as each.
  assert.deepEqual([...new Set(documented)].sort(), [...codes].sort());
});
