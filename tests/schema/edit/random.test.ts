import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { decideOwnership } from '../../../src/schema/decide.ts';
import type { SchemaFile } from '../../../src/schema/normalise.ts';
import { parseSchema } from '../../../src/schema/parse.ts';
import { addTo, formatSchema, isDecided, removeFrom } from '../../helpers/schema-edit.ts';

const indent = fc.constantFrom('  ', '  ', '\t', '    ', '');
const gap = fc.constantFrom(' ', ' ', '   ', '\t', ' /* so */ ');
const comment = fc.constantFrom('// a { b }', '/// "text', '/* one */', '/* runs\n\n  } on */', '//');
const behind = fc.oneof({ weight: 3, arbitrary: fc.constant('') }, comment);
const attributes = fc.constantFrom('', '@unique', '@map("x y")', '@default("// }")', '@db.Text');
const names = fc.constantFrom('name', 'longName', 'snake_name', 'user', 'userId', 'owner', 'notes', 'z');

const field = fc
  .tuple(indent, names, gap, fc.constantFrom('String', 'String?', 'Int?'), gap, attributes, behind)
  .map(([start, name, one, type, two, end, what]) => {
    const fitting = type === 'Int?' && end !== '@unique' ? '' : end;
    return `${start}${name}${one}${type}${two}${fitting.replace('x y', `${name}_x`)} ${what}`;
  });
const attribute = fc
  .tuple(
    indent,
    fc.constantFrom('@@index([id])', '@@unique([id])', '@@map("NAME")', '@@map("NAME_x")'),
    behind,
  )
  .map(([start, text, what]) => `${start}${text} ${what}`);
const other = fc.oneof(fc.constantFrom('', '', '  '), comment);
const nameOf = (line: string) => /^\s*(@@\w+|\w+)/.exec(line)?.[1] ?? line;

/** The lines of a model: any order of fields, block attributes, comments and empty lines, and a key somewhere. */
const body = fc
  .tuple(
    fc.uniqueArray(fc.oneof(field, attribute), { maxLength: 6, selector: nameOf }),
    fc.array(other, { maxLength: 4 }),
    fc.array(fc.nat(), { minLength: 11, maxLength: 11 }),
    indent,
  )
  .map(([named, others, order, start]) => {
    const lines = [...named, ...others, `${start}id Int @id`];
    return lines
      .map((line, i) => ({ line, place: order[i] ?? 0 }))
      .sort((a, b) => a.place - b.place)
      .map(({ line }) => line);
  });

/** A schema of users and two models of theirs, with any line ends. */
const schemas = fc
  .record({
    bodies: fc.tuple(body, body, body),
    opening: fc.constantFrom('{', '{ // these', '{ id Int', '{ /* runs\n on */'),
    closing: fc.constantFrom('}', '\t}', '} // end', '/* end */ }'),
    ends: fc.constantFrom('\n', '\r\n', '\r'),
    mark: fc.constantFrom('', '\uFEFF'),
  })
  .map(({ bodies, opening, closing, ends, mark }) => {
    const models = bodies.map((lines, i) => {
      const name = ['User', 'Note', 'NoteTag'][i] ?? '';
      return `model ${name} ${opening}\n${lines.join('\n').replaceAll('NAME', name)}\n${closing}\n`;
    });
    return (
      mark + `datasource db {\n  provider = "postgresql"\n}\n${models.join('\n')}`.replaceAll('\n', ends)
    );
  });

describe('owner columns in any schema', () => {
  it('are added without a change of any other line, and taken out to the byte', () => {
    let added = 0;
    const property = (text: string) => {
      const files: SchemaFile[] = [['schema.prisma', text]];
      fc.pre(isDecided(files));
      const plan = addTo(files, ['Note', 'NoteTag']);
      const models = plan.added.map(({ model }) => model);
      added += models.length;
      assert.deepEqual([...models, ...plan.obstacles.map(({ model }) => model)].sort(), ['Note', 'NoteTag']);
      const { owned } = decideOwnership(parseSchema(plan.files));
      assert.deepEqual(owned.map(({ model }) => model.name).sort(), models);
      assert.deepEqual(removeFrom(plan.files, models), { files, removed: plan.added, obstacles: [] });
    };
    fc.assert(fc.property(schemas, property), { numRuns: 400 });
    assert.ok(added > 200, `only ${added} models got an owner`);
  });

  it('stand as Prisma formats them, where the schema was formatted before', () => {
    const property = (text: string) => {
      // Prisma's formatter leaves lines with block comments as they are, or breaks them.
      const before = formatSchema(text.replace(/\/\*[\s\S]*?\*\//g, ''));
      fc.pre(isDecided([['schema.prisma', before]]));
      const [file] = addTo([['schema.prisma', before]], ['Note', 'NoteTag']).files;
      const after = file?.[1] ?? '';
      const formatted = formatSchema(after).split('\n');
      const old = before.split('\n');
      const ours = after.split('\n').filter((line) => !old.includes(line));
      assert.deepEqual(
        ours.filter((line) => !formatted.includes(line)),
        [],
      );
    };
    fc.assert(fc.property(schemas, property), { numRuns: 200 });
  });
});
