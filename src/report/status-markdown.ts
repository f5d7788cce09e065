import type { StatusAnswer } from '../commands/results.ts';
import { countStates, groupByPart, STATES } from './checklist.ts';
import { explainNext } from './next.ts';
import { describeDatabase, formatCount, toLine } from './text.ts';

/** The status as a document for a change ticket, with nothing in it that the text does not have. */
export function renderStatusMarkdown(answer: StatusAnswer): string {
  const { database, time, checklist, runs, findings } = answer;
  const counts = checklist ? `; ${countStates(checklist)}` : '';
  return [
    `# Ownership migration of ${escapeText(describeDatabase(database))}`,
    '',
    `As of ${time}${counts}.`,
    ...((checklist ?? []).length > 0 ? ['', '## Checklist'] : []),
    ...groupByPart(checklist ?? []).flatMap(([part, lines]) => [
      '',
      `### ${part}`,
      '',
      ...lines.map(renderLine),
    ]),
    '',
    '## Runs',
    '',
    ...renderRuns(runs),
    '',
    '## Findings',
    '',
    ...(findings.length > 0 ? findings.map(renderFinding) : ['None.']),
    '',
    '## Next',
    '',
    ...renderNext(answer),
  ].join('\n');
}

type Line = NonNullable<StatusAnswer['checklist']>[number];

/** What does not apply has no box: it is neither done nor to be done. */
function renderLine({ state, title, proof }: Line): string {
  const box = { done: '[x] ', open: '[ ] ', failed: '[ ] ', notApplicable: '' }[state];
  return `- ${box}**${title}** (${STATES[state]}): ${escapeText(proof)}`;
}

function renderRuns(runs: StatusAnswer['runs']): string[] {
  if (runs.length === 0) return ['None.'];
  const rows = runs.map(({ id, status, ownerId, started, finished, models }) => {
    const sum = (key: 'assigned' | 'toAssign' | 'reverted') =>
      formatCount(models.reduce((all, model) => all + model[key], 0));
    const cells = [
      id,
      status,
      ownerId,
      started,
      finished ?? '',
      sum('assigned'),
      sum('toAssign'),
      sum('reverted'),
    ];
    return `| ${cells.map(escapeText).join(' | ')} |`;
  });
  return [
    '| run | status | for | started | ended | assigned | of | reverted |',
    '| --- | --- | --- | --- | --- | ---: | ---: | ---: |',
    ...rows,
  ];
}

function renderFinding({ severity, model, message, code, remedy }: StatusAnswer['findings'][number]): string {
  const about = model === null ? '' : `${escapeText(model)}: `;
  return `- **${severity}** ${about}${escapeText(message)} (${code})${remedy ? `. ${escapeText(remedy)}` : ''}`;
}

function renderNext(answer: StatusAnswer): string[] {
  const command = answer.next === '' ? [] : ['', '```sh', answer.next, '```'];
  return [explainNext(answer).split('\n').map(escapeText).join('  \n'), ...command];
}

/** Text on one line in which Markdown sees no mark-up; an underscore within a word is none. */
function escapeText(text: string): string {
  return toLine(text)
    .replace(/ +/g, ' ')
    .replace(/[\\`*[\]<>|&~]|(?<!\w)_|_(?!\w)/g, '\\$&');
}
