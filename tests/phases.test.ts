import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { assertSame } from './helpers/ddl-closure.ts';
import { clonePhaseProject, type PhaseApp, type PhaseProject } from './helpers/phase-project.ts';
import type { Snapshot } from './helpers/snapshot.ts';

const OWNER = 'cm3owner0000';

/** A notebook before phase 1: nothing has an owner. */
const MODELS = `// Whoever may log in.
model User {
  id        String    @id @default(cuid())
  email     String    @unique // as typed
  favouriteId Int?
  favourite Note?     @relation("Favourite", fields: [favouriteId], references: [id], onDelete: SetNull)
}

model Project {
  id    String @id
  name  String
  notes Note[]

  @@map("projects")
}
`;
const NOTES = `model Note {
  id        Int      @id @default(autoincrement())
  title     String
  body      String? // NULL: never written
  projectId String?  @map("project_id")
  project   Project? @relation(fields: [projectId], references: [id])
  fans      User[]   @relation("Favourite")
  tags      Tag[]

  @@index([projectId])
}

model Tag {
  name  String @id
  notes Note[]
}

/// Belongs to the installation.
model Setting {
  key   String @id
  value String
}
`;
const ROWS = `
INSERT INTO "User" (id, email) VALUES ('${OWNER}', 'ana@example.com'), ('cm3owner0001', 'ben@example.com');
INSERT INTO "projects" (id, name) VALUES ('p1', 'Garden'), ('p2', 'House');
INSERT INTO "Note" (title, body, project_id) VALUES ('a', NULL, 'p1'), ('b', '', 'p1'), ('c', 'text', NULL);
INSERT INTO "Tag" (name) VALUES ('x'), ('y');
INSERT INTO "_NoteToTag" ("A", "B") VALUES (1, 'x'), (3, 'y');
INSERT INTO "Setting" (key, value) VALUES ('theme', 'dark');`;

const datasource = (provider: string) => `datasource db {\n  provider = "${provider}"\n}\n\n`;

const APPS: Record<string, { provider: 'sqlite' | 'postgresql'; app: PhaseApp }> = {
  'SQLite, one file': {
    provider: 'sqlite',
    app: { schema: { 'schema.prisma': datasource('sqlite') + MODELS + NOTES }, rows: ROWS },
  },
  'SQLite, several files': {
    provider: 'sqlite',
    app: {
      schema: {
        'schema/main.prisma': datasource('sqlite') + MODELS,
        'schema/notes.prisma': NOTES.replaceAll('\n', '\r\n'),
      },
      rows: ROWS,
    },
  },
  'PostgreSQL, one file': {
    provider: 'postgresql',
    app: { schema: { 'schema.prisma': datasource('postgresql') + MODELS + NOTES }, rows: ROWS },
  },
  'PostgreSQL, several files': {
    provider: 'postgresql',
    app: {
      schema: { 'schema/main.prisma': datasource('postgresql') + MODELS, 'schema/notes.prisma': NOTES },
      rows: ROWS,
    },
  },
};

const PHASE_1 = 'schema --phase=1 --models=Project,Note,Tag';

