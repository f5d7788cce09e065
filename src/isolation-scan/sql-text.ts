import type { Node, TemplateLiteral } from '@babel/types';
import { evaluate } from './evaluate.ts';
import { nameOf, unwrap } from './parse-code.ts';
import type { Project } from './project.ts';
import { findBinding, type Scope } from './scopes.ts';

/** SQL as far as the code has it. `isWhole`: all that is missing are values that are bound. */
export interface SqlText {
  text: string;
  isWhole: boolean;
}

const NOT_KNOWN: SqlText = { text: '', isWhole: false };
const VALUE: SqlText = { text: ' ? ', isWhole: true };
const DEEPEST = 20;

/** Reads SQL from a text, a template of Prisma's or a name of one. */
export function readSql(project: Project, node: Node, scope: Scope, depth = 0): SqlText {
  const bare = unwrap(node);
  if (depth > DEEPEST) return NOT_KNOWN;
  const read = (each: Node) => readSql(project, each, scope, depth + 1);
  switch (bare.type) {
    case 'StringLiteral':
      return { text: bare.value, isWhole: true };
    case 'TemplateLiteral':
      return merge(listParts(bare, read));
    case 'TaggedTemplateExpression':
      return readTemplate(project, bare.quasi, scope, depth);
    case 'BinaryExpression':
      return merge(listSummands(bare).map((each) => (each === bare ? NOT_KNOWN : read(each))));
    case 'ConditionalExpression':
      return merge([read(bare.consequent), { text: ' ; ', isWhole: true }, read(bare.alternate)]);
    case 'CallExpression':
      return readFunction(project, bare, { scope, depth }) ?? NOT_KNOWN;
    case 'MemberExpression':
      return nameOf(bare.property) === 'empty' ? { text: '', isWhole: true } : NOT_KNOWN;
    case 'Identifier': {
      const binding = findBinding(bare.name, scope);
      if (binding?.kind !== 'variable' || !binding.init || binding.path.length > 0) return NOT_KNOWN;
      const read = readSql(project, binding.init, binding.scope, depth + 1);
      return binding.assigned.length > 0 ? { ...read, isWhole: false } : read;
    }
    default:
      return NOT_KNOWN;
  }
}

/** The parts of `a + b + c`, which may be thousands. */
function listSummands(node: Node): Node[] {
  const parts: Node[] = [];
  let rest = node;
  while (rest.type === 'BinaryExpression' && rest.operator === '+') {
    parts.unshift(rest.right);
    rest = rest.left;
  }
  return [rest, ...parts];
}

/** A template that binds its values: only another piece of SQL in it is text. */
export function readTemplate(project: Project, quasi: TemplateLiteral, scope: Scope, depth = 0): SqlText {
  return merge(listParts(quasi, (each) => readInterpolated(project, each, { scope, depth: depth + 1 })));
}

interface Place {
  scope: Scope;
  depth: number;
}

function readInterpolated(project: Project, node: Node, place: Place): SqlText {
  const bare = unwrap(node);
  const { scope, depth } = place;
  if (depth > DEEPEST) return NOT_KNOWN;
  if (bare.type === 'TaggedTemplateExpression' && isPrismaSql(project, bare.tag, scope))
    return readTemplate(project, bare.quasi, scope, depth);
  if (bare.type === 'ConditionalExpression')
    return merge([bare.consequent, bare.alternate].map((each) => readInterpolated(project, each, place)));
  if (bare.type === 'CallExpression') return readFunction(project, bare, place) ?? VALUE;
  const binding = bare.type === 'Identifier' ? findBinding(bare.name, scope) : null;
  if (binding?.kind !== 'variable' || !binding.init || binding.path.length > 0) return VALUE;
  return readInterpolated(project, binding.init, { scope: binding.scope, depth: depth + 1 });
}

/** `Prisma.raw('...')` and `Prisma.join([...])`; null for any other function. */
function readFunction(
  project: Project,
  { callee, arguments: [first] }: Node & { type: 'CallExpression' },
  { scope, depth }: Place,
): SqlText | null {
  if (callee.type !== 'MemberExpression' || !first) return null;
  if (evaluate(project, callee.object, scope).kind !== 'prismaNamespace') return null;
  const name = nameOf(callee.property);
  if (name === 'raw') return readSql(project, first, scope, depth + 1);
  if (name !== 'join') return null;
  const bare = unwrap(first);
  if (bare.type !== 'ArrayExpression') return VALUE;
  const place = { scope, depth: depth + 1 };
  return merge(bare.elements.map((each) => (each ? readInterpolated(project, each, place) : VALUE)));
}

function isPrismaSql(project: Project, tag: Node, scope: Scope): boolean {
  if (tag.type === 'Identifier') return tag.name === 'sql';
  return (
    tag.type === 'MemberExpression' &&
    nameOf(tag.property) === 'sql' &&
    evaluate(project, tag.object, scope).kind === 'prismaNamespace'
  );
}

function listParts({ quasis, expressions }: TemplateLiteral, read: (node: Node) => SqlText): SqlText[] {
  return quasis.flatMap(({ value }, index) => {
    const expression = expressions[index];
    const text = { text: value.cooked ?? value.raw, isWhole: true };
    return expression ? [text, read(expression)] : [text];
  });
}

function merge(parts: readonly SqlText[]): SqlText {
  return { text: parts.map(({ text }) => text).join(''), isWhole: parts.every(({ isWhole }) => isWhole) };
}

/** The reason in SQL that begins with a comment saying why it is not scoped, as the isolation library takes it. */
export function findMeaning({ text }: SqlText): string | null {
  const reason = /^\s*\/\*\s*unscoped:([\s\S]*?)\*\//.exec(text)?.[1]?.trim();
  return reason ? reason.replace(/\s+/g, ' ') : null;
}
