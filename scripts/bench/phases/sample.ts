import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { useOfflineEngine } from '../../offline-engine.ts';

/** How far the app's schema is: without owners, with optional ones, with required ones. */
type State = 'none' | 'optional' | 'required';

/** The SQL that Prisma itself writes: the tables before phase 1, and its migration of each phase. */
export interface PrismaSql {
  tables: string;
  1: string;
  3: string;
}

/** Asks the real Prisma, which needs no database for it. Its schemas are written into a new folder. */
export function readPrismaSql(folder: string): PrismaSql {
  const place = join(folder, 'phases');
  mkdirSync(place);
  const write = (state: State) => {
    const file = join(place, `${state}.prisma`);
    writeFileSync(file, schemaOf(state));
    return file;
  };
  const [none, optional, required] = [write('none'), write('optional'), write('required')];
  return {
    tables: diff(place, ['--from-empty', '--to-schema', none]),
    1: diff(place, ['--from-schema', none, '--to-schema', optional]),
    3: diff(place, ['--from-schema', optional, '--to-schema', required]),
  };
}

/** The same `onDelete` in both phases, as `migration:schema` writes it: Prisma then leaves the foreign key alone in phase 3. */
function schemaOf(state: State): string {
  const mark = state === 'optional' ? '?' : '';
  const owner = `
  userId    String${mark}
  user      User${mark} @relation(fields: [userId], references: [id], onDelete: Restrict)

  @@index([userId])`;
  return `datasource db {
  provider = "postgresql"
}

model User {
  id    String @id
  email String @unique
  ${state === 'none' ? '' : 'notes Note[]'}
}

model Note {
  id        String   @id
  title     String
  body      String
  updatedAt DateTime @updatedAt
  ${state === 'none' ? '' : owner}
}
`;
}

function diff(cwd: string, states: readonly string[]): string {
  const prisma = join(dirname(require.resolve('prisma/package.json')), 'build', 'index.js');
  const env = useOfflineEngine({ ...process.env, CHECKPOINT_DISABLE: '1' });
  const args = [prisma, 'migrate', 'diff', ...states, '--script'];
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd, env, encoding: 'utf8' });
  if (status !== 0) throw new Error(`prisma migrate diff failed:\n${stdout}${stderr}`);
  return stdout;
}
