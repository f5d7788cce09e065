import { quoteStandard } from './ddl-names.ts';
import type { Database, Session } from './dialect.ts';
import { type ScratchDialect, withDatabaseName } from './scratch.ts';
import { raw, type Sql, sql } from './sql.ts';

export const postgresqlScratch: ScratchDialect = {
  longestName: 63,
  urlOf: withDatabaseName,
  create: async (database, name) => {
    const options = await database.read(readOptions);
    await outside(database, raw(`CREATE DATABASE ${quoteStandard(name)} TEMPLATE template0 ${options}`));
  },
  // From PostgreSQL 13 also while a tool of a process that was killed still fills it.
  drop: async (database, name) => {
    const [row] = await database.read((session) =>
      session.query<{ n: number }>(sql`SELECT current_setting('server_version_num')::int AS n`),
    );
    const force = (row?.n ?? 0) >= 130_000 ? ' WITH (FORCE)' : '';
    await outside(database, raw(`DROP DATABASE IF EXISTS ${quoteStandard(name)}${force}`));
  },
  list: async (database, prefix) => {
    const rows = await database.read((session) =>
      session.query<{ name: string }>(
        sql`SELECT datname AS name FROM pg_database WHERE starts_with(datname, ${prefix}) ORDER BY 1`,
      ),
    );
    return rows.map(({ name }) => name);
  },
};

/** Encoding and sorting decide what a text is, and in which order keys are. */
async function readOptions(session: Session): Promise<string> {
  const [row] = await session.query<{ d: Record<string, string | null> }>(
    sql`SELECT to_jsonb(d) || jsonb_build_object('encoding_name', pg_encoding_to_char(d.encoding)) AS d
          FROM pg_database d WHERE datname = current_database()`,
  );
  const of = (name: string) => row?.d[name] ?? null;
  const literal = (text: string) => `'${text.replaceAll("'", "''")}'`;
  const options: [string, string | null][] = [
    ['ENCODING', of('encoding_name')],
    ['LC_COLLATE', of('datcollate')],
    ['LC_CTYPE', of('datctype')],
    // From PostgreSQL 15; the locale has another name from 17.
    ['LOCALE_PROVIDER', { c: 'libc', i: 'icu', b: 'builtin' }[of('datlocprovider') ?? ''] ?? null],
    [of('datlocprovider') === 'b' ? 'BUILTIN_LOCALE' : 'ICU_LOCALE', of('daticulocale') ?? of('datlocale')],
  ];
  return options.flatMap(([name, value]) => (value === null ? [] : [`${name} ${literal(value)}`])).join(' ');
}

/** Databases are made outside of transactions only; the one that is under way has nothing in it. */
function outside(database: Database, statement: Sql): Promise<void> {
  return database.signal(async (session) => {
    await session.execute(sql`ROLLBACK`);
    await session.execute(statement);
    await session.execute(sql`BEGIN`);
  });
}
