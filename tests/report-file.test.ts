import assert from 'node:assert/strict';
import type { ChildProcess } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { BIN, type Finished, runCli, runProcess } from './helpers/command-line.ts';
import type { TestDatabase } from './helpers/database.ts';
import { createNotebook } from './helpers/notebook.ts';

/** Types a command in the database's folder. */
function type(database: TestDatabase, ...args: string[]): Promise<Finished> {
  return runCli(args, { cwd: database.folder, env: { DATABASE_URL: database.url } });
}

describe('the file of a report', () => {
  let database: TestDatabase;
  before(async () => {
    database = await createNotebook('SQLite', { notes: 20 });
  });
  after(() => database?.drop());

  it('goes where --out says, and replaces an earlier report, and says so', async () => {
    mkdirSync(join(database.folder, 'out'));
    const first = await type(database, 'report', '--out=out/r.html');
    assert.match(first.stdout, /^Wrote out\/r\.html \(\d+ KiB\)\.\n/);
    const second = await type(database, 'report', '--out', 'out/r.html');
    assert.match(second.stdout, /^Wrote out\/r\.html \(\d+ KiB\), in place of an earlier report\.\n/);
    assert.deepEqual(readdirSync(join(database.folder, 'out')), ['r.html']);
  });

  it('is not written over anything else, before the database is asked', async () => {
    writeFileSync(join(database.folder, 'notes.html'), '<!doctype html>\n<p>mine');
    const { code, stdout, stderr } = await runCli(['report', '--out=notes.html'], {
      cwd: database.folder,
      env: { DATABASE_URL: 'postgresql://nobody@127.0.0.1:1/none' },
    });
    assert.deepEqual([code, stdout], [2, '']);
    assert.match(
      stderr,
      /^error: notes\.html is another file, and only an earlier report is replaced\.\nNothing was/,
    );
    assert.equal(readFileSync(join(database.folder, 'notes.html'), 'utf8'), '<!doctype html>\n<p>mine');
    assert.equal((await type(database, 'report', '--out=out')).code, 2);
  });

  it('stays as it was where the new one does not fit', async () => {
    const path = join(database.folder, 'whole.html');
    assert.equal((await type(database, 'report', '--out=whole.html')).code, 0);
    const whole = readFileSync(path, 'utf8');
    const names = readdirSync(database.folder);
    // No file may grow beyond 8 KiB, as if the disk were full.
    const limited = [
      '-c',
      'ulimit -f 8; exec "$0" "$@"',
      process.execPath,
      BIN,
      'report',
      '--out=whole.html',
    ];
    const { code, stdout, stderr } = await runProcess('bash', limited, {
      cwd: database.folder,
      env: { DATABASE_URL: database.url },
    });
    assert.deepEqual([code, stdout], [2, '']);
    assert.match(
      stderr,
      /^error: the report cannot be written to whole\.html: EFBIG\.\nNothing was changed\./m,
    );
    assert.equal(readFileSync(path, 'utf8'), whole);
    assert.deepEqual(readdirSync(database.folder), names);
  });

  it('is whole whenever its process is killed', async () => {
    const path = join(database.folder, 'killed.html');
    assert.equal((await type(database, 'report', '--out=killed.html')).code, 0);
    const env = { DATABASE_URL: database.url };
    for (let milliseconds = 250; milliseconds < 1000; milliseconds += 75) {
      const args = ['report', '--out=killed.html'];
      const onStart = (child: ChildProcess) => void setTimeout(() => child.kill('SIGKILL'), milliseconds);
      await runCli(args, { cwd: database.folder, env, onStart });
      assert.match(readFileSync(path, 'utf8'), /^<!doctype html>[\s\S]*<\/html>\n$/);
    }
  });

  it('is refused beside --json, which writes none', async () => {
    const { code, stderr } = await type(database, 'report', '--json', '--out=r.html');
    assert.equal(code, 2);
    assert.match(stderr, /^error: option '--out <file>' cannot be used with option '--json'/);
  });
});
