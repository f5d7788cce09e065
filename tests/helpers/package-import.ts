import { strict as assert } from 'node:assert';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

const TSC = require.resolve('typescript/bin/tsc');

/** Asserts that both kinds of module can import the installed package, and that TypeScript knows its types. */
export async function importAndCompile(
  cwd: string,
  run: (command: string) => Promise<string>,
): Promise<void> {
  const work = `loadConfig({ env: {}, cwd: process.cwd() })
  .then(({ url, decision }) => withDatabase(url, (database) => check(database, decision, 'u1')))
  .then(({ models }) => console.log(models[0]?.unowned));\n`;
  const names = '{ check, loadConfig, withDatabase }';
  writeFileSync(join(cwd, 'a.cjs'), `const ${names} = require('prisma-ownership');\n${work}`);
  assert.equal(await run('node a.cjs'), '60\n');
  const source = `import ${names} from 'prisma-ownership';\n${work}`;
  writeFileSync(join(cwd, 'b.mjs'), source);
  assert.equal(await run('node b.mjs'), '60\n');
  await importIsolation(cwd, run);
  const misuse =
    "// @ts-expect-error the answer has no such key\ncheck({} as never, {} as never, 'u1').then(({ rows }) => rows);\n";
  for (const file of ['c.mts', 'd.cts']) writeFileSync(join(cwd, file), ISOLATION_TYPES + source + misuse);
  // Nothing else has to be known of Node than what this very example uses.
  writeFileSync(join(cwd, 'node.d.ts'), 'declare const process: { cwd(): string };\n');
  for (const how of [{ module: 'nodenext' }, { module: 'esnext', moduleResolution: 'bundler' }]) {
    const compilerOptions = { strict: true, noEmit: true, target: 'es2022', types: [], ...how };
    writeFileSync(
      join(cwd, 'tsconfig.json'),
      JSON.stringify({ compilerOptions, files: ['node.d.ts', 'c.mts', 'd.cts'] }),
    );
    await run(`node "${TSC}"`);
  }
}

/** A client keeps its type, and what is no client is none. */
const ISOLATION_TYPES = `import { isolate, IsolationError, withUser } from 'prisma-ownership/isolation';
declare const client: { $extends: unknown; note: { count(): Promise<number> } };
const { forUser } = isolate({ ownerModel: 'User', ownerKey: 'id', ownerKeyType: 'String', models: {} });
export const counted: Promise<number> = forUser(client, 'u1').note.count();
// @ts-expect-error this is no client
forUser({}, 'u1');
export { IsolationError, withUser };
`;

/** What an application imports loads as both kinds of module, and brings nothing of the command line. */
async function importIsolation(cwd: string, run: (command: string) => Promise<string>): Promise<void> {
  const work =
    'console.log(new IsolationError("RAW_SQL", "a", "b").code, typeof isolate, typeof withUser);\n';
  const names = '{ IsolationError, isolate, withUser }';
  const loaded = 'console.log(Object.keys(require.cache).every((file) => /isolation/.test(file)));\n';
  writeFileSync(
    join(cwd, 'e.cjs'),
    `const ${names} = require('prisma-ownership/isolation');\n${work}${loaded.replace('(file) =>', '(file) => file.endsWith("e.cjs") ||')}`,
  );
  assert.equal(await run('node e.cjs'), 'RAW_SQL function function\ntrue\n');
  writeFileSync(join(cwd, 'f.mjs'), `import ${names} from 'prisma-ownership/isolation';\n${work}`);
  assert.equal(await run('node f.mjs'), 'RAW_SQL function function\n');
}
