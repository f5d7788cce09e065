import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { decideOwnership } from '../../../src/schema/decide.ts';
import { relaxOwners, requireOwners } from '../../../src/schema/edit/require.ts';
import type { SchemaFile } from '../../../src/schema/normalise.ts';
import { parseSchema } from '../../../src/schema/parse.ts';
import { CHINOOK_MISSING } from '../../helpers/chinook.ts';
import { ROOT } from '../../helpers/command-line.ts';

const HEAD = 'datasource db {\n  provider = "postgresql"\n}\n\n';
const USER = 'model User {\n  id    String @id @db.Uuid\n  notes Note[]\n}\n\n';
const ownedOf = (files: readonly SchemaFile[]) => decideOwnership(parseSchema(files)).owned;
const note = (fields: string): SchemaFile[] => [
  ['schema.prisma', `${HEAD}${USER}model Note {\n${fields}\n}\n`],
];

/** Fields of a model before phase 3 and after it. */
const SHAPES: [what: string, before: string, after: string][] = [
  [
    'keeps what follows in its place',
    '  id     String  @id\n  userId String? @db.Uuid\n  user   User?   @relation(fields: [userId], references: [id], onDelete: Restrict)',
    '  id     String  @id\n  userId String  @db.Uuid\n  user   User    @relation(fields: [userId], references: [id], onDelete: Restrict)',
  ],
  [
    'leaves comments, defaults and other fields alone',
    '  id String @id /* String? */\n  other String? // userId String?\n  /// User? or nobody\n  userId String? @map("user?") @db.Uuid // String?\n  user User? @relation("Note?", fields: [userId], references: [id])',
    '  id String @id /* String? */\n  other String? // userId String?\n  /// User? or nobody\n  userId String  @map("user?") @db.Uuid // String?\n  user User  @relation("Note?", fields: [userId], references: [id])',
  ],
  [
    'ends a line where it ended, and keeps blanks at its end',
    '  id String @id\n  user User? @relation(fields: [userId], references: [id])\n  userId   String?@db.Uuid  ',
    '  id String @id\n  user User  @relation(fields: [userId], references: [id])\n  userId   String@db.Uuid  ',
  ],
  [
    'keeps tabs',
    '  id String @id\n\tuserId\tString?\t@db.Uuid\n\tuser\tUser?\t@relation(fields: [userId], references: [id])',
    '  id String @id\n\tuserId\tString \t@db.Uuid\n\tuser\tUser \t@relation(fields: [userId], references: [id])',
  ],
];

const withRelationName = (files: SchemaFile[]): SchemaFile[] =>
  files.map(([path, text]) => [
    path,
    text.includes('"Note?"') ? text.replace('notes Note[]', 'notes Note[] @relation("Note?")') : text,
  ]);

describe('requireOwners', () => {
  for (const [what, before, after] of SHAPES)
    it(`${what}, and relaxOwners gives it back`, () => {
      for (const ends of ['\n', '\r\n']) {
        const spell = (fields: string): SchemaFile[] =>
          withRelationName(note(fields)).map(([path, text]) => [
            path,
            `\uFEFF${text.replaceAll('\n', ends)}`,
          ]);
        const files = spell(before);
        const required = requireOwners(files, ownedOf(files));
        assert.deepEqual(required, spell(after));
        assert.equal(ownedOf(required)[0]?.owner.isRequired, true);
        assert.deepEqual(relaxOwners(required, ownedOf(required)), files);
      }
    });

  it('changes the models that are named, in whichever file they are, and no other', () => {
    const model = (name: string) =>
      `model ${name} {\n  id String @id\n  userId String? @db.Uuid\n  user User? @relation(fields: [userId], references: [id])\n}\n`;
    const files: SchemaFile[] = [
      ['user.prisma', `${HEAD}model User {\n  id String @id @db.Uuid\n  as A[]\n  bs B[]\n}\n`],
      ['a.prisma', model('A')],
      ['b.prisma', model('B')],
    ];
    const owned = ownedOf(files);
    const required = requireOwners(
      files,
      owned.filter(({ model: { name } }) => name === 'B'),
    );
    assert.deepEqual(
      required.map(([, text], i) => text === files[i]?.[1]),
      [true, true, false],
    );
    assert.deepEqual(
      ownedOf(required).map(({ model: { name }, owner }) => [name, owner.isRequired]),
      [
        ['A', false],
        ['B', true],
      ],
    );
  });

  it('leaves alone what is required already, and relaxOwners what is optional', () => {
    const [, before, after] = SHAPES[0] as [string, string, string];
    assert.deepEqual(requireOwners(note(after), ownedOf(note(after))), note(after));
    assert.deepEqual(relaxOwners(note(before), ownedOf(note(before))), note(before));
  });

  const roundTrip = (path: string) => {
    const files: SchemaFile[] = [[path, readFileSync(path, 'utf8')]];
    const owned = ownedOf(files);
    const required = requireOwners(files, owned);
    assert.ok(owned.length > 5);
    assert.deepEqual(
      ownedOf(required).map(({ model, owner }) => [model.name, owner.isRequired]),
      owned.map(({ model }) => [model.name, true]),
    );
    assert.deepEqual(relaxOwners(required, ownedOf(required)), files);
  };

  it('leads there and back on the sample app', () => roundTrip(join(ROOT, 'prisma/schema.prisma')));

  for (const provider of ['sqlite', 'postgresql', 'mysql'])
    it(`leads there and back on Chinook for ${provider}`, { skip: CHINOOK_MISSING }, () =>
      roundTrip(join(process.env.CHINOOK_DIR ?? '', `schema.${provider}.prisma`)),
    );
});
