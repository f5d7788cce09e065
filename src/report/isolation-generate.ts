import type { GenerateAnswer } from '../commands/isolation-results.ts';
import { quoteWord } from '../shell.ts';
import { type Painter, plural, renderFindings, renderTable } from './text.ts';

const MEANINGS: Record<GenerateAnswer['models'][number]['scope'], string> = {
  owned: 'rows of the user, by',
  through: 'rows that hang on a row of the user, by',
  users: 'everyone is seen, only the own row is changed',
  shared: "everybody's",
  closed: 'refused',
};

/** The list of models as text: what a scoped client lets through of each. */
export function renderGenerated(answer: GenerateAnswer, paint: Painter): string {
  const { models, findings } = answer;
  const rows = models.map(({ model, scope, by = '' }) => [model, scope, `${MEANINGS[scope]} ${by}`.trim()]);
  return [
    paint.bold(describeChange(answer)),
    '',
    renderTable(['model', 'scope', 'a scoped client sees'], rows),
    ...renderFindings(findings, paint),
    '',
    ...describeNext(answer),
  ].join('\n');
}

function describeChange({ change, dryRun, generate, models }: GenerateAnswer): string {
  const count = plural(models.length, 'model');
  if (change === 'unchanged') return `${generate} is up to date: ${count}.`;
  return dryRun
    ? `${generate} would be ${change}: ${count}. Nothing was written.`
    : `${generate} ${change}: ${count}.`;
}

function describeNext({ generate, change, dryRun }: GenerateAnswer): string[] {
  const file = quoteWord(generate);
  if (dryRun && change !== 'unchanged')
    return ['To write it:', `  npm run migration:isolation -- --generate=${file}`];
  const undo = { created: `rm ${file}`, changed: `git checkout -- ${file}`, unchanged: null }[change];
  return [
    'In the application, for each request:',
    '  const db = forUser(prisma, userId);',
    ...(undo === null ? [] : ['To undo it:', `  ${undo}`]),
  ];
}
