import { strict as assert } from 'node:assert';
import { describe, it } from 'node:test';
import { cascadesReachOwn } from '../../src/isolation/guard.ts';
import { decideOwnership } from '../../src/schema/decide.ts';
import { buildIsolationMap } from '../../src/schema/isolation-map.ts';
import { parseSchema, readDataModel } from '../../src/schema/parse.ts';

const SCHEMA = `
datasource db {
  provider = "sqlite"
}
model User {
  id    Int    @id
  posts Post[]
}
model Post {
  id       Int    @id
  parentId Int?
  parent   Post?  @relation("Tree", fields: [parentId], references: [id], onDelete: Cascade)
  children Post[] @relation("Tree")
  userId   Int
  user     User   @relation(fields: [userId], references: [id])
}
`;
const files: [string, string][] = [['schema.prisma', SCHEMA]];
const map = buildIsolationMap(readDataModel(files), decideOwnership(parseSchema(files)));

describe('what must hold before a row is deleted', () => {
  it('is found once for each client', () => {
    const scoping = { map, userId: 7 };
    assert.equal(cascadesReachOwn(scoping, 'Post'), cascadesReachOwn(scoping, 'Post'));
  });

  it('is of each user and of each model alone', () => {
    const [seven, eight] = [7, 8].map((userId) => {
      const scoping = { map, userId };
      assert.equal(cascadesReachOwn(scoping, 'User'), null);
      return JSON.stringify(cascadesReachOwn(scoping, 'Post'));
    });
    assert.match(String(seven), /^{"children":{"none":{"OR":\[{"userId":{"not":7}}/);
    assert.equal(eight, String(seven).replaceAll('"not":7', '"not":8'));
  });
});
