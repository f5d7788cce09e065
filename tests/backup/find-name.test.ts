import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { hasName, namesTableOf } from '../../src/backup/find-name.ts';

describe('a database before a dot', () => {
  for (const sql of [
    'SELECT * FROM shop.Note',
    'SELECT * FROM `shop`.`Note`',
    'SELECT * FROM "shop"."Note"',
    'SELECT * FROM Shop.Note',
    'SELECT * FROM `SHOP` . Note',
    'SELECT * FROM shop\n\t. Note',
    'SELECT * FROM shop/* of old */.Note',
    'SELECT * FROM `shop` -- of old\n.Note',
    'SELECT * FROM shop # of old\n . Note',
    'SELECT * FROM /*!50003 shop*/ .Note',
    "SET @s = 'DELETE FROM `shop`.Note'",
    'SET @s = "DELETE FROM ""shop"".Note"',
    'SET @s = "DELETE FROM \\"shop\\".Note"',
    'CALL shop.tell()',
    'SELECT `shop`.`Note`.`id`',
  ])
    it(`is found: ${sql.replaceAll('\n', ' ')}`, () => assert.ok(namesTableOf(sql, 'shop')));

  for (const sql of [
    'SELECT * FROM myshop.Note, `my shop`.Note, shop2.Note, $shop.Note, éshop.Note',
    'SELECT * FROM shop WHERE id = 1.5',
    'SELECT * FROM `shop-old`.Note',
    '-- Dump of shop.Note\nSELECT 1',
  ])
    it(`is not found: ${sql.replaceAll('\n', ' ')}`, () => assert.ok(!namesTableOf(sql, 'shop')));

  it('has signs in its name that its quotes double', () => {
    assert.ok(namesTableOf('SELECT * FROM `sh``op`.Note', 'sh`op'));
    assert.ok(namesTableOf('SELECT * FROM "sh""op".Note', 'sh"op'));
    assert.ok(namesTableOf('SELECT * FROM `a.b (c)`.Note', 'a.b (c)'));
    assert.ok(namesTableOf('SELECT * FROM `kaufhäuser`.Note', 'Kaufhäuser'));
    assert.ok(!namesTableOf('SELECT * FROM `axb`.Note', 'a.b'));
  });
});

describe('a name in SQL', () => {
  it('is found alone too, but not as a part of another one', () => {
    assert.ok(hasName("SELECT concat('shop', '.Note')", 'shop'));
    assert.ok(hasName('SELECT 1 FROM `Shop`', 'shop'));
    assert.ok(!hasName('SELECT workshop, shops, `my shop`', 'shop'));
  });
});
