import { type ModelClient, modelOf } from '../../src/database/model-client.ts';
import type { Attempt } from './attempts.ts';
import { LINKS, seedRows } from './blog.ts';
import { type App, listTrespasses, toText } from './world.ts';

/** What came of an attempt: what it told of another user, what it changed of one, or how it was refused. */
export interface Outcome {
  /** The answer, where there was one. */
  answer?: unknown;
  error?: Error & { code?: string };
  leaks: string[];
}

/** Tries something as the user a with a client of that user, on new rows. */
export async function tryOut(app: App, client: ModelClient, attempt: Attempt): Promise<Outcome> {
  await app.fill(seedRows(), LINKS);
  const before = await app.read();
  const outcome = await ask(client, attempt);
  const trespasses = listTrespasses(app.map, 'a', [before, await app.read()]);
  const told =
    'answer' in outcome && tells(attempt, outcome.answer) ? [`told: ${toText(outcome.answer)}`] : [];
  return { ...outcome, leaks: [...told, ...trespasses] };
}

async function ask(
  client: ModelClient,
  { model, operation, args, fluent }: Attempt,
): Promise<{ answer: unknown } | { error: Error }> {
  try {
    const query = modelOf(client, model)[operation]?.(args);
    const chained =
      fluent === undefined ? query : (query as unknown as Record<string, () => unknown>)[fluent]?.();
    return { answer: await chained };
  } catch (error) {
    return { error: error as Error };
  }
}

/** Keys that were asked for do not count, nor those that a row of the user, or of everybody, has in its own columns. */
function tells({ tells: asked, args }: Attempt, answer: unknown): boolean {
  if (asked?.(answer)) return true;
  const given = new Set(toText(args).match(/B![\w@.]+/g));
  const told = toText(answer).replace(/"(post|parent|shown|category|slot)Id":"[^"]*"/g, '');
  return (told.match(/B![\w@.]*/g) ?? []).some((text) => !given.has(text) || text.includes('title'));
}
