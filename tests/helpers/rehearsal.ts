import { loadConfig } from '../../src/config.ts';
import { withDatabase } from '../../src/database/connect.ts';
import { type Rehearsal, type RehearsalRequest, rehearse } from '../../src/rehearsal/rehearse.ts';
import type { TestDatabase } from './database.ts';

/** What a test may say of a rehearsal. */
type Said = Partial<Pick<RehearsalRequest, 'models' | 'signal' | 'userId' | 'source' | 'onStart'>> & {
  exclude?: string[];
};

/** Rehearses on two copies that the test has made, with the schema of the first one. */
export async function rehearseOn(
  first: TestDatabase,
  second: TestDatabase,
  { userId = 'cm3owner0000', exclude, ...said }: Said = {},
): Promise<Rehearsal> {
  const raw = { env: { DATABASE_URL: first.url }, cwd: first.folder, schema: 'schema.prisma', exclude };
  const config = await loadConfig(raw);
  const other = await loadConfig({ ...raw, env: { DATABASE_URL: second.url } });
  const request: RehearsalRequest = {
    project: { ...config, cwd: first.folder },
    models: undefined,
    userId,
    operator: {
      command: 'rehearse',
      host: 'test-host',
      pid: process.pid,
      isAlive: (pid) => pid === process.pid,
    },
    toolVersion: '0.0.0',
    signal: new AbortController().signal,
    onProgress: () => undefined,
    onStart: () => undefined,
    onEnd: () => undefined,
    source: 'production',
    ...said,
  };
  return withDatabase(config.url, (one) =>
    withDatabase(other.url, (two) => rehearse({ first: one, second: two }, request)),
  );
}

/** "phase1 held, step1 held": the parts with their states. */
export function listStates({ parts }: Rehearsal): string[] {
  return parts.map(({ part, state }) => `${part} ${state}`);
}
