import { info, warning } from '../ownership/findings.ts';

/** What init has to say of what it found. */

export const scriptDiffers = (name: string, value: string, ours: string) =>
  warning(
    'SCRIPT_DIFFERS',
    null,
    `the script "${name}" is "${value}", not "${ours}": it was left as it is`,
    'Where it is not meant, change or remove it by hand.',
  );

export const settingsLeft = (file: string) =>
  info('SETTINGS_LEFT', null, `${file} is not as init writes it: it was left as it is`);

export const notInstalled = (install: string) =>
  warning(
    'NOT_INSTALLED',
    null,
    'prisma-ownership is not among the dependencies in package.json, and the scripts need it',
    `Install it: ${install}`,
  );
