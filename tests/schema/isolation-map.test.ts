import { strict as assert } from 'node:assert';
import { describe, it } from 'node:test';
import { isIsolationList, renderIsolationList } from '../../src/schema/isolation-list.ts';
import { buildIsolationMap } from '../../src/schema/isolation-map.ts';
import { decideOwnership } from '../../src/schema/decide.ts';
import { parseSchema, readDataModel } from '../../src/schema/parse.ts';
import { NO_SETTINGS, type OwnershipSettings } from '../../src/settings.ts';

const SCHEMA = `
model User {
  id       Int       @id
  email    String    @unique
  posts    Post[]
  edited   Article[] @relation("Editor")
  written  Article[] @relation("Author")
  teams    Team[]
  prefs    Prefs?
  mails    Mail[]
  globals  Template[]
}
model Post {
  id       Int        @id
  userId   Int        @map("user_id")
  user     User       @relation(fields: [userId], references: [id])
  topicId  Int        @default(1)
  topic    Topic      @relation(fields: [topicId], references: [id])
  comments Comment[]
  labels   PostLabel[]
  next     Post?      @relation("Next", fields: [nextId], references: [id], onDelete: Cascade)
  nextId   Int?       @unique
  before   Post?      @relation("Next")
  @@unique([userId, id], name: "ofUser")
}
model Topic { 
  id    Int    @id
  posts Post[]
}
model Comment {
  id      Int     @id
  postId  Int
  post    Post    @relation(fields: [postId], references: [id])
  replies Reply[]
}
model Reply {
  id        Int     @id
  commentId Int
  comment   Comment @relation(fields: [commentId], references: [id])
}
model Label {
  id    Int         @id
  posts PostLabel[]
}
model PostLabel {
  labelId Int
  postId  Int
  label   Label @relation(fields: [labelId], references: [id])
  post    Post  @relation(fields: [postId], references: [id])
  @@id([labelId, postId])
}
model Article {
  id       Int  @id
  authorId Int
  editorId Int
  author   User @relation("Author", fields: [authorId], references: [id])
  editor   User @relation("Editor", fields: [editorId], references: [id])
}
model Team {
  id    Int    @id
  users User[]
}
model Prefs {
  id     Int  @id
  userId Int? @unique
  user   User? @relation(fields: [userId], references: [id])
}
model Visit {
  id     Int @id
  userId Int
}
model Mail {
  id      Int    @id
  address String
  user    User   @relation(fields: [address], references: [email])
}
model Template {
  id     Int   @id
  userId Int?
  user   User? @relation(fields: [userId], references: [id])
}
model Country {
  code String @id
}
`;

function build(settings: Partial<OwnershipSettings> = {}, models = SCHEMA) {
  const files: [string, string][] = [
    ['schema.prisma', `datasource db {\n  provider = "sqlite"\n}\n${models}`],
  ];
  return buildIsolationMap(
    readDataModel(files),
    decideOwnership(parseSchema(files), { ...NO_SETTINGS, ...settings }),
  );
}

const scopesOf = (settings: Partial<OwnershipSettings> = {}) =>
  Object.fromEntries(
    Object.entries(build(settings).models).map(([name, { scope }]) => {
      if (scope.kind === 'owned') return [name, `owned by ${scope.field}${scope.isRequired ? '' : '?'}`];
      return [name, scope.kind === 'through' ? `through ${scope.relation}` : scope.kind];
    }),
  );

describe('the list of a schema', () => {
  it('says whose the rows of each model are, and closes what is not decided', () => {
    assert.deepEqual(scopesOf(), {
      User: 'users',
      Post: 'owned by userId',
      Topic: 'shared',
      Comment: 'through post',
      Reply: 'through comment',
      Label: 'shared',
      PostLabel: 'through post',
      Article: 'closed',
      Team: 'closed',
      Prefs: 'owned by userId?',
      Visit: 'closed',
      Mail: 'closed',
      Template: 'owned by userId?',
      Country: 'shared',
    });
  });

  it('goes by the decisions of a person', () => {
    const scopes = scopesOf({
      ownerColumns: { Article: 'authorId', Visit: 'userId' },
      exclude: { Comment: 'everybody reads them', Post: 'not yet' },
      nullMeans: { Template: 'for everybody' },
    });
    assert.equal(scopes.Article, 'owned by authorId');
    assert.equal(scopes.Visit, 'owned by userId');
    assert.equal(scopes.Comment, 'shared');
    // They have a column that says whose they are, and nobody goes by it.
    assert.equal(scopes.Post, 'closed');
    assert.equal(scopes.Template, 'closed');
  });

  it('has relations from both sides, with keys, defaults and what a delete does', () => {
    const { models, ownerKey, ownerKeyType, ownerModel } = build();
    assert.deepEqual([ownerModel, ownerKey, ownerKeyType], ['User', 'id', 'Int']);
    assert.deepEqual(models.Post?.keys, ['ofUser']);
    assert.deepEqual(models.PostLabel?.keys, ['labelId_postId']);
    assert.deepEqual(models.Post?.relations.topic, {
      to: 'Topic',
      opposite: 'posts',
      isList: false,
      isRequired: true,
      fields: ['topicId'],
      references: ['id'],
      hasDefault: true,
      onDelete: 'Restrict',
    });
    assert.deepEqual(models.Post?.relations.before, {
      to: 'Post',
      opposite: 'next',
      isList: false,
      isRequired: false,
    });
    assert.deepEqual(models.Post?.relations.next?.opposite, 'before');
    assert.equal(models.Post?.relations.next?.onDelete, 'Cascade');
    assert.equal(models.Prefs?.relations.user?.onDelete, 'SetNull');
    assert.equal(models.Visit?.scope.kind, 'closed');
  });

  it('closes views, and models that several users may have', () => {
    const { models } = build(
      {},
      `
      model User { 
        id    String @id
        notes Note[]
      }
      model Note {
        id     String @id
        userId String
        user   User @relation(fields: [userId], references: [id])
      }
      view Totals {
        id    String @unique
        notes Int
      }`,
    );
    assert.deepEqual([models.Totals?.scope.kind, models.Note?.scope.kind], ['closed', 'owned']);
  });

  it('is a module that gives the list back when it is run', async () => {
    const map = build();
    for (const isModule of [true, false]) {
      const text = renderIsolationList(map, { command: 'npx this', isModule });
      assert.ok(isIsolationList(text));
      assert.match(text, /^\/\/ {3}npx this$/m);
      const body = text.slice(text.indexOf('isolate({') + 'isolate('.length, text.lastIndexOf(')'));
      assert.deepEqual(new Function(`return ${body}`)(), map);
    }
  });
});

it("closes what is one user's without saying whose", () => {
  const { models } = build(
    { exclude: { Visit: 'statistics' } },
    `
      model User {
        id        String   @id
        profileId String?  @unique
        profile   Profile? @relation(fields: [profileId], references: [id])
        notes     Note[]
      }
      model Profile {
        id   String @id
        user User?
      }
      model Note {
        id     String @id
        userId String
        user   User   @relation(fields: [userId], references: [id])
      }
      model PasswordReset {
        token String @id
        email String
      }
      model Visit {
        id     String @id
        userId String
      }`,
  );
  for (const name of ['Profile', 'PasswordReset', 'Visit'])
    assert.equal(models[name]?.scope.kind, 'closed', name);
});
