import { strict as assert } from 'node:assert';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { it } from 'node:test';
import { preProcessFile } from 'typescript';
import { ROOT } from '../helpers/command-line.ts';

it('the library imports nothing but itself: no package, and nothing of the command line', () => {
  const folder = join(ROOT, 'src/isolation');
  const names = readdirSync(folder);
  const imported = names.flatMap((name) =>
    preProcessFile(readFileSync(join(folder, name), 'utf8')).importedFiles.map(({ fileName }) => fileName),
  );
  assert.ok(imported.length > 10);
  assert.deepEqual(
    imported.filter((each) => !names.some((name) => each === `./${name}`)),
    [],
  );
});
