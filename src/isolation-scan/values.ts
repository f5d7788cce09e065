import type { Class, Function as FunctionNode, Node, ObjectExpression } from '@babel/types';
import type { Placed, Scope } from './scopes.ts';

/** raw: not scoped. forUser: by the extension. withUser: by row-level security, raw SQL too. */
export type Trust = 'raw' | 'forUser' | 'withUser';

/** A Prisma client, or what a transaction hands out. `isParent`: it was taken from a scoped one by `$parent`. */
export interface ClientValue {
  kind: 'client';
  trust: Trust;
  isTransaction?: true;
  isParent?: true;
}

/** The operations of a model: `prisma.note`. Null: a client of which nothing is known, and a model that is computed. */
export interface DelegateValue {
  kind: 'delegate';
  client: ClientValue | null;
  model: string | null;
}

/** Texts and SQL as they are written down, of which it can be any. `isWhole`: it can be nothing else. */
interface TextValue {
  kind: 'text';
  pieces: Placed[];
  isWhole: boolean;
}

/** What an expression is, as far as that matters here. */
export type Value =
  | { kind: 'unknown' }
  | ClientValue
  | DelegateValue
  /** An operation of a model or of a client that is not called where it is named: `const { findMany } = prisma.note`. */
  | { kind: 'method'; on: DelegateValue | ClientValue; name: string }
  | { kind: 'function'; node: FunctionNode; scope: Scope }
  | { kind: 'class' | 'instance'; node: Class; scope: Scope }
  /** `isAny`: it can be something else as well. */
  | { kind: 'object'; node: ObjectExpression; scope: Scope; isAny?: true }
  | TextValue
  /** Something of an interface or an object type. */
  | { kind: 'typed'; node: Node; scope: Scope }
  /** Something of a function type. */
  | { kind: 'returning'; value: Value }
  | { kind: 'module'; file: string }
  | { kind: 'package'; source: string }
  /** The class PrismaClient, and the namespace Prisma. */
  | { kind: 'prismaClient' }
  | { kind: 'prismaNamespace' }
  /** A function of the isolation library; isolated: what `isolate()` returns. */
  | { kind: 'library'; name: 'isolate' | 'isolated' | 'forUser' | 'withUser' }
  /** Decided by what callers hand over, or what is put under a name anywhere; until then what its type declares. */
  | { kind: 'open'; key: string; declared: Value };

export const UNKNOWN: Value = { kind: 'unknown' };
export const RAW: ClientValue = { kind: 'client', trust: 'raw' };

const STRENGTHS: Record<Trust, number> = { withUser: 1, forUser: 2, raw: 3 };

/** Whichever of two is trusted less. */
export function weaker(a: Trust | null, b: Trust | null): Trust | null {
  if (a === null || b === null) return a ?? b;
  return STRENGTHS[a] >= STRENGTHS[b] ? a : b;
}

/** What a value is that can be any of several: a client that is not scoped goes before all. */
export function join(values: readonly Value[]): Value {
  const clients = values.filter((each) => each.kind === 'client');
  const [client] = clients.sort((a, b) => STRENGTHS[b.trust] - STRENGTHS[a.trust]);
  if (client?.trust === 'raw') return client;
  const open = values.find((each) => each.kind === 'open');
  if (open && client) return { ...open, declared: client };
  const delegates = values.filter((each) => each.kind === 'delegate');
  if (!client && !open && delegates.length > 1) return joinDelegates(delegates);
  const found = client ?? open ?? values.find(({ kind }) => kind !== 'unknown') ?? UNKNOWN;
  if (found.kind === 'object' && values.some((each) => each !== found)) return { ...found, isAny: true };
  return found.kind === 'text' ? joinTexts(values) : found;
}

function joinTexts(values: readonly Value[]): TextValue {
  const texts = values.filter((each) => each.kind === 'text');
  const isWhole = texts.length === values.length && texts.every((each) => each.isWhole);
  return { kind: 'text', pieces: texts.flatMap(({ pieces }) => pieces), isWhole };
}

/** Of several models it is not known which. */
function joinDelegates(delegates: readonly DelegateValue[]): DelegateValue {
  const [model = null, ...others] = new Set(delegates.map((each) => each.model));
  const clients = delegates.map(({ client }) => client);
  const client = clients.find((each) => each?.trust === 'raw') ?? clients.find((each) => each === null);
  return {
    kind: 'delegate',
    client: client === undefined ? (clients[0] ?? null) : client,
    model: others.length > 0 ? null : model,
  };
}
