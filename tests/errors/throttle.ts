import * as errors from '../../src/errors/throttle.ts';
import { type ExpectedTexts, NOTHING } from './expected.ts';

/** What is said of limits, and of asking something of a run. */
export const THROTTLE_ERRORS: ExpectedTexts<typeof errors> = {
  throttleUnsupported: {
    error: errors.throttleUnsupported('--max-lag'),
    code: 'THROTTLE_UNSUPPORTED',
    message: `--max-lag has nothing to go by: SQLite has neither replicas nor sessions.${NOTHING}`,
    remedy:
      'Use --pause-ms or --rate, or leave it out: between two batches the application always gets its turn.',
  },
  replicasMissing: {
    error: errors.replicasMissing(),
    code: 'REPLICAS_MISSING',
    message: `--max-lag needs to be told the replicas: a MySQL or MariaDB primary does not know how far they are.${NOTHING}`,
    remedy:
      'Set REPLICA_URLS in the environment or in .env: the URLs of the replicas, joined by commas. See .env.example.',
  },
  replicaUrlInvalid: {
    error: errors.replicaUrlInvalid(2, 'it names no database after the host'),
    code: 'REPLICA_URL_INVALID',
    message: `URL 2 of REPLICA_URLS cannot be used: it names no database after the host.${NOTHING}`,
    remedy: 'It is written as DATABASE_URL is; a comma in a password is %2C. See .env.example.',
  },
  replicaUnreadable: {
    error: errors.replicaUnreadable('replica-1', 'it follows no primary'),
    code: 'REPLICA_UNREADABLE',
    message: `the replica replica-1 does not say how far behind it is: it follows no primary.${NOTHING}`,
    remedy:
      'Check REPLICA_URLS, and that its user may ask: GRANT REPLICATION CLIENT, on MariaDB also GRANT SLAVE MONITOR.',
  },
  lagUnknown: {
    error: errors.lagUnknown(),
    code: 'LAG_UNKNOWN',
    message: `this role may not see how far the replicas are, so --max-lag cannot be kept.${NOTHING}`,
    remedy: 'Grant it: GRANT pg_monitor TO the role in DATABASE_URL; or leave --max-lag out.',
  },
  loadUnknown: {
    error: errors.loadUnknown(),
    code: 'LOAD_UNKNOWN',
    message: `this role may not see what other sessions do, so --max-load cannot be kept.${NOTHING}`,
    remedy: 'Grant it: GRANT pg_monitor TO the role in DATABASE_URL; or leave --max-load out.',
  },
  nothingRuns: {
    error: errors.nothingRuns('pause', {
      run: '7f3a',
      status: 'paused',
      next: 'npm run migration:assign ana',
    }),
    code: 'NOTHING_RUNS',
    message: `there is nothing to pause: no process works on a run now. The last run, 7f3a, is paused.${NOTHING}`,
    remedy: 'What can be done with it:\n  npm run migration:assign ana',
  },
  notPaused: {
    error: errors.notPaused('7f3a', 'ana'),
    code: 'NOT_PAUSED',
    message: `run 7f3a, which assigns to ana, was not asked to pause or to stop, so there is nothing to resume.${NOTHING}`,
    remedy: 'To see how far it is:\n  npm run migration:status',
  },
};
