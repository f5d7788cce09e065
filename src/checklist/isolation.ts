import { quoteWord } from '../shell.ts';
import type { Evidence } from './evidence.ts';
import { countOf } from '../ownership/findings.ts';
import type { Decided } from './lines.ts';
import { describeTick } from './people.ts';

const CHECK = 'npm run migration:isolation -- --check';

/** What the last scan of the application's code found; without one, what a person says. */
export function decideFilter(evidence: Evidence): Decided {
  const { scan } = evidence.isolation;
  const remedy = `npm run migration:isolation -- --scan=${quoteWord(scan?.body.dir ?? 'src')}`;
  if (!scan) {
    const proof = 'no scan yet, and nobody has said so: --tick=filter';
    return describeTick(evidence, 'filter') ?? { state: 'open', proof, remedy };
  }
  const { time, body } = scan;
  const where = `in ${countOf(body.files, 'file')} of ${body.dir}, ${time}`;
  return body.ok
    ? { state: 'done', proof: `every call is scoped, or says why not, ${where}` }
    : { state: 'failed', proof: `${countOf(body.errors, 'call')} without a scope ${where}`, remedy };
}

/** What the last check found; without one, what a person says. What it could not try, a person can. */
export function decideIsolation(evidence: Evidence): Decided {
  const { check } = evidence.isolation;
  const tick = describeTick(evidence, 'isolation');
  if (!check) {
    const proof = 'no check yet, and nobody has said so: --tick=isolation';
    return tick ?? { state: 'open', proof, remedy: CHECK };
  }
  const { time, body } = check;
  if (body.leaks > 0)
    return { state: 'failed', proof: `${countOf(body.leaks, 'leak')}, checked at ${time}`, remedy: CHECK };
  const sum = (key: 'attempts' | 'notTried') => body.ways.reduce((all, way) => all + way[key], 0);
  const [attempts, left] = [sum('attempts'), sum('notTried')];
  const ways = body.ways.map(({ way }) => way).join(', ');
  if (body.ok && left === 0)
    return {
      state: 'done',
      proof: `no leak in ${countOf(attempts, 'attempt')} (${ways}), checked at ${time}`,
    };
  const isTickedSince = evidence.ticks.some(({ line, time: since }) => line === 'isolation' && since > time);
  if (tick && isTickedSince) return tick;
  const proof = `no leak, but ${left.toLocaleString('en-US')} of ${countOf(attempts, 'attempt')} could not be tried, checked at ${time}`;
  return { state: 'open', proof, remedy: CHECK };
}
