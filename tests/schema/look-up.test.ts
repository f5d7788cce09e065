import { strict as assert } from 'node:assert';
import { describe, it } from 'node:test';
import { decideOwnership } from '../../src/schema/decide.ts';
import { isLookUpTable } from '../../src/schema/look-up.ts';
import { parseSchema } from '../../src/schema/parse.ts';

const OWNER = 'userId String?\n  user User? @relation(fields: [userId], references: [id])';

/** Whether a model that notes point at looks like a look-up table. */
function looksLikeOne(name: string, fields: string, { rows = 12, isPointedAt = true } = {}): boolean {
  const [list, relation] = isPointedAt
    ? [
        'notes Note[]',
        `thingId String\n  thing ${name} @relation(fields: [thingId], references: [${/^\w+/.exec(fields)}])`,
      ]
    : ['', ''];
  const text = `datasource db {\n  provider = "sqlite"\n}
model User {\n  id String @id\n  notes Note[]\n  things ${name}[]\n}
model Note {\n  id Int @id\n  ${relation}\n  ${OWNER}\n}
model ${name} {\n  ${fields}\n  ${list}\n  ${OWNER}\n}`;
  const { owned, classified } = decideOwnership(parseSchema([['schema.prisma', text]]));
  const found = owned.find(({ model }) => model.name === name);
  assert.ok(found);
  return isLookUpTable(
    found,
    classified.map(({ model }) => model),
    rows,
  );
}

describe('an owned model', () => {
  const NAMED = 'id String @id @default(cuid())\n  name String';
  const yes: [what: string, model: string, fields: string][] = [
    ['called like a look-up table', 'Genre', NAMED],
    ['whose last word is of one', 'MediaType', NAMED],
    ['called in the plural', 'Countries', NAMED],
    [
      'with times',
      'TaskStatus',
      `${NAMED}\n  createdAt DateTime @default(now())\n  updatedAt DateTime @updatedAt`,
    ],
    ['whose rows are known by their code', 'Shelf', 'code String @id\n  label String'],
  ];
  for (const [what, model, fields] of yes)
    it(`${what} looks shared`, () => assert.equal(looksLikeOne(model, fields), true));

  const no: [what: string, model: string, fields: string][] = [
    ['called like what people make', 'Tag', `${NAMED} @unique`],
    ['without a name', 'Genre', 'id String @id\n  weight Int'],
    ['with many columns', 'Category', `${NAMED}\n  a Int\n  b Int\n  c Int`],
    [
      'that points at another one',
      'Category',
      `${NAMED}\n  parentId String?\n  parent Category? @relation("tree", fields: [parentId], references: [id])\n  children Category[] @relation("tree")`,
    ],
    ['whose key is made for it', 'Shelf', 'id String @id\n  label String'],
  ];
  for (const [what, model, fields] of no)
    it(`${what} does not`, () => assert.equal(looksLikeOne(model, fields), false));

  it('does not without rows, with many, or where nothing points at it', () => {
    assert.equal(looksLikeOne('Genre', NAMED, { rows: 0 }), false);
    assert.equal(looksLikeOne('Genre', NAMED, { rows: 501 }), false);
    assert.equal(looksLikeOne('Genre', NAMED, { isPointedAt: false }), false);
  });
});
