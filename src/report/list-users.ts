import type { ListUsersResult } from '../commands/list-users.ts';
import { quoteWord } from '../shell.ts';
import { formatCount, type Painter, plural, renderTable } from './text.ts';

/** The users as text. */
export function renderUsers({ ownerModel, total, users }: ListUsersResult, paint: Painter): string {
  if (users.length === 0) return `No ${ownerModel} matches.`;
  const rows = users.map(({ id, label, createdAt, rows }) => [
    id,
    label === id ? '' : label,
    createdAt?.slice(0, 10) ?? '',
    describeRows(rows),
  ]);
  const more = total > users.length ? ` (${users.length} shown; --limit or --search for others)` : '';
  return [
    paint.bold(`${plural(total, 'user')}${more}`),
    '',
    renderTable(['id', 'user', 'created', 'rows owned'], rows),
    '',
    'To check what would be assigned to one of them:',
    `  npm run migration:check ${users.length === 1 ? quoteWord(users[0]?.id ?? '') : '<id>'}`,
  ].join('\n');
}

function describeRows(rows: Record<string, number>): string {
  const owned = Object.entries(rows).filter(([, count]) => count > 0);
  if (owned.length === 0) return 'none';
  const total = owned.reduce((sum, [, count]) => sum + count, 0);
  return `${formatCount(total)} (${owned.map(([model, count]) => `${model} ${formatCount(count)}`).join(', ')})`;
}
