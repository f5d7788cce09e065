import { isUserLike } from './names.ts';
import type { Field, Model } from './parse.ts';

/** The model of users. */
export interface OwnerModel {
  model: Model;
  key: Field;
  /** What a person calls a user by, the best first: fields like email and name. */
  labels: Field[];
  created: Field | null;
  /** Models that are called like users too, and have rows of their own, which others point at. */
  rivals: string[];
}

/** The owner model, or why there is none; `candidates` are all models that could be it, the most referenced first. */
export type OwnerModelDecision = { candidates: string[] } & (
  | { owner: OwnerModel }
  | { owner: null; problem: 'missing' | 'ambiguous' }
  | { owner: null; problem: 'unknown'; wanted: string }
  | { owner: null; problem: 'key'; model: Model; keyFields: string[] }
);

const OWNER_MODEL_NAME = /^users?$/i;
const LABEL_FIELDS = ['email', 'emailaddress', 'username', 'name', 'displayname', 'fullname'];
const CREATED_FIELDS = ['createdat', 'created_at', 'created', 'createdon'];

/**
 * Decides which model holds the users: the configured one, else the one that is called or mapped User, Users, user or users.
 * Several such models, or only models of another name, are candidates for a person to choose from.
 */
export function decideOwnerModel(models: readonly Model[], wanted: string | null): OwnerModelDecision {
  const tables = models.filter(({ hidden }) => hidden !== 'view');
  const exact = tables.filter(
    ({ name, table }) => OWNER_MODEL_NAME.test(name) || OWNER_MODEL_NAME.test(table.name),
  );
  const similar = tables.filter(({ name, table }) => isUserLike(name) || isUserLike(table.name));
  const candidates = sortByReferences([...new Set([...exact, ...similar])], models).map(({ name }) => name);
  if (wanted !== null) {
    const model = tables.find(({ name }) => name === wanted);
    return model
      ? readOwnerModel(model, { models, candidates })
      : { owner: null, problem: 'unknown', wanted, candidates };
  }
  const [model] = exact;
  if (!model || exact.length > 1) {
    const problem = exact.length > 1 ? 'ambiguous' : 'missing';
    return {
      owner: null,
      problem,
      candidates: exact.length > 1 ? sortByReferences(exact, models).map(({ name }) => name) : candidates,
    };
  }
  return readOwnerModel(model, { models, candidates });
}

function readOwnerModel(
  model: Model,
  { models, candidates }: { models: readonly Model[]; candidates: string[] },
): OwnerModelDecision {
  const isRequired = (name: string) => model.fields.some((field) => field.name === name && field.isRequired);
  const keys = model.uniqueKeys.filter((names) => names.every(isRequired));
  const keyFields = [...keys].sort((a, b) => rankKey(a) - rankKey(b))[0] ?? [];
  // Where the primary key has several columns, a unique one that the rows of others point at tells users apart as well.
  function rankKey(names: readonly string[]): number {
    if (names.length > 1) return 3;
    if (names === keys[0]) return 0;
    const isUsed = models.some(({ relations }) =>
      relations.some(({ to, references }) => to === model.name && references.join() === names.join()),
    );
    return isUsed ? 1 : 2;
  }
  const key = model.fields.find(({ name }) => name === keyFields[0]);
  if (!key || keyFields.length > 1) return { owner: null, problem: 'key', model, keyFields, candidates };
  const byName = (names: string[]) =>
    names.flatMap((wanted) => model.fields.filter(({ name }) => name.toLowerCase() === wanted));
  const labels = byName(LABEL_FIELDS).filter(({ type }) => type === 'String');
  const created = byName(CREATED_FIELDS).find(({ type }) => type === 'DateTime') ?? null;
  const rivals = candidates.filter((name) => isRival(name, model, models));
  return { owner: { model, key, labels, created, rivals }, candidates };
}

/** The models that others point at most, at most three: where none is called like users, they may be among them. */
export function listMostReferenced(models: readonly Model[]): string[] {
  const referenced = models.filter(({ name }) =>
    models.some((each) => each.name !== name && each.relations.some(({ to }) => to === name)),
  );
  return sortByReferences(referenced, models)
    .slice(0, 3)
    .map(({ name }) => name);
}

/** Accounts and profiles of the owner model's own rows are none. */
function isRival(name: string, owner: Model, models: readonly Model[]): boolean {
  const points = (from: Model | undefined, to: string) =>
    from?.relations.some((relation) => relation.to === to) ?? false;
  const model = models.find((each) => each.name === name);
  return (
    name !== owner.name &&
    !points(model, owner.name) &&
    !points(owner, name) &&
    models.some((each) => each.name !== name && points(each, name))
  );
}

function sortByReferences(found: readonly Model[], models: readonly Model[]): Model[] {
  const references = (name: string) =>
    models.filter(({ relations }) => relations.some(({ to }) => to === name)).length;
  return [...found].sort((a, b) => references(b.name) - references(a.name));
}
