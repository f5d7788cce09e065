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
  return [
    paint.bold(`${plural(models.length, 'model')}, owner model: ${ownerModel ?? 'not decided'}`),
    '',
    renderTable(['model', 'class', 'owner column', 'table', 'why'], rows),
    ...renderFindings(findings, paint),
    '',
    ...describeOutcome(models, findings),
  ].join('\n');
}

function describeOutcome(models: ModelsAnswer['models'], findings: ModelsAnswer['findings']): string[] {
  const undecided = findings.filter(({ severity }) => severity === 'error').length;
  if (undecided > 0)
    return [`${plural(undecided, 'decision')} to be made, in ownership.config.json or with a flag.`];
  const count = (modelClass: string) => models.filter((each) => each.class === modelClass).length;
  const [required, candidates] = [count('alreadyRequired'), count('throughParent')];
  const owned = count('owned');
  return [
    `${plural(owned, 'model')} with an owner column to fill, ${required} where it is required already.`,
    ...(candidates > 0
      ? [
          `${plural(candidates, 'model')} without one that a parent leads to the users: for phase 1 to decide.`,
        ]
      : []),
    ...(owned + required > 0 ? ['To choose the user:  npm run migration:list-users'] : []),
  ];
}
