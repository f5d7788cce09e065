import type { Config } from '../config.ts';
import { withDatabase } from '../database/connect.ts';
import type { DatabaseUrl } from '../database/database-url.ts';
import { ToolkitError } from '../errors.ts';
import { recordEvidence } from '../ownership/evidence.ts';
import type { User } from '../ownership/target.ts';
import type { CopyReport } from '../rehearsal/copies.ts';
import { countProduction, predict, type Production } from '../rehearsal/predict.ts';
import type { Rehearsal } from '../rehearsal/rehearse.ts';
import { nameDatabase } from './database-command.ts';
import type { RehearseAnswer } from './copy-results.ts';

/** A rehearsal that was made. */
interface Done {
  rehearsal: Rehearsal;
  report: CopyReport;
  /** Copies that could not be removed. */
  left: string[];
  user: User;
  server: DatabaseUrl;
  /** By `performance.now()`. */
  started: number;
  /** Something that the operator should know, as a sentence. */
  note: (text: string) => void;
}

/** Null where production cannot be counted now: what was rehearsed is true all the same. */
async function countOrNull(
  url: DatabaseUrl,
  owned: Rehearsal['owned'],
  note: Done['note'],
): Promise<Production | null> {
  try {
    return await withDatabase(url, (database) => countProduction(database, owned));
  } catch (error) {
    if (!(error instanceof ToolkitError)) throw error;
    const [fact] = error.message.split('\n');
    note(`Nothing is predicted for production, as its rows could not be counted: ${fact}`);
    return null;
  }
}

/** Puts the answer together, with what the same would take in production by the rows that it has now. */
export async function describeRehearsal(
  { url }: Pick<Config, 'url'>,
  { rehearsal, report, left, user, server, started, note }: Done,
): Promise<RehearseAnswer> {
  const { ok, parts, proof, findings, owned } = rehearsal;
  const production = await countOrNull(url, owned, note);
  return {
    command: 'rehearse',
    ok,
    database: nameDatabase(url),
    user: { id: user.id, label: user.label },
    copied: report,
    server: nameDatabase(server),
    left,
    parts: parts.map((part) => ({
      ...part,
      models: part.models.map((measure) => ({
        ...measure,
        elapsedMs: Math.round(measure.elapsedMs),
        longestLockMs: Math.round(measure.longestLockMs),
        production: predict(part.part, measure, production),
      })),
    })),
    proof,
    elapsedMs: Math.round(performance.now() - started),
    findings,
  };
}

/** The rehearsal is what it is where this role may not write that down. */
export async function keepEvidence(
  { url }: Pick<Config, 'url'>,
  answer: RehearseAnswer,
  { host, note }: { host: string; note: (text: string) => void },
): Promise<void> {
  const evidence = { userId: answer.user.id, host, ok: answer.ok, answer };
  try {
    await withDatabase(url, (database) => recordEvidence(database, 'rehearsal', evidence));
  } catch (error) {
    if (!(error instanceof ToolkitError)) throw error;
    const [fact] = error.message.split('\n');
    note(`The journal does not say that this was rehearsed: ${fact} What was found is true all the same.`);
  }
}
