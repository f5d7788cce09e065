import { strict as assert } from 'node:assert';
import { describe, it } from 'node:test';
import { scripts } from '../../package.json';
import * as ofChecklist from '../../src/checklist/findings.ts';
import * as ofCheck from '../../src/isolation-check/findings.ts';
import * as ofScan from '../../src/isolation-scan/findings.ts';
import * as ofInit from '../../src/init/findings.ts';
import * as exported from '../../src/ownership/findings.ts';
import * as ofGuard from '../../src/ownership/guard-findings.ts';
import * as ofIsolation from '../../src/ownership/isolation-findings.ts';
import * as ofProject from '../../src/ownership/project-findings.ts';
import * as ofRun from '../../src/ownership/run-findings.ts';
import * as ofSafety from '../../src/ownership/safety-findings.ts';

const { hasErrors, countOf: _, error: __, warning: ___, info: ____, ...own } = exported;
const findings = {
  ...own,
  ...ofCheck,
  ...ofChecklist,
  ...ofInit,
  ...ofGuard,
  ...ofIsolation,
  ...ofProject,
  ...ofRun,
  ...ofSafety,
  ...ofScan,
};
const PHASE_1 = 'npx prisma migrate dev --name "add-optional-user-relations"';

/** Every finding: its severity, code and model, what it says, and what to do. */
const EXPECTED: Record<
  keyof typeof findings,
  [exported.Finding, head: string, message: string, remedy: string]
