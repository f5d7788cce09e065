import { createBackup } from '../backup/create-backup.ts';
import { loadBackup } from '../backup/load-backup.ts';
import type { Environment } from '../backup/tools.ts';
import { withDatabase } from '../database/connect.ts';
import type { DatabaseUrl } from '../database/database-url.ts';
import type { Operator } from '../ownership/writer.ts';
import { withFolder } from '../rehearsal/folder.ts';
import { withScratch } from '../scratch/scratch.ts';

interface CopyRequest {
  cwd: string;
  env: Environment;
  operator: Operator;
  signal: AbortSignal;
  /** Something that the operator should know, as a sentence. */
  note: (text: string) => void;
}

/** Copies a database into a scratch one beside it, gives that to `work`, and removes it again, whatever happens. */
export function withCopy<T>(
  source: DatabaseUrl,
  { cwd, env, operator, signal, note }: CopyRequest,
  work: (copy: DatabaseUrl) => Promise<T>,
): Promise<T> {
  return withScratch(source, { ...operator, note }, async (copy) => {
    await withFolder(cwd, operator, async (folder) => {
      const backup = await createBackup(source, { out: folder, env, pid: operator.pid, signal });
      await loadBackup(backup, copy, { env, signal });
    });
    await withDatabase(copy, (database) => database.dialect.copies.isolate(database));
    return work(copy);
  });
}
