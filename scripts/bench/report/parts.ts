import { PHASES_HEADING } from '../phases/words.ts';
import { PROOF_HEADING } from '../proof/report.ts';
import { INTRODUCTION } from './words.ts';

/** The report has three parts. A run writes one of them and leaves the others. */
export interface Parts {
  ways: string;
  phases: string;
  proof: string;
}

/** The parts of a report; an empty text where there is none. */
export function splitParts(report: string): Parts {
  const find = (heading: string) => {
    const at = report.indexOf(`${heading}\n`);
    return at < 0 ? report.length : at;
  };
  const [phasesAt, proofAt] = [find(PHASES_HEADING), find(PROOF_HEADING)];
  return {
    ways: report.slice(0, Math.min(phasesAt, proofAt)),
    phases: report.slice(phasesAt, proofAt),
    proof: report.slice(proofAt),
  };
}

export function joinParts({ ways, phases, proof }: Parts): string {
  const parts = [ways.trim() || INTRODUCTION, phases.trim(), proof.trim()];
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`;
}