> = {
  backupOld: [
    findings.backupOld('backups/app-1', '3 days'),
    'warning BACKUP_OLD null',
    'the newest verified backup, backups/app-1, is 3 days old',
    'What was written since is not in it: npm run migration:backup -- --verify',
  ],
  backupMissing: [
    findings.backupMissing('backups/app-1'),
    'warning NO_BACKUP null',
    'no backup is verified: the newest, backups/app-1, may or may not restore',
    'Make one, and prove that it restores: npm run migration:backup -- --verify',
  ],
  isolationLeak: [
    findings.isolationLeak('Post', 'client', ['include User.posts', 'count']),
    'error ISOLATION_LEAK Post',
    "through the application's own client, one user gets at rows of another by 2 operations: include User.posts, count",
    'Scope it with forUser() of prisma-ownership/isolation, from a list of the models: npm run migration:isolation -- --generate=src/for-user.ts',
  ],
  ownRefused: [
    findings.ownRefused('Post', 'rls', ['update']),
    'warning OWN_ROWS_REFUSED Post',
    'through row-level security, a user does not get at own rows by update',
    'Where the application does this it fails: --json has what was said of each.',
  ],
  notTried: [
    findings.notTried('Post', 'it needs an Unsupported column', ['update', 'delete']),
    'warning ISOLATION_NOT_TRIED Post',
    'not tried: update, delete (it needs an Unsupported column)',
    'Try these by hand, or add rows of two users with which they can be tried.',
  ],
  crossOwnerLink: [
    findings.crossOwnerLink('Comment', 'post', 'Post', 2),
    'warning CROSS_OWNER_LINK Comment',
    '2 rows of one owner hang by post on a row of Post of another',
    'Look at them, and give both rows to one owner, or unlink them: what is kept from a user is missing in the other one.',
  ],
  rowsUnowned: [
    findings.rowsUnowned('Post', 1),
    'warning ROWS_UNOWNED Post',
    '1 row without an owner: no scoped client sees it, and one that is not sees all',
    'Assign them: npm run migration:list-users',
  ],
  modelShared: [
    findings.modelShared('Country'),
    'info MODEL_SHARED Country',
    "its rows are everybody's, so nothing is tried on them",
    '',
  ],
  keyMissing: [
    findings.keyMissing('Log'),
    'warning ISOLATION_NO_KEY Log',
    'it has no key by which one row is found, so nothing is tried on its rows',
    'Give it a primary key.',
  ],
  modelClosed: [
    findings.modelClosed('Post', 'several columns point at User: authorId, editorId'),
    'warning MODEL_CLOSED Post',
    'whose its rows are is not decided (several columns point at User: authorId, editorId), so a scoped client refuses it',
    'Choose its owner column in ownership.config.json, or use the client that is not scoped for it',
  ],
  clientNotScoped: [
    findings.clientNotScoped({ model: 'Note', operation: 'findMany', receiver: 'this.prisma' }),
    'error CLIENT_NOT_SCOPED Note',
    'the client is not scoped to a user',
    'Type forUser(this.prisma, userId).note.findMany(...)',
  ],
  closedModel: [
    findings.closedModel('Note', 'several columns point at User: authorId, editorId'),
    'error CLIENT_NOT_SCOPED Note',
    'the client is not scoped to a user, and whose the rows are is not decided (several columns point at User: authorId, editorId)',
    'Choose its owner column in ownership.config.json, then type forUser(prisma, userId)',
  ],
  byIdOnly: [
    findings.byIdOnly({ model: 'Note', operation: 'delete', receiver: 'tx', isTransaction: true }),
    'error BY_ID_ONLY Note',
    'the row is found by its key alone, so whoever has the key has the row',
    'Begin the transaction on a scoped client: forUser(prisma, userId).$transaction(async (tx) => ...)',
  ],
  nestedNotScoped: [
    findings.nestedNotScoped({ model: 'Note', operation: 'findMany', receiver: 'prisma' }, 'User.notes'),
    'error NESTED_NOT_SCOPED Note',
    'rows are reached by User.notes, on a client that is not scoped',
    'Use forUser(prisma, userId) in the place of prisma',
  ],
  nestedByHand: [
    findings.nestedByHand({ model: 'Tag', operation: 'findMany', receiver: 'prisma' }, 'Note.tags'),
    'warning NESTED_NOT_SCOPED Tag',
    'the call is scoped by hand, but not the rows that it reaches by Note.tags',
    'Use forUser(prisma, userId) in the place of prisma',
  ],
  sqlNamesOwned: [
    findings.sqlNamesOwned(['Note', 'Tag'], 'prisma'),
    'error SQL_NOT_SCOPED Note',
    'raw SQL names the table of Note, Tag',
    'Use an operation of Prisma, or on PostgreSQL with row-level security withUser(prisma, userId, (tx) => ...)',
  ],
  sqlUnknown: [
    findings.sqlUnknown('prisma'),
    'error SQL_UNKNOWN null',
    'raw SQL whose text is not known here: it may name the table of an owned model',
    'Write its text where it is run, or use withUser(prisma, userId, (tx) => ...) with row-level security',
  ],
  sqlRefused: [
    findings.sqlRefused(),
    'warning SQL_REFUSED null',
    'a scoped client refuses raw SQL when this is run',
    'Begin the SQL with /* unscoped: why */ where that is meant, or use an operation of Prisma',
  ],
  sqlMeant: [findings.sqlMeant(), 'info SQL_MEANT null', 'raw SQL that says why it is not scoped', ''],
  parentClient: [
    findings.parentClient('Note'),
    'error PARENT_CLIENT Note',
    '$parent is the client that is not scoped',
    'Use the scoped client itself, without $parent',
  ],
  clientUnknown: [
    findings.clientUnknown({ model: 'Note', operation: 'findMany', receiver: 'ctx.db' }),
    'warning CLIENT_UNKNOWN Note',
    'it cannot be told whether ctx.db is scoped',
    'Use forUser(prisma, userId) where it is made, or ignore it with // ownership-ignore: why it is scoped',
  ],
  modelComputed: [
    findings.modelComputed('prisma'),
    'warning MODEL_COMPUTED null',
    'which model it is about is not known here, and the client is not scoped',
    'Use forUser(prisma, userId) in the place of prisma',
  ],
  operationComputed: [
    findings.operationComputed({ model: 'Note', operation: '', receiver: 'prisma' }),
    'warning MODEL_COMPUTED Note',
    'which operation it is is not known here, and the client is not scoped',
    'Use forUser(prisma, userId) in the place of prisma',
  ],
  delegatePassed: [
    findings.delegatePassed({ model: 'Note', operation: '', receiver: 'prisma' }),
    'warning MODEL_PASSED Note',
    'a model of a client that is not scoped is handed on, and what is done with it is not known here',
    'Use forUser(prisma, userId) in the place of prisma',
  ],
  selectionUnknown: [
    findings.selectionUnknown({ model: 'Country', operation: 'findMany', receiver: 'prisma' }),
    'warning SELECTION_UNKNOWN Country',
    'what is included or selected is not known here: it may reach rows of an owned model',
    'Use forUser(prisma, userId) in the place of prisma',
  ],
  scopedByHand: [
    findings.scopedByHand('Note'),
    'info SCOPED_BY_HAND Note',
    'the arguments name the owner; nothing sees to it that they go on to',
    '',
  ],
  fileNotParsed: [
    findings.fileNotParsed('src/app.ts:3:5', 'Unexpected token'),
    'error FILE_NOT_PARSED null',
    'src/app.ts:3:5: the file cannot be read as code (Unexpected token), so its calls are not known',
    'Mend the file, or take it out of the folder',
  ],
  fileNotReadable: [
    findings.fileNotReadable('src/app.ts', 'EACCES'),
    'error FILE_NOT_READABLE null',
    'src/app.ts: cannot be read (EACCES), so its calls are not known',
    'Let whoever runs this read the file',
  ],
  ignoreWithoutReason: [
    findings.ignoreWithoutReason('src/app.ts:3'),
    'error IGNORE_WITHOUT_REASON null',
    'src/app.ts:3: ownership-ignore has no reason, and is not honoured',
    'Say why: // ownership-ignore: counts the rows of all users for the statistics',
  ],
  ignoreUnused: [
    findings.ignoreUnused('src/app.ts:3'),
    'warning IGNORE_UNUSED null',
    'src/app.ts:3: ownership-ignore stands at no call that is listed',
    'Remove it, or put it on the line of the call or above it',
  ],
  listOld: [
    findings.listOld('src/for-user.ts'),
    'error ISOLATION_LIST_OLD null',
    'src/for-user.ts: the list that scoped clients go by is not what the schema says',
    'Write it again: npm run migration:isolation -- --generate=src/for-user.ts',
  ],
  tableMissing: [
    findings.tableMissing('Note', 'app.notes'),
    'error TABLE_MISSING Note',
    'there is no table "app.notes" in the database',
    'Apply the pending migrations: npx prisma migrate deploy',
  ],
  columnMissing: [
    findings.columnMissing('Note', 'userId'),
    'error COLUMN_MISSING Note',
    'the column "userId" is in the schema but not in the database',
    `Phase 1 is not applied. Apply it: ${PHASE_1}`,
  ],
  columnNotInSchema: [
    findings.columnNotInSchema('Note', 'userId'),
    'error COLUMN_NOT_IN_SCHEMA Note',
    'the column "userId" is in the database but not in the schema',
    'Add the field and its relation to model Note, or leave the model out: --exclude=Note',
  ],
  columnTypeDiffers: [
    findings.columnTypeDiffers('Note', 'userId', 'integer', 'text'),
    'error COLUMN_TYPE_DIFFERS Note',
    'the column "userId" has type integer, but the owner\'s key has type text',
    'Give both the same type in the schema, and migrate.',
  ],
  columnTypeCompatible: [
    findings.columnTypeCompatible('Note', 'userId', 'bigint', 'integer'),
    'info COLUMN_TYPE_COMPATIBLE Note',
    'the column "userId" has type bigint and the owner\'s key integer; the one can hold the other',
    '',
  ],
  noKey: [
    findings.noKey('Note', 'notes'),
    'error NO_KEY Note',
    'the table "notes" has no primary key and no unique key without NULL to walk by',
    'Give the model an @id, or leave it out: --exclude=Note',
  ],
  notReadable: [
    findings.notReadable('Note', 'notes'),
    'error NOT_READABLE Note',
    'this role may not read the table "notes"',
    'Grant SELECT on it, or use another role in DATABASE_URL.',
  ],
  notUpdatable: [
    findings.notUpdatable('Note', 'notes', 'userId'),
    'error NOT_UPDATABLE Note',
    'this role may not update the column "userId" of the table "notes"',
    'Grant UPDATE on it, or use another role in DATABASE_URL.',
  ],
  rowsHidden: [
    findings.rowsHidden('Note', 'notes'),
    'error ROWS_HIDDEN Note',
    'row-level security on the table "notes" applies to this role, so rows may be there that it cannot see',
    'Use a role with BYPASSRLS in DATABASE_URL for the migration.',
  ],
  triggerFires: [
    findings.triggerFires('Note', ['touch', 'log']),
    'warning TRIGGER_FIRES Note',
    'an update fires "touch", "log": what it does to other columns or tables, rollback does not undo',
    'Read what it does; disable it for the time of step 2 if it writes.',
  ],
  writeObstacle: [
    findings.writeObstacle('this server is a standby, which is read-only'),
    'error NOT_WRITABLE null',
    'this server is a standby, which is read-only',
    'Use a role and a server in DATABASE_URL that can write, and can keep the journal.',
  ],
  ownerDoesNotFit: [
    findings.ownerDoesNotFit('Note', 'userId', 'character varying(5)', 'cm3owner0000'),
    'error OWNER_DOES_NOT_FIT Note',
    'the column "userId" has type character varying(5), which is too short for "cm3owner0000"',
    "Give it the type of the owner's key in the schema, and migrate.",
  ],
  ownerValueMissing: [
    findings.ownerValueMissing('Note', 'owner', 'email'),
    'error OWNER_VALUE_MISSING Note',
    'the column "owner" points at the owner\'s email, and this user has none',
    'Give the user an email first.',
  ],
  orphaned: [
    findings.orphaned('Note', 'userId', 1200),
    'error ORPHANED Note',
    '1,200 rows have a "userId" that is no user\'s',
    'Decide whose they are and set it by hand: the toolkit never overwrites an owner.',
  ],
  wouldCollide: [
    findings.wouldCollide('Note', ['userId', 'slug'], 1),
    'error WOULD_COLLIDE Note',
    'with one owner for all unowned rows, 1 value of the unique key (userId, slug) would occur more than once',
    'Make these rows distinct first, or drop the unique key until the rows are.',
  ],
  notTransactional: [
    findings.notTransactional('Note', 'notes'),
    'error NOT_TRANSACTIONAL Note',
    'the table "notes" is of an engine without transactions, so a crash could leave changed rows out of the journal',
    'Convert it (ALTER TABLE ... ENGINE = InnoDB), or leave the model out: --exclude=Note',
  ],
  schemaAhead: [
    findings.schemaAhead('Note', 'userId'),
    'warning SCHEMA_AHEAD Note',
    'the schema says that "userId" is required, the database still allows NULL',
    'Once step 3 has verified, apply phase 3: npx prisma migrate dev --name "make-user-fields-required"',
  ],
  unfinishedRun: [
    findings.unfinishedRun('7f3a', 'paused', 'npm run migration:assign ana'),
    'warning UNFINISHED_RUN null',
    'run 7f3a for this user is paused',
    'Step 2 carries it on: npm run migration:assign ana',
  ],
  unfinishedRunOfAnother: [
    findings.unfinishedRunOfAnother('7f3a', 'failed', {
      ownerId: 'ben',
      assign: 'npm run migration:assign ben',
    }),
    'error UNFINISHED_RUN null',
    'run 7f3a for another user, ben, is failed',
    'Finish it (npm run migration:assign ben) or undo it (npm run migration:rollback -- --confirm --run 7f3a).',
  ],
  unowned: [
    findings.unowned('Note', 1, 'ana'),
    'error UNOWNED Note',
    '1 row has no owner',
    'Assign it: npm run migration:assign ana',
  ],
  journaledUnowned: [
    findings.journaledUnowned('Note', '7f3a', 2, 'ana'),
    'error JOURNALED_UNOWNED Note',
    '2 rows that run 7f3a gave an owner have none now',
    'Something set the column back to NULL: find out what, then npm run migration:assign ana',
  ],
  reassigned: [
    findings.reassigned('Note', '7f3a', 1),
    'info REASSIGNED Note',
    '1 row that run 7f3a gave to this user now belongs to others',
    '',
  ],
  deleted: [
    findings.deleted('Note', '7f3a', 2),
    'info DELETED Note',
    '2 rows that run 7f3a gave an owner have been deleted since',
    '',
  ],
  fewerThanBefore: [
    findings.fewerThanBefore('Note', 'rows of other users', 2000, 1999),
    'warning FEWER_THAN_BEFORE Note',
    'rows of other users: 1,999 now, 2,000 before the run',
    'The toolkit deletes nothing and changes no owner: check that the application did.',
  ],
  noRun: [
    findings.noRun(),
    'info NO_RUN null',
    'the journal has no run for this user, but such as were rolled back: there are no keys to compare',
    '',
  ],
  scriptDiffers: [
    findings.scriptDiffers('migration:status', 'echo', 'prisma-ownership status'),
    'warning SCRIPT_DIFFERS null',
    'the script "migration:status" is "echo", not "prisma-ownership status": it was left as it is',
    'Where it is not meant, change or remove it by hand.',
  ],
  settingsLeft: [
    findings.settingsLeft('ownership.config.json'),
    'info SETTINGS_LEFT null',
    'ownership.config.json is not as init writes it: it was left as it is',
    '',
  ],
  notInstalled: [
    findings.notInstalled('npm install prisma-ownership'),
    'warning NOT_INSTALLED null',
    'prisma-ownership is not among the dependencies in package.json, and the scripts need it',
    'Install it: npm install prisma-ownership',
  ],
  guardActive: [
    findings.guardActive('Note', { ownerId: 'ana', since: '2024-01-01', hits: 1200, lastHit: '2024-01-02' }),
    'info GUARD_ACTIVE Note',
    'a guard gives rows without an owner to ana since 2024-01-01: 1,200 hits, the last at 2024-01-02',
    'Remove it once no old version of the app runs: npm run migration:cleanup -- --confirm',
  ],
  guardWithOthers: [
    findings.guardWithOthers('Note', 'ana', 1),
    'error GUARD_WITH_OTHERS Note',
    'a guard still gives rows without an owner to ana, and 1 row belongs to others: it may guess wrong now',
    'Stop the old version of the app, then remove the guard: npm run migration:cleanup -- --confirm',
  ],
  guardOfAnother: [
    findings.guardOfAnother('Note', 'ben'),
    'error GUARD_OF_ANOTHER Note',
    'a guard gives rows without an owner to another user, ben',
    'Remove it first: npm run migration:cleanup -- --confirm',
  ],
  guardRemoved: [
    findings.guardRemoved('Note', 1),
    'info GUARD_REMOVED Note',
    'rollback removes its guard first, so that no row gets an owner again; it gave an owner to 1 row',
    '',
  ],
  guardRowsStay: [
    findings.guardRowsStay('Note', 2),
    'warning GUARD_ROWS_STAY Note',
    'on SQLite it is not known which 2 rows its guard gave an owner: they keep it',
    'They were written by an old version of the app while the guard was there; where they must have no owner, set it to NULL by hand.',
  ],
  runStillOpen: [
    findings.runStillOpen('7f3a', 'paused', 'npm run migration:assign ana'),
    'error RUN_OPEN null',
    'run 7f3a is paused, not completed',
    'Carry it on: npm run migration:assign ana',
  ],
  batchSkipped: [
    findings.batchSkipped('Note', 'with keys after 1 up to 9', 'CHECK constraint failed'),
    'error BATCH_SKIPPED Note',
    'the rows without an owner with keys after 1 up to 9 were left as they are: CHECK constraint failed',
    'Remove the cause, then type the command again: it tries them again.',
  ],
  moreSkipped: [
    findings.moreSkipped('Note', 1200),
    'error BATCHES_SKIPPED Note',
    "so were the rows of 1,200 other ranges of keys; the journal's events name each",
    'Remove the cause, then type the command again: it tries them again.',
  ],
  checklistUnread: [
    findings.checklistUnread(
      {
        message: 'several settings are wrong:\n- one.\n- two.\nNothing was changed.',
        remedy: 'Correct them.',
      },
      '7f3a',
    ),
    'warning CHECKLIST_UNREAD null',
    'the checklist cannot be shown with the flags of run 7f3a: several settings are wrong: one. two',
    'Correct them.',
  ],
  cancelled: [
    findings.cancelled('ana on web-1'),
    'warning RUN_CANCELLED null',
    'the run was cancelled by ana on web-1, after the batch that it was at',
    'Nothing is half done: ask them, then carry on or roll back.',
  ],
  uniqueNotPerOwner: [
    findings.uniqueNotPerOwner('Tag', {
      fields: ['name'],
      perOwner: ['userId', 'name'],
      sql: ['CREATE ...;', 'DROP ...;'],
      standsAlone: true,
      needsNewTable: false,
      isWorldwide: false,
    }),
    'warning UNIQUE_NOT_PER_OWNER Tag',
    'the unique key (name) is one for all users: what one of them has, no other can have',
    'Once step 3 has verified, write @@unique([userId, name]) in place of @unique of name, and apply, each line by a migration of its own:\nCREATE ...;\nDROP ...;',
  ],
  noOwnerIndex: [
    findings.noOwnerIndex('Note', { field: 'userId', column: 'user_id' }, 'CREATE ...;'),
    'warning NO_OWNER_INDEX Note',
    'no index begins with the owner column "user_id": to find the rows of one user, all rows are read',
    'Write @@index([userId]) in the model, and apply, best after step 2, by a migration of its own:\nCREATE ...;',
  ],
  ownerDeleteUnowns: [
    findings.ownerDeleteUnowns('Note', 'SET NULL', {
      relation: 'user',
      isChosen: true,
      rows: 1200,
      unowned: 1000,
    }),
    'warning OWNER_DELETE_UNOWNS Note',
    'deleting the chosen user would take the owner from 1,200 rows (1,000 of them once they are assigned): its foreign key is ON DELETE SET NULL',
    'Write onDelete: Restrict in the relation "user", and apply it: npx prisma migrate dev --name restrict-user-deletion. Until then, do not delete this user.',
  ],
  ownerDeleteCascades: [
    findings.ownerDeleteCascades('Note', { relation: null, isChosen: false, rows: 1, unowned: 1 }),
    'warning OWNER_DELETE_CASCADES Note',
    'deleting users would delete 1 row: its foreign key is ON DELETE CASCADE',
    'Write onDelete: Restrict in its relation to the users, and apply it: npx prisma migrate dev --name restrict-user-deletion. Until then, do not delete a user who owns rows.',
  ],
  looksShared: [
    findings.looksShared('Genre', 'userId', 25),
    'warning LOOKS_SHARED Genre',
    'it looks like a look-up table, which is the same for all users: 25 rows, by its name and its columns',
    'If it is, leave it out (--exclude=Genre, or "exclude" in ownership.config.json). If every user has rows of their own, say so (--owner-column=Genre=userId, or "ownerColumns").',
  ],
  modelUnclassed: [
    findings.modelUnclassed('Line', 'leads to User by Line.orderId > Order.userId > User'),
    'warning MODEL_UNCLASSED Line',
    'it has rows and no owner column; leads to User by Line.orderId > Order.userId > User',
    'If they are to have an owner of their own, add the column (npm run migration:schema -- --phase=1 --models=Line). If not, leave it out, with the reason: "exclude" in ownership.config.json.',
  ],
  modelsShared: [
    findings.modelsShared(['Genre', 'Setting']),
    'info MODEL_UNCLASSED null',
    'Genre, Setting have rows and take no part: they are taken for shared',
    'What is the same for all users can stay as it is; say so, with the reason: "exclude" in ownership.config.json.',
  ],
  migrationFailed: [
    findings.migrationFailed('3_failed'),
    'error MIGRATION_FAILED null',
    'the migration 3_failed was begun, and is neither finished nor rolled back',
    'If it is not under way, remove its cause and what it has done so far, then: npx prisma migrate resolve --rolled-back 3_failed && npx prisma migrate deploy',
  ],
  migrationsPending: [
    findings.migrationsPending(['4_a', '5_b', '6_c', '7_d']),
    'warning MIGRATIONS_PENDING null',
    '4 migrations of the project are not applied here: 4_a, 5_b, 6_c and 1 more',
    'Apply them: npx prisma migrate deploy',
  ],
  prismaLockHeld: [
    findings.prismaLockHeld('4711', {
      application: 'deploy',
      state: 'idle',
      seconds: 90,
      end: 'SELECT pg_terminate_backend(4711);',
    }),
    'warning PRISMA_LOCK_HELD null',
    'session 4711 ("deploy", idle for 90 seconds) has the lock that Prisma takes to migrate',
    'Wait until its migration is done. If nobody migrates, it was left behind: end the session with SELECT pg_terminate_backend(4711);',
  ],
  indexInvalid: [
    findings.indexInvalid('Note', 'Note_userId_idx', {
      drop: 'DROP ...;',
      rebuild: 'CREATE ...;',
      isUnique: false,
    }),
    'warning INDEX_INVALID Note',
    'the index "Note_userId_idx" is not valid: building it failed, so writes keep it up and no query uses it',
    'Drop it, then build it again, unless a migration is to do that:\nDROP ...;\nCREATE ...;',
  ],
  poolerUrl: [
    findings.poolerUrl('its port is 6543'),
    'warning POOLER_URL null',
    "the database's URL leads through a transaction pooler (its port is 6543), where the locks and settings of a session do not last",
    'Set DATABASE_URL to the direct URL for the migration; it is often kept as DIRECT_URL.',
  ],
};

