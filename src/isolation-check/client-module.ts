import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import type { ModelClient } from '../database/model-client.ts';
import { clientExportMissing, clientFileFailed, clientFileNotFound, clientUnusable } from '../errors.ts';
import type { UserId } from '../isolation/scope.ts';
import type { Way } from './way.ts';

type ForUser = (...args: unknown[]) => unknown;

/** What an application has to make clients for its users. */
export interface ClientModule {
  /** As it was typed. */
  file: string;
  forUser: ForUser;
  /** It takes a client to scope; else it has one of its own, which connects by itself. */
  takesClient: boolean;
}

/**
 * Runs the application's own module, in this process, because its clients are to be worked with. Throws CLIENT_FILE_NOT_FOUND,
 * CLIENT_FILE_FAILED with its own message, or CLIENT_EXPORT_MISSING.
 */
export async function loadClientModule(cwd: string, file: string): Promise<ClientModule> {
  const path = resolve(cwd, file);
  if (!statSync(path, { throwIfNoEntry: false })?.isFile()) throw clientFileNotFound(file);
  const found = findForUser(await importModule(path, file));
  if (!found || found.length === 0) throw clientExportMissing(file, found !== null);
  return { file, forUser: found, takesClient: found.length > 1 };
}

async function importModule(path: string, file: string): Promise<unknown> {
  const { createJiti } = await import('jiti');
  try {
    return await createJiti(path, { interopDefault: true, fsCache: false }).import<unknown>(path);
  } catch (error) {
    throw clientFileFailed(file, describe(error), error);
  }
}

function findForUser(exported: unknown): ForUser | null {
  const { forUser, default: main } = (exported ?? {}) as { forUser?: unknown; default?: unknown };
  const candidates = [forUser, main, (main as { forUser?: unknown } | null | undefined)?.forUser];
  return (candidates.find((each) => typeof each === 'function') as ForUser | undefined) ?? null;
}

function describe(error: unknown): string {
  const [first = ''] = (error instanceof Error ? error.message : String(error)).trim().split('\n');
  return first;
}

/**
 * The application's own clients. One that has a connection of its own is got past by the client that Prisma made it from. Throws
 * CLIENT_UNUSABLE.
 */
export async function clientWay(
  { file, forUser, takesClient }: ClientModule,
  client: ModelClient,
  { user, ...common }: Pick<Way, 'provider' | 'isUnderRls'> & { user: UserId },
): Promise<Way> {
  const make = async (userId: UserId): Promise<ModelClient> => {
    try {
      return (await (takesClient ? forUser(client, userId) : forUser(userId))) as ModelClient;
    } catch (error) {
      throw clientUnusable(file, `its forUser() throws: ${describe(error)}`);
    }
  };
  const first = await make(user);
  if (typeof first?.$transaction !== 'function')
    throw clientUnusable(file, 'what its forUser() returns has no $transaction(), so it is no Prisma client');
  const unscoped = takesClient ? client : findOriginal(first);
  if (!unscoped)
    throw clientUnusable(
      file,
      'what its forUser() returns hides its Prisma client, and with it what came of a write',
    );
  return { ...common, name: 'client', scopeTo: make, unscoped };
}

/** Prisma keeps with an extended client the one that was extended. */
interface Extended {
  _appliedParent?: ModelClient & Extended;
}

/** The client that all extensions were put on; null where it is hidden. */
function findOriginal(client: ModelClient & Extended): ModelClient | null {
  const { _appliedParent: parent } = client;
  if (!parent) return null;
  return parent === client ? client : findOriginal(parent);
}
