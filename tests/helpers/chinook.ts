import { copyFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createDatabase, type TestDatabase } from './database.ts';

/** Why the suite on Chinook cannot run, or false where CHINOOK_DIR names its folder. */
export const CHINOOK_MISSING = process.env.CHINOOK_DIR
  ? false
  : 'CHINOOK_DIR is not set: it names the folder with the Chinook sample database and its phase 1';

/** A copy of Chinook after its phase 1, with the schema that Prisma has of it. */
export async function createChinook(provider: TestDatabase['provider']): Promise<TestDatabase> {
  const folder = process.env.CHINOOK_DIR ?? '';
  const read = (name: string) => readFileSync(join(folder, name), 'utf8');
  const database = await createDatabase(provider, { ddl: '', models: '' });
  try {
    copyFileSync(join(folder, `schema.${provider}.prisma`), database.schemaPath);
    if (provider === 'sqlite')
      copyFileSync(join(folder, 'chinook.sqlite'), database.url.slice('file:'.length));
    else if (provider === 'mysql') await database.run(withoutDatabase(read('chinook.mysql.sql')));
    else await database.run(withoutPsqlCommands(read('chinook.postgresql.sql')));
    await database.run(read(`phase1.${provider}.sql`));
  } catch (error) {
    await database.drop();
    throw error;
  }
  return database;
}

/** The script is for psql and makes its own database; everything else in it is plain SQL. */
function withoutPsqlCommands(script: string): string {
  return script.replace(/^(?:(?:DROP|CREATE) DATABASE .*|\\.*)$/gm, '');
}

/** The script makes its own database, too. */
function withoutDatabase(script: string): string {
  return script.replace(/^(?:DROP DATABASE|CREATE DATABASE|USE) .*$/gm, '');
}

/** The owned tables by model, with their rows, as the folder's README counts them. */
export const CHINOOK_ROWS = {
  Album: 347,
  Artist: 275,
  Track: 3503,
  Playlist: 18,
  PlaylistTrack: 8715,
  Customer: 59,
  Invoice: 412,
  InvoiceLine: 2240,
};

/** A name of the SQLite script as the PostgreSQL script writes it: InvoiceLine, invoice_line. */
export function nameIn(provider: TestDatabase['provider'], name: string): string {
  return provider !== 'postgresql' ? name : name.replace(/\B([A-Z])/g, '_$1').toLowerCase();
}
