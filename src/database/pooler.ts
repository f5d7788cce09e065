import type { DatabaseUrl } from './database-url.ts';

/** The port of PgBouncer and Supavisor in transaction mode. */
const POOLER_PORT = '6543';

/**
 * What of a URL says that it leads to a pooler which lends a connection for one transaction, so that a session's locks and
 * settings do not last; null where nothing does. The pooler of Supabase keeps sessions on port 5432.
 */
export function findPooler({ provider, url, host = '' }: DatabaseUrl): string | null {
  if (provider !== 'postgresql') return null;
  const { searchParams, port } = new URL(url);
  if (searchParams.get('pgbouncer') === 'true') return 'it says pgbouncer=true';
  if (port === POOLER_PORT) return `its port is ${POOLER_PORT}`;
  return /-pooler\./.test(host) ? `its host is ${host}` : null;
}
