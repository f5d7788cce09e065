import type { OwnedModel } from '../decide.ts';
import { findOtherRole } from '../names.ts';
import type { OwnerModel } from '../owner-model.ts';
import type { Field, Model } from '../parse.ts';
import { splitWords, toCamel, toPascal, toPlural, toSingular, toSnake } from './words.ts';

/** How names of several words are spelled, and whether columns have snake_case where fields do not. */
interface Spelling {
  isSnake: boolean;
  isMapped: boolean;
}

/** The names of an owner field, of its column and of its relation. */
export interface OwnerNames {
  field: string;
  relation: string;
  column: string;
}

/** The fields' and columns' spelling by those with several words: the model's own, else the whole schema's. */
function findSpelling(model: Model, models: readonly Model[]): { own: Spelling | null; spelling: Spelling } {
  const own = readSpelling(model.fields);
  const all = readSpelling(models.flatMap(({ fields }) => fields));
  return { own, spelling: own ?? all ?? { isSnake: false, isMapped: false } };
}

function readSpelling(fields: readonly Field[]): Spelling | null {
  const camel = fields.filter(({ name }) => /[\p{Ll}\d]\p{Lu}/u.test(name));
  const snake = fields.filter(({ name }) => isSnake(name));
  if (camel.length === snake.length) return null;
  const mapped = camel.filter(({ column }) => isSnake(column));
  return { isSnake: snake.length > camel.length, isMapped: mapped.length * 2 > camel.length };
}

function isSnake(name: string): boolean {
  return /^[^_\p{Lu}]+(_[^_\p{Lu}]+)+$/u.test(name);
}

/** The names of an owner field and its relation in a model that has them. */
export interface UsedNames {
  pair: [field: string, relation: string];
  isSnake: boolean | null;
}

/**
 * The names that the models have which are owned already. Those of another kind of relation say nothing about an owner: of
 * another role, to another key than the owner's, or of one row for each user.
 */
export function listUsedNames(owned: readonly OwnedModel[], owner: OwnerModel): UsedNames[] {
  return owned.flatMap(({ model, references, owner: { name, isUnique } }) => {
    const found = model.relations.find(({ to, fields }) => to === owner.model.name && fields.join() === name);
    const isOther = isUnique || references.name !== owner.key.name;
    const relation = found && !isOther && findOtherRole(model, found) === null ? found : null;
    const isSnakeModel = readSpelling(model.fields.filter((field) => field.name !== name))?.isSnake ?? null;
    return relation ? [{ pair: [name, relation.field], isSnake: isSnakeModel }] : [];
  });
}

/** The usual names of the models that are spelled alike, else of all, and then spelled as this model is. */
function findUsualNames(
  used: readonly UsedNames[],
  own: Spelling | null,
): [field: string, relation: string] | null {
  const alike = used.filter(({ isSnake }) => own !== null && isSnake === own.isSnake);
  const pairs = (alike.length > 0 ? alike : used).map(({ pair }) => pair);
  const count = (pair: [string, string]) => pairs.filter((each) => each.join() === pair.join()).length;
  const [most] = [...pairs].sort((a, b) => count(b) - count(a));
  if (most === undefined || alike.length > 0 || own === null) return most ?? null;
  const respell = (name: string) =>
    own.isSnake === isSnake(name) ? name : (own.isSnake ? toSnake : toCamel)(splitWords(name));
  return [respell(most[0]), respell(most[1])];
}

/**
 * Chooses the names in a model: the usual ones, or those of the owner model, else `ownerId` and `owner`. Where all are taken,
 * or the column is, the reason; no third pair is made up. A column that could be the owner's is not given a twin.
 */
export function chooseOwnerNames(
  model: Model,
  taken: ReadonlySet<string>,
  context: { owner: OwnerModel; used: readonly UsedNames[]; models: readonly Model[] },
): OwnerNames | { reason: string } {
  const { own, spelling } = findSpelling(model, context.models);
  const base = toSingular(splitWords(context.owner.model.name));
  const spell = spelling.isSnake ? toSnake : toCamel;
  const pairs: [field: string, relation: string][] = [
    findUsualNames(context.used, own) ?? [spell([...base, 'id']), spell(base)],
    [spell(['owner', 'id']), 'owner'],
  ];
  const related = model.relations.flatMap(({ fields }) => fields);
  const twin = model.fields.find(
    ({ name, type }) => name === pairs[0]?.[0] && type === context.owner.key.type && !related.includes(name),
  );
  if (twin)
    return {
      reason: `its field ${twin.name} is called like an owner's and has no relation to ${context.owner.model.name}`,
    };
  const free = pairs.find((pair) => !pair.some((name) => taken.has(name)));
  if (free === undefined) {
    const names = [...new Set(pairs.flat())].filter((name) => taken.has(name));
    return { reason: `the names of an owner field are taken in it: ${names.join(', ')}` };
  }
  const [field, relation] = free;
  const column = spelling.isMapped && !spelling.isSnake ? toSnake(splitWords(field)) : field;
  const reason = findColumnInTheWay(model, column);
  return reason === null ? { field, relation, column } : { reason };
}

/** Databases other than PostgreSQL take names that differ in capitals alone for one. */
function findColumnInTheWay(model: Model, column: string): string | null {
  const other = model.fields.find((each) => each.column.toLowerCase() === column.toLowerCase());
  if (!other) return null;
  const field = other.name === other.column ? '' : ` (${other.name})`;
  return `its column ${other.column}${field} is in the way of the owner column ${column}`;
}

/** The list's name on the owner model: `notes`, or `ownedNotes` where that is taken; the reason where both are. */
export function chooseListName(
  model: Model,
  taken: ReadonlySet<string>,
  context: { owner: OwnerModel; models: readonly Model[] },
): { list: string } | { reason: string } {
  const { spelling } = findSpelling(context.owner.model, context.models);
  const spell = spelling.isSnake ? toSnake : toCamel;
  const plural = toPlural(splitWords(model.name));
  const names = [spell(plural), spell(['owned', ...plural])];
  const list = names.find((name) => !taken.has(name));
  return list === undefined
    ? { reason: `the names of its list are taken in ${context.owner.model.name}: ${names.join(', ')}` }
    : { list };
}

/** A name that no relation of the schema has. */
export function chooseRelationName(model: Model, taken: ReadonlySet<string>): string {
  const name = `${toPascal(splitWords(model.name))}Owner`;
  for (let number = 1; ; number++) {
    const numbered = number === 1 ? name : `${name}${number}`;
    if (!taken.has(numbered)) return numbered;
  }
}
