import type { RehearseAnswer } from '../commands/copy-results.ts';
import { PART_TITLES } from '../rehearsal/findings.ts';
import { quoteWord } from '../shell.ts';
import { PART_RESULTS } from './rehearsal-progress.ts';
import {
  describeDatabase,
  formatBytes,
  formatDuration,
  type Painter,
  plural,
  renderFindings,
  renderTable,
  toLine,
} from './text.ts';

type AnsweredPart = RehearseAnswer['parts'][number];

/** A rehearsal as text: what was copied, a table for each part, what was proved, and what comes next. */
export function renderRehearsal(answer: RehearseAnswer, paint: Painter): string {
  const { user, parts, findings, ok, elapsedMs } = answer;
  const label = user.label === user.id ? user.id : `${user.id} (${user.label})`;
  const measured = parts.filter(({ models }) => models.length > 0);
  return [
    paint.bold(`Rehearsal for ${toLine(label)}`),
    '',
    ...describeCopies(answer),
    '',
    renderTable(
      ['part', 'result', 'time'],
      parts.map(({ part, state, elapsedMs }) => [
        PART_TITLES[part],
        PART_RESULTS[state],
        state === 'held' || state === 'failed' ? formatDuration(elapsedMs) : '',
      ]),
    ),
    ...measured.flatMap((part) => ['', paint.bold(toTitle(part)), renderMeasures(part)]),
    ...(measured.length > 0 ? ['', ...ABOUT_ESTIMATES] : []),
    ...renderFindings(findings, paint),
    '',
    describeProof(answer),
    ok
      ? paint.green(`Every part held, in ${formatDuration(elapsedMs)}. ${describeLeft(answer)}.`)
      : paint.red(`Not every part held. ${describeLeft(answer)}, and production is as it was.`),
    ...(ok
      ? describeNext(answer)
      : [`To rehearse again:  npm run migration:rehearse -- ${quoteWord(user.id)}`]),
  ].join('\n');
}

const ABOUT_ESTIMATES = [
  'Numbers of production are estimates, scaled by the rows that it has now; production may be busier.',
  'The longest lock is that of the longest statement or batch that writers have to wait for.',
];

function describeCopies({ database, copied, server }: RehearseAnswer): string[] {
  const what = copied.backup === null ? describeDatabase(database) : `the backup ${copied.backup}`;
  return [
    `Copied: ${toLine(what)} as it was at ${copied.taken}, ${plural(copied.tables, 'table')} with ${plural(copied.rows, 'row')}`,
    `Copies: two scratch databases beside ${toLine(describeDatabase(server))}`,
  ];
}

function toTitle({ part }: AnsweredPart): string {
  const title = PART_TITLES[part];
  return `${title[0]?.toUpperCase()}${title.slice(1)}`;
}

function renderMeasures({ models }: AnsweredPart): string {
  const head = ['model', 'rows', 'time', 'longest lock', 'growth'];
  const inProduction = ['production: rows', 'time', 'longest lock', 'growth'];
  return renderTable(
    [...head, ...inProduction],
    models.map(({ model, production, ...measure }) => [
      model ?? 'all at once',
      measure.rows,
      ...describeMeasure(measure),
      ...(production ? [production.rows, ...describeMeasure(production)] : ['?', '', '', '']),
    ]),
  );
}

function describeMeasure({
  elapsedMs,
  longestLockMs,
  growthBytes,
}: {
  elapsedMs: number;
  longestLockMs: number;
  growthBytes: number;
}): string[] {
  const growth = growthBytes < 0 ? `-${formatBytes(-growthBytes)}` : formatBytes(growthBytes);
  return [formatDuration(elapsedMs), formatDuration(longestLockMs), growth];
}

function describeProof({ proof, ok }: RehearseAnswer): string {
  const { tables } = proof;
  if (tables.length === 0)
    return ok
      ? 'Nothing had to be proved: no part wrote.'
      : 'Nothing was proved: the rehearsal did not come so far.';
  const rows = tables.reduce((sum, each) => sum + each.rows, 0);
  const changed = tables.filter(({ same }) => !same);
  const all = `${plural(tables.length, 'table')} with ${plural(rows, 'row')}`;
  return changed.length === 0
    ? `Proved: in ${all}, no column but the owner's changed.`
    : `Of ${all}, ${changed.map(({ table }) => table).join(', ')} changed in more than the owner's column.`;
}

function describeLeft({ left }: RehearseAnswer): string {
  return left.length === 0
    ? 'The copies are removed'
    : `${left.map((name) => `"${name}"`).join(' and ')} could not be removed`;
}

/** What production has not had yet of what the copy went through. */
function describeNext({ user, parts }: RehearseAnswer): string[] {
  const hasHeld = (name: AnsweredPart['part']) =>
    parts.some(({ part, state }) => part === name && state === 'held');
  if (hasHeld('pending')) return ['To apply the migrations in production:', '  npx prisma migrate deploy'];
  if (hasHeld('phase1'))
    return [
      'Next is phase 1. To see it as it was rehearsed:',
      '  npm run migration:schema -- --phase=1 --sql',
    ];
  if (hasHeld('step2'))
    return ['Next is step 1 in production:', `  npm run migration:check ${quoteWord(user.id)}`];
  return hasHeld('phase3')
    ? ['Next is phase 3. To see it as it was rehearsed:', '  npm run migration:schema -- --phase=3 --sql']
    : ['There is nothing left to do.'];
}
