import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type DigestedSoFar, digestDatabase } from '../../src/backup/digest-database.ts';
import { withDatabase } from '../../src/database/connect.ts';
import { openUrl } from '../helpers/backup.ts';
import { ALL_PROVIDERS, isMissing } from '../helpers/database.ts';
import { createLedger } from '../helpers/transfers.ts';

for (const provider of ALL_PROVIDERS)
  describe(`digestDatabase on ${provider}`, { skip: isMissing(provider) }, () => {
    it('digests every table, says how far it is, and ends between two chunks when it is told to', async () => {
      const ledger = await createLedger(provider);
      try {
        await withDatabase(openUrl(ledger), async (database) => {
          const seen: DigestedSoFar[] = [];
          const onProgress = (soFar: DigestedSoFar) => seen.push(soFar);
          const tables = await digestDatabase(database, { onProgress });
          assert.deepEqual(
            tables.map(({ table, rows }) => [table.name, rows]),
            [
              ['a_account', 20],
              ['filler', 20_000],
              ['z_account', 20],
            ],
          );
          const { done, tables: all, rows } = seen.at(-1) ?? {};
          assert.deepEqual([done, all, rows], [3, 3, 20_040]);
          assert.deepEqual(await digestDatabase(database), tables);
          // As Ctrl-C does, from outside.
          const stop = new AbortController();
          setImmediate(() => stop.abort());
          await assert.rejects(digestDatabase(database, { signal: stop.signal }), { name: 'AbortError' });
        });
      } finally {
        await ledger.drop();
      }
    });
  });
