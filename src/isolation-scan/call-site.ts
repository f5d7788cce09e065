import type { Node } from '@babel/types';
import type { CallSite } from './findings.ts';
import { isMember } from './parse-code.ts';
import type { Value } from './values.ts';

interface SiteOf {
  /** The node of the delegate. */
  object: Node;
  delegate: Value & { kind: 'delegate' };
  operation: string;
}

/** What a call on a delegate says of itself. */
export function describeSite(text: string, { object, delegate, operation }: SiteOf): CallSite {
  return {
    model: delegate.model,
    operation,
    receiver: isMember(object) ? describeReceiver(object.object, text) : 'prisma',
    isTransaction: delegate.client?.isTransaction === true,
  };
}

const LONGEST_RECEIVER = 40;

/** A client as the code names it, where that is short. */
export function describeReceiver(node: Node, text: string): string {
  const written = text.slice(node.start ?? 0, node.end ?? 0);
  return written.length > LONGEST_RECEIVER || !/^[\w.$?!]+$/.test(written)
    ? 'prisma'
    : written.replace(/[?!]/g, '');
}
