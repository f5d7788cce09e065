import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { aimDump, splitDump } from '../../src/backup/dump-statements.ts';
import { cannotDump } from '../helpers/dumpable-server.ts';
import { createApp, OWNER } from '../helpers/rehearsal.ts';
import { ask, backUp, dropAfter, nameOf } from '../helpers/restore.ts';
import { queryServer } from '../helpers/query-server.ts';

/** As mariadb-dump writes it. */
const DUMP = `-- Dumping routines for database 'sh\`op'
ALTER DATABASE \`sh\`\`op\` CHARACTER SET utf8mb4 COLLATE utf8mb4_bin ;
DELIMITER ;;
ALTER DATABASE shop CHARACTER SET utf8mb4 COLLATE utf8mb4_bin ;;
CREATE DEFINER=\`root\`@\`%\` PROCEDURE \`q\`()
select '
ALTER DATABASE \`shop\` CHARACTER SET utf8mb4 COLLATE utf8mb4_bin ;
'
;;
DELIMITER ;
`;

describe('a dump that is loaded into another database', () => {
  it('is taken apart at its delimiters, and put together again as it was', () => {
    const statements = splitDump(DUMP);
    assert.equal(statements.length, 6);
    assert.match(statements[3] ?? '', /^CREATE DEFINER[\s\S]*\n;;$/);
    assert.equal(statements.join('\n'), DUMP);
  });

  it('sets the collation of that one, and leaves the bodies of routines alone', () => {
    assert.equal(
      aimDump(DUMP),
      DUMP.replace('DATABASE `sh``op` ', 'DATABASE ').replace('DATABASE shop ', 'DATABASE '),
    );
  });

  it('leaves the first one as it is, in a rehearsal and in a restore', {
    skip: cannotDump('mysql'),
  }, async (t) => {
    const database = dropAfter(t, await createApp('mysql'));
    const [name, other] = [nameOf(database), `${nameOf(database)}_b`];
    const collate = (collation: string) =>
      queryServer(database, `ALTER DATABASE "${name}" COLLATE utf8mb4_${collation}`);
    await database.query(`CREATE FUNCTION one() RETURNS INT DETERMINISTIC RETURN 1`);
    await collate('general_ci');
    const { folder } = await backUp(database);
    await collate('unicode_ci');
    const rehearsed = await ask(database, ['rehearse', OWNER, `--from=${folder}`]);
    assert.equal(rehearsed.code, 0, rehearsed.stderr);
    await queryServer(database, `CREATE DATABASE "${other}"`);
    const url = new URL(database.url);
    url.pathname = `/${other}`;
    const restored = await ask(database, ['restore', folder, '--to=TARGET', `--confirm=${other}`], {
      TARGET: url.href,
    });
    assert.deepEqual([restored.code, restored.answer?.findings], [0, []], restored.stderr);
    const rows = await queryServer(
      database,
      `SELECT DEFAULT_COLLATION_NAME AS c, (SELECT DATABASE_COLLATION FROM information_schema.ROUTINES WHERE ROUTINE_SCHEMA = SCHEMA_NAME) AS r
         FROM information_schema.SCHEMATA WHERE SCHEMA_NAME IN ('${name}', '${other}') ORDER BY SCHEMA_NAME`,
    );
    assert.deepEqual(rows, [
      { c: 'utf8mb4_unicode_ci', r: 'utf8mb4_nopad_bin' },
      { c: 'utf8mb4_general_ci', r: 'utf8mb4_nopad_bin' },
    ]);
  });
});
