/** A failure as Prisma shows it to its user: the text and, where Prisma documents one, its code (P1003). */
export class Failure extends Error {
  readonly code: string | undefined;

  constructor(code: string | undefined, message: string) {
    super(message);
    this.name = 'Failure';
    this.code = code;
  }
}

/** Says that a database does not exist; Prisma reacts to the code P1003 by asking for the database to be created. */
export function databaseDoesNotExist(name: string): Failure {
  return new Failure('P1003', `Database \`${name}\` does not exist`);
}

/** Says that nobody answers at a host and port. */
export function serverNotReachable(server: string): Failure {
  return new Failure('P1001', `Can't reach database server at \`${server}\``);
}

/** Says that a database URL cannot be parsed, without showing it, because it may hold a password. */
export function invalidUrl(reason: string): Failure {
  return new Failure('P1013', `The provided database URL is invalid: ${reason}`);
}

/** Says that only Prisma's native engine can migrate this kind of database. */
export function unsupportedDatabase(protocol: string): Failure {
  return new Failure(
    'P1013',
    `The offline schema engine migrates SQLite ("file:") and PostgreSQL ("postgresql:"), not "${protocol}". ` +
      'Where there is a network, the native engine, which migrates the others, is installed by: ' +
      'node node_modules/@prisma/engines/scripts/postinstall.js',
  );
}

/** Says that the database refused the SQL of a migration, in the database's own words. */
export function migrationFailed(migration: string, cause: { code: string; message: string }): Failure {
  return new Failure(
    'P3018',
    [
      'A migration failed to apply. New migrations cannot be applied before the error is recovered from. ' +
        'Read more about how to resolve migration issues in a production database: https://pris.ly/d/migrate-resolve',
      `Migration name: ${migration}`,
      `Database error code: ${cause.code}`,
      `Database error:\n${cause.message}`,
    ].join('\n\n'),
  );
}
