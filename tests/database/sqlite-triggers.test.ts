import { strict as assert } from 'node:assert';
import { describe, it } from 'node:test';
import { firesOnUpdate } from '../../src/database/sqlite-triggers.ts';

const BODY = 'BEGIN UPDATE "Log" SET "n" = 1 WHERE 1; END';

describe('firesOnUpdate', () => {
  const yes = [
    'CREATE TRIGGER t AFTER UPDATE ON "Note"',
    'create trigger if not exists t before update on Note',
    'CREATE TRIGGER t UPDATE ON "Note" FOR EACH ROW WHEN NEW.a > 1',
    'CREATE TRIGGER t AFTER UPDATE OF "userId" ON "Note"',
    'CREATE TRIGGER t AFTER UPDATE OF title , [userId],\n  body ON "Note"',
    'CREATE TRIGGER t AFTER UPDATE OF USERID ON "Note"',
    'CREATE TRIGGER t AFTER UPDATE OF `userId` ON "Note"',
    'CREATE TEMP TRIGGER "on update" AFTER UPDATE OF userId ON "Note"',
    'CREATE TRIGGER t AFTER UPDATE -- of any column\n ON "Note"',
    'CREATE TRIGGER t AFTER UPDATE /* of any column */ ON "Note"',
    'CREATE TRIGGER t AFTER UPDATE OF userId /* the owner */ ON "Note"',
  ];
  for (const head of yes)
    it(`says yes to ${JSON.stringify(head)}`, () => assert.ok(firesOnUpdate(`${head} ${BODY}`, 'userId')));

  const no = [
    'CREATE TRIGGER t AFTER INSERT ON "Note"',
    'CREATE TRIGGER t BEFORE DELETE ON "Note"',
    'CREATE TRIGGER t AFTER UPDATE OF title ON "Note"',
    'CREATE TRIGGER t AFTER UPDATE OF "userIdOld", "userId2" ON "Note"',
    'CREATE TRIGGER t_update AFTER INSERT ON "Note"',
  ];
  for (const head of no)
    it(`says no to ${JSON.stringify(head)}`, () => assert.ok(!firesOnUpdate(`${head} ${BODY}`, 'userId')));

  it('finds a column whose name has a comma or a quote in it', () => {
    assert.ok(firesOnUpdate(`CREATE TRIGGER t AFTER UPDATE OF "the, owner" ON "Note" ${BODY}`, 'the, owner'));
    assert.ok(
      firesOnUpdate(`CREATE TRIGGER t AFTER UPDATE OF "the ""owner""" ON "Note" ${BODY}`, 'the "owner"'),
    );
  });
});
