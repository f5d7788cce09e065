import { type OwnershipSettings, settingOf } from '../settings.ts';
import { findOtherRole, judgeColumnName } from './names.ts';
import type { OwnerModel } from './owner-model.ts';
import type { Field, Model, PrismaSchema } from './parse.ts';
import { findJoined, findPath, recogniseSystemModel } from './shared-models.ts';

/**
 * What a model is for the migration. owned: one owner column, NULL allowed. alreadyRequired: one owner column, NOT NULL:
 * there is nothing to assign, and it is verified. ambiguous: several columns point at the owner model. bareColumn: a column
 * called like an owner's, without a relation. throughParent: no column of its own, but foreign keys lead to the owner
 * model. shared: no way leads there. excluded: left out by the settings. ownerModel: the users themselves.
 */
export type ModelClass =
  | 'ownerModel'
  | 'owned'
  | 'alreadyRequired'
  | 'ambiguous'
  | 'bareColumn'
  | 'throughParent'
  | 'shared'
  | 'excluded';

/** A model with its class, and why. */
export interface ClassifiedModel {
  model: Model;
  class: ModelClass;
  reason: string;
  /** owned and alreadyRequired: the owner column, and the owner model's field that it points at. */
  owner: { field: Field; references: Field } | null;
  /** owned: the name of the column's relation where it says another role than the owner's, and nobody chose the column. */
  otherRole: string | null;
  /** ambiguous, bareColumn, and models with @@ignore: the columns in question. */
  columns: string[];
  /** The first of them that has the type of the users' key: only that can be chosen. */
  choosable: string | null;
  /** throughParent: the shortest way to the owner model, as "Model.field". */
  path: string[];
}

const KEY_TYPES = ['String', 'Int', 'BigInt', 'Bytes'];

interface Context {
  byName: ReadonlyMap<string, Model>;
  owner: OwnerModel;
  settings: OwnershipSettings;
}

type Described = [modelClass: ModelClass, reason: string, more?: Partial<ClassifiedModel>];

/** Classes every model of a schema, in the schema's order. Pure: the same schema and settings give the same classes. */
export function classifyModels(
  schema: PrismaSchema,
  owner: OwnerModel,
  settings: OwnershipSettings,
): ClassifiedModel[] {
  const byName = new Map(schema.models.map((model) => [model.name, model]));
  return schema.models.map((model) => {
    const [modelClass, reason, more] = describeModel(model, { byName, owner, settings });
    return {
      model,
      class: modelClass,
      reason,
      owner: null,
      otherRole: null,
      columns: [],
      choosable: null,
      path: [],
      ...more,
    };
  });
}

function describeModel(model: Model, context: Context): Described {
  const { owner, settings } = context;
  if (model === owner.model) return ['ownerModel', 'the users themselves'];
  const leftOut = settingOf(settings.exclude, model.name);
  if (leftOut !== undefined) return ['excluded', `left out: ${leftOut}`];
  const meaning = settingOf(settings.nullMeans, model.name);
  if (meaning !== undefined) return ['excluded', `NULL is meant, so it is left out: ${meaning}`];
  if (model.hidden === 'view') return ['shared', 'a view: it has no rows of its own'];
  const chosen = settingOf(settings.ownerColumns, model.name);
  if (chosen !== undefined)
    return describeOwned(model, context, { column: chosen, why: 'chosen in the settings' });
  if (model.hidden === 'ignored') return describeIgnored(model, owner);
  const relations = model.relations.filter(({ to }) => to === owner.model.name);
  const columns = [...new Set(relations.flatMap(({ fields }) => fields))];
  const [relation] = relations;
  const [column] = columns;
  if (relation === undefined || column === undefined) return describeUnrelated(model, context);
  if (columns.length === 1) {
    const why = `its relation "${relation.field}"`;
    return describeOwned(model, context, { column, why, role: findOtherRole(model, relation) });
  }
  const names = columns.map((name) => (findField(model, name)?.isRequired ? `${name} (required)` : name));
  const what =
    relations.length === 1
      ? `its foreign key to ${owner.model.name} has several columns`
      : `several columns point at ${owner.model.name}`;
  return ['ambiguous', `${what}: ${names.join(', ')}`, { columns }];
}

