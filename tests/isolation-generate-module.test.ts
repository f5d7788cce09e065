import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { PrismaBetterSqlite3 } from '@prisma/adapter-better-sqlite3';
import { PrismaClient } from '../prisma/generated/client.ts';
import { ROOT, runProcess } from './helpers/command-line.ts';
import { createDatabase } from './helpers/database.ts';
import { runInProcess } from './helpers/in-process.ts';
import { createProject, type TestProject } from './helpers/project.ts';

/** The sample's project, in which the library can be imported. */
function createSample(t: TestContext): TestProject {
  const schema = readFileSync(join(ROOT, 'prisma/schema.prisma'), 'utf8');
  const project = createProject(t, { 'prisma/schema.prisma': schema });
  mkdirSync(join(project.folder, 'node_modules'));
  symlinkSync(ROOT, join(project.folder, 'node_modules/prisma-ownership'), 'dir');
  return project;
}

async function generate({ folder }: TestProject, file: string): Promise<void> {
  const { code, stderr } = await runInProcess(['isolation', `--generate=${file}`], { cwd: folder });
  assert.equal(code, 0, stderr);
}

describe('the module that isolation --generate writes', () => {
  for (const [kind, file] of [
    ['commonjs', 'list.cjs'],
    ['commonjs', 'list.js'],
  ] as const)
    it(`scopes a generated client, as ${file}`, async (t) => {
      const project = createSample(t);
      project.write('package.json', JSON.stringify({ type: kind }));
      await generate(project, file);
      const migrations = join(ROOT, 'prisma/migrations');
      const ddl = readdirSync(migrations)
        .filter((name) => /^\d/.test(name))
        .sort();
      const database = await createDatabase('sqlite', {
        ddl: ddl.map((name) => readFileSync(join(migrations, name, 'migration.sql'), 'utf8')).join('\n'),
        models: '',
      });
      t.after(() => database.drop());
      await database.run(`INSERT INTO "User" (id, email) VALUES ('ana', 'a@example.com'), ('ben', 'b@example.com');
        INSERT INTO "Note" (id, title, "userId", "updatedAt") VALUES ('a', 'hers', 'ana', 0), ('b', 'his', 'ben', 0)`);
      const prisma = new PrismaClient({ adapter: new PrismaBetterSqlite3({ url: database.url }) });
      t.after(() => prisma.$disconnect());
      const list = createRequire(join(project.folder, 'x.js'))(`./${file}`) as {
        forUser: <Client>(client: Client, userId: string) => Client;
      };
      const db = list.forUser(prisma, 'ana');
      assert.deepEqual(
        (await db.note.findMany()).map(({ id }) => id),
        ['a'],
      );
      assert.equal(await db.note.findUnique({ where: { id: 'b' } }), null);
      assert.equal((await db.note.create({ data: { title: 'more' } })).userId, 'ana');
      await assert.rejects(db.$queryRaw`SELECT 1`, { code: 'RAW_SQL' });
    });

  it('is an ES module in a package of such, and where its name says so', async (t) => {
    const project = createSample(t);
    project.write('package.json', '{ "type": "module" }');
    for (const file of ['a.js', 'b.mjs', 'c.ts', 'd.mts', 'e.cts', 'f.tsx']) {
      await generate(project, file);
      assert.match(
        project.read(file) ?? '',
        /^import \{ isolate \} from [\s\S]*^export const \{ forUser \}/m,
        file,
      );
    }
    await generate(project, 'g.cjs');
    assert.match(project.read('g.cjs') ?? '', /^const \{ isolate \} = require\([\s\S]*^exports\.forUser = /m);
  });

  it('keeps the types of the client, however strict TypeScript is', async (t) => {
    const project = createSample(t);
    const use = (
      list: string,
    ) => `import type { PrismaClient } from '${join(ROOT, 'prisma/generated/client.ts')}';
      import { forUser } from './${list}';
      declare const prisma: PrismaClient;
      const db = forUser(prisma, 'ana');
      export const titles: Promise<{ title: string }[]> = db.note.findMany({ select: { title: true } });
      // @ts-expect-error there is no such field
      export const none = db.note.findMany({ select: { nothing: true } });`;
    for (const [list, user] of [
      ['a.ts', 'use-a.ts'],
      ['b.mts', 'use-b.mts'],
      ['c.cts', 'use-c.cts'],
    ] as const) {
      await generate(project, list);
      project.write(user, use(list));
    }
    const compilerOptions = {
      strict: true,
      noUnusedLocals: true,
      exactOptionalPropertyTypes: true,
      noUncheckedIndexedAccess: true,
      isolatedModules: true,
      noEmit: true,
      allowImportingTsExtensions: true,
      skipLibCheck: true,
      types: [],
      target: 'es2022',
      module: 'nodenext',
      paths: { 'prisma-ownership/isolation': [join(ROOT, 'src/isolation/index.ts')] },
    };
    const files = ['use-a.ts', 'use-b.mts', 'use-c.cts'];
    writeFileSync(join(project.folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, files }));
    const tsc = join(dirname(require.resolve('typescript/package.json')), 'bin/tsc');
    const { code, stdout } = await runProcess(process.execPath, [tsc], { cwd: project.folder });
    assert.equal(code, 0, stdout);
  });
});
