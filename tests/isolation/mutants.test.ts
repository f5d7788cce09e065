import { strict as assert } from 'node:assert';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { it } from 'node:test';
import { ROOT } from '../helpers/command-line.ts';
import { MUTANTS } from './mutants.ts';

it('`npm run mutants` finds every rule that it takes out, once', () => {
  const found = MUTANTS.map(({ rule, file, from }) => [
    rule,
    readFileSync(join(ROOT, file), 'utf8').split(from).length - 1,
  ]);
  assert.deepEqual(
    found.filter(([, count]) => count !== 1),
    [],
  );
  assert.ok(MUTANTS.every(({ from, to }) => from !== to));
});
