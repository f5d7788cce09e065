import type { Node } from '@babel/types';
import { isProtected } from './by-hand.ts';
import type { Found, Search } from './calls.ts';
import { describeSite } from './call-site.ts';
import { evaluate } from './evaluate.ts';
import { delegatePassed, modelComputed } from './findings.ts';
import { isMember, unwrap } from './parse-code.ts';
import type { Scope } from './scopes.ts';

/** What is handed on: arguments, elements of an array, and what stands in an object. */
function listHanded(given: readonly (Node | null)[]): Node[] {
  return given.flatMap((each) => {
    if (!each) return [];
    const node = unwrap(each);
    if (node.type !== 'ObjectExpression') return [node];
    return node.properties.flatMap((property) =>
      property.type === 'ObjectProperty' ? [unwrap(property.value)] : [],
    );
  });
}

const CAN_BE_MODEL = /^(?:Identifier|(?:Optional)?MemberExpression)$/;

/** A model of a client that is not scoped, or an operation of it, which is handed on: `paginate(prisma.note, ...)`. */
export function findPassed(search: Search, given: readonly (Node | null)[], scope: Scope): Found | null {
  const { project, map, text } = search;
  for (const node of listHanded(given)) {
    if (!CAN_BE_MODEL.test(node.type)) continue;
    const value = evaluate(project, node, scope);
    const delegate = value.kind === 'method' ? value.on : value;
    if (delegate.kind !== 'delegate' || delegate.client?.trust !== 'raw') continue;
    if (delegate.model !== null && !isProtected({ project, map }, delegate.model)) continue;
    const object = isMember(node) && value.kind === 'method' ? unwrap(node.object) : node;
    const site = describeSite(text, { object, delegate, operation: '' });
    const finding = delegate.model === null ? modelComputed(site.receiver) : delegatePassed(site);
    return { finding, name: '', operation: isMember(node) ? node.property : node };
  }
  return null;
}
