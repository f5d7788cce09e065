import type { Node } from '@babel/types';
import type { IsolationMap } from '../isolation/map.ts';
import type { DataModel, PrismaSchema } from '../schema/parse.ts';
import type { Found, Search } from './calls.ts';
import { describeReceiver } from './call-site.ts';
import { asClient } from './evaluate.ts';
import { parentClient, sqlMeant, sqlNamesOwned, sqlRefused, sqlUnknown } from './findings.ts';
import { RAW_OPERATIONS } from './operations.ts';
import type { Scope } from './scopes.ts';
import type { Value } from './values.ts';
import { listTables } from './sql-tables.ts';
import { findMeaning, readSql, readTemplate, type SqlText } from './sql-text.ts';

/** Tables of models whose rows have owners, in lower case, with what they are called in the schema. */
export type SqlNames = ReadonlyMap<string, string>;

/** The tables of owned, through and closed models, and those that join them without a model. */
export function listSqlNames(
  { models }: Pick<PrismaSchema, 'models'>,
  dataModel: DataModel,
  map: IsolationMap,
): SqlNames {
  const names = new Map<string, string>();
  const isOwned = (model: string) =>
    ['owned', 'through', 'closed'].includes(map.models[model]?.scope.kind ?? '');
  for (const { name, table } of models) if (isOwned(name)) names.set(table.name.toLowerCase(), name);
  for (const { name, fields } of dataModel.models)
    for (const { type, relationName, isList } of fields) {
      const opposite = dataModel.models.find((each) => each.name === type);
      const isBoth = opposite?.fields.some(
        (each) => each.relationName === relationName && each.type === name && each.isList,
      );
      if (isList && isBoth && relationName && (isOwned(name) || isOwned(type)))
        names.set(`_${relationName}`.toLowerCase(), [name, type].sort().join(' and '));
    }
  return names;
}

interface SqlCall {
  name: string | null;
  /** What it is called on, and the node of that and of its name. */
  on: Value;
  object: Node;
  operation: Node;
  node: Node;
  scope: Scope;
}

/** What is to be said of raw SQL; null where it is none, or names no table of owned rows. */
export function judgeSql(
  search: Search,
  { name, on, object, operation, node, scope }: SqlCall,
): Found | null {
  const { project, text, sql: names } = search;
  if (name === null || !RAW_OPERATIONS.includes(name)) return null;
  const client = asClient(project, on);
  if (client?.trust === 'withUser') return null;
  const sql = readCall(search, node, scope);
  if (client?.trust === 'forUser') {
    const meant = findMeaning(sql);
    return meant === null
      ? { finding: sqlRefused(), name, operation }
      : { finding: sqlMeant(), name, operation, meant };
  }
  const named = [...new Set([...listTables(sql.text)].flatMap((table) => names.get(table) ?? []))];
  if (named.length === 0 && sql.isWhole) return null;
  const receiver = describeReceiver(object, text);
  const finding = named.length > 0 ? sqlNamesOwned(named, receiver) : sqlUnknown(receiver);
  if (client?.isParent) return { finding: parentClient(named[0] ?? null), name, operation };
  return { finding: client ? finding : { ...finding, severity: 'warning' }, name, operation };
}

function readCall({ project }: Search, node: Node, scope: Scope): SqlText {
  if (node.type === 'TaggedTemplateExpression') return readTemplate(project, node.quasi, { scope, depth: 0 });
  const given = 'arguments' in node ? (node.arguments as Node[]) : [];
  return given[0] ? readSql(project, given[0], { scope, depth: 0 }) : { text: '', isWhole: false };
}
