import { strict as assert } from 'node:assert';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { PROVIDERS, type TestDatabase } from '../helpers/database.ts';
import { createProject, type PrismaProject } from '../helpers/prisma-project.ts';
import { findOne, listFindings } from '../helpers/step-1.ts';

const MODELS = `
model User {
  id    String @id
  notes Note[]
}

model Note {
  id     Int     @id
  slug   String  @unique
  userId String? @map("user_id")
  user   User?   @relation(fields: [userId], references: [id], onDelete: Restrict)

  @@map("notes")
}
`;

for (const provider of PROVIDERS) {
  describe(`Prisma agrees with the remedies of step 1 on ${provider}`, () => {
    const run = async (project: PrismaProject, command: string) => {
      const { code, stdout, stderr } = await project.prisma(command);
      assert.equal(code, 0, `prisma ${command}: ${stdout}${stderr}`);
      return stdout;
    };
    const writeMigration = ({ folder }: TestDatabase, name: string, sql: string) => {
      mkdirSync(join(folder, 'migrations', name), { recursive: true });
      writeFileSync(join(folder, 'migrations', name, 'migration.sql'), sql);
    };
    const create = async (t: TestContext) => {
      const project = await createProject(provider, { models: MODELS, migrations: {} });
      t.after(project.drop);
      const init = await run(project, 'migrate diff --from-empty --to-schema schema.prisma --script');
      writeMigration(project, '20260101000000_init', init);
      await run(project, 'migrate deploy');
      await project.run(`INSERT INTO "User" VALUES ('ana'); INSERT INTO notes VALUES (1, 'x', NULL)`);
      return project;
    };

    it('about a unique key and an index', async (t) => {
      const project = await create(t);
      assert.deepEqual(await listFindings(project), [
        'warning UNIQUE_NOT_PER_OWNER Note',
        'warning NO_OWNER_INDEX Note',
      ]);
      const unique = await findOne(project, 'UNIQUE_NOT_PER_OWNER');
      const index = await findOne(project, 'NO_OWNER_INDEX');
      assert.match(unique.remedy, /write @@unique\(\[userId, slug\]\) in place of @unique of slug/);
      assert.match(index.remedy, /^Write @@index\(\[userId\]\) in the model/);
      const schema = readFileSync(project.schemaPath, 'utf8')
        .replace(' @unique', '')
        .replace('  @@map', '  @@unique([userId, slug])\n  @@index([userId])\n  @@map');
      writeFileSync(project.schemaPath, schema);
      for (const [i, line] of [...unique.sql, ...index.sql].entries())
        writeMigration(project, `2026010200000${i}_line`, line);
      assert.deepEqual(await listFindings(project), [
        'warning MIGRATIONS_PENDING null',
        'warning NO_OWNER_INDEX Note',
      ]);
      await run(project, 'migrate deploy');
      await run(project, 'migrate diff --from-config-datasource --to-schema schema.prisma --exit-code');
      assert.match(await run(project, 'migrate dev'), /Already in sync/);
      assert.deepEqual(await listFindings(project), []);
    });

    it('about a migration that has failed', async (t) => {
      const project = await create(t);
      const name = '20260102000000_broken';
      writeMigration(project, name, 'ALTER TABLE "Missing" ADD COLUMN x TEXT;');
      assert.notEqual((await project.prisma('migrate deploy')).code, 0);
      const { message, remedy } = await findOne(project, 'MIGRATION_FAILED');
      assert.match(message, new RegExp(name));
      writeMigration(project, name, 'CREATE INDEX "notes_user_id_idx" ON "notes" ("user_id");');
      const commands = [...remedy.matchAll(/npx prisma ([\w -]+)/g)].map(([, command]) => command as string);
      assert.deepEqual(
        commands.map((command) => command.trim()),
        [`migrate resolve --rolled-back ${name}`, 'migrate deploy'],
      );
      for (const command of commands) await run(project, command.trim());
      assert.deepEqual(await listFindings(project), ['warning UNIQUE_NOT_PER_OWNER Note']);
    });
  });
}
