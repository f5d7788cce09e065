import { fileNotReadable } from './errors.ts';

const CODES = ['EACCES', 'EPERM', 'EISDIR', 'ENOTDIR', 'ELOOP', 'ENAMETOOLONG'];

/** A file or a folder that this user may not use is no bug, wherever it was read. Any other error comes back as it is. */
export function explainFileError(error: unknown): unknown {
  const { code = '', path, syscall } = (error ?? {}) as NodeJS.ErrnoException;
  return CODES.includes(code) && syscall !== undefined && path !== undefined
    ? fileNotReadable(path, code, error)
    : error;
}
