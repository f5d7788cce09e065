import { createReadStream } from 'node:fs';
import { Transform, type Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { backupUnreadable } from '../errors.ts';

/**
 * Unpacks a file into `to`, and ends that. `onBytes` is told how much of the packed file is read. Throws BACKUP_UNREADABLE
 * where it is no gzip file or ends too early; what was unpacked until then is in `to`.
 */
export async function readZipped(
  path: string,
  to: Writable,
  { signal, onBytes }: { signal?: AbortSignal | undefined; onBytes?: (done: number) => void } = {},
): Promise<void> {
  let done = 0;
  const count = new Transform({
    transform(chunk: Buffer, _, next) {
      done += chunk.length;
      onBytes?.(done);
      next(null, chunk);
    },
  });
  try {
    await pipeline(createReadStream(path, { highWaterMark: 1 << 18 }), count, createGunzip(), to, { signal });
  } catch (error) {
    const { code = '', message } = error as NodeJS.ErrnoException;
    throw code.startsWith('Z_') ? backupUnreadable(path, message, error) : error;
  }
}
