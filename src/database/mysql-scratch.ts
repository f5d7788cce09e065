import { quote } from './mysql-sql.ts';
import { type ScratchDialect, withDatabaseName } from './scratch.ts';
import { raw, sql } from './sql.ts';

export const mysqlScratch: ScratchDialect = {
  // Less than the 64 characters of a name: the journal of a copy is beside it.
  longestName: 64,
  urlOf: withDatabaseName,
  create: (database, name) =>
    database.signal(async (session) => {
      const [row] = await session.query<{ characters: string; collation: string }>(sql`
        SELECT DEFAULT_CHARACTER_SET_NAME AS characters, DEFAULT_COLLATION_NAME AS collation
          FROM information_schema.SCHEMATA WHERE SCHEMA_NAME = ${database.url.name}`);
      const like = row ? raw(`CHARACTER SET ${row.characters} COLLATE ${row.collation}`) : sql``;
      await session.execute(sql`CREATE DATABASE ${quote(name)} ${like}`);
    }),
  drop: (database, name) =>
    database.signal(async (session) => {
      await session.execute(sql`DROP DATABASE IF EXISTS ${quote(name)}`);
    }),
  list: async (database, prefix) => {
    const rows = await database.read((session) =>
      session.query<{ name: string }>(sql`
        SELECT SCHEMA_NAME AS name FROM information_schema.SCHEMATA
         WHERE LEFT(SCHEMA_NAME, CHAR_LENGTH(${prefix})) = ${prefix} ORDER BY 1`),
    );
    return rows.map(({ name }) => name);
  },
};
