import type { ModelsAnswer } from '../commands/results.ts';
import { type Painter, plural, renderFindings, renderTable } from './text.ts';

/** The models as text: class, column and reason of each, and what is to be decided. */
export function renderModels({ models, ownerModel, findings }: ModelsAnswer, paint: Painter): string {
  const rows = models.map((each) => [
    each.model,
    each.class,
    each.ownerColumn ?? '',
    each.table,
    each.reason,
  ]);
  const owned = models.filter((each) => each.class === 'owned').length;
  const undecided = findings.filter(({ severity }) => severity === 'error').length;
  const outcome =
    undecided > 0
      ? `${plural(undecided, 'decision')} to be made, in ownership.config.json or with a flag.`
      : `${plural(owned, 'model')} with an owner column to fill.`;
  return [
    paint.bold(`${plural(models.length, 'model')}, owner model: ${ownerModel ?? 'not decided'}`),
    '',
    renderTable(['model', 'class', 'owner column', 'table', 'why'], rows),
    ...renderFindings(findings, paint),
    '',
    outcome,
  ].join('\n');
}
