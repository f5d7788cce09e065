import type { OwnedModel } from '../decide.ts';
import type { SchemaFile } from '../normalise.ts';
import { changeModelLines, type ModelLine } from './lines.ts';

/** A field's line up to its type: the indentation and the name, the type, and its sign. */
const FIELD = /^(\s*([^\s@]\S*)\s+[^\s?@[(]+)(\?)?/;

/**
 * Phase 3 in the schema: `String?` becomes `String`, and `User?` becomes `User`, for the owner columns of these models and the
 * relations over them. Attributes stay as they are, `onDelete` too, and in their place.
 */
export function requireOwners(files: readonly SchemaFile[], owned: readonly OwnedModel[]): SchemaFile[] {
  return changeFields(files, owned, ({ text, code }) => {
    const [, before = '', , sign] = FIELD.exec(code) ?? [];
    if (sign === undefined) return text;
    const rest = text.slice(before.length + 1);
    return `${text.slice(0, before.length)}${/^\s/.test(rest) ? ' ' : ''}${rest}`;
  });
}

/** The inverse: what `requireOwners` changed is as it was, to the byte. */
export function relaxOwners(files: readonly SchemaFile[], owned: readonly OwnedModel[]): SchemaFile[] {
  return changeFields(files, owned, ({ text, code }) => {
    const [, before = '', , sign] = FIELD.exec(code) ?? [];
    if (before === '' || sign !== undefined) return text;
    const rest = text.slice(before.length);
    // The place of the sign, where it is still there.
    return `${text.slice(0, before.length)}?${/^ \s/.test(rest) ? rest.slice(1) : rest}`;
  });
}

function changeFields(
  files: readonly SchemaFile[],
  owned: readonly OwnedModel[],
  change: (line: ModelLine) => string,
): SchemaFile[] {
  const fields = new Map(owned.map((each) => [each.model.name, listOwnerFields(each)]));
  return changeModelLines(files, (line) => {
    const name = FIELD.exec(line.code)?.[2];
    return name !== undefined && fields.get(line.model)?.includes(name) ? change(line) : line.text;
  });
}

/** The owner field, and every relation that is over it alone. */
function listOwnerFields({ model, owner }: OwnedModel): string[] {
  const over = model.relations.filter(({ fields }) => fields.length === 1 && fields[0] === owner.name);
  return [owner.name, ...over.map(({ field }) => field)];
}
