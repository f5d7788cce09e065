import type { Node } from '@babel/types';
import { nameOf } from './parse-code.ts';

/** A name that a pattern declares, and the way to it; null in it is what cannot be followed, like a place in an array. */
export interface Named {
  name: string;
  node: Node;
  path: (string | null)[];
  type: Node | null;
}

/** Calls back for every name that a pattern declares. */
export function declarePattern(pattern: Node, path: (string | null)[], onName: (named: Named) => void): void {
  switch (pattern.type) {
    case 'Identifier': {
      const annotation = pattern.typeAnnotation;
      const type = annotation?.type === 'TSTypeAnnotation' ? annotation.typeAnnotation : null;
      onName({ name: pattern.name, node: pattern, path, type });
      return;
    }
    case 'AssignmentPattern':
      declarePattern(pattern.left, path, onName);
      return;
    case 'RestElement':
      declarePattern(pattern.argument, path, onName);
      return;
    case 'ArrayPattern':
      for (const each of pattern.elements) if (each) declarePattern(each, [...path, null], onName);
      return;
    case 'ObjectPattern':
      declareObjectPattern(pattern, path, onName);
  }
}

/** A pattern with a type: what it takes out has the type of that property. */
function declareObjectPattern(
  pattern: Node & { type: 'ObjectPattern' },
  path: (string | null)[],
  onName: (named: Named) => void,
): void {
  const annotation = pattern.typeAnnotation;
  const type = annotation?.type === 'TSTypeAnnotation' ? annotation.typeAnnotation : null;
  const pass = (named: Named) => onName({ ...named, type: named.type ?? type });
  for (const each of pattern.properties) {
    if (each.type === 'RestElement') declarePattern(each.argument, path, pass);
    else declarePattern(each.value, [...path, nameOf(each.key, each.computed)], pass);
  }
}
