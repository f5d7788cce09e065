import type { TableName } from '../database/dialect.ts';
import type { IsolatedTable, PolicyLink } from '../database/row-security.ts';
import type { IsolationMap, RelationMap } from '../isolation/map.ts';
import { tableOf } from '../ownership/target.ts';
import { buildIsolationMap } from '../schema/isolation-map.ts';
import type { DataModel, DmmfField, Model, PrismaSchema } from '../schema/parse.ts';
import type { Decision } from '../schema/decide.ts';
import { findJoined } from '../schema/shared-models.ts';

/** A model without a policy, and why: by its scope, or because Prisma's client does not know it. */
export interface LeftOut {
  model: string;
  why: 'users' | 'shared' | 'closed';
  reason: string;
}

/** What policies are written from. */
interface Source {
  dataModel: DataModel;
  schema: PrismaSchema;
  decision: Decision;
  defaultSchema: string;
}

interface Context extends Source {
  map: IsolationMap;
  byName: ReadonlyMap<string, Model>;
}

/**
 * The tables whose rows have owners, parents before children, and the tables of many-to-many relations with their rows. By the
 * same scopes as the isolation library's list. Pure.
 */
export function listIsolatedTables(source: Source): { tables: IsolatedTable[]; leftOut: LeftOut[] } {
  const { dataModel, schema, decision } = source;
  const byName = new Map(schema.models.map((model) => [model.name, model]));
  const context = { ...source, byName, map: buildIsolationMap(dataModel, decision) };
  const models = dataModel.models.filter(({ name }) => byName.get(name)?.hidden === null);
  const isolated = models.filter(({ name }) => isIsolated(context, name)).map(({ name }) => name);
  const tables = [
    ...isolated.map((name) => isolateModel(context, name)),
    ...dataModel.models.flatMap(({ name }) => isolateManyToMany(context, name)),
  ];
  return { tables: sortParentsFirst(markCircles(tables)), leftOut: listLeftOut(context) };
}

function isIsolated({ map }: Context, name: string): boolean {
  const kind = map.models[name]?.scope.kind;
  return kind === 'owned' || kind === 'through';
}

function isolateModel(context: Context, name: string): IsolatedTable {
  const model = context.byName.get(name) as Model;
  const { scope, relations } = context.map.models[name] as IsolationMap['models'][string];
  const held = Object.entries(relations)
    .filter(([, relation]) => relation.fields && isIsolated(context, relation.to))
    .map(([field, relation]) => ({ field, link: toLink(context, model, relation) }));
  const isJoin = scope.kind === 'through' && findJoined(model) !== null;
  const isParent = ({ field, link }: (typeof held)[number]) =>
    scope.kind === 'through' && (field === scope.relation || (isJoin && !link.isOptional));
  return {
    model: name,
    table: tableOf(model, context.defaultSchema),
    owner: scope.kind === 'owned' ? columnOf(model, scope.field) : null,
    parents: held.filter(isParent).map(({ link }) => link),
    links: held.filter((each) => !isParent(each)).map(({ link }) => link),
  };
}

function toLink(
  { byName, defaultSchema }: Context,
  model: Model,
  { to, fields = [], references = [] }: RelationMap,
): PolicyLink {
  const target = byName.get(to) as Model;
  return {
    table: tableOf(target, defaultSchema),
    columns: fields.map((field) => columnOf(model, field)),
    references: references.map((field) => columnOf(target, field)),
    isOptional: model.fields.some(({ name, isRequired }) => fields.includes(name) && !isRequired),
    isCircular: false,
  };
}

function columnOf({ fields }: Model, name: string): string {
  return fields.find((field) => field.name === name)?.column ?? name;
}

/** The tables that Prisma keeps lists on both sides in, from the side that comes first: its keys are in the column A. */
function isolateManyToMany(context: Context, name: string): IsolatedTable[] {
  const { dataModel, byName, defaultSchema } = context;
  const fields = dataModel.models.find((model) => model.name === name)?.fields ?? [];
  const seen = new Set<string>();
  return fields.flatMap((field) => {
    const { relationName = '', type } = field;
    if (!isManyToMany(dataModel, field, name) || type < name || seen.has(relationName)) return [];
    seen.add(relationName);
    const first = byName.get(name) as Model;
    const sides = [
      { model: first, column: 'A' },
      { model: byName.get(type) as Model, column: 'B' },
    ];
    const parents = sides
      .filter(({ model }) => isIsolated(context, model.name))
      .map(
        ({ model, column }): PolicyLink => ({
          table: tableOf(model, defaultSchema),
          columns: [column],
          references: (model.uniqueKeys[0] ?? []).map((key) => columnOf(model, key)),
          isOptional: false,
          isCircular: false,
        }),
      );
    const table = { schema: tableOf(first, defaultSchema).schema, name: `_${relationName}` };
    return parents.length > 0 ? [{ model: relationName, table, owner: null, parents, links: [] }] : [];
  });
}

function isManyToMany({ models }: DataModel, field: DmmfField, from: string): boolean {
  if (field.kind !== 'object' || !field.isList) return false;
  const back = models
    .find(({ name }) => name === field.type)
    ?.fields.find(
      (each) =>
        each.relationName === field.relationName &&
        each.type === from &&
        (field.type !== from || each.name !== field.name),
    );
  return back?.isList === true;
}

/** A parent that leads back to its child can only be asked for by a function, when a row is written. */
function markCircles(tables: readonly IsolatedTable[]): IsolatedTable[] {
  const byTable = new Map(tables.map((each) => [nameOf(each.table), each]));
  const leadsTo = (from: TableName, to: string, seen: readonly string[] = []): boolean => {
    const name = nameOf(from);
    if (name === to) return true;
    if (seen.includes(name)) return false;
    return (byTable.get(name)?.parents ?? []).some(({ table }) => leadsTo(table, to, [...seen, name]));
  };
  return tables.map((each) => {
    const mark = (link: PolicyLink) => ({ ...link, isCircular: leadsTo(link.table, nameOf(each.table)) });
    const [parents, links] = [each.parents.map(mark), each.links.map(mark)];
    return {
      ...each,
      parents: parents.filter(({ isCircular }) => !isCircular),
      links: [...parents.filter(({ isCircular }) => isCircular), ...links],
    };
  });
}

function sortParentsFirst(tables: readonly IsolatedTable[]): IsolatedTable[] {
  const byTable = new Map(tables.map((each) => [nameOf(each.table), each]));
  const sorted = new Set<IsolatedTable>();
  const visit = (each: IsolatedTable | undefined) => {
    if (!each || sorted.has(each)) return;
    for (const { table } of each.parents) visit(byTable.get(nameOf(table)));
    sorted.add(each);
  };
  for (const each of tables) visit(each);
  return [...sorted];
}

function nameOf(table: TableName): string {
  return JSON.stringify([table.schema, table.name]);
}

/** Models that Prisma's client does not know have tables all the same; views have none. */
function listLeftOut({ map, schema }: Context): LeftOut[] {
  return schema.models
    .filter(({ hidden }) => hidden !== 'view')
    .flatMap(({ name, hidden }): LeftOut[] => {
      if (hidden === 'ignored')
        return [{ model: name, why: 'closed', reason: 'Prisma ignores it (@@ignore)' }];
      const scope = map.models[name]?.scope;
      if (!scope || scope.kind === 'owned' || scope.kind === 'through') return [];
      return [{ model: name, why: scope.kind, reason: scope.kind === 'closed' ? scope.reason : '' }];
    });
}
