import type { Context } from '../context.ts';
import { applyChanges, nameChange } from '../files.ts';
import { hasErrors } from '../ownership/findings.ts';
import type { PhasePlan } from '../phases/plan.ts';
import { renderDiff } from '../report/diff.ts';
import { renderPhase } from '../report/phase.ts';
import { createPainter } from '../report/text.ts';
import type { TypedFlags } from '../typed-flags.ts';
import { type CommonOptions, type DatabaseName, writeAnswer } from './database-command.ts';
import type { PhaseAnswer } from './results.ts';

/** What a command decided about a phase, and what was asked for. */
export interface PhaseRequest {
  command: PhaseAnswer['command'];
  phase: PhaseAnswer['phase'];
  plan: PhasePlan;
  database: DatabaseName | null;
  backup?: string | undefined;
  /** Somebody said to write it. */
  isMeant: boolean;
  /** The migrations are to be ours, not Prisma's. */
  withSql: boolean;
}

/**
 * Shows what a phase changes in the project, writes it where that was said and nothing forbids it, and answers. Returns 1
 * where a finding forbids it.
 */
export function answerPhase(
  context: Context,
  options: CommonOptions & TypedFlags,
  { command, phase, plan, database, backup, isMeant, withSql }: PhaseRequest,
): number {
  const isForbidden = hasErrors(plan.findings);
  const changes = isForbidden ? [] : [...plan.schemaChanges, ...plan.migrationChanges];
  const result: PhaseAnswer = {
    command,
    phase,
    ok: !isForbidden,
    written: isMeant && changes.length > 0,
    withSql,
    ...(database ? { database } : {}),
    ...(backup === undefined ? {} : { backup }),
    models: plan.models,
    changes: changes.map((each) => ({
      path: each.path,
      change: nameChange(each),
      diff: renderDiff(each),
    })),
    findings: plan.findings,
  };
  // Before anything is written, so that it is on the screen even when writing fails.
  const shown = result.changes.slice(0, plan.schemaChanges.length);
  if (!options.json) for (const { diff } of shown) context.stdout.write(`${diff}\n`);
  if (result.written) applyChanges(context.cwd, changes, previewOf(command, phase));
  const paint = createPainter(context.stdout, context.env);
  writeAnswer(context, options, { result, text: (each) => renderPhase(each, paint) });
  return isForbidden ? 1 : 0;
}

function previewOf(command: PhaseAnswer['command'], phase: PhaseAnswer['phase']): string {
  const flags = command === 'rollback' ? `--dry-run --phase=${phase}` : `--phase=${phase}`;
  return `npm run migration:${command} -- ${flags}`;
}
