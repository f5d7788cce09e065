/** Why an operation of a scoped client was refused. */
export type IsolationCode =
  | 'USER_ID_INVALID'
  | 'OWNER_FORGED'
  | 'LINK_NOT_OWN'
  | 'LINK_UNKNOWN'
  | 'RAW_SQL'
  | 'OPERATION_UNKNOWN'
  | 'MODEL_UNKNOWN'
  | 'FIELD_UNKNOWN'
  | 'MODEL_CLOSED'
  | 'ORDER_REFUSED'
  | 'CLIENT_UNKNOWN'
  | 'POSTGRESQL_ONLY'
  | 'WRITE_REFUSED';

/** A refusal: the operation was not carried out, and an interactive transaction around it rolls back if this leaves it. */
export class IsolationError extends Error {
  override readonly name = 'IsolationError';

  constructor(
    readonly code: IsolationCode,
    message: string,
    /** What to do about it. */
    readonly remedy: string,
  ) {
    super(`${message}\n${remedy}`);
  }
}

const REGENERATE = 'Write the list again:  npm run migration:isolation -- --generate=FILE';

export function userIdInvalid(userId: unknown, type: string): IsolationError {
  const given = userId === null || userId === undefined ? String(userId) : `a ${typeof userId}`;
  const what = userId === '' ? 'an empty text' : given;
  return new IsolationError(
    'USER_ID_INVALID',
    `a client cannot be scoped to ${what}: the users' key is ${type}.`,
    'Pass the id of the user who is signed in.',
  );
}

export function ownerForged(model: string, field: string): IsolationError {
  return new IsolationError(
    'OWNER_FORGED',
    `${model}.${field} can only be the user that the client is scoped to; nothing was written.`,
    `Leave ${field} out: it is set on create, and never changes.`,
  );
}

export function linkNotOwn(model: string, relation: string, to: string): IsolationError {
  return new IsolationError(
    'LINK_NOT_OWN',
    `${model}.${relation} would point at a row of ${to} that is not there for this user; nothing was written.`,
    `Link rows of the same user. A row that the same batch creates is not there yet: use an interactive transaction.`,
  );
}

export function linkUnknown(model: string, relation: string, fields: readonly string[]): IsolationError {
  return new IsolationError(
    'LINK_UNKNOWN',
    `${model}.${relation} cannot be checked: ${fields.join(', ')} must be given whole, as plain values; nothing was written.`,
    `Give all of ${fields.join(', ')}, or use ${relation}: { connect: ... }.`,
  );
}

export function rawSql(operation: string): IsolationError {
  return new IsolationError(
    'RAW_SQL',
    `${operation} cannot be scoped to a user, so it was not run.`,
    'If it is meant, begin the SQL with a comment that says why:  /* unscoped: reason */',
  );
}

export function operationUnknown(model: string, operation: string): IsolationError {
  return new IsolationError(
    'OPERATION_UNKNOWN',
    `${model}.${operation} is not known to the isolation extension, so it was not run.`,
    'Use another operation, or the client that is not scoped.',
  );
}

export function modelUnknown(model: string): IsolationError {
  return new IsolationError('MODEL_UNKNOWN', `${model} is not in the isolation list.`, REGENERATE);
}

export function fieldUnknown(model: string, field: string, where: string): IsolationError {
  return new IsolationError(
    'FIELD_UNKNOWN',
    `"${field}" in ${where} of ${model} is not in the isolation list, so the operation was not run.`,
    REGENERATE,
  );
}

export function modelClosed(model: string, reason: string): IsolationError {
  return new IsolationError(
    'MODEL_CLOSED',
    `whose the rows of ${model} are is not decided (${reason}), so the operation was not run.`,
    'Decide it in ownership.config.json, then write the list again:  npm run migration:isolation -- --generate=FILE',
  );
}

export function orderRefused(model: string, relation: string): IsolationError {
  return new IsolationError(
    'ORDER_REFUSED',
    `ordering ${model} by ${relation} would tell about rows of other users, so it was not run.`,
    `Order by fields of ${model} itself.`,
  );
}

export function writeRefused(model: string, what: string): IsolationError {
  return new IsolationError(
    'WRITE_REFUSED',
    `${what}; nothing was written to ${model}.`,
    'Use the client that is not scoped, if it is meant.',
  );
}

export function clientUnknown(): IsolationError {
  return new IsolationError(
    'CLIENT_UNKNOWN',
    'this is no Prisma client of version 6 or 7 that can be extended.',
    'Inside an interactive transaction, scope the client that begins it:  forUser(prisma, userId).$transaction(...)',
  );
}

export function clientCannotBegin(): IsolationError {
  return new IsolationError(
    'CLIENT_UNKNOWN',
    'this is no Prisma client, or one that is inside of a transaction already.',
    'Begin with the client itself, and use inside what is handed on:  withUser(prisma, userId, (tx) => tx.note.findMany())',
  );
}

export function postgresqlAlone(provider: string): IsolationError {
  return new IsolationError(
    'POSTGRESQL_ONLY',
    `withUser goes by the row-level security of PostgreSQL, which ${provider} has not, so nothing was run.`,
    'Use forUser(prisma, userId), which works on every database.',
  );
}
