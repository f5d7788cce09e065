import {
  copyFileSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const ROOT = resolve(__dirname, '../..');
const COPIED = ['prisma.config.ts', 'package.json', 'tsconfig.json'];
const LINKED = ['node_modules', 'scripts', 'src'];

/** A copy of the sample app in which commands run as in a user's project. */
export interface Project {
  folder: string;
  schema: string;
  database: string;
  /** Where the demo keeps what the database was. */
  dump: string;
}

/** The two copies; the second one stays without a database until the demo takes it. */
export interface Workspace {
  first: Project;
  second: Project;
  /** For the temporary files of the commands. */
  temporary: string;
}

/** Makes the copies and removes them again, however the work or the process ends (but for `kill -9`). */
export async function withWorkspace<T>(work: (workspace: Workspace) => Promise<T>): Promise<T> {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'prisma-ownership-demo-')));
  const remove = () => rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  process.once('exit', remove);
  try {
    const temporary = join(folder, 'tmp');
    mkdirSync(temporary);
    return await work({ first: copyApp(folder, 'first'), second: copyApp(folder, 'second'), temporary });
  } finally {
    process.off('exit', remove);
    remove();
  }
}

/** Copies the sample app without its database, so that what is in the repository stays as it is. */
function copyApp(parent: string, name: string): Project {
  const folder = join(parent, name);
  const database = join(folder, 'prisma', 'app.db');
  cpSync(join(ROOT, 'prisma'), join(folder, 'prisma'), {
    recursive: true,
    filter: (source) => !/\.(db|env)\b[^/\\]*$/.test(source),
  });
  for (const file of COPIED) copyFileSync(join(ROOT, file), join(folder, file));
  for (const link of LINKED) symlinkSync(join(ROOT, link), join(folder, link), 'junction');
  writeFileSync(join(folder, '.env'), `DATABASE_URL="file:${database.replaceAll('\\', '/')}"\n`);
  return {
    folder,
    schema: join(folder, 'prisma', 'schema.prisma'),
    database,
    dump: join(folder, 'before.sql'),
  };
}
