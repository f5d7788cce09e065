import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  findNativeType,
  findRelationName,
  listAttributeFields,
  readBlockAttribute,
  readField,
} from '../../../src/schema/edit/field-line.ts';

describe('readField', () => {
  const LINES: [
    code: string,
    field: [name: string, type: string, sign: string, attributes: string] | null,
  ][] = [
    ['  id Int @id', ['id', 'Int', '', '@id']],
    ['\tuser\tUser?@relation(fields: [a])  ', ['user', 'User', '?', '@relation(fields: [a])']],
    ['notes Note[ ]', ['notes', 'Note', '[]', '']],
    ['  n Int ?   @map("a @b") @db.Int', ['n', 'Int', '?', '@map("a @b") @db.Int']],
    ['  g Unsupported("a(\\"@\\")")? @ignore', ['g', 'Unsupported("a(\\"@\\")")', '?', '@ignore']],
    ['  für Größe', ['für', 'Größe', '', '']],
    ['  @@index([id])', null],
    ['  @@ ignore', null],
    ['', null],
    ['  lonely', null],
    ['}', null],
  ];
  for (const [code, expected] of LINES)
    it(`reads ${JSON.stringify(code)}`, () => {
      const field = readField({ code });
      assert.deepEqual(field && [field.name, field.type, field.sign, field.attributes], expected);
      if (!field) return;
      const { at, name, typeEnd, attributes } = field;
      assert.ok(code.startsWith(name, at.name));
      assert.ok(code.startsWith(field.type, at.type));
      assert.equal(code.slice(at.type, typeEnd).replace(/\s/g, ''), field.type + field.sign);
      assert.equal(at.attributes < 0 ? '' : code.slice(at.attributes).trim(), attributes);
    });
});

describe('findRelationName', () => {
  const NAMES: [attributes: string, name: string | null][] = [
    ['@relation("a")', 'a'],
    ['@relation(name: "a b", fields: [x])', 'a b'],
    ['@relation(fields: [x], references: [y], name : "a")', 'a'],
    ['@relation(fields: [name], references: [y], map: "a")', null],
    ['@relation(fields: [x], references: [y])', null],
    ['@default("name")', null],
  ];
  for (const [attributes, name] of NAMES)
    it(`finds ${name ?? 'none'} in ${attributes}`, () => {
      const field = readField({ code: `  user User ${attributes}` });
      assert.equal(field && findRelationName(field), name);
    });
});

describe('findNativeType', () => {
  const TYPES: [attributes: string, type: string | null][] = [
    ['@id @db.Uuid', '@db.Uuid'],
    ['@db.Decimal(10, 2) @id', '@db.Decimal(10, 2)'],
    ['@map("@db.Text") @pg.VarChar(191)', '@pg.VarChar(191)'],
    ['@default("@db.Text")', null],
    ['@id @default(uuid(7))', null],
  ];
  for (const [attributes, type] of TYPES)
    it(`finds ${type ?? 'none'} in ${attributes}`, () => {
      const field = readField({ code: `  id String ${attributes}` });
      assert.equal(field && findNativeType(field), type);
    });
});

describe('listAttributeFields', () => {
  it('lists the names alone', () => {
    assert.deepEqual(listAttributeFields('@@index([a, b(sort: Desc), c(ops: raw("x]y"))], map: "[d]")'), [
      'a',
      'b',
      'c',
    ]);
    assert.deepEqual(listAttributeFields('@@index(map: "[d]", fields: [ a ])'), ['a']);
    assert.deepEqual(listAttributeFields('@@map("a")'), []);
    assert.equal(readBlockAttribute({ code: '  @@ index([a])' }), 'index');
    assert.equal(readBlockAttribute({ code: '  a Int' }), null);
  });
});
