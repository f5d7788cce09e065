import type { Session, TableName, Transact } from './dialect.ts';
import type { Replication } from './replication.ts';
import { raw, sql } from './sql.ts';

/** See `Dialect.readLoad`. */
export async function readLoad(session: Session): Promise<{ active: number; hidden: number }> {
  const rows = await session.query<{ active: bigint; hidden: bigint }>(sql`
    SELECT count(*) FILTER (WHERE state = 'active') AS active, count(*) FILTER (WHERE state IS NULL) AS hidden
      FROM pg_stat_activity
     WHERE pid <> pg_backend_pid() AND coalesce(backend_type, 'client backend') = 'client backend' AND usename IS NOT NULL`);
  return { active: Number(rows[0]?.active ?? 0), hidden: Number(rows[0]?.hidden ?? 0) };
}

/**
 * Standbys and subscribers, and slots that nobody reads from
 * (https://www.postgresql.org/docs/current/monitoring-stats.html#MONITORING-PG-STAT-REPLICATION-VIEW).
 */
export async function readReplication(session: Session): Promise<Replication> {
  const [end] = await session.query<{ position: string }>(
    sql`SELECT CAST(pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0') AS text) AS position`,
  );
  const rows = await session.query<{
    name: string;
    replayed: string | null;
    seconds: number;
    isConnected: boolean;
  }>(sql`
    SELECT concat_ws(' at ', nullif(application_name, ''), host(client_addr)) AS name,
           CAST(pg_wal_lsn_diff(replay_lsn, '0/0') AS text) AS replayed,
           CAST(coalesce(extract(epoch FROM replay_lag), 0) AS float8) AS seconds, true AS "isConnected"
      -- A state that this role may not see is NULL; a position is also NULL while a replica only begins to follow.
      FROM pg_stat_replication WHERE state IS NULL OR (state <> 'backup' AND replay_lsn IS NOT NULL)
    UNION ALL
    SELECT 'of the slot ' || slot_name, CAST(pg_wal_lsn_diff(coalesce(confirmed_flush_lsn, restart_lsn), '0/0') AS text), 0, active
      FROM pg_replication_slots WHERE coalesce(confirmed_flush_lsn, restart_lsn) IS NOT NULL`);
  const replicas = rows.map(({ replayed, ...replica }) => ({
    ...replica,
    replayed: replayed === null ? null : BigInt(replayed),
  }));
  return { position: BigInt(end?.position ?? 0), replicas };
}

/**
 * After a column was filled, the planner still knows it as empty, and reads a table through an index that most rows are in.
 * ANALYZE stands in nobody's way but that of DDL and vacuum; it does nothing, with a warning, where the table is another
 * role's (https://www.postgresql.org/docs/current/sql-analyze.html).
 */
export async function refreshStatistics(transact: Transact, { schema, name }: TableName): Promise<void> {
  const quoted = [schema, name].map((part) => `"${part.replaceAll('"', '""')}"`).join('.');
  await transact((session) => session.execute(sql`ANALYZE ${raw(quoted)}`));
}
