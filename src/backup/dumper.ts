import type { Database } from '../database/dialect.ts';
import type { DigestedSoFar } from './digest-database.ts';
import type { BackupFile, BackupTable, Manifest } from './manifest.ts';
import type { Environment } from './tools.ts';

/** What a dump is prepared from. */
export interface DumpSettings {
  database: Database;
  /** The server's version, as it says it. */
  version: string;
  env: Environment;
  /** Tables that PostgreSQL's tool dumps at once. */
  jobs: number;
  /** The tool that restores it must be there as well. */
  willVerify: boolean;
}

/** A dump that is about to be made; nothing was written yet. */
export interface Dumper {
  layout: Manifest['layout'];
  /** What makes it, with its version. */
  tool: string;
  /** What the disk has to have for each byte of the database, at the least. */
  leastRatio: number;
  /** Writes the files of the backup into a folder. When it throws, half files are left there. */
  dump(target: DumpTarget): Promise<Dumped>;
}

export interface DumpTarget {
  folder: string;
  /** Ends it, and the tools that it started. */
  signal: AbortSignal;
  onBytes: (more: number) => void;
  onDigested: (soFar: DigestedSoFar) => void;
  /** Something that the operator should know. */
  note: (text: string) => void;
}

/** What was written; rows and digests are of the moment that the files are of. */
export interface Dumped {
  time: string;
  files: BackupFile[];
  tables: BackupTable[];
}

/** Does both at the same time. Where one fails the other is ended, and the failure that came first is thrown. */
export async function together<A, B>(
  signal: AbortSignal,
  one: (signal: AbortSignal) => Promise<A>,
  other: (signal: AbortSignal) => Promise<B>,
): Promise<[A, B]> {
  const stop = new AbortController();
  const either = AbortSignal.any([signal, stop.signal]);
  let first: { error: unknown } | undefined;
  const guard = <T>(work: (signal: AbortSignal) => Promise<T>) =>
    work(either).catch((error: unknown) => {
      first ??= { error };
      stop.abort();
      throw error;
    });
  const [a, b] = await Promise.allSettled([guard(one), guard(other)]);
  if (a.status === 'fulfilled' && b.status === 'fulfilled') return [a.value, b.value];
  throw first?.error;
}