describe('every finding', () => {
  it('has a row here', () => assert.deepEqual(Object.keys(findings).sort(), Object.keys(EXPECTED).sort()));

  for (const [name, [finding, head, message, remedy]] of Object.entries(EXPECTED)) {
    it(`says the whole of ${name}`, () => {
      const { severity, code, model } = finding;
      assert.deepEqual(
        [`${severity} ${code} ${model}`, finding.message, finding.remedy],
        [head, message, remedy],
      );
    });
  }

  it('is a remedy away from being settled, unless it is for information', () => {
    // A guard is no fault, and must not be forgotten; and that a model takes no part is for people to say.
    const settled = ['GUARD_ACTIVE', 'MODEL_UNCLASSED'];
    for (const [{ severity, remedy, code }] of Object.values(EXPECTED))
      assert.equal(remedy === '', severity === 'info' && !settled.includes(code), code);
  });

  it('names commands that are there', () => {
    for (const [{ remedy }] of Object.values(EXPECTED)) {
      for (const [, script] of remedy.matchAll(/npm run ([\w:-]+)/g))
        assert.ok(Object.hasOwn(scripts, script ?? ''), remedy);
      for (const [, command] of remedy.matchAll(/npx ([\w ]+)/g))
        assert.match(command ?? '', /^prisma migrate (dev|deploy|resolve)/);
    }
  });
});

describe('hasErrors', () => {
  it('minds errors alone', () => {
    assert.equal(hasErrors([findings.noRun(), findings.triggerFires('Note', ['touch'])]), false);
    assert.equal(hasErrors([findings.noRun(), findings.unowned('Note', 1, 'ana')]), true);
    assert.equal(hasErrors([]), false);
  });
});
