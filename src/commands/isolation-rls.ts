import type { Context } from '../context.ts';
import type { TableSecurity } from '../database/row-security.ts';
import { applyChanges, nameChange } from '../files.ts';
import { hasErrors } from '../ownership/findings.ts';
import { renderDiff } from '../report/diff.ts';
import { renderRls } from '../report/isolation-rls.ts';
import { createPainter } from '../report/text.ts';
import { planRowSecurity, planUndoRowSecurity, type RowSecurityPlan } from '../row-security/plan.ts';
import { quoteWord } from '../shell.ts';
import { nameDatabase, withConfiguredDatabase, writeAnswer } from './database-command.ts';
import type { IsolationOptions } from './isolation.ts';
import type { RlsAnswer } from './isolation-results.ts';

/**
 * Writes migrations with the policies of row-level security that the database lacks, or, with `--undo`, their inverse; applies
 * none. Returns 1 where a finding forbids it, and for a dry run that finds something to write, so that a build can watch over it.
 */
export function rlsCommand(options: IsolationOptions, context: Context): Promise<number> {
  const { role = null, undo = false, dryRun = false } = options;
  return withConfiguredDatabase(context, options, async (database, config) => {
    const project = { ...config, cwd: context.cwd };
    const plan: Partial<RowSecurityPlan> & Pick<RowSecurityPlan, 'changes'> = undo
      ? await planUndoRowSecurity(project, database)
      : await planRowSecurity(project, database, role);
    const { changes, findings = [], tables = [] } = plan;
    const named = role === null ? '' : ` --role=${quoteWord(role)}`;
    const again = `npm run migration:isolation -- --rls${undo ? ' --undo' : named} --dry-run`;
    if (!dryRun) applyChanges(context.cwd, changes, again);
    const result: RlsAnswer = {
      command: 'isolation',
      rls: undo ? 'undo' : 'apply',
      ok: !hasErrors(findings) && (!dryRun || changes.length === 0),
      dryRun,
      database: nameDatabase(config.url),
      role: plan.role ? { name: plan.role.name, bypasses: plan.role.bypasses } : null,
      bypassing: plan.bypassing ?? [],
      models: tables.map(describeTable),
      changes: changes.map((each) => ({
        path: each.path,
        change: nameChange(each),
        diff: renderDiff(each),
      })),
      findings,
    };
    const paint = createPainter(context.stdout, context.env);
    writeAnswer(context, options, { result, text: (each) => renderRls(each, paint) });
    return result.ok ? 0 : 1;
  });
}

function describeTable({ model, table, owner, parents, state }: TableSecurity): RlsAnswer['models'][number] {
  const tables = [...new Set(parents.map((each) => each.table.name))];
  return { model, table: table.name, by: owner ?? tables.join(', '), through: owner === null, state };
}
