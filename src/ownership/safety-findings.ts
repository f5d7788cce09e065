import { warning } from './findings.ts';

const BACK_UP = 'npm run migration:backup -- --verify';

export const backupOld = (path: string, age: string) =>
  warning(
    'BACKUP_OLD',
    null,
    `the newest verified backup, ${path}, is ${age} old`,
    `What was written since is not in it: ${BACK_UP}`,
  );

export const backupMissing = (unverified: string | null) =>
  warning(
    'NO_BACKUP',
    null,
    unverified === null
      ? 'no backup of this database is known'
      : `no backup is verified: the newest, ${unverified}, may or may not restore`,
    `Make one, and prove that it restores: ${BACK_UP}`,
  );
