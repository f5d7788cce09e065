import { quoteWord } from '../shell.ts';
import { countOf, error, type Finding, info, warning } from './findings.ts';

const MOST_NAMED = 3;
const IN_SETTINGS = '"exclude" in ownership.config.json';

/** The change of a unique key: what to write in the schema, and the statements in their order. */
export interface KeyChange {
  /** The fields of the key, and those of the one that takes its place. */
  fields: readonly string[];
  perOwner: readonly string[];
  sql: readonly string[];
  /** A statement cannot share its migration with another one. */
  standsAlone: boolean;
  /** The old key goes only with its table. */
  needsNewTable: boolean;
  isWorldwide: boolean;
}

export const uniqueNotPerOwner = (model: string, change: KeyChange) => {
  const { fields, perOwner, sql, standsAlone, needsNewTable, isWorldwide } = change;
  const [field] = fields;
  const old = fields.length === 1 ? `@unique of ${field}` : `@@unique([${fields.join(', ')}])`;
  const when = isWorldwide
    ? 'Where it is meant to be one for all, as an address to log in with is, leave it. Where not: once'
    : 'Once';
  const by = standsAlone && sql.length > 1 ? 'each line by a migration of its own' : 'by a migration';
  const anew = needsNewTable
    ? ', and make the table anew without the old key (https://www.sqlite.org/lang_altertable.html, section 7)'
    : '';
  return warning(
    'UNIQUE_NOT_PER_OWNER',
    model,
    `the unique key (${fields.join(', ')}) is one for all users: what one of them has, no other can have`,
    [
      `${when} step 3 has verified, write @@unique([${perOwner.join(', ')}]) in place of ${old}, and apply, ${by}${anew}:`,
      ...sql,
    ].join('\n'),
  );
};

export const noOwnerIndex = (
  model: string,
  { field, column }: { field: string; column: string },
  sql: string,
) =>
  warning(
    'NO_OWNER_INDEX',
    model,
    `no index begins with the owner column "${column}": to find the rows of one user, all rows are read`,
    `Write @@index([${field}]) in the model, and apply, best after step 2, by a migration of its own:\n${sql}`,
  );

/** What deleting a user does; `rows` is null where they were not counted. */
export interface OwnerDeletion {
  relation: string | null;
  /** The chosen user, or any. */
  isChosen: boolean;
  rows: number | null;
  /** Of them, those that have no owner yet. */
  unowned: number;
}

export const ownerDeleteUnowns = (model: string, rule: string, deletion: OwnerDeletion) =>
  warning(
    'OWNER_DELETE_UNOWNS',
    model,
    `deleting ${nameUser(deletion)} would take the owner from ${countAffected(deletion)}: its foreign key is ON DELETE ${rule}`,
    protectOwner(deletion),
  );

export const ownerDeleteCascades = (model: string, deletion: OwnerDeletion) =>
  warning(
    'OWNER_DELETE_CASCADES',
    model,
    `deleting ${nameUser(deletion)} would delete ${countAffected(deletion)}: its foreign key is ON DELETE CASCADE`,
    protectOwner(deletion),
  );

function nameUser({ isChosen }: OwnerDeletion): string {
  return isChosen ? 'the chosen user' : 'users';
}

function countAffected({ isChosen, rows, unowned }: OwnerDeletion): string {
  if (rows === null) return 'their rows';
  const open =
    unowned > 0 && isChosen ? ` (${unowned.toLocaleString('en-US')} of them once they are assigned)` : '';
  return `${countOf(rows, 'row')}${open}`;
}

function protectOwner({ relation, isChosen }: OwnerDeletion): string {
  const where = relation === null ? 'its relation to the users' : `the relation "${relation}"`;
  const whom = isChosen ? 'this user' : 'a user who owns rows';
  return `Write onDelete: Restrict in ${where}, and apply it: npx prisma migrate dev --name restrict-user-deletion. Until then, do not delete ${whom}.`;
}

export const looksShared = (model: string, column: string, rows: number) =>
  warning(
    'LOOKS_SHARED',
    model,
    `it looks like a look-up table, which is the same for all users: ${countOf(rows, 'row')}, by its name and its columns`,
    `If it is, leave it out (--exclude=${model}, or ${IN_SETTINGS}). If every user has rows of their own, say so (--owner-column=${model}=${column}, or "ownerColumns").`,
  );

export const modelUnclassed = (model: string, reason: string) =>
  warning(
    'MODEL_UNCLASSED',
    model,
    `it has rows and no owner column; ${reason}`,
    `If they are to have an owner of their own, add the column (npm run migration:schema -- --phase=1 --models=${model}). If not, leave it out, with the reason: ${IN_SETTINGS}.`,
  );

export const modelsShared = (models: readonly string[]): Finding => {
  const [have, take, are] = models.length === 1 ? ['has', 'takes', 'it is'] : ['have', 'take', 'they are'];
  return {
    ...info(
      'MODEL_UNCLASSED',
      null,
      `${models.join(', ')} ${have} rows and ${take} no part: ${are} taken for shared`,
    ),
    remedy: `What is the same for all users can stay as it is; say so, with the reason: ${IN_SETTINGS}.`,
  };
};

export const migrationFailed = (name: string) =>
  error(
    'MIGRATION_FAILED',
    null,
    `the migration ${name} was begun, and is neither finished nor rolled back`,
    `If it is not under way, remove its cause and what it has done so far, then: npx prisma migrate resolve --rolled-back ${quoteWord(name)} && npx prisma migrate deploy`,
  );

export const migrationsPending = (names: readonly string[]) => {
  const named = names.slice(0, MOST_NAMED).join(', ');
  const more = names.length > MOST_NAMED ? ` and ${names.length - MOST_NAMED} more` : '';
  return warning(
    'MIGRATIONS_PENDING',
    null,
    `${countOf(names.length, 'migration')} of the project ${names.length === 1 ? 'is' : 'are'} not applied here: ${named}${more}`,
    'Apply them: npx prisma migrate deploy',
  );
};

export const prismaLockHeld = (
  session: string,
  {
    application,
    state,
    seconds,
    end,
  }: { application: string; state: string | null; seconds: number | null; end: string },
) => {
  const since = state && seconds !== null ? `${state.toLowerCase()} for ${countOf(seconds, 'second')}` : null;
  const about = [application && `"${application}"`, since].filter(Boolean).join(', ');
  return warning(
    'PRISMA_LOCK_HELD',
    null,
    `session ${session}${about && ` (${about})`} has the lock that Prisma takes to migrate`,
    `Wait until its migration is done. If nobody migrates, it was left behind: end the session with ${end}`,
  );
};

export const indexInvalid = (
  model: string,
  index: string,
  { drop, rebuild, isUnique }: { drop: string; rebuild: string | null; isUnique: boolean },
) => {
  const again = isUnique ? 'make its rows distinct and build it again' : 'build it again';
  const what = rebuild === null ? 'Drop it:' : `Drop it, then ${again}, unless a migration is to do that:`;
  return warning(
    'INDEX_INVALID',
    model,
    `the index "${index}" is not valid: building it failed, so writes keep it up and no query uses it`,
    [what, drop, ...(rebuild === null ? [] : [rebuild])].join('\n'),
  );
};

export const poolerUrl = (why: string) =>
  warning(
    'POOLER_URL',
    null,
    `the database's URL leads through a transaction pooler (${why}), where the locks and settings of a session do not last`,
    'Set DATABASE_URL to the direct URL for the migration; it is often kept as DIRECT_URL.',
  );
