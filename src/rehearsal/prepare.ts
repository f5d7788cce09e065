import type { Database } from '../database/dialect.ts';
import type { Finding } from '../ownership/findings.ts';
import { listGuards, removeGuards } from '../ownership/guard.ts';
import { closeRuns } from '../ownership/journal.ts';
import { guardsTakenOff } from './findings.ts';

/**
 * Takes out of a copy what production is in the middle of: its guards, which nobody's writes need here and which stand in the
 * way of phase 3, and its unfinished runs, so that step 2 begins one of its own.
 */
export async function prepareCopy(database: Database): Promise<Finding[]> {
  const { dialect, read, write } = database;
  if (await read((session) => dialect.journalExists(session)))
    await write((session) => closeRuns(session, dialect));
  const guards = await read((session) => listGuards(session, database));
  if (guards.length === 0) return [];
  await removeGuards(database, guards);
  return [guardsTakenOff(guards.map(({ model }) => model))];
}
