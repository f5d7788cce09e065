import type { SchemaFile } from './normalise.ts';
import type { OnDelete, Relation } from './parse.ts';

/** A block of a schema, as text: `model User { ... }`. */
export interface Block {
  kind: 'datasource' | 'generator' | 'model' | 'view' | 'enum' | 'type';
  name: string;
  file: string;
  /** The lines between the braces, without comments. */
  lines: string[];
}

/** A name is whatever Prisma takes for one: generators have hyphens, models letters of any language. */
export const BLOCK_START = /^\s*(datasource|generator|model|view|enum|type)\s+([^\s{]+)\s*\{/;
export const BLOCK_END = /^\s*\}/;

/** Lists the blocks of a schema from its text: the parser hides what Prisma's client does not use. */
export function scanBlocks(files: readonly SchemaFile[]): Block[] {
  return files.flatMap(([file, text]) => {
    const blocks: Block[] = [];
    let open: Block | null = null;
    for (const line of splitLines(blankComments(text))) {
      const start: RegExpExecArray | null = open ? null : BLOCK_START.exec(line);
      if (start) {
        open = { kind: start[1] as Block['kind'], name: start[2] as string, file, lines: [] };
      } else if (open && BLOCK_END.test(line)) {
        blocks.push(open);
        open = null;
      } else open?.lines.push(line);
    }
    return blocks;
  });
}

/** A file's lines, whichever line ends it has, without a byte order mark. */
export function splitLines(text: string): string[] {
  return text.replace(/^\uFEFF/, '').split(/\r\n|\r|\n/);
}

/** Replaces comments by spaces, so that everything keeps its place. */
export function blankComments(text: string): string {
  const kept: string[] = [];
  let from = 0;
  for (const [start, end] of findComments(text)) {
    kept.push(text.slice(from, start), text.slice(start, end).replace(/[^\n\r]/g, ' '));
    from = end;
  }
  return [...kept, text.slice(from)].join('');
}

/**
 * Where comments begin and end: `//` to the end of its line, and block comments. A comment sign within a string is text.
 * One pass: a pattern would take minutes for a line of a million quotes.
 */
export function findComments(text: string): [start: number, end: number][] {
  const found: [start: number, end: number][] = [];
  const sign = /"|\/\/|\/\*/g;
  for (let next = sign.exec(text); next; next = sign.exec(text)) {
    const at = next.index;
    if (next[0] === '"') sign.lastIndex = findStringEnd(text, at);
    else {
      const end = next[0] === '//' ? findLineEnd(text, at) : findEnd(text, '*/', at + 2);
      found.push([at, end]);
      sign.lastIndex = end;
    }
  }
  return found;
}

function findEnd(text: string, sign: string, from: number): number {
  const found = text.indexOf(sign, from);
  return found < 0 ? text.length : found + sign.length;
}

function findLineEnd(text: string, from: number): number {
  for (let at = from; at < text.length; at++) if (text[at] === '\n' || text[at] === '\r') return at;
  return text.length;
}

/** The place after the closing quote; a string without one ends with its line. */
function findStringEnd(text: string, from: number): number {
  for (let at = from + 1; at < text.length; at++) {
    if (text[at] === '"') return at + 1;
    if (text[at] === '\n' || text[at] === '\r') return at;
    if (text[at] === '\\' && !/[\r\n]/.test(text[at + 1] ?? '')) at++;
  }
  return text.length;
}

/** The name of a block's table, from `@@map`. */
export function tableOfBlock({ name, lines }: Block): string {
  return findMap(lines.find((line) => /^\s*@@map\s*\(/.test(line)) ?? '') ?? name;
}

/** The `@@schema` of a block. */
export function schemaOfBlock({ lines }: Block): string | null {
  const line = lines.find((each) => /^\s*@@schema\s*\(/.test(each));
  return /"([^"]*)"/.exec(line ?? '')?.[1] ?? null;
}

/** Whether Prisma's client does not know the whole model. */
export function isIgnored({ lines }: Block): boolean {
  return lines.some((line) => /^\s*@@\s*ignore(?!\w)/.test(line));
}

/** A column that the parser hides. */
interface HiddenField {
  name: string;
  column: string;
  type: string;
  isId: boolean;
  isUnique: boolean;
}

/** Fields that the parser hides, with their columns: `@ignore`, `Unsupported`, and all of a model with `@@ignore`. */
export function listHiddenFields(block: Block): HiddenField[] {
  const ignored = isIgnored(block);
  return block.lines.flatMap((line) => {
    const [, name, base, sign = ''] =
      /^\s*([^\s@]\S*)\s+(Unsupported\("(?:\\.|[^"\\])*"\)|[^\s@([?]+)(?:\s*(\?|\[\]))?/.exec(line) ?? [];
    if (!name || !base) return [];
    const has = (attribute: string) => new RegExp(`[^@]@${attribute}\\b`).test(line);
    if (!(ignored || base.startsWith('Unsupported') || has('ignore')) || has('relation')) return [];
    const [isId, isUnique] = [has('id'), has('unique')];
    return [{ name, type: base + sign, column: findMap(line) ?? name, isId, isUnique }];
  });
}

/** The relations of a block that hold a foreign key, hidden ones included. */
export function listRelations({ lines }: Block): Relation[] {
  return lines.flatMap((line) => {
    const [, field, to] = /^\s*([^\s@]\S*)\s+([^\s?[@]+)\s*\??\s*.*@relation\b/.exec(line) ?? [];
    const fields = listNames(/\bfields\s*:\s*\[([^\]]*)\]/.exec(line)?.[1] ?? '');
    const references = listNames(/\breferences\s*:\s*\[([^\]]*)\]/.exec(line)?.[1] ?? '');
    const written = /\bonDelete\s*:\s*(Cascade|Restrict|NoAction|SetNull|SetDefault)\b/.exec(line)?.[1];
    const onDelete = (written as OnDelete | undefined) ?? null;
    return field && to && fields.length > 0 ? [{ field, to, fields, references, onDelete }] : [];
  });
}

/** The keys of a block that span columns: `@@id` first. */
export function listCompoundKeys({ lines }: Block): string[][] {
  const found = lines.map((line) => /^\s*@@(id|unique)\s*\(\s*(?:fields\s*:\s*)?\[([^\]]*)\]/.exec(line));
  const ofKind = (kind: string) => found.filter((each) => each?.[1] === kind);
  return [...ofKind('id'), ...ofKind('unique')].map((each) => listNames(each?.[2] ?? ''));
}

/** "a, b(sort: Desc)" as its names. */
function listNames(text: string): string[] {
  const plain = text.replace(/\([^)]*\)/g, '').split(',');
  return plain.map((name) => name.trim()).filter((name) => name !== '');
}

function findMap(line: string): string | null {
  return /@{1,2}map\s*\(\s*(?:name\s*:\s*)?"((?:\\.|[^"\\])*)"/.exec(line)?.[1] ?? null;
}
