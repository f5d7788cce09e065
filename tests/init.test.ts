import { strict as assert } from 'node:assert';
import { describe, it } from 'node:test';
import { runProcess } from './helpers/command-line.ts';
import { createProject, DIFF, PACKAGE, runInit, SCRIPTS, snapshot } from './helpers/project.ts';

const LOCK = { 'package-lock.json': '{}' };

describe('init', () => {
  it('shows the diff, then what it did, and the commands for this npm', async (t) => {
    const project = createProject(t, { 'package.json': PACKAGE, ...LOCK });
    const { code, stdout, stderr } = await runInit(project);
    assert.equal(stderr, '');
    assert.equal(
      stdout,
      `${DIFF}${SCRIPTS.length} scripts were added to package.json; ownership.config.json was created.

To see what each model is for the migration:
  npm run migration:models
Then the checklist:
  npm run migration:list-users
  npm run migration:production-safe -- <USER_ID> --step=1
  npm run migration:production-safe -- <USER_ID> --step=2
  npm run migration:production-safe -- <USER_ID> --step=3
  npm run migration:rollback -- --confirm
To take all of this out again:
  npx prisma-ownership init --undo
Typed for npm 12 (package-lock.json).
`,
    );
    assert.equal(code, 0);
    assert.deepEqual(Object.keys(JSON.parse(project.read('package.json') ?? '').scripts), [
      'test',
      ...SCRIPTS.map(([name]) => name),
    ]);
  });

  it('writes nothing in a dry run, and its diff is what the real run does', async (t) => {
    const project = createProject(t, { 'package.json': PACKAGE.replaceAll('\n', '\r\n').trimEnd(), ...LOCK });
    const before = snapshot(project);
    const { stdout } = await runInit(project, ['--dry-run']);
    assert.deepEqual(snapshot(project), before);
    assert.match(
      stdout,
      /would be created\. Nothing was changed\.\n\nTo do it:\n {2}npx prisma-ownership init\n/,
    );

    project.write('init.diff', stdout);
    const applied = await runProcess('git', ['apply', 'init.diff'], { cwd: project.folder });
    assert.equal(applied.stderr, '');
    const patched = [project.read('package.json'), project.read('ownership.config.json')];
    assert.equal((await runInit(project, ['--undo'])).code, 0);
    assert.equal((await runInit(project)).code, 0);
    assert.deepEqual([project.read('package.json'), project.read('ownership.config.json')], patched);
  });

  for (const hasModules of [true, false]) {
    it(`is undone byte for byte, ${hasModules ? 'with' : 'without'} node_modules to remember it in`, async (t) => {
      const project = createProject(t, {
        'package.json': PACKAGE,
        ...(hasModules ? { 'node_modules/x': '' } : {}),
      });
      const before = snapshot(project);
      await runInit(project);
      const again = await runInit(project);
      assert.match(again.stdout, /^Nothing to add: /);
      const dry = await runInit(project, ['--undo', '--dry-run']);
      assert.match(
        dry.stdout,
        /^\d+ scripts would be removed from package\.json; ownership\.config\.json would be removed\. /m,
      );
      const { stdout, code } = await runInit(project, ['--undo']);
      assert.match(
        stdout,
        /^\d+ scripts were removed from package\.json; ownership\.config\.json was removed\.$/m,
      );
      assert.equal(code, 0);
      assert.deepEqual(snapshot(project), before);
      assert.match((await runInit(project, ['--undo'])).stdout, /^Nothing to undo: /);
    });
  }
});
