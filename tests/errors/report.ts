import * as errors from '../../src/errors/report.ts';
import { CAUSE, type ExpectedTexts, NOTHING } from './expected.ts';

/** What is said where a report cannot be put. */
export const REPORT_ERRORS: ExpectedTexts<typeof errors> = {
  reportNotReplaced: {
    error: errors.reportNotReplaced('notes.html', 'another file'),
    code: 'REPORT_NOT_REPLACED',
    message: `notes.html is another file, and only an earlier report is replaced.${NOTHING}`,
    remedy: `To write it elsewhere:
  npm run migration:report -- --out=report.html`,
  },
  reportNotWritable: {
    error: errors.reportNotWritable('out/report.html', 'ENOENT', CAUSE),
    code: 'REPORT_NOT_WRITABLE',
    message: `the report cannot be written to out/report.html: ENOENT.${NOTHING}`,
    remedy: `To write it elsewhere:
  npm run migration:report -- --out=report.html`,
    hasCause: true,
  },
};
