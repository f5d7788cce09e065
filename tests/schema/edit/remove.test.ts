import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import type { SchemaFile } from '../../../src/schema/normalise.ts';
import { parseSchema } from '../../../src/schema/parse.ts';
import { CHINOOK_MISSING } from '../../helpers/chinook.ts';
import { ROOT } from '../../helpers/command-line.ts';
import { addTo, isDecided, removeFrom, SPELLINGS } from '../../helpers/schema-edit.ts';

const HEAD = 'datasource db {\n  provider = "postgresql"\n}\n\n';
const schema = (user: string, note: string): SchemaFile[] => [
  ['schema.prisma', `${HEAD}model User {\n${user}\n}\n\nmodel Note {\n${note}\n}\n`],
];
const KEY = '  id Int @id';
const FIELD = '  userId Int?';
const RELATION = '  user User? @relation(fields: [userId], references: [id])';

/** Adds to every model that it can be added to, takes it away again, and gives the models. */
function goThereAndBack(files: SchemaFile[], models?: string[]): string[] {
  const plan = addTo(files, models);
  const added = plan.added.map(({ model }) => model);
  assert.deepEqual(removeFrom(plan.files, added), { files, removed: plan.added, obstacles: [] });
  return added;
}

/** The same from a schema that has owners: they are taken out, and what is left goes there and back. */
function goBackAndThere(files: SchemaFile[]): string[] {
  const plan = removeFrom(files);
  return goThereAndBack(
    plan.files,
    plan.removed.map(({ model }) => model),
  );
}

describe('planRemoveOwners gives back, however the file is spelled', () => {
  const roundTrip = (path: string): [there: number, back: number] => {
    const text = readFileSync(path, 'utf8');
    const counts = Object.values(SPELLINGS).map((spell): [number, number] => {
      const files: SchemaFile[] = [[path, spell(text)]];
      return [goThereAndBack(files).length, goBackAndThere(files).length];
    });
    assert.deepEqual(counts, Array(counts.length).fill(counts[0]));
    return counts[0] ?? [0, 0];
  };

  for (const folder of ['tests/schema/edit/cases', 'tests/schema/cases'])
    for (const name of readdirSync(join(ROOT, folder)).filter((each) => each.endsWith('.prisma'))) {
      const path = join(ROOT, folder, name);
      // No command works on SQL Server, and its foreign keys have no Restrict.
      if (!isDecided([[path, readFileSync(path, 'utf8')]]) || name === 'provider-sqlserver.prisma') continue;
      it(`${folder}/${name}`, () => void roundTrip(path));
    }

  it('the sample app', () => assert.deepEqual(roundTrip(join(ROOT, 'prisma/schema.prisma')), [1, 6]));

  it('the sample app, which has its phase 1 as it would be written', () => {
    const path = join(ROOT, 'prisma/schema.prisma');
    const files: SchemaFile[] = [[path, readFileSync(path, 'utf8')]];
    const plan = removeFrom(files);
    const models = plan.removed.map(({ model }) => model);
    assert.deepEqual(addTo(plan.files, models), { files, added: plan.removed, obstacles: [] });
  });

  for (const provider of ['sqlite', 'postgresql', 'mysql'])
    it(`Chinook for ${provider}`, { skip: CHINOOK_MISSING }, () =>
      assert.deepEqual(roundTrip(join(process.env.CHINOOK_DIR ?? '', `schema.${provider}.prisma`)), [3, 8]),
    );
});

