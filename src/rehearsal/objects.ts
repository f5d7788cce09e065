import { splitDump, withoutDefiners } from '../backup/dump-statements.ts';
import { hasName, namesTableOf } from '../backup/find-name.ts';

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

const NAME = '(?:`(?:[^`]|``)+`|"(?:[^"]|"")+"|[\\w$\\u0080-\\uffff]+)';
const CREATED = new RegExp(
  `\\bCREATE\\b[^;]*?\\b(TRIGGER|VIEW|EVENT|FUNCTION|PROCEDURE|PACKAGE)\\b\\s+(?:BODY\\s+|IF\\s+NOT\\s+EXISTS\\s+)*(${NAME})`,
  'i',
);

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
    const body = withoutDefiners(text);
    return hasName(body, source) || others.some((name) => namesTableOf(body, name));
  };
  const out = new Set(statements.filter((each) => each.kind === 'event' || (each.kind && isAbroad(each))));
  // Whatever is made twice, as a view is, goes as a whole.
  for (let before = -1; before !== out.size; ) {
    before = out.size;
    const names = [...out].flatMap(({ name }) => (name === null ? [] : [name]));
    for (const each of statements)
      if (each.kind && names.some((name) => hasName(each.text, name))) out.add(each);
  }
  const kept = statements.filter((each) => !out.has(each));
  return {
    text: kept.map(({ text }) => withoutDefiners(text)).join('\n'),
    leftOut: [
      ...new Set(statements.filter((each) => out.has(each)).map(({ kind, name }) => `${kind} "${name}"`)),
    ],
  };
}

function toStatement(text: string): Statement {
  const [, kind, name] = CREATED.exec(withoutDefiners(text.replace(/^--.*$/gm, ''))) ?? [];
  return { text, kind: kind?.toLowerCase() ?? null, name: name === undefined ? null : unquote(name) };
}

function unquote(name: string): string {
  const [quote = ''] = name;
  return ['`', '"'].includes(quote) ? name.slice(1, -1).replaceAll(quote + quote, quote) : name;
}