function describeOwned(
  model: Model,
  { owner }: Context,
  { column, why, role = null }: { column: string; why: string; role?: string | null },
): Described {
  const field = findField(model, column);
  if (!field) throw new Error(`${model.name} has no field ${column}`);
  const relation = model.relations.find(
    ({ to, fields }) => to === owner.model.name && fields.includes(field.name),
  );
  const referenced = relation?.references[relation.fields.indexOf(field.name)];
  const references = owner.model.fields.find(({ name }) => name === referenced) ?? owner.key;
  const bare = listBareColumns(model, owner).filter((each) => each !== field);
  const otherRole = field.isRequired ? null : role;
  const notes = [
    why,
    ...(otherRole === null ? [] : [`"${otherRole}" may not mean the owner`]),
    ...(relation ? [] : [`no foreign key to ${owner.model.name}`]),
    ...(references === owner.key ? [] : [`it points at ${owner.model.name}.${references.name}`]),
    ...(field.isRequired ? ['required already, so there is nothing to assign'] : []),
    ...(field.isUnique && !field.isRequired ? ['unique, so a user can have one row only'] : []),
    ...(bare.length > 0 ? [`${listNames(bare)} ${bare.length > 1 ? 'are' : 'is'} not touched`] : []),
  ];
  const modelClass = field.isRequired ? 'alreadyRequired' : 'owned';
  return [modelClass, notes.join('; '), { owner: { field, references }, otherRole }];
}

/** The field that a person means by its name or by its column's. */
export function findField(model: Model, name: string): Field | null {
  const byName = model.fields.find((each) => each.name === name);
  return byName ?? model.fields.find(({ column }) => column === name) ?? null;
}

function describeIgnored(model: Model, owner: OwnerModel): Described {
  const related = model.relations.filter(({ to }) => to === owner.model.name).flatMap(({ fields }) => fields);
  const bare = listBareColumns(model, owner).map(({ name }) => name);
  const columns = [...new Set([...related, ...bare])];
  const reason = 'Prisma ignores it (@@ignore), but its table is real and can hold rows';
  const choosable = columns.find((name) => findField(model, name)?.type === owner.key.type) ?? null;
  return [
    'shared',
    columns.length > 0 ? `${reason}, with ${columns.join(', ')}` : reason,
    { columns, choosable },
  ];
}

function describeUnrelated(model: Model, { byName, owner }: Context): Described {
  const users = owner.model.name;
  const bare = listBareColumns(model, owner);
  if (bare.length > 0) {
    const named = bare.map((field) => describeBareColumn(field, owner)).join(', ');
    const reason = `${named}: called like an owner's column, but without a relation to ${users}`;
    const choosable = bare.find(({ type }) => type === owner.key.type)?.name ?? null;
    return ['bareColumn', reason, { columns: bare.map(({ name }) => name), choosable }];
  }
  const join = findJoined(model);
  if (join) return ['shared', `a join table of ${join.join(' and ')}: it belongs with their rows`];
  const note = describeOtherColumns(model, owner);
  const found = findPath(model, byName, owner.model);
  if (found)
    return [
      'throughParent',
      [`leads to ${users} by ${found.path.join(' > ')}`, ...found.notes].join('; ') + note,
      { path: found.path },
    ];
  const system = recogniseSystemModel(model);
  if (system) return ['shared', system];
  if (model.manyToMany.includes(users))
    return ['shared', `many-to-many with ${users}: a row can have several users`];
  if (owner.model.relations.some(({ to }) => to === model.name))
    return ['shared', `${users} points at it, not the other way round`];
  return ['shared', `no foreign key leads to ${users}${note}`];
}

/** Columns that have to do with users by their names, and are not taken for an owner's. */
function describeOtherColumns(model: Model, owner: OwnerModel): string {
  const owners = [owner.model.name, owner.model.table.name];
  const notes = model.fields.flatMap((field) => {
    const judged = judgeColumnName(field.name, owners);
    const relation = model.relations.find(({ fields }) => fields.includes(field.name));
    if (relation && judged === 'id') return [`${field.name} points at ${relation.to}`];
    if (judged === 'user' && !relation) return [`${field.name} is called like the key of some user`];
    return judged === 'name' && field.type === 'String'
      ? [`${field.name} (String) is taken for a name, not for a key`]
      : [];
  });
  return notes.map((note) => `; ${note}`).join('');
}

/** Columns that are called like an owner's and are in no relation. */
function listBareColumns(model: Model, owner: OwnerModel): Field[] {
  const inRelation = new Set(model.relations.flatMap(({ fields }) => fields));
  return model.fields.filter(
    (field) =>
      (KEY_TYPES.includes(field.type) || field.type.startsWith('Unsupported')) &&
      !inRelation.has(field.name) &&
      [field.name, field.column].some((name) => isOwnerLike(name, field, owner)),
  );
}

function isOwnerLike(name: string, field: Field, owner: OwnerModel): boolean {
  const judged = judgeColumnName(name, [owner.model.name, owner.model.table.name]);
  if (judged === 'id') return true;
  if (judged === 'owner') return field.type === owner.key.type;
  return (
    judged === 'name' &&
    (field.type === 'String' ? field.nativeType === 'Uuid' : field.type === owner.key.type)
  );
}

function describeBareColumn({ name, type }: Field, { key, model }: OwnerModel): string {
  const isKeyType = type === key.type;
  return isKeyType
    ? `${name} (${type})`
    : `${name} (${type}, while ${model.name}.${key.name} is ${key.type})`;
}

function listNames(fields: readonly Field[]): string {
  return fields.map(({ name }) => name).join(', ');
}
