import type { BackupEvidence } from '../ownership/evidence.ts';
import type { Backup } from './read-backup.ts';

/** A backup as the journal keeps it. `verified` is when it was proved to restore, where its manifest does not say so itself. */
export function toEvidence(
  { folder, manifest, sha256 }: Backup,
  { host, verified }: { host: string; verified: string | null },
): BackupEvidence {
  return {
    path: folder,
    host,
    taken: manifest.time,
    verified: manifest.verified?.time ?? verified,
    bytes: manifest.files.reduce((sum, { bytes }) => sum + bytes, 0),
    rows: manifest.tables.reduce((sum, { rows }) => sum + rows, 0),
    tables: manifest.tables.length,
    sha256,
  };
}
