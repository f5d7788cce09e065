import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { buildProgram } from '../src/cli.ts';
import type { Context } from '../src/context.ts';

const ROOT = resolve(__dirname, '..');
const COPIED = ['package.json', 'tsconfig.json', 'prisma.config.ts', '.env.example', 'prisma'];
const LINKED = ['node_modules', 'scripts', 'src'];
/** What `<!-- run: ... -->` and `<!-- help: ... -->` stand before. */
const BLOCK = /<!-- (run|help): (.+?) -->\n```text\n[\s\S]*?```/g;

/**
 * Returns the README with every marked block filled again: commands are run, in their order, on a new sample database in a
 * temporary folder, and help texts are taken from the command line itself.
 */
export function renderReadme(readme: string): string {
  const folder = createWorkspace();
  try {
    return readme.replace(BLOCK, (_, kind: string, what: string) => {
      const text = kind === 'help' ? helpOf(what) : runShown(folder, what);
      return `<!-- ${kind}: ${what} -->\n\`\`\`text\n${text.trimEnd()}\n\`\`\``;
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Makes two renderings comparable: ids of runs, times and durations differ each time. */
export function maskVolatile(text: string): string {
  return text
    .replace(/\b[0-9a-f]{8}\b/g, '<run>')
    .replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, '<time>')
    .replace(/ in [\d.]+ m?s\./g, ' in <duration>.')
    .replace(/\b\d+(?= +0$)/gm, '<batches>')
    .replace(/ +/g, ' ');
}

/** A folder in which the npm scripts work as in the repository, with a migrated and seeded sample database. */
function createWorkspace(): string {
  const folder = mkdtempSync(join(tmpdir(), 'prisma-ownership-readme-'));
  for (const name of COPIED) cpSync(join(ROOT, name), join(folder, name), { recursive: true });
  rmSync(join(folder, 'prisma', 'app.db'), { force: true });
  for (const name of LINKED) symlinkSync(join(ROOT, name), join(folder, name), 'junction');
  cpSync(join(folder, '.env.example'), join(folder, '.env'));
  run(folder, 'npm run -s db:migrate');
  run(folder, 'npm run -s db:seed');
  return folder;
}

function runShown(folder: string, command: string): string {
  return `$ ${command}\n${run(folder, command)}`;
}

function run(cwd: string, command: string): string {
  const { DATABASE_URL: _, ...env } = process.env;
  const done = spawnSync(command, { cwd, shell: true, encoding: 'utf8', env: { ...env, NO_COLOR: '1' } });
  if (done.status !== 0)
    throw new Error(`${command} ended with ${done.status}:\n${done.stdout}${done.stderr}`);
  return done.stdout;
}

function helpOf(command: string): string {
  const silent = { write: () => true };
  const context = { argv: [], env: {}, cwd: ROOT, stdout: silent, stderr: silent } as unknown as Context;
  const found = buildProgram(context, () => undefined).commands.find((each) => each.name() === command);
  if (!found) throw new Error(`there is no command ${command}`);
  return found.helpInformation();
}

if (require.main === module) {
  const file = join(ROOT, 'README.md');
  writeFileSync(file, renderReadme(readFileSync(file, 'utf8')));
}
