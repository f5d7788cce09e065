import { readFileSync } from 'node:fs';
import type { Comment } from '@babel/types';
import { isGeneratedClient } from './files.ts';
import { parseCode } from './parse-code.ts';
import { readModule } from './read-module.ts';
import type { Module } from './scopes.ts';

/** A file that was read. */
export type Loaded =
  | { kind: 'code'; text: string; comments: readonly Comment[]; module: Module }
  | { kind: 'generated' }
  | { kind: 'notParsed'; text: string; problem: string; line: number; column: number }
  | { kind: 'notReadable'; problem: string };

/** So many characters of code are kept parsed: a tree takes some thirty times its text. */
const KEPT_CHARACTERS = 2_000_000;

/** Reads and parses files, and keeps those that were asked for last. */
export function createLoader(kept = KEPT_CHARACTERS): (file: string) => Loaded {
  const known = new Map<string, Loaded>();
  let size = 0;
  return (file) => {
    const found = known.get(file);
    const loaded = found ?? load(file);
    known.delete(file);
    known.set(file, loaded);
    if (!found) size += sizeOf(loaded);
    for (const [oldest, each] of known) {
      if (size <= kept || oldest === file) break;
      known.delete(oldest);
      size -= sizeOf(each);
    }
    return loaded;
  };
}

function sizeOf(loaded: Loaded): number {
  return 'text' in loaded ? loaded.text.length : 0;
}

function load(file: string): Loaded {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    return { kind: 'notReadable', problem: (error as NodeJS.ErrnoException).code ?? 'unknown reason' };
  }
  if (isGeneratedClient(text)) return { kind: 'generated' };
  const parsed = parseCode(text, file);
  return 'problem' in parsed
    ? { kind: 'notParsed', text, ...parsed }
    : { kind: 'code', text, comments: parsed.comments, module: readModule(file, parsed.program) };
}
