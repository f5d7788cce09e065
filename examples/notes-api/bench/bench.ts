// What isolation costs: the time of each request of Ana, after against before, in one run on one database. It is processor time:
// server, client and SQLite are all in this process, and what else the machine does is not in it.
import { mkdtempSync, rmSync } from 'node:fs';
import { once } from 'node:events';
import { Agent, type IncomingMessage, request as open } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import type { PrismaClient } from '../prisma/generated/client.ts';
import { buildApp } from '../src/app.ts';
import { openPrisma, updateStatistics } from '../src/open.ts';
import { CLIENTS, migrate, type Request } from '../tests/world.ts';
import { REQUESTS } from './requests.ts';
import { COUNTS, fill } from './rows.ts';

const MOST_RATIO = 1.2;
const WARM_UP = 50;
/** Only those whose names have this in them. */
const ONLY = process.argv[2] ?? '';
const ROUNDS = Number(process.env.ROUNDS ?? 100);

interface Side {
  url: string;
  times: number[];
}

/**
 * alone: as it is after the migration of an app that one person used. Both apps answer the same, so what is measured is what
 * scoping costs. shared: with four others who have as many rows, so the app before isolation has more to do.
 */
const DATABASES = { alone: ['ana'], shared: ['ana', 'ben', 'cem', 'dua', 'eva'] };

/** Returns how many requests are slower than they may be. */
async function run(name: keyof typeof DATABASES): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), 'notes-api-bench-'));
  const url = `file:${join(folder, 'bench.db')}`;
  await prepareDatabase(url, DATABASES[name]);
  // What is prepared is written through a third one: SQLite forgets what it has read when another connection writes, so that side
  // of the two would begin warmer.
  const clients = [openPrisma(url), openPrisma(url), openPrisma(url)] as const;
  const routes: string[] = [];
  const options = {
    adminId: 'ana',
    onRoute: ({ method, url }: { method: string; url: string }) => routes.push(`${method} ${url}`),
  };
  const apps = [
    buildApp({ ...options, clientFor: CLIENTS.before(clients[0]) }),
    buildApp({ ...options, clientFor: CLIENTS.after(clients[1]) }),
  ] as const;
  try {
    const missing = routes.filter((route) => !REQUESTS[route]);
    if (missing.length > 0) throw new Error(`no request is measured of ${missing.join(', ')}`);
    // Waiting for the disk would hide what scoping costs.
    for (const client of clients) await client.$queryRaw`PRAGMA synchronous = OFF`;
    const rows = DATABASES[name].length * Object.values(COUNTS).reduce((sum, count) => sum + count);
    console.log(`${name}: ${rows} rows, medians of ${ROUNDS}`);
    const urls = await Promise.all(apps.map((app) => app.listen()));
    return await measureAll(urls, clients[2], name === 'alone');
  } finally {
    await Promise.all([...apps.map((app) => app.close()), ...clients.map((client) => client.$disconnect())]);
    rmSync(folder, { recursive: true });
  }
}

/** Statistics are read when a connection is opened, so the apps open theirs after this. */
async function prepareDatabase(url: string, users: readonly string[]): Promise<void> {
  const prisma = openPrisma(url);
  await prisma.$queryRaw`PRAGMA synchronous = OFF`;
  await migrate(prisma);
  await fill(prisma, users);
  await updateStatistics(prisma);
  await prisma.$disconnect();
}

async function measureAll(urls: readonly string[], prisma: PrismaClient, isSame: boolean): Promise<number> {
  let slow = 0;
  const sums = [0, 0] as [number, number];
  console.log(`${'request'.padEnd(42)} before ms   after ms      ratio`);
  for (const [route, cases] of Object.entries(REQUESTS))
    for (const [name, each] of Object.entries(cases)) {
      if (!`${route}, ${name}`.includes(ONLY)) continue;
      const sides = urls.map((url): Side => ({ url, times: [] }));
      const answers = await measure(sides, each, prisma);
      if (isSame && answers.size > 1) throw new Error(`${route}, ${name}: the answers differ`);
      const [before = 0, after = 0] = sides.map(({ times }) => median(times.slice(WARM_UP)));
      const isSlow = after / before > MOST_RATIO;
      if (isSlow) slow += 1;
      sums[0] += before;
      sums[1] += after;
      print(`${route}, ${name}`, [before, after], isSlow ? '  slow' : '');
    }
  print('all of them', sums);
  return slow;
}

function print(name: string, [before, after]: [number, number], remark = ''): void {
  const numbers = [before, after, after / before].map((value) => value.toFixed(2).padStart(9));
  console.log(`${name.padEnd(42)} ${numbers.join('  ')}${remark}`);
}

let ids = 0;

/** Alternates, so that whatever else the machine does befalls both sides alike. Returns the answers to the last request. */
async function measure(
  sides: Side[],
  { request, prepare }: (typeof REQUESTS)[string][string],
  prisma: PrismaClient,
): Promise<Set<string>> {
  const answers = new Set<string>();
  for (let round = 0; round < WARM_UP + ROUNDS; round += 1) {
    answers.clear();
    for (const side of round % 2 === 0 ? sides : [...sides].reverse()) {
      ids += 1;
      const id = `x${ids}`;
      await prepare?.(prisma, id);
      const from = process.cpuUsage();
      const body = await ask(side.url, request(id));
      const { user, system } = process.cpuUsage(from);
      side.times.push((user + system) / 1000);
      if (request(id).method === 'GET') answers.add(body);
    }
  }
  // What the app before isolation created last has no owner, and the other one would not see it in later requests.
  await prepare?.(prisma, 'x0');
  return answers;
}

const agent = new Agent({ keepAlive: true });

/** Asks as Ana; the connection stays open, as a browser keeps it. */
async function ask(server: string, { method, url, payload }: Request): Promise<string> {
  const json = payload && { 'content-type': 'application/json' };
  const asked = open(server + url, { agent, method, headers: { 'x-user-id': 'ana', ...json } });
  asked.end(payload && JSON.stringify(payload));
  const [response] = (await once(asked, 'response')) as [IncomingMessage];
  const body = await text(response);
  if (Number(response.statusCode) >= 300) throw new Error(`${method} ${url}: ${response.statusCode} ${body}`);
  return body;
}

function median(values: number[]): number {
  return values.sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}

async function main(): Promise<void> {
  const slow = (await run('alone')) + (await run('shared'));
  console.log(
    slow === 0 ? `All are within ${MOST_RATIO}.` : `${slow} are slower than ${MOST_RATIO} times before.`,
  );
  process.exitCode = slow === 0 ? 0 : 1;
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 2;
});
