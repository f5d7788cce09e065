import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { sweepFolders, withFolder } from '../../src/rehearsal/folder.ts';

const root = mkdtempSync(join(tmpdir(), 'prisma-ownership-folders-'));
after(() => rmSync(root, { recursive: true }));

describe('the folder of a rehearsal', () => {
  const isAlive = (pid: number) => pid === 7;

  it('is there while it is used, and swept where its process is gone, in whichever place', async () => {
    const places = ['one', 'two'].map((name) => mkdtempSync(join(root, name)));
    const [one = '', two = ''] = places;
    await withFolder(one, { host: 'here', pid: 8 }, () =>
      withFolder(two, { host: 'here', pid: 9 }, () =>
        withFolder(two, { host: 'here', pid: 7 }, () =>
          withFolder(two, { host: 'elsewhere', pid: 8 }, async () => {
            assert.equal(readdirSync(two).length, 3);
            sweepFolders([...places, join(root, 'missing')], { host: 'here', isAlive });
            assert.deepEqual(readdirSync(one), []);
            // Of a process that lives, and of another host.
            assert.deepEqual(
              readdirSync(two)
                .map((name) => /-(\d+)-/.exec(name)?.[1])
                .sort(),
              ['7', '8'],
            );
          }),
        ),
      ),
    );
    assert.deepEqual(readdirSync(two), []);
  });
});
