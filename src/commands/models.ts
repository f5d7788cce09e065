import { loadSchemaConfig } from '../config.ts';
import type { Context } from '../context.ts';
import { type Finding, hasErrors } from '../ownership/findings.ts';
import {
  describeChosenType,
  describeClass,
  otherUsers,
  ownerModelUndecided,
} from '../ownership/schema-findings.ts';
import { tableLabel } from '../ownership/target.ts';
import { renderModels } from '../report/models.ts';
import { createPainter } from '../report/text.ts';
import { type ClassifiedModel, classifyModels } from '../schema/classify.ts';
import { decideOwnerModel, listMostReferenced, type OwnerModelDecision } from '../schema/owner-model.ts';
import type { Model } from '../schema/parse.ts';
import { type CommonOptions, describeSources, toRawConfig, writeAnswer } from './database-command.ts';
import type { ModelsAnswer } from './results.ts';

/** Shows every model with its class. Reads the schema alone. Returns 1 while anything is ambiguous. */
export async function modelsCommand(options: CommonOptions, context: Context): Promise<number> {
  const { located, schema, settings } = await loadSchemaConfig(toRawConfig(context, options));
  const installed = located.prismaVersion === null ? '' : `, Prisma ${located.prismaVersion} is installed`;
  context.stderr.write(options.verbose ? describeSources(located) : `Schema: ${located.path}${installed}\n`);
  const decided = decideOwnerModel(schema.models, settings.ownerModel);
  const { owner } = decided;
  const classified = owner ? classifyModels(schema, owner, settings) : [];
  const findings = owner
    ? [
        ...(settings.ownerModel === null && owner.rivals.length > 0
          ? [otherUsers(owner.model.name, owner.rivals)]
          : []),
        ...classified.flatMap((each) => [...describeClass(each), ...describeChosenType(each)]),
      ]
    : [describeUndecided(decided, schema.models)];
  const result: ModelsAnswer = {
    command: 'models',
    ownerModel: owner?.model.name ?? null,
    candidates: decided.candidates,
    models: owner
      ? classified.map(describeModel)
      : schema.models.map((model) => {
          return {
            model: model.name,
            table: tableLabel(model),
            class: 'undecided',
            reason: 'the owner model is not known',
          };
        }),
    findings,
  };
  const paint = createPainter(context.stdout, context.env);
  writeAnswer(context, options, { result, text: (each) => renderModels(each, paint) });
  return hasErrors(findings) ? 1 : 0;
}

/** A model with its class, as results have it. */
export function describeModel({
  model,
  class: modelClass,
  owner,
  path,
  reason,
}: ClassifiedModel): ModelsAnswer['models'][number] {
  return {
    model: model.name,
    table: tableLabel(model),
    class: modelClass,
    ...(owner ? { ownerColumn: owner.field.column } : {}),
    ...(path.length > 0 ? { path } : {}),
    reason,
  };
}

function describeUndecided(decided: OwnerModelDecision, models: readonly Model[]): Finding {
  const hasKey = !('problem' in decided) || decided.problem !== 'key';
  return ownerModelUndecided(describeProblem(decided, models), { candidates: decided.candidates, hasKey });
}

function describeProblem(decided: OwnerModelDecision, models: readonly Model[]): string {
  if (!('problem' in decided)) return '';
  if (decided.problem === 'key') {
    const { model, keyFields } = decided;
    const key = keyFields.length > 0 ? `the composite key (${keyFields.join(', ')})` : 'no key';
    return `the model ${model.name} has ${key}; one column must tell users apart`;
  }
  const candidates = decided.candidates.join(', ');
  if (decided.problem === 'ambiguous') return `several models could hold the users: ${candidates}`;
  const called = 'no model is called or mapped "User" or "Users"';
  if (candidates) return `${called}; candidates: ${candidates}`;
  const most = listMostReferenced(models).join(', ');
  return `${called}, and none is called like users${most ? `; others point most at ${most}` : ''}`;
}
