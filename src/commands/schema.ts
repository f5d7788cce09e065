import { type Config, loadSchemaConfig } from '../config.ts';
import type { Context } from '../context.ts';
import type { Database } from '../database/dialect.ts';
import { planPhase1 } from '../phases/add-owners.ts';
import { planPhase3 } from '../phases/require-owners.ts';
import { decideOwnership } from '../schema/decide.ts';
import {
  type CommonOptions,
  describeSources,
  nameDatabase,
  toRawConfig,
  withConfiguredDatabase,
} from './database-command.ts';
import { answerPhase, type PhaseRequest } from './phase-answer.ts';

export interface SchemaOptions extends CommonOptions {
  phase: '1' | '3';
  models?: string[];
  write?: boolean;
  sql?: boolean;
  dryRun?: boolean;
}

/** Edits the Prisma schema for phase 1 or 3, and writes its migrations. Shows it; writes with `--write` alone. */
export async function schemaCommand(options: SchemaOptions, context: Context): Promise<number> {
  if (options.phase === '1' && !options.sql)
    return answer({ plan: await planFromSchema(options, context), database: null });
  return withConfiguredDatabase(context, options, async (database, config) =>
    answer({
      plan: await planFromDatabase(options, { cwd: context.cwd, database, config }),
      database: nameDatabase(config.url),
    }),
  );

  function answer(planned: Pick<PhaseRequest, 'plan' | 'database'>): number {
    return answerPhase(context, options, {
      ...planned,
      command: 'schema',
      phase: options.phase === '1' ? 1 : 3,
      isMeant: options.write === true && !options.dryRun,
      withSql: options.sql === true,
    });
  }
}

/** Phase 1 needs no database, unless its migrations are to be written. */
async function planFromSchema(options: SchemaOptions, context: Context) {
  const config = await loadSchemaConfig(toRawConfig(context, options));
  const { located, schema, settings } = config;
  context.stderr.write(options.verbose ? describeSources(located) : `Schema: ${located.path}\n`);
  const project = { ...config, cwd: context.cwd, decision: decideOwnership(schema, settings) };
  return planPhase1(project, { models: options.models, database: null });
}

function planFromDatabase(
  { phase, models, sql }: SchemaOptions,
  { cwd, database, config }: { cwd: string; database: Database; config: Config },
) {
  const project = { ...config, cwd };
  return phase === '1'
    ? planPhase1(project, { models, database })
    : planPhase3(project, database, { models, withSql: sql === true });
}
