import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createDatabase, type TestDatabase } from './database.ts';

/** Why the suite on Chinook cannot run, or false where CHINOOK_DIR names its folder. */
export const CHINOOK_MISSING = process.env.CHINOOK_DIR
  ? false
  : 'CHINOOK_DIR is not set: it names the folder with the Chinook sample database and its phase 1';

/** A file of Chinook's folder. */
function read(name: string): string {
  return readFileSync(join(process.env.CHINOOK_DIR ?? '', name), 'utf8');
}

/** A copy of Chinook after its phase 1, with the schema that Prisma has of it. */
export async function createChinook(provider: TestDatabase['provider']): Promise<TestDatabase> {
  const database = await createDatabase(provider, { ddl: '', models: '' });
  try {
    writeFileSync(database.schemaPath, read(`schema.${provider}.prisma`));
    await loadChinook(database);
    await database.run(read(`phase1.${provider}.sql`));
  } catch (error) {
    await database.drop();
    throw error;
  }
  return database;
}

/** Chinook as it was made: nobody has an account. */
async function loadChinook(database: TestDatabase): Promise<void> {
  const { provider, url, run } = database;
  if (provider === 'sqlite')
    copyFileSync(join(process.env.CHINOOK_DIR ?? '', 'chinook.sqlite'), url.slice('file:'.length));
  else if (provider === 'mysql') await run(withoutDatabase(read('chinook.mysql.sql')));
  else await run(withoutPsqlCommands(read('chinook.postgresql.sql')));
}

/** Chinook with accounts, and with no owner anywhere: its users are those of its phase 1. */
export async function loadChinookWithUsers(database: TestDatabase): Promise<void> {
  await loadChinook(database);
  const aboutUsers = read(`phase1.${database.provider}.sql`)
    .replace(/^--.*$/gm, '')
    .split(/;\s*$/m)
    .filter((statement) => /^\s*(?:CREATE TABLE|CREATE UNIQUE INDEX|INSERT INTO)/.test(statement));
  await database.run(aboutUsers.map((statement) => `${statement};`).join('\n'));
}

/** The schema of that: without what phase 1 put into it. */
export function readChinookSchema(provider: TestDatabase['provider']): string {
  const lines = read(`schema.${provider}.prisma`).split('\n');
  const start = lines.findIndex((line) => line.startsWith('model User '));
  const end = lines.indexOf('}', start);
  return lines
    .filter(
      (line, i) => !/^ {2}(?:userId|User) /.test(line) && !(i > start && i < end && line.endsWith('[]')),
    )
    .join('\n');
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
