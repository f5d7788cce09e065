import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { renderDiff } from '../../src/report/diff.ts';

const LINES = Array.from({ length: 30 }, (_, i) => `line ${i}`);

describe('a diff', () => {
  it('has a part for each place that differs, with three lines around', () => {
    const after = LINES.map((line, i) => (i === 2 || i === 20 ? `${line} changed` : line));
    assert.equal(
      renderDiff({ path: 'prisma/schema.prisma', before: LINES.join('\n'), after: after.join('\n') }),
      `--- a/prisma/schema.prisma
+++ b/prisma/schema.prisma
@@ -1,6 +1,6 @@
 line 0
 line 1
-line 2
+line 2 changed
 line 3
 line 4
 line 5
@@ -18,7 +18,7 @@
 line 17
 line 18
 line 19
-line 20
+line 20 changed
 line 21
 line 22
 line 23`,
    );
  });

  it('is taken by git apply, whatever the ends of lines are', (t) => {
    const folder = mkdtempSync(join(tmpdir(), 'diff-'));
    t.after(() => rmSync(folder, { recursive: true }));
    for (const end of ['\n', '\r\n']) {
      const before = LINES.join(end);
      const after = [...LINES.slice(0, 4), 'new', ...LINES.slice(4), 'last'].join(end);
      writeFileSync(join(folder, 'x'), before);
      const diff = renderDiff({ path: 'x', before, after });
      execFileSync('git', ['apply', '--unidiff-zero'], { cwd: folder, input: `${diff}\n` });
      assert.equal(readFileSync(join(folder, 'x'), 'utf8'), after);
    }
  });
});
