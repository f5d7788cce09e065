import type { AssignAnswer, CheckAnswer, VerifyAnswer } from '../commands/results.ts';
import type { ModelReport } from '../ownership/count.ts';
import type { RunProof } from '../ownership/proof.ts';
import { quoteWord } from '../shell.ts';
import { renderGuards } from './guards.ts';
import { renderSafety } from './safety.ts';
import { formatDuration, type Painter, plural, renderFindings, renderTable, toLine } from './text.ts';

/** Step 1 as text: the counts, what stands in the way, and what to type next. */
export function renderCheck({ user, models, safety, findings, ok }: CheckAnswer, paint: Painter): string {
  return [
    paint.bold(`Step 1, check, for ${name(user)}`),
    '',
    renderModels(models),
    ...renderFindings(findings, paint),
    '',
    ...(ok
      ? [...renderSafety(safety, user.id), '', ...describeNext(user, models)]
      : [`${plural(countErrors(findings), 'error')}: ${describeRefusal(findings)}. Nothing was changed.`]),
  ].join('\n');
}

/** Step 2 minds no migration that has failed: it may have failed because rows have no owner. */
function describeRefusal(findings: CheckAnswer['findings']): string {
  const refuses = findings.some(({ severity, code }) => severity === 'error' && code !== 'MIGRATION_FAILED');
  return refuses ? 'step 2 would refuse' : 'settle this first';
}

function describeNext(user: CheckAnswer['user'], models: readonly ModelReport[]): string[] {
  const unowned = sum(models, 'unowned');
  const concerned = plural(models.filter((each) => each.unowned > 0).length, 'model');
  if (unowned > 0) {
    return [
      `${plural(unowned, 'row')} in ${concerned} would be assigned to ${name(user)}. Nothing was changed.`,
      `To assign them:  npm run migration:assign ${quoteWord(user.id)}`,
    ];
  }
  const rows = sum(models, 'rows');
  const state = rows === 0 ? 'There are no rows in these models' : 'Every row has an owner';
  return [
    `${state}: there is nothing to assign.`,
    `To verify:  npm run migration:verify ${quoteWord(user.id)}`,
  ];
}

/** Step 2 as text: what changed, and how to undo it; or in a dry run, what would change. */
export function renderAssignment(answer: AssignAnswer, paint: Painter): string {
  const { user, models, dryRun, run } = answer;
  const title = paint.bold(`Step 2, assign, to ${name(user)}${dryRun ? ': a dry run' : ''}`);
  const aboutGuards = describeGuards(answer);
  if (models.length === 0) {
    const next = `To verify:  npm run migration:verify ${quoteWord(user.id)}`;
    return [
      title,
      ...renderFindings(answer.findings, paint),
      ...aboutGuards,
      '',
      `${aboutGuards.length > 0 ? 'Nothing to assign' : 'Nothing to do'}: no row is without an owner.`,
      next,
    ].join('\n');
  }
  const lines = dryRun ? describeDryRun(answer) : describeRun(answer);
  return [
    title,
    '',
    ...lines.table,
    ...renderFindings(answer.findings, paint),
    ...aboutGuards,
    '',
    ...lines.outcome,
    ...(run ? [`Run ${run}`] : []),
  ].join('\n');
}

function describeGuards({ guards, dryRun }: AssignAnswer): string[] {
  if (guards.length === 0) return [];
  const next = dryRun
    ? 'These guards would be there. None was created.'
    : 'Once no old version of the app runs:  npm run migration:cleanup -- --confirm';
  return ['', ...renderGuards(guards), next];
}

function describeDryRun({ user, models, guards }: AssignAnswer) {
  const rows = models.map(({ model, unowned, batches }) => [model, unowned, batches]);
  return {
    table: [renderTable(['model', 'to assign', 'batches (estimate)'], rows)],
    outcome: [
      `${plural(sum(models, 'unowned'), 'row')} would be assigned. Nothing was changed.`,
      guards.length > 0
        ? `To assign them:  npm run migration:assign -- ${quoteWord(user.id)} --guard`
        : `To assign them:  npm run migration:assign ${quoteWord(user.id)}`,
    ],
  };
}

