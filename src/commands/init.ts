import type { Context } from '../context.ts';
import { nameChange } from '../files.ts';
import { detectManager, type PackageManager, programCommand, scriptCommand } from '../init/manager.ts';
import { planInit, planUndo } from '../init/plan.ts';
import { applyPlan, readProject } from '../init/project.ts';
import { renderDiff } from '../report/diff.ts';
import { renderInit } from '../report/init.ts';
import { createPainter } from '../report/text.ts';
import { writeAsIs } from './database-command.ts';
import type { InitAnswer } from './results.ts';

export interface InitOptions {
  undo?: boolean;
  dryRun?: boolean;
  json?: boolean;
}

/** Puts the scripts and the settings file into the project of the working directory, or takes them out. Shows it first. */
export async function initCommand(options: InitOptions, context: Context): Promise<number> {
  const { cwd, env, stdout } = context;
  const paint = createPainter(stdout, env);
  const packageManager = detectManager(cwd, env);
  const project = readProject(cwd, packageManager);
  const plan = options.undo ? planUndo(project) : planInit(project);
  const result: InitAnswer = {
    command: 'init',
    ok: true,
    dryRun: options.dryRun === true,
    undo: options.undo === true,
    packageManager,
    changes: plan.changes.map((each) => ({
      path: each.path,
      change: nameChange(each),
      diff: renderDiff(each),
    })),
    scripts: plan.scripts,
    findings: plan.findings,
    commands: listCommands(packageManager, options, plan.foreign),
  };
  // Before anything is written, so that it is on the screen even when writing fails.
  if (!options.json) for (const { diff } of result.changes) stdout.write(`${diff}\n`);
  if (!options.dryRun) applyPlan(cwd, plan);
  writeAsIs(context, options, { result, text: (each) => renderInit(each, paint) });
  return 0;
}

/**
 * What to type next: the change itself, its undo, and the checklist; a script that is somebody else's is typed as our
 * program.
 */
function listCommands(
  manager: PackageManager,
  { undo, dryRun }: InitOptions,
  foreign: readonly string[],
): string[] {
  if (dryRun) return [programCommand(manager, undo ? 'init --undo' : 'init')];
  if (undo) return [programCommand(manager, 'init')];
  const command = (name: string, words = '') =>
    foreign.includes(`migration:${name}`)
      ? programCommand(manager, `${name} ${words}`.trim())
      : scriptCommand(manager, `migration:${name}`, words);
  return [
    command('models'),
    command('list-users'),
    ...['1', '2', '3'].map((step) => command('production-safe', `<USER_ID> --step=${step}`)),
    command('rollback', '--confirm'),
    programCommand(manager, 'init --undo'),
  ];
}
