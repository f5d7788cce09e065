import { toEvidence } from '../backup/evidence.ts';
import type { RestoreRequest } from '../backup/restore-plan.ts';
import { getSwapper } from '../backup/swap.ts';
import type { Context } from '../context.ts';
import { withDatabase } from '../database/connect.ts';
import { ToolkitError } from '../errors.ts';
import {
  carryEvidence,
  type EvidenceRow,
  listEvidence,
  listEvidenceRows,
  recordEvidence,
} from '../ownership/evidence.ts';
import { readClock } from '../ownership/writer.ts';
import { nameOperator } from './database-command.ts';

/** Backups and rehearsals since are what they were, whatever becomes of the rows. Nothing of a database that cannot be read. */
export async function readEvidence({ url, isOther }: RestoreRequest): Promise<EvidenceRow[]> {
  if (isOther) return [];
  return withDatabase(url, (database) =>
    database.read((session) => listEvidenceRows(session, database)),
  ).catch(() => []);
}

/** The journal that was restored is older than the backup: it gets to know of all since. Without it the restore is worth the same. */
export async function keepEvidence(
  { backup, url }: RestoreRequest,
  {
    before,
    kept,
    context,
    note,
  }: { before: EvidenceRow[]; kept: string | null; context: Context; note: (text: string) => void },
): Promise<void> {
  const { folder, manifest } = backup;
  try {
    await withDatabase(url, async (database) => {
      await carryEvidence(database, before);
      const { known, time } = await database.read(async (session) => ({
        known: await listEvidence(session, database, 'backup'),
        time: await readClock(session, database.dialect),
      }));
      // It has been verified now, if it was not before: every table was compared.
      if (!known.some(({ body }) => body.sha256 === backup.sha256 && body.verified !== null))
        await recordEvidence(
          database,
          'backup',
          toEvidence(backup, { host: context.process.host, verified: time }),
        );
      const by = nameOperator(context);
      await recordEvidence(database, 'restore', { path: folder, by, taken: manifest.time, kept });
    });
  } catch (error) {
    if (!(error instanceof ToolkitError)) throw error;
    const [fact] = error.message.split('\n');
    note(`The journal does not say that this was restored: ${fact} The database is restored all the same.`);
  }
}

/** The way back takes what is recorded here; where it cannot be, the old tables are kept all the same. */
export async function keepUndo(
  { url }: RestoreRequest,
  { kept, note }: { kept: string | null; note: (text: string) => void },
): Promise<void> {
  if (kept === null) return;
  try {
    await (await getSwapper(url.provider)).recordUndo(url, kept);
  } catch (error) {
    if (!(error instanceof ToolkitError)) throw error;
    const [fact] = error.message.split('\n');
    note(`How to go back to "${kept}" could not be recorded: ${fact} The database is restored all the same.`);
  }
}
