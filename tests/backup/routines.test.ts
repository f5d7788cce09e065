import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { readBackup } from '../../src/backup/read-backup.ts';
import { assertFails, outOf, withNotes } from '../helpers/backup.ts';
import { cannotDump } from '../helpers/dumpable-server.ts';
import { queryMysql } from '../helpers/mysql-database.ts';
import { runCommand } from '../helpers/processes.ts';

const skip = cannotDump('mysql');

describe('routines of other users in a backup of MySQL', { skip }, () => {
  it('are missed by nobody: who may not see or read them is told which right is missing', () =>
    withNotes('mysql', async (database) => {
      const name = new URL(database.url).pathname.slice(1);
      const user = `routines_${process.pid}`;
      const url = new URL(database.url);
      [url.username, url.password] = [user, 'reader'];
      const own = { ...database, url: url.href };
      const grant = (rights: string) => queryMysql(database.url, `GRANT ${rights} TO ${user}`);
      await queryMysql(
        database.url,
        `CREATE FUNCTION one() RETURNS INT DETERMINISTIC RETURN 1; CREATE PROCEDURE two() SELECT 2;
         CREATE USER ${user} IDENTIFIED BY 'reader'`,
      );
      try {
        await grant(`SELECT, LOCK TABLES, SHOW VIEW, TRIGGER, EVENT ON ${name}.*`);
        await assertFails(own, {
          code: 'BACKUP_INCOMPLETE',
          says: /this user does not have EXECUTE on the whole database/,
        });
        await grant(`EXECUTE ON ${name}.*`);
        const says =
          /may not read routines of others, which takes the right (SELECT ON mysql\.proc|SHOW_ROUTINE ON \*\.\*): "one" of root@\S+, "two" of root@/;
        await assertFails(own, { code: 'BACKUP_INCOMPLETE', says });
        const [row] = await queryMysql(database.url, 'SELECT VERSION() AS v');
        await grant(/mariadb/i.test(String(row?.v)) ? 'SELECT ON mysql.proc' : 'SHOW_ROUTINE ON *.*');
        const done = await runCommand(own, 'backup', '--json', `--out=${outOf(database)}`);
        assert.equal(done.code, 0, done.stderr);
        const { folder } = readBackup(JSON.parse(done.stdout).path);
        const objects = gunzipSync(readFileSync(join(folder, 'objects.sql.gz'))).toString();
        assert.match(objects, /FUNCTION .one.[\s\S]*PROCEDURE .two./);
      } finally {
        await queryMysql(database.url, `DROP USER ${user}`);
      }
    }));
});
