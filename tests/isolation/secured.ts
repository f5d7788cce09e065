import { strict as assert } from 'node:assert';
import { readFileSync } from 'node:fs';
import { type ModelClient, modelOf, openModelClient } from '../../src/database/model-client.ts';
import { withUser } from '../../src/isolation/index.ts';
import { runInProcess } from '../helpers/in-process.ts';
import { applyMigrations } from '../helpers/apply-migrations.ts';
import { nameOf, urlOf } from '../helpers/restore.ts';
import { BLOG } from './blog.ts';
import { type App, openApp } from './world.ts';

/** The app of the other tests with row-level security, and a client of the role that it holds for. */
export interface SecuredApp extends App {
  bound: ModelClient;
}

/** Writes the migrations by the command, and applies them. */
export async function openSecuredApp(): Promise<SecuredApp> {
  const app = await openApp('postgresql', { models: BLOG, shared: ['Category', 'Slot'] });
  const { project } = app;
  const role = `app_${nameOf(project).slice(-12)}`;
  await project.run(`CREATE ROLE ${role} LOGIN PASSWORD 'secret';
    GRANT SELECT, INSERT, UPDATE, DELETE ON "User", "Category", "Slot" TO ${role}`);
  const words = `isolation --rls --role=${role} --exclude=Category,Slot`;
  const env = { DATABASE_URL: project.url };
  const done = await runInProcess(words.split(' '), { cwd: project.folder, env });
  assert.equal(done.code, 0, done.stdout + done.stderr);
  await applyMigrations(project);
  const url = new URL(project.url);
  [url.username, url.password] = [role, 'secret'];
  const files = [['schema.prisma', readFileSync(project.schemaPath, 'utf8')] as [string, string]];
  const bound = openModelClient(urlOf({ ...project, url: url.href }), files);
  return {
    ...app,
    bound,
    close: async () => {
      await bound.$disconnect();
      await project.run(`DROP OWNED BY ${role}; DROP ROLE ${role}`);
      await app.close();
    },
  };
}

/** A client whose every operation is in a transaction of its own for the user. */
export function asUser(client: ModelClient, userId: string): ModelClient {
  const call = (model: string, operation: string, args: unknown) => {
    const run = (fluent?: string) =>
      withUser(client, userId, async (tx) => {
        const query = modelOf(tx, model)[operation]?.(args);
        return fluent === undefined ? query : (query as unknown as Record<string, () => unknown>)[fluent]?.();
      });
    const answer = (name: string) => {
      if (name !== 'then') return () => run(name);
      const promise = run();
      return promise.then.bind(promise);
    };
    return new Proxy({}, { get: (_, name) => answer(String(name)) });
  };
  const operations = (model: string) =>
    new Proxy({}, { get: (_, name) => (args: unknown) => call(model, String(name), args) });
  return new Proxy({} as ModelClient, { get: (_, name) => operations(String(name)) });
}
