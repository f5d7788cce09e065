import type { InitAnswer } from '../commands/results.ts';
import type { FileChange } from '../init/plan.ts';
import { type Painter, plural, renderFindings } from './text.ts';

const CONTEXT_LINES = 3;

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

/** A change as `git apply` reads it: one hunk, from the first line that differs to the last. */
export function renderDiff({ path, before, after }: FileChange): string {
  const old = toLines(before);
  const now = toLines(after);
  let start = 0;
  while (start < Math.min(old.length, now.length) && old[start] === now[start]) start++;
  let same = 0;
  while (same < Math.min(old.length, now.length) - start && old.at(-1 - same) === now.at(-1 - same)) same++;
  const from = Math.max(0, start - CONTEXT_LINES);
  const tail = Math.max(0, same - CONTEXT_LINES);
  const range = (lines: readonly string[]) => {
    const count = lines.length - tail - from;
    return `${count === 0 ? 0 : from + 1},${count}`;
  };
  return [
    `--- ${before === null ? '/dev/null' : `a/${path}`}`,
    `+++ ${after === null ? '/dev/null' : `b/${path}`}`,
    `@@ -${range(old)} +${range(now)} @@`,
    ...old.slice(from, start).map((line) => ` ${line}`),
    ...old.slice(start, old.length - same).map((line) => `-${line}`),
    ...now.slice(start, now.length - same).map((line) => `+${line}`),
    ...old.slice(old.length - same, old.length - tail).map((line) => ` ${line}`),
  ].join('\n');
}

/** A last line without an end has a note of its own, as diff writes it. */
function toLines(text: string | null): string[] {
  if (text === null || text === '') return [];
  const lines = text.split('\n');
  const last = lines.pop();
  return last === '' ? lines : [...lines, `${last}\n\\ No newline at end of file`];
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
