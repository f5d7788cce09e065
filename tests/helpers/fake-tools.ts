import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';

/** A folder of programs that are not what they should be. */
export interface FakeTools {
  /** For PATH: the fakes go before all others, or are alone. */
  before: string;
  alone: string;
  remove: () => void;
}

/** Writes shell scripts by name. A fake that runs the real program takes it from PATH_WITHOUT_FAKES. */
export function createFakeTools(scripts: Record<string, string>): FakeTools {
  const folder = mkdtempSync(join(tmpdir(), 'prisma-ownership-tools-'));
  for (const [name, script] of Object.entries(scripts)) {
    writeFileSync(join(folder, name), `#!/bin/sh\n${script}\n`);
    chmodSync(join(folder, name), 0o755);
  }
  return {
    before: `${folder}${delimiter}${process.env.PATH}`,
    alone: folder,
    remove: () => rmSync(folder, { recursive: true }),
  };
}

/** A script that only tells its version. */
export function sayVersion(version: string): string {
  return `echo '${version}'`;
}
