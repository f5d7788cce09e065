import { strict as assert } from 'node:assert';
import { chmodSync, lstatSync, readdirSync, statSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { createProject, PACKAGE, runInit, SCRIPTS } from '../helpers/project.ts';

describe('init keeps', () => {
  it('never overwrites: another script of the same name and a settings file stay, and are reported', async (t) => {
    const taken = PACKAGE.replace('"test": "x"', '"migration:check": "mine"');
    const settings = '{"ownerModel":"Account"}';
    const project = createProject(t, {
      'package.json': taken,
      'ownership.config.json': settings,
      'node_modules/x': '',
    });
    const { stdout } = await runInit(project, ['--json']);
    const answer = JSON.parse(stdout);
    assert.deepEqual(
      answer.findings.map(({ code, message }: { code: string; message: string }) => `${code} ${message}`),
      [
        'SCRIPT_DIFFERS the script "migration:check" is "mine", not "prisma-ownership production-safe --step=1": it was left as it is',
        'SETTINGS_LEFT ownership.config.json is not as init writes it: it was left as it is',
      ],
    );
    assert.deepEqual(
      answer.scripts,
      SCRIPTS.map(([name]) => name).filter((name) => name !== 'migration:check'),
    );
    assert.equal(JSON.parse(project.read('package.json') ?? '').scripts['migration:check'], 'mine');
    assert.equal(project.read('ownership.config.json'), settings);
    await runInit(project, ['--undo']);
    assert.equal(project.read('package.json'), taken);
    assert.equal(project.read('ownership.config.json'), settings);
  });

  it('leaves what was changed since, when it is undone', async (t) => {
    const project = createProject(t, { 'package.json': PACKAGE, 'node_modules/x': '' });
    await runInit(project);
    const changed = (project.read('package.json') ?? '').replace(
      'ownership status"',
      'ownership status --json"',
    );
    project.write('package.json', changed.replace('"name": "x"', '"name": "y"'));
    project.write('ownership.config.json', '{"ownerModel":"Account"}\n');
    const { stdout } = await runInit(project, ['--undo']);
    assert.match(
      stdout,
      new RegExp(`^${SCRIPTS.length - 1} scripts were removed from package\\.json\\.$`, 'm'),
    );
    assert.match(stdout, /the script "migration:status" is "prisma-ownership status --json", not /);
    assert.equal(
      project.read('package.json'),
      PACKAGE.replace('"name": "x"', '"name": "y"').replace(
        '"test": "x"',
        '"test": "x",\n    "migration:status": "prisma-ownership status --json"',
      ),
    );
    assert.equal(project.read('ownership.config.json'), '{"ownerModel":"Account"}\n');
  });

  it('works in the folder of a workspace where it is typed, and sees what the root has installed', async (t) => {
    const project = createProject(t, {
      'package.json':
        '{"workspaces":["apps/*"],"packageManager":"yarn@4.1.0","devDependencies":{"prisma-ownership":"1"}}',
      'apps/web/package.json': '{\n\t"name": "web"\n}\n',
    });
    const web = { ...project, folder: join(project.folder, 'apps/web') };
    const { stdout } = await runInit(web, ['--json']);
    const { findings, packageManager, commands } = JSON.parse(stdout);
    assert.deepEqual(findings, []);
    assert.deepEqual(packageManager, { name: 'yarn', major: 4, source: '"packageManager" in package.json' });
    assert.equal(commands[1], 'yarn run migration:list-users');
    assert.deepEqual(readdirSync(web.folder).sort(), ['ownership.config.json', 'package.json']);
    assert.match(
      project.read('apps/web/package.json') ?? '',
      /^\{\n\t"name": "web",\n\t"scripts": \{\n\t\t"migration:/,
    );
  });

  it('says when our package is not among the dependencies', async (t) => {
    const project = createProject(t, { 'package.json': '{}', 'pnpm-lock.yaml': '' });
    const { stdout } = await runInit(project);
    assert.match(
      stdout,
      /\[NOT_INSTALLED\]\n {2}Install it: pnpm add path\/to\/prisma-ownership-[\d.]+\.tgz\n/,
    );
  });

  it('takes nothing out that was there before it, when it is undone twice', async (t) => {
    const text = '{\n  "scripts": {\n    "migration:models": "prisma-ownership models"\n  }\n}\n';
    const project = createProject(t, { 'package.json': text, 'node_modules/x/y': '' });
    await runInit(project);
    for (const _ of [1, 2]) {
      const { stdout } = await runInit(project, ['--undo']);
      assert.equal(project.read('package.json'), text, stdout);
    }
  });

  it("types our program where a script of that name is somebody else's", async (t) => {
    const project = createProject(t, { 'package.json': '{ "scripts": { "migration:models": "foo" } }' });
    const { stdout } = await runInit(project);
    assert.match(stdout, /To see what each model is for the migration:\n {2}npx prisma-ownership models\n/);
    assert.match(stdout, /\n {2}npm run migration:list-users\n/);
  });

  it('points at the schema of the settings where the packages are, above the folder of an app', async (t) => {
    const root = createProject(t, {
      'package.json': '{ "workspaces": ["apps/*"] }',
      'apps/a/package.json': '{}',
      'node_modules/prisma-ownership/ownership.schema.json': '{}',
    });
    const app = { ...root, folder: join(root.folder, 'apps/a') };
    await runInit(app);
    const settings = JSON.parse(root.read('apps/a/ownership.config.json') ?? '');
    assert.equal(settings.$schema, './../../node_modules/prisma-ownership/ownership.schema.json');
    await runInit(app, ['--undo']);
    assert.equal(root.read('apps/a/ownership.config.json'), null);
  });

  it('keeps the mode of package.json, and a link to it', async (t) => {
    const project = createProject(t, { 'real.json': PACKAGE });
    symlinkSync('real.json', join(project.folder, 'package.json'));
    chmodSync(join(project.folder, 'real.json'), 0o640);
    await runInit(project);
    assert.ok(lstatSync(join(project.folder, 'package.json')).isSymbolicLink());
    assert.equal(statSync(join(project.folder, 'real.json')).mode & 0o777, 0o640);
    assert.match(project.read('real.json') ?? '', /migration:models/);
  });
});
