import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { createDatabase, isMissing, type TestDatabase } from './helpers/database.ts';
import { runInProcess } from './helpers/in-process.ts';

const OWNER = 'cm3owner0000';
const MODELS = `model User {
  id    String @id @db.VarChar(40)
  email String @unique
}

model Note {
  id    Int    @id @default(autoincrement())
  title String
}`;
const DDL = `
  CREATE TABLE User (id VARCHAR(40) NOT NULL PRIMARY KEY, email VARCHAR(191) NOT NULL UNIQUE);
  CREATE TABLE Note (id INTEGER NOT NULL PRIMARY KEY AUTO_INCREMENT, title VARCHAR(191) NOT NULL);
  CREATE TABLE _prisma_migrations (migration_name VARCHAR(255) NOT NULL, started_at DATETIME(3) NOT NULL,
    finished_at DATETIME(3), rolled_back_at DATETIME(3));
  INSERT INTO User VALUES ('${OWNER}', 'ana@example.com');
  INSERT INTO Note (title) VALUES ('a'), ('b');`;

/** Prisma's engine for MySQL is a download: the migrations are applied by the driver, and noted as Prisma notes them. */
describe('all phases on MySQL, with our migrations', { skip: isMissing('mysql') }, () => {
  let database: TestDatabase;
  let schema: string;
  const applied = new Set<string>();
  const readSchema = () => readFileSync(database.schemaPath, 'utf8');
  const succeed = async (words: string) => {
    const env = { DATABASE_URL: database.url, ...database.env };
    const done = await runInProcess(words.split(' '), { cwd: database.folder, env });
    assert.equal(done.code, 0, `${words}: ${done.stdout}${done.stderr}`);
    return done.stdout;
  };
  const deploy = async () => {
    const folder = join(database.folder, 'migrations');
    for (const name of readdirSync(folder).sort()) {
      if (applied.has(name)) continue;
      await database.run(readFileSync(join(folder, name, 'migration.sql'), 'utf8'));
      await database.run(`INSERT INTO _prisma_migrations VALUES ('${name}', now(3), now(3), NULL)`);
      applied.add(name);
    }
  };
  const readColumn = async () => {
    const [column] = await database.query(
      `SELECT COLUMN_TYPE AS type, IS_NULLABLE AS nullable FROM information_schema.COLUMNS
        WHERE TABLE_SCHEMA = database() AND TABLE_NAME = 'Note' AND COLUMN_NAME = 'userId'`,
    );
    return column && `${column.type} ${column.nullable}`;
  };
  before(async () => {
    database = await createDatabase('mysql', { ddl: DDL, models: MODELS });
    schema = readSchema();
  });
  after(() => database?.drop());

  it('lead to an optional column of the type of the key', async () => {
    await succeed('schema --phase=1 --models=Note --sql --write');
    assert.match(readSchema(), /userId String\? @db\.VarChar\(40\)/);
    await deploy();
    assert.equal(await readColumn(), 'varchar(40) YES');
  });

  it('lead to a required one', async () => {
    await succeed(`production-safe ${OWNER} --step=2`);
    await succeed('schema --phase=3 --sql --write');
    await deploy();
    assert.equal(await readColumn(), 'varchar(40) NO');
    await succeed(`production-safe ${OWNER} --step=3`);
  });

  it('lead back to the start', async () => {
    await succeed('rollback --confirm --phase=3');
    await deploy();
    assert.equal(await readColumn(), 'varchar(40) YES');
    await succeed('rollback --confirm');
    await succeed('rollback --confirm --phase=1');
    await deploy();
    assert.equal(await readColumn(), undefined);
    assert.equal(readSchema(), schema);
    assert.deepEqual(await database.query('SELECT title FROM Note ORDER BY id'), [
      { title: 'a' },
      { title: 'b' },
    ]);
  });
});
