import { commands, refusal, type ToolkitError } from './toolkit-error.ts';

const ELSEWHERE = commands('To write it elsewhere:', 'npm run migration:report -- --out=report.html');

export function reportNotReplaced(path: string, what: string): ToolkitError {
  return refusal(
    'REPORT_NOT_REPLACED',
    `${path} is ${what}, and only an earlier report is replaced.`,
    ELSEWHERE,
  );
}

export function reportNotWritable(path: string, why: string, cause?: unknown): ToolkitError {
  return refusal('REPORT_NOT_WRITABLE', `the report cannot be written to ${path}: ${why}.`, ELSEWHERE, cause);
}
