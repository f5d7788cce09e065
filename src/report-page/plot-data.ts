import type { ReportRun } from './report-data.ts';

/** What the two plots of a run are drawn from. `x` is the time since the run started, in `unit`s. */
export interface RunPlots {
  run: string;
  /** "minutes". */
  unit: string;
  progress: { x: number[]; rows: number[] };
  /** From and until, like `x`. */
  waits: [number, number][];
  /** Seconds; null where the point is of the other kind. */
  batches: { x: number[]; assign: (number | null)[]; rollback: (number | null)[] | null };
}

const UNITS = [
  { name: 'seconds', seconds: 1, most: 180 },
  { name: 'minutes', seconds: 60, most: 3 * 3600 },
  { name: 'hours', seconds: 3600, most: 72 * 3600 },
  { name: 'days', seconds: 86_400, most: Number.POSITIVE_INFINITY },
] as const;

/** The plots of a run, as numbers alone; null where it has no batch. */
export function planPlots(run: ReportRun): RunPlots | null {
  if (run.batches.points.length === 0) return null;
  const start = Date.parse(run.started);
  const times = [...run.progress.points, ...run.batches.points].map(({ time }) => Date.parse(time));
  const span = (Math.max(...times) - start) / 1000;
  const unit = UNITS.find(({ most }) => span <= most) ?? UNITS[3];
  const since = (time: string) => round(Math.max(0, Date.parse(time) - start) / 1000 / unit.seconds);
  const secondsOf = (work: 'assign' | 'rollback') =>
    run.batches.points.map((point) => (point.work === work ? point.seconds : null));
  const hasRollback = run.batches.points.some(({ work }) => work === 'rollback');
  return {
    run: run.id,
    unit: unit.name,
    progress: {
      x: run.progress.points.map(({ time }) => since(time)),
      rows: run.progress.points.map(({ rows }) => rows),
    },
    waits: run.waits.points.map(({ from, until }) => [since(from), since(until)]),
    batches: {
      x: run.batches.points.map(({ time }) => since(time)),
      assign: secondsOf('assign'),
      rollback: hasRollback ? secondsOf('rollback') : null,
    },
  };
}

function round(number: number): number {
  return Math.round(number * 10_000) / 10_000;
}
