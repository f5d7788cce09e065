import { strict as assert } from 'node:assert';
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, beforeEach, describe, it } from 'node:test';
import { REPORT_BEGIN } from '../../src/report-page/render-page.ts';
import { writeReport } from '../../src/report-page/write-report.ts';

const root = mkdtempSync(join(tmpdir(), 'report-'));
after(() => rmSync(root, { recursive: true, force: true }));

describe('writing a report', () => {
  let folder: string;
  let place: { path: string; shown: string };
  beforeEach(() => {
    folder = mkdtempSync(join(root, 'case-'));
    place = { path: join(folder, 'r.html'), shown: 'r.html' };
  });

  const assertRefused = (code: string, says: RegExp) => {
    const names = readdirSync(folder);
    assert.throws(() => writeReport(place, `${REPORT_BEGIN}new`), { code, message: says });
    assert.deepEqual(readdirSync(folder), names);
  };

  it('creates it, and replaces it later, with nothing left beside it', () => {
    assert.equal(writeReport(place, `${REPORT_BEGIN}1`), false);
    assert.equal(writeReport(place, `${REPORT_BEGIN}2`), true);
    assert.equal(readFileSync(place.path, 'utf8'), `${REPORT_BEGIN}2`);
    assert.deepEqual(readdirSync(folder), ['r.html']);
  });

  it('refuses any other file, also an empty one and one that begins almost alike', () => {
    for (const text of ['', 'notes', REPORT_BEGIN.slice(0, -1), REPORT_BEGIN.toUpperCase()]) {
      writeFileSync(place.path, text);
      assertRefused(
        'REPORT_NOT_REPLACED',
        /^r\.html is another file, and only an earlier report is replaced\.\n/,
      );
      assert.equal(readFileSync(place.path, 'utf8'), text);
    }
  });

  it('is written into a folder that a link leads to, but not through a link that leads nowhere', () => {
    mkdirSync(join(folder, 'real'));
    symlinkSync('real', join(folder, 'link'));
    place = { path: join(folder, 'link', 'r.html'), shown: 'link/r.html' };
    assert.equal(writeReport(place, `${REPORT_BEGIN}1`), false);
    assert.equal(writeReport(place, `${REPORT_BEGIN}2`), true);
    assert.deepEqual(readdirSync(join(folder, 'real')), ['r.html']);
    symlinkSync('nowhere', join(folder, 'dangling'));
    place = { path: join(folder, 'dangling', 'r.html'), shown: 'dangling/r.html' };
    assertRefused('REPORT_NOT_WRITABLE', /there is no such folder/);
  });

  it('refuses a folder, and a link', () => {
    mkdirSync(place.path);
    assertRefused('REPORT_NOT_REPLACED', /^r\.html is a folder, /);
    rmSync(place.path, { recursive: true });
    symlinkSync(join(folder, 'elsewhere'), place.path);
    assertRefused('REPORT_NOT_REPLACED', /^r\.html is another file, /);
  });

  it('refuses a folder that is missing, and a file in the place of one', () => {
    place = { path: join(folder, 'missing', 'r.html'), shown: 'missing/r.html' };
    assertRefused('REPORT_NOT_WRITABLE', /written to missing\/r\.html: there is no such folder\./);
    writeFileSync(join(folder, 'file'), '');
    place = { path: join(folder, 'file', 'r.html'), shown: 'file/r.html' };
    assertRefused('REPORT_NOT_WRITABLE', /written to file\/r\.html: /);
  });

  it('says why a folder cannot be written', {
    skip: process.getuid?.() === 0 && 'root may write everywhere',
  }, () => {
    chmodSync(folder, 0o500);
    assertRefused('REPORT_NOT_WRITABLE', /written to r\.html: EACCES\./);
    chmodSync(folder, 0o700);
  });
});
