import { strict as assert } from 'node:assert';
import { describe, it } from 'node:test';
import { guardNameOf, isGuardTrigger, lastOf, readNote, writeNote } from '../../src/database/guard.ts';

const AWKWARD = `o'br"ien\\ */ ? $1 :x ; -- 👩‍👧 名前\n{"a": "}"}`;

describe('the note in a trigger', () => {
  const note = {
    name: 'ownership_guard_Note_01234567',
    since: '2024-01-01T00:00:00.000Z',
    model: 'Note',
    scope: 'public',
    ownerId: AWKWARD,
    ownerValue: AWKWARD,
    table: { schema: AWKWARD, name: AWKWARD },
    key: [{ name: AWKWARD, type: 'character varying(191)' }],
    owner: { name: AWKWARD, type: 'text' },
  };

  it('comes back whole, whatever names and values are in it', () => {
    assert.deepEqual(readNote(`BEGIN ${writeNote(note)} /* another */ END`), note);
  });

  it('is in ASCII, and has nothing that ends it or that a driver takes for a parameter', () => {
    assert.match(writeNote(note), /^\/\* prisma-ownership [\x20-\x7e]+ \*\/$/);
    assert.doesNotMatch(writeNote(note).slice(2, -2), /\*\/|\?|\$|;|'/);
  });

  it('is not in a trigger of somebody else', () => assert.equal(readNote('BEGIN SELECT 1; END'), null));
});

describe('the name of a guard', () => {
  it('fits every database with all that is added to it, in characters that need no care', () => {
    for (const name of ['Note', AWKWARD, 'x'.repeat(64), 'ü'.repeat(64), 'order', '']) {
      const guard = guardNameOf({ schema: 'public', name });
      assert.match(guard, /^ownership_guard_\w*_[0-9a-f]{8}$/);
      assert.ok(`${lastOf(guard)}_new`.length <= 63 && `${guard}_update`.length <= 63, guard);
      assert.ok(isGuardTrigger(guard) && isGuardTrigger(lastOf(guard)));
    }
  });

  it('tells tables apart whose names begin alike, or that are in two schemas', () => {
    const names = ['a', 'b'].flatMap((schema) =>
      ['x'.repeat(40), `${'x'.repeat(40)}y`].map((name) => guardNameOf({ schema, name })),
    );
    assert.equal(new Set(names).size, 4);
  });

  it('is not taken for that of another trigger', () =>
    assert.deepEqual(['touch', 'guard_Note', 'ownership'].filter(isGuardTrigger), []));
});
