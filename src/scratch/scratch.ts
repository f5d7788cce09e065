import { createHash, randomBytes } from 'node:crypto';
import { basename } from 'node:path';
import { withDatabase } from '../database/connect.ts';
import { classifyFailure } from '../database/driver-errors.ts';
import type { DatabaseUrl } from '../database/database-url.ts';
import type { Database } from '../database/dialect.ts';
import { scratchRefused, ToolkitError } from '../errors.ts';
import type { Operator } from '../ownership/writer.ts';

const MARK = '_scratch_';

/** Who makes a scratch database. */
export interface ScratchSettings extends Pick<Operator, 'host' | 'pid' | 'isAlive'> {
  /** Something that the operator should know, as a sentence. */
  note: (text: string) => void;
  /** Called with the name of one that cannot be removed. */
  onLeft?: (name: string) => void;
}

/**
 * Creates an empty database on the same server, or beside the same file, gives its URL to `work`, and removes it again,
 * whatever happens; where it cannot be, a note says so, and what came of the work stays. What a process left that was killed is removed by the next one on the same host, which only says so where it
 * cannot. While `work` runs it has
 * no connection to the database, which may get another name meanwhile. Throws SCRATCH_REFUSED where the role may not create one.
 */
export async function withScratch<T>(
  url: DatabaseUrl,
  settings: ScratchSettings,
  work: (scratch: DatabaseUrl) => Promise<T>,
): Promise<T> {
  const { name, scratch } = await withDatabase(url, async (database) => {
    await sweepScratch(database, settings);
    const name = nameScratch(database, settings);
    await database.dialect.scratch.create(database, name).catch((error: Error) => {
      throw scratchRefused(url.name, classifyFailure(error).words, error);
    });
    return { name, scratch: database.dialect.scratch.urlOf(url, name) };
  });
  try {
    return await work(scratch);
  } finally {
    // What `work` came to is worth the same; the next scratch database of this host tries again.
    await withDatabase(url, (again) => dropScratch(again, name)).catch((error: unknown) => {
      settings.onLeft?.(name);
      settings.note(`The scratch database "${name}" cannot be removed, and is left: ${explainWords(error)}`);
    });
  }
}

/** In one sentence. */
function explainWords(error: unknown): string {
  const [words = ''] =
    error instanceof ToolkitError ? error.message.split('\n') : [classifyFailure(error).words];
  return words.replace(/\.?$/, '.');
}

/** The journal of a copy goes with it, where that is a database of its own. */
async function dropScratch(database: Database, name: string): Promise<void> {
  const { scratch } = database.dialect;
  await scratch.drop(database, name);
  for (const journal of await scratch.list(database, `${name}_`)) await scratch.drop(database, journal);
}

/** Removes what was left of this database by processes of this host that are gone, but for what the server keeps. */
async function sweepScratch(database: Database, { host, isAlive, note }: ScratchSettings): Promise<void> {
  const prefix = prefixOf(database, host);
  const found = await database.dialect.scratch.list(database, prefix);
  const left = found.filter((name) => {
    const pid = Number(/^\d+/.exec(name.slice(prefix.length))?.[0]);
    return pid > 0 && !isAlive(pid);
  });
  for (const name of left)
    await database.dialect.scratch.drop(database, name).catch((error: unknown) => {
      const { failure, words } = classifyFailure(error);
      if (failure === 'lost') throw error;
      note(
        `A killed process left the scratch database "${name}", which cannot be removed: ${words.replace(/\.?$/, '.')}`,
      );
    });
}

function nameScratch(database: Database, { host, pid }: Pick<Operator, 'host' | 'pid'>): string {
  return `${prefixOf(database, host)}${pid}_${randomBytes(3).toString('hex')}`;
}

function prefixOf({ url, dialect }: Database, host: string): string {
  const tail = tagOf(url, host);
  // Room for the process, a number at random, and the journal's suffix of MySQL.
  const room = dialect.scratch.longestName - tail.length - 40;
  return `${[...basename(url.name)].slice(0, Math.max(8, room)).join('')}${tail}`;
}

/**
 * What all scratch databases of a database by processes of one host have in their names: the name itself may be cut, and on another
 * host a process of the same number may well live.
 */
export function tagOf({ provider, url, name }: DatabaseUrl, host: string): string {
  const place = provider === 'sqlite' ? url : name;
  const hash = createHash('sha256').update(`${host}\n${place}`).digest('hex').slice(0, 8);
  return `${MARK}${hash}_`;
}
