import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { letsWritesGoOn } from '../../src/database/copy.ts';
import { findModelOf } from '../../src/rehearsal/migrate.ts';

describe('the model of a migration', () => {
  const find = (rest: string) => findModelOf(`20260101000000_${rest}`, ['Note', 'NoteTag', 'Order']);

  it('is named by the folder, the longest name first', () => {
    assert.equal(find('add_optional_user_relations_01_note_column'), 'Note');
    assert.equal(find('add_optional_user_relations_12_note_tag_index'), 'NoteTag');
    assert.equal(find('make_user_fields_required_03_order_not_null'), 'Order');
  });

  it('is none where the folder names none, and the only one where there is but one', () => {
    assert.equal(find('add_optional_user_relations'), null);
    assert.equal(findModelOf('20260101000000_add_optional_user_relations', ['Note']), 'Note');
  });
});

describe('a migration that lets writes go on', () => {
  it('is one of those that say so to the database', () => {
    for (const sql of [
      'CREATE INDEX CONCURRENTLY "i" ON "Note"("userId");',
      'ALTER TABLE "Note" VALIDATE CONSTRAINT "c"',
      'ALTER TABLE `Note` ADD INDEX `i` (`userId`), ALGORITHM=INPLACE, LOCK=NONE;',
    ])
      assert.equal(letsWritesGoOn(sql), true, sql);
  });

  it('is no other one, whatever its comment says', () => {
    assert.equal(
      letsWritesGoOn('-- not a CREATE INDEX CONCURRENTLY\nALTER TABLE "Note" ADD COLUMN "userId" TEXT'),
      false,
    );
    assert.equal(letsWritesGoOn('ALTER TABLE `Note` ADD COLUMN `userId` INT, ALGORITHM=INSTANT'), false);
  });
});
