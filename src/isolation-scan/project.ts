import type { Node } from '@babel/types';
import type { Resolver } from './resolve.ts';
import type { Module } from './scopes.ts';
import { type Trust, UNKNOWN, type Value } from './values.ts';

/** All that evaluation goes by. */
export interface Project {
  resolve: Resolver;
  /** A module of a file, parsed again where it was let go; null where it cannot be read. */
  load: (file: string) => Module | null;
  isGenerated: (file: string) => boolean;
  /** A list that `migration:isolation -- --generate` wrote. */
  isList: (file: string) => boolean;
  /** The names of models' delegates, with their models. */
  delegates: ReadonlyMap<string, string>;
  /** What open values are; null while that is being found out. */
  solved: ReadonlyMap<string, Trust> | null;
  memory: Memory;
}

/** What was evaluated before, by node, or by a module's name for it. */
export interface Memory {
  nodes: WeakMap<Node, Value>;
  names: Map<string, Value>;
  /** Results that a circle cut short hold until the evaluation is over that they belong to. */
  partial: Map<unknown, Value>;
  /** How often a result was cut short. */
  cutShort: WeakMap<Node, number>;
  /** What is being evaluated: whoever comes by again is in a circle. */
  active: Set<unknown>;
  cuts: number;
  /** How deep objects are being read, and how much of them since the outermost. */
  depth: number;
  reads: number;
}

/** A memory of nothing. */
export function createMemory(): Memory {
  return {
    nodes: new WeakMap(),
    names: new Map(),
    partial: new Map(),
    cutShort: new WeakMap(),
    active: new Set(),
    cuts: 0,
    depth: 0,
    reads: 0,
  };
}

const DEEPEST = 250;
/** After so many results that were cut short the last one is kept, so that circles cost no more than that. */
const MOST_CUTS = 3;
const MOST_NAMES = 500;

/** Evaluates once per node or name, and gives up in a circle. */
export function evaluateOnce({ memory }: Project, thing: Node | string, work: () => Value): Value {
  const known = typeof thing === 'string' ? memory.names.get(thing) : memory.nodes.get(thing);
  const found = known ?? memory.partial.get(thing);
  if (found) return found;
  if (memory.active.has(thing) || memory.active.size > DEEPEST) {
    memory.cuts++;
    return UNKNOWN;
  }
  const { cuts } = memory;
  memory.active.add(thing);
  try {
    const value = work();
    remember(memory, thing, { value, isWhole: memory.cuts === cuts });
    return value;
  } finally {
    memory.active.delete(thing);
    if (memory.active.size === 0) memory.partial.clear();
  }
}

function remember(
  memory: Memory,
  thing: Node | string,
  { value, isWhole }: { value: Value; isWhole: boolean },
): void {
  if (typeof thing === 'string') {
    // What a name stands for holds its whole file.
    if (memory.names.size > MOST_NAMES) memory.names.clear();
    if (isWhole) memory.names.set(thing, value);
    else memory.partial.set(thing, value);
    return;
  }
  const times = (memory.cutShort.get(thing) ?? 0) + 1;
  if (isWhole || times >= MOST_CUTS) memory.nodes.set(thing, value);
  else {
    memory.cutShort.set(thing, times);
    memory.partial.set(thing, value);
  }
}

const DEEPEST_OBJECT = 40;
const MOST_READS = 20_000;

/** Reads what is in an object; an object that has itself in it comes to an end. */
export function readDeeper<T>({ memory }: Project, otherwise: T, work: () => T): T {
  if (memory.depth === 0) memory.reads = 0;
  if (memory.depth >= DEEPEST_OBJECT || ++memory.reads > MOST_READS) return otherwise;
  memory.depth++;
  try {
    return work();
  } finally {
    memory.depth--;
  }
}

/** A value that is decided elsewhere. */
export function openValue(project: Project, key: string, declared: Value): Value {
  if (!project.solved) return { kind: 'open', key, declared };
  const trust = project.solved.get(key);
  const isClient = ['unknown', 'client', 'instance'].includes(declared.kind);
  return trust && isClient ? { kind: 'client', trust } : declared;
}

/** The key of what is put under a name somewhere. */
export function fieldKey(name: string): string {
  return `.${name}`;
}

/** The key of what a function's callers hand over. */
export function parameterKey(file: string, node: Node, index: number): string {
  return `${file}:${node.start}:${index}`;
}

/** The key of what a function is called with that was itself handed over. */
export function argumentKey(key: string, index: number): string {
  return `${key}()${index}`;
}
