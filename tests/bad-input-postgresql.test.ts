import { strict as assert } from 'node:assert';
import { randomBytes } from 'node:crypto';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { createDatabase, type TestDatabase } from './helpers/database.ts';
import { runInProcess } from './helpers/in-process.ts';
import { answer } from './helpers/life-cycle.ts';
import { NOTES } from './helpers/notes.ts';
import { announcement, assertFindings, assertRefused } from './helpers/refusals.ts';

const PASSWORD = 'correct-horse-battery';
/** What a role needs to do the whole job. */
const ENOUGH = [
  'GRANT USAGE ON SCHEMA public TO $role',
  'GRANT SELECT, UPDATE ON ALL TABLES IN SCHEMA public TO $role',
  'GRANT CREATE ON DATABASE $database TO $role',
];
const CAN_WRITE = 'Use a role and a server in DATABASE_URL that can write, and can keep the journal.';

describe('on PostgreSQL', () => {
  let database: TestDatabase;
  let role: string;
  beforeEach(async () => {
    database = await createDatabase('postgresql', NOTES);
    role = `prisma_ownership_test_${randomBytes(6).toString('hex')}`;
    await database.run(`CREATE ROLE ${role} LOGIN PASSWORD '${PASSWORD}'`);
  });
  afterEach(async () => {
    await database.run(`DROP OWNED BY ${role}; DROP ROLE ${role}`);
    await database.drop();
  });

  /** Runs the statements, with the role and the database in them, and returns where a command runs as the role. */
  async function asRole(...statements: string[]) {
    const names = { $role: role, $database: new URL(database.url).pathname.slice(1) };
    await database.run(statements.join('; ').replace(/\$(role|database)/g, (each) => names[each as '$role']));
    const url = Object.assign(new URL(database.url), { username: role, password: PASSWORD });
    return { env: { DATABASE_URL: url.href }, cwd: database.folder };
  }

  it('a role needs no more than to read, to update and to create the journal, and its password is kept nowhere', async () => {
    const where = await asRole(...ENOUGH);
    const outputs = [];
    for (const args of [
      ['list-users'],
      ['production-safe', 'ana', '--step=2'],
      ['status', '--tick=team', '--note=told'],
      ['rollback', '--confirm'],
    ]) {
      const finished = await runInProcess([...args, '--json'], where);
      answer(finished);
      outputs.push(finished);
    }
    const journal = await database.query(`
      SELECT (SELECT json_agg(r) FROM ownership_migration.run r)::text, (SELECT json_agg(e) FROM ownership_migration.event e)::text,
        (SELECT json_agg(t) FROM ownership_migration.tick t)::text`);
    assert.ok(!JSON.stringify([outputs, journal]).includes(PASSWORD));
  });

  it('a role that may not read an owned table gets the status without the checklist', async () => {
    const where = await asRole(...ENOUGH, 'REVOKE SELECT ON "Note" FROM $role');
    const { checklist, next, findings } = answer(await runInProcess(['status', '--json'], where));
    assert.deepEqual([checklist, next], [null, 'npm run migration:list-users']);
    assert.match(findings[0].message, /^the checklist cannot be shown: .*permission denied/);
    assert.deepEqual([findings.length, findings[0].code], [1, 'CHECKLIST_UNREAD']);
  });

  it('a role that may not create the journal cannot tick a line', async () => {
    const where = await asRole('GRANT USAGE ON SCHEMA public TO $role');
    const { code, stderr } = await runInProcess(['status', '--tick=app', '--note=x'], where);
    assert.equal(code, 2);
    assert.match(stderr, /\nerror: a tick is kept in the journal, which cannot be written: the role "/);
  });

  it('a role that may not update an owned table is a finding', async () => {
    const where = await asRole(...ENOUGH, 'REVOKE UPDATE ON "Note" FROM $role');
    await assertFindings(
      database,
      [
        {
          code: 'NOT_UPDATABLE',
          severity: 'error',
          model: 'Note',
          message: 'this role may not update the column "userId" of the table "Note"',
          remedy: 'Grant UPDATE on it, or use another role in DATABASE_URL.',
        },
      ],
      where,
    );
  });

  it('a role that may update the owner column alone may assign', async () => {
    const where = await asRole(
      ...ENOUGH,
      'REVOKE UPDATE ON "Note" FROM $role',
      'GRANT UPDATE ("userId") ON "Note" TO $role',
    );
    const { models } = answer(await runInProcess(['production-safe', 'ana', '--step=2', '--json'], where));
    assert.deepEqual(models, [{ model: 'Note', assigned: 2, unowned: 0, batches: 1 }]);
  });

  it('a role that may not read an owned table is a finding', async () => {
    const where = await asRole(...ENOUGH, 'REVOKE SELECT ON "Note" FROM $role');
    await assertFindings(
      database,
      [
        {
          code: 'NOT_READABLE',
          severity: 'error',
          model: 'Note',
          message: 'this role may not read the table "Note"',
          remedy: 'Grant SELECT on it, or use another role in DATABASE_URL.',
        },
      ],
      where,
    );
  });

  it('a role that may not read the users is refused', async () => {
    const where = await asRole(...ENOUGH, 'REVOKE SELECT ON "User" FROM $role');
    const { pathname, hostname } = new URL(database.url);
    await assertRefused(database, ['production-safe', 'ana', '--step=1'], {
      ...where,
      before: announcement(database),
      code: 'PERMISSION_DENIED',
      message: `the database ${pathname.slice(1)} on ${hostname} does not allow it: permission denied for table User.
Nothing was changed.`,
      remedy: 'Grant it, or use another role in DATABASE_URL.',
    });
  });

  it('a role that may not create the journal is a finding', async () => {
    const where = await asRole(...ENOUGH.slice(0, 2));
    const message = `the role "${role}" may not create the journal's schema "ownership_migration" in this database`;
    await assertFindings(
      database,
      [{ code: 'NOT_WRITABLE', severity: 'error', model: null, message, remedy: CAN_WRITE }],
      where,
    );
  });

  it('a role whose transactions are read-only is a finding', async () => {
    const where = await asRole(...ENOUGH, 'ALTER ROLE $role SET default_transaction_read_only = on');
    const message = 'default_transaction_read_only is on for this role or database';
    await assertFindings(
      database,
      [{ code: 'NOT_WRITABLE', severity: 'error', model: null, message, remedy: CAN_WRITE }],
      where,
    );
  });

  const HIDE = 'ENABLE ROW LEVEL SECURITY';
  it('row-level security on an owned table is a finding, because it hides rows', async () => {
    const where = await asRole(
      ...ENOUGH,
      `ALTER TABLE "Note" ${HIDE}`,
      `CREATE POLICY hers ON "Note" USING ("userId" = 'ana')`,
    );
    await assertFindings(
      database,
      [
        {
          code: 'ROWS_HIDDEN',
          severity: 'error',
          model: 'Note',
          message:
            'row-level security on the table "Note" applies to this role, so rows may be there that it cannot see',
          remedy: 'Use a role with BYPASSRLS in DATABASE_URL for the migration.',
        },
      ],
      where,
    );
  });

  it('row-level security refuses phase 3, and phase 1 taken back: rows that nobody sees may be unowned, or have owners', async () => {
    await database.run(`UPDATE "Note" SET "userId" = 'ana'`);
    const hers = `CREATE POLICY hers ON "Note" USING ("userId" = 'nobody')`;
    const where = await asRole(...ENOUGH, `ALTER TABLE "Note" ${HIDE}`, hers);
    for (const words of ['schema --phase=3', 'rollback --phase=1 --confirm --models=Note']) {
      const { code, stdout } = await runInProcess([...words.split(' '), '--json'], where);
      const { ok, changes, findings } = JSON.parse(stdout);
      assert.deepEqual([code, ok, changes], [1, false, []], stdout);
      const errors = findings.filter(({ severity }: { severity: string }) => severity === 'error');
      assert.deepEqual(
        errors.map(({ code: each, model }: { code: string; model: string }) => [each, model]),
        [['ROWS_HIDDEN', 'Note']],
      );
    }
    const { checklist } = answer(await runInProcess(['status', '--json'], where));
    const line = checklist.find((each: { line: string }) => each.line === 'all-assigned');
    assert.deepEqual([line.state, line.proof], ['open', 'not all rows were counted']);
  });

  it('row-level security on the users is told from a user who does not exist', async () => {
    const where = await asRole(...ENOUGH, `ALTER TABLE "User" ${HIDE}`);
    const { code, stdout, stderr } = await runInProcess(['production-safe', 'ana', '--step=1'], where);
    assert.notEqual(code, 0);
    assert.match(`${stdout}${stderr}`, /row-level security on the table "User"/);
  });

  it('row-level security that a role bypasses is no finding', async () => {
    const where = await asRole(...ENOUGH, `ALTER TABLE "Note" ${HIDE}`, 'ALTER ROLE $role BYPASSRLS');
    const { findings } = answer(await runInProcess(['production-safe', 'ana', '--step=1', '--json'], where));
    assert.deepEqual(findings, []);
  });

  it('triggers that the update of the owner column fires are a warning, others are not', async () => {
    await database.run(`
      CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;
      CREATE TRIGGER "any column" BEFORE UPDATE ON "Note" FOR EACH ROW EXECUTE FUNCTION touch();
      CREATE TRIGGER owner_column AFTER INSERT OR UPDATE OF "userId" ON "Note" EXECUTE FUNCTION touch();
      CREATE TRIGGER other_column BEFORE UPDATE OF "text" ON "Note" FOR EACH ROW EXECUTE FUNCTION touch();
      CREATE TRIGGER on_insert BEFORE INSERT ON "Note" FOR EACH ROW EXECUTE FUNCTION touch();
      CREATE TRIGGER asleep BEFORE UPDATE ON "Note" FOR EACH ROW EXECUTE FUNCTION touch();
      ALTER TABLE "Note" DISABLE TRIGGER asleep`);
    const where = { cwd: database.folder, env: { DATABASE_URL: database.url } };
    const { ok, findings } = answer(
      await runInProcess(['production-safe', 'ana', '--step=1', '--json'], where),
    );
    const message =
      'an update fires "any column", "owner_column": what it does to other columns or tables, rollback does not undo';
    const remedy = 'Read what it does; disable it for the time of step 2 if it writes.';
    assert.deepEqual(
      [ok, findings],
      [true, [{ code: 'TRIGGER_FIRES', severity: 'warning', model: 'Note', message, remedy }]],
    );
  });
});
