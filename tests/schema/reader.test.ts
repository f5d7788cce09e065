import { strict as assert } from 'node:assert';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { ToolkitError } from '../../src/errors.ts';
import { type ClassifiedModel, classifyModels } from '../../src/schema/classify.ts';
import { decideOwnerModel } from '../../src/schema/owner-model.ts';
import { MAX_CHARACTERS, parseSchema } from '../../src/schema/parse.ts';
import { runInProcess } from '../helpers/in-process.ts';
import { createProject } from '../helpers/project.ts';

const SETTINGS = { ownerModel: null, ownerColumns: {}, exclude: {}, nullMeans: {} };
const HEAD = 'datasource db {\n  provider = "sqlite"\n}\n\n';

/** Reads and classifies; the code of the error where it is refused. Anything but a ToolkitError is a crash. */
function read(text: string): ClassifiedModel[] | string {
  try {
    const schema = parseSchema([['schema.prisma', text]]);
    const { owner } = decideOwnerModel(schema.models, null);
    return owner ? classifyModels(schema, owner, SETTINGS) : [];
  } catch (error) {
    if (!(error instanceof ToolkitError)) throw error;
    assert.ok(error.message.length > 0 && error.remedy.length > 0);
    return error.code;
  }
}

const CASES = join(__dirname, 'cases');
const SCHEMAS = readdirSync(CASES)
  .filter((name) => name.endsWith('.prisma'))
  .map((name) => readFileSync(join(CASES, name), 'utf8'));

/** What a generated model has; the oracle below says its class from this alone. */
interface Shape {
  /** For each column that points at User: required or not. */
  owners: boolean[];
  bare: boolean;
  ignored: boolean;
  mapped: boolean;
  /** The number of the model before it that it points at. */
  parent: number | null;
}

const shape: fc.Arbitrary<Shape> = fc.record({
  owners: fc.oneof(
    { weight: 3, arbitrary: fc.constant<boolean[]>([]) },
    { weight: 3, arbitrary: fc.array(fc.boolean(), { minLength: 1, maxLength: 1 }) },
    { weight: 1, arbitrary: fc.array(fc.boolean(), { minLength: 2, maxLength: 3 }) },
  ),
  bare: fc.boolean(),
  ignored: fc.integer({ min: 0, max: 9 }).map((n) => n === 0),
  mapped: fc.boolean(),
  parent: fc.option(fc.nat(20), { freq: 2 }),
});

/** The shapes with parents that are there: before their children, and not ignored, as Prisma wants it. */
function link(shapes: readonly Shape[]): Shape[] {
  return shapes.map((each, i) => {
    const parent = each.parent === null || i === 0 ? null : each.parent % i;
    const isUsable = parent !== null && !shapes[parent]?.ignored && !each.ignored;
    return { ...each, parent: isUsable ? parent : null, owners: each.ignored ? [] : each.owners };
  });
}

function write(shapes: readonly Shape[]): string {
  const models = shapes.map((each, i) => {
    const owners = each.owners.map((isRequired, k) => {
      const sign = isRequired ? '' : '?';
      return `  o${k} Int${sign}${each.mapped ? ` @map("owner_${k}")` : ''}\n  u${k} User${sign} @relation("m${i}o${k}", fields: [o${k}], references: [id]) // ${i}`;
    });
    const children = shapes.flatMap(({ parent }, child) => (parent === i ? [`  c${child} M${child}[]`] : []));
    return [
      `model M${i} {`,
      '  id Int @id',
      ...owners,
      ...(each.bare ? ['  createdBy Int?'] : []),
      ...(each.parent === null
        ? []
        : [`  pId Int?\n  p M${each.parent}? @relation(fields: [pId], references: [id])`]),
      ...children,
      ...(each.ignored ? ['  @@ignore'] : []),
      '}',
    ].join('\n');
  });
  const lists = shapes.flatMap(({ owners }, i) =>
    owners.map((_, k) => `  m${i}o${k} M${i}[] @relation("m${i}o${k}")`),
  );
  return `${HEAD}model User {\n  id Int @id\n${lists.join('\n')}\n}\n\n${models.join('\n\n')}\n`;
}

function expectClass(shapes: readonly Shape[], i: number): string {
  const { owners, bare, ignored } = shapes[i] as Shape;
  if (ignored) return 'shared';
  if (owners.length > 1) return 'ambiguous';
  if (owners.length === 1) return owners[0] ? 'alreadyRequired' : 'owned';
  if (bare) return 'bareColumn';
  for (let at = shapes[i]?.parent ?? null; at !== null; at = shapes[at]?.parent ?? null)
    if (shapes[at]?.owners.length) return 'throughParent';
  return 'shared';
}

describe('a schema that Prisma takes', () => {
  it('gets the classes that follow from how it was made', () => {
    fc.assert(
      fc.property(fc.array(shape, { minLength: 1, maxLength: 12 }).map(link), (shapes) => {
        const answer = read(write(shapes));
        if (typeof answer === 'string') assert.fail(`${answer}\n${write(shapes)}`);
        const classes = Object.fromEntries(answer.map((each) => [each.model.name, each.class]));
        for (const [i] of shapes.entries())
          assert.equal(classes[`M${i}`], expectClass(shapes, i), write(shapes));
        assert.equal(answer.length, shapes.length + 1);
      }),
      { numRuns: 400 },
    );
  });

  it('may have 300 models', () => {
    const shapes = Array.from({ length: 300 }, (_, i): Shape => {
      return {
        owners: i % 3 ? [] : [false],
        bare: false,
        ignored: false,
        mapped: true,
        parent: i ? i - 1 : null,
      };
    });
    const answer = read(write(shapes));
    assert.ok(typeof answer !== 'string', String(answer));
    assert.deepEqual(
      answer.slice(1).map((each) => each.class),
      shapes.map((_, i) => expectClass(shapes, i)),
    );
  });
});

