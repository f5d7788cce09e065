import { strict as assert } from 'node:assert';
import { chmodSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { createProject, DIFF, PACKAGE, runInit, snapshot } from '../helpers/project.ts';

describe('init refuses', () => {
  const REFUSALS: Record<string, { text: string | Buffer | null; stderr: string }> = {
    'a folder without a package.json': {
      text: null,
      stderr: 'there is no package.json in this folder.',
    },
    'a package.json that is not JSON': {
      text: '{"name": }',
      stderr:
        'package.json cannot be used: it is not JSON: Unexpected token \'}\', "{"name": }" is not valid JSON.',
    },
    'a package.json that is a list': {
      text: '[]',
      stderr: 'package.json cannot be used: it must be an object.',
    },
    'scripts that are a list': {
      text: '{"scripts":[]}',
      stderr: 'package.json cannot be used: "scripts" must be an object.',
    },
    'a package.json in another encoding': {
      text: Buffer.from('{"name":"\xe9"}', 'latin1'),
      stderr: 'package.json cannot be used: it is not UTF-8.',
    },
  };
  for (const [name, { text, stderr }] of Object.entries(REFUSALS)) {
    it(name, async (t) => {
      const project = createProject(t, text === null ? {} : { 'package.json': text });
      const before = snapshot(project);
      const refused = await runInit(project);
      assert.equal(refused.code, 2);
      assert.equal(refused.stdout, '');
      assert.equal(
        refused.stderr.split('\n').slice(0, 2).join('\n'),
        `error: ${stderr}\nNothing was changed.`,
      );
      assert.deepEqual(snapshot(project), before);
    });
  }

  it('a package.json that is read-only, with the diff shown and nothing written', async (t) => {
    const project = createProject(t, { 'package.json': PACKAGE });
    chmodSync(join(project.folder, 'package.json'), 0o444);
    const before = snapshot(project);
    const { code, stdout, stderr } = await runInit(project);
    assert.equal(code, 2);
    assert.equal(stdout, DIFF);
    assert.equal(
      stderr,
      `error: package.json cannot be written: it is read-only.
Nothing was changed.
Allow it, or put the changes in by hand. To see them:
  npx prisma-ownership init --dry-run
`,
    );
    assert.deepEqual(snapshot(project), before);
  });
});
