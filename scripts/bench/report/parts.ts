import { PHASES_HEADING } from '../phases/words.ts';
import { INTRODUCTION } from './words.ts';

/** The report has two parts. A run writes one of them and leaves the other. */
export interface Parts {
  ways: string;
  phases: string;
}

/** The parts of a report; an empty text where there is none. */
export function splitParts(report: string): Parts {
  const at = report.indexOf(`${PHASES_HEADING}\n`);
  return at < 0 ? { ways: report, phases: '' } : { ways: report.slice(0, at), phases: report.slice(at) };
}

export function joinParts({ ways, phases }: Parts): string {
  const parts = [ways.trim() || INTRODUCTION, phases.trim()];
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`;
}
