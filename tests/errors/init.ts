import * as errors from '../../src/errors/init.ts';
import { type ExpectedTexts, NOTHING } from './expected.ts';

/** What is said of init. */
export const INIT_ERRORS: ExpectedTexts<typeof errors> = {
  packageJsonMissing: {
    error: errors.packageJsonMissing(),
    code: 'PACKAGE_JSON_MISSING',
    message: `there is no package.json in this folder.${NOTHING}`,
    remedy: `In the folder of the project that has one, type:
  npx prisma-ownership init`,
  },
  packageJsonInvalid: {
    error: errors.packageJsonInvalid('it is not JSON'),
    code: 'PACKAGE_JSON_INVALID',
    message: `package.json cannot be used: it is not JSON.${NOTHING}`,
    remedy: `Correct it. To see what would be changed in it then:
  npx prisma-ownership init --dry-run`,
  },
};
