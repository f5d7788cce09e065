import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { ROOT } from './helpers/command-line.ts';
import { createProject, type PrismaProject, type ProjectSource } from './helpers/prisma-project.ts';
import { runCommand } from './helpers/processes.ts';
import { hasJournal, takeSnapshot } from './helpers/snapshot.ts';

const OWNER = 'cm3owner0000';

/** The sample app, which is SQLite's, and as much of an app on PostgreSQL. */
const SOURCES: Record<'sqlite' | 'postgresql', ProjectSource> = {
  sqlite: { folder: join(ROOT, 'prisma') },
  postgresql: {
    models: `
model User {
  id       String    @id
  email    String    @unique
  projects Project[]
  notes    Note[]
}

model Project {
  id     String  @id @db.Uuid
  name   String
  notes  Note[]
  userId String?
  user   User?   @relation(fields: [userId], references: [id], onDelete: Restrict)

  @@index([userId])
  @@map("projects")
}

model Note {
  projectId String   @db.Uuid
  number    Int
  title     String
  updatedAt DateTime @updatedAt
  project   Project  @relation(fields: [projectId], references: [id], onDelete: Cascade)
  userId    String?
  user      User?    @relation(fields: [userId], references: [id], onDelete: Restrict)

  @@id([projectId, number])
}`,
    migrations: {
      '20260101000000_init': `
CREATE TABLE "projects" ("id" UUID NOT NULL, "name" TEXT NOT NULL, CONSTRAINT "projects_pkey" PRIMARY KEY ("id"));
CREATE TABLE "Note" ("projectId" UUID NOT NULL, "number" INTEGER NOT NULL, "title" TEXT NOT NULL,
  "updatedAt" TIMESTAMP(3) NOT NULL, CONSTRAINT "Note_pkey" PRIMARY KEY ("projectId", "number"));
ALTER TABLE "Note" ADD CONSTRAINT "Note_projectId_fkey" FOREIGN KEY ("projectId") REFERENCES "projects"("id")
  ON DELETE CASCADE ON UPDATE CASCADE;`,
      '20260102000000_add_optional_user_relations': `
CREATE TABLE "User" ("id" TEXT NOT NULL, "email" TEXT NOT NULL, CONSTRAINT "User_pkey" PRIMARY KEY ("id"));
CREATE UNIQUE INDEX "User_email_key" ON "User"("email");
ALTER TABLE "projects" ADD COLUMN "userId" TEXT;
ALTER TABLE "Note" ADD COLUMN "userId" TEXT;
CREATE INDEX "projects_userId_idx" ON "projects"("userId");
ALTER TABLE "projects" ADD CONSTRAINT "projects_userId_fkey" FOREIGN KEY ("userId") REFERENCES "User"("id")
  ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE "Note" ADD CONSTRAINT "Note_userId_fkey" FOREIGN KEY ("userId") REFERENCES "User"("id")
  ON DELETE RESTRICT ON UPDATE CASCADE;`,
    },
  },
};

const ROWS = {
  sqlite: `
    INSERT INTO "User" (id, email) VALUES ('${OWNER}', 'owner@notebook.example');
    INSERT INTO "Project" (id, name) VALUES ('p1', 'Küche'), ('p2', 'Garden');
    INSERT INTO "Note" (id, title, "updatedAt", "projectId") VALUES ('n1', 'It''s', 0, 'p1'), ('n2', '“b”', 0, NULL);
    INSERT INTO "Tag" (id, name) VALUES ('t1', 'été');
    INSERT INTO "NoteTag" ("noteId", "tagId") VALUES ('n1', 't1')`,
  postgresql: `
    INSERT INTO "User" VALUES ('${OWNER}', 'owner@notebook.example');
    INSERT INTO projects (id, name) SELECT gen_random_uuid(), 'Project ' || i FROM generate_series(1, 20) i;
    INSERT INTO "Note" ("projectId", number, title, "updatedAt")
      SELECT id, i, name || i, now() FROM projects, generate_series(1, 20) i`,
};

/** As an old version of the app writes it. */
const OLD_ROW = {
  sqlite: `INSERT INTO "Project" (id, name) VALUES ('p3', 'Old')`,
  postgresql: `INSERT INTO projects (id, name) VALUES (gen_random_uuid(), 'Old')`,
};

for (const provider of ['sqlite', 'postgresql'] as const) {
  describe(`prisma migrate dev, after the toolkit has worked on ${provider}`, () => {
    let project: PrismaProject;
    const toolkit = async (code: number, ...args: string[]) => {
      const finished = await runCommand(project, ...args);
      assert.equal(finished.code, code, `${finished.stdout}${finished.stderr}`);
    };
    const migrationsOf = () => readdirSync(join(project.folder, 'migrations'));

    /** It has nothing to migrate, asks for no reset, and leaves every row where it is. */
    const assertInSync = async () => {
      const rows = await takeSnapshot(project);
      const migrations = migrationsOf();
      const { code, stdout, stderr } = await project.prisma('migrate dev');
      assert.equal(code, 0, `${stdout}${stderr}`);
      assert.match(stdout, /Already in sync/);
      assert.deepEqual(migrationsOf(), migrations);
      assert.deepEqual((await takeSnapshot(project)).tables, rows.tables);
    };

    before(async () => {
      project = await createProject(provider, SOURCES[provider]);
      const { code, stdout, stderr } = await project.prisma('migrate deploy');
      assert.equal(code, 0, `${stdout}${stderr}`);
      await project.run(ROWS[provider]);
    });
    after(() => project?.drop());

    it('sees no drift after step 2, although the journal is there', async () => {
      await toolkit(0, 'production-safe', OWNER, '--step=2');
      await toolkit(0, 'production-safe', OWNER, '--step=3');
      assert.equal(await hasJournal(project), true);
      await assertInSync();
    });

    it('sees no drift after a rollback', async () => {
      await toolkit(0, 'rollback', '--confirm');
      await assertInSync();
    });

    it('sees no drift while guards are there, and none after a cleanup', async () => {
      await toolkit(0, 'production-safe', OWNER, '--step=2', '--guard');
      await project.run(OLD_ROW[provider]);
      await assertInSync();
      const pulled = await project.prisma('db pull --print');
      assert.doesNotMatch(pulled.stdout, /guard|sequence/i);
      await toolkit(0, 'cleanup', '--confirm', '--journal');
      assert.equal(await hasJournal(project), false);
      await assertInSync();
    });

    it('does see a table that was added by hand, so that the tests above can fail', async () => {
      await project.run('CREATE TABLE "AddedByHand" ("id" TEXT NOT NULL PRIMARY KEY)');
      const { code, stdout, stderr } = await project.prisma('migrate dev');
      assert.equal(code, 130, `${stdout}${stderr}`);
      assert.match(`${stdout}${stderr}`, /Drift detected.*\[\+\] Added tables\s+- AddedByHand/s);
    });
  });
}
