import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { type Finished, ROOT, runProcess } from '../helpers/command-line.ts';
import { MUTANTS, type Mutant } from './mutants.ts';

/** Copies what the matrix needs, so that a rule can be taken out of it. */
function copyRepository(): string {
  const folder = mkdtempSync(join(tmpdir(), 'prisma-ownership-mutants-'));
  const isLeftOut = (path: string) => ['node_modules', '.git', 'dist', 'examples'].includes(basename(path));
  cpSync(ROOT, folder, { recursive: true, filter: (path) => path === ROOT || !isLeftOut(path) });
  symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'), 'dir');
  return folder;
}

function findFailure(folder: string): Promise<Finished> {
  return runProcess(process.execPath, ['--require', 'ts-node/register', 'tests/isolation/find-failure.ts'], {
    cwd: folder,
  });
}

/** Takes one rule out, runs the matrix, and puts it back. Returns which expectation noticed, or null. */
async function findWitness(folder: string, { file, from, to, rule }: Mutant): Promise<string | null> {
  const path = join(folder, file);
  const text = readFileSync(path, 'utf8');
  if (text.split(from).length !== 2) throw new Error(`"${rule}" is not found once in ${file}`);
  writeFileSync(
    path,
    text.replace(from, () => to),
  );
  const { code, stdout, stderr } = await findFailure(folder);
  writeFileSync(path, text);
  if (code === 2) throw new Error(`"${rule}" makes no program: ${stderr}`);
  return code === 0 ? null : stdout.trim();
}

/** Works one mutant after the other off, beside others that do the same. Returns the rules that nothing noticed. */
async function work(queue: Mutant[]): Promise<string[]> {
  const folder = copyRepository();
  const unnoticed: string[] = [];
  try {
    for (let mutant = queue.shift(); mutant; mutant = queue.shift()) {
      const witness = await findWitness(folder, mutant);
      process.stdout.write(
        `${witness === null ? 'UNNOTICED' : 'noticed'}  ${mutant.rule}${witness ? `  (${witness})` : ''}\n`,
      );
      if (witness === null) unnoticed.push(mutant.rule);
    }
    return unnoticed;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** `npm run mutants`: takes out one rule of the isolation extension at a time, and exits with 1 where the matrix does not notice. */
async function main(): Promise<void> {
  const queue = [...MUTANTS];
  const unnoticed = (
    await Promise.all(Array.from({ length: Math.min(4, availableParallelism()) }, () => work(queue)))
  ).flat();
  process.stdout.write(
    `${MUTANTS.length - unnoticed.length} of ${MUTANTS.length} rules are noticed when they are missing.\n`,
  );
  process.exitCode = unnoticed.length > 0 ? 1 : 0;
}

void main();
