import * as errors from '../../src/errors/files.ts';
import { type ExpectedTexts, NOTHING } from './expected.ts';

/** What is said of files that are to be written. */
export const FILES_ERRORS: ExpectedTexts<typeof errors> = {
  fileNotWritable: {
    error: errors.fileNotWritable('package.json', {
      why: 'EACCES',
      preview: 'npx prisma-ownership init --dry-run',
    }),
    code: 'FILE_NOT_WRITABLE',
    message: `package.json cannot be written: EACCES.${NOTHING}`,
    remedy: `Allow it, or put the changes in by hand. To see them:
  npx prisma-ownership init --dry-run`,
  },
  fileChanged: {
    error: errors.fileChanged('package.json', 'npx prisma-ownership init --dry-run'),
    code: 'FILE_CHANGED',
    message: `package.json was changed by another program since it was read.${NOTHING}`,
    remedy: `To see what would be changed now:
  npx prisma-ownership init --dry-run`,
  },
};
