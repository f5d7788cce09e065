import { comment, literal, THIS_MIGRATION, TRY_AGAIN } from './ddl-names.ts';

/** A statement that has to wait for a lock, and what its file says of it. */
export interface PatientStatement {
  /** What it does, what it locks: the head of the file. */
  about: string[];
  sql: string;
  /** The tables that it locks, quoted. */
  tables: string[];
  /** The locks of others that it need not wait for, as pg_locks names them. */
  harmless: readonly string[];
  /** What has to be true of the rows, or nothing is changed. */
  guard?: Guard;
}

/** Counts rows, and raises when they are too many. */
export interface Guard {
  /** A table that nobody may change from the count on. */
  lock?: string;
  /** A query of one number. */
  count: string;
  most: number;
  /** What is wrong when they are more: after "1", and after any other number. */
  says: { one: string; many: string };
  /** What to do about it. */
  remedy: string;
}

const TRIES = 30;
/** Of the query that a session which is in the way runs. */
const QUERY_CHARACTERS = 80;

/** https://www.postgresql.org/docs/current/explicit-locking.html: the locks that do not conflict with each of these. */
export const HARMLESS = {
  accessExclusive: [],
  shareRowExclusive: ['AccessShareLock', 'RowShareLock'],
  shareUpdateExclusive: ['AccessShareLock', 'RowShareLock', 'RowExclusiveLock'],
} as const;

/**
 * The text of a migration that tries its statement for about a minute, for 0.3 s at a time, because everybody queues behind
 * one who waits for a lock. Each try is a subtransaction, so that nothing is locked in between. The settings are
 * local: the next migrations of the same connection may need to wait for longer, as CREATE INDEX CONCURRENTLY does.
 */
export function waitPatiently(statement: PatientStatement): string {
  const { about, sql, guard } = statement;
  const body = `DECLARE
  counted bigint;
  holders text;
BEGIN
  FOR try IN 1..${TRIES} LOOP
    BEGIN
${guard ? writeGuard(guard) : ''}      ${sql};
      RETURN;
    EXCEPTION WHEN lock_not_available OR deadlock_detected THEN
      NULL;
    END;
    -- 10 ms at first, up to 3 s, with jitter.
    PERFORM pg_sleep(least(0.01 * 1.5 ^ try, 3) * (0.5 + random()));
  END LOOP;
${writeHolders(statement)}
END
`;
  return `${comment(...about, ...WHEN_IT_FAILS)}${guard ? COUNT_ALL : ''}SET LOCAL lock_timeout = '300ms';
SET LOCAL statement_timeout = 0;
${writeDo(body)}`;
}

/** A count is of all rows there are, also of those that were committed while this waited for its lock. */
const COUNT_ALL = `SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
SET LOCAL row_security = off;
`;

const WHEN_IT_FAILS = [
  `When it fails, nothing has changed. Do what its message says, then type: npx prisma migrate resolve --rolled-back ${THIS_MIGRATION}`,
  'and npx prisma migrate deploy.',
];

function writeGuard({ lock, count, most, says, remedy }: Guard): string {
  return `${lock ? `      LOCK TABLE ${lock} IN ACCESS EXCLUSIVE MODE;\n` : ''}      counted := (${count});
      IF counted > ${most} THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation', MESSAGE = counted
          || CASE counted WHEN 1 THEN ${literal(says.one)} ELSE ${literal(says.many)} END
          || ${literal(`, so nothing was changed. ${remedy}, then type: ${TRY_AGAIN}`)};
      END IF;
`;
}

/** A transaction that was prepared has a lock and no session. */
function writeHolders({ tables, harmless }: PatientStatement): string {
  const relations = tables.map((table) => `to_regclass(${literal(table)})`).join(', ');
  const modes = harmless.map((mode) => literal(mode)).join(', ');
  const text = `The lock on ${tables.join(' or ')} could not be had in ${TRIES} tries, so nothing was changed. It is held by `;
  return `  SELECT string_agg(coalesce('pid ' || l.pid, 'a prepared transaction')
           || coalesce(' (' || a.usename || ', for ' || extract(epoch FROM clock_timestamp() - a.xact_start)::int || ' s: '
                || left(regexp_replace(a.query, '\\s+', ' ', 'g'), ${QUERY_CHARACTERS}) || ')', ''), ', ' ORDER BY a.xact_start)
    INTO holders
    FROM (SELECT DISTINCT k.pid FROM pg_locks k
           WHERE k.granted AND k.locktype = 'relation' AND k.pid IS DISTINCT FROM pg_backend_pid()
             AND k.database = (SELECT d.oid FROM pg_database d WHERE d.datname = current_database())
             AND k.relation IN (${relations})${modes ? ` AND k.mode NOT IN (${modes})` : ''}) l
    LEFT JOIN pg_stat_activity a ON a.pid = l.pid;
  RAISE EXCEPTION USING ERRCODE = 'lock_not_available', MESSAGE = ${literal(text)}
    || coalesce(holders, 'somebody who is gone by now')
    || ${literal(`. When its transaction has ended (SELECT pg_terminate_backend(PID) ends it), type: ${TRY_AGAIN}`)};`;
}

/** Between dollars that are not in the text. */
function writeDo(body: string): string {
  let tag = '$ownership$';
  for (let i = 1; body.includes(tag); i += 1) tag = `$ownership${i}$`;
  return `DO ${tag}\n${body}${tag};\n`;
}
