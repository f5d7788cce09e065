import { commands, refusal, type ToolkitError } from './toolkit-error.ts';

/** `preview` is the command that shows what would be written. */
export function fileNotWritable(
  path: string,
  { why, preview, cause }: { why: string; preview: string; cause?: unknown },
): ToolkitError {
  return refusal(
    'FILE_NOT_WRITABLE',
    `${path} cannot be written: ${why}.`,
    commands('Allow it, or put the changes in by hand. To see them:', preview),
    cause,
  );
}

export function fileChanged(path: string, preview: string): ToolkitError {
  return refusal(
    'FILE_CHANGED',
    `${path} was changed by another program since it was read.`,
    commands('To see what would be changed now:', preview),
  );
}
