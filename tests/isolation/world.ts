import { parseDatabaseUrl } from '../../src/database/database-url.ts';
import { type ModelClient, modelOf, openModelClient } from '../../src/database/model-client.ts';
import type { IsolationMap, RelationMap } from '../../src/isolation/map.ts';
import { decideOwnership } from '../../src/schema/decide.ts';
import { buildIsolationMap } from '../../src/schema/isolation-map.ts';
import type { SchemaFile } from '../../src/schema/normalise.ts';
import { parseSchema, readDataModel } from '../../src/schema/parse.ts';
import type { TestDatabase } from '../helpers/database.ts';
import { NO_SETTINGS } from '../../src/settings.ts';
import { createProject, type PrismaProject } from '../helpers/prisma-project.ts';

export type Row = Record<string, unknown>;
/** Every row of every model, with the keys of the rows that it is linked to many-to-many. */
export type World = Record<string, Row[]>;

/** An app with its tables, and a client that sees everything. */
export interface App {
  project: PrismaProject;
  client: ModelClient;
  map: IsolationMap;
  /** Puts these rows in the place of all that is there. */
  fill: (
    rows: readonly (readonly [model: string, rows: readonly object[]])[],
    links?: readonly Link[],
  ) => Promise<void>;
  read: () => Promise<World>;
  close: () => Promise<void>;
}

type Link = readonly [model: string, id: string, data: object];

/** Makes the tables of a schema, whose models all have the key `id`, with Prisma's own SQL. */
export async function openApp(
  provider: TestDatabase['provider'],
  { models, shared = [] }: { models: string; shared?: readonly string[] },
): Promise<App> {
  const project = await createProject(provider, { models, migrations: {} });
  const made = await project.prisma('migrate diff --from-empty --to-schema schema.prisma --script');
  if (made.code !== 0) throw new Error(made.stderr);
  await project.run(made.stdout);
  const files: SchemaFile[] = [
    ['schema.prisma', `datasource db {\n  provider = "${provider}"\n}\n${models}`],
  ];
  const settings = { ...NO_SETTINGS, exclude: Object.fromEntries(shared.map((name) => [name, 'everybody'])) };
  const map = buildIsolationMap(readDataModel(files), decideOwnership(parseSchema(files), settings));
  const url = parseDatabaseUrl(project.url, [project.folder]);
  if (typeof url === 'string') throw new Error(url);
  const client = openModelClient(url, files);
  return {
    project,
    client,
    map,
    fill: (rows, links = []) => fillTables(client, map, { rows, links }),
    read: () => readWorld(client, map),
    close: async () => {
      await client.$disconnect();
      await project.drop();
    },
  };
}

async function fillTables(
  client: ModelClient,
  map: IsolationMap,
  { rows, links }: { rows: readonly (readonly [string, readonly object[]])[]; links: readonly Link[] },
): Promise<void> {
  await client.$transaction(async (tx) => {
    // Foreign keys go round in circles: what can be emptied is emptied first.
    for (const [name, { relations, scope }] of Object.entries(map.models)) {
      const optional = Object.entries(relations).filter(([, each]) => each.fields && !each.isRequired);
      const owner = scope.kind === 'owned' ? scope.field : null;
      const fields = optional.flatMap(([, { fields = [] }]) => fields).filter((field) => field !== owner);
      if (fields.length > 0)
        await modelOf(tx, name).updateMany?.({
          data: Object.fromEntries(fields.map((field) => [field, null])),
        });
    }
    for (const name of parentsLast(map)) await modelOf(tx, name).deleteMany?.();
    for (const [name, data] of rows) await modelOf(tx, name).createMany?.({ data });
    for (const [name, id, data] of links) await modelOf(tx, name).update?.({ where: { id }, data });
  });
}

/** Children before the rows that they cannot be without. */
function parentsLast({ models }: IsolationMap): string[] {
  const sorted: string[] = [];
  const visit = (name: string) => {
    if (sorted.includes(name)) return;
    for (const [other, { relations }] of Object.entries(models))
      if (
        other !== name &&
        Object.values(relations).some(({ to, fields, isRequired }) => to === name && fields && isRequired)
      )
        visit(other);
    sorted.push(name);
  };
  for (const name of Object.keys(models)) visit(name);
  return sorted;
}

