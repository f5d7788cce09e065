import { error, type Finding, info, warning } from '../ownership/findings.ts';
import { quoteWord } from '../shell.ts';

/** A place in the code, and what is called there. */
export interface CallSite {
  model: string | null;
  operation: string;
  /** What stands before the model in the code: `this.prisma`. */
  receiver: string;
  isTransaction?: boolean;
}

const BEGIN_SCOPED =
  'Begin the transaction on a scoped client: forUser(prisma, userId).$transaction(async (tx) => ...)';

/** What to type in the place of a call on a client that is not scoped. */
function typeScoped({ model, operation, receiver, isTransaction = false }: CallSite): string {
  if (isTransaction) return BEGIN_SCOPED;
  const delegate = model === null ? '' : `.${model.replace(/^./, (letter) => letter.toLowerCase())}`;
  return `Type forUser(${receiver}, userId)${delegate}.${operation}(...)`;
}

/** The same where the call itself is on another model. */
function replaceReceiver({ receiver, isTransaction = false }: Omit<CallSite, 'model' | 'operation'>): string {
  return isTransaction ? BEGIN_SCOPED : `Use forUser(${receiver}, userId) in the place of ${receiver}`;
}

export const clientNotScoped = (site: CallSite) =>
  error('CLIENT_NOT_SCOPED', site.model, 'the client is not scoped to a user', typeScoped(site));

export const closedModel = (model: string, reason: string) =>
  error(
    'CLIENT_NOT_SCOPED',
    model,
    `the client is not scoped to a user, and whose the rows are is not decided (${reason})`,
    'Choose its owner column in ownership.config.json, then type forUser(prisma, userId)',
  );

export const byIdOnly = (site: CallSite) =>
  error(
    'BY_ID_ONLY',
    site.model,
    'the row is found by its key alone, so whoever has the key has the row',
    typeScoped(site),
  );

export const nestedNotScoped = (site: CallSite, by: string) =>
  error(
    'NESTED_NOT_SCOPED',
    site.model,
    `rows are reached by ${by}, on a client that is not scoped`,
    replaceReceiver(site),
  );

export const nestedByHand = (site: CallSite, by: string) =>
  warning(
    'NESTED_NOT_SCOPED',
    site.model,
    `the call is scoped by hand, but not the rows that it reaches by ${by}`,
    replaceReceiver(site),
  );

export const sqlNamesOwned = (models: readonly string[], receiver: string) =>
  error(
    'SQL_NOT_SCOPED',
    models[0] ?? null,
    `raw SQL names the table of ${models.join(', ')}`,
    `Use an operation of Prisma, or on PostgreSQL with row-level security withUser(${receiver}, userId, (tx) => ...)`,
  );

export const sqlUnknown = (receiver: string) =>
  error(
    'SQL_UNKNOWN',
    null,
    'raw SQL whose text is not known here: it may name the table of an owned model',
    `Write its text where it is run, or use withUser(${receiver}, userId, (tx) => ...) with row-level security`,
  );

export const sqlRefused = () =>
  warning(
    'SQL_REFUSED',
    null,
    'a scoped client refuses raw SQL when this is run',
    'Begin the SQL with /* unscoped: why */ where that is meant, or use an operation of Prisma',
  );

export const sqlMeant = () => info('SQL_MEANT', null, 'raw SQL that says why it is not scoped');

export const parentClient = (model: string | null) =>
  error(
    'PARENT_CLIENT',
    model,
    '$parent is the client that is not scoped',
    'Use the scoped client itself, without $parent',
  );

export const clientUnknown = (site: CallSite) =>
  warning(
    'CLIENT_UNKNOWN',
    site.model,
    `it cannot be told whether ${site.receiver} is scoped`,
    'Use forUser(prisma, userId) where it is made, or ignore it with // ownership-ignore: why it is scoped',
  );

export const modelComputed = (receiver: string) =>
  warning(
    'MODEL_COMPUTED',
    null,
    'which model it is about is not known here, and the client is not scoped',
    replaceReceiver({ receiver }),
  );

export const operationComputed = ({ model, receiver }: CallSite) =>
  warning(
    'MODEL_COMPUTED',
    model,
    'which operation it is is not known here, and the client is not scoped',
    replaceReceiver({ receiver }),
  );

export const delegatePassed = ({ model, receiver }: CallSite) =>
  warning(
    'MODEL_PASSED',
    model,
    'a model of a client that is not scoped is handed on, and what is done with it is not known here',
    replaceReceiver({ receiver }),
  );

export const selectionUnknown = (site: CallSite) =>
  warning(
    'SELECTION_UNKNOWN',
    site.model,
    'what is included or selected is not known here: it may reach rows of an owned model',
    replaceReceiver(site),
  );

export const scopedByHand = (model: string) =>
  info('SCOPED_BY_HAND', model, 'the arguments name the owner; nothing sees to it that they go on to');

export const fileNotParsed = (place: string, problem: string): Finding =>
  error(
    'FILE_NOT_PARSED',
    null,
    `${place}: the file cannot be read as code (${problem}), so its calls are not known`,
    'Mend the file, or take it out of the folder',
  );

export const fileNotReadable = (file: string, problem: string): Finding =>
  error(
    'FILE_NOT_READABLE',
    null,
    `${file}: cannot be read (${problem}), so its calls are not known`,
    'Let whoever runs this read the file',
  );

export const ignoreWithoutReason = (place: string): Finding =>
  error(
    'IGNORE_WITHOUT_REASON',
    null,
    `${place}: ownership-ignore has no reason, and is not honoured`,
    'Say why: // ownership-ignore: counts the rows of all users for the statistics',
  );

export const ignoreUnused = (place: string): Finding =>
  warning(
    'IGNORE_UNUSED',
    null,
    `${place}: ownership-ignore stands at no call that is listed`,
    'Remove it, or put it on the line of the call or above it',
  );

export const listOld = (file: string): Finding =>
  error(
    'ISOLATION_LIST_OLD',
    null,
    `${file}: the list that scoped clients go by is not what the schema says`,
    `Write it again: npm run migration:isolation -- --generate=${quoteWord(file)}`,
  );
