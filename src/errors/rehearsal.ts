import { quoteWord } from '../shell.ts';
import { commands, refusal, ToolkitError } from './toolkit-error.ts';

/** `what` is the option that names another kind of database. */
export function copyProviderDiffers(
  what: '--to' | '--from',
  provider: string,
  expected: string,
): ToolkitError {
  return refusal(
    'COPY_PROVIDER_DIFFERS',
    `${what} is of ${provider}, and the database of DATABASE_URL is of ${expected}: a copy has to be of the same kind.`,
    `Name ${what === '--to' ? 'a server' : 'a backup'} of ${expected}, or leave ${what} out.`,
  );
}

export function rehearsalInterrupted(userId: string): ToolkitError {
  return new ToolkitError('REHEARSAL_INTERRUPTED', {
    message: 'the rehearsal was stopped by Ctrl-C. Its copies are removed, and nothing else was changed.',
    remedy: commands('To rehearse:', `npm run migration:rehearse -- ${quoteWord(userId)}`),
  });
}

export function rehearsalSpaceShort(words: string, cause: unknown): ToolkitError {
  return new ToolkitError('REHEARSAL_SPACE', {
    message: `there is not enough room for a rehearsal, which takes that of a backup and of two copies: ${words}.\nIts copies are removed, and nothing else was changed.`,
    remedy: 'Make room; or rehearse a backup that is there (--from=FOLDER), or on another server (--to=URL).',
    cause,
  });
}