for (const [title, { provider, app }] of Object.entries(APPS)) {
  describe(`the commands alone, with our migrations, on ${title}`, () => {
    let project: PhaseProject;
    let atFirst: Snapshot;
    let assigned: Snapshot;
    before(async () => {
      project = await clonePhaseProject(provider, app);
      atFirst = await project.snapshot();
      await project.assertNoDrift();
    });
    after(() => project?.drop());

    it('name the models to choose from, where none leads to the users', async () => {
      const { code, stderr } = await project.migration('schema --phase=1');
      assert.equal(code, 2);
      assert.match(stderr, /--phase=1 --models=Project,Note,Tag,Setting$/m);
    });

    it('show phase 1 and write nothing, until that is said', async () => {
      const shown = await project.succeed(PHASE_1);
      assert.match(shown, /^\+ {2}userId +String\?/m);
      assert.match(shown, /--phase=1 --write --sql --models=Project,Note,Tag$/m);
      assert.deepEqual(project.readSchema(), app.schema);
      const dry = await project.succeed(`${PHASE_1} --sql --write --dry-run`);
      assert.match(dry, /Nothing was written/);
      assert.deepEqual(project.readSchema(), app.schema);
      assert.equal(readdirSync(join(project.folder, 'prisma/migrations')).length, 2);
    });

    it('lead to optional columns', async () => {
      assert.match(await project.succeed(`${PHASE_1} --sql --write`), /npx prisma migrate deploy/);
      await project.deploy();
      const status = execFileSync('git', ['status', '--short'], { cwd: project.folder, encoding: 'utf8' });
      assert.doesNotMatch(status, /^ D/m);
    });

    it('refuse phase 3 with the counts while rows have no owner', async () => {
      const before = project.readSchema();
      const { code, stdout } = await project.migration('schema --phase=3 --sql --write --json');
      assert.equal(code, 1);
      const answer = JSON.parse(stdout);
      assert.deepEqual([answer.ok, answer.written, answer.changes], [false, false, []]);
      assert.deepEqual(
        answer.models.map((each: { model: string; unowned: number }) => [each.model, each.unowned]),
        [
          ['Project', 2],
          ['Note', 3],
          ['Tag', 2],
        ],
      );
      assert.deepEqual(project.readSchema(), before);
    });

    it('give every row its owner', async () => {
      await project.succeed(`production-safe ${OWNER} --step=1`);
      await project.succeed(`production-safe ${OWNER} --step=2`);
      await project.succeed(`production-safe ${OWNER} --step=3`);
      assigned = await project.snapshot();
      await project.assertNoDrift();
    });

    it('lead to required columns', async () => {
      await project.succeed('schema --phase=3 --sql --write');
      await project.deploy();
      await project.succeed(`production-safe ${OWNER} --step=3`);
      await assert.rejects(project.run(`UPDATE "Tag" SET "userId" = NULL`));
    });

    it('have nothing to write when all is written', async () => {
      assert.match(await project.succeed('schema --phase=3 --sql --write'), /nothing to write/);
      assert.match(await project.succeed('schema --phase=1 --sql --write --models=Tag'), /nothing to write/);
    });

    it('do not take phase 1 back before phase 3', async () => {
      const { code, stdout } = await project.migration('rollback --confirm --phase=1');
      assert.equal(code, 1);
      assert.match(stdout, /STILL_REQUIRED/);
    });

    it('lead back to optional columns with the same rows', async () => {
      await project.succeed('rollback --confirm --phase=3');
      await project.deploy();
      assertSame(await project.snapshot(), assigned);
    });

    it('take the run back, and then phase 1, to the bytes and rows from before', async () => {
      await project.succeed('rollback --confirm');
      await project.succeed('rollback --confirm --phase=1');
      await project.deploy();
      assert.deepEqual(project.readSchema(), app.schema);
      assertSame(await project.snapshot(), atFirst);
    });
  });
}

for (const provider of ['sqlite', 'postgresql'] as const) {
  describe(`the commands, with Prisma's own migrations, on ${provider}`, () => {
    const app: PhaseApp = { schema: { 'schema.prisma': datasource(provider) + MODELS + NOTES }, rows: ROWS };
    let project: PhaseProject;
    before(async () => {
      project = await clonePhaseProject(provider, app);
    });
    after(() => project?.drop());

    it('lead to required columns, by the literal commands of the checklist', async () => {
      const shown = await project.succeed(`${PHASE_1} --write`);
      assert.match(shown, /npx prisma migrate dev --name "add-optional-user-relations"/);
      await project.prisma('migrate dev --name add-optional-user-relations');
      await project.assertNoDrift();
      await project.succeed(`production-safe ${OWNER} --step=2`);
      const next = await project.succeed('schema --phase=3 --write');
      assert.match(next, /npx prisma migrate dev --name "make-user-fields-required"/);
      await project.prisma('migrate dev --name make-user-fields-required');
      await project.assertNoDrift();
      await project.succeed(`production-safe ${OWNER} --step=3`);
    });

    it('lead back from them', async () => {
      await project.succeed('rollback --confirm --phase=3');
      await project.deploy();
      await project.succeed('rollback --confirm');
      await project.succeed('rollback --confirm --phase=1');
      await project.deploy();
      assert.deepEqual(project.readSchema(), app.schema);
    });
  });
}
