import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { PassThrough, type Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import type { BackupFile } from './manifest.ts';

/** Twice as fast as the usual 6, and a tenth bigger. */
const GZIP_LEVEL = 3;

export interface WriteOptions {
  folder: string;
  name: string;
  role: BackupFile['role'];
  gzip: boolean;
  signal?: AbortSignal | undefined;
  /** So many bytes more are in the file. */
  onBytes?: ((more: number) => void) | undefined;
}

/**
 * Writes a stream into a new file that only this user can read, and digests it on the way; it is on the disk when this
 * returns. Throws the error of the file system, with the half file left.
 */
export async function writeFile(source: Readable, options: WriteOptions): Promise<BackupFile> {
  const { folder, name, role, gzip, signal, onBytes } = options;
  const hash = createHash('sha256');
  let bytes = 0;
  const measure = new Transform({
    transform(chunk: Buffer, _, done) {
      hash.update(chunk);
      bytes += chunk.length;
      onBytes?.(chunk.length);
      done(null, chunk);
    },
  });
  await pipeline(
    source,
    gzip ? createGzip({ level: GZIP_LEVEL }) : new PassThrough(),
    measure,
    createWriteStream(join(folder, name), { flags: 'wx', mode: 0o600, flush: true }),
    { signal },
  );
  return { name, role, bytes, sha256: hash.digest('hex') };
}

/** Has the disk hold what is in a folder's list, or in a file that another program wrote. */
export async function flush(path: string): Promise<void> {
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
