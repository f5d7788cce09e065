import type { Model, PrismaSchema } from './parse.ts';

/** Tables in which migration tools keep what they did, without `_` and in lower case. */
const BOOKKEEPING =
  /^(prismamigrations?|knexmigrations(lock)?|sequelizemeta|typeormmetadata|migrations?|schemamigrations?|schemaversion|arinternalmetadata|flywayschemahistory|drizzlemigrations|alembicversion|djangomigrations|databasechangelog(lock)?|goosedbversion|pgmigrations)$/;
/** Short-lived proofs for an address: they belong to whoever shows them. */
const TOKENS =
  /^(email)?verification(s|tokens?|requests?|codes?)?$|^magiclinks?$|^(passwordreset|reset)tokens?$/;

/** What a model without a way to the owner model is by its name, as a reason; null where the name says nothing. */
export function recogniseSystemModel({ name, table }: Model): string | null {
  const names = [name, table.name].map((each) => each.replaceAll('_', '').toLowerCase());
  if (names.some((each) => BOOKKEEPING.test(each))) return "a migration tool's bookkeeping";
  if (names.some((each) => TOKENS.test(each))) return 'verification tokens: they belong to nobody yet';
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
    ({ name, type }) => !joined.has(name) && !(keys.length === 1 && keys[0] === name) && type !== 'DateTime',
  );
  return hasKey && !hasData ? model.relations.map(({ to }) => to) : null;
}

/** The shortest way along foreign keys to the owner model, breadth first; null where there is none. */
export function findPath(start: Model, { models }: PrismaSchema, owner: Model): string[] | null {
  const byName = new Map(models.map((model) => [model.name, model]));
  const queue: { model: Model; path: string[] }[] = [{ model: start, path: [] }];
  const seen = new Set([start.name]);
  for (let next = queue.shift(); next; next = queue.shift()) {
    for (const { to, fields } of next.model.relations) {
      const path = [...next.path, `${next.model.name}.${fields.join('+')}`];
      if (to === owner.name) return [...path, to];
      const parent = byName.get(to);
      if (!parent || seen.has(to)) continue;
      seen.add(to);
      queue.push({ model: parent, path });
    }
  }
  return null;
}
