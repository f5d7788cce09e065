import { isDeepStrictEqual } from 'node:util';
import type { ObjectExpression } from '@babel/types';
import type { IsolationMap } from '../isolation/map.ts';
import type { Module } from './scopes.ts';
import { toValue } from './tsconfig.ts';
import { walkModule } from './read-module.ts';

/** Whether a list that was generated says what the schema says, however it was formatted since. */
export function isListCurrent(module: Module, map: IsolationMap): boolean {
  let list: ObjectExpression | null = null;
  walkModule(module, (node) => {
    if (node.type !== 'CallExpression' || node.callee.type !== 'Identifier') return;
    const [first] = node.arguments;
    if (node.callee.name === 'isolate' && first?.type === 'ObjectExpression') list ??= first;
  });
  return list !== null && isDeepStrictEqual(toValue(list), JSON.parse(JSON.stringify(map)));
}
