import type { Noticed } from '../load-process.ts';
import type { PhaseMeasurement, Watched } from './measure.ts';
import type { Phase } from './ways.ts';

/** Puts the rounds of one way and phase together: the worst times and stalls, all statements, file by file too. */
export function combineRounds(
  rounds: readonly PhaseMeasurement[],
  { way, phase }: { way: string; phase: Phase },
): PhaseMeasurement {
  const own = rounds.filter((round) => round.way === way && round.phase === phase);
  const names = own[0]?.files.map(({ name }) => name) ?? [];
  return {
    way,
    phase,
    ...combine(own),
    files: names.map((name, i) => ({ name, ...combine(own.flatMap(({ files }) => files[i] ?? [])) })),
  };
}

function combine(all: readonly Watched[]): Watched {
  const noticed = all.map((one) => one.noticed);
  const worst = (key: 'longestMs' | 'p99Ms') => Math.max(0, ...noticed.map((one) => one[key]));
  const sum = (key: 'statements' | 'failed') => noticed.reduce((total, one) => total + one[key], 0);
  return {
    elapsedMs: Math.max(0, ...all.map(({ elapsedMs }) => elapsedMs)),
    noticed: {
      statements: sum('statements'),
      longestMs: worst('longestMs'),
      p99Ms: worst('p99Ms'),
      failed: sum('failed'),
      words: addWords(noticed),
    },
  };
}

function addWords(noticed: readonly Noticed[]): Record<string, number> {
  const words: Record<string, number> = {};
  for (const one of noticed)
    for (const [word, times] of Object.entries(one.words)) words[word] = (words[word] ?? 0) + times;
  return words;
}
