import { strict as assert } from 'node:assert';
import { describe, it } from 'node:test';
import { DB, describeCalls, scanFiles } from '../helpers/scan-fixture.ts';

const LISTED = 'Note.count CLIENT_NOT_SCOPED';
const IGNORED = `${LISTED} ignored (statistics)`;

/** Code, the calls in it, and the findings besides. */
const CASES: Record<string, { code: string; calls: string[]; findings?: string[] }> = {
  'on the line of the call': {
    code: 'prisma.note.count(); // ownership-ignore: statistics',
    calls: [`app.ts:2 ${IGNORED}`],
  },
  'on the line above': {
    code: '// ownership-ignore: statistics\nprisma.note.count();',
    calls: [`app.ts:3 ${IGNORED}`],
  },
  'above, and going on in a second comment': {
    code: '// ownership-ignore: statistics\n// that the operator reads\nprisma.note.count();',
    calls: [`app.ts:4 ${IGNORED}`],
  },
  'in a block comment, also over lines': {
    code: '/*\n * ownership-ignore: statistics\n */\nprisma.note.count();',
    calls: [`app.ts:5 ${IGNORED}`],
  },
  'on the line of the operation': {
    code: 'prisma\n  .note\n  .count(); // ownership-ignore: statistics',
    calls: [`app.ts:2 ${IGNORED}`],
  },
  'for every call on its line, and for none below it': {
    code: '// ownership-ignore: statistics\nprisma.note.count(), prisma.note.count();\nprisma.note.count();',
    calls: [`app.ts:3 ${IGNORED}`, `app.ts:3 ${IGNORED}`, `app.ts:4 ${LISTED}`],
  },
  'not two lines above': {
    code: '// ownership-ignore: statistics\n\nprisma.note.count();',
    calls: [`app.ts:4 ${LISTED}`],
    findings: ['warning IGNORE_UNUSED app.ts:2'],
  },
  'without a reason it is not honoured': {
    code: '// ownership-ignore:\nprisma.note.count();\nprisma.note.count(); // ownership-ignore',
    calls: [`app.ts:3 ${LISTED}`, `app.ts:4 ${LISTED}`],
    findings: ['error IGNORE_WITHOUT_REASON app.ts:2', 'error IGNORE_WITHOUT_REASON app.ts:4'],
  },
  'where no call is it is a warning': {
    code: 'const a = 1; // ownership-ignore: statistics',
    calls: [],
    findings: ['warning IGNORE_UNUSED app.ts:2'],
  },
  'in a text or in another word it is none': {
    code: 'const a = "// ownership-ignore: statistics"; // ownership-ignored: no\nprisma.note.count();',
    calls: [`app.ts:3 ${LISTED}`],
  },
};

describe('ownership-ignore', () => {
  for (const [name, { code, calls, findings = [] }] of Object.entries(CASES))
    it(name, (t) => {
      const scanned = scanFiles(t, { 'db.ts': DB, 'app.ts': `import { prisma } from './db';\n${code}\n` });
      assert.deepEqual(describeCalls(scanned), calls);
      assert.deepEqual(
        scanned.findings.map(
          ({ severity, code: each, message }) => `${severity} ${each} ${message.split(': ')[0]}`,
        ),
        findings,
      );
    });

  it('is taken in JSX', (t) => {
    const scanned = scanFiles(t, {
      'db.ts': DB,
      'app.tsx': `import { prisma } from './db';
export const Page = async () => (
  <ul>
    {/* ownership-ignore: statistics */}
    {await prisma.note.count()}
  </ul>
);
`,
    });
    assert.deepEqual(describeCalls(scanned), [`app.tsx:5 ${IGNORED}`]);
    assert.deepEqual(scanned.findings, []);
  });
});
