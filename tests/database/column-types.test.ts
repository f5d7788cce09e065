import { strict as assert } from 'node:assert';
import { describe, it } from 'node:test';
import { postgresql } from '../../src/database/postgresql.ts';
import { compareTypes as compareSqliteTypes } from '../../src/database/sqlite-sql.ts';

const COMPARISONS = {
  postgresql: {
    compareTypes: postgresql.compareTypes,
    cases: [
      ['uuid', 'uuid', 'same'],
      ['text', 'character varying(30)', 'compatible'],
      ['character varying', 'text', 'compatible'],
      ['citext', 'text', 'compatible'],
      ['bigint', 'integer', 'compatible'],
      ['integer', 'smallint', 'compatible'],
      ['integer', 'bigint', 'different'],
      ['text', 'uuid', 'different'],
      ['uuid', 'text', 'different'],
      ['text', 'integer', 'different'],
      ['numeric', 'integer', 'different'],
    ],
  },
  sqlite: {
    compareTypes: compareSqliteTypes,
    cases: [
      ['TEXT', 'varchar(20)', 'same'],
      ['INTEGER', 'BIGINT', 'same'],
      ['DECIMAL', 'INTEGER', 'compatible'],
      ['BLOB', 'BLOB', 'same'],
      ['TEXT', 'INTEGER', 'different'],
      ['INTEGER', 'TEXT', 'different'],
      ['INTEGER', 'DECIMAL', 'different'],
      ['', 'TEXT', 'different'],
    ],
  },
} as const;

for (const [provider, { compareTypes, cases }] of Object.entries(COMPARISONS)) {
  describe(`an owner column on ${provider}`, () => {
    for (const [ownerType, keyType, expected] of cases) {
      it(`of type "${ownerType}" is ${expected} as a key of type "${keyType}"`, () =>
        assert.equal(compareTypes(ownerType, keyType), expected));
    }
  });
}
