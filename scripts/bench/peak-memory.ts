import { readFileSync, writeSync } from 'node:fs';

/** Where `runWay` reads it. */
const DESCRIPTOR = 3;

// Loaded before a way: writes, at its end, the most memory that the process had, in bytes. On Linux, what getrusage says
// begins with the memory of the process that started this one.
process.once('exit', () => writeSync(DESCRIPTOR, String(findPeakMemory())));

function findPeakMemory(): number {
  const { maxRSS } = process.resourceUsage();
  if (process.platform !== 'linux') return maxRSS * 1024;
  const [, peak = maxRSS] = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8')) ?? [];
  return Number(peak) * 1024;
}
