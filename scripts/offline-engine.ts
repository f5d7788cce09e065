import { readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

const OFFLINE_ENGINE = join(__dirname, 'schema-engine', 'schema-engine.js');

/**
 * Has Prisma start the offline schema engine when the native one was never downloaded into `folder`; a choice already
 * made in the environment stays. Returns the same environment.
 */
export function useOfflineEngine(
  env: NodeJS.ProcessEnv,
  folder: string = enginesFolder(),
): NodeJS.ProcessEnv {
  const chosen = env.PRISMA_SCHEMA_ENGINE_BINARY || hasNativeEngine(folder);
  // Windows starts no script as a program, so Prisma downloads its own engine there.
  if (!chosen && process.platform !== 'win32') env.PRISMA_SCHEMA_ENGINE_BINARY = OFFLINE_ENGINE;
  return env;
}

/** Prisma names its download `schema-engine-<platform>`. */
function hasNativeEngine(folder: string): boolean {
  return readdirSync(folder).some((name) => name.startsWith('schema-engine-'));
}

/** The package that Prisma downloads its engines into, as seen from the CLI. */
function enginesFolder(): string {
  const prisma = createRequire(require.resolve('prisma/package.json'));
  return dirname(prisma.resolve('@prisma/engines/package.json'));
}
