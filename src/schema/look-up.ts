import { isGeneratedLike, isLabelLike, isLookUpLike } from './names.ts';
import type { OwnedModel } from './decide.ts';
import type { Model } from './parse.ts';

/** Country codes and the like: a few hundred at the most. */
const MOST_ROWS = 500;
/** Besides the owner column and times. */
const MOST_FIELDS = 4;

/**
 * Whether an owned model looks like a look-up table, which is the same for all users: it has few rows and few fields, one of
 * which is a name or a code; it points at nothing but the owner, and other models point at it. All that is true of the tags
 * of a user as well; so its name has to say what it is, or its rows are known by the code itself.
 */
export function isLookUpTable({ model, owner }: OwnedModel, models: readonly Model[], rows: number): boolean {
  if (rows === 0 || rows > MOST_ROWS) return false;
  if (model.relations.some(({ fields }) => !fields.includes(owner.name))) return false;
  const fields = model.fields.filter(({ name, type }) => name !== owner.name && type !== 'DateTime');
  const labels = fields.filter(({ name, type }) => type === 'String' && isLabelLike(name));
  if (fields.length > MOST_FIELDS || labels.length === 0) return false;
  const isPointedAt = models.some(
    (each) =>
      each !== model &&
      (each.relations.some(({ to }) => to === model.name) || each.manyToMany.includes(model.name)),
  );
  return isPointedAt && (isLookUpLike(model.name) || hasCodeAsKey(model));
}

/** A text that people know, as in `code String @id`. */
function hasCodeAsKey({ uniqueKeys, fields }: Model): boolean {
  const [key = []] = uniqueKeys;
  const field = fields.find(({ name }) => name === key[0]);
  return key.length === 1 && field?.type === 'String' && !field.isGenerated && !isGeneratedLike(field.name);
}