describe('planRemoveOwners', () => {
  const SHAPES: [what: string, user: [string, string], note: [string, string]][] = [
    [
      'takes out what a person wrote, in any order',
      [`  notes Note[]\n${KEY}`, KEY],
      [
        `  @@index(name: "x", fields: [ userId(sort: Desc) ])\n  user User?@relation(references:[id],fields:[userId])\n\n${KEY}\n\tuserId Int ? @map("a]b")\n  @@index([userId], map: "y")\n  @@map("a")`,
        `\n${KEY}\n  @@map("a")`,
      ],
    ],
    [
      'leaves comments, and makes lines of their own of those behind',
      [
        `${KEY}\n  /// theirs\n  notes Note[] // theirs too\n  // end`,
        `${KEY}\n  /// theirs\n  // theirs too\n  // end`,
      ],
      [
        `${KEY} // it\n\n  // the owner\n  /* who */ userId Int? /// "what"\n${RELATION} /* runs\n  on */ /* and */\n\n  @@index([userId]) // fast`,
        `${KEY} // it\n\n  // the owner\n  /* who */ /// "what"\n  /* runs\n  on */ /* and */\n\n  // fast`,
      ],
    ],
    [
      'leaves other relations between the two models, and their lists',
      [
        `${KEY}\n  liked Note[]\n  notes Note[] @relation(name: "NoteOwner")\n  pinId Int?\n  pin Note? @relation("pin", fields: [pinId], references: [id])`,
        `${KEY}\n  liked Note[]\n  pinId Int?\n  pin Note? @relation("pin", fields: [pinId], references: [id])`,
      ],
      [
        `${KEY}\n${FIELD}\n  user User? @relation(fields: [userId], references: [id], name: "NoteOwner")\n  fans User[]\n  pinned User[] @relation("pin")`,
        `${KEY}\n  fans User[]\n  pinned User[] @relation("pin")`,
      ],
    ],
    [
      'takes out every relation over the column alone',
      [`${KEY}\n  notes Note[]\n  again Note[] @relation("again")`, KEY],
      [
        `${KEY}\n${FIELD}\n${RELATION.replace('])', '], map: "a")')}\n  same User? @relation("again", fields: [userId], references: [id], map: "b")`,
        KEY,
      ],
    ],
    [
      'leaves an empty line that has something behind it',
      [`${KEY}\n  notes Note[]`, KEY],
      [`${KEY}\n${FIELD}\n${RELATION}\n\n  @@index([userId])\n  // behind\n`, `${KEY}\n\n  // behind\n`],
    ],
    [
      'leaves empty lines at the end of a model that has had none of ours ahead of the index',
      [`${KEY}\n  notes Note[]`, KEY],
      [`${KEY}\n${FIELD}\n${RELATION}\n  @@index([userId])\n\n`, `${KEY}\n\n`],
    ],
    [
      'leaves hidden relations out as well',
      [`${KEY}\n  notes Note[] @ignore`, KEY],
      [`${KEY}\n${FIELD} @ignore\n${RELATION} @ignore`, KEY],
    ],
  ];
  for (const [what, [userBefore, userAfter], [noteBefore, noteAfter]] of SHAPES)
    it(what, () => {
      const { files, obstacles } = removeFrom(schema(userBefore, noteBefore), ['Note']);
      assert.deepEqual(obstacles, []);
      assert.deepEqual(files, schema(userAfter, noteAfter));
    });

  const OBSTACLES: [what: string, note: string, reason: string][] = [
    [
      'the column is required',
      `${KEY}\n  userId Int\n  user User @relation(fields: [userId], references: [id])`,
      'its owner column userId is required still: phase 3 comes off first',
    ],
    [
      'an index has more columns',
      `${KEY}\n  slug String\n${FIELD}\n${RELATION}\n  @@index([slug, userId(sort: Desc)], map: "[x]") // fast`,
      'its owner column userId is in @@index([slug, userId(sort: Desc)], map: "[x]")',
    ],
    [
      'a unique key has it',
      `${KEY}\n  slug String\n${FIELD}\n${RELATION}\n  @@unique([userId, slug])`,
      'its owner column userId is in @@unique([userId, slug])',
    ],
    [
      'it is in a unique key alone',
      `${KEY}\n${FIELD}\n${RELATION}\n  @@unique([userId])`,
      'its owner column userId is in @@unique([userId])',
    ],
    [
      'another relation has it and one more column',
      `${KEY}\n  slug String\n${FIELD}\n${RELATION}\n  twin Note? @relation("twin", fields: [userId, slug], references: [id, slug])\n  twins Note[] @relation("twin")\n  @@unique([id, slug])`,
      'its relation twin is over userId, slug',
    ],
  ];
  for (const [what, note, reason] of OBSTACLES)
    it(`leaves a model as it is where ${what}`, () => {
      const files = schema(`${KEY}\n  notes Note[]`, note);
      assert.deepEqual(removeFrom(files, ['Note']), {
        files,
        removed: [],
        obstacles: [{ model: 'Note', reason }],
      });
    });

  it('leaves a model as it is where the column is unique, and a user has one row', () => {
    const files = schema(`${KEY}\n  note Note?`, `${KEY}\n${FIELD} @unique\n${RELATION}`);
    assert.deepEqual(removeFrom(files, ['Note']).obstacles, [
      { model: 'Note', reason: 'its owner column userId is unique, so phase 1 did not write it' },
    ]);
  });

  it('leaves models without an owner alone, and a column without a relation, which a person chose', () => {
    const files = schema(KEY, `${KEY}\n${FIELD}`);
    assert.deepEqual(removeFrom(files, ['Note', 'User', 'Nope']).obstacles, [
      { model: 'Note', reason: 'it has no owner column' },
      { model: 'User', reason: 'it has no owner column' },
      { model: 'Nope', reason: 'the schema has no such model' },
    ]);
    assert.deepEqual(removeFrom(files, ['Note'], { ownerColumns: { Note: 'userId' } }).obstacles, [
      {
        model: 'Note',
        reason: 'its owner column userId has no relation to User alone, so phase 1 did not write it',
      },
    ]);
  });

  it('says what it takes out, and leaves the models that were not asked for', () => {
    const model = (name: string) =>
      `model ${name} {\n  id Int @id\n  ownerId Int? @map("owner_id")\n  owner User? @relation(fields: [ownerId], references: [id])\n}\n`;
    const user = `${HEAD}model User {\n  id Int @id\n  as A[]\n  bs B[]\n}\n`;
    const { files, removed } = removeFrom(
      [
        ['user.prisma', user],
        ['a.prisma', model('A')],
        ['b.prisma', model('B')],
      ],
      ['B', 'B'],
    );
    assert.deepEqual(files, [
      ['user.prisma', user.replace('  bs B[]\n', '')],
      ['a.prisma', model('A')],
      ['b.prisma', 'model B {\n  id Int @id\n}\n'],
    ]);
    assert.deepEqual(removed, [
      { model: 'B', field: 'ownerId', relation: 'owner', column: 'owner_id', ownerList: 'bs' },
    ]);
    assert.equal(parseSchema(files).models.length, 3);
  });
});
