import type { Command } from 'commander';
import { surplusArguments } from './errors.ts';
import { hidePassword } from './hide-password.ts';
import { parseAssignments, parseText } from './option-values.ts';

/** One real example of each command. */
export const EXAMPLES: Record<string, string> = {
  models: 'npm run migration:models',
  schema: 'npm run migration:schema -- --phase=1',
  'list-users': 'npm run migration:list-users -- --search=ana',
  'production-safe': 'npm run migration:production-safe -- cm3owner0000 --step=1',
  rollback: 'npm run migration:rollback -- --confirm',
  status: 'npm run migration:status -- --tick=backup --note="nightly, in the bucket backups"',
  pause: 'npm run migration:pause',
  resume: 'npm run migration:resume',
  cancel: 'npm run migration:cancel',
  cleanup: 'npm run migration:cleanup -- --confirm',
  backup: 'npm run migration:backup -- --verify',
  restore: 'npm run migration:restore -- backups/app-20261126-024500 --confirm=app',
  rehearse: 'npm run migration:rehearse -- cm3owner0000',
  report: 'npm run migration:report -- --out=report.html',
  isolation: 'npm run migration:isolation -- --generate=src/for-user.ts',
  init: 'npx prisma-ownership init --dry-run',
};

/** A command, with the flags of those that look for a database or a schema. */
export function declare(program: Command, name: string, description: string): Command {
  return declareAnswer(
    program
      .command(name)
      .description(description)
      .option('--schema <path>', 'the Prisma schema, a file or a folder', parseText)
      .option('--config <path>', 'the Prisma config file', parseText),
  );
}

/** Flags of every command, and its example. */
export function declareAnswer(command: Command): Command {
  return command
    .option('--json', 'answer with one JSON document')
    .option('--verbose', 'show sources of settings, and causes of errors')
    .allowExcessArguments()
    .addHelpText('after', `\nExample:\n  ${EXAMPLES[command.name()]}`);
}

/** Flags of the commands that read the schema; they go before ownership.config.json. */
export function declareOwner(command: Command): Command {
  return command
    .option('--owner-model <name>', 'the model that holds the users', parseText)
    .option(
      '--owner-column <names>',
      'the owner columns of models, as Post=authorId,Task=creatorId',
      parseAssignments,
    );
}

/** Throws SURPLUS_ARGUMENT where there are more words than the command takes. */
export function refuseSurplus(command: Command): void {
  const surplus = command.args.slice(command.registeredArguments.length);
  if (surplus.length > 0) throw surplusArguments(surplus.map(hidePassword), EXAMPLES[command.name()] ?? '');
}
