import { strict as assert } from 'node:assert';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import type { ModelsAnswer } from '../../src/commands/results.ts';
import { runInProcess } from '../helpers/in-process.ts';
import { createProject } from '../helpers/project.ts';

/** What is expected of a schema: a class for each model, or an error. It lies beside the schema, as JSON. */
interface Expectation {
  ownerModel?: string | null;
  candidates?: string[];
  /** "class", "class: owner column", "class: step > step > owner", and " @ table" where the table is the trap. */
  models?: Record<string, string>;
  /** Codes of the findings; none where it is left out. */
  findings?: string[];
  message?: string;
  /** Parts of the reasons of models. */
  reasons?: Record<string, string>;
  code?: number;
  error?: { code: string; message: string | string[] };
  /** How the file is changed before it is read, so that no editor or checkout can take the trap away. */
  as?: 'crlf' | 'cr' | 'bom' | 'trimmed';
  /** What ownership.config.json says. */
  settings?: Record<string, unknown>;
  flags?: string[];
}

const FOLDER = join(__dirname, 'cases');
const CHANGES: Record<NonNullable<Expectation['as']>, (text: string) => string> = {
  crlf: (text) => text.replaceAll('\n', '\r\n'),
  cr: (text) => text.replaceAll('\n', '\r'),
  bom: (text) => `\uFEFF${text}`,
  trimmed: (text) => text.trimEnd(),
};

describe('each schema of tests/schema/cases', () => {
  for (const file of readdirSync(FOLDER).filter((name) => name.endsWith('.prisma'))) {
    const name = file.replace('.prisma', '');
    it(name, async (t) => {
      const expected = JSON.parse(readFileSync(join(FOLDER, `${name}.json`), 'utf8')) as Expectation;
      const text = readFileSync(join(FOLDER, file), 'utf8');
      const { as, settings, flags = [] } = expected;
      const { folder } = createProject(t, {
        'schema.prisma': as ? CHANGES[as](text) : text,
        ...(settings ? { 'ownership.config.json': JSON.stringify(settings) } : {}),
      });
      const done = await runInProcess(['models', '--json', ...flags], { cwd: folder });
      if (expected.error) return assertRefused(done, expected.error);
      assert.notEqual(done.code, 2, done.stderr);
      assertClasses(JSON.parse(done.stdout) as ModelsAnswer, expected);
      assert.equal(done.code, expected.code ?? 0);
    });
  }
});

function assertClasses(answer: ModelsAnswer, expected: Expectation): void {
  const { models = {}, findings = [], candidates, message } = expected;
  const seen = answer.models.map(({ model, class: modelClass, ownerColumn, path, table }) => {
    const what = ownerColumn ?? path?.join(' > ') ?? listColumns(answer, model);
    const place = models[model]?.includes(' @ ') ? ` @ ${table}` : '';
    return [model, `${modelClass}${what ? `: ${what}` : ''}${place}`];
  });
  assert.deepEqual(Object.fromEntries(seen), models);
  assert.equal(answer.ownerModel, expected.ownerModel);
  if (candidates) assert.deepEqual(answer.candidates, candidates);
  assert.deepEqual(
    answer.findings.map(({ code }) => code),
    findings,
  );
  if (message) assert.equal(answer.findings[0]?.message, message);
  for (const { reason, model } of answer.models)
    assert.ok(reason.length > 0 && reason.includes(expected.reasons?.[model] ?? ''), `${model}: ${reason}`);
  for (const model of Object.keys(expected.reasons ?? {})) assert.ok(model in models, model);
}

/** The columns among which people have to choose. */
function listColumns({ findings }: ModelsAnswer, model: string): string {
  const finding = findings.find((each) => each.code === 'AMBIGUOUS_OWNER' && each.model === model);
  return finding?.message.replace(/^.*: /, '') ?? '';
}

function assertRefused(
  { code, stdout, stderr }: { code: number | null; stdout: string; stderr: string },
  expected: NonNullable<Expectation['error']>,
): void {
  const { error } = JSON.parse(stdout) as { error: { code: string; message: string; remedy: string } };
  assert.equal(error.code, expected.code, error.message);
  for (const part of [expected.message].flat())
    assert.ok(error.message.includes(part), `${part}\nis not in\n${error.message}`);
  assert.ok(error.remedy.length > 0);
  assert.match(stderr, /^error: /m);
  assert.equal(code, 2);
}
