import { strict as assert } from 'node:assert';
import { describe, it } from 'node:test';
import { findProvider, findRelationMode, normaliseSchema } from '../../src/schema/normalise.ts';

const normalise = (text: string) => normaliseSchema([['schema.prisma', text]])[0]?.[1] ?? '';

describe('normaliseSchema', () => {
  const cases: [what: string, before: string, after: string][] = [
    [
      'empties connection lines of the datasource, and keeps its other lines and their numbers',
      'datasource db {\n  provider  = "sqlite"\n  url       = env("DATABASE_URL")\n  directUrl = "x"\n  shadowDatabaseUrl=env("S")\n  relationMode = "prisma"\n}',
      'datasource db {\n  provider  = "sqlite"\n\n\n\n  relationMode = "prisma"\n}',
    ],
    [
      'spells the provider postgres in full, and blanks comments',
      'datasource db {\n  provider = "postgres" // ours\n}',
      'datasource db {\n  provider = "postgresql"        \n}',
    ],
    [
      'leaves fields of models alone that are called like settings',
      'datasource db {\n}\nmodel Link {\n  url = x\n  previewFeatures = y\n}',
      'datasource db {\n}\nmodel Link {\n  url = x\n  previewFeatures = y\n}',
    ],
    ['drops a byte order mark', '\uFEFFmodel User {\n}', 'model User {\n}'],
    [
      'takes lines that end as on Windows',
      'datasource db {\r\n  provider = "postgres"\r\n  url = "x"\r\n}\r\n',
      'datasource db {\n  provider = "postgresql"\n\n}\n',
    ],
  ];
  for (const [what, before, after] of cases) {
    it(what, () => assert.equal(normalise(before).slice(0, after.length), after));
  }

  for (const features of ['["nope"]', '[]', '[\n    "nope",\n    "views"\n  ]']) {
    it(`drops the preview features ${JSON.stringify(features)} with their generator, and keeps the numbers of lines`, () => {
      const text = `generator client {\n  previewFeatures = ${features}\n  url = "./x"\n}\nmodel User {`;
      const normalised = normalise(text);
      assert.doesNotMatch(normalised, /nope|\.\/x/);
      const lineOf = (schema: string) => schema.split('\n').findIndex((line) => line.includes('model User'));
      assert.equal(lineOf(normalised), lineOf(text));
    });
  }
});

describe('findProvider', () => {
  const cases: [what: string, texts: string[], provider: string | null][] = [
    ['reads it', ['datasource db {\n  provider = "sqlite"\n}'], 'sqlite'],
    ['spells postgres in full', ['datasource db {\n  provider="postgres"\n}'], 'postgresql'],
    ['looks into every file', ['model User {\n}', 'datasource db {\n  provider = "mysql"\n}'], 'mysql'],
    ['is not misled by a generator', ['generator client {\n  provider = "prisma-client-js"\n}'], null],
    ['is not misled by comments', ['// datasource db {\n//   provider = "mysql"\n// }'], null],
    [
      'is not misled by a commented provider',
      ['datasource db {\n  // provider = "mysql"\n  provider = "sqlite"\n}'],
      'sqlite',
    ],
    ['is null without a datasource', ['model User {\n  provider String\n}'], null],
  ];
  for (const [what, texts, provider] of cases) {
    it(what, () => assert.equal(findProvider(texts.map((text, i) => [`${i}.prisma`, text])), provider));
  }
});

describe('findRelationMode', () => {
  const cases: [what: string, setting: string, mode: string][] = [
    ['is the database where nothing is written', '', 'foreignKeys'],
    ['is the database where that is written', 'relationMode = "foreignKeys"', 'foreignKeys'],
    ['is Prisma where that is written', 'relationMode="prisma"', 'prisma'],
    ['is Prisma in the words of Prisma 4', 'referentialIntegrity = "prisma"', 'prisma'],
    ['is not misled by a comment', '// relationMode = "prisma"', 'foreignKeys'],
  ];
  for (const [what, setting, mode] of cases)
    it(what, () =>
      assert.equal(
        findRelationMode([
          ['a.prisma', 'model User {\n  id Int @id\n}'],
          ['b.prisma', `datasource db {\n  provider = "mysql"\n  ${setting}\n}`],
        ]),
        mode,
      ),
    );
});
