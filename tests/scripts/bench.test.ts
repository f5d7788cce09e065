import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { type Sample, summarise } from '../../scripts/bench/load-process.ts';
import type { Measurement } from '../../scripts/bench/measure.ts';
import { readOptions } from '../../scripts/bench/options.ts';
import type { PhaseMeasurement } from '../../scripts/bench/phases/measure.ts';
import { judgePhases } from '../../scripts/bench/phases/report.ts';
import { combineRounds } from '../../scripts/bench/phases/rounds.ts';
import { readPrismaSql } from '../../scripts/bench/phases/sample.ts';
import { OURS, type Phase, PRISMA } from '../../scripts/bench/phases/ways.ts';
import { judge } from '../../scripts/bench/report/budgets.ts';
import { describeEnd } from '../../scripts/bench/report/cells.ts';
import { joinParts, splitParts } from '../../scripts/bench/report/parts.ts';
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

  test('measures phases 1 and 3 both ways on PostgreSQL, and keeps the rest of the report', async () => {
    const out = join(folder, 'phases.md');
    writeFileSync(out, '# Written before\n\n## Phases 1 and 3\n\nOld figures.\n');
    const url = process.env.TEST_POSTGRES_URL ?? '';
    const args = ['--phases', '--rows', String(ROWS), '--out', out];
    const { code, stdout, stderr } = await runBench(args, { TMPDIR: temporary, BENCH_POSTGRES_URL: url });
    assert.deepEqual([code, stdout], [0, ''], stderr);
    const report = readFileSync(out, 'utf8');
    assert.match(report, /^# Written before\n\n## Phases 1 and 3\n\n(?!Old figures)/);
    const rows = readTable(report, '### 1,000 rows, phases 1 and 3');
    assert.deepEqual(
      rows.map(({ phase, way }) => [phase, way]),
      [
        ['1', PRISMA],
        ['1', OURS],
        ['3', PRISMA],
        ['3', OURS],
        ['', 'nothing but the app'],
      ],
    );
    for (const row of rows) assert.match(row['app statements failed'] ?? '', /^0 of [\d,]+$/);
    const files = readTable(report, '### 1,000 rows, the files of `migration:schema --sql`');
    assert.deepEqual([files.length, files[0]?.file], [8, '`add_optional_user_relations_01_note_column`']);
    assert.equal(readTable(report, '## Phases 1 and 3').length, 3);
    assert.deepEqual(
      readdirSync(temporary).filter((name) => name.startsWith('prisma-ownership')),
      [],
    );
  });

  test('measures what the proof costs on SQLite, and keeps the rest of the report', async () => {
    const out = join(folder, 'proof.md');
    writeFileSync(out, '# Written before\n\n## Phases 1 and 3\n\nOld figures.\n');
    const args = ['--proof', '--databases', 'sqlite', '--rows', String(ROWS), '--out', out];
    const { code, stdout, stderr } = await runBench(args, { TMPDIR: temporary });
    assert.deepEqual([code, stdout], [0, ''], stderr);
    const report = readFileSync(out, 'utf8');
    assert.match(
      report,
      /^# Written before\n\n## Phases 1 and 3\n\nOld figures\.\n\n## What --proof costs\n/,
    );
    const [line, ...others] = readTable(report, '## What --proof costs');
    assert.deepEqual([line?.rows, others], ['1,000', []]);
    assert.match(line?.['times step 2'] ?? '', /^\d+\.\d\d$/);
  });

  test("takes Prisma's SQL of each phase from Prisma, which locks while it reads the table", () => {
    const sql = readPrismaSql(folder);
    const statements = (text: string) => text.match(/^[A-Z][^;]+/gm);
    assert.match(sql.tables, /CREATE TABLE "Note"/);
    assert.deepEqual(statements(sql[1]), [
      'ALTER TABLE "Note" ADD COLUMN     "userId" TEXT',
      'CREATE INDEX "Note_userId_idx" ON "Note"("userId")',
      'ALTER TABLE "Note" ADD CONSTRAINT "Note_userId_fkey" FOREIGN KEY ("userId") REFERENCES "User"("id") ON DELETE RESTRICT ON UPDATE CASCADE',
    ]);
    assert.deepEqual(statements(sql[3]), ['ALTER TABLE "Note" ALTER COLUMN "userId" SET NOT NULL']);
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

test('readOptions measures phases on PostgreSQL alone', () => {
  assert.equal(readOptions(['--phases']).phases, true);
  assert.equal(readOptions([]).phases, false);
  assert.throws(
    () => readOptions(['--phases', '--databases', 'sqlite']),
    /^Error: --phases is measured on PostgreSQL alone/,
  );
});

test('splitParts finds all parts of a report, and joinParts puts them together again', () => {
  const report = '# Benchmarks\n\n## Phases 1 and 3\n\nFigures.\n';
  assert.equal(joinParts(splitParts(report)), report);
  const cost = `${report}\n## What --proof costs\n\nMore.\n`;
  assert.equal(joinParts(splitParts(cost)), cost);
  assert.deepEqual(splitParts('# Benchmarks\n'), { ways: '# Benchmarks\n', phases: '', proof: '' });
  assert.match(
    joinParts({ ways: '', phases: '## Phases 1 and 3', proof: '' }),
    /^# Benchmarks\n[\s\S]*\n\n## Phases 1 and 3\n$/,
  );
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

describe('rounds of phases', () => {
  const round = (way: string, phase: Phase, longestMs: number): PhaseMeasurement => {
    const noticed = { ...NOTICED, longestMs, failed: 1, words: { no: 1 } };
    const watched = { elapsedMs: 2 * longestMs, noticed };
    return { way, phase, ...watched, files: [{ name: 'file', ...watched }] };
  };

  test('combineRounds takes the worst of times and stalls, and adds statements up', () => {
    const rounds = [round(OURS, 1, 5), round(OURS, 3, 100), round(PRISMA, 1, 200), round(OURS, 1, 7)];
    const worst = {
      elapsedMs: 14,
      noticed: { statements: 20, longestMs: 7, p99Ms: 10, failed: 2, words: { no: 2 } },
    };
    assert.deepEqual(combineRounds(rounds, { way: OURS, phase: 1 }), {
      way: OURS,
      phase: 1,
      ...worst,
      files: [{ name: 'file', ...worst }],
    });
  });

  test('judgePhases holds the budget at its limit, phase by phase and for both', () => {
    const judged = (ours: [number, number], prisma: [number, number]) => {
      const phases = ([1, 3] as const).flatMap((phase, i) => [
        round(PRISMA, phase, prisma[i] ?? 0),
        round(OURS, phase, ours[i] ?? 0),
      ]);
      const alone = { elapsedMs: 5000, noticed: NOTICED };
      return judgePhases({ rows: 10, alone, phases }).map(({ isHeld }) => isHeld);
    };
    assert.deepEqual(judged([50, 40], [500, 400]), [true, true, true]);
    assert.deepEqual(judged([50, 41], [500, 400]), [true, true, false]);
    assert.deepEqual(judged([51, 40], [500, 400]), [false, false, true]);
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
