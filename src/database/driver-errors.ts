import { COMMITTED_STAY, NOTHING_CHANGED } from '../errors/toolkit-error.ts';
import {
  authenticationFailed,
  connectionLost,
  databaseError,
  databaseLocked,
  databaseUnreachable,
  driverNotBuilt,
  permissionDenied,
  readOnlyDatabase,
  ToolkitError,
} from '../errors.ts';
import type { DatabaseUrl } from './database-url.ts';

/** What the driver adapters put into the errors of the Prisma client (measured on 7.10). */
interface AdapterCause {
  kind?: string;
  originalCode?: string;
  originalMessage?: string;
  cause?: string;
}

/** Why a statement failed, as far as it matters for what to do next. */
export type Failure =
  | 'retryable'
  | 'unreachable'
  | 'lost'
  | 'authentication'
  | 'permission'
  | 'readOnly'
  /** The database does not take a value: a constraint, or a trigger that raises an error. */
  | 'refused'
  | 'other';

const ADAPTER_ERROR = 'DriverAdapterError';
/** What the drivers say, without a code, of a connection that went away. */
const LOST = /Connection terminated|Closed connection|connection error and is not queryable/i;

/**
 * By SQLSTATE (https://www.postgresql.org/docs/current/errcodes-appendix.html), SQLite's result code, or MySQL's error number
 * (https://dev.mysql.com/doc/mysql-errors/8.4/en/server-error-reference.html, https://mariadb.com/kb/en/mariadb-error-codes/).
 */
const BY_CODE: Record<string, Failure> = {
  '40001': 'retryable', // serialization_failure
  '40P01': 'retryable', // deadlock_detected
  '55P03': 'retryable', // lock_not_available: our lock_timeout
  '55006': 'retryable', // object_in_use: a database that others are connected to
  '57014': 'retryable', // query_canceled: our statement_timeout
  SQLITE_BUSY: 'retryable',
  SQLITE_BUSY_SNAPSHOT: 'retryable',
  SQLITE_BUSY_RECOVERY: 'retryable',
  SQLITE_BUSY_TIMEOUT: 'retryable',
  SQLITE_LOCKED: 'retryable',
  '28000': 'authentication',
  '28P01': 'authentication',
  '3D000': 'unreachable',
  '42501': 'permission',
  '25006': 'readOnly',
  SQLITE_READONLY: 'readOnly',
  SQLITE_CANTOPEN: 'unreachable',
  SQLITE_NOTADB: 'unreachable',
  '1205': 'retryable', // ER_LOCK_WAIT_TIMEOUT: our innodb_lock_wait_timeout
  '1213': 'retryable', // ER_LOCK_DEADLOCK
  '1020': 'retryable', // ER_CHECKREAD: the row was changed since it was read
  '1969': 'retryable', // ER_STATEMENT_TIMEOUT: our max_statement_time
  '1045': 'authentication', // ER_ACCESS_DENIED_ERROR
  '1698': 'authentication', // ER_ACCESS_DENIED_NO_PASSWORD_ERROR
  '1044': 'permission', // ER_DBACCESS_DENIED_ERROR
  '1142': 'permission', // ER_TABLEACCESS_DENIED_ERROR
  '1143': 'permission', // ER_COLUMNACCESS_DENIED_ERROR
  '1227': 'permission', // ER_SPECIFIC_ACCESS_DENIED_ERROR
  '1290': 'readOnly', // ER_OPTION_PREVENTS_STATEMENT
  '1836': 'readOnly', // ER_READ_ONLY_MODE
  '1792': 'readOnly', // ER_CANT_EXECUTE_IN_READ_ONLY_TRANSACTION
  '1048': 'refused', // ER_BAD_NULL_ERROR
  '1062': 'refused', // ER_DUP_ENTRY
  '1451': 'refused', // ER_ROW_IS_REFERENCED_2
  '1452': 'refused', // ER_NO_REFERENCED_ROW_2
  '1644': 'refused', // ER_SIGNAL_EXCEPTION
  '3819': 'refused', // ER_CHECK_CONSTRAINT_VIOLATED, of MySQL
  '4025': 'refused', // ER_CONSTRAINT_FAILED, of MariaDB
  '1049': 'unreachable', // ER_BAD_DB_ERROR
  '45028': 'unreachable', // ER_GET_CONNECTION_TIMEOUT, of the driver
  '1053': 'lost', // ER_SERVER_SHUTDOWN
  '1927': 'lost', // ER_CONNECTION_KILLED
  '4031': 'lost', // ER_CLIENT_INTERACTION_TIMEOUT
  '45001': 'lost', // ER_CONNECTION_ALREADY_CLOSED, and these are of the driver, too:
  '45004': 'lost', // ER_CMD_NOT_EXECUTED_DESTROYED
  '45009': 'lost', // ER_SOCKET_UNEXPECTED_CLOSE
  '45013': 'lost', // ER_CMD_CONNECTION_CLOSED
  '45019': 'lost', // ER_SOCKET
  '45026': 'lost', // ER_SOCKET_TIMEOUT
  ECONNRESET: 'lost',
  EPIPE: 'lost',
  ETIMEDOUT: 'lost',
  ENOENT: 'unreachable',
  EACCES: 'unreachable',
};