/** A list on both sides. */
function isManyToMany({ models }: IsolationMap, relation: RelationMap): boolean {
  return relation.isList && models[relation.to]?.relations[relation.opposite]?.isList === true;
}

async function readWorld(client: ModelClient, map: IsolationMap): Promise<World> {
  const world: World = {};
  for (const [name, { relations }] of Object.entries(map.models)) {
    const lists = Object.entries(relations).filter(([, relation]) => isManyToMany(map, relation));
    const include = Object.fromEntries(
      lists.map(([key]) => [key, { select: { id: true }, orderBy: { id: 'asc' } }]),
    );
    const args = { orderBy: { id: 'asc' }, ...(lists.length > 0 ? { include } : {}) };
    world[name] = (await modelOf(client, name).findMany?.(args)) as Row[];
  }
  return world;
}

/** Whose a row is: the user's id, null for nobody's, undefined for a row that is everybody's. */
export function ownerOf(map: IsolationMap, world: World, name: string, row: Row): unknown {
  const model = map.models[name];
  if (!model) throw new Error(name);
  const { scope } = model;
  if (scope.kind === 'owned') return row[scope.field];
  if (scope.kind === 'users') return row.id;
  if (scope.kind !== 'through') return undefined;
  const { to, fields = [] } = model.relations[scope.relation] as RelationMap;
  const parent = world[to]?.find(({ id }) => id === row[fields[0] ?? '']);
  return parent ? ownerOf(map, world, to, parent) : null;
}

/**
 * What a user changed that is not the user's: rows of others that are not as before, and links between a row of the user and
 * one of another owner that were not there before. Links of many-to-many count as a change of neither row.
 */
export function listTrespasses(
  map: IsolationMap,
  userId: string,
  [before, after]: readonly [World, World],
): string[] {
  const rows = Object.keys(map.models).flatMap((name) => {
    const foreign = (world: World) =>
      new Map(
        (world[name] ?? [])
          .filter(
            (row) => ![userId, undefined].includes(ownerOf(map, world, name, row) as string | undefined),
          )
          .map((row) => [String(row.id), toText(withoutLists(row))]),
      );
    const [old, now] = [foreign(before), foreign(after)];
    const isUsers = map.models[name]?.scope.kind === 'users';
    // A new user is nobody's row yet.
    const ids = [...new Set([...old.keys(), ...(isUsers ? [] : now.keys())])];
    return ids
      .filter((id) => old.get(id) !== now.get(id))
      .map((id) => `${name} ${id}: ${old.get(id)} -> ${now.get(id)}`);
  });
  const known = new Set(listCrossLinks(map, userId, before));
  return [...rows, ...listCrossLinks(map, userId, after).filter((link) => !known.has(link))];
}

function listCrossLinks(map: IsolationMap, userId: string, world: World): string[] {
  return Object.entries(map.models).flatMap(([name, { relations, scope }]) =>
    (world[name] ?? []).flatMap((row) =>
      Object.entries(relations).flatMap(([key, relation]) => {
        if (scope.kind === 'owned' && key === scope.relation) return [];
        const ids = isManyToMany(map, relation)
          ? (row[key] as { id: string }[]).map(({ id }) => id)
          : [row[relation.fields?.[0] ?? '']];
        const mine = ownerOf(map, world, name, row);
        return ids.flatMap((id) => {
          const target = world[relation.to]?.find((each) => each.id === id);
          const theirs = target ? ownerOf(map, world, relation.to, target) : undefined;
          const isUsers = map.models[relation.to]?.scope.kind === 'users';
          const isCrossed =
            mine === userId && target && theirs !== undefined && theirs !== userId && !isUsers;
          return isCrossed ? [`${name} ${row.id}.${key} -> ${id}`] : [];
        });
      }),
    ),
  );
}

function withoutLists(row: Row): Row {
  return Object.fromEntries(Object.entries(row).filter(([, value]) => !Array.isArray(value)));
}

/** JSON, with numbers that JSON has not. */
export function toText(value: unknown): string {
  return JSON.stringify(value, (_, each) => (typeof each === 'bigint' ? String(each) : each)) ?? 'undefined';
}
