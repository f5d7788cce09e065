import { strict as assert } from 'node:assert';
import { describe, it } from 'node:test';
import { spellCommands } from '../../src/report/spell-commands.ts';
import { environmentOf, MANAGERS, type Manager } from '../helpers/package-managers.ts';

const TEXT =
  'To undo it (npm run migration:rollback -- --confirm), or:\n  npm run migration:verify ana -- --models=A';

/** What managers say of themselves to a program that was typed, as recorded. */
function asProgram(manager: Manager, more: Record<string, string> = {}) {
  return { npm_config_user_agent: MANAGERS[manager].agent, ...more };
}

describe('spellCommands', () => {
  const cases: [what: string, env: Record<string, string>, expected: string][] = [
    ['leaves them for npm where nothing is known', {}, TEXT],
    ['leaves them for npm that runs a script', environmentOf('npm11', ['migration:check']), TEXT],
    [
      'leaves them where a script of another name runs',
      environmentOf('npm11', ['migration:x', 'test']),
      TEXT,
    ],
    [
      'takes the "--" out for pnpm that runs a script',
      environmentOf('pnpm10', ['migration:check']),
      'To undo it (pnpm run migration:rollback --confirm), or:\n  pnpm run migration:verify ana --models=A',
    ],
    [
      'spells them for npx, which says so',
      asProgram('npm11', { npm_command: 'exec', npm_lifecycle_event: 'npx' }),
      'To undo it (npx prisma-ownership rollback --confirm), or:\n  npx prisma-ownership production-safe ana --models=A --step=3',
    ],
    [
      'spells them for pnpm exec',
      asProgram('pnpm10', { npm_command: 'exec' }),
      'To undo it (pnpm exec prisma-ownership rollback --confirm), or:\n  pnpm exec prisma-ownership production-safe ana --models=A --step=3',
    ],
    [
      'spells them for yarn run',
      asProgram('yarn4'),
      'To undo it (yarn run prisma-ownership rollback --confirm), or:\n  yarn run prisma-ownership production-safe ana --models=A --step=3',
    ],
    [
      'spells them for bunx',
      asProgram('bun', { npm_command: 'exec', npm_lifecycle_event: 'bunx' }),
      'To undo it (bunx prisma-ownership rollback --confirm), or:\n  bunx prisma-ownership production-safe ana --models=A --step=3',
    ],
  ];
  for (const [what, env, expected] of cases) it(what, () => assert.equal(spellCommands(TEXT, env), expected));

  it('takes parentheses between quotes for a part of the command', () =>
    assert.equal(
      spellCommands("Then (npm run migration:verify 'o (1)'\\''h').", asProgram('yarn4')),
      "Then (yarn run prisma-ownership production-safe 'o (1)'\\''h' --step=3).",
    ));

  it('leaves commands that are not ours alone', () =>
    assert.equal(
      spellCommands('npx prisma migrate deploy', asProgram('yarn4')),
      'npx prisma migrate deploy',
    ));
});
