import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { buildProgram } from '../src/cli.ts';
import type { Context } from '../src/context.ts';
import { withWorkspace } from './demo/workspace.ts';

const ROOT = resolve(__dirname, '..');
/** What `<!-- run: ... -->` and `<!-- help: ... -->` stand before. */
const BLOCK = /<!-- (run|help): (.+?) -->\n```text\n[\s\S]*?```/g;

/**
 * Returns the README with every marked block filled again: commands are run, in their order, on a new sample database in a
 * temporary folder, and help texts are taken from the command line itself.
 */
export function renderReadme(readme: string): Promise<string> {
  return withWorkspace(async ({ first: { folder } }) => {
    run(folder, 'npm run -s db:migrate');
    run(folder, 'npm run -s db:seed');
    return readme.replace(BLOCK, (_, kind: string, what: string) => {
      const text = kind === 'help' ? helpOf(what) : `$ ${what}\n${run(folder, what)}`;
      return `<!-- ${kind}: ${what} -->\n\`\`\`text\n${text.trimEnd()}\n\`\`\``;
    });
  });
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
  renderReadme(readFileSync(file, 'utf8')).then(
    (text) => writeFileSync(file, text),
    (error: Error) => {
      process.stderr.write(`${error.message}\n`);
      process.exitCode = 1;
    },
  );
}
