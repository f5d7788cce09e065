import { strict as assert } from 'node:assert';
import { describe, it } from 'node:test';
import type { Finding } from '../../src/ownership/findings.ts';
import * as findings from '../../src/phases/findings.ts';

/** Every finding: its severity, code and model, what it says, and what to do. */
const EXPECTED: Record<keyof typeof findings, [Finding, head: string, message: string, remedy: string]> = {
  ownerNotAdded: [
    findings.ownerNotAdded('Log', 'it is a view'),
    'error OWNER_NOT_ADDED Log',
    'it is a view',
    'Leave it out of --models, or with --exclude=Log.',
  ],
  ownerToChoose: [
    findings.ownerToChoose('Note', 'userId'),
    'warning OWNER_TO_CHOOSE Note',
    "it has a column of another role that points at the users already, so nobody can tell which of the two is the owner's",
    'Say so in ownership.config.json: "ownerColumns": { "Note": "userId" }',
  ],
  ownerNotRemoved: [
    findings.ownerNotRemoved('Note', 'userId is in another key'),
    'error OWNER_NOT_REMOVED Note',
    'userId is in another key',
    'Change that in the schema by hand, migrate, and try again.',
  ],
  unownedBeforePhase3: [
    findings.unownedBeforePhase3('Note', 1200, 'cm3owner0000'),
    'error UNOWNED Note',
    '1,200 rows have no owner, so the column cannot be required',
    'Assign them first: npm run migration:assign cm3owner0000',
  ],
  ownersNotComparable: [
    findings.ownersNotComparable('Note', 'userId'),
    'error COLUMN_TYPE_DIFFERS Note',
    'the column "userId" and the users\' key have types that cannot be compared, so nobody knows whose its rows are',
    'Give both the same type in the schema, and migrate.',
  ],
  onDeleteSetsNull: [
    findings.onDeleteSetsNull('Note', 'user'),
    'error ON_DELETE_SET_NULL Note',
    '"user" has onDelete: SetNull, which a required owner cannot have',
    'Write onDelete: Restrict in its place, and migrate.',
  ],
  onDeleteByDefault: [
    findings.onDeleteByDefault('Note', 'user'),
    'warning ON_DELETE_DEFAULT Note',
    '"user" has Prisma\'s default onDelete, which turns from SetNull into Restrict with a required owner: Prisma\'s own migration drops the foreign key and checks every row again, while writes to both tables wait',
    'Write onDelete: Restrict, so that the schema says it; with --sql the key is changed without that wait.',
  ],
  guardInTheWay: [
    findings.guardInTheWay(['Note', 'Tag']),
    'error GUARD_IN_THE_WAY -',
    '2 guards (Note, Tag) still give an owner to rows that come without one',
    'Stop the old version of the app, then remove what it needed: npm run migration:cleanup -- --confirm',
  ],
  stillRequired: [
    findings.stillRequired('Note', 'userId'),
    'error STILL_REQUIRED Note',
    'the column "userId" is required, so phase 3 has to be taken back first',
    'npm run migration:rollback -- --confirm --phase=3',
  ],
  ownersUnknown: [
    findings.ownersUnknown('Note', 'userId', 3),
    'error OWNERS_UNKNOWN Note',
    '3 rows have a "userId" that no run wrote; with the column they are lost, and the journal could not give them back',
    'Make a backup, and name it: npm run migration:rollback -- --confirm --phase=1 --backup=FILE',
  ],
  runNotRolledBack: [
    findings.runNotRolledBack('7f3a0b1c', 40),
    'warning RUN_NOT_ROLLED_BACK -',
    'run 7f3a0b1c is not rolled back: the owners of its 40 rows go with the column, and are only in the journal then',
    'Roll it back first, so that the journal says what is so: npm run migration:rollback -- --confirm --run=7f3a0b1c',
  ],
};

describe('every finding about a phase', () => {
  it('has a row here', () => assert.deepEqual(Object.keys(findings).sort(), Object.keys(EXPECTED).sort()));

  for (const [name, [finding, head, message, remedy]] of Object.entries(EXPECTED))
    it(`says the whole of ${name}`, () => {
      assert.equal(`${finding.severity} ${finding.code} ${finding.model ?? '-'}`, head);
      assert.equal(finding.message, message);
      assert.equal(finding.remedy, remedy);
    });
});
