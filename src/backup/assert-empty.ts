import type { Database } from '../database/dialect.ts';
import { listBaseTables } from '../database/mysql-snapshot.ts';
import { journalDatabaseOf } from '../database/mysql-sql.ts';
import { targetNotEmpty } from '../errors.ts';
import { countOf } from '../ownership/findings.ts';

/** Throws TARGET_NOT_EMPTY where a database has tables, or where its journal would be loaded into another one. */
export async function assertEmpty({ read, dialect, url }: Database): Promise<void> {
  const { tables, hasJournal } = await read(async (session) => ({
    tables: await dialect.digests.listTables(session),
    // A load that was interrupted may have left any of its tables there.
    hasJournal:
      dialect.provider === 'mysql'
        ? (await listBaseTables(session, [journalDatabaseOf(url.name)])).length > 0
        : dialect.provider === 'postgresql' && (await dialect.journalExists(session)),
  }));
  if (tables.length > 0) throw targetNotEmpty(`"${url.name}" has ${countOf(tables.length, 'table')}`);
  if (hasJournal)
    throw targetNotEmpty(`the journal of "${url.name}" is there already: ${dialect.journalPlace}`);
}
