import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { ROOT, runProcess } from './helpers/command-line.ts';

test('a process that started a PostgreSQL ends with its own exit code, as `npm test` must when a test fails', async () => {
  const program = `require(${JSON.stringify(join(__dirname, 'helpers', 'postgres-server.ts'))})
    .startPostgres().then(({ stop }) => stop()).then(() => { process.exitCode = 3 })`;
  const args = ['-r', 'ts-node/register/transpile-only', '-e', program];
  const { code, stderr } = await runProcess(process.execPath, args, { cwd: ROOT });
  assert.deepEqual([code, stderr], [3, '']);
});
