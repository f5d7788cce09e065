import type { IsolationMap, ModelMap, RelationMap, Scope } from '../isolation/map.ts';
import type { ClassifiedModel } from './classify.ts';
import type { Decision } from './decide.ts';
import { judgeColumnName } from './names.ts';
import { findJoined, isShortLived } from './shared-models.ts';
import type { DataModel, DmmfField, DmmfModel } from './parse.ts';

/**
 * What the isolation extension knows of a schema, decided from the same classes as the migration. A model whose owner cannot be
 * told is closed: its rows are nobody's to see. Pure.
 */
export function buildIsolationMap(
  dataModel: DataModel,
  { owner, owned, classified }: Pick<Decision, 'owner' | 'owned' | 'classified'>,
): IsolationMap {
  const classes = new Map(classified.map((each) => [each.model.name, each]));
  const references = owned[0]?.references ?? owner.key;
  const models = dataModel.models.map((model): [string, ModelMap] => {
    const columns = model.fields.filter(({ kind }) => kind !== 'object');
    const keys = [model.primaryKey, ...model.uniqueIndexes].filter((key) => key !== null);
    return [
      model.name,
      {
        scope: decideScope(model, {
          classes,
          dataModel,
          ownerModel: owner.model.name,
          ownerKey: references.name,
        }),
        scalars: columns.map(({ name }) => name),
        keys: keys
          .filter(({ fields }) => fields.length > 1)
          .map(({ name, fields }) => name ?? fields.join('_')),
        relations: Object.fromEntries(
          model.fields
            .filter(({ kind }) => kind === 'object')
            .map((field) => [field.name, readRelation(model, field, dataModel)]),
        ),
      },
    ];
  });
  return {
    ownerModel: owner.model.name,
    ownerKey: references.name,
    ownerKeyType: references.type as IsolationMap['ownerKeyType'],
    models: Object.fromEntries(models),
  };
}

interface Known {
  classes: ReadonlyMap<string, ClassifiedModel>;
  dataModel: DataModel;
  ownerModel: string;
  ownerKey: string;
}

function decideScope(model: DmmfModel, known: Known, seen: readonly string[] = []): Scope {
  const classified = known.classes.get(model.name);
  if (model.name === known.ownerModel) return { kind: 'users' };
  if (!classified) return { kind: 'closed', reason: 'it is not in the schema that was read' };
  const { owner, reason } = classified;
  if (owner && owner.references.name !== known.ownerKey)
    return {
      kind: 'closed',
      reason: `its owner column points at ${known.ownerModel}.${owner.references.name}`,
    };
  if (owner) {
    const { name: field, isRequired } = owner.field;
    const relation = model.fields.find(
      ({ type, relationFromFields }) => type === known.ownerModel && relationFromFields?.includes(field),
    );
    return { kind: 'owned', field, relation: relation?.name ?? null, isRequired };
  }
  const way = findWay(model, classified, { ...known, seen });
  if (way !== null) return { kind: 'through', relation: way };
  const hangsOn = classified.class === 'shared' ? findClosed(model, { ...known, seen }) : null;
  if (hangsOn !== null) return { kind: 'closed', reason: `it hangs on ${hangsOn}, which is closed` };
  return isEverybodys(model, classified, known) ? { kind: 'shared' } : { kind: 'closed', reason };
}

/** A closed model that a foreign key of a model leads to, like that of a join table: whose that row is, is not decided. */
function findClosed(
  model: DmmfModel,
  { seen, ...known }: Known & { seen: readonly string[] },
): string | null {
  const closed = model.fields.find(({ type, relationFromFields = [] }) => {
    const next = known.dataModel.models.find(({ name }) => name === type);
    if (relationFromFields.length === 0 || !next || next === model || seen.includes(type)) return false;
    return decideScope(next, known, [...seen, model.name]).kind === 'closed';
  });
  return closed?.type ?? null;
}

/**
 * No row can be one user's: nothing of the row leads to a user, or a person has left the model out, with a reason, which has no
 * column for one.
 */
function isEverybodys(
  model: DmmfModel,
  { class: each, model: read }: ClassifiedModel,
  known: Known,
): boolean {
  const { hidden } = read;
  if (hidden !== null || (each !== 'shared' && each !== 'excluded')) return false;
  // Who has the e-mail of such a row could take the account.
  if (each === 'shared' && isShortLived(read)) return false;
  const names = model.fields.filter(({ kind }) => kind !== 'object').map(({ name }) => name);
  if (names.some((name) => judgeColumnName(name, [known.ownerModel]) === 'id')) return false;
  return !model.fields.some(({ type, isList, relationName, relationFromFields }) => {
    if (type !== known.ownerModel) return false;
    const fields = known.dataModel.models.find(({ name }) => name === type)?.fields;
    const back = fields?.find((other) => other.relationName === relationName && other.type === model.name);
    // One to one is one user's, whichever side holds the foreign key.
    return (relationFromFields?.length ?? 0) > 0 || !isList || back?.isList === true;
  });
}

/**
 * The relation that leads, step by step, to a model with an owner column; of a join table, one of those that it joins: the
 * other is held to the same owner whenever a row is written.
 */
function findWay(
  model: DmmfModel,
  { class: each, model: read, path }: ClassifiedModel,
  { seen, ...known }: Known & { seen: readonly string[] },
): string | null {
  const [first] = path;
  const joined = each === 'shared' ? findJoined(read) : null;
  if (first === undefined && joined === null) return null;
  const columns = first?.slice(model.name.length + 1);
  const relations = model.fields.filter(({ relationFromFields = [] }) =>
    columns === undefined ? relationFromFields.length > 0 : relationFromFields.join('+') === columns,
  );
  const found = relations.find(({ type }) => {
    const next = known.dataModel.models.find(({ name }) => name === type);
    if (!next || seen.includes(type)) return false;
    const { kind } = decideScope(next, known, [...seen, model.name]);
    return kind === 'owned' || kind === 'through';
  });
  return found?.name ?? null;
}

function readRelation(model: DmmfModel, field: DmmfField, { models }: DataModel): RelationMap {
  const target = models.find(({ name }) => name === field.type);
  const opposite = target?.fields.find(
    ({ name, relationName }) =>
      relationName === field.relationName &&
      (target !== model || name !== field.name || isAlone(model, field)),
  );
  const fields = field.relationFromFields ?? [];
  const columns = model.fields.filter(({ name }) => fields.includes(name));
  return {
    to: field.type,
    opposite: opposite?.name ?? '',
    isList: field.isList,
    isRequired: field.isRequired,
    ...(fields.length > 0 && {
      fields: [...fields],
      references: [...(field.relationToFields ?? [])],
      ...(columns.some(({ default: value }) => value !== undefined) && { hasDefault: true as const }),
      onDelete:
        field.relationOnDelete ?? (columns.every(({ isRequired }) => isRequired) ? 'Restrict' : 'SetNull'),
    }),
  };
}

/** A relation of a model with itself that has one field alone. */
function isAlone(model: DmmfModel, { relationName }: DmmfField): boolean {
  return model.fields.filter((each) => each.relationName === relationName).length === 1;
}
