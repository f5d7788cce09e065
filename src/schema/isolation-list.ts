import type { IsolationMap, ModelMap } from '../isolation/map.ts';

/** What the first line of a list begins with: only a file with it is replaced. */
const MARK = '// Written by prisma-ownership from the Prisma schema';

/** Whether a text is a list that was written before. */
export function isIsolationList(text: string): boolean {
  return text.startsWith(MARK);
}

/**
 * The module that an application imports its `forUser` from: the list of its models, one line for each thing that is known, so
 * that a change of the schema reads well in a diff. `command` writes it again; `isModule` says whether it is an ES module.
 */
export function renderIsolationList(
  map: IsolationMap,
  { command, isModule }: { command: string; isModule: boolean },
): string {
  const { ownerModel, ownerKey, ownerKeyType, models } = map;
  const entries = Object.entries(models).map(([name, model]) => renderModel(name, model));
  const list = [
    '{',
    `  ownerModel: ${toText(ownerModel)},`,
    `  ownerKey: ${toText(ownerKey)},`,
    `  ownerKeyType: ${toText(ownerKeyType)},`,
    '  models: {',
    ...entries,
    '  },',
    '}',
  ].join('\n');
  const [head, tail] = isModule
    ? [
        "import { isolate } from 'prisma-ownership/isolation';",
        `export const { forUser } = isolate(${list});`,
      ]
    : [
        "const { isolate } = require('prisma-ownership/isolation');",
        `exports.forUser = isolate(${list}).forUser;`,
      ];
  return [
    `${MARK}; not to be edited. After each change of the schema:`,
    `//   ${command}`,
    '// biome-ignore-all format: a program writes it',
    head,
    '',
    '// prettier-ignore',
    tail,
    '',
  ].join('\n');
}

function renderModel(name: string, { scope, scalars, keys, relations }: ModelMap): string {
  const lines = Object.entries(relations).map(
    ([field, relation]) => `        ${toKey(field)}: ${toText(relation)},`,
  );
  return [
    `    ${toKey(name)}: {`,
    `      scope: ${toText(scope)},`,
    `      scalars: ${toText(scalars)},`,
    `      keys: ${toText(keys)},`,
    ...(lines.length > 0 ? ['      relations: {', ...lines, '      },'] : ['      relations: {},']),
    '    },',
  ].join('\n');
}

/** A value as code. */
function toText(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(toText).join(', ')}]`;
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value).map(([key, each]) => `${toKey(key)}: ${toText(each)}`);
    return `{ ${entries.join(', ')} }`;
  }
  return typeof value === 'string' ? quoteText(value) : JSON.stringify(value);
}

/** Names of Prisma are words, but a computed key keeps `__proto__` a key like any other. */
function toKey(name: string): string {
  return name === '__proto__' ? "['__proto__']" : name;
}

function quoteText(text: string): string {
  return `'${JSON.stringify(text).slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'")}'`;
}
