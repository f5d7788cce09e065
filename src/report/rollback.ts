import type { RollbackAnswer } from '../commands/results.ts';
import { stepCommand, type TypedFlags } from '../typed-flags.ts';
import { type Painter, plural, renderFindings, renderTable } from './text.ts';

/** Rollback as text. */
export function renderRollback(
  { models, dryRun, run, ok, findings }: RollbackAnswer,
  { ownerId, flags }: { ownerId: string; flags: TypedFlags },
  paint: Painter,
): string {
  const reverted = models.reduce((total, each) => total + each.reverted, 0);
  const skipped = models.reduce((total, each) => total + each.skipped, 0);
  const rows = models.map((each) => [each.model, each.reverted, each.skipped]);
  const outcome = dryRun
    ? [
        `${plural(reverted, 'row')} would be without an owner again. Nothing was changed.`,
        `To roll back:  npm run migration:rollback -- --confirm --run ${run}`,
      ]
    : ok
      ? [
          `${plural(reverted, 'row')} without an owner again, as before the run.`,
          `To assign them again:  ${stepCommand('assign', ownerId, flags)}`,
        ]
      : [
          `Stopped: ${plural(reverted, 'row')} without an owner again, the others not yet.`,
          `To roll back the rest:  npm run migration:rollback -- --confirm --run ${run}`,
        ];
  const aboutSkipped =
    skipped > 0
      ? [`${plural(skipped, 'row')} skipped: deleted or re-assigned since the run, so they stay as they are.`]
      : [];
  return [
    paint.bold(`Rollback of run ${run}, which assigned to ${ownerId}${dryRun ? ': a dry run' : ''}`),
    '',
    renderTable(['model', dryRun ? 'to revert' : 'reverted', 'skipped'], rows),
    ...renderFindings(findings, paint),
    '',
    ...aboutSkipped,
    ...outcome,
    `Run ${run}`,
  ].join('\n');
}
