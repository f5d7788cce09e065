import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { appendFileSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import type { Manifest } from '../../src/backup/manifest.ts';
import { assertIntact, readBackup, sealManifest } from '../../src/backup/read-backup.ts';
import { writeManifest } from '../../src/backup/write-manifest.ts';

const CONTENTS = 'all that there is';

const MANIFEST: Manifest = {
  format: 1,
  database: { provider: 'sqlite', name: 'app.db' },
  time: '2026-11-26T02:45:00.000Z',
  toolVersion: '0.1.0',
  serverVersion: '3.53.2',
  dumpTool: 'SQLite online backup 3.53.2',
  layout: 'sqlite-gzip',
  files: [
    {
      name: 'data.sqlite.gz',
      role: 'data',
      bytes: CONTENTS.length,
      sha256: createHash('sha256').update(CONTENTS).digest('hex'),
    },
  ],
  tables: [{ table: { schema: 'main', name: 'Note' }, rows: 2, digest: '0'.repeat(32) }],
  verified: null,
};

describe('a backup that is read', () => {
  let folder = '';
  const file = () => join(folder, 'data.sqlite.gz');
  const manifest = () => join(folder, 'manifest.json');

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'prisma-ownership-backup-'));
    writeFileSync(file(), CONTENTS);
    await writeManifest(folder, MANIFEST);
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('is as it was written', async () => {
    const backup = readBackup(folder);
    assert.deepEqual(backup, { folder, manifest: MANIFEST, sha256: sealManifest(MANIFEST).sha256 });
    await assertIntact(backup);
  });

  it('is refused where there is no folder, or no manifest in it', () => {
    rmSync(manifest());
    assert.throws(() => readBackup(folder), { code: 'BACKUP_MISSING', message: /has no manifest\.json/ });
    assert.throws(() => readBackup(`${folder}/no`), {
      code: 'BACKUP_MISSING',
      message: /there is no folder/,
    });
  });

  for (const [what, from, to] of [
    ['a number of rows', '"rows": 2', '"rows": 3'],
    ['a checksum', '"sha256": "', '"sha256": "0'],
    ['the whole', /^.*$/s, '[1, 2'],
    ['the kind of document', /^.*$/s, 'null'],
    ['its own checksum', /,\s*"sha256": "\w+"\s*\}\s*$/, '}'],
  ] as const)
    it(`is refused when ${what} was edited in its manifest`, () => {
      const text = readFileSync(manifest(), 'utf8');
      writeFileSync(manifest(), text.replace(from, to));
      assert.notEqual(readFileSync(manifest(), 'utf8'), text);
      assert.throws(() => readBackup(folder), { code: 'BACKUP_EDITED' });
    });

  it('may be written in another layout, as a formatter does', () => {
    writeFileSync(manifest(), JSON.stringify(JSON.parse(readFileSync(manifest(), 'utf8'))));
    assert.deepEqual(readBackup(folder).manifest, MANIFEST);
  });

  it('is refused when a newer release wrote it', () => {
    writeFileSync(manifest(), JSON.stringify({ format: 2, of: 'the future' }));
    assert.throws(() => readBackup(folder), { code: 'BACKUP_OF_NEWER' });
  });

  for (const [what, damage, says] of [
    ['longer', () => appendFileSync(file(), 'x'), /has 18 bytes instead of 17/],
    ['truncated', () => truncateSync(file(), 5), /has 5 bytes instead of 17/],
    ['changed in one byte', () => writeFileSync(file(), CONTENTS.replace('t', 'T')), /has other contents/],
    ['missing', () => rmSync(file()), /is missing/],
  ] as const)
    it(`is damaged when a file is ${what}`, async () => {
      damage();
      const message = new RegExp(`data\\.sqlite\\.gz ${says.source}`);
      await assert.rejects(assertIntact(readBackup(folder)), { code: 'BACKUP_DAMAGED', message });
    });
});
