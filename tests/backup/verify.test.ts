import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { createBackup } from '../../src/backup/create-backup.ts';
import { readBackup } from '../../src/backup/read-backup.ts';
import { verifyBackup } from '../../src/backup/verify-backup.ts';
import { writeManifest } from '../../src/backup/write-manifest.ts';
import { listBackups, openUrl, outOf, withNotes } from '../helpers/backup.ts';
import { listScratch } from '../helpers/scratch.ts';
import { ALL_PROVIDERS, type TestDatabase } from '../helpers/database.ts';
import { cannotDump } from '../helpers/dumpable-server.ts';
import { createFakeTools } from '../helpers/fake-tools.ts';
import { runCommand } from '../helpers/processes.ts';

const operator = { host: 'test-host', pid: process.pid, isAlive: (pid: number) => pid === process.pid };
const env = process.env;
const note = () => undefined;

function create(database: TestDatabase) {
  return createBackup(openUrl(database), { out: outOf(database), env, pid: process.pid });
}

function locate(program: string): string {
  return spawnSync('sh', ['-c', `command -v ${program}`], { encoding: 'utf8' }).stdout.trim();
}

for (const provider of ALL_PROVIDERS) {
  describe(`the verification of a backup on ${provider}`, { skip: cannotDump(provider) }, () => {
    it('finds a file that changed after it was written, and restores nothing', () =>
      withNotes(provider, async (database) => {
        const backup = await create(database);
        const file = join(backup.folder, backup.manifest.files[0]?.name ?? '');
        const bytes = readFileSync(file);
        bytes[30] = (bytes[30] ?? 0) ^ 1;
        writeFileSync(file, bytes);
        await assert.rejects(verifyBackup(backup, openUrl(database), { operator, env, note }), {
          code: 'BACKUP_DAMAGED',
          message: /has other contents than when it was made/,
        });
        assert.deepEqual(await listScratch(database), []);
      }));

    it('names the table and the key where what is restored is not what the manifest says', () =>
      withNotes(provider, async (database) => {
        const backup = await create(database);
        await database.run(`UPDATE "Note" SET title = 'changed' WHERE id = 2`);
        const other = await create(database);
        // The rows of one backup with the digests of the other.
        const manifest = { ...backup.manifest, tables: other.manifest.tables };
        const mixed = { ...backup, manifest, sha256: await writeManifest(backup.folder, manifest) };
        const { differences, backup: same } = await verifyBackup(mixed, openUrl(database), {
          operator,
          env,
          note,
        });
        assert.deepEqual(
          differences.map(({ table, keys }) => [table.name, keys]),
          [['Note', [{ key: ['2'], what: 'changed' }]]],
        );
        assert.equal(same.manifest.verified, null);
        assert.equal(readBackup(backup.folder).manifest.verified, null);
        assert.deepEqual(await listScratch(database), []);
      }));
  });
}

describe('migration:backup --verify with a tool that loses something', () => {
  for (const [provider, name, loses, says] of [
    [
      'postgresql',
      'pg_dump',
      `'--exclude-table-data="Note"'`,
      /public\.Note has 2 rows in the manifest, and has 0 rows/,
    ],
    [
      'mysql',
      'mariadb-dump',
      `| sed "s/'second'/'seconds'/"`,
      /Note has 2 rows in the manifest, and has 2 rows in the copy that was restored, with other values/,
    ],
  ] as const)
    it(`answers no, and names the rows, on ${provider}`, { skip: cannotDump(provider) }, () =>
      withNotes(provider, async (database) => {
        const tools = createFakeTools({ [name]: `${locate(name)} "$@" ${loses}` });
        try {
          const words = ['backup', '--verify', '--json', `--out=${outOf(database)}`];
          const done = await runCommand({ ...database, env: { PATH: tools.before } }, ...words);
          assert.equal(done.code, 1, done.stderr + done.stdout);
          const { ok, verified, findings, differences, next } = JSON.parse(done.stdout);
          assert.deepEqual([ok, verified, findings.length], [false, null, 1]);
          assert.equal(findings[0].code, 'BACKUP_DIFFERS');
          assert.match(findings[0].message, says);
          const keys = differences[0].keys.map(({ key }: { key: string[] }) => key[0]);
          assert.deepEqual(keys, provider === 'mysql' ? ['2'] : ['1', '2']);
          assert.match(next, /^npm run migration:backup -- --verify --out=/);
          assert.equal(listBackups(outOf(database)).whole.length, 1);
          assert.deepEqual(await listScratch(database), []);
        } finally {
          tools.remove();
        }
      }),
    );
});
