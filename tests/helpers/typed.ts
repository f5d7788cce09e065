import { join } from 'node:path';
import { scripts } from '../../package.json';
import { type Finished, ROOT, runProcess } from './command-line.ts';
import type { PrismaProject } from './prisma-project.ts';

const BIN = join(ROOT, 'dist/scripts/migration.js');

/** Types a command that the toolkit has shown into a shell, in the project's folder: a script of ours, or Prisma. */
export function typeCommand(project: PrismaProject, command: string): Promise<Finished> {
  const prisma = /^npx prisma (.+)$/.exec(command)?.[1];
  if (prisma !== undefined) return project.prisma(prisma.replaceAll('"', ''));
  const [, script = '', words = ''] = /^npm run (migration:[\w-]+)(?: --)?(.*)$/.exec(command) ?? [];
  const fixed = scripts[script as keyof typeof scripts]?.replace(/^ts-node scripts\/migration\.ts /, '');
  if (fixed === undefined) throw new Error(`there is no such script: ${command}`);
  const line = `"${process.execPath}" "${BIN}" ${fixed} ${words.replace(' -- ', ' ')}`;
  return runProcess('sh', ['-c', line], {
    cwd: project.folder,
    env: { DATABASE_URL: project.url, USER: 'ana' },
  });
}
