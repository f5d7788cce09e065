import assert from 'node:assert/strict';
import { before, after, describe, it } from 'node:test';
import { ALL_PROVIDERS, createDatabase, isMissing, type TestDatabase } from '../helpers/database.ts';
import { createTypeTables, TYPE_CASES } from '../helpers/digest-values.ts';
import { rowDigestsOf } from '../helpers/digests.ts';

for (const provider of ALL_PROVIDERS) {
  describe(`the digest of a row on ${provider}`, { skip: isMissing(provider) }, () => {
    let database: TestDatabase;
    before(async () => {
      database = await createDatabase(provider, { ddl: createTypeTables(provider), models: '' });
    });
    after(() => database.drop());

    for (const [i, [type, values]] of TYPE_CASES[provider].entries()) {
      it(`tells the values of type "${type}" apart`, async () => {
        const digests = await rowDigestsOf(database, `type_${i}`);
        assert.equal(digests.length, values.length);
        for (const [at, digest] of digests.entries()) {
          assert.match(digest, /^[0-9a-f]{32}$/);
          const same = values.filter((_, other) => digests[other] === digest);
          assert.deepEqual(same, [values[at]]);
        }
      });
    }
  });
}
