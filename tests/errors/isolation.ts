import * as errors from '../../src/errors/isolation.ts';
import { type ExpectedTexts, NOTHING } from './expected.ts';

/** What is said where the list of models cannot be put. */
export const ISOLATION_ERRORS: ExpectedTexts<typeof errors> = {
  listNotReplaced: {
    error: errors.listNotReplaced('src/for user.ts'),
    code: 'LIST_NOT_REPLACED',
    message: `src/for user.ts was not written by this command, and is not replaced.${NOTHING}`,
    remedy: `To write the list elsewhere:
  npm run migration:isolation -- --generate='src/for user-list.ts'`,
  },
  listNotCode: {
    error: errors.listNotCode('src/db'),
    code: 'LIST_NOT_CODE',
    message: `src/db is no name of a TypeScript or JavaScript file.${NOTHING}`,
    remedy: `To write the list:
  npm run migration:isolation -- --generate=src/for-user.ts`,
  },
  isolationModeMissing: {
    error: errors.isolationModeMissing(),
    code: 'ISOLATION_MODE_MISSING',
    message: `migration:isolation has to be told what to do.${NOTHING}`,
    remedy: `To write the list of models for the application, or PostgreSQL's row-level security:
  npm run migration:isolation -- --generate=src/for-user.ts
  npm run migration:isolation -- --rls
To find what is not kept apart, in the application's code or by trying it:
  npm run migration:isolation -- --scan=src
  npm run migration:isolation -- --check`,
  },
  rowSecurityUnsupported: {
    error: errors.rowSecurityUnsupported('sqlite'),
    code: 'RLS_UNSUPPORTED',
    message: `row-level security is PostgreSQL's alone, and this database is sqlite.${NOTHING}`,
    remedy: `Here the guard is the extension of the client:
  npm run migration:isolation -- --generate=src/for-user.ts`,
  },
  roleUnknown: {
    error: errors.roleUnknown('app'),
    code: 'ROLE_UNKNOWN',
    message: `there is no role "app" on this server.${NOTHING}`,
    remedy: `Create it, with CREATE ROLE "app" LOGIN PASSWORD '...', here and on each server that the migration is for; then:
  npm run migration:isolation -- --rls --role=app`,
  },
  scanFolderMissing: {
    error: errors.scanFolderMissing('lib', 'there is no such folder'),
    code: 'SCAN_FOLDER_MISSING',
    message: `lib cannot be scanned: there is no such folder.${NOTHING}`,
    remedy: `To scan the application's code:
  npm run migration:isolation -- --scan=src`,
  },
  scanFolderEmpty: {
    error: errors.scanFolderEmpty('docs'),
    code: 'SCAN_FOLDER_EMPTY',
    message: `docs has no TypeScript or JavaScript in it, besides what is installed, generated or ignored by git.${NOTHING}`,
    remedy: `To scan the application's code:
  npm run migration:isolation -- --scan=src`,
  },
};
