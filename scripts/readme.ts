import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { buildProgram } from '../src/cli.ts';
import type { Context } from '../src/context.ts';
import { withWorkspace } from './demo/workspace.ts';

const ROOT = resolve(__dirname, '..');
/** The documents that have such blocks. */
export const RENDERED = ['README.md', 'docs/checklist.md', 'docs/models.md', 'docs/options.md'];
/** What `<!-- run: ... -->` stands before. */
const OUTPUT = /<!-- run: (.+?) -->\n```text\n[\s\S]*?```/g;
/** What `<!-- options -->` stands before: a table. */
const OPTIONS = /<!-- options -->\n(?:\|.*\n)*/;

/**
 * Returns a document with every marked block filled again: commands are run, in their order, on a new sample database in a
 * temporary folder, and the options are taken from the command line itself.
 */
export async function renderReadme(readme: string): Promise<string> {
  const text = readme.replace(OPTIONS, () => `<!-- options -->\n${renderOptions()}\n`);
  if (text.search(OUTPUT) < 0) return text;
  return withWorkspace(async ({ first: { folder } }) => {
    run(folder, 'npm run -s db:migrate');
    run(folder, 'npm run -s db:seed');
    return text.replace(OUTPUT, (_, command: string) => {
      const output = `$ ${command}\n${run(folder, command)}`;
      return `<!-- run: ${command} -->\n\`\`\`text\n${output.trimEnd()}\n\`\`\``;
    });
  });
}

/** Makes two renderings comparable: ids of runs, times and durations differ each time, and tables are set by the formatter. */
export function maskVolatile(text: string): string {
  return text
    .replace(/\b[0-9a-f]{8}\b/g, '<run>')
    .replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, '<time>')
    .replace(/ in [\d.]+ m?s\./g, ' in <duration>.')
    .replace(/\b\d{8}-\d{6}\b/g, '<stamp>')
    .replace(/\b[\d.]+ [kM]B, by .*?, in/g, '<bytes>, by <tool>, in')
    .replace(/\b\d+(?= +0$)/gm, '<batches>')
    .replace(/-{3,}/g, '---')
    .replace(/ +/g, ' ');
}

function run(cwd: string, command: string): string {
  const { DATABASE_URL: _, ...env } = process.env;
  const done = spawnSync(command, { cwd, shell: true, encoding: 'utf8', env: { ...env, NO_COLOR: '1' } });
  if (done.status !== 0)
    throw new Error(`${command} ended with ${done.status}:\n${done.stdout}${done.stderr}`);
  return done.stdout;
}

/** Every option of every command, once, with the commands that have it. */
function renderOptions(): string {
  const silent = { write: () => true };
  const context: Context = {
    argv: [],
    env: {},
    cwd: ROOT,
    stdout: silent,
    stderr: silent,
    process: { host: '', pid: 0, isAlive: () => false },
    onInterrupt: () => () => undefined,
  };
  const { commands } = buildProgram(context, () => undefined);
  const takers = new Map<string, string[]>();
  for (const command of commands)
    for (const { flags, description, defaultValue } of command.options) {
      const unsaid = defaultValue === undefined ? '' : `; ${defaultValue} where it is left out`;
      const key = `\`${flags}\` | ${description}${unsaid}`;
      takers.set(key, [...(takers.get(key) ?? []), command.name()]);
    }
  const nameTakers = (names: readonly string[]) => {
    const others = commands.map((command) => command.name()).filter((name) => !names.includes(name));
    if (others.length === 0) return 'all';
    return others.length === 1 ? `all but ${others[0]}` : names.join(', ');
  };
  const rows = [...takers].map(([key, names]) => `| ${key} | ${nameTakers(names)} |`);
  return ['| option | meaning | commands |', '| --- | --- | --- |', ...rows].join('\n');
}

async function renderAll(): Promise<void> {
  for (const file of RENDERED.map((name) => join(ROOT, name)))
    writeFileSync(file, await renderReadme(readFileSync(file, 'utf8')));
}

if (require.main === module) {
  renderAll().catch((error: Error) => {
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 1;
  });
}
