import type { RlsAnswer } from '../commands/isolation-results.ts';
import { quoteWord } from '../shell.ts';
import { type Painter, plural, renderFindings, renderTable } from './text.ts';

const STATES: Record<RlsAnswer['models'][number]['state'], string> = {
  missing: 'to be made',
  differs: 'to be made anew',
  same: 'there',
};

/** What policies go around, whatever is in the database. */
const LIMITS = [
  'What no policy holds back: cascades and other actions of foreign keys, unique keys (which tell that a value is taken),',
  'TRUNCATE, functions with SECURITY DEFINER, and whoever may run any SQL, who may also set app.user_id.',
  'Steps 1 to 3 and migrations that change rows need a role of those above: for all others the tables are empty.',
];

/** Row-level security as text: the policies, who they hold for, and what was written. */
export function renderRls(answer: RlsAnswer, paint: Painter): string {
  const { models, findings, changes, rls } = answer;
  const rows = models.map(({ model, table, by, state, through }) => [
    model,
    table,
    through ? `who sees ${by}` : `the user in ${by}`,
    STATES[state],
  ]);
  return [
    paint.bold(describeOutcome(answer)),
    ...(rows.length > 0 ? ['', renderTable(['model', 'table', 'rows are seen by', 'policy'], rows)] : []),
    ...(changes.length > 0
      ? ['', ...changes.map(({ path, change }) => `${answer.dryRun ? 'to be ' : ''}${change}  ${path}`)]
      : []),
    ...(rls === 'apply' ? ['', ...describeRoles(answer), ...LIMITS] : []),
    ...renderFindings(findings, paint),
    '',
    ...describeNext(answer),
  ].join('\n');
}

function isForbidden({ findings }: RlsAnswer): boolean {
  return findings.some(({ severity }) => severity === 'error');
}

function describeOutcome(answer: RlsAnswer): string {
  const { rls, changes, dryRun, models } = answer;
  if (isForbidden(answer)) return 'Row-level security is refused. Nothing was written.';
  if (changes.length === 0)
    return rls === 'undo'
      ? 'There is no policy of this toolkit in the database: nothing to take back.'
      : `Row-level security is there already: ${plural(models.length, 'policy').replace('policys', 'policies')}, and the role has its rights. Nothing to write.`;
  const about = `${rls === 'undo' ? 'Taking row-level security back' : 'Row-level security'}: ${plural(changes.length, 'migration')}.`;
  return dryRun ? `${about} Nothing was written.` : `${about} Written, and not applied to any database.`;
}

function describeRoles({ role, bypassing }: RlsAnswer): string[] {
  const all = bypassing.map((name) => `"${name}"`).join(', ') || 'none';
  return [
    `The app connects as "${role?.name ?? ''}", ${role?.bypasses ? 'for which no policy holds' : 'for which they hold'}.`,
    `Roles that no policy holds for: ${all} (superusers, and BYPASSRLS).`,
  ];
}

function describeNext(answer: RlsAnswer): string[] {
  const { rls, changes, dryRun, role } = answer;
  const command = 'npm run migration:isolation -- --rls';
  const named = role && !role.bypasses && rls === 'apply' ? ` --role=${quoteWord(role.name)}` : '';
  if (isForbidden(answer)) return ['Then again:', `  ${command}${named}`];
  if (changes.length === 0)
    return rls === 'undo'
      ? ['To make policies:', `  ${command}`]
      : ['To take it back:', `  ${command} --undo`];
  if (dryRun) return ['To write it:', `  ${command}${rls === 'undo' ? ' --undo' : named}`];
  const apply = ['Read the migrations, try them in staging, then apply them:', '  npx prisma migrate deploy'];
  if (rls === 'undo') return [...apply, 'To make policies again:', `  ${command}`];
  return [
    'First, in the application, for each request:',
    '  await withUser(prisma, userId, (tx) => ...);',
    ...apply,
    'To take it back:',
    `  ${command} --undo`,
  ];
}
