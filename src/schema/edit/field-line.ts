import type { ModelLine } from './lines.ts';

/** A field as its line has it: a column, a relation or a list. */
export interface FieldLine {
  name: string;
  /** Without `?` and `[]`. */
  type: string;
  /** `?`, `[]` or nothing. */
  sign: string;
  attributes: string;
  /** Where the line's parts begin; -1 where it has no attributes. */
  at: { name: number; type: number; attributes: number };
  /** Where the type ends, with its sign. */
  typeEnd: number;
}

const FIELD =
  /^(\s*)([^\s@}]\S*)(\s+)(Unsupported\s*\("(?:\\.|[^"\\])*"\)|[^\s@?[(]+)(?:\s*(\?|\[\s*\]))?(\s*)(@.*?)?\s*$/;
const STRING = /"(?:\\.|[^"\\])*"/g;

/** The field in a line of a model, null for anything else. */
export function readField({ code }: Pick<ModelLine, 'code'>): FieldLine | null {
  const [, indent = '', name, gap = '', type, sign = '', space = '', attributes = ''] =
    FIELD.exec(code) ?? [];
  if (name === undefined || type === undefined) return null;
  const typeAt = indent.length + name.length + gap.length;
  const typeEnd = attributes === '' ? code.trimEnd().length : code.indexOf(attributes, typeAt) - space.length;
  const at = {
    name: indent.length,
    type: typeAt,
    attributes: attributes === '' ? -1 : typeEnd + space.length,
  };
  return { name, type, sign: sign.replace(/\s/g, ''), attributes, at, typeEnd };
}

/** A block attribute's name, like `index` for `@@index`; null for any other line. */
export function readBlockAttribute({ code }: Pick<ModelLine, 'code'>): string | null {
  return /^\s*@@\s*([\w.]+)/.exec(code)?.[1] ?? null;
}

/** The fields that a block attribute lists: the names alone, without `sort` and `length`. */
export function listAttributeFields(code: string): string[] {
  let list = /\[([^\]]*)\]/.exec(code.replace(STRING, ''))?.[1] ?? '';
  // From the inside: an operator class has brackets in brackets.
  while (/\([^()]*\)/.test(list)) list = list.replace(/\([^()]*\)/g, '');
  return list
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
}

/** The name of a field's relation, where it is written. */
export function findRelationName({ attributes }: FieldLine): string | null {
  const first = /@relation\s*\(\s*"((?:\\.|[^"\\])*)"/.exec(attributes)?.[1];
  return first ?? /@relation\s*\([^)]*?\bname\s*:\s*"((?:\\.|[^"\\])*)"/.exec(attributes)?.[1] ?? null;
}

/** A field's native type as it is written, with its arguments, like `@db.VarChar(191)`. */
export function findNativeType({ attributes }: FieldLine): string | null {
  const plain = attributes.replace(STRING, (text) => ' '.repeat(text.length));
  return /@[\w]+\.\w+(?:\([^)]*\))?/.exec(plain)?.[0] ?? null;
}
