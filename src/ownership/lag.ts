import type { Database, Session } from '../database/dialect.ts';
import type { Replication } from '../database/replication.ts';
import { classifyFailure } from '../database/driver-errors.ts';
import { lagUnknown, replicaUnreadable, replicasMissing } from '../errors.ts';

/** How far one replica is behind, in seconds. */
interface Lag {
  replica: string;
  seconds: number;
}

/** Tells the replica that is furthest behind from what the primary says, again and again; null where there is none. */
export type LagMeter = (replication: Replication, nowMs: number) => Lag | null;

/**
 * PostgreSQL keeps the last lag that it measured when a replica stops replaying, so it is measured here: a replica is
 * behind by the time since the log first ended beyond what it has replayed. A slot without a reader counts once it was
 * seen with one in this run: a slot that everybody forgot must not hold a run for ever.
 */
export function createLagMeter(): LagMeter {
  let samples: { position: bigint; at: number }[] = [];
  const seen = new Set<string>();
  return ({ position, replicas }, nowMs) => {
    if (samples.at(-1)?.position !== position) samples.push({ position, at: nowMs });
    for (const { name, isConnected } of replicas) if (isConnected) seen.add(name);
    const followed = replicas.filter(({ name }) => seen.has(name));
    const lags = followed.map(({ name, replayed, seconds }): Lag => {
      const missing = samples.find((sample) => sample.position > (replayed ?? 0n));
      return { replica: name, seconds: Math.max(seconds, missing ? (nowMs - missing.at) / 1000 : 0) };
    });
    const slowest = followed.reduce((least, { replayed }) => {
      return replayed !== null && replayed < least ? replayed : least;
    }, position);
    samples = samples.filter((sample) => sample.position > slowest);
    return lags.reduce<Lag | null>((most, lag) => (most && most.seconds >= lag.seconds ? most : lag), null);
  };
}

/** Reads how far the furthest replica is behind; null where there is none. */
export type ReadLag = () => Promise<Lag | null>;

/**
 * Asks the replicas where they are given, the primary otherwise; once before it returns, so that what cannot be read is
 * known before anything is written. Later a replica that does not answer counts as one that has stopped. Throws LAG_UNKNOWN,
 * REPLICAS_MISSING or REPLICA_UNREADABLE.
 */
export async function createLagReader(database: Database, replicas: readonly Database[]): Promise<ReadLag> {
  if (database.url.provider === 'mysql') {
    if (replicas.length === 0) throw replicasMissing();
    for (const replica of replicas) await assertFollows(replica);
    return () => askReplicas(replicas);
  }
  const measure = createLagMeter();
  const read = () => database.read((session) => database.dialect.readReplication(session));
  const first = await read();
  if (!first || first.replicas.some(({ replayed }) => replayed === null)) throw lagUnknown();
  return async () => {
    const replication = await read();
    return replication && measure(replication, performance.now());
  };
}

async function assertFollows({ url, read, dialect }: Database): Promise<void> {
  const host = url.host ?? url.name;
  const lag = await read((session) => dialect.readOwnLag(session)).catch((error: unknown) => {
    throw replicaUnreadable(host, classifyFailure(error).words);
  });
  if (lag === null) throw replicaUnreadable(host, 'it follows no primary');
}

async function askReplicas(replicas: readonly Database[]): Promise<Lag | null> {
  let most: Lag | null = null;
  for (const { url, read, dialect } of replicas) {
    const stopped = Number.POSITIVE_INFINITY;
    const seconds = await read((session) => dialect.readOwnLag(session)).catch(() => stopped);
    const lag = { replica: url.host ?? url.name, seconds: seconds ?? stopped };
    if (!most || lag.seconds > most.seconds) most = lag;
  }
  return most;
}

/** How far each replica is behind, in seconds, as the primary knows it; null where it cannot be told. */
export async function listLags(
  session: Session,
  { dialect }: Database,
): Promise<{ replica: string; seconds: number | null }[]> {
  const replication = await dialect.readReplication(session);
  return (replication?.replicas ?? []).map(({ name, replayed, seconds, isConnected }) => {
    return { replica: name, seconds: replayed !== null && isConnected ? seconds : null };
  });
}
