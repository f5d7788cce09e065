import type { LockHolder } from '../database/dialect.ts';
import { quoteWord } from '../shell.ts';
import { describeHolders } from './holders.ts';
import { commands, refusal, ToolkitError } from './toolkit-error.ts';

/** What a failed backup leaves: nothing. */
const NOTHING_LEFT = 'The partial backup was removed; nothing else was changed.';
const ANOTHER_FOLDER = 'npm run migration:backup -- --out=/var/backups';

export function scratchRefused(database: string, words: string, cause: unknown): ToolkitError {
  return refusal(
    'SCRATCH_REFUSED',
    `a scratch database cannot be made beside "${database}": ${words}.`,
    'Give the role in DATABASE_URL the right to create databases (CREATEDB on PostgreSQL, CREATE and DROP on MySQL), or name a server where it has it: --to=URL',
    cause,
  );
}

export function backupRequired(fact: string, userId: string): ToolkitError {
  return refusal(
    'BACKUP_REQUIRED',
    `${fact}, and --require-backup asks for a verified one that is less than a day old.`,
    commands(
      'Make one, then type this again:',
      'npm run migration:backup -- --verify',
      `npm run migration:assign -- ${quoteWord(userId)} --require-backup`,
    ),
  );
}
/** The tool that is wanted, and where it comes from. */
interface Wanted {
  names: readonly string[];
  packages: string;
}

/** The tool that was found instead. */
interface Found extends Wanted {
  name: string;
  version: string;
  server: string;
}

export function toolMissing({ names, packages }: Wanted): ToolkitError {
  const list = names.map((name) => `"${name}"`).join(' or ');
  return refusal(
    'TOOL_MISSING',
    `no program ${list} is on PATH.`,
    `Install the package ${packages}, or put the folder of the program on PATH.`,
  );
}

export function toolUnusable(path: string, words: string, cause: unknown): ToolkitError {
  return refusal(
    'TOOL_UNUSABLE',
    `${path} does not tell its version: ${words}.`,
    `See what ${quoteWord(path)} --version says, and repair it, or put another one before it on PATH.`,
    cause,
  );
}

export function toolOlder({ name, version, server, packages }: Found): ToolkitError {
  return refusal(
    'TOOL_OLDER',
    `${name} is older than the server, and cannot read all that it has: it is "${version}", the server is ${server}.`,
    `Install the package ${packages}, and put it first on PATH.`,
  );
}

export function toolOfAnother({ name, version, server, packages }: Found): ToolkitError {
  return refusal(
    'TOOL_OF_ANOTHER',
    `${name} is of another database system than the server: it is "${version}", the server is ${server}.`,
    `Install the package ${packages}, and put it first on PATH.`,
  );
}

export function toolFailed(
  name: string,
  words: string,
  { ending, cause }: { ending: string; cause: unknown },
): ToolkitError {
  const said = words === '' ? '. ' : `. Its last words:\n${words.replace(/^/gm, '  ')}\n`;
  return new ToolkitError('TOOL_FAILED', {
    message: `${name} ended with ${ending}${said}What was not finished was removed.`,
    remedy: 'Do what its words ask for, then type the command again.',
    cause,
  });
}

export function backupIncomplete(database: string, reason: string): ToolkitError {
  return refusal(
    'BACKUP_INCOMPLETE',
    `a backup of "${database}" would not be whole: ${reason}.`,
    'Use a role in DATABASE_URL that may read everything; on PostgreSQL one with BYPASSRLS, or the owner of the tables.',
  );
}

export function backupPooled(reason: string): ToolkitError {
  return refusal(
    'BACKUP_POOLED',
    `a backup needs a connection of its own, and the URL leads through a transaction pooler: ${reason}.`,
    'Set DATABASE_URL to the direct URL of the server, which Prisma calls DIRECT_URL, for this command.',
  );
}

export function backupFolderRefused(folder: string, why: string, cause: unknown): ToolkitError {
  return refusal(
    'BACKUP_FOLDER',
    `no backup can be written to ${folder}: ${why}.`,
    commands('Allow it, or name another folder:', ANOTHER_FOLDER),
    cause,
  );
}

export function spaceShort(folder: string, { needed, free }: { needed: string; free: string }): ToolkitError {
  return refusal(
    'SPACE_SHORT',
    `the backup does not fit: the disk of ${folder} has ${free} left, and it takes ${needed} at the least.`,
    commands(
      'Make room, or name a folder on another disk:',
      'npm run migration:backup -- --out=/var/backups',
    ),
  );
}

export function diskFull(folder: string, written: string, cause: unknown): ToolkitError {
  return new ToolkitError('DISK_FULL', {
    message: `the disk of ${folder} is full after ${written} of the backup. ${NOTHING_LEFT}`,
    remedy: commands('Make room, or name a folder on another disk:', ANOTHER_FOLDER),
    cause,
  });
}

/** `kept`: the backup that was whole already. */
export function backupInterrupted(kept: string | null): ToolkitError {
  const rest = kept
    ? `The backup ${kept} is whole and stays, but it was not verified.`
    : 'Nothing of the backup is left.';
  return new ToolkitError('BACKUP_INTERRUPTED', {
    message: `the backup was stopped by Ctrl-C. ${rest}`,
    remedy: commands('To make one:', 'npm run migration:backup -- --verify'),
  });
}

export function momentMissed(tries: number, why: string, holders: readonly LockHolder[]): ToolkitError {
  return new ToolkitError('MOMENT_MISSED', {
    message: `the dump could not begin at one moment with the digests, ${tries} times: ${why}. The app waited at most 0.4 s each time.\n${describeHolders(holders)}${NOTHING_LEFT}`,
    remedy: commands('Type the command again when less is written:', 'npm run migration:backup -- --verify'),
  });
}

export function copyDamaged(database: string, words: string): ToolkitError {
  return new ToolkitError('COPY_DAMAGED', {
    message: `the copy of "${database}" fails SQLite's integrity check: ${words}. The database itself is probably damaged too. ${NOTHING_LEFT}`,
    remedy: 'Repair the database first: sqlite3 FILE "PRAGMA integrity_check" says what is wrong with it.',
  });
}

export function backupMissing(folder: string, isThere: boolean): ToolkitError {
  const fact = isThere
    ? `${folder} has no manifest.json, so it is no backup, or one that was never finished`
    : `there is no folder ${folder}`;
  return refusal(
    'BACKUP_MISSING',
    `${fact}.`,
    commands('To make a backup:', 'npm run migration:backup -- --verify'),
  );
}

export function backupEdited(folder: string): ToolkitError {
  return refusal(
    'BACKUP_EDITED',
    `the manifest of ${folder} is not as it was written: its own checksum does not fit.`,
    'Use another backup, or fetch this one again from where it was copied to.',
  );
}

export function backupOfNewer(folder: string, format: number): ToolkitError {
  return refusal(
    'BACKUP_OF_NEWER',
    `the manifest of ${folder} has format ${format}, which a newer release wrote.`,
    'Install the newest release: npm install prisma-ownership@latest',
  );
}

export function backupDamaged(folder: string, damages: readonly string[]): ToolkitError {
  return refusal(
    'BACKUP_DAMAGED',
    `the backup ${folder} is damaged:\n${damages.map((damage) => `  ${damage}`).join('\n')}\nIt was not used.`,
    'Use another backup, or fetch this one again from where it was copied to.',
  );
}
