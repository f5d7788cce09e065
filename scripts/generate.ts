import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { text } from 'node:stream/consumers';

const ROOT = resolve(__dirname, '..');
const SCHEMAS = [
  'prisma/clients/sqlite.prisma',
  'prisma/clients/postgresql.prisma',
  'prisma/clients/mysql.prisma',
  'prisma/schema.prisma',
];
const PRISMA = require.resolve('prisma/package.json');
const { version: PRISMA_VERSION } = JSON.parse(readFileSync(PRISMA, 'utf8'));

// `prisma generate` fetches a schema engine that it never starts, unless it is told of some existing program.
const ENV = { PRISMA_SCHEMA_ENGINE_BINARY: process.execPath, ...process.env, CHECKPOINT_DISABLE: '1' };

/** Generates the clients that are missing or out of date, all at once; prints one line, or Prisma's own errors. */
async function generate(): Promise<void> {
  const outdated = SCHEMAS.filter((schema) => existsSync(join(ROOT, schema)) && !isUpToDate(schema));
  const outputs = await Promise.all(outdated.map(runPrisma));
  const failures = outputs.filter((output) => output !== null);
  if (failures.length > 0) {
    process.stderr.write(failures.join('\n'));
    process.exitCode = 1;
  } else if (outdated.length === 0) {
    console.log('Prisma clients are up to date.');
  } else {
    console.log(`Generated Prisma clients for ${outdated.join(', ')}.`);
  }
}

/** A generated client holds the text of its schema and the version of its generator. */
function isUpToDate(schema: string): boolean {
  const file = join(ROOT, schema);
  const source = readFileSync(file, 'utf8');
  const output = /^\s*output\s*=\s*"(.+)"/m.exec(source)?.[1];
  if (!output) throw new Error(`${schema} has no output in its generator block.`);
  const client = join(dirname(file), output, 'internal', 'class.ts');
  if (!existsSync(client)) return false;
  const generated = readFileSync(client, 'utf8');
  return (
    generated.includes(`"inlineSchema": ${JSON.stringify(source)}`) &&
    generated.includes(`"clientVersion": ${JSON.stringify(PRISMA_VERSION)}`)
  );
}

/** Returns what Prisma printed when it failed, and null when it did not. */
async function runPrisma(schema: string): Promise<string | null> {
  const args = [join(dirname(PRISMA), 'build', 'index.js'), 'generate', '--no-hints', '--schema', schema];
  const child = spawn(process.execPath, args, { cwd: ROOT, env: ENV, stdio: ['ignore', 'pipe', 'pipe'] });
  const ended = new Promise((done) => child.once('close', done));
  const [stdout, stderr, status] = await Promise.all([text(child.stdout), text(child.stderr), ended]);
  return status === 0 ? null : `${schema}:\n${stdout}${stderr}`;
}

void generate();
