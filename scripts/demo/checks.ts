import { readFileSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import { countOwners, dumpDatabase, type OwnerCounts } from './database.ts';
import type { Project } from './workspace.ts';

/** The user of the sample who gets the rows. */
export const USER_ID = 'cm3owner0000';

/** Says what is not as it should be after a step, or null. */
export type Check = (output: string, project: Project) => string | null;

const COLUMNS = 6;

/** What the owner columns of the sample hold at each stage; the 25 rows belong to its second user from the start. */
export const COUNTS = {
  seeded: { unowned: 19_975, mine: 0, others: 25, columns: COLUMNS, required: 0 },
  assigned: { unowned: 0, mine: 19_975, others: 25, columns: COLUMNS, required: 0 },
  required: { unowned: 0, mine: 19_975, others: 25, columns: COLUMNS, required: COLUMNS },
} satisfies Record<string, OwnerCounts>;

/** The output has this text in it. */
export function says(text: string): Check {
  return (output) => (output.includes(text) ? null : `its output does not say "${text}".`);
}

/** The database holds these rows, as counted in it. */
export function holds(expected: OwnerCounts): Check {
  return (_, { database }) => {
    const found = countOwners(database, USER_ID);
    if (isDeepStrictEqual(found, expected)) return null;
    return `the database holds ${JSON.stringify(found)} instead of ${JSON.stringify(expected)}.`;
  };
}

/** The database is, byte for byte in a dump, what it was when the dump was taken. */
export function isAsDumped(_: string, { database, dump }: Project): string | null {
  return isEqualToDump(database, dump) ? null : 'the database is not what it was.';
}

/** The database is no longer what it was: without this, two equal dumps would prove nothing. */
export function differsFromDump(_: string, { database, dump }: Project): string | null {
  return isEqualToDump(database, dump) ? 'the database is the same as before.' : null;
}

function isEqualToDump(database: string, dump: string): boolean {
  return dumpDatabase(database) === readFileSync(dump, 'utf8');
}
