import { findOtherRole } from './names.ts';
import type { Model } from './parse.ts';

/** Tables in which migration tools keep what they did, without `_` and in lower case. */
const BOOKKEEPING =
  /^(prismamigrations?|knexmigrations(lock)?|sequelizemeta|typeormmetadata|migrations?|schemamigrations?|schemaversion|arinternalmetadata|flywayschemahistory|drizzlemigrations|alembicversion|djangomigrations|databasechangelog(lock)?|goosedbversion|pgmigrations)$/;
/** Short-lived proofs for an address: they belong to whoever shows them. */
const TOKENS =
  /^(email)?verification(s|tokens?|requests?|codes?)?$|^magiclinks?$|^passwordreset(s|tokens?|requests?|codes?)?$|^resettokens?$/;

/** A row that joins more than these says something of its own. */
const MOST_JOINED = 4;

/** Whether a model is called like short-lived tokens. */
export function isShortLived({ name, table }: Model): boolean {
  return [name, table.name].some((each) => TOKENS.test(each.replaceAll('_', '').toLowerCase()));
}

/** What a model without a way to the owner model is by its name, as a reason; null where the name says nothing. */
export function recogniseSystemModel({ name, table, relations }: Model): string | null {
  const names = [name, table.name].map((each) => each.replaceAll('_', '').toLowerCase());
  if (relations.length === 0 && names.some((each) => BOOKKEEPING.test(each)))
    return "a migration tool's bookkeeping";
  if (isShortLived({ name, table } as Model))
    return 'short-lived tokens: they go by the address that they were sent to';
  return null;
}

/**
 * The models that a join table joins, null for any other model. It has a unique key made of its foreign keys, and nothing
 * else but a key of its own and times: what has data of its own, like an order's line, is no join table.
 */
export function findJoined(model: Model): string[] | null {
  const joined = new Set(model.relations.flatMap(({ fields }) => fields));
  const hasKey = model.uniqueKeys.some((names) => {
    const parts = model.relations.filter(({ fields }) => fields.every((name) => names.includes(name)));
    return parts.length > 1 && names.every((name) => joined.has(name));
  });
  const keys = model.uniqueKeys[0] ?? [];
  const hasData = model.fields.some(
    ({ name, type }) =>
      !joined.has(name) && !(keys.length === 1 && keys[0] === name) && name !== 'id' && type !== 'DateTime',
  );
  const joins = model.relations.map(({ to }) => to);
  return hasKey && !hasData && joins.length <= MOST_JOINED ? joins : null;
}

/** A way along foreign keys to the owner model, as "Model.field", and what makes it doubtful. */
export interface OwnerPath {
  path: string[];
  notes: string[];
}

interface Step {
  model: Model;
  relation: Model['relations'][number];
}

/**
 * The best way along foreign keys to the owner model, null where there is none: one whose columns are all required goes
 * before one that can be cut off by a NULL, one that ends in a column of which there is no doubt before others, and then the
 * shortest.
 */
export function findPath(start: Model, byName: ReadonlyMap<string, Model>, owner: Model): OwnerPath | null {
  if (start.relations.length === 0) return null;
  const isRequired = (step: Step) => !mayBeNull(step);
  const isSure = (step: Step) => step.relation.to !== owner.name || describeDoubt(step, owner) === null;
  const choices = [(step: Step) => isRequired(step) && isSure(step), isRequired, isSure, () => true];
  for (const isTaken of choices) {
    const steps = findSteps(start, byName, { owner, isTaken });
    if (!steps) continue;
    const path = [...steps.map(nameStep), owner.name];
    const doubt = steps.map((step) => (step.relation.to === owner.name ? describeDoubt(step, owner) : null));
    const notes = [
      ...steps.filter(mayBeNull).map((step) => `${nameStep(step)} may be NULL`),
      ...doubt.filter((each) => each !== null),
    ];
    return { path, notes };
  }
  return null;
}

function nameStep({ model, relation }: Step): string {
  return `${model.name}.${relation.fields.join('+')}`;
}

function mayBeNull({ model, relation }: Step): boolean {
  return relation.fields.some((name) =>
    model.fields.some((field) => field.name === name && !field.isRequired),
  );
}

/** Why the last column of a way may not be the owner's. */
function describeDoubt({ model, relation }: Step, owner: Model): string | null {
  const columns = new Set(
    model.relations.filter(({ to }) => to === owner.name).flatMap(({ fields }) => fields),
  );
  if (columns.size > 1) return `${model.name} has several columns for users`;
  const role = findOtherRole(model, relation);
  return role === null ? null : `"${role}" may not mean the owner`;
}

/** Breadth first, along the steps that are taken. */
function findSteps(
  start: Model,
  byName: ReadonlyMap<string, Model>,
  { owner, isTaken }: { owner: Model; isTaken: (step: Step) => boolean },
): Step[] | null {
  const queue: { model: Model; steps: Step[] }[] = [{ model: start, steps: [] }];
  const seen = new Set([start.name]);
  for (let next = queue.shift(); next; next = queue.shift()) {
    const { model, steps } = next;
    const taken = model.relations.map((relation) => ({ model, relation })).filter(isTaken);
    for (const step of taken) {
      const { to } = step.relation;
      if (to === owner.name) return [...steps, step];
      const parent = byName.get(to);
      if (!parent || seen.has(to)) continue;
      seen.add(to);
      queue.push({ model: parent, steps: [...steps, step] });
    }
  }
  return null;
}
