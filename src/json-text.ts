/** A member of an object in JSON text; all numbers are offsets, `end` is right behind the value. */
interface Member {
  name: string;
  start: number;
  nameEnd: number;
  valueStart: number;
  end: number;
}

/** Where an object of a JSON text is: its braces and what is between them. */
export interface ObjectText {
  open: number;
  close: number;
  members: Member[];
}

/** White space before a name, and between a name and its value. */
interface Style {
  gap: string;
  colon: string;
}

const DEFAULT_STYLE: Style = { gap: '\n  ', colon: ': ' };

/** Finds the members of the object whose brace is at `open`, in text that is known to be valid JSON. */
export function readObject(text: string, open = text.indexOf('{')): ObjectText {
  const tokens = /"(?:[^"\\]|\\.)*"|[{}[\],:]|[^\s{}[\],:"]+/g;
  tokens.lastIndex = open + 1;
  const members: Member[] = [];
  let name: Pick<Member, 'name' | 'start' | 'nameEnd'> | null = null;
  let valueStart = 0;
  let depth = 0;
  const close = (end: number) => {
    if (name) members.push({ ...name, valueStart, end });
    name = null;
  };
  for (const { 0: token, index } of text.matchAll(tokens)) {
    const end = index + token.length;
    if (token === '{' || token === '[') {
      if (depth++ === 0) valueStart = index;
    } else if (token === '}' || token === ']') {
      if (depth === 0) return { open, close: index, members };
      if (--depth === 0) close(end);
    } else if (depth === 0 && token !== ',' && token !== ':') {
      if (name) {
        valueStart = index;
        close(end);
      } else name = { name: JSON.parse(token), start: index, nameEnd: end };
    }
  }
  throw new Error('the text is not JSON');
}

/** The last member of a name: the one that JSON.parse takes. */
export function findMember({ members }: ObjectText, name: string): Member | null {
  return members.findLast((member) => member.name === name) ?? null;
}

/** Puts texts behind the last value of the object at `path` (made where it is missing), in the form of its neighbours. */
export function addTexts(
  text: string,
  parent: string,
  entries: readonly (readonly [name: string, value: string])[],
): string {
  const root = readObject(text);
  const member = findMember(root, parent);
  const outer = styleOf(text, root) ?? { ...DEFAULT_STYLE, gap: text.includes('\r\n') ? '\r\n  ' : '\n  ' };
  const unit = /\n(.*)$/.exec(outer.gap)?.[1] ?? '';
  const fresh = { gap: outer.gap + unit, colon: outer.colon };
  if (member) {
    const object = readObject(text, member.valueStart);
    return insert(text, object, spell(entries, styleOf(text, object) ?? fresh), outer.gap);
  }
  const value = `{${spell(entries, fresh).join(',')}${outer.gap}}`;
  return insert(
    text,
    root,
    [`${outer.gap}"${parent}"${outer.colon}${value}`],
    outer.gap.slice(0, outer.gap.length - unit.length),
  );
}

/** Cuts members out, each with the comma before it: the inverse of adding them. */
export function removeMembers(text: string, object: ObjectText, names: readonly string[]): string {
  const { members, open, close } = object;
  const firstKept = members.findIndex(({ name }) => !names.includes(name));
  if (firstKept === -1) return text.slice(0, open + 1) + text.slice(close);
  const start = members[0]?.start ?? 0;
  const cuts = members.slice(firstKept + 1).flatMap(({ name, end }, i) => {
    return names.includes(name) ? [{ from: members[firstKept + i]?.end ?? 0, to: end }] : [];
  });
  cuts.unshift({ from: start, to: members[firstKept]?.start ?? start });
  return cuts.reduceRight((rest, { from, to }) => rest.slice(0, from) + rest.slice(to), text);
}

function styleOf(text: string, { open, members }: ObjectText): Style | null {
  const last = members.at(-1);
  if (!last) return null;
  const previous = members.at(-2);
  const between = text.slice(previous?.end ?? open + 1, last.start);
  return { gap: between.replace(/^\s*,/, ''), colon: text.slice(last.nameEnd, last.valueStart) };
}

function spell(entries: readonly (readonly [string, string])[], { gap, colon }: Style): string[] {
  return entries.map(([name, value]) => `${gap}${JSON.stringify(name)}${colon}${JSON.stringify(value)}`);
}

function insert(text: string, object: ObjectText, spelt: readonly string[], closing: string): string {
  const last = object.members.at(-1);
  if (last) return text.slice(0, last.end) + spelt.map((each) => `,${each}`).join('') + text.slice(last.end);
  return text.slice(0, object.open + 1) + spelt.join(',') + closing + text.slice(object.close);
}
