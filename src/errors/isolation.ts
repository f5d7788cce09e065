import { commands, refusal, type ToolkitError } from './toolkit-error.ts';

export function listNotReplaced(path: string): ToolkitError {
  return refusal(
    'LIST_NOT_REPLACED',
    `${path} was not written by this command, and is not replaced.`,
    commands('To write the list elsewhere:', 'npm run migration:isolation -- --generate=src/for-user.ts'),
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
    commands(
      'To write the list of models for the application:',
      'npm run migration:isolation -- --generate=src/for-user.ts',
    ),
  );
}
