import assert from 'node:assert/strict';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import type { SchemaFile } from '../../../src/schema/normalise.ts';
import { parseSchema } from '../../../src/schema/parse.ts';
import { createProject } from '../../helpers/prisma-project.ts';
import { addTo, formatSchema, SPELLINGS } from '../../helpers/schema-edit.ts';

const FOLDER = join(__dirname, 'cases');
const CASES = readdirSync(FOLDER)
  .filter((name) => name.endsWith('.before.prisma'))
  .map((name) => name.replace('.before.prisma', ''));
const HEAD = 'datasource db {\n  provider = "postgresql"\n}\n\n';
const one = (models: string): SchemaFile[] => [['schema.prisma', HEAD + models]];

describe('planAddOwners', () => {
  for (const name of CASES)
    it(`writes ${name.replaceAll('-', ' ')}, however the file is spelled`, () => {
      const read = (when: string) => readFileSync(join(FOLDER, `${name}.${when}.prisma`), 'utf8');
      for (const [spelling, spell] of Object.entries(SPELLINGS)) {
        if (spelling === 'formatted') continue;
        const { files } = addTo([['schema.prisma', spell(read('before'))]]);
        assert.deepEqual(files, [['schema.prisma', spell(read('after'))]], spelling);
      }
    });

  it('says what it adds, by the names of the schema and the database', () => {
    const { added } = addTo(
      one(
        'model User {\n  id Int @id\n}\n\nmodel Note {\n  id Int @id\n  createdAt DateTime @map("created_at")\n}\n',
      ),
    );
    assert.deepEqual(added, [
      { model: 'Note', field: 'userId', relation: 'user', column: 'user_id', ownerList: 'notes' },
    ]);
  });

  const USUAL: [what: string, owned: string, page: string, names: [string, string]][] = [
    [
      'as they are, where models of its spelling have them',
      'a_key Int\n  userId Int?\n  User User? @relation(fields: [userId], references: [id])',
      'page_text String',
      ['userId', 'User'],
    ],
    [
      'in its own spelling, where models of another have them',
      'aKey Int\n  createdById Int?\n  CreatedBy User? @relation(fields: [createdById], references: [id])',
      'page_text String',
      ['created_by_id', 'created_by'],
    ],
    [
      'as they are, where it has no spelling',
      'aKey Int\n  ownedBy Int?\n  owner User? @relation(fields: [ownedBy], references: [id])',
      'text String',
      ['ownedBy', 'owner'],
    ],
    [
      'never of another role',
      'aKey Int\n  assigneeId Int?\n  assignee User? @relation(fields: [assigneeId], references: [id])',
      'text String',
      ['userId', 'user'],
    ],
    [
      'never of another key',
      'aKey Int\n  mail String?\n  writer User? @relation(fields: [mail], references: [email])',
      'text String',
      ['userId', 'user'],
    ],
  ];
  for (const [what, owned, page, names] of USUAL)
    it(`gives a model the usual names, ${what}`, () => {
      const user = 'model User {\n  id Int @id\n  email String @unique\n  notes Note[]\n}\n\n';
      const { added } = addTo(
        one(`${user}model Note {\n  id Int @id\n  ${owned}\n}\n\nmodel Page {\n  id Int @id\n  ${page}\n}\n`),
        ['Page'],
      );
      assert.deepEqual(
        added.map(({ field, relation }) => [field, relation]),
        [names],
      );
    });

  it('changes each file of a schema for its own models, and the files of others not at all', () => {
    const files: SchemaFile[] = [
      ['user.prisma', `${HEAD}model User {\n  id Int @id\n}\n`],
      ['a.prisma', 'model A {\r\n  id Int @id\r\n}\r\n'],
      ['b.prisma', 'model B {\n  id Int @id\n}'],
    ];
    const plan = addTo(files, ['A']);
    assert.deepEqual(plan.files, [
      ['user.prisma', `${HEAD}model User {\n  id Int @id\n  as A[]\n}\n`],
      [
        'a.prisma',
        'model A {\r\n  id Int @id\r\n  userId Int?\r\n  user   User? @relation(fields: [userId], references: [id], onDelete: Restrict)\r\n\r\n  @@index([userId])\r\n}\r\n',
      ],
      ['b.prisma', 'model B {\n  id Int @id\n}'],
    ]);
  });

  it('gives the column the native type of the key, with what it takes from the owner model alone', () => {
    for (const [type, native] of [
      ['String', '@db.VarChar(191)'],
      ['String', '@db.Char( 36 )'],
      ['BigInt', ''],
      ['Int', '@db.SmallInt'],
      ['Bytes', '@db.ByteA'],
    ]) {
      const user = `model User {\n  id ${type} @id /* @db.Text */ @map("@db.Uuid") ${native} // @db.Oid\n}\n\n`;
      const { files } = addTo(one(`${user}model Note {\n  id Int @id\n  text String\n}\n`));
      assert.ok(files[0]?.[1].includes(`  userId ${type}?${native && ` ${native}`}\n`), files[0]?.[1]);
    }
  });

  it('reaches over database schemas, and does the same where Prisma keeps the relations', () => {
    const schemas = HEAD.replace('}', '  schemas = ["auth", "app"]\n}');
    const mode = HEAD.replace('postgresql', 'mysql').replace('}', '  relationMode = "prisma"\n}');
    for (const [head, user, note] of [
      [schemas, '\n  @@schema("auth")', '\n  @@schema("app")'],
      [mode, '', ''],
    ]) {
      const text = `${head}model User {\n  id Int @id${user}\n}\nmodel Note {\n  id Int @id${note}\n}\n`;
      const { models } = parseSchema(addTo([['schema.prisma', text]]).files);
      assert.deepEqual(models[1]?.relations, [
        { field: 'user', to: 'User', fields: ['userId'], references: ['id'], onDelete: 'Restrict' },
      ]);
    }
  });

  const OBSTACLES: [what: string, note: string, reason: string, user?: string][] = [
    ['it is a view', 'view Note {\n  id Int @unique\n}', 'it is a view'],
    ['Prisma ignores it', 'model Note {\n  id Int @id\n  @@ignore\n}', 'Prisma ignores it (@@ignore)'],
    [
      'it has an owner',
      'model Note {\n  id Int @id\n  authorId Int?\n  author User? @relation(fields: [authorId], references: [id])\n}',
      'it has the owner column authorId already',
      'notes Note[]',
    ],
    [
      'several columns point at the users',
      'model Note {\n  id Int @id\n  a Int?\n  x User? @relation("a", fields: [a], references: [id])\n  b Int?\n  y User? @relation("b", fields: [b], references: [id])\n}',
      'it points at User already, by a, b',
      'as Note[] @relation("a")\n  bs Note[] @relation("b")',
    ],
    [
      'a column is called like an owner and has no relation',
      'model Note {\n  id Int @id\n  userId Int?\n}',
      "its field userId is called like an owner's and has no relation to User",
    ],
    [
      'the columns of both names are in relations with others',
      'model Note {\n  id Int @id\n  userId Int?\n  person Person? @relation("p", fields: [userId], references: [id])\n  ownerId Int?\n  other Person? @relation("o", fields: [ownerId], references: [id])\n}\n\nmodel Person {\n  id Int @id\n  as Note[] @relation("p")\n  bs Note[] @relation("o")\n}',
      'the names of an owner field are taken in it: userId, ownerId',
    ],
    [
      'all names are taken',
      'model Note {\n  id Int @id\n  user String\n  ownerId String @ignore\n}',
      'the names of an owner field are taken in it: user, ownerId',
    ],
    [
      'its column is taken',
      'model Note {\n  id Int @id\n  creator String @map("USERID")\n}',
      'its column USERID (creator) is in the way of the owner column userId',
    ],
    [
      'the names of its list are taken',
      'model Note {\n  id Int @id\n}',
      'the names of its list are taken in User: notes, ownedNotes',
      'notes String\n  ownedNotes String',
    ],
    [
      'its text begins behind the end of another block',
      'enum Kind {\n  a\n} model Note {\n  id Int @id\n}',
      'a new field has no place in its text',
    ],
  ];
  for (const [what, note, reason, user = 'name String'] of OBSTACLES)
    it(`leaves a model as it is where ${what}, and plans the others`, () => {
      const text = (list: string) => `model User {\n  id Int @id\n  ${user}\n${list}}\n\n${note}\n\n`;
      const { files, added, obstacles } = addTo(one(`${text('')}model Page {\n  id Int @id\n}\n`), [
        'Note',
        'Page',
      ]);
      assert.deepEqual(obstacles, [{ model: 'Note', reason }]);
      assert.deepEqual(
        added.map(({ model, ownerList }) => [model, ownerList]),
        [['Page', 'pages']],
      );
      assert.ok(files[0]?.[1].startsWith(HEAD + text('  pages Page[]\n')), files[0]?.[1]);
    });

  it('leaves the owner model alone and models that there are none of, and gives the same files then', () => {
    const files = one('model User {\n  id Int @id\n}\n');
    assert.deepEqual(addTo(files, ['User', 'Nope', 'Nope']), {
      files,
      added: [],
      obstacles: [
        { model: 'User', reason: 'it is the owner model itself' },
        { model: 'Nope', reason: 'the schema has no such model' },
      ],
    });
  });

  it('plans nothing for an owner model that a relation cannot point at', () => {
    const text = 'model User {\n  id Int @id\n  @@ignore\n}\nmodel Note {\n  id Int @id\n}\n';
    assert.deepEqual(addTo(one(text), ['Note']).obstacles, [
      { model: 'Note', reason: 'Prisma ignores User (@@ignore)' },
    ]);
  });

  it('throws, and gives no files, where Prisma does not read what it wrote', () => {
    const files: SchemaFile[] = [
      [
        'schema.prisma',
        'datasource db {\n  provider = "sqlserver"\n}\nmodel User {\n  id Int @id\n}\nmodel Note {\n  id Int @id\n}\n',
      ],
    ];
    assert.throws(
      () => addTo(files),
      (error: Error) => error.name === 'Error' && /none that Prisma reads/.test(error.message),
    );
  });

  it('is what the real Prisma validates, and leaves as it is when it formats it', async () => {
    const models =
      'model User {\n  id        String   @id\n  createdAt DateTime\n}\n\nmodel Note {\n  id        Int      @id\n  createdAt DateTime\n  users     User[]\n\n  @@map("notes")\n}\n';
    const listed = models.replace('DateTime\n}', 'DateTime\n  likes     Note[]\n}');
    const project = await createProject('sqlite', { models: listed, migrations: {} });
    try {
      const before = formatSchema(readFileSync(project.schemaPath, 'utf8'));
      const [file] = addTo([[project.schemaPath, before]]).files;
      const written = file?.[1] ?? '';
      assert.match(written, /@relation\("NoteOwner", fields/);
      writeFileSync(project.schemaPath, written);
      const validated = await project.prisma('validate');
      assert.equal(validated.code, 0, validated.stderr);
      const formatted = await project.prisma('format');
      assert.equal(formatted.code, 0, formatted.stderr);
      assert.equal(readFileSync(project.schemaPath, 'utf8'), written);
    } finally {
      await project.drop();
    }
  });
});
