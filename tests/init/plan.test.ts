import { strict as assert } from 'node:assert';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { type Project, planInit, planUndo } from '../../src/init/plan.ts';

const PROJECT: Project = {
  packageJson: '{}',
  settings: null,
  record: null,
  isInstalled: true,
  install: 'npm install prisma-ownership',
  modules: './node_modules',
};
const OTHER = '"test": "node --test"';

/** One form of package.json each: what init makes of it begins like this. */
const FORMS: Record<string, { text: string; begins: string }> = {
  'two spaces': {
    text: `{\n  "name": "x",\n  "scripts": {\n    ${OTHER}\n  }\n}\n`,
    begins: `{\n  "name": "x",\n  "scripts": {\n    ${OTHER},\n    "migration:models": "prisma-ownership models",\n    "`,
  },
  'four spaces, CRLF, BOM, no final newline': {
    text: `\uFEFF{\r\n    "scripts": {\r\n        ${OTHER}\r\n    },\r\n    "name": "x"\r\n}`,
    begins: `\uFEFF{\r\n    "scripts": {\r\n        ${OTHER},\r\n        "migration:models": "`,
  },
  'tabs, and no scripts': {
    text: '{\n\t"name": "x",\n\t"private": true\n}\n',
    begins: '{\n\t"name": "x",\n\t"private": true,\n\t"scripts": {\n\t\t"migration:models": "',
  },
  'one line': {
    text: `{"name":"x","scripts":{"test":"y"},"files":[{"scripts":{}}]}`,
    begins: `{"name":"x","scripts":{"test":"y","migration:models":"prisma-ownership models","`,
  },
  'one line with spaces': {
    text: `{ "scripts": { ${OTHER} }, "a": [1, "}", {}] }\n`,
    begins: `{ "scripts": { ${OTHER}, "migration:models": "prisma-ownership models", "`,
  },
  'an empty object': {
    text: '{}',
    begins: '{\n  "scripts": {\n    "migration:models": "prisma-ownership models",\n    "',
  },
  'empty scripts at the end': {
    text: '{\n  "name": "x",\n  "scripts": {}\n}\n',
    begins: '{\n  "name": "x",\n  "scripts": {\n    "migration:models": "',
  },
  'commas before the lines, and braces in texts': {
    text: '{ "name": "a \\"}{ b"\n, "scripts": { "a": "{"\n  , "b": "}" }\n}\n',
    begins: '{ "name": "a \\"}{ b"\n, "scripts": { "a": "{"\n  , "b": "}", "migration:models": "',
  },
};

describe('a plan for init', () => {
  for (const [form, { text, begins }] of Object.entries(FORMS)) {
    it(`keeps the form of package.json, and undoes it byte for byte: ${form}`, () => {
      const { changes, record } = planInit({ ...PROJECT, packageJson: text });
      const after = changes.find(({ path }) => path === 'package.json')?.after ?? '';
      assert.equal(after.slice(0, begins.length), begins);
      assert.equal(undo(after, record), text);
      // Without the record nothing tells scripts that were empty from scripts that were not there.
      if (form !== 'empty scripts at the end') assert.equal(undo(after, null), text);
    });
  }

  it('adds only the scripts, whatever else is in package.json, and undoes it without a record too', () => {
    const dictionary = fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 2 }));
    const packages = fc.record({ name: fc.string(), scripts: fc.dictionary(fc.string(), fc.string()) });
    fc.assert(
      fc.property(dictionary, packages, fc.constantFrom(0, 1, 2, 4, '\t'), (more, base, indent) => {
        if (Object.keys(base.scripts).length === 0) base.scripts = { test: 'x' };
        const text = JSON.stringify({ ...more, ...base }, null, indent);
        const after = planInit({ ...PROJECT, packageJson: text }).changes.at(-1)?.after ?? '';
        const { scripts, ...rest } = JSON.parse(after);
        const { scripts: before, ...restBefore } = JSON.parse(text);
        assert.deepEqual(rest, restBefore);
        assert.deepEqual({ ...scripts, ...before }, scripts);
        assert.equal(undo(after, null), text);
      }),
    );
  });

  it('keeps a script that was there before with the same value, when it is undone', () => {
    const text = '{\n  "scripts": {\n    "migration:status": "prisma-ownership status"\n  }\n}\n';
    const { changes, record } = planInit({ ...PROJECT, packageJson: text });
    const after = changes.at(-1)?.after ?? '';
    assert.equal(undo(after, record), text);
    assert.equal(
      undo(after.replace('}\n}', '},\n  "name": "x"\n}'), record)?.includes('migration:status'),
      true,
    );
  });

  it('undoes two inits, with a change by somebody else between and after them', () => {
    const first = planInit({ ...PROJECT, packageJson: '{\n  "scripts": {\n    "a": "b"\n  }\n}\n' });
    const changed = (first.changes.at(-1)?.after ?? '').replace(/ {4}"migration:check": .*\n/, '');
    const second = planInit({ ...PROJECT, packageJson: changed, settings: '{}', record: first.record });
    assert.deepEqual(second.scripts, ['migration:check']);
    const again = (second.changes.at(-1)?.after ?? '').replace('"a": "b"', '"a": "c"');
    assert.equal(undo(again, second.record), '{\n  "scripts": {\n    "a": "c"\n  }\n}\n');
  });

  it('leaves empty scripts that do not end the file, without a record', () => {
    const text = '{\n  "scripts": {},\n  "name": "x"\n}\n';
    const { changes } = planInit({ ...PROJECT, packageJson: text });
    assert.equal(undo(changes.at(-1)?.after ?? '', null), text);
  });
});

function undo(packageJson: string, record: Project['record']): string | null | undefined {
  const { changes } = planUndo({ ...PROJECT, packageJson, record });
  return changes.find(({ path }) => path === 'package.json')?.after;
}
