import { type FieldLine, readField } from './field-line.ts';
import type { ModelLine } from './lines.ts';

/** A field to be written: its name, its type with its sign, and its attributes or nothing. */
export type Row = [name: string, type: string, attributes: string];

/** Where the columns of a group begin, in characters from the name; null where its lines do not agree. */
interface Columns {
  type: number | null;
  attributes: number | null;
}

/**
 * Writes fields as the line before them and its group have theirs: the same indentation, and the columns of Prisma's
 * formatter where the group has them. No other line is changed, so a name that is too long for its column moves ours only.
 */
export function layOut(rows: readonly Row[], group: readonly ModelLine[]): string[] {
  const last = group.at(-1)?.text ?? '';
  const indent = /^\s*/.exec(last)?.[0] ?? '';
  const gaps = group.flatMap((line) => listGaps(line));
  const write = (row: Row, columns: Columns) => indent + writeRow(row, columns);
  if (gaps.some((gap) => gap.includes('\t')))
    return rows.map((row) => indent + row.filter(Boolean).join('\t'));
  const fields = group.flatMap((line) => readField(line) ?? []);
  const columns = measure(fields);
  if (columns === null) return rows.map((row) => write(row, { type: null, attributes: null }));
  const type = Math.max(columns.type, ...rows.map(([name]) => name.length + 1));
  const widest = Math.max(...rows.map((row) => row[1].length + 1));
  return rows.map((row) => write(row, { type, attributes: type + Math.max(columns.attributes, widest) }));
}

function writeRow([name, type, attributes]: Row, columns: Columns): string {
  const before = name.padEnd((columns.type ?? 0) - 1);
  const withType = `${before} ${type}`;
  if (attributes === '') return withType;
  return `${withType.padEnd((columns.attributes ?? 0) - 1)} ${attributes}`;
}

/** What stands between the parts of a field's line. */
function listGaps(line: ModelLine): string[] {
  const field = readField(line);
  if (field === null) return [];
  const { at, name, typeEnd } = field;
  const gaps = [line.code.slice(at.name + name.length, at.type)];
  return at.attributes < 0 ? gaps : [...gaps, line.code.slice(typeEnd, at.attributes)];
}

/** The width of the names' column, and that of the types'; null where the lines have none in common. */
function measure(fields: readonly FieldLine[]): { type: number; attributes: number } | null {
  const types = new Set(fields.map(({ at }) => at.type - at.name));
  const withAttributes = fields.filter(({ at }) => at.attributes >= 0);
  const attributes = new Set(withAttributes.map(({ at }) => at.attributes - at.type));
  if (types.size !== 1 || attributes.size > 1) return null;
  const widest = Math.max(...fields.map(({ at, typeEnd }) => typeEnd - at.type + 1));
  const [type = 0] = types;
  const [common = widest] = attributes;
  return { type, attributes: common };
}
