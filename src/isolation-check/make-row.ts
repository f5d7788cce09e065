import { createHash } from 'node:crypto';
import type { DmmfField } from '../schema/parse.ts';
import type { Shape } from './shape.ts';

/** What made values are drawn from, so that no row of the application has them. */
export interface Seed {
  /** At random, for each check. */
  text: string;
  /** The greatest whole number that each key has, by "Model.field". */
  greatest: Readonly<Record<string, bigint>>;
}

/** A row cannot be made of the schema alone. */
export class CannotMake extends Error {}

/** Of all rows that are made, which. */
export interface Nth {
  model: string;
  /** Counts all of them. */
  n: number;
  /** Counts those of its model. */
  of: number;
}

/** A value for a column, by its type alone. Throws CannotMake for types that Prisma cannot write. */
export function makeValue(shape: Shape, field: DmmfField, { model, n, of }: Nth, seed: Seed): unknown {
  if (field.isList) return [];
  if (field.kind === 'enum') return takeOfEnum(shape, field.type, of);
  const make = field.kind === 'scalar' ? MAKERS[field.type] : undefined;
  if (!make)
    throw new CannotMake(`${model}.${field.name} has the type ${field.type}, for which no value can be made`);
  const greatest = seed.greatest[`${model}.${field.name}`];
  return make({
    native: field.nativeType ?? null,
    n,
    of,
    seed: seed.text,
    next: nextOf(shape, greatest, n),
  });
}

/** A counter of MySQL follows the greatest number that was ever tried; on the other databases a gap is kept to the application's own. */
function nextOf({ provider }: Shape, greatest: bigint | undefined, n: number): number {
  return Number(greatest ?? 0n) + n + (provider === 'mysql' ? 1 : 1000);
}

/** In turn, because a key may have it in it. */
function takeOfEnum({ data }: Shape, type: string, of: number): unknown {
  const values = data.enums.find(({ name }) => name === type)?.values ?? [];
  return (values[(of - 1) % values.length] as { name: string } | undefined)?.name;
}

interface Material {
  native: [string, readonly string[]] | null;
  n: number;
  of: number;
  seed: string;
  next: number;
}

const DAY_MS = 86_400_000;

const MAKERS: Record<string, (material: Material) => unknown> = {
  String: ({ native, seed, n }) => {
    const [type, [length] = []] = native ?? [''];
    if (type === 'Uuid') return toUuid(seed, n);
    // What is made later is greater, and the end of it is what differs. Short: columns are often shorter than the schema says.
    const text = `${seed}-${String(n).padStart(3, '0')}`;
    return length === undefined ? text : text.slice(-Number(length));
  },
  Int: ({ next }) => next,
  BigInt: ({ next }) => BigInt(next),
  Float: ({ next }) => next,
  Decimal: ({ n }) => n,
  Boolean: ({ of }) => of % 2 === 0,
  DateTime: ({ n }) => new Date(DAY_MS * (10_000 + n)),
  Json: () => ({}),
  Bytes: ({ seed, n }) => new Uint8Array(Buffer.from(toUuid(seed, n).replaceAll('-', ''), 'hex')),
};

function toUuid(seed: string, n: number): string {
  const hex = createHash('sha256').update(seed).digest('hex');
  const end = n.toString(16).padStart(12, '0');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${end}`;
}
