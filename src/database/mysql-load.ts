import type { Session } from './dialect.ts';
import { raw, sql } from './sql.ts';

/** See `Dialect.readLoad`; the number of running threads is no secret, and one of them is ours. */
export async function readLoad(session: Session): Promise<{ active: number; hidden: number }> {
  const rows = await session.query<{ Value: string }>(sql`SHOW GLOBAL STATUS LIKE 'Threads_running'`);
  return { active: Math.max(0, Number(rows[0]?.Value ?? 0) - 1), hidden: 0 };
}

type ReplicaStatus = Record<string, string | bigint | number | null>;

/**
 * Seconds that this server is behind its primary, `Infinity` where replication has stopped, null where it is no replica.
 * With several primaries, the one that it is furthest behind. The newer words are of MySQL 8.0.22 and MariaDB 10.5.1:
 * https://dev.mysql.com/doc/refman/8.4/en/show-replica-status.html
 */
export async function readOwnLag(session: Session): Promise<number | null> {
  const [version] = await session.query<{ version: string }>(sql`SELECT VERSION() AS version`);
  const isMariaDb = /mariadb/i.test(version?.version ?? '');
  const statement = isMariaDb ? 'SHOW ALL SLAVES STATUS' : 'SHOW REPLICA STATUS';
  const rows = await session.query<ReplicaStatus>(sql`${raw(statement)}`);
  const lags = rows.map((row) => row.Seconds_Behind_Source ?? row.Seconds_Behind_Master ?? null);
  if (lags.length === 0) return null;
  return Math.max(...lags.map((lag) => (lag === null ? Number.POSITIVE_INFINITY : Number(lag))));
}
