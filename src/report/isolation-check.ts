import type { CheckAnswer } from '../commands/isolation-results.ts';
import { KINDS, type Kind } from '../isolation-check/plan.ts';
import { isTried, type Judged } from '../isolation-check/verdict.ts';
import { WAY_TITLES } from '../isolation-check/way.ts';
import { type Painter, plural, renderFindings, renderTable, toLine } from './text.ts';

type Way = CheckAnswer['ways'][number];

/** The matrix as text: a table for each way, and below it every leak with what to do. */
export function renderCheck(answer: CheckAnswer, paint: Painter): string {
  const { ways, findings, copied } = answer;
  return [
    ...ways.flatMap((way) => [...renderWay(way, paint), '']),
    ...LEGEND,
    ...renderFindings(findings, paint),
    '',
    describeVerdict(answer, paint),
    copied
      ? 'Nothing was changed: the attempts were made on a copy, which is removed.'
      : 'Nothing was changed: every attempt was rolled back.',
    ...describeNext(answer),
  ].join('\n');
}

const LEGEND = [
  'Numbers: what one user tried on rows of another and was denied. LEAK: what was not. ?: what could not be tried.',
  'Own: what the same operations did with rows of the user, of how many.',
];

function renderWay({ way, state, reason, attempts }: Way, paint: Painter): string[] {
  const title = `Through ${WAY_TITLES[way]}`;
  if (state !== 'tried') return [paint.bold(title), `  not tried: ${toLine(reason ?? '')}`];
  const models = [...new Set(attempts.map(({ model }) => model))];
  const kinds = KINDS.filter((kind) => attempts.some((each) => each.kind === kind));
  const rows = models.map((model) => {
    const own = attempts.filter((each) => each.model === model);
    const foreign = own.filter(({ on }) => on === 'foreign');
    return [model, ...kinds.map((kind) => describeCell(foreign, kind)), describeOwn(own)];
  });
  return [
    paint.bold(title),
    ...(reason === null ? [] : [`  ${toLine(reason)}`]),
    renderTable(['model', ...kinds, 'own'], rows),
  ];
}

function describeCell(attempts: readonly Judged[], kind: Kind): string {
  const of = attempts.filter((each) => each.kind === kind);
  if (of.length === 0) return '-';
  const denied = of.filter(({ result }) => result === 'denied').length;
  const leaks = of.filter(({ verdict }) => verdict === 'LEAK').length;
  const unknown = of.length - denied - leaks;
  const parts = [
    ...(denied > 0 ? [`${denied}`] : []),
    ...(leaks > 0 ? [`${leaks} LEAK`] : []),
    ...(unknown > 0 ? [`${unknown} ?`] : []),
  ];
  return parts.join(', ');
}

function describeOwn(attempts: readonly Judged[]): string {
  const own = attempts.filter(({ on, result }) => on === 'own' && result !== 'notTried');
  return `${own.filter(({ result }) => result === 'allowed').length} of ${own.length}`;
}

function describeVerdict({ ok, counts, ways }: CheckAnswer, paint: Painter): string {
  const tried = plural(counts.denied + counts.allowed, 'attempt');
  if (counts.leaks > 0) return paint.red(`${plural(counts.leaks, 'leak')} in ${tried}.`);
  if (!ok) {
    const none = ways
      .filter(({ state, attempts }) => state === 'tried' && !isTried(attempts))
      .map(({ way }) => WAY_TITLES[way]);
    return paint.red(`Nothing could be tried on rows of another user through ${none.join(' and ')}.`);
  }
  const left = counts.notTried + counts.notSeen;
  return left > 0
    ? paint.yellow(`No leak in ${tried}; ${left.toLocaleString('en-US')} more could not be tried or seen.`)
    : paint.green(`No leak in ${tried}.`);
}

function describeNext({ ok, ways }: CheckAnswer): string[] {
  if (!ok || ways.some(({ way }) => way === 'client')) return [];
  return [
    "To check the application's own client as well:",
    '  npm run migration:isolation -- --check --client=src/for-user.ts',
  ];
}
