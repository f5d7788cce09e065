import type { Context } from '../context.ts';
import { planUndoPhase3 } from '../phases/relax-owners.ts';
import { planUndoPhase1 } from '../phases/remove-owners.ts';
import { nameDatabase, withConfiguredDatabase } from './database-command.ts';
import { answerPhase } from './phase-answer.ts';
import type { RollbackOptions } from './rollback.ts';

/** Takes a phase back: writes the inverse edit of the schema and the inverse migrations, and applies nothing. */
export function rollbackPhase(phase: 1 | 3, options: RollbackOptions, context: Context): Promise<number> {
  const { models, backup } = options;
  return withConfiguredDatabase(context, options, async (database, config) => {
    const project = { ...config, cwd: context.cwd };
    const plan =
      phase === 1
        ? await planUndoPhase1(project, database, { models, backup })
        : await planUndoPhase3(project, database, { models });
    return answerPhase(context, options, {
      command: 'rollback',
      phase,
      plan,
      database: nameDatabase(config.url),
      backup,
      isMeant: options.confirm === true && !options.dryRun,
      withSql: true,
    });
  });
}
