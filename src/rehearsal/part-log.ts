import { classifyFailure, isDriverError } from '../database/driver-errors.ts';
import { ToolkitError } from '../errors.ts';
import type { Finding } from '../ownership/findings.ts';
import { copyRefused } from './findings.ts';
import type { Measure } from './measure.ts';
import { isDiskFull } from './space.ts';

/**
 * The parts of a rehearsal, in their order. pending: migrations of the project that wait to be applied. phase1, step1, step2,
 * step3 and phase3 as in production; step3Again after phase 3. rollback: of step 2, on the second copy.
 */
export const PARTS = [
  'pending',
  'phase1',
  'step1',
  'step2',
  'step3',
  'phase3',
  'step3Again',
  'rollback',
] as const;
export type PartName = (typeof PARTS)[number];

/** What one part of a rehearsal came to. */
export interface Part {
  part: PartName;
  /** held: done, and all that it promises is true. failed: not so, or refused. notRun: an earlier part stood in the way. */
  state: 'held' | 'nothingToDo' | 'failed' | 'notRun';
  elapsedMs: number;
  models: Measure[];
}

/** What the work of a part returns. */
export interface Outcome {
  state: 'held' | 'nothingToDo' | 'failed';
  models?: Measure[];
  findings?: readonly Finding[];
  /** Where it is not the time of all the work. */
  elapsedMs?: number;
}

/** The parts as they are run, and what was found by them. */
export interface PartLog {
  parts: Part[];
  findings: Finding[];
  /** Runs a part. Where the copy refuses something, that is a finding, and the part has failed. */
  run: (part: PartName, work: () => Promise<Outcome>) => Promise<Part>;
}

/** Told of each part as it begins, and as it ends. */
export interface PartListener {
  onStart: (part: PartName) => void;
  onEnd: (part: Part) => void;
}

/** Begins with no part run. Throws what ends the whole rehearsal: Ctrl-C, a lost connection, a bug. */
export function createPartLog({ onStart, onEnd }: PartListener, signal: AbortSignal): PartLog {
  const parts: Part[] = PARTS.map((part) => ({ part, state: 'notRun', elapsedMs: 0, models: [] }));
  const findings: Finding[] = [];
  const run = async (name: PartName, work: () => Promise<Outcome>): Promise<Part> => {
    signal.throwIfAborted();
    onStart(name);
    const started = performance.now();
    const outcome = await work().catch((error: unknown): Outcome => {
      signal.throwIfAborted();
      return { state: 'failed', findings: [toFinding(name, error)] };
    });
    signal.throwIfAborted();
    const part = parts.find((each) => each.part === name) as Part;
    part.state = outcome.state;
    part.elapsedMs = Math.round(outcome.elapsedMs ?? performance.now() - started);
    part.models = outcome.models ?? [];
    for (const finding of outcome.findings ?? []) if (!isKnown(findings, finding)) findings.push(finding);
    onEnd(part);
    return part;
  };
  return { parts, findings, run };
}

/** Step 3 says again what step 1 has said. */
function isKnown(findings: readonly Finding[], { code, model, message }: Finding): boolean {
  return findings.some((each) => each.code === code && each.model === model && each.message === message);
}

/** What these say is about the way to the copy, not about what was rehearsed. */
const ABOUT_THE_WAY = ['CONNECTION_LOST', 'DATABASE_UNREACHABLE', 'AUTHENTICATION_FAILED', 'ANOTHER_WRITER'];

function toFinding(part: PartName, error: unknown): Finding {
  if (isDiskFull(error)) throw error;
  if (error instanceof ToolkitError) {
    const { code, message, remedy } = error;
    if (ABOUT_THE_WAY.includes(code)) throw error;
    return { code, severity: 'error', model: null, message, remedy };
  }
  if (!isDriverError(error)) throw error;
  const { failure, words } = classifyFailure(error);
  if (['lost', 'unreachable', 'authentication'].includes(failure)) throw error;
  return copyRefused(part, words);
}
