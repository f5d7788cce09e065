import type { PhaseAnswer } from '../commands/results.ts';
import { MIGRATE_DEV } from '../migrations/migrate-dev.ts';
import { quoteWord } from '../shell.ts';
import { type Painter, plural, renderFindings, renderTable } from './text.ts';

/** A phase in the project's files as text: the diff of the schema is shown before it. */
export function renderPhase(answer: PhaseAnswer, paint: Painter): string {
  const { models, findings, ok, written, changes } = answer;
  return [
    ...(changes.some(({ change }) => change === 'changed') ? [''] : []),
    paint.bold(describeOutcome(answer)),
    ...(models.length > 0 ? ['', renderModels(answer)] : []),
    ...(ok && changes.length > 0 ? ['', ...renderFiles(answer)] : []),
    ...renderFindings(findings, paint),
    '',
    ...(ok
      ? written || changes.length === 0
        ? renderNext(answer)
        : renderHow(answer)
      : renderAgain(answer)),
  ].join('\n');
}

function describeOutcome({ command, phase, ok, written, changes, models }: PhaseAnswer): string {
  const what = command === 'rollback' ? `taking phase ${phase} back` : `phase ${phase}`;
  const title = `${what[0]?.toUpperCase()}${what.slice(1)}`;
  if (!ok) return `${title} is refused. Nothing was written.`;
  if (changes.length === 0) return `${title}: nothing to write, the project's files say it already.`;
  const about = `${title}: ${plural(models.length, 'model')}.`;
  return written ? `${about} Written, and not applied to any database.` : `${about} Nothing was written.`;
}

function renderModels({ models }: PhaseAnswer): string {
  const counts = (['rows', 'unowned', 'orphaned', 'owners', 'journaled'] as const).filter((key) =>
    models.some((each) => each[key] !== undefined),
  );
  const head = ['model', 'owner column', ...counts.map((key) => (key === 'journaled' ? 'in journal' : key))];
  return renderTable(
    head,
    models.map((each) => [each.model, each.ownerColumn, ...counts.map((key) => each[key] ?? '?')]),
  );
}

function renderFiles({ changes, written }: PhaseAnswer): string[] {
  return changes.map(({ path, change }) => `${written ? change : `to be ${change}`}  ${path}`);
}

/** How to have it written. */
function renderHow(answer: PhaseAnswer): string[] {
  const { command, phase, withSql } = answer;
  if (command === 'rollback') return ['To write it:', `  ${takeBack(answer)}`];
  const write = `npm run migration:schema -- --phase=${phase} --write`;
  if (withSql) return ['To write it:', `  ${write} --sql`];
  return [
    'To write it, and let Prisma write the migration:',
    `  ${write}`,
    'To write it with migrations that do not stall the app:',
    `  ${write} --sql`,
  ];
}

/** What comes after the files are as they should be. */
function renderNext({ command, phase, changes, withSql }: PhaseAnswer): string[] {
  const isMigrationThere = changes.some(({ change }) => change === 'created');
  const isChanged = changes.length > 0;
  const migrate = isMigrationThere
    ? ['Read the migrations, try them in staging, then apply them:', '  npx prisma migrate deploy']
    : command === 'schema' && isChanged && !withSql
      ? ['Then migrate the database:', `  ${MIGRATE_DEV[phase]}`]
      : [];
  const undo =
    command === 'rollback'
      ? ['To see this phase again:', `  npm run migration:schema -- --phase=${phase}`]
      : ['To take it back:', `  ${takeBack({ phase })}`];
  return [
    ...migrate,
    ...(isChanged ? ['The client, for the code of the app:', '  npx prisma generate', ...undo] : []),
    'Where the checklist is:',
    '  npm run migration:status',
  ];
}

function renderAgain(answer: PhaseAnswer): string[] {
  const { command, phase } = answer;
  return [
    'Then again:',
    `  ${command === 'rollback' ? takeBack(answer) : `npm run migration:schema -- --phase=${phase}`}`,
  ];
}

/** The command that takes a phase back, with the backup that was named. */
function takeBack({ phase, backup }: Pick<PhaseAnswer, 'phase' | 'backup'>): string {
  const named = backup === undefined ? '' : ` --backup=${quoteWord(backup)}`;
  return `npm run migration:rollback -- --confirm --phase=${phase}${named}`;
}
