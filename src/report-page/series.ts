import type { BatchRecord, RunEvent } from '../ownership/history.ts';
import { readWait, type Wait } from '../ownership/waits.ts';
import type { BatchPoint, BatchSummary, ProgressPoint, Series } from './report-data.ts';

/** As many points as a plot of a page's width can show; more would only make the file large. */
const MOST_POINTS = { progress: 500, batches: 1000 };
/** The longest ones of a run that yields often. */
const MOST_WAITS = 300;
/** Each part of a thinned series keeps its least and its greatest value. */
const KEPT_OF_PART = 2;
/** Events of a process that begins to work on a run. */
const BEGINS = /^(started|carried on): |^rollback started$/;

/** How many rows the run had changed at each commit, less those that a rollback took back. It begins with none, at `started`. */
export function planProgress(batches: readonly BatchRecord[], started: string): Series<ProgressPoint> {
  const changes = batches.flatMap(({ committed, rolledBack, rows, reverted }) => [
    { time: committed, rows },
    ...(rolledBack === null ? [] : [{ time: rolledBack, rows: -reverted }]),
  ]);
  changes.sort(byTime);
  let rows = 0;
  const points = [
    { time: started, rows },
    ...changes.map((change) => {
      rows += change.rows;
      return { time: change.time, rows };
    }),
  ];
  return {
    of: points.length,
    points: thin(points, { value: (point) => point.rows, most: MOST_POINTS.progress }),
  };
}

/**
 * How long each batch took, in the order of the commits: from the commit before it, or from the start of the process that did it, to its own
 * commit. Pauses after a batch (--pause-ms, --rate) are in it, and tries that failed; waits that the log tells of are not.
 */
export function measureBatches(batches: readonly BatchRecord[], events: readonly RunEvent[]): BatchPoint[] {
  const assigned = batches.map(({ committed, model, rows }) => ({ time: committed, model, rows }));
  const rolledBack = batches.flatMap(({ rolledBack: time, model, reverted }) =>
    time === null ? [] : [{ time, model, rows: reverted }],
  );
  return [...measure('assign', assigned, events), ...measure('rollback', rolledBack, events)].sort(byTime);
}

function measure(
  work: BatchPoint['work'],
  done: readonly Omit<BatchPoint, 'work' | 'seconds'>[],
  events: readonly RunEvent[],
): BatchPoint[] {
  const takeBegins = createCursor(events.filter(({ what }) => BEGINS.test(what)));
  const takeWaits = createCursor(events.filter((event) => readWait(event) !== null));
  let previous = Number.NEGATIVE_INFINITY;
  return [...done].sort(byTime).flatMap((batch): BatchPoint[] => {
    const end = Date.parse(batch.time);
    const begun = takeBegins(batch.time).at(-1);
    const from = Math.max(previous, begun ? Date.parse(begun.time) : Number.NEGATIVE_INFINITY);
    const away = takeWaits(batch.time).reduce((sum, wait) => sum + secondsAfter(from, wait), 0);
    previous = end;
    if (!Number.isFinite(from)) return [];
    return [{ ...batch, work, seconds: Math.max(0, round((end - from) / 1000 - away)) }];
  });
}

/** Of a wait: the part of it after `from`. */
function secondsAfter(from: number, wait: RunEvent): number {
  const all = readWait(wait)?.seconds ?? 0;
  return Math.max(0, Math.min(all, (Date.parse(wait.time) - from) / 1000));
}

/** Gives, call by call, what is up to a time and was not given before. Both come in order. */
function createCursor<Item extends { time: string }>(items: readonly Item[]): (upTo: string) => Item[] {
  let next = 0;
  return (upTo) => {
    const begin = next;
    while (next < items.length && (items[next] as Item).time <= upTo) next += 1;
    return items.slice(begin, next);
  };
}

/** The batches to be drawn: the quickest and the slowest of each stretch of time. */
export function thinBatches(measured: readonly BatchPoint[]): Series<BatchPoint> {
  return {
    of: measured.length,
    points: thin(measured, { value: ({ seconds }) => seconds, most: MOST_POINTS.batches }),
  };
}

/** The longest waits, in the order of time. */
export function pickWaits(events: readonly RunEvent[]): Series<Wait> {
  const waits = events.flatMap((event) => readWait(event) ?? []);
  const longest = [...waits].sort((a, b) => b.seconds - a.seconds).slice(0, MOST_WAITS);
  return { of: waits.length, points: longest.sort((a, b) => (a.until < b.until ? -1 : 1)) };
}

/** The numbers over all batches of each kind that there are. */
export function summarizeBatches(measured: readonly BatchPoint[]): BatchSummary[] {
  return (['assign', 'rollback'] as const).flatMap((work) => {
    const batches = measured.filter((each) => each.work === work);
    if (batches.length === 0) return [];
    const seconds = sorted(batches.map((each) => each.seconds));
    const rows = sorted(batches.map((each) => each.rows));
    const [allRows, allSeconds] = [sum(rows), sum(seconds)];
    return [
      {
        work,
        batches: batches.length,
        rows: allRows,
        rowsPerSecond: allSeconds > 0 ? Math.round(allRows / allSeconds) : null,
        seconds: { median: at(seconds, 0.5), p95: at(seconds, 0.95), longest: at(seconds, 1) },
        rowsPerBatch: { least: at(rows, 0), median: at(rows, 0.5), most: at(rows, 1) },
      },
    ];
  });
}

/** At most `most` points, in their order: the first and the last, and of each part the ones with the least and the greatest value. */
export function thin<Point>(
  points: readonly Point[],
  { value, most }: { value: (point: Point) => number; most: number },
): Point[] {
  if (points.length <= most) return [...points];
  const parts = Math.floor((most - 2) / KEPT_OF_PART);
  const kept = new Set([0, points.length - 1]);
  for (let part = 0; part < parts; part += 1) {
    const [begin, end] = [part, part + 1].map((i) => Math.floor((i * points.length) / parts)) as [
      number,
      number,
    ];
    let [least, greatest] = [begin, begin];
    for (let i = begin; i < end; i += 1) {
      if (value(points[i] as Point) < value(points[least] as Point)) least = i;
      if (value(points[i] as Point) > value(points[greatest] as Point)) greatest = i;
    }
    kept.add(least).add(greatest);
  }
  return [...kept].sort((a, b) => a - b).map((i) => points[i] as Point);
}

function byTime(a: { time: string }, b: { time: string }): number {
  return a.time < b.time ? -1 : a.time > b.time ? 1 : 0;
}

function sorted(numbers: readonly number[]): number[] {
  return [...numbers].sort((a, b) => a - b);
}

/** The value below which that share of all lies, of numbers in order. */
function at(numbers: readonly number[], share: number): number {
  return numbers[Math.min(numbers.length - 1, Math.max(0, Math.ceil(share * numbers.length) - 1))] ?? 0;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((all, each) => all + each, 0);
}

function round(seconds: number): number {
  return Math.round(seconds * 1000) / 1000;
}
