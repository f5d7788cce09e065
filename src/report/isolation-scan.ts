import type { CallReport, ScanAnswer } from '../commands/isolation-results.ts';
import { type Painter, plural, renderFindings, toLine } from './text.ts';

/** The calls by their files, then the findings, and the totals last. */
export function renderScan({ scan, files, calls, counts, findings, ok }: ScanAnswer, paint: Painter): string {
  const names = [...new Set(calls.map(({ file }) => file))];
  const blocks = names.flatMap((name) => [
    '',
    paint.bold(toLine(name)),
    ...renderFile(
      calls.filter(({ file }) => file === name),
      paint,
    ),
  ]);
  const totals = [
    plural(counts.errors, 'error'),
    plural(counts.warnings, 'warning'),
    `${counts.scoped} scoped`,
    `${counts.scopedByHand} scoped by hand`,
    `${counts.ignored} ignored`,
    `${counts.meant} meant`,
  ];
  return [
    paint.bold(`${plural(files, 'file')} of ${toLine(scan)}`),
    ...blocks,
    ...renderFindings(findings, paint),
    '',
    `Calls on owned rows: ${totals.join(', ')}.`,
    describeOutcome(counts, ok),
  ].join('\n');
}

function describeOutcome({ errors, scoped, scopedByHand }: ScanAnswer['counts'], ok: boolean): string {
  if (errors > 0) return `${plural(errors, 'call')} to scope, or to say why not: // ownership-ignore: why`;
  if (!ok) return 'No call is an error, but not all of the code could be judged.';
  if (scoped + scopedByHand === 0)
    return 'No call on owned rows was found that is scoped: is this the folder of the code?';
  return 'No call is an error.';
}

/** Errors and warnings one by one, each with what to type instead where that is not what was just said. */
function renderFile(calls: readonly CallReport[], paint: Painter): string[] {
  const listed = calls.filter(({ severity, ignored }) => severity !== 'info' && ignored === undefined);
  const width = Math.max(0, ...listed.map((call) => place(call).length));
  const lines = listed.flatMap((call, index) => {
    const { severity, message, code, remedy } = call;
    const colour = severity === 'error' ? paint.red : paint.yellow;
    const head = `  ${place(call).padEnd(width)}  ${colour(severity.padEnd(7))}  ${name(call)}: ${toLine(message)} [${code}]`;
    return listed[index + 1]?.remedy === remedy ? [head] : [head, `  ${' '.repeat(width)}  ${remedy}`];
  });
  const ignored = calls.flatMap((call) =>
    call.ignored === undefined ? [] : [`  ${place(call)}  ignored ${name(call)}: ${toLine(call.ignored)}`],
  );
  const meant = calls.flatMap((call) =>
    call.meant === undefined || call.ignored !== undefined
      ? []
      : [`  ${place(call)}  meant ${name(call)}: ${toLine(call.meant)}`],
  );
  const byHand = calls.filter(
    ({ code, ignored: reason }) => code === 'SCOPED_BY_HAND' && reason === undefined,
  );
  const places = byHand.map(place).join(', ');
  return [
    ...lines,
    ...[...ignored, ...meant].map((line) => paint.dim(line)),
    ...(byHand.length > 0 ? [paint.dim(`  ${plural(byHand.length, 'call')} scoped by hand: ${places}`)] : []),
  ];
}

function place({ line, column }: CallReport): string {
  return `${line}:${column}`;
}

function name({ model, operation }: CallReport): string {
  return [model, operation].filter(Boolean).join('.') || 'prisma[...]';
}
