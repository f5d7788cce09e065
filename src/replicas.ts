import { findSetting, type RawConfig } from './config.ts';
import { withDatabase } from './database/connect.ts';
import { type DatabaseUrl, parseDatabaseUrl } from './database/database-url.ts';
import type { Database } from './database/dialect.ts';
import { replicaUrlInvalid } from './errors.ts';

/** The servers of REPLICA_URLS, none where it is not set. Throws REPLICA_URL_INVALID, with nothing of the URL in it. */
export function readReplicaUrls(raw: RawConfig): DatabaseUrl[] {
  const texts = (findSetting(raw, 'REPLICA_URLS') ?? '').split(',').map((text) => text.trim());
  return texts
    .filter((text) => text !== '')
    .map((text, i) => {
      const url = parseDatabaseUrl(text, []);
      if (typeof url === 'string') throw replicaUrlInvalid(i + 1, url);
      if (url.provider !== 'mysql') throw replicaUrlInvalid(i + 1, 'it is not of a MySQL or MariaDB');
      return url;
    });
}

/** Opens all of them for `work`, and closes them again. */
export function withReplicas<T>(
  urls: readonly DatabaseUrl[],
  work: (replicas: Database[]) => Promise<T>,
): Promise<T> {
  const [first, ...rest] = urls;
  if (!first) return work([]);
  return withDatabase(first, (replica) => withReplicas(rest, (others) => work([replica, ...others])));
}
