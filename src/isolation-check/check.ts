import { randomBytes } from 'node:crypto';
import type { DatabaseUrl } from '../database/database-url.ts';
import { classifyFailure, isDriverError } from '../database/driver-errors.ts';
import { type ModelClient, modelOf, openModelClient } from '../database/model-client.ts';
import {
  checkReadOnly,
  checkUnprepared,
  clientElsewhere,
  clientNotTransacted,
  nothingToCheck,
} from '../errors.ts';
import type { IsolationMap } from '../isolation/map.ts';
import type { UserId } from '../isolation/scope.ts';
import type { SchemaFile } from '../schema/normalise.ts';
import { readDataModel } from '../schema/parse.ts';
import { listAttempts } from './attempts.ts';
import { type ClientModule, clientWay } from './client-module.ts';
import type { Seed } from './make-row.ts';
import { staysInTransaction } from './probe.ts';
import { isReadOnly, readRls, type RlsState } from './rls.ts';
import { runAttempts } from './run.ts';
import { readSamples, readSeed } from './sample.ts';
import type { Shape } from './shape.ts';
import type { Judged } from './verdict.ts';
import type { Way, WayName } from './way.ts';
import { extensionWay, plainWay } from './ways.ts';
import { createWorld, type Samples } from './world.ts';

/** What is checked, and with what. */
export interface CheckRequest {
  url: DatabaseUrl;
  files: readonly SchemaFile[];
  map: IsolationMap;
  /** The application's own. */
  module: ClientModule | null;
  signal: AbortSignal;
  onModel: (model: string, place: { index: number; of: number }) => void;
}

/** What came of every attempt by one way. */
export interface WayReport {
  way: WayName;
  state: RlsState['state'];
  /** Why no attempt was made by it, or what is to be known of those that were. */
  reason: string | null;
  attempts: Judged[];
}

/** What a check found. */
export interface CheckReport {
  shape: Shape;
  isUnderRls: boolean;
  /** By model: the user who tried, and the one whose rows were to be got at; null where they were made. */
  users: { model: string; a: string | null; b: string | null }[];
  ways: WayReport[];
}

const BOTH_HOLD =
  'row-level security holds for this role as well: what it holds back is not told apart from what the client does';

/**
 * Tries, as one user, to get at the rows of another by every operation, and at the user's own, by every way there is. Each attempt
 * is rolled back. Throws CHECK_READ_ONLY, CHECK_UNPREPARED, NOTHING_TO_CHECK, and what `clientWay` throws.
 */
export async function checkIsolation(request: CheckRequest): Promise<CheckReport> {
  const { url, files, map } = request;
  const shape: Shape = { provider: url.provider, map, data: readDataModel(files) };
  const client = openModelClient(url, files);
  try {
    const prepared = await prepare(client, shape, request);
    const ways = await listWays(client, shape, { request, ...prepared });
    const attempts = await runByModel({ client, shape, ways, request, ...prepared });
    const { samples, rls } = prepared;
    return {
      shape,
      isUnderRls: rls.state === 'tried',
      users: [...samples].map(([model, { users }]) => ({ model, a: toId(users.a), b: toId(users.b) })),
      ways: describeWays(rls, ways, attempts),
    };
  } finally {
    await client.$disconnect();
  }
}

function toId(user: UserId | null): string | null {
  return user === null ? null : String(user);
}

interface Prepared {
  rls: RlsState;
  samples: Map<string, Samples>;
  seed: Seed;
}

async function prepare(client: ModelClient, shape: Shape, { url }: CheckRequest): Promise<Prepared> {
  try {
    if (await isReadOnly(client, url.provider)) throw checkReadOnly(url.name);
    const rls = await readRls(client, shape, url.defaultSchema);
    const sampler = { shape, client, isUnderRls: rls.state === 'tried' };
    const samples = await readSamples(sampler);
    if (samples.size === 0) throw nothingToCheck();
    return { rls, samples, seed: await readSeed(sampler, randomBytes(3).toString('hex')) };
  } catch (error) {
    // What says that the server is not there says enough.
    if (!isDriverError(error) || classifyFailure(error).failure !== 'other') throw error;
    throw checkUnprepared(url.name, lastWords(error), error);
  }
}

function lastWords({ message }: Error): string {
  return message.trim().split('\n').at(-1) ?? message;
}

async function listWays(
  client: ModelClient,
  shape: Shape,
  { request, rls, samples, seed }: Prepared & { request: CheckRequest },
): Promise<Way[]> {
  const { url, map, module } = request;
  const common = { provider: url.provider, isUnderRls: rls.state === 'tried' };
  const ways = [extensionWay(client, map, common)];
  if (rls.state === 'tried') ways.push(plainWay(client, 'rls', common));
  if (!module) return ways;
  const [first] = samples.values();
  const found = first?.users.a ?? first?.users.b ?? null;
  const user = found ?? (first && createWorld(shape, first, { seed, isMade: true }).userId('a')) ?? '';
  const way = await clientWay(module, client, { ...common, user });
  if (!module.takesClient && found !== null)
    await assertSameDatabase(way, { module, shape, user: found, url });
  if (!(await staysInTransaction(way, { shape, samples, seed }))) throw clientNotTransacted(module.file);
  return [...ways, way];
}

/** A client with a connection of its own may be connected to anything. */
async function assertSameDatabase(
  { unscoped }: Way,
  { module, shape, user, url }: { module: ClientModule; shape: Shape; user: UserId; url: DatabaseUrl },
): Promise<void> {
  const { ownerModel, ownerKey } = shape.map;
  const count = await Promise.resolve(
    modelOf(unscoped, ownerModel).count?.({ where: { [ownerKey]: user } }),
  ).catch(() => 0);
  if (count !== 1) throw clientElsewhere(module.file, url.name);
}

async function runByModel({
  client,
  shape,
  ways,
  request,
  rls,
  samples,
  seed,
}: Prepared & { client: ModelClient; shape: Shape; ways: Way[]; request: CheckRequest }): Promise<
  Judged[][]
> {
  const { signal, onModel } = request;
  const isUnderRls = rls.state === 'tried';
  const plain = isUnderRls ? null : plainWay(client, null, { provider: shape.provider, isUnderRls });
  const judged: Judged[][] = ways.map(() => []);
  const all = listAttempts(shape);
  const models = [...samples.keys()];
  for (const [index, model] of models.entries()) {
    onModel(model, { index: index + 1, of: models.length });
    const attempts = all.filter((each) => each.model === model);
    const found = await runAttempts({ shape, seed, samples, plain, ways, signal }, attempts);
    for (const [way, each] of found.entries()) judged[way]?.push(...each);
  }
  return judged;
}

function describeWays(rls: RlsState, ways: readonly Way[], attempts: Judged[][]): WayReport[] {
  const reports = ways.map(({ name }, index): WayReport => {
    const reason = name === 'rls' ? rls.reason : rls.state === 'tried' ? BOTH_HOLD : null;
    return { way: name as WayName, state: 'tried', reason, attempts: attempts[index] ?? [] };
  });
  if (rls.state === 'tried') return reports;
  const [extension, ...others] = reports;
  const none: WayReport = { way: 'rls', state: rls.state, reason: rls.reason, attempts: [] };
  return [...(extension ? [extension] : []), none, ...others];
}
