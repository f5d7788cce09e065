import { decideChecklist, findNext } from '../checklist/decide.ts';
import { checklistUnread } from '../checklist/findings.ts';
import { gatherEvidence } from '../checklist/gather.ts';
import type { ChecklistLine } from '../checklist/lines.ts';
import { type Config, loadConfig } from '../config.ts';
import type { Context } from '../context.ts';
import { withDatabase } from '../database/connect.ts';
import { ToolkitError } from '../errors.ts';
import { explainFileError } from '../file-error.ts';
import { examineProject } from '../ownership/examine.ts';
import type { Finding } from '../ownership/findings.ts';
import { isHeldByAnother } from '../ownership/writer.ts';
import type { LocatedSchema } from '../schema/locate.ts';
import { repeatFlags, type TypedFlags } from '../typed-flags.ts';
import { type CommonOptions, describeSources, toRawConfig } from './database-command.ts';
import type { StatusAnswer } from './results.ts';
import { isGoneOn } from './safety.ts';

/** What the schema and the database say together. */
interface ReadChecklist {
  /** By the database's clock, when it was read. */
  time: string;
  lines: ChecklistLine[];
  /** The command for what is next; empty where nothing is left to do. */
  next: string;
  findings: Finding[];
  /** What was decided from the schema. */
  config: Config;
}

/**
 * Reads the checklist afresh. Where the schema cannot be read, or it cannot be decided what is owned, there are no lines, and
 * a finding says why: the runs can be shown without them.
 */
export async function readChecklist(
  context: Context,
  options: CommonOptions,
  { runs, located }: { runs: StatusAnswer['runs']; located: LocatedSchema | undefined },
): Promise<ReadChecklist | { lines: null; findings: Finding[] }> {
  const [latest] = runs;
  const flags = latest && !hasModelFlags(options) ? pickModelFlags(latest.flags) : {};
  try {
    const config = await loadConfig({ ...toRawConfig(context, options), ...flags }, located);
    if (options.verbose) context.stderr.write(describeSources(config.located));
    return repeatInherited(await decide(context, config), flags);
  } catch (error) {
    const explained = explainFileError(error);
    if (!(explained instanceof ToolkitError)) throw explained;
    const inherited = hasModelFlags(flags) ? (latest?.id ?? null) : null;
    return { lines: null, findings: [checklistUnread(explained, inherited)] };
  }
}

function decide(context: Context, config: Config): Promise<ReadChecklist> {
  const operator = { ...context.process, command: 'status' };
  return withDatabase(config.url, async (database) => {
    const evidence = await gatherEvidence(database, {
      decision: config.decision,
      migrations: config.located.migrations,
      isLive: (run, now) => isHeldByAnother(run, operator, now),
      isGone: isGoneOn(context),
    });
    const lines = decideChecklist(evidence);
    const next = findNext(lines, evidence)?.remedy ?? '';
    const { models, isCounted } = evidence;
    const { decision, settings, located } = config;
    const findings = await examineProject(database, {
      decision,
      settings,
      migrations: located.migrations,
      models,
      isCounted,
    });
    return { time: evidence.time, lines, next, findings, config };
  });
}

type ModelFlags = Pick<TypedFlags, 'ownerModel' | 'ownerColumn' | 'exclude'>;

/** The flags that decide which models the checklist is about. */
function pickModelFlags({ ownerModel, ownerColumn, exclude }: ModelFlags): ModelFlags {
  return { ownerModel, ownerColumn, exclude };
}

function hasModelFlags(flags: ModelFlags): boolean {
  return Object.values(pickModelFlags(flags)).some((value) => value !== undefined);
}

/** Every command but the status itself needs the flags that were taken from the run. */
function repeatInherited({ lines, next, ...rest }: ReadChecklist, flags: ModelFlags): ReadChecklist {
  const repeat = (text: string) => (text.includes('migration:status') ? text : repeatFlags(text, flags));
  return {
    ...rest,
    lines: lines.map((line) => ({ ...line, remedy: repeat(line.remedy) })),
    next: repeat(next),
  };
}
