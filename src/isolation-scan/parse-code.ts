import { type ParserOptions, type ParserPlugin, parse } from '@babel/parser';
import type { Comment, Node, Program } from '@babel/types';

/** A file's code, or why there is none. Lines and columns begin at 1. */
export type ParsedCode =
  | { program: Program; comments: readonly Comment[] }
  | { problem: string; line: number; column: number };

const OPTIONS: ParserOptions = {
  allowAwaitOutsideFunction: true,
  allowImportExportEverywhere: true,
  allowNewTargetOutsideFunction: true,
  allowReturnOutsideFunction: true,
  allowSuperOutsideMethod: true,
  allowUndeclaredExports: true,
  attachComment: false,
  errorRecovery: true,
};

/** What a file may be written in, by its extension; the first that it can be read as. */
const COMMON: ParserPlugin[] = ['decorators-legacy', 'decoratorAutoAccessors'];
const TYPESCRIPT: ParserPlugin[][] = [['typescript', ...COMMON]];
const JAVASCRIPT: ParserPlugin[][] = [
  ['jsx', 'flow', ...COMMON],
  ['jsx', 'typescript', ...COMMON],
];
const PLUGINS: Record<string, ParserPlugin[][]> = {
  ts: TYPESCRIPT,
  mts: TYPESCRIPT,
  cts: TYPESCRIPT,
  tsx: [['typescript', 'jsx', ...COMMON]],
};

/** Parses TypeScript or JavaScript. What the parser can get over, like a name that is declared twice, is no problem. */
export function parseCode(text: string, path: string): ParsedCode {
  const extension = path.slice(path.lastIndexOf('.') + 1);
  let problem: ParsedCode | undefined;
  for (const plugins of PLUGINS[extension] ?? JAVASCRIPT) {
    try {
      const { program, comments } = parse(text, { ...OPTIONS, sourceType: 'unambiguous', plugins });
      return { program, comments: comments ?? [] };
    } catch (error) {
      problem ??= describe(error);
    }
  }
  return problem ?? { problem: 'it cannot be read', line: 1, column: 1 };
}

function describe(error: unknown): ParsedCode {
  const { message = '', loc } = error as { message?: string; loc?: { line: number; column: number } };
  const isTooDeep = error instanceof RangeError;
  const problem = isTooDeep ? 'it is nested too deep' : message.replace(/ \(\d+:\d+\)$/, '');
  return { problem, line: loc?.line ?? 1, column: (loc?.column ?? 0) + 1 };
}

/** The nodes right below one, in the order of the code but for decorators. Called for every node, so nothing is copied. */
export function listChildren(node: Node): Node[] {
  const children: Node[] = [];
  // Babel types no node by its fields' names.
  const fields = node as unknown as Record<string, unknown>;
  for (const key in fields) {
    const value = fields[key];
    if (typeof value !== 'object' || value === null) continue;
    if (Array.isArray(value)) {
      for (const each of value) if (isNode(each)) children.push(each);
    } else if (isNode(value)) children.push(value);
  }
  return children;
}

function isNode(value: unknown): value is Node {
  return typeof (value as Node | null)?.type === 'string';
}

type Member = Node & { type: 'MemberExpression' | 'OptionalMemberExpression' };
export type Call = Node & { type: 'CallExpression' | 'OptionalCallExpression' };

export function isMember(node: Node): node is Member {
  return node.type === 'MemberExpression' || node.type === 'OptionalMemberExpression';
}

export function isCall(node: Node): node is Call {
  return node.type === 'CallExpression' || node.type === 'OptionalCallExpression';
}

/** The name that a property or a member goes by; null where it is computed from something that is not written down. */
export function nameOf(key: Node, isComputed = false): string | null {
  if (key.type === 'StringLiteral') return key.value;
  if (key.type === 'NumericLiteral') return String(key.value);
  if (key.type === 'PrivateName') return `#${key.id.name}`;
  if (key.type === 'TemplateLiteral' && key.quasis.length === 1) return key.quasis[0]?.value.cooked ?? null;
  return key.type === 'Identifier' && !isComputed ? key.name : null;
}

/** The expression itself, without what TypeScript and `await` put around it. */
export function unwrap(node: Node): Node {
  switch (node.type) {
    case 'TSAsExpression':
    case 'TSSatisfiesExpression':
    case 'TSNonNullExpression':
    case 'TSTypeAssertion':
    case 'TSInstantiationExpression':
    case 'ParenthesizedExpression':
    case 'TypeCastExpression':
      return unwrap(node.expression);
    case 'AwaitExpression':
      return unwrap(node.argument);
    default:
      return node;
  }
}
