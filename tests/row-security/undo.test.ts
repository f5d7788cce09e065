import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import type { TestDatabase } from '../helpers/database.ts';
import { createProject } from '../helpers/prisma-project.ts';
import { type } from '../helpers/restore.ts';
import { createRole } from '../helpers/roles.ts';

const DDL = `CREATE TABLE "User" (id text PRIMARY KEY);
  CREATE TABLE "Note" (id serial PRIMARY KEY, "userId" text REFERENCES "User" (id), "parentId" int REFERENCES "Note" (id));
  CREATE TABLE "Part" (id int PRIMARY KEY, "noteId" int REFERENCES "Note" (id));`;
const MODELS = `model User {
  id String @id
  notes Note[]
}
model Note {
  id Int @id @default(autoincrement())
  userId String?
  user User? @relation(fields: [userId], references: [id])
  parentId Int?
  parent Note? @relation("Tree", fields: [parentId], references: [id])
  children Note[] @relation("Tree")
  parts Part[]
}
model Part {
  id Int @id
  noteId Int?
  note Note? @relation(fields: [noteId], references: [id])
}`;

/** Policies, switches, functions and rights: all that the command may change. Rights by default are none that were given. */
const SECURITY = `
  SELECT format('policy %s on %s: %s, %s', polname, polrelid::regclass, pg_get_expr(polqual, polrelid), pg_get_expr(polwithcheck, polrelid)) AS line
    FROM pg_policy
  UNION ALL SELECT format('%s: enabled %s, forced %s', oid::regclass, relrowsecurity, relforcerowsecurity) FROM pg_class
    WHERE relkind IN ('r', 'p') AND relnamespace NOT IN ('pg_catalog'::regnamespace, 'information_schema'::regnamespace)
  UNION ALL SELECT format('function %s', oid::regprocedure) FROM pg_proc WHERE proname LIKE '%is_own'
  UNION ALL SELECT format('%s: %s may %s', c.oid::regclass, a.grantee, a.privilege_type)
    FROM pg_class c, aclexplode(coalesce(c.relacl, acldefault(CASE c.relkind WHEN 'S' THEN 's' ELSE 'r' END::"char", c.relowner))) a
    WHERE relnamespace NOT IN ('pg_catalog'::regnamespace, 'information_schema'::regnamespace)
  UNION ALL SELECT format('%s.%s: %s may %s', t.attrelid::regclass, t.attname, a.grantee, a.privilege_type)
    FROM pg_attribute t, aclexplode(t.attacl) a WHERE t.attrelid > 16383
  UNION ALL SELECT format('schema %s: %s may %s', nspname, a.grantee, a.privilege_type)
    FROM pg_namespace, aclexplode(nspacl) a
  ORDER BY 1`;

interface Secured {
  database: TestDatabase;
  role: string;
  /** Writes what is asked for, and has Prisma apply it. */
  apply: (more?: string) => Promise<void>;
  read: () => Promise<string[]>;
}

/** A project whose tables are there; `ddl` is what was done to them before anybody thought of this command. */
async function create(t: TestContext, ddl: (role: string) => string): Promise<Secured> {
  const database = await createProject('postgresql', {
    models: MODELS,
    migrations: { '20200101000000_init': DDL },
  });
  t.after(() => database.drop());
  const role = await createRole(t, database);
  const deploy = async () => {
    const done = await database.prisma('migrate deploy');
    assert.equal(done.code, 0, done.stdout + done.stderr);
  };
  await deploy();
  await database.run(ddl(role));
  return {
    database,
    role,
    apply: async (more = `--role=${role}`) => {
      const done = await type(database, ['isolation', '--rls', ...more.split(' ')]);
      assert.equal(done.code, 0, done.stdout + done.stderr);
      await deploy();
    },
    read: async () => (await database.query(SECURITY)).map(({ line }) => String(line)),
  };
}

const DONE_BEFORE: Record<string, (role: string) => string> = {
  nothing: () => 'SELECT 1',
  'tables closed to everybody, which would be open': () => 'ALTER TABLE "Note" ENABLE ROW LEVEL SECURITY',
  'tables closed and forced': () => 'ALTER TABLE "Note" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY',
  'policies of others, which did not hold for the owner': () =>
    'ALTER TABLE "Note" ENABLE ROW LEVEL SECURITY; CREATE POLICY mine ON "Note" USING (true)',
  'rights on some columns': (role) =>
    `GRANT SELECT (id), INSERT (id), UPDATE ("parentId") ON "Note" TO ${role}; GRANT SELECT ON "Part" TO ${role}`,
  "another app's policies, in a schema of its own": () =>
    `CREATE SCHEMA other; CREATE TABLE other.x (id int); ALTER TABLE other.x ENABLE ROW LEVEL SECURITY;
     CREATE POLICY ownership_isolation ON other.x USING (id = 1)`,
};

for (const [name, ddl] of Object.entries(DONE_BEFORE))
  test(`leaves everything as it was, and again: ${name}`, async (t) => {
    const { apply, read } = await create(t, ddl);
    const before = await read();
    for (let round = 1; round <= 2; round += 1) {
      await apply();
      assert.notDeepEqual(await read(), before);
      await apply('--undo');
      assert.deepEqual(await read(), before, `round ${round}`);
    }
  });

const DONE_BETWEEN: Record<string, string> = {
  'a policy that asks nothing more': 'ALTER POLICY ownership_isolation ON "Note" WITH CHECK (true)',
  'a policy that is gone': 'DROP POLICY ownership_isolation ON "Note"',
  'row-level security switched off': 'ALTER TABLE "Note" DISABLE ROW LEVEL SECURITY',
};

for (const [name, sql] of Object.entries(DONE_BETWEEN))
  test(`leaves nothing of ours behind after ${name}`, async (t) => {
    const { database, apply, read } = await create(t, () => 'SELECT 1');
    const before = await read();
    await apply();
    await database.run(sql);
    await apply('--undo');
    assert.deepEqual(await read(), before);
  });

test('leaves a table guarded for which somebody has made a policy since', async (t) => {
  const { database, apply, read } = await create(t, () => 'SELECT 1');
  await apply();
  await database.run('CREATE POLICY since ON "Note" USING (true)');
  await apply('--undo');
  assert.ok((await read()).includes('"Note": enabled t, forced t'));
});
