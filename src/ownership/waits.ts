/** A wait of a run between two batches, as its log has it. Times are ISO 8601 text by the database's clock. */
export interface Wait {
  from: string;
  until: string;
  seconds: number;
  cause: string;
}

const WAITED = /^waited (\d+\.\d) s: (.*)$/s;

/** The event of a wait that is over: "waited 12.3 s: paused by ana on web-1". `readWait` reads it back. */
export function describeWait(milliseconds: number, cause: string): string {
  return `waited ${(milliseconds / 1000).toFixed(1)} s: ${cause}`;
}

/** Null for an event that tells of something else. */
export function readWait({ time, what }: { time: string; what: string }): Wait | null {
  const [, length, cause = ''] = WAITED.exec(what) ?? [];
  if (length === undefined) return null;
  const seconds = Number(length);
  const from = new Date(Date.parse(time) - seconds * 1000).toISOString();
  return { from, until: time, seconds, cause };
}
