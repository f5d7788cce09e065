import { strict as assert } from 'node:assert';
import { describe, it } from 'node:test';
import type { DatabaseUrl } from '../../src/database/database-url.ts';
import { classifyFailure, explainDriverError } from '../../src/database/driver-errors.ts';
import { confirmMissing, ToolkitError } from '../../src/errors.ts';

const SERVER: DatabaseUrl = {
  provider: 'postgresql',
  name: 'app',
  host: 'db.example.com',
  url: 'postgresql://ana:secret@db.example.com/app',
  defaultSchema: 'public',
};
const FILE: DatabaseUrl = { provider: 'sqlite', name: 'app.db', url: '/data/app.db', defaultSchema: 'main' };

interface Cause {
  kind?: string;
  originalCode?: string;
  originalMessage?: string;
}

/** An error as the Prisma client throws it around one of the driver adapter's. */
function clientError(cause: Cause, message = 'Raw query failed.'): Error {
  const error = new Error(message);
  return Object.assign(error, {
    name: 'PrismaClientKnownRequestError',
    code: 'P2010',
    meta: { driverAdapterError: { cause } },
  });
}

describe('explainDriverError', () => {
  const cases: [code: string, cause: Cause][] = [
    ['DATABASE_LOCKED', { originalCode: '40001' }],
    ['DATABASE_LOCKED', { originalCode: '40P01' }],
    ['DATABASE_LOCKED', { originalCode: '55P03' }],
    ['DATABASE_LOCKED', { originalCode: '57014' }],
    ['DATABASE_LOCKED', { originalCode: 'SQLITE_BUSY' }],
    ['DATABASE_LOCKED', { kind: 'SocketTimeout', originalCode: 'SQLITE_BUSY_TIMEOUT' }],
    ['DATABASE_LOCKED', { kind: 'TransactionWriteConflict' }],
    ['AUTHENTICATION_FAILED', { originalCode: '28P01' }],
    ['AUTHENTICATION_FAILED', { kind: 'AuthenticationFailed' }],
    ['DATABASE_UNREACHABLE', { originalCode: '3D000' }],
    ['DATABASE_UNREACHABLE', { kind: 'DatabaseNotReachable' }],
    ['DATABASE_UNREACHABLE', { originalCode: 'SQLITE_NOTADB' }],
    ['CONNECTION_LOST', { originalCode: '57P01' }],
    ['CONNECTION_LOST', { originalCode: '08006' }],
    ['CONNECTION_LOST', { kind: 'ConnectionClosed' }],
    ['CONNECTION_LOST', { kind: 'SocketTimeout' }],
    ['CONNECTION_LOST', { originalMessage: 'Connection terminated unexpectedly' }],
    ['CONNECTION_LOST', { kind: 'mysql', originalCode: '45009' }],
    ['CONNECTION_LOST', { kind: 'mysql', originalCode: '1927' }],
    ['PERMISSION_DENIED', { originalCode: '42501' }],
    ['READ_ONLY', { originalCode: '25006' }],
    ['READ_ONLY', { originalCode: 'SQLITE_READONLY' }],
    ['DATABASE_ERROR', { originalCode: '23503' }],
    ['DATABASE_ERROR', {}],
  ];
  for (const [code, cause] of cases) {
    it(`makes ${code} of ${JSON.stringify(cause)}, and keeps the cause`, () => {
      const error = clientError(cause);
      const explained = explainDriverError(error, SERVER);
      assert.ok(explained instanceof ToolkitError);
      assert.deepEqual([explained.code, explained.cause], [code, error]);
    });
  }

  it('names the database, in the words of the driver, without its URL', () => {
    const error = clientError({ originalCode: '23503', originalMessage: 'violates foreign key "x"' });
    const said = [SERVER, FILE].map(
      (url) => (explainDriverError(error, url) as Error).message.split('\n')[0],
    );
    assert.deepEqual(said, [
      'the database app on db.example.com answers with an error: violates foreign key "x".',
      'the database app.db answers with an error: violates foreign key "x".',
    ]);
  });

  it('takes the error of the adapter itself, which a failed COMMIT throws', () => {
    const error = Object.assign(new Error('x'), {
      name: 'DriverAdapterError',
      cause: { originalCode: 'SQLITE_BUSY', originalMessage: 'database is locked' },
    });
    assert.deepEqual(classifyFailure(error), { failure: 'retryable', words: 'database is locked' });
    assert.ok(explainDriverError(error, FILE) instanceof ToolkitError);
  });

  it('takes the last line of what the client says where the driver said nothing', () => {
    const error = clientError({}, 'Invalid call:\n\n\nTimed out fetching a new connection.\n');
    assert.equal(classifyFailure(error).words, 'Timed out fetching a new connection.');
  });

  it('explains what the SQLite driver throws by itself when it cannot open the file', () => {
    const error = Object.assign(new Error('unable to open database file'), {
      name: 'SqliteError',
      code: 'SQLITE_CANTOPEN',
    });
    const explained = explainDriverError(error, FILE);
    assert.ok(explained instanceof ToolkitError);
    assert.equal(explained.code, 'DATABASE_UNREACHABLE');
  });

  it('leaves our own errors and bugs as they are', () => {
    for (const error of [confirmMissing(), new TypeError('a bug'), 'text'])
      assert.equal(explainDriverError(error, SERVER), error);
  });
});
