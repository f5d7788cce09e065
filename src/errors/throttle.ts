import { quoteWord } from '../shell.ts';
import { commands, refusal, type ToolkitError } from './toolkit-error.ts';

export function throttleUnsupported(flag: string): ToolkitError {
  return refusal(
    'THROTTLE_UNSUPPORTED',
    `${flag} has nothing to go by: SQLite has neither replicas nor sessions.`,
    'Use --pause-ms or --rate, or leave it out: between two batches the application always gets its turn.',
  );
}

export function replicasMissing(): ToolkitError {
  return refusal(
    'REPLICAS_MISSING',
    '--max-lag needs to be told the replicas: a MySQL or MariaDB primary does not know how far they are.',
    'Set REPLICA_URLS in the environment or in .env: the URLs of the replicas, joined by commas. See .env.example.',
  );
}

export function replicaUrlInvalid(position: number, why: string): ToolkitError {
  return refusal(
    'REPLICA_URL_INVALID',
    `URL ${position} of REPLICA_URLS cannot be used: ${why}.`,
    'It is written as DATABASE_URL is; a comma in a password is %2C. See .env.example.',
  );
}

export function replicaUnreadable(host: string, words: string): ToolkitError {
  return refusal(
    'REPLICA_UNREADABLE',
    `the replica ${host} does not say how far behind it is: ${words}.`,
    'Check REPLICA_URLS, and that its user may ask: GRANT REPLICATION CLIENT, on MariaDB also GRANT SLAVE MONITOR.',
  );
}

export function lagUnknown(): ToolkitError {
  return refusal(
    'LAG_UNKNOWN',
    'this role may not see how far the replicas are, so --max-lag cannot be kept.',
    'Grant it: GRANT pg_monitor TO the role in DATABASE_URL; or leave --max-lag out.',
  );
}

export function loadUnknown(): ToolkitError {
  return refusal(
    'LOAD_UNKNOWN',
    'this role may not see what other sessions do, so --max-load cannot be kept.',
    'Grant it: GRANT pg_monitor TO the role in DATABASE_URL; or leave --max-load out.',
  );
}

/** `last` is the newest run, if there is one: what is wanted may be to carry it on. */
export function nothingRuns(
  command: string,
  last: { run: string; status: string; next: string } | null,
): ToolkitError {
  const state = last ? ` The last run, ${last.run}, is ${last.status}.` : '';
  return refusal(
    'NOTHING_RUNS',
    `there is nothing to ${command}: no process works on a run now.${state}`,
    last
      ? commands('What can be done with it:', last.next)
      : commands('To see the users that rows can be assigned to:', 'npm run migration:list-users'),
  );
}

export function notPaused(run: string, userId: string): ToolkitError {
  return refusal(
    'NOT_PAUSED',
    `run ${run}, which assigns to ${quoteWord(userId)}, was not asked to pause or to stop, so there is nothing to resume.`,
    commands('To see how far it is:', 'npm run migration:status'),
  );
}