/** Classes of SQLSTATE for values that are not taken (data exception, constraint, check option, raised), and SQLite's one. */
const REFUSED = /^(22|23|44|P0)[0-9A-Z]{3}$|^SQLITE_CONSTRAINT/;

const BY_KIND: Record<string, Failure> = {
  DatabaseNotReachable: 'unreachable',
  DatabaseDoesNotExist: 'unreachable',
  DatabaseAccessDenied: 'authentication',
  AuthenticationFailed: 'authentication',
  ConnectionClosed: 'lost',
  TransactionWriteConflict: 'retryable',
  // A server did not answer in time, so nobody knows what it did; where SQLite is busy, it has its own code.
  SocketTimeout: 'lost',
};

/** Reads the failure and the database's own words out of an error of the Prisma client. */
export function classifyFailure(error: unknown): { failure: Failure; words: string } {
  const {
    name,
    code,
    message,
    meta,
    cause: ownCause,
  } = error as {
    name?: string;
    code?: string;
    message?: string;
    meta?: { driverAdapterError?: { cause?: AdapterCause } };
    cause?: AdapterCause;
  };
  // COMMIT fails with the adapter's own error, statements with one of the client around it.
  const cause = unwrapPool(
    meta?.driverAdapterError?.cause ?? (name === ADAPTER_ERROR ? ownCause : undefined) ?? {},
  );
  const sqlState = cause.originalCode ?? code ?? '';
  const words = cause.originalMessage ?? lastLine(message ?? String(error));
  const isClosed = /^(08|57P0)/.test(sqlState) || LOST.test(words);
  const byPattern = isClosed ? 'lost' : REFUSED.test(sqlState) ? 'refused' : 'other';
  return { failure: BY_CODE[sqlState] ?? BY_KIND[cause.kind ?? ''] ?? byPattern, words };
}

/**
 * Turns an error of the driver into one that the operator can act upon; a `ToolkitError` stays what it is. `hasWritten`
 * tells whether anything was committed before; where it is left out, the text is careful.
 */
export function explainDriverError(error: unknown, url: DatabaseUrl, hasWritten?: boolean): unknown {
  if (isDriverUnbuilt(error)) return driverNotBuilt(error);
  if (error instanceof ToolkitError || !isDriverError(error)) return error;
  const explained = explain(error, url, hasWritten === true);
  if (hasWritten !== false) return explained;
  const { code, remedy, message } = explained;
  return new ToolkitError(code, {
    message: message.replace(COMMITTED_STAY, NOTHING_CHANGED),
    remedy,
    cause: error,
  });
}

function explain(error: Error, url: DatabaseUrl, hasWritten: boolean): ToolkitError {
  const { failure, words } = classifyFailure(error);
  const place = url.host ? `${url.name} on ${url.host}` : url.name;
  switch (failure) {
    case 'unreachable':
      return (hasWritten ? connectionLost : databaseUnreachable)(place, words, error);
    case 'lost':
      return connectionLost(place, words, error);
    case 'authentication':
      return (hasWritten ? connectionLost : authenticationFailed)(place, words, error);
    case 'permission':
      return permissionDenied(place, words, error);
    case 'readOnly':
      return readOnlyDatabase(place, words, error);
    case 'retryable':
      return databaseLocked(place, words, error);
    default:
      return databaseError(place, words, error);
  }
}

/** better-sqlite3 loads a compiled file: it is missing, or made for another version of Node. */
function isDriverUnbuilt(error: unknown): boolean {
  const { code, message } = error as { code?: string; message?: string };
  return code === 'ERR_DLOPEN_FAILED' || /^Could not locate the bindings file/.test(message ?? '');
}

/** Errors of Prisma's client and of the drivers below it, and of the system, like a certificate that is not there. */
export function isDriverError(error: unknown): error is Error {
  if (!(error instanceof Error)) return false;
  const names = [ADAPTER_ERROR, 'SqliteError'];
  return (
    error.name.startsWith('PrismaClient') ||
    names.includes(error.name) ||
    'syscall' in error ||
    LOST.test(error.message)
  );
}

/** MySQL's driver says that its pool waited in vain, and behind that, why no connection could be opened. */
function unwrapPool(cause: AdapterCause): AdapterCause {
  if (cause.originalCode !== '45028' || cause.cause === undefined) return cause;
  const [, number, words] = /^(?:\(conn:.*? no: (\d+).*?\) )?(.*)/.exec(cause.cause) ?? [];
  return { originalCode: number ?? '45028', originalMessage: words ?? cause.cause };
}

function lastLine(text: string): string {
  return text.trim().split('\n').at(-1) ?? text;
}
