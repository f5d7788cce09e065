import { quoteWord } from '../shell.ts';
import { commands, refusal, type ToolkitError } from './toolkit-error.ts';

export function listNotReplaced(path: string): ToolkitError {
  return refusal(
    'LIST_NOT_REPLACED',
    `${path} was not written by this command, and is not replaced.`,
    commands(
      'To write the list elsewhere:',
      `npm run migration:isolation -- --generate=${quoteWord(path.replace(/\.\w+$/, '-list$&'))}`,
    ),
  );
}

export function listNotCode(path: string): ToolkitError {
  return refusal(
    'LIST_NOT_CODE',
    `${path} is no name of a TypeScript or JavaScript file.`,
    commands('To write the list:', 'npm run migration:isolation -- --generate=src/for-user.ts'),
  );
}

export function isolationModeMissing(): ToolkitError {
  return refusal(
    'ISOLATION_MODE_MISSING',
    'migration:isolation has to be told what to do.',
    [
      commands(
        "To write the list of models for the application, or PostgreSQL's row-level security:",
        'npm run migration:isolation -- --generate=src/for-user.ts',
        'npm run migration:isolation -- --rls',
      ),
      commands(
        "To find what is not kept apart, in the application's code or by trying it:",
        'npm run migration:isolation -- --scan=src',
        'npm run migration:isolation -- --check',
      ),
    ].join('\n'),
  );
}

export function rowSecurityUnsupported(provider: string): ToolkitError {
  return refusal(
    'RLS_UNSUPPORTED',
    `row-level security is PostgreSQL's alone, and this database is ${provider}.`,
    commands(
      'Here the guard is the extension of the client:',
      'npm run migration:isolation -- --generate=src/for-user.ts',
    ),
  );
}

export function roleUnknown(role: string): ToolkitError {
  return refusal(
    'ROLE_UNKNOWN',
    `there is no role "${role}" on this server.`,
    commands(
      `Create it, with CREATE ROLE "${role.replaceAll('"', '""')}" LOGIN PASSWORD '...', here and on each server that the migration is for; then:`,
      `npm run migration:isolation -- --rls --role=${quoteWord(role)}`,
    ),
  );
}

export function scanFolderMissing(folder: string, why: string): ToolkitError {
  return refusal(
    'SCAN_FOLDER_MISSING',
    `${folder} cannot be scanned: ${why}.`,
    commands("To scan the application's code:", 'npm run migration:isolation -- --scan=src'),
  );
}

export function scanFolderEmpty(folder: string): ToolkitError {
  return refusal(
    'SCAN_FOLDER_EMPTY',
    `${folder} has no TypeScript or JavaScript in it, besides what is installed, generated or ignored by git.`,
    commands("To scan the application's code:", 'npm run migration:isolation -- --scan=src'),
  );
}
