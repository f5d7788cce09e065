import type { CleanupAnswer } from '../commands/results.ts';
import { renderGuards } from './guards.ts';
import { type Painter, plural } from './text.ts';

/** What is removed, and what is lost by that, a line each. */
export function listLosses({ guards, leftovers, journal }: CleanupAnswer): string[] {
  return [
    ...guards.map(
      ({ model, hits, lastHit }) =>
        `the guard of ${model}: an old version of the app can write rows without an owner again; ${lastHit === null ? 'it had no hit' : `it had ${plural(hits, 'hit')}, the last at ${lastHit}`}`,
    ),
    ...leftovers.map((name) => `what is left of the guard ${name}, whose triggers are gone`),
    ...(journal
      ? [
          `the journal, ${journal.place}: ${plural(journal.runs, 'run')}, so ${plural(journal.rows, 'assigned row')} can be rolled back no more`,
          ...(journal.hits > 0
            ? [`with it, the keys of ${plural(journal.hits, 'row')} that guards gave an owner`]
            : []),
          ...(journal.ticks > 0
            ? [`with it, ${plural(journal.ticks, 'tick')} of the checklist, with who said so`]
            : []),
        ]
      : []),
  ];
}

/** Cleanup as text. */
export function renderCleanup(
  answer: CleanupAnswer,
  { hasJournal }: { hasJournal: boolean },
  paint: Painter,
): string {
  const { dryRun, guards, journal } = answer;
  const losses = listLosses(answer);
  const stays = hasJournal && !journal ? ['The journal stays: rollback still works.'] : [];
  const toRemoveJournal =
    hasJournal && !journal ? ['To remove it too:  npm run migration:cleanup -- --confirm --journal'] : [];
  if (losses.length === 0)
    return [
      `Nothing to remove: there is no guard${hasJournal ? '' : ' and no journal'}.`,
      ...stays,
      ...toRemoveJournal,
    ].join('\n');
  const flags = journal ? ' --journal' : '';
  return [
    paint.bold(`Cleanup${dryRun ? ': a dry run' : ''}`),
    ...(guards.length > 0 ? ['', ...renderGuards(guards)] : []),
    '',
    dryRun ? 'Would be removed:' : 'Removed:',
    ...losses.map((loss) => `  ${loss}`),
    '',
    ...(dryRun
      ? ['Nothing was changed.', `To remove it:  npm run migration:cleanup -- --confirm${flags}`]
      : [...stays, ...toRemoveJournal, ...(journal ? [describeRest(journal)] : [])]),
  ].join('\n');
}

function describeRest({ place, remains }: NonNullable<CleanupAnswer['journal']>): string {
  return remains
    ? `Its place stays, ${place}: it holds what is not ours.`
    : 'Nothing of the toolkit is left in the database.';
}
