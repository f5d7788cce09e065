import type { Class, Function as FunctionNode, Node, ObjectExpression, Program } from '@babel/types';

/** What an expression is read in: its names, and what `this` is. */
export interface Scope {
  parent: Scope | null;
  module: Module;
  names: Map<string, Binding>;
  types: Map<string, Node>;
  self: { node: Class | ObjectExpression; scope: Scope } | null;
  isFunction: boolean;
}

/** An expression with the scope that it is read in. */
export interface Placed<N extends Node = Node> {
  node: N;
  scope: Scope;
}

/** What a name stands for. `path` leads to it through the patterns of a destructuring; null where that cannot be followed. */
export type Binding =
  | { kind: 'import'; source: string; name: string }
  | { kind: 'function' | 'class'; node: Node; scope: Scope }
  | {
      kind: 'variable';
      init: Node | null;
      path: (string | null)[];
      type: Node | null;
      scope: Scope;
      assigned: Assigned[];
    }
  | {
      kind: 'parameter';
      of: FunctionNode;
      index: number;
      path: (string | null)[];
      type: Node | null;
      fallback: Node | null;
      scope: Scope;
      assigned: Assigned[];
    };

/** What is assigned to a name, and the way to it through the pattern that it stands in. */
export type Assigned = Placed & { path: (string | null)[] };

/** What a module gives to others under a name. */
type Exported = Placed | { source: string; name: string };

/** A file: its names, and what is known of its functions and classes by their place in it. */
export interface Module {
  file: string;
  program: Program;
  top: Scope;
  /** The scope that begins with a node. */
  scopes: Map<Node, Scope>;
  exports: Map<string, Exported>;
  /** `export * from`. */
  stars: string[];
  /** `module.exports = ...` and `export = ...`. */
  whole: Placed | null;
  /** `this.name = ...` in a class or an object. */
  fields: Map<Node, Map<string, Placed[]>>;
  /** The call that a function is handed to as it is written down. */
  callers: Map<Node, Placed & { index: number }>;
  /** The object that a function is a method of. */
  owners: Map<Node, Placed<ObjectExpression>>;
}

/** What a name stands for where it is read. */
export function findBinding(name: string, scope: Scope | null): Binding | null {
  for (let each = scope; each; each = each.parent) {
    const found = each.names.get(name);
    if (found) return found;
  }
  return null;
}
