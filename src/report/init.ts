import type { InitAnswer } from '../commands/results.ts';
import { type Painter, plural, renderFindings } from './text.ts';

/** What init did, as text, with the commands that come next. The diffs are shown before it. */
export function renderInit(answer: InitAnswer, paint: Painter): string {
  const { name, major, source } = answer.packageManager;
  const version = major === null ? '' : ` ${major}${name === 'yarn' && major > 1 ? ' or newer' : ''}`;
  return [
    paint.bold(describeOutcome(answer)),
    ...renderFindings(answer.findings, paint),
    '',
    ...renderCommands(answer),
    `Typed for ${name}${version} (${source}).`,
  ].join('\n');
}

function describeOutcome({ changes, scripts, dryRun, undo }: InitAnswer): string {
  const of = (verb: string) => changes.filter(({ change }) => change === verb).map(({ path }) => path);
  const isDone = dryRun ? 'would be' : undefined;
  const parts = [
    ...(scripts.length > 0
      ? [
          `${plural(scripts.length, 'script')} ${isDone ?? (scripts.length === 1 ? 'was' : 'were')} ${undo ? 'removed from' : 'added to'} package.json`,
        ]
      : []),
    ...of('created').map((path) => `${path} ${isDone ?? 'was'} created`),
    ...of('removed').map((path) => `${path} ${isDone ?? 'was'} removed`),
  ];
  if (parts.length > 0) return `${parts.join('; ')}.${dryRun ? ' Nothing was changed.' : ''}`;
  return undo
    ? 'Nothing to undo: nothing that init adds is here as init wrote it.'
    : 'Nothing to add: scripts of all names and the settings file are here.';
}

function renderCommands({ commands, dryRun, undo }: InitAnswer): string[] {
  const [first = '', ...others] = commands;
  if (dryRun) return ['To do it:', `  ${first}`];
  if (undo) return ['To add them again:', `  ${first}`];
  return [
    'To see what each model is for the migration:',
    `  ${first}`,
    'Then the checklist:',
    ...others.slice(0, -1).map((command) => `  ${command}`),
    'To take all of this out again:',
    `  ${others.at(-1)}`,
  ];
}
