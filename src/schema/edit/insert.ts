import type { OwnerModel } from '../owner-model.ts';
import type { AddedOwner } from './add.ts';
import { findNativeType, readField } from './field-line.ts';
import { layOut, type Row } from './layout.ts';
import type { ModelLine } from './lines.ts';
import { findFieldPlace, type Insertion, listLastGroup, placeIndex } from './place.ts';
import type { OwnerChange } from './prove.ts';

/** An owner to be added, with the name of its relation where it needs one, and the lines of its model. */
export interface Addition extends AddedOwner {
  relationName: string | null;
  lines: ModelLine[];
}

/** Every line that phase 1 adds, with its place. */
export function listInsertions(
  additions: readonly Addition[],
  owner: OwnerModel,
  ownerLines: readonly ModelLine[],
): Insertion[] {
  const key = ownerLines.flatMap((line) => readField(line) ?? []).find(({ name }) => name === owner.key.name);
  const nativeType = (key && findNativeType(key)) ?? '';
  const lists = additions.map(({ model, ownerList, relationName }): Row => {
    return [ownerList, `${model}[]`, relationName === null ? '' : `@relation("${relationName}")`];
  });
  return [
    ...additions.flatMap((each) => listModelInsertions(each, owner, nativeType)),
    ...insertFields(lists, ownerLines),
  ];
}

function listModelInsertions(
  { field, relation, column, relationName, lines }: Addition,
  { model, key }: OwnerModel,
  nativeType: string,
): Insertion[] {
  const map = column === field ? '' : `@map("${column}")`;
  const name = relationName === null ? '' : `"${relationName}", `;
  const rows: Row[] = [
    [field, `${key.type}?`, [map, nativeType].filter(Boolean).join(' ')],
    [
      relation,
      `${model.name}?`,
      `@relation(${name}fields: [${field}], references: [${key.name}], onDelete: Restrict)`,
    ],
  ];
  const index = placeIndex(lines, `@@index([${field}])`);
  return [...insertFields(rows, lines), ...(index ? [index] : [])];
}

function insertFields(rows: readonly Row[], lines: readonly ModelLine[]): Insertion[] {
  const line = findFieldPlace(lines);
  return line ? [{ line, before: [], after: layOut(rows, listLastGroup(lines)) }] : [];
}

/** A line with what goes before and after it. */
export function insertAround(line: ModelLine, insertions: readonly Insertion[]): string[] {
  const here = insertions.filter((each) => each.line.file === line.file && each.line.number === line.number);
  return [...here.flatMap(({ before }) => before), line.text, ...here.flatMap(({ after }) => after)];
}

/** What the schema says more, once the lines are there. */
export function describeChange({ model, field, relation, column }: Addition, owner: OwnerModel): OwnerChange {
  const { type, nativeType, name } = owner.key;
  return {
    model,
    field: { name: field, column, type, nativeType, isRequired: false, isUnique: false, isGenerated: false },
    relations: [
      {
        field: relation,
        to: owner.model.name,
        fields: [field],
        references: [name],
        onDelete: 'Restrict',
      },
    ],
  };
}