describe('no text makes the reader hang or crash', () => {
  it('of random letters, with and without meaning to Prisma', () => {
    const piece = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 8 }),
      fc.constantFrom(...'{}[]()"@,:?/\\*\n\r\t '.split(''), '//', '/*', '*/', '///', '@@', '\uFEFF', '\0'),
      fc.constantFrom(
        'model ',
        'view ',
        'enum ',
        'datasource db {\n',
        'generator g {\n',
        'Int',
        '@id',
        '@@map("',
      ),
      fc.constantFrom('@relation(fields: [', 'references: [', '@@ignore\n', 'Unsupported("', 'url = env('),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 60 }), fc.boolean(), (pieces, hasHead) => {
        read(`${hasHead ? HEAD : ''}${pieces.join('')}`);
      }),
      { numRuns: 1500 },
    );
  });

  it('of a schema with lines or letters taken away, doubled, moved or replaced', () => {
    const cut = fc.record({
      at: fc.nat(),
      length: fc.nat(40),
      what: fc.constantFrom('delete', 'double', 'truncate', 'insert', 'line', 'swap'),
      text: fc.constantFrom(
        '"',
        '{',
        '}',
        '(',
        ')',
        '[',
        '/*',
        '//',
        '\\',
        '@',
        '\n',
        '\r',
        '?',
        'model X {',
        '\0',
      ),
    });
    fc.assert(
      fc.property(
        fc.constantFrom(...SCHEMAS),
        fc.array(cut, { minLength: 1, maxLength: 4 }),
        (schema, cuts) => {
          let text = schema;
          for (const { at: wanted, length, what, text: more } of cuts) {
            const at = wanted % (text.length + 1);
            const lines = text.split('\n');
            const line = wanted % lines.length;
            if (what === 'delete') text = text.slice(0, at) + text.slice(at + length);
            if (what === 'double') text = text.slice(0, at + length) + text.slice(at);
            if (what === 'truncate') text = text.slice(0, at);
            if (what === 'insert') text = text.slice(0, at) + more + text.slice(at);
            if (what === 'line') text = lines.filter((_, i) => i !== line).join('\n');
            if (what === 'swap') text = [...lines.slice(line), ...lines.slice(0, line)].join('\n');
          }
          read(text);
        },
      ),
      { numRuns: 1500 },
    );
  });

  it('of brackets in brackets, and reads the next one all the same', () => {
    assert.equal(
      read(`${HEAD}model A {\n  id Int @id @default(${'a('.repeat(100_000)})\n}`),
      'SCHEMA_UNREADABLE',
    );
    const [user] = read(`${HEAD}model User {\n  id Int @id\n}`) as ClassifiedModel[];
    assert.equal(user?.class, 'ownerModel');
  });

  const huge: [what: string, text: string, code: string][] = [
    ['lists in lists', `model A {\n  id Int @id @x(${'['.repeat(100_000)})\n}`, 'SCHEMA_UNREADABLE'],
    [
      'a line of a million quotes',
      `model A {\n  id Int @default("${'\\"'.repeat(1_000_000)}\n}`,
      'SCHEMA_INVALID',
    ],
    ['comment signs alone', '/*'.repeat(500_000), 'SCHEMA_INVALID'],
    ['a hundred thousand lines of something else', 'x\n'.repeat(100_000), 'SCHEMA_UNREADABLE'],
    ['braces that are never closed', 'model A {\n'.repeat(50_000), 'SCHEMA_UNREADABLE'],
  ];
  for (const [what, text, code] of huge)
    it(`of ${what}`, () => {
      const answer = read(HEAD + text);
      assert.ok(answer === code || answer === 'SCHEMA_INVALID', String(answer));
    });

  it('of ten megabytes, which is not even given to the parser', async (t) => {
    const { folder } = createProject(t, { 'schema.prisma': `${HEAD}// ${'x'.repeat(10_000_000)}` });
    const { code, stderr } = await runInProcess(['models'], { cwd: folder });
    assert.match(
      stderr,
      /^error: the schema has 10\.0 million characters; no more than 4\.0 million .* are read\./,
    );
    assert.equal(code, 2);
    assert.equal(read(`${HEAD}// ${'x'.repeat(MAX_CHARACTERS)}`), 'SCHEMA_TOO_LARGE');
    const larger = createProject(t, { 'schema.prisma': Buffer.alloc(17_000_000, 'x') });
    assert.equal((await runInProcess(['models'], { cwd: larger.folder })).code, 2);
  });

  it('of bytes that are no text', async (t) => {
    const bytes = fc.sample(fc.uint8Array({ minLength: 4096, maxLength: 4096 }), { numRuns: 5, seed: 7 });
    for (const each of bytes) {
      const { folder } = createProject(t, { 'schema.prisma': Buffer.from(each) });
      assert.equal((await runInProcess(['models'], { cwd: folder })).code, 2);
    }
  });
});
