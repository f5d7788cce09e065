import assert from 'node:assert/strict';
import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { applyChanges } from '../src/files.ts';

function createFolder(t: TestContext, files: Record<string, string>): string {
  const folder = mkdtempSync(join(tmpdir(), 'files-'));
  t.after(() => rmSync(folder, { recursive: true }));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  return folder;
}

const read = (folder: string, name: string) => readFileSync(join(folder, name), 'utf8');
const PREVIEW = 'npm run migration:schema -- --phase=1';

describe('changes of files', () => {
  it('are made, with folders that were missing', (t) => {
    const folder = createFolder(t, { a: 'old', b: 'gone' });
    applyChanges(
      folder,
      [
        { path: 'a', before: 'old', after: 'new' },
        { path: 'x/y/c', before: null, after: 'made' },
        { path: 'b', before: 'gone', after: null },
      ],
      PREVIEW,
    );
    assert.deepEqual(readdirSync(folder, { recursive: true }).sort(), ['a', 'x', 'x/y', 'x/y/c']);
    assert.equal(read(folder, 'a'), 'new');
    assert.equal(read(folder, 'x/y/c'), 'made');
  });

  it('are all taken back when one file was changed by another program', (t) => {
    const folder = createFolder(t, { a: 'old', b: 'theirs' });
    const changes = [
      { path: 'a', before: 'old', after: 'new' },
      { path: 'x/y/c', before: null, after: 'made' },
      { path: 'b', before: 'before', after: 'after' },
    ];
    assert.throws(() => applyChanges(folder, changes, PREVIEW), { code: 'FILE_CHANGED' });
    assert.deepEqual(readdirSync(folder), ['a', 'b']);
    assert.equal(read(folder, 'a'), 'old');
    assert.equal(read(folder, 'b'), 'theirs');
  });

  it('are not begun when a file is read-only', (t) => {
    const folder = createFolder(t, { a: 'old', b: 'old' });
    chmodSync(join(folder, 'b'), 0o444);
    const changes = ['a', 'b'].map((path) => ({ path, before: 'old', after: 'new' }));
    assert.throws(() => applyChanges(folder, changes, PREVIEW), { code: 'FILE_NOT_WRITABLE' });
    assert.equal(read(folder, 'a'), 'old');
  });

  it('are not begun when a file is not UTF-8, whose bytes would be lost', (t) => {
    const folder = createFolder(t, { a: 'old' });
    writeFileSync(join(folder, 'b'), Buffer.from('caf\xe9', 'latin1'));
    const changes = [
      { path: 'a', before: 'old', after: 'new' },
      { path: 'b', before: read(folder, 'b'), after: 'new' },
    ];
    assert.throws(() => applyChanges(folder, changes, PREVIEW), { code: 'FILE_NOT_WRITABLE' });
    assert.equal(read(folder, 'a'), 'old');
    assert.deepEqual(readFileSync(join(folder, 'b')), Buffer.from('caf\xe9', 'latin1'));
  });

  it('are all taken back when a folder cannot be created', (t) => {
    const folder = createFolder(t, { a: 'old', file: '' });
    const changes = [
      { path: 'a', before: 'old', after: 'new' },
      { path: 'file/c', before: null, after: 'made' },
    ];
    assert.throws(() => applyChanges(folder, changes, PREVIEW), { code: 'FILE_NOT_WRITABLE' });
    assert.equal(read(folder, 'a'), 'old');
    assert.equal(existsSync(join(folder, 'file/c')), false);
  });
});
