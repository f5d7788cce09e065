import type { ClassifiedModel } from '../schema/classify.ts';
import type { Field } from '../schema/parse.ts';
import { error, type Finding, warning } from './findings.ts';

/** What is to be said of a model from its class, before any database is asked. */
export function describeClass({ class: modelClass, model, columns, ...more }: ClassifiedModel): Finding[] {
  const { owner, otherRole, reason, choosable } = more;
  if (modelClass === 'ambiguous') return [ambiguousOwner(model.name, reason)];
  if (modelClass === 'bareColumn') return [bareColumn(model.name, reason, choosable)];
  if (model.hidden === 'ignored' && columns.length > 0) return [ignoredModel(model.name, columns, choosable)];
  return owner && otherRole !== null ? [ownerDoubtful(model.name, owner.field.name, otherRole)] : [];
}

/** A chosen column whose type in the schema is not the users'. A database has types of its own, and is asked for them. */
export function describeChosenType({ model, owner }: ClassifiedModel): Finding[] {
  if (owner === null || owner.field.type === owner.references.type) return [];
  return [chosenTypeDiffers(model.name, owner.field, owner.references)];
}

export const ownerModelUndecided = (
  problem: string,
  { candidates, hasKey }: { candidates: readonly string[]; hasKey: boolean },
) =>
  error(
    'OWNER_MODEL_UNDECIDED',
    null,
    problem,
    hasKey ? nameOwnerModel(candidates) : 'Give it a single @id.',
  );

function nameOwnerModel(candidates: readonly string[]): string {
  const choose =
    'The toolkit does not guess. Name it: --owner-model=NAME, or "ownerModel" in ownership.config.json.';
  return candidates.length > 0
    ? choose
    : `${choose} Where there is none yet, phase 1 begins with a User model.`;
}

const ambiguousOwner = (model: string, reason: string) =>
  error(
    'AMBIGUOUS_OWNER',
    model,
    reason,
    `The toolkit does not guess. Choose one (--owner-column=${model}=COLUMN, or "ownerColumns" in ownership.config.json), or leave the model out (--exclude=${model}, or "exclude").`,
  );

function chooseColumn(model: string, column: string): string {
  return `--owner-column=${model}=${column}, or "ownerColumns" in ownership.config.json`;
}

const bareColumn = (model: string, reason: string, choosable: string | null) =>
  warning(
    'BARE_COLUMN',
    model,
    `${reason}, so it is not taken`,
    choosable === null
      ? "If it is the owner: give the model a column of the type of the users' key, with a relation."
      : `If it is the owner: add the relation in the schema, or choose it (${chooseColumn(model, choosable)}).`,
  );

export const otherUsers = (model: string, rivals: readonly string[]) =>
  warning(
    'OTHER_USER_MODELS',
    null,
    `${model} is taken for the users by its name; ${rivals.join(', ')} could be meant as well`,
    `If it is right, say so (--owner-model=${model}, or "ownerModel" in ownership.config.json); if not, name the other one.`,
  );

const ownerDoubtful = (model: string, column: string, role: string) =>
  warning(
    'OWNER_DOUBTFUL',
    model,
    `"${role}" points at the owner model, and its name may mean another role than the owner's`,
    `If it is the owner, say so (--owner-column=${model}=${column}, or "ownerColumns" in ownership.config.json); if not, leave the model out (--exclude=${model}, or "exclude").`,
  );

const ignoredModel = (model: string, columns: readonly string[], choosable: string | null) =>
  warning(
    'IGNORED_MODEL',
    model,
    `Prisma ignores it (@@ignore), but its table can hold rows, and ${columns.join(', ')} could be an owner column`,
    choosable === null
      ? "None of them has the type of the users' key, so it cannot be taken along."
      : `To take it along, choose the column (${chooseColumn(model, choosable)}).`,
  );

const chosenTypeDiffers = (model: string, owner: Field, references: Field) =>
  error(
    'OWNER_TYPE_DIFFERS',
    model,
    `the owner column ${owner.name} is ${owner.type}, but the users' ${references.name} is ${references.type}`,
    'Choose another column, or give both the same type in the schema and migrate.',
  );
