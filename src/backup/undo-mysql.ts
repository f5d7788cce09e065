import { gunzipSync } from 'node:zlib';
import { withDatabase } from '../database/connect.ts';
import type { DatabaseUrl } from '../database/database-url.ts';
import type { TableName } from '../database/dialect.ts';
import { listDrops, listTables, readRecord, recordWayBack } from '../database/mysql-exchange.ts';
import { journalDatabaseOf, quote, table } from '../database/mysql-sql.ts';
import { nameRestored } from './describe-undo.ts';

/**
 * Records the statements by which the tables that a restore has kept take their place again, with all that belonged to them, and
 * the restored ones go into databases of their own. They are of the tables that there are now.
 */
export function recordUndo(url: DatabaseUrl, kept: string): Promise<void> {
  const restored = nameRestored(kept);
  const [journal, ofKept, ofRestored] = [url.name, kept, restored].map(journalDatabaseOf) as [
    string,
    string,
    string,
  ];
  return withDatabase(url, ({ signal }) =>
    signal(async (session) => {
      const move = async (from: string, to: string) =>
        (await listTables(session, from, 'no record')).map((each) => spellMove(each, to));
      const moves = [
        ...(await move(url.name, restored)),
        ...(await move(journal, ofRestored)),
        ...(await move(kept, url.name)),
        ...(await move(ofKept, journal)),
      ];
      const drops = (await listDrops(session, url.name)).map(({ sql }) => sql);
      const isTrigger = (drop: string) => drop.startsWith('DROP TRIGGER');
      const statements = [
        ...[restored, ofRestored].map((name) => `CREATE DATABASE IF NOT EXISTS ${quote(name).sql}`),
        // A table that has one cannot be moved.
        ...drops.filter(isTrigger),
        `RENAME TABLE ${moves.join(', ')}`,
        ...drops.filter((drop) => !isTrigger(drop)),
      ];
      const objects = gunzipSync(await readRecord(session, kept));
      const head = Buffer.from(statements.map((each) => `${each};\n`).join(''));
      await recordWayBack(session, kept, Buffer.concat([head, objects]));
    }),
  );
}

function spellMove(from: TableName, to: string): string {
  return `${table(from).sql} TO ${table({ schema: to, name: from.name }).sql}`;
}
