import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { type Sample, summarise } from '../../scripts/bench/load-process.ts';
import type { Measurement } from '../../scripts/bench/measure.ts';
import { readOptions } from '../../scripts/bench/options.ts';
import { judge } from '../../scripts/bench/report/budgets.ts';
import { describeEnd } from '../../scripts/bench/report/cells.ts';
import { PLAIN_UPDATE, STEP_2, WAYS } from '../../scripts/bench/ways.ts';
import { type Finished, ROOT, runProcess } from '../helpers/command-line.ts';

const ROWS = 1000;

function runBench(args: readonly string[], env: Record<string, string>): Promise<Finished> {
  const script = join(ROOT, 'scripts', 'bench.ts');
  return runProcess(process.execPath, ['-r', 'ts-node/register/transpile-only', script, ...args], { env });
}

describe('npm run bench', () => {
  let folder: string;
  let temporary: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'prisma-ownership-test-'));
    temporary = mkdtempSync(join(folder, 'tmp-'));
  });
  after(() => rmSync(folder, { recursive: true }));

  test('measures every way on SQLite, and writes what step 2 cost', async () => {
    const out = join(folder, 'benchmarks.md');
    const args = ['--databases', 'sqlite', '--rows', String(ROWS), '--out', out];
    const { code, stdout, stderr } = await runBench(args, { TMPDIR: temporary });
    assert.deepEqual([code, stdout], [0, ''], stderr);
    const report = readFileSync(out, 'utf8');
    const rows = readTable(report, '### 1,000 rows');
    assert.deepEqual(
      rows.map(({ way }) => way),
      WAYS.map(({ name }) => name),
    );
    const step2 = rows.find(({ way }) => way === STEP_2.name);
    const plain = rows.find(({ way }) => way === PLAIN_UPDATE.name);
    assert.equal(plain?.['times one `UPDATE`'], '1.00');
    assert.match(step2?.['times one `UPDATE`'] ?? '', /^\d+\.\d\d$/);
    assert.match(step2?.['app statements failed'] ?? '', /^0 of \d+$/);
    assert.match(step2?.journal ?? '', /^\d+\.\d MB$/);
    for (const row of [step2, plain]) assert.match(row?.['peak memory'] ?? '', /^\d+\.\d MB$/);
    assert.match(rows.at(-1)?.time ?? '', /^watched for 3\.0 s$/);
    // It fails as soon as the app writes between its first read and its first update.
    assert.match(rows[3]?.time ?? '', /^(failed after .*: nothing was changed|[\d.]+ m?s)$/);
    const budgets = readTable(report, '## Budgets');
    assert.equal(budgets.find(({ what }) => what?.includes('failed during step 2'))?.measured, '0');
    assert.equal(report.includes(folder), false);
    const left = readdirSync(temporary).filter((name) => name.startsWith('prisma-ownership'));
    assert.deepEqual(left, []);
  });

  test('refuses arguments that it does not know, and a database that does not exist', async () => {
    const { code, stdout, stderr } = await runBench(['--databases', 'sqlite,oracle'], {});
    assert.deepEqual([code, stdout], [2, '']);
    assert.match(
      stderr,
      /^error: --databases is "sqlite,oracle"; it takes sqlite, postgresql, mysql\.\nusage: /,
    );
  });

  test('says why a database was left out', async () => {
    const out = join(folder, 'missing.md');
    const env = { TMPDIR: temporary, BENCH_MYSQL_URL: 'mysql://root@127.0.0.1:1' };
    const { code } = await runBench(['--databases', 'mysql', '--out', out], env);
    assert.equal(code, 0);
    assert.match(readFileSync(out, 'utf8'), /## mysql\n\nNot measured: .*ECONNREFUSED/);
  });
});

test('readOptions sorts the numbers of rows, and adds the largest on demand', () => {
  assert.deepEqual(readOptions(['--large', '--rows', '5,20,5']).rows, [5, 20, 2_000_000]);
  assert.throws(() => readOptions(['--rows', '1e3x']), /^Error: --rows is "1e3x"; it takes whole numbers/);
  assert.throws(() => readOptions(['--fast']), /--fast/);
});

test('summarise counts a statement that was due before and ended within, and no other', () => {
  const at = (due: number, ms: number, failed: string | null = null): Sample => ({ due, ms, failed });
  const samples = [at(0, 5), at(5, 20), at(15, 1), at(18, 100, 'no'), at(21, 400, 'late')];
  assert.deepEqual(summarise(samples, 10, 20), {
    statements: 3,
    longestMs: 100,
    p99Ms: 100,
    failed: 1,
    words: { no: 1 },
  });
});

const RAN = { elapsedMs: 1000, from: 0, to: 2000, peakMemory: 150_000_000 };
const NOTICED = { statements: 10, longestMs: 1000, p99Ms: 10, failed: 0, words: {} };
const MEASURED: Measurement = {
  way: PLAIN_UPDATE.name,
  ran: RAN,
  noticed: NOTICED,
  unowned: 0,
  log: 0,
  growth: 0,
  journal: 0,
};

test('describeEnd says what was reached by a way that did not finish', () => {
  assert.equal(describeEnd(MEASURED, 10), '1.0 s');
  const failed = { ...MEASURED, ran: { ...RAN, failed: 'it is too late.' }, unowned: 10 };
  assert.equal(describeEnd(failed, 10), 'failed after 1.0 s: nothing was changed');
  const stopped = { ...MEASURED, ran: { ...RAN, isLimited: true }, unowned: 4 };
  assert.equal(describeEnd(stopped, 10), 'stopped after 1.0 s: 6 of 10 rows done');
});

describe('judge', () => {
  const budgetsOf = (step2: Partial<Measurement>) => {
    const ways = [{ ...MEASURED, ...step2, way: STEP_2.name }, MEASURED];
    const measured = [{ rows: 10, ways }];
    return judge([{ provider: 'postgresql', name: '', log: '', measured }]).map(({ isHeld }) => isHeld);
  };

  test('holds each budget at its limit', () => {
    const step2 = { ran: { ...RAN, elapsedMs: 1250 }, noticed: { ...NOTICED, longestMs: 50 } };
    assert.deepEqual(budgetsOf(step2), [true, true, true, true]);
  });

  test('does not hold one beyond its limit, nor for a step 2 that did not finish', () => {
    const ran = { ...RAN, elapsedMs: 1260, peakMemory: 200_000_000 };
    assert.deepEqual(budgetsOf({ ran, noticed: { ...NOTICED, longestMs: 51, failed: 1 } }), [
      false,
      false,
      false,
      false,
    ]);
    assert.deepEqual(budgetsOf({ unowned: 1 }).slice(0, 1), [false]);
  });
});

/** The first table after a heading, by the names of its columns. */
function readTable(report: string, heading: string): Record<string, string>[] {
  const [table = ''] = /(?:^\|.*\n)+/m.exec(report.slice(report.indexOf(`${heading}\n`))) ?? [];
  const [head = [], , ...rows] = table
    .trim()
    .split('\n')
    .map((line) =>
      line
        .slice(2, -2)
        .split(' | ')
        .map((cell) => cell.trim()),
    );
  return rows.map((cells) => Object.fromEntries(head.map((name, i) => [name, cells[i] ?? ''])));
}
