import { strict as assert } from 'node:assert';
import { describe, it } from 'node:test';
import { ToolkitError } from '../../src/errors.ts';
import { parseSchema } from '../../src/schema/parse.ts';

const parseOne = (text: string) => parseSchema([['prisma/schema.prisma', text]]);

describe('parseSchema', () => {
  it('reads tables, columns, keys, relations and native types', () => {
    const { models } = parseOne(`
datasource db {
  provider = "postgres"
  url      = env("DATABASE_URL")
  schemas  = ["auth", "app"]
}
model User {
  id    String @id @db.Uuid
  notes Note[]
  @@map("users")
  @@schema("auth")
}
model Note {
  a      Int
  b      BigInt   @map("B b")
  slug   String   @unique @db.VarChar(20)
  at     DateTime?
  kind   Kind
  tags   String[]
  ownerId String? @map("owner id") @db.Uuid
  owner  User?    @relation(fields: [ownerId], references: [id])
  @@id([b, a])
  @@unique([a, at])
  @@schema("app")
}
enum Kind {
  one
  @@schema("app")
}`);
    const [user, note] = models;
    assert.deepEqual(user, {
      name: 'User',
      table: { schema: 'auth', name: 'users' },
      fields: [
        {
          name: 'id',
          column: 'id',
          type: 'String',
          nativeType: 'Uuid',
          isRequired: true,
          isUnique: true,
          isGenerated: false,
        },
      ],
      relations: [],
      manyToMany: [],
      uniqueKeys: [['id']],
      hidden: null,
    });
    assert.deepEqual(note?.table, { schema: 'app', name: 'Note' });
    assert.deepEqual(note?.uniqueKeys, [['b', 'a'], ['slug'], ['a', 'at']]);
    assert.deepEqual(note?.relations, [
      { field: 'owner', to: 'User', fields: ['ownerId'], references: ['id'], onDelete: null },
    ]);
    assert.deepEqual(
      note?.fields.map(({ name, column, type, nativeType, isRequired, isUnique }) =>
        [name, column, type, nativeType, isRequired, isUnique].join(' '),
      ),
      [
        'a a Int  true false',
        'b B b BigInt  true false',
        'slug slug String VarChar true true',
        'at at DateTime  false false',
        'kind kind Kind  true false',
        'tags tags String[]  true false',
        'ownerId owner id String Uuid false false',
      ],
    );
  });

  it('reads what is to happen with the rows of a deleted user, where it is written, and where the parser hides it', () => {
    const model = (name: string, action: string, end = '') =>
      `model ${name} {\n  id Int @id\n  userId Int?\n  user User? @relation(fields: [userId], references: [id]${action})${end}\n}\n`;
    const { models } = parseOne(
      [
        'model User {\n  id Int @id\n  as A[]\n  bs B[]\n  cs C[] @ignore\n  ds D[] @ignore\n  es E[] @ignore\n}\n',
        model('A', ', onDelete: Restrict'),
        model('B', ', onUpdate: Cascade'),
        model('C', ',onDelete:SetNull', ' @ignore'),
        model('D', ', onUpdate: NoAction', '\n@@ignore'),
        model('E', ', onUpdate: NoAction, onDelete : Cascade', '\n@@ignore'),
      ].join(''),
    );
    assert.deepEqual(
      models.flatMap(({ name, relations }) => relations.map(({ onDelete }) => [name, onDelete])),
      [
        ['A', 'Restrict'],
        ['B', null],
        ['C', 'SetNull'],
        ['D', null],
        ['E', 'Cascade'],
      ],
    );
    assert.deepEqual(
      models.find(({ name }) => name === 'User')?.fields.map(({ name }) => name),
      ['id'],
    );
  });

  it('reads several files as one schema', () => {
    const { models } = parseSchema([
      ['a.prisma', 'model User {\n  id Int @id\n  notes Note[]\n}'],
      [
        'b/c.prisma',
        'model Note {\n  id Int @id\n  userId Int\n  user User @relation(fields: [userId], references: [id])\n}',
      ],
    ]);
    assert.deepEqual(
      models.map(({ name }) => name),
      ['User', 'Note'],
    );
  });

  it('gives every text, and every file name, a fingerprint of its own', () => {
    const text = 'model User {\n  id Int @id\n}';
    const prints = [
      parseSchema([['a.prisma', text]]),
      parseSchema([['a.prisma', `${text}\n`]]),
      parseSchema([['b.prisma', text]]),
    ].map(({ fingerprint }) => fingerprint);
    for (const print of prints) assert.match(print, /^[\da-f]{16}$/);
    assert.equal(new Set(prints).size, 3);
    assert.equal(parseSchema([['a.prisma', text]]).fingerprint, prints[0]);
  });

  const oldSchemas: [what: string, text: string][] = [
    ['without any model', ''],
    [
      'with an unknown preview feature',
      'generator client {\n  provider = "x"\n  previewFeatures = ["driverAdapters", "gone"]\n}',
    ],
    [
      'with extensions of PostgreSQL',
      'generator client {\n  provider = "x"\n  previewFeatures = ["postgresqlExtensions"]\n}\ndatasource db {\n  provider = "postgresql"\n  extensions = [pgcrypto]\n}',
    ],
    [
      'with a view',
      'generator client {\n  provider = "x"\n  previewFeatures = ["views"]\n}\nview Sum {\n  id Int @unique\n}',
    ],
    [
      'with a view that has an @id, as up to Prisma 5',
      'generator client {\n  provider = "x"\n  previewFeatures = ["views"]\n}\nview Sum {\n  id Int @id\n}',
    ],
    [
      'with relationMode',
      'datasource db {\n  provider = "mysql"\n  url = env("X")\n  relationMode = "prisma"\n}',
    ],
  ];
  for (const [what, text] of oldSchemas) {
    it(`reads a schema ${what}`, () => {
      const { models } = parseOne(`${text}\nmodel User {\n  id Int @id\n}`);
      assert.ok(models.some(({ name }) => name === 'User'));
    });
  }

  const mistakes: [what: string, text: string, said: string][] = [
    [
      'a line that is no field',
      'model User {\n  id Int @id\n  what?\n}',
      'prisma/schema.prisma:3: This line is not a valid field or attribute definition.',
    ],
    [
      'an unknown type',
      'model User {\n  id Int @id\n  x Nope\n}',
      'prisma/schema.prisma:3: Type "Nope" is neither a built-in type, nor refers to another model, composite type, or enum.',
    ],
    [
      'a relation without its other side',
      'model User {\n  id Int @id\n}\nmodel Note {\n  id Int @id\n  u Int\n  user User @relation(fields: [u], references: [id])\n}',
      'prisma/schema.prisma:7: Error validating field `user` in model `Note`: The relation field `user` on model `Note` is missing an opposite relation field on the model `User`. Either run `prisma format` or add it manually.',
    ],
    [
      'more than three mistakes',
      'model User {\n  a\n  b\n  c\n  d\n  e\n}',
      [2, 3, 4]
        .map(
          (line) =>
            `prisma/schema.prisma:${line}: Error validating model "User": This field declaration is invalid. It is either missing a name or a type.`,
        )
        .concat('and 2 more')
        .join('\n'),
    ],
    [
      'a connection line before it',
      'datasource db {\n  provider = "sqlite"\n  url = "file:x"\n}\nmodel User {\n  id Int @id\n  what?\n}',
      'prisma/schema.prisma:7: This line is not a valid field or attribute definition.',
    ],
  ];
  for (const [what, text, said] of mistakes) {
    it(`points at the file and line of ${what}`, () => {
      assert.throws(
        () => parseOne(text),
        (error) => {
          assert.ok(error instanceof ToolkitError);
          assert.equal(error.message, `Prisma cannot read the schema.\n${said}\nNothing was changed.`);
          return error.code === 'SCHEMA_INVALID';
        },
      );
    });
  }
});