/** What is proved of a run, and what is not. */
function describeProof(proof: RunProof | null): string[] {
  if (proof === null) return [];
  const { rows, batches, unprovedRows } = proof;
  return [
    `Proved: nothing but the owner changed in ${plural(rows, 'row')} (${plural(batches, 'batch').replace(/hs$/, 'hes')}).`,
    ...(unprovedRows > 0
      ? [`Not proved: ${plural(unprovedRows, 'row')} that this run assigned without --proof.`]
      : []),
  ];
}

function describeRun({ user, models, ok, run, elapsedMs, proof }: AssignAnswer) {
  const rows = models.map(({ model, assigned, batches, unowned }) => [model, assigned, batches, unowned]);
  const left = sum(models, 'unowned');
  const next = ok
    ? `To verify:    npm run migration:verify ${quoteWord(user.id)}`
    : `To carry on:  npm run migration:assign ${quoteWord(user.id)}`;
  const state = ok
    ? 'Every row of these models has an owner.'
    : `${plural(left, 'row')} still without an owner.`;
  return {
    table: [renderTable(['model', 'assigned', 'batches', 'without owner'], rows)],
    outcome: [
      `${plural(sum(models, 'assigned'), 'row')} assigned in ${formatDuration(elapsedMs)}. ${state}`,
      ...describeProof(proof),
      next,
      `To undo:      npm run migration:rollback -- --confirm --run ${run}`,
    ],
  };
}

/** Step 3 as text: verified or not, why, and what comes next. */
export function renderVerification(
  { user, models, guards, proof, findings, ok, run }: VerifyAnswer,
  paint: Painter,
): string {
  const rows = sum(models, 'rows');
  const [which, verb] = rows === 1 ? ['the', 'has'] : ['all', 'have'];
  const verified = `Verified: ${which} ${plural(rows, 'row')} of ${plural(models.length, 'model')} ${verb} an owner that exists.`;
  const others = sum(models, 'ownedByOthers');
  const outcome = ok
    ? [
        paint.green(verified),
        ...(others > 0
          ? [`${plural(others, 'row')} of them belong${others === 1 ? 's' : ''} to other users.`]
          : []),
        ...describeProof(proof),
        ...describePhase3(models),
      ]
    : [paint.red(`Not verified: ${plural(countErrors(findings), 'error')}.`), ...describeProof(proof)];
  return [
    paint.bold(`Step 3, verify, for ${name(user)}`),
    '',
    renderModels(models),
    ...(guards.length > 0 ? ['', ...renderGuards(guards)] : []),
    ...renderFindings(findings, paint),
    '',
    ...outcome,
    ...(run ? [`Run ${run}`] : []),
  ].join('\n');
}

function describePhase3(models: readonly ModelReport[]): string[] {
  if (models.every(({ phase }) => phase === 'required'))
    return ['The owner columns are required: phase 3 is done.'];
  return [
    'Next is phase 3, which requires the owner. To see what it changes:',
    '  npm run migration:schema -- --phase=3',
  ];
}

function countErrors(findings: VerifyAnswer['findings']): number {
  return findings.filter(({ severity }) => severity === 'error').length;
}

function renderModels(models: readonly ModelReport[]): string {
  const rows = models.map((each) => [
    each.model,
    each.ownerColumn,
    each.phase,
    each.rows,
    each.unowned,
    each.ownedByUser,
    each.ownedByOthers,
    each.orphaned,
  ]);
  return renderTable(
    ['model', 'column', 'phase', 'rows', 'unowned', 'this user', 'others', 'orphaned'],
    rows,
  );
}

function name({ id, label }: { id: string; label: string }): string {
  return toLine(label === id ? id : `${id} (${label})`);
}

function sum<Key extends string>(models: readonly Record<Key, number>[], key: Key): number {
  return models.reduce((total, each) => total + each[key], 0);
}
