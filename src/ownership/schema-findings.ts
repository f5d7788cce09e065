import type { Field } from '../schema/parse.ts';
import { error, warning } from './findings.ts';

/** What is to be said of a schema, before any database is asked. */

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
  return candidates.length > 0 ? choose : `${choose} A schema without users gets a User model in phase 1.`;
}

export const ambiguousOwner = (model: string, columns: readonly string[]) =>
  error(
    'AMBIGUOUS_OWNER',
    model,
    `several columns point at the owner model: ${columns.join(', ')}`,
    `The toolkit does not guess. Choose one (--owner-column=${model}=${columns[0]}, or "ownerColumns" in ownership.config.json), or leave the model out (--exclude=${model}, or "exclude").`,
  );

export const bareColumn = (model: string, typed: string, columns: readonly string[]) =>
  warning(
    'BARE_COLUMN',
    model,
    `${typed}: looks like an owner column, but has no relation to the owner model, so it is not taken`,
    `If it is the owner: add the relation in the schema, or choose it (--owner-column=${model}=${columns[0]}, or "ownerColumns" in ownership.config.json).`,
  );

export const ignoredModel = (model: string, columns: readonly string[]) =>
  warning(
    'IGNORED_MODEL',
    model,
    `Prisma ignores it (@@ignore), but its table can hold rows, and ${columns.join(', ')} could be an owner column`,
    `To take it along, choose the column (--owner-column=${model}=${columns[0]}, or "ownerColumns" in ownership.config.json).`,
  );

export const chosenTypeDiffers = (model: string, owner: Field, references: Field) =>
  error(
    'OWNER_TYPE_DIFFERS',
    model,
    `the owner column ${owner.name} is ${owner.type}, but the users' ${references.name} is ${references.type}`,
    'Choose another column, or give both the same type in the schema and migrate.',
  );
