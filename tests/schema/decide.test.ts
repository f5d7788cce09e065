import { strict as assert } from 'node:assert';
import { describe, it } from 'node:test';
import { ToolkitError } from '../../src/errors.ts';
import { decideOwnership } from '../../src/schema/decide.ts';
import { parseSchema } from '../../src/schema/parse.ts';
import { NO_SETTINGS } from '../../src/settings.ts';

const decide = (text: string) => decideOwnership(parseSchema([['schema.prisma', text]]), NO_SETTINGS);
const NOTE = `model Note {
  id     Int   @id
  userId Int?
  user   User? @relation(fields: [userId], references: [id])
}`;
const belongingTo = (owner: string) => `model ${owner} {
  id    Int    @id
  notes Note[]
}
${NOTE.replaceAll('User?', `${owner}?`)}`;

/** Models with the name and the relations that are given: `['Note', 'Folder']` is a note that points at a folder. */
function describeTree(...models: [name: string, ...parents: string[]][]): string {
  const lines = models.map(([name, ...parents]) => {
    const fields = parents.map(
      (to) => `  f${to} Int?\n  r${to} ${to}? @relation("${name}${to}", fields: [f${to}], references: [id])`,
    );
    const children = models.filter(([, ...to]) => to.includes(name));
    const back = children.map(([child]) => `  b${child} ${child}[] @relation("${child}${name}")`);
    return `model ${name} {\n  id Int @id\n  userId Int?\n  user User? @relation(fields: [userId], references: [id])\n${[...fields, ...back].join('\n')}\n}`;
  });
  return `model User {\n  id Int @id\n${models.map(([name]) => `  o${name} ${name}[]`).join('\n')}\n}\n${lines.join('\n')}`;
}

describe('decideOwnership finds the owner model', () => {
  for (const name of ['User', 'Users', 'user', 'USERS']) {
    it(`that is called ${name}`, () => assert.equal(decide(belongingTo(name)).owner.model.name, name));
  }

  it('that is mapped to a table of users', () => {
    const { owner } = decide(
      belongingTo('Account').replace('notes Note[]', 'notes Note[]\n  @@map("users")'),
    );
    assert.equal(owner.model.name, 'Account');
  });

  it('with its key, what people are called by, and when they were created', () => {
    const { owner } = decide(`model User {
  name       String?
  id         String   @id
  created_at DateTime
  Email      String   @unique
  username   Int
}`);
    const { key, labels, created } = owner;
    assert.deepEqual(
      [key.name, labels.map((each) => each.name), created?.name],
      ['id', ['Email', 'name'], 'created_at'],
    );
  });

  it('with a unique column for a key where it has no @id', () =>
    assert.equal(decide('model User {\n  name String?\n  email String @unique\n}').owner.key.name, 'email'));

  const refusals: [what: string, text: string, code: string][] = [
    ['there is none', 'model Account {\n  id Int @id\n}', 'OWNER_MODEL_MISSING'],
    [
      'there are two',
      'model User {\n  id Int @id\n}\nmodel Users {\n  id Int @id\n}',
      'OWNER_MODEL_AMBIGUOUS',
    ],
    ['its key is composite', 'model User {\n  a Int\n  b Int\n  @@id([a, b])\n}', 'OWNER_KEY_UNSUPPORTED'],
  ];
  for (const [what, text, code] of refusals) {
    it(`or throws ${code} when ${what}`, () =>
      assert.throws(
        () => decide(text),
        (error) => error instanceof ToolkitError && error.code === code,
      ));
  }
});

describe('decideOwnership sorts the models', () => {
  it('into owned ones, by their relation to the users, and others', () => {
    const { owned, others } = decide(`model User {
  id    Int    @id
  email String @unique
  mails Mail[]
  lists List[]
}
model Mail {
  id    Int     @id
  owner String? @map("owner mail")
  user  User?   @relation(fields: [owner], references: [email])
}
model List {
  id    Int    @id
  users User[]
}
model Setting {
  id     Int  @id
  userId Int?
}`);
    const found = owned.map(({ model, owner, references }) => [model.name, owner.column, references.name]);
    assert.deepEqual(found, [['Mail', 'owner mail', 'email']]);
    assert.deepEqual(
      others.map(({ name }) => name),
      ['List', 'Setting'],
    );
  });

  it('and does not guess among several relations, or take a part of a composite one', () => {
    const { owned, ambiguous } = decide(`model User {
  id     Int
  tenant Int
  key    Int    @id
  wrote  Note[] @relation("wrote")
  edited Note[] @relation("edited")
  bills  Bill[]
  @@unique([tenant, id])
}
model Note {
  id       Int   @id
  writerId Int?
  editorId Int?
  writer   User? @relation("wrote", fields: [writerId], references: [key])
  editor   User? @relation("edited", fields: [editorId], references: [key])
}
model Bill {
  id     Int   @id
  tenant Int?
  userId Int?
  user   User? @relation(fields: [tenant, userId], references: [tenant, id])
}`);
    assert.deepEqual(owned, []);
    assert.deepEqual(
      ambiguous.map(({ model, columns }) => [model.name, ...columns]),
      [
        ['Note', 'writerId', 'editorId'],
        ['Bill', 'tenant', 'userId'],
      ],
    );
  });

  it('and leaves views out, which hold no rows of their own', () => {
    const { owned } = decide(`generator client {
  provider        = "prisma-client-js"
  previewFeatures = ["views"]
}
${belongingTo('User').replace('notes Note[]', 'notes Note[]\n  sums Sum[]')}
view Sum {
  id     Int   @unique
  userId Int?
  user   User? @relation(fields: [userId], references: [id])
}`);
    assert.deepEqual(
      owned.map(({ model }) => model.name),
      ['Note'],
    );
  });

  const orders: [what: string, models: [string, ...string[]][], order: string[]][] = [
    ['parents first', [['Page', 'Note'], ['Note', 'Folder'], ['Folder']], ['Folder', 'Note', 'Page']],
    [
      'a model that points at itself in its place',
      [
        ['Folder', 'Folder'],
        ['Note', 'Folder'],
      ],
      ['Folder', 'Note'],
    ],
    [
      'a model with two parents after both',
      [['Link', 'Tag', 'Note'], ['Note'], ['Tag', 'Note']],
      ['Note', 'Tag', 'Link'],
    ],
  ];
  for (const [what, models, order] of orders) {
    it(`and puts ${what}`, () => {
      const { owned } = decide(describeTree(...models));
      assert.deepEqual(
        owned.map(({ model }) => model.name),
        order,
      );
    });
  }

  it('and lists each model of a circle once', () => {
    const { owned } = decide(describeTree(['A', 'B'], ['B', 'C'], ['C', 'A']));
    assert.deepEqual(owned.map(({ model }) => model.name).sort(), ['A', 'B', 'C']);
  });
});
