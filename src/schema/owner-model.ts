import type { Field, Model } from './parse.ts';

/** The model of users. */
export interface OwnerModel {
  model: Model;
  key: Field;
  /** What a person calls a user by, the best first: fields like email and name. */
  labels: Field[];
  created: Field | null;
}

/** The owner model, or why there is none; `candidates` are all models that could be it, the most referenced first. */
export type OwnerModelDecision = { candidates: string[] } & (
  | { owner: OwnerModel }
  | { owner: null; problem: 'missing' | 'ambiguous' }
  | { owner: null; problem: 'unknown'; wanted: string }
  | { owner: null; problem: 'key'; model: Model; keyFields: string[] }
);

const OWNER_MODEL_NAME = /^users?$/i;
const USER_LIKE = /user|account|member|person|people|profile|customer|author|identity|principal/i;
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
  const similar = tables.filter(({ name, table }) => USER_LIKE.test(name) || USER_LIKE.test(table.name));
  const candidates = sortByReferences([...new Set([...exact, ...similar])], models).map(({ name }) => name);
  if (wanted !== null) {
    const model = tables.find(({ name }) => name === wanted);
    return model
      ? readOwnerModel(model, candidates)
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
  return readOwnerModel(model, candidates);
}

function readOwnerModel(model: Model, candidates: string[]): OwnerModelDecision {
  const isRequired = (name: string) => model.fields.some((field) => field.name === name && field.isRequired);
  const keyFields = model.uniqueKeys.find((names) => names.every(isRequired)) ?? [];
  const key = model.fields.find(({ name }) => name === keyFields[0]);
  if (!key || keyFields.length > 1) return { owner: null, problem: 'key', model, keyFields, candidates };
  const byName = (names: string[]) =>
    names.flatMap((wanted) => model.fields.filter(({ name }) => name.toLowerCase() === wanted));
  const labels = byName(LABEL_FIELDS).filter(({ type }) => type === 'String');
  const created = byName(CREATED_FIELDS).find(({ type }) => type === 'DateTime') ?? null;
  return { owner: { model, key, labels, created }, candidates };
}

function sortByReferences(found: readonly Model[], models: readonly Model[]): Model[] {
  const references = (name: string) =>
    models.filter(({ relations }) => relations.some(({ to }) => to === name)).length;
  return [...found].sort((a, b) => references(b.name) - references(a.name));
}
