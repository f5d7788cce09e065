import { splitDump } from '../backup/dump-statements.ts';

/** A statement of a dump, and what it creates. */
interface Statement {
  /** With its delimiter, as it stands in the dump. */
  text: string;
  kind: string | null;
  name: string | null;
}

/** A dump of views, triggers, routines and events without those that could write elsewhere, and what those are. */
export interface SafeObjects {
  text: string;
  /** `trigger "log"`, each once. */
  leftOut: string[];
}

const CREATED =
  /\bCREATE\b[\s\S]*?\b(TRIGGER|VIEW|EVENT|FUNCTION|PROCEDURE)\b\s+(?:`((?:[^`]|``)+)`|([\w$]+))/i;
const DEFINER = /DEFINER\s*=\s*(?:`(?:[^`]|``)*`|[\w$]+)@(?:`(?:[^`]|``)*`|[\w$.%]+)/gi;

/**
 * Leaves out of a dump of MySQL's what must not be in a copy: events, which act by themselves; whatever names `source`, the
 * database that was copied, or a table of one of the `others` on the server; and what names one of those left out. The rest
 * belongs to whoever loads it. Pure.
 */
export function pickSafeObjects(
  dump: string,
  { source, others }: { source: string; others: readonly string[] },
): SafeObjects {
  const statements = splitDump(dump).map(toStatement);
  const isAbroad = ({ text }: Statement) => {
    const body = text.replace(DEFINER, '');
    return mentions(body, source) || others.some((name) => mentionsTableOf(body, name));
  };
  const out = new Set(statements.filter((each) => each.kind === 'event' || (each.kind && isAbroad(each))));
  // Whatever is made twice, as a view is, goes as a whole.
  for (let before = -1; before !== out.size; ) {
    before = out.size;
    const names = [...out].flatMap(({ name }) => (name === null ? [] : [name]));
    for (const each of statements)
      if (each.kind && names.some((name) => mentions(each.text, name))) out.add(each);
  }
  const kept = statements.filter((each) => !out.has(each));
  return {
    text: kept.map(({ text }) => text.replace(DEFINER, '')).join('\n'),
    leftOut: [
      ...new Set(statements.filter((each) => out.has(each)).map(({ kind, name }) => `${kind} "${name}"`)),
    ],
  };
}

/** As a word of its own; comments of whole lines are left out. */
function mentions(text: string, name: string): boolean {
  return findWord(text, name, '(?![\\w$])');
}

/** Whether a text names a table with its database. */
export function mentionsTableOf(text: string, database: string): boolean {
  return findWord(text, database, '`?\\s*\\.');
}

function findWord(text: string, name: string, then: string): boolean {
  const escaped = name.replace(/[.*+?^${}()|[\]\\-]/g, '\\$&');
  return new RegExp(`(?<![\\w$])${escaped}${then}`, 'i').test(text.replace(/^\s*--.*$/gm, ''));
}

function toStatement(text: string): Statement {
  const [, kind, quoted, bare] = CREATED.exec(text.replace(/^--.*$/gm, '').replace(DEFINER, '')) ?? [];
  const name = quoted?.replaceAll('``', '`') ?? bare ?? null;
  return { text, kind: kind?.toLowerCase() ?? null, name };
}
