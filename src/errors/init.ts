import { commands, refusal, type ToolkitError } from './toolkit-error.ts';

export function packageJsonMissing(): ToolkitError {
  return refusal(
    'PACKAGE_JSON_MISSING',
    'there is no package.json in this folder.',
    commands('In the folder of the project that has one, type:', 'npx prisma-ownership init'),
  );
}

export function packageJsonInvalid(why: string): ToolkitError {
  return refusal(
    'PACKAGE_JSON_INVALID',
    `package.json cannot be used: ${why}.`,
    commands('Correct it. To see what would be changed in it then:', 'npx prisma-ownership init --dry-run'),
  );
}
