import { strict as assert } from 'node:assert';
import { describe, it } from 'node:test';
import { isDeepStrictEqual } from 'node:util';
import { Command, CommanderError, Option } from 'commander';
import fc from 'fast-check';
import { ToolkitError } from '../src/errors.ts';
import { type DeclaredFlag, reconcileArgv } from '../src/npm-flags.ts';
import { environmentOf, MANAGERS, type Manager, recordedArrivals } from './helpers/package-managers.ts';

const ID = 'cm3owner0000';
const P = 'production-safe';
const LOST = 'FLAG_VALUE_LOST';
const TWICE = 'FLAG_GIVEN_TWICE';
const SURPLUS = 'commander.excessArguments';
const UNKNOWN = 'commander.unknownOption';
const BARE = 'commander.optionMissingArgument';

const COMMON = ['--json', '--schema <path>', '--verbose'];
const COMMANDS: Record<string, { operands: string[]; flags: string[] }> = {
  'list-users': { operands: [], flags: ['--search <text>', '--limit <n>', ...COMMON] },
  'production-safe': {
    operands: ['<userId>'],
    flags: [
      '--step <n>',
      '--models <names>',
      '--exclude <names>',
      '--batch-size <n>',
      '--dry-run',
      ...COMMON,
    ],
  },
  rollback: { operands: [], flags: ['--confirm', '--run <id>', '--dry-run', ...COMMON] },
  restore: {
    operands: ['<backup>'],
    flags: ['--confirm <database>', '--to <url>', '--dry-run', ...COMMON],
  },
  status: { operands: [], flags: ['--tick <line>', '--note <text>', ...COMMON] },
};

function optionsOf(command: string): Option[] {
  return (COMMANDS[command]?.flags ?? []).map((flags) => {
    const option = new Option(flags);
    return flags.startsWith('--step') ? option.choices(['1', '2', '3']) : option;
  });
}

function flagsOf(command: string): DeclaredFlag[] {
  return optionsOf(command).map((option) => ({
    name: option.long?.slice(2) ?? '',
    takesValue: option.required,
    consent: option.long === '--confirm',
    ...(option.argChoices ? { choices: option.argChoices } : {}),
  }));
}

function reconcile(argv: readonly string[], env: Record<string, string | undefined>): string[] {
  const command = argv[0] ?? '';
  return reconcileArgv(argv, env, flagsOf(command), { operands: COMMANDS[command]?.operands.length ?? 0 });
}

/** What commander understands: the command, its operands and its options, in one comparable line. */
function parse(argv: readonly string[]): string {
  const program = new Command().exitOverride().configureOutput({ writeErr: () => {}, writeOut: () => {} });
  let understood = '';
  for (const [name, { operands }] of Object.entries(COMMANDS)) {
    const command = program.command(name).exitOverride();
    for (const operand of operands) command.argument(operand);
    for (const option of optionsOf(name)) command.addOption(option);
    command.action(() => {
      const options = Object.entries(command.opts()).sort(([a], [b]) => a.localeCompare(b));
      understood = JSON.stringify([name, command.args, options]);
    });
  }
  program.parse(argv, { from: 'user' });
  return understood;
}

/** The line that commander understood, or the code of the refusal. */
function outcome(argv: readonly string[], env: Record<string, string | undefined>): string {
  try {
    return parse(reconcile(argv, env));
  } catch (error) {
    if (error instanceof ToolkitError || error instanceof CommanderError) return error.code;
    throw error;
  }
}

/** A command line stands for what it means; a code stands for itself. */
function expected(meant: string): string {
  return COMMANDS[meant.split(' ')[0] ?? ''] ? parse(meant.split(' ')) : meant;
}

function refusal(argv: readonly string[], env: Record<string, string | undefined>): ToolkitError {
  try {
    reconcile(argv, env);
  } catch (error) {
    if (error instanceof ToolkitError) return error;
    throw error;
  }
  throw new assert.AssertionError({ message: `not refused: ${argv.join(' ')}` });
}

type Exceptions = Partial<Record<Manager | 'npm', string>>;
/** What is typed after `<manager> run`, what must come of it, and where a manager makes something else of it. */
const TABLE: readonly [typed: string, meant: string, exceptions?: Exceptions][] = [
  [`migration:production-safe ${ID} --step=2`, `${P} ${ID} --step=2`],
  [`migration:production-safe -- ${ID} --step=2`, `${P} ${ID} --step=2`],
  // bun keeps a `--` that stands after a word; commander then refuses the rest.
  [`migration:production-safe ${ID} -- --step=2`, `${P} ${ID} --step=2`, { bun: SURPLUS }],
  [`migration:production-safe ${ID} --step 2`, `${P} ${ID} --step=2`, { npm: LOST }],
  [`migration:production-safe --step 2 ${ID}`, `${P} ${ID} --step=2`, { npm: LOST }],
  [`migration:production-safe -- ${ID} --step 2`, `${P} ${ID} --step=2`],
  [`migration:production-safe ${ID} --step`, BARE, { npm: LOST }],
  [`migration:production-safe ${ID} --step=2 --step=2`, `${P} ${ID} --step=2`],
  [`migration:production-safe ${ID} --step=2 --step=3`, TWICE],
  [`migration:assign ${ID}`, `${P} ${ID} --step=2`],
  [`migration:assign -- ${ID}`, `${P} ${ID} --step=2`],
  [`migration:assign ${ID} --step=3`, TWICE],
  [`migration:assign ${ID} --step=2`, `${P} ${ID} --step=2`],
  [`migration:assign ${ID} --step 3`, TWICE, { npm: LOST }],
  [`migration:assign ${ID} --dry-run`, `${P} ${ID} --step=2 --dry-run`],
  [`migration:assign -- ${ID} --dry-run`, `${P} ${ID} --step=2 --dry-run`],
  [`migration:assign ${ID} --dry-run=true`, UNKNOWN, { npm: `${P} ${ID} --step=2 --dry-run` }],
  [`migration:assign ${ID} --dry-run=false`, UNKNOWN, { npm: `${P} ${ID} --step=2` }],
  [`migration:assign ${ID} --dry-run=0`, UNKNOWN, { npm: SURPLUS }],
  // npm 6 keeps the typed words beside its own reading of them: in doubt the run stays dry.
  [
    `migration:assign ${ID} --dry-run false`,
    SURPLUS,
    { npm: `${P} ${ID} --step=2`, npm6: `${P} ${ID} --step=2 --dry-run` },
  ],
  [`migration:assign ${ID} --no-dry-run`, UNKNOWN, { npm: `${P} ${ID} --step=2` }],
  [
    `migration:assign ${ID} --dry-run --no-dry-run`,
    UNKNOWN,
    { npm: `${P} ${ID} --step=2`, npm6: `${P} ${ID} --step=2 --dry-run` },
  ],
  [`migration:assign ${ID} --dry-run --dry-run`, `${P} ${ID} --step=2 --dry-run`],
  [`migration:assign --dry-run ${ID}`, `${P} ${ID} --step=2 --dry-run`],
  // npm completes what begins one of its own flags.
  [`migration:assign ${ID} --dry`, UNKNOWN, { npm: `${P} ${ID} --step=2 --dry-run` }],
  [`migration:assign ${ID} --js`, UNKNOWN, { npm: `${P} ${ID} --step=2 --json` }],
  [`migration:assign ${ID} --batch-size=500`, `${P} ${ID} --step=2 --batch-size=500`],
  [`migration:assign ${ID} --batch-size 500`, `${P} ${ID} --step=2 --batch-size=500`, { npm: LOST }],
  [`migration:assign ${ID} --batch-size=500 --batch-size=500`, `${P} ${ID} --step=2 --batch-size=500`],
  [
    `migration:assign ${ID} --batch-size 500 --models A`,
    `${P} ${ID} --step=2 --batch-size=500 --models=A`,
    { npm: LOST },
  ],
  [`migration:assign ${ID} --models=A,B`, `${P} ${ID} --step=2 --models=A,B`],
  [`migration:assign ${ID} --models A`, `${P} ${ID} --step=2 --models=A`, { npm: LOST }],
  [`migration:assign ${ID} --models=A --models=B`, TWICE],
  // Without this refusal an unset shell variable would widen the run to every model.
  [`migration:assign ${ID} --models=`, `${P} ${ID} --step=2 --models=`, { npm: LOST }],
  [`migration:assign ${ID} --models`, BARE, { npm: LOST }],
  [`migration:assign ${ID} --no-models`, UNKNOWN, { npm: LOST }],
  [`migration:assign ${ID} --models=null`, `${P} ${ID} --step=2 --models=null`, { npm: LOST }],
  [`migration:assign ${ID} --json`, `${P} ${ID} --step=2 --json`],
  [`migration:assign ${ID} --verbose`, `${P} ${ID} --step=2 --verbose`],
  [`migration:assign ${ID} --schema=x`, `${P} ${ID} --step=2 --schema=x`],
  [`migration:assign ${ID} --schema x`, `${P} ${ID} --step=2 --schema=x`, { npm: LOST }],
  [`migration:assign ${ID} --help`, 'commander.helpDisplayed'],
  // npm 6 does not say which command it was asked to run, so it cannot give consent without `--`.
  ['migration:rollback --confirm', 'rollback --confirm', { npm6: 'rollback' }],
  ['migration:rollback -- --confirm', 'rollback --confirm'],
  ['migration:rollback --confirm=true', UNKNOWN, { npm: 'rollback --confirm', npm6: 'rollback' }],
  ['migration:rollback --confirm=', UNKNOWN, { npm: 'rollback' }],
  ['migration:rollback --confirm false', SURPLUS, { npm: 'rollback' }],
  ['migration:rollback --no-confirm', UNKNOWN, { npm: 'rollback' }],
  ['migration:rollback --confirm --confirm', 'rollback --confirm', { npm6: 'rollback' }],
  ['migration:rollback --confirm --no-confirm', UNKNOWN, { npm: 'rollback' }],
  [
    'migration:rollback --confirm --run=7f3a',
    'rollback --confirm --run=7f3a',
    { npm6: 'rollback --run=7f3a' },
  ],
  ['migration:rollback --confirm --run 7f3a', 'rollback --confirm --run=7f3a', { npm: LOST }],
  ['migration:rollback --run 7f3a --confirm', 'rollback --confirm --run=7f3a', { npm: LOST }],
  ['migration:rollback -- --confirm --run 7f3a', 'rollback --confirm --run=7f3a'],
  ['migration:rollback --confirm --run', BARE, { npm: LOST }],
  ['migration:rollback --confirm --dry-run', 'rollback --confirm --dry-run', { npm6: 'rollback --dry-run' }],
  [
    'migration:rollback --confirm --dry-run --json',
    'rollback --confirm --dry-run --json',
    { npm6: 'rollback --dry-run --json' },
  ],
  ['migration:list-users --search=ana', 'list-users --search=ana'],
  ['migration:list-users --search ana', 'list-users --search=ana', { npm: LOST }],
  ['migration:list-users -- --search ana', 'list-users --search=ana'],
  ['migration:list-users --limit=5', 'list-users --limit=5'],
  ['migration:list-users --limit 5', 'list-users --limit=5', { npm: LOST }],
  ['migration:list-users --json', 'list-users --json'],
  ['migration:list-users -- --json', 'list-users --json'],
  ['migration:list-users --search=ana --limit=5 --json', 'list-users --search=ana --limit=5 --json'],
  // npm writes the same for `--search`: it takes `-- --search=true`.
  ['migration:list-users --search=true', 'list-users --search=true', { npm: LOST }],
  ['migration:status --json', 'status --json'],
  ['migration:status --verbose', 'status --verbose'],
];

describe('a command line that a package manager has handled', () => {
  const arrivals = recordedArrivals();
  const ran = arrivals.flatMap(({ argv, ...arrival }) => (argv ? [{ ...arrival, argv }] : []));

  for (const [typed, meant, exceptions = {}] of TABLE) {
    it(`${typed}`, () => {
      const cases = ran.filter((arrival) => arrival.typed === typed);
      assert.ok(cases.length > 0, 'recorded');
      for (const { manager, argv, env } of cases) {
        const family = manager.startsWith('npm') ? exceptions.npm : undefined;
        const wanted = expected(exceptions[manager] ?? family ?? meant);
        assert.equal(outcome(argv, env), wanted, `${manager}: ${argv.join(' ')}`);
      }
    });
  }

  it('is tested whenever it is recorded, and recorded under every manager', () => {
    const recorded = new Set(arrivals.map(({ typed }) => typed));
    assert.deepEqual([...recorded].sort(), TABLE.map(([typed]) => typed).sort());
    for (const typed of recorded) {
      const managers = arrivals.filter((arrival) => arrival.typed === typed).map(({ manager }) => manager);
      assert.deepEqual(managers.sort(), Object.keys(MANAGERS).sort(), typed);
    }
  });
});

/** Runs a remedy's command as npm hands it on: the first `--` is removed, nothing else is touched. */
function outcomeOfRemedy(line: string): string {
  const [, command = '', rest = ''] =
    /^ {2}(?:\w+ run migration:|npx prisma-ownership )(\S+)(?: --)?(.*)$/.exec(line) ?? [];
  return outcome(
    [command, ...rest.split(' ').filter(Boolean)],
    environmentOf('npm11', ['run', `migration:${command}`]),
  );
}

describe('a refusal', () => {
  it('gives a command that does what was meant, or shows the help', () => {
    for (const { typed, manager, argv, env } of recordedArrivals()) {
      const [, meant = ''] = TABLE.find(([line]) => line === typed) ?? [];
      if (!argv || ![LOST, TWICE].includes(outcome(argv, env))) continue;
      const outcomes = refusal(argv, env).remedy.split('\n').slice(1).map(outcomeOfRemedy);
      assert.ok(outcomes.length > 0, typed);
      // npm 6 cannot pass consent on, so its remedy asks for it again.
      const wanted = manager === 'npm6' ? meant.replace(' --confirm', '') : meant;
      const isKnown = COMMANDS[meant.split(' ')[0] ?? ''] !== undefined && !/=(|null)$/.test(meant);
      const shown = outcomes.includes('commander.helpDisplayed');
      assert.ok(shown || !isKnown || outcomes.includes(expected(wanted)), `${manager}: ${typed}`);
    }
  });

  const npm = (script: string, config: Record<string, string>) =>
    environmentOf('npm11', ['run', script], config);
  const texts = (error: ToolkitError) => [error.code, error.message, ...error.remedy.split('\n')];

  it('names the surplus word when npm cut a value off', () => {
    const argv = ['production-safe', ID, '1'];
    assert.deepEqual(texts(refusal(argv, npm('migration:production-safe', { step: 'true' }))), [
      LOST,
      'npm passed "--step" on without a value; the surplus word is "1".\nNothing was changed.',
      'Type "--" after the script\'s name and join each value to its flag with "=":',
      '  npm run migration:production-safe -- cm3owner0000 --step=1',
    ]);
  });

  it('keeps the other flags in the command, consent included', () => {
    const env = npm('migration:rollback', {
      run: 'true',
      confirm: 'true',
      dry_run: 'true',
      loglevel: 'verbose',
    });
    assert.match(refusal(['rollback', '7f3a'], env).remedy, /-- --confirm --run=7f3a --dry-run --verbose$/);
  });

  it('names both words when either may be the value', () => {
    const argv = ['production-safe', '--step=2', ID, '500'];
    assert.deepEqual(texts(refusal(argv, npm('migration:assign', { batch_size: 'true' }))), [
      LOST,
      'npm passed "--batch-size" on without a value; the surplus word is "cm3owner0000" or "500".\nNothing was changed.',
      'Type "--" after the script\'s name and join each value to its flag with "="; one of these is meant:',
      '  npm run migration:production-safe -- cm3owner0000 --step=2 --batch-size=500',
      '  npm run migration:production-safe -- 500 --step=2 --batch-size=cm3owner0000',
    ]);
  });

  it('shows the help when two flags lost their values', () => {
    const argv = ['production-safe', '--step=2', ID, '500', 'A'];
    assert.deepEqual(texts(refusal(argv, npm('migration:assign', { batch_size: 'true', models: 'true' }))), [
      LOST,
      'npm passed "--models" and "--batch-size" on without values; the surplus words are among "cm3owner0000", "500" and "A".\nNothing was changed.',
      'Type "--" after the script\'s name and join each value to its flag with "=". The flags and their values:',
      '  npm run migration:production-safe -- --help',
    ]);
  });

  it('names no operand as surplus when there is no value at all', () => {
    const argv = ['production-safe', ID];
    assert.equal(
      refusal(argv, npm('migration:production-safe', { step: 'true' })).message,
      'npm passed "--step" on without a value.\nNothing was changed.',
    );
  });

  it('shows a command for each of two values', () => {
    const argv = ['production-safe', '--step=2', ID];
    assert.deepEqual(texts(refusal(argv, npm('migration:assign', { step: '3' }))), [
      TWICE,
      '"--step" is given more than once, as "2" and "3".\nNothing was changed.',
      'Type the one that is meant:',
      '  npm run migration:production-safe -- cm3owner0000 --step=2',
      '  npm run migration:production-safe -- cm3owner0000 --step=3',
    ]);
  });

  it('takes the same value twice for one, whatever it contains', () => {
    const env = npm('migration:list-users', { search: 'a=b' });
    assert.deepEqual(reconcile(['list-users', '--search', 'a=b'], env), ['list-users', '--search', 'a=b']);
    assert.equal(refusal(['list-users', '--search=a=b', '--search=a'], {}).code, TWICE);
  });

  it('gives one command when the operand equals the lost value', () => {
    const error = refusal(['production-safe', '2', '2'], npm('migration:production-safe', { step: 'true' }));
    assert.deepEqual(error.remedy.split('\n').slice(1), [
      '  npm run migration:production-safe -- 2 --step=2',
    ]);
  });

  it('keeps a word that looks like a flag behind its `--`', () => {
    const { remedy } = refusal(['production-safe', '--step=1', '--step=2', '--', '-x'], {});
    assert.match(remedy, /^ {2}npx prisma-ownership production-safe --step=1 -- -x$/m);
  });

  it('speaks the language of the package manager, and quotes what a shell would split', () => {
    const argv = ['list-users', '--search=ana b', '--search', 'x$y'];
    const commandsUnder = (env: Record<string, string>) => refusal(argv, env).remedy.split('\n').slice(1);
    assert.deepEqual(commandsUnder(environmentOf('pnpm10', ['run', 'migration:list-users'])), [
      '  pnpm run migration:list-users "--search=ana b"',
      '  pnpm run migration:list-users "--search=x\\$y"',
    ]);
    assert.deepEqual(commandsUnder({}), [
      '  npx prisma-ownership list-users "--search=ana b"',
      '  npx prisma-ownership list-users "--search=x\\$y"',
    ]);
  });
});

describe('consent', () => {
  const confirm = { confirm: 'true' };
  const run = (env: Record<string, string>) => reconcile(['rollback'], env);

  it('counts when npm was asked to run the rollback script', () => {
    for (const manager of ['npm8', 'npm10', 'npm11'] as const) {
      assert.deepEqual(run(environmentOf(manager, ['run', 'migration:rollback'], confirm)), [
        'rollback',
        '--confirm',
      ]);
    }
  });

  it('does not count when it comes from an .npmrc that pnpm 10 or yarn 1 exports', () => {
    for (const manager of ['pnpm10', 'yarn1'] as const) {
      assert.deepEqual(run(environmentOf(manager, ['run', 'migration:rollback'], confirm)), ['rollback']);
    }
  });

  it('does not count when an outer npm leaves it to yarn 1, which leaves npm_command as it is', () => {
    const env = { ...environmentOf('yarn1', ['run', 'migration:rollback'], confirm), npm_command: 'run' };
    assert.deepEqual(run(env), ['rollback']);
  });

  it('does not count from another script, another npm command, or another value', () => {
    const env = environmentOf('npm11', ['run', 'migration:rollback'], confirm);
    for (const other of [
      { npm_lifecycle_event: 'test' },
      { npm_lifecycle_event: 'migration:status' },
      { npm_lifecycle_event: undefined },
      { npm_command: 'exec' },
      { npm_command: undefined },
      { npm_config_confirm: 'yes' },
      { npm_config_confirm: '1' },
      { npm_config_confirm: '' },
    ]) {
      assert.deepEqual(reconcile(['rollback'], { ...env, ...other }), ['rollback'], JSON.stringify(other));
    }
  });

  it('does not count from the words that an outer yarn 1 was told', () => {
    const npm_config_argv = JSON.stringify({ original: ['run', 'deploy', '--confirm'] });
    const env = { ...environmentOf('npm11', ['run', 'migration:rollback']), npm_config_argv };
    assert.deepEqual(run(env), ['rollback']);
  });

  it('does not count for a command that declares none', () => {
    assert.deepEqual(reconcile(['status'], environmentOf('npm11', ['run', 'migration:status'], confirm)), [
      'status',
    ]);
  });
});

describe('consent that names a database', () => {
  const script = 'migration:restore';
  const env = (manager: Manager, config: Record<string, string>, ...words: string[]) =>
    environmentOf(manager, ['run', script, ...words], config);
  const NPM = ['npm8', 'npm10', 'npm11'] as const;

  it('counts as npm kept it, joined to its flag', () => {
    for (const manager of NPM)
      assert.equal(
        outcome(['restore', 'b'], env(manager, { confirm: 'app' }, 'b', '--confirm=app')),
        parse(['restore', 'b', '--confirm=app']),
      );
  });

  it('counts from the words behind "--"', () => {
    for (const manager of [...NPM, 'npm6', 'npm12'] as const)
      assert.equal(
        outcome(['restore', 'b', '--confirm', 'app'], env(manager, {}, '--', 'b', '--confirm', 'app')),
        parse(['restore', 'b', '--confirm=app']),
      );
  });

  it('is asked for again where npm 6 cannot say whom it was given to', () => {
    const typed = ['b', '--confirm=app'];
    assert.equal(
      outcome(['restore', 'b'], env('npm6', { confirm: 'app' }, ...typed)),
      parse(['restore', 'b']),
    );
  });

  it('is refused where npm tore the name off, or none was typed; the remedy does what was meant', () => {
    for (const manager of NPM) {
      const torn = env(manager, { confirm: 'true' }, 'b', '--confirm', 'app');
      const { code, remedy } = refusal(['restore', 'b', 'app'], torn);
      assert.equal(code, LOST);
      const [, first = ''] = remedy.split('\n');
      assert.equal(first, '  npm run migration:restore -- b --confirm=app');
      assert.equal(outcomeOfRemedy(first), parse(['restore', 'b', '--confirm=app']));
      for (const confirm of ['true', ''])
        assert.equal(refusal(['restore', 'b'], env(manager, { confirm }, 'b', '--confirm')).code, LOST);
    }
    assert.equal(
      outcome(['restore', 'b', 'app'], env('npm6', { confirm: 'true' }, 'b', '--confirm', 'app')),
      SURPLUS,
    );
  });

  it('is refused where a setting names another database than the words', () => {
    const argv = ['restore', 'b', '--confirm=app'];
    assert.equal(refusal(argv, env('npm11', { confirm: 'other' }, '--', 'b', '--confirm=app')).code, TWICE);
  });

  it('does not count from settings that other managers export, or from another script', () => {
    const nothing = parse(['restore', 'b']);
    for (const manager of ['pnpm10', 'yarn1'] as const)
      assert.equal(outcome(['restore', 'b'], env(manager, { confirm: 'app' }, 'b')), nothing);
    const others = [{ npm_lifecycle_event: 'test' }, { npm_lifecycle_event: 'migration:rollback' }];
    for (const other of [...others, { npm_command: 'exec' }])
      assert.equal(
        outcome(['restore', 'b'], { ...env('npm11', { confirm: 'app' }, 'b'), ...other }),
        nothing,
      );
  });

  it('shows no password of --to in a refusal', () => {
    const [one, two] = ['postgresql://ana:s3cret@db/one', 'postgresql://ana:s3/cr@et@db/two'];
    const twice = refusal(['restore', 'b', `--to=${one}`, `--to=${two}`], {});
    const lost = refusal(['restore', 'b', one], env('npm11', { to: 'true' }, 'b', '--to', one));
    for (const { message, remedy } of [twice, lost]) {
      assert.doesNotMatch(message + remedy, /s3|cr@et/);
      assert.ok(remedy.includes('postgresql://ana:***@db/one'), remedy);
    }
  });
});

describe('a note of several words', () => {
  const words = ['run', 'migration:status', '--tick=app', '--note=it works, "all" of it'];
  const meant = ['status', '--tick=app', '--note=it works, "all" of it'];

  for (const manager of ['npm6', 'npm8', 'npm10', 'npm11'] as const)
    it(`stays one, where ${manager} keeps it to itself`, () => {
      const kept = { tick: 'app', note: 'it works, "all" of it' };
      assert.deepEqual(reconcile(['status'], environmentOf(manager, words, kept)), meant);
    });

  it('stays one, where pnpm, yarn or bun pass it on', () => {
    for (const manager of ['pnpm10', 'yarn1', 'yarn4', 'bun'] as const)
      assert.deepEqual(reconcile(meant, environmentOf(manager, words)), meant);
  });

  it('is missed where npm tore it off', () => {
    const env = environmentOf('npm11', words, { tick: 'app', note: 'true' });
    assert.throws(() => reconcile(['status', 'it works'], env), { code: 'FLAG_VALUE_LOST' });
  });
});

describe('a dry run', () => {
  const dry = ['production-safe', '--dry-run', ID];

  it('counts wherever it is found, however npm or a shell spells it', () => {
    for (const env of [
      { npm_config_dry_run: 'true', npm_lifecycle_event: 'test' },
      { npm_config_dry_run: '1' },
      { NPM_CONFIG_DRY_RUN: 'true' },
    ]) {
      assert.deepEqual(reconcile(['production-safe', ID], env), dry, JSON.stringify(env));
    }
  });

  it('counts when yarn 1 took it from before the name of the script', () => {
    const env = environmentOf('yarn1', ['run', '--dry-run', 'migration:assign', ID]);
    assert.deepEqual(reconcile(['production-safe', ID], env), dry);
  });

  it('is off when npm was told so over a setting, or a shell says false', () => {
    for (const dry_run of ['', 'false']) {
      const env = environmentOf('npm11', ['run', 'migration:assign'], { dry_run });
      assert.deepEqual(reconcile(['production-safe', ID], env), ['production-safe', ID]);
    }
  });

  it('stays a flag beside a `--` and beside a flag that lacks its value', () => {
    const env = { npm_config_dry_run: 'true' };
    const operand = ['--', '--dry-run'];
    assert.deepEqual(reconcile(['production-safe', ...operand], env), [
      'production-safe',
      '--dry-run',
      ...operand,
    ]);
    const bare = ['production-safe', ID, '--models'];
    assert.deepEqual(reconcile(bare, env), ['production-safe', '--dry-run', ID, '--models']);
  });
});

describe('other settings', () => {
  const config = { step: '1', json: 'true', limit: '5', loglevel: 'verbose' };

  it('do not count outside our scripts', () => {
    const outerYarn = environmentOf('yarn1', ['run', 'test', '--json']);
    for (const env of [environmentOf('npm11', ['test'], config), { npm_config_json: 'true' }, outerYarn]) {
      assert.deepEqual(reconcile(['production-safe', ID], env), ['production-safe', ID]);
    }
  });

  it('do not count for a command that does not declare them', () => {
    const env = environmentOf('npm11', ['run', 'migration:list-users'], config);
    assert.deepEqual(reconcile(['list-users'], env), ['list-users', '--limit=5', '--json', '--verbose']);
  });

  it('do not break on a record of typed words that is none', () => {
    for (const npm_config_argv of ['', 'x', 'null', '[]', '{"original":1}', '{"original":[1]}']) {
      assert.deepEqual(reconcile(['status'], { npm_config_argv }), ['status']);
    }
  });
});

describe('a literal `--`', () => {
  const argv = ['production-safe', '--step=2', '--', '-x', '--dry-run'];
  const assign = ['run', 'migration:assign'];

  it('is removed once where pnpm and yarn 2+ pass it on', () => {
    for (const manager of ['pnpm10', 'pnpm12', 'yarn3', 'yarn4'] as const) {
      const env = environmentOf(manager, assign);
      assert.deepEqual(reconcile(argv, env), ['production-safe', '--step=2', '-x', '--dry-run']);
      assert.deepEqual(reconcile(['production-safe', '--', '--', '-x'], env), [
        'production-safe',
        '--',
        '-x',
      ]);
    }
  });

  it('stays where the package manager has removed its own, and where it was typed directly', () => {
    for (const manager of ['npm6', 'npm8', 'npm10', 'npm11', 'npm12', 'yarn1', 'bun'] as const) {
      assert.deepEqual(reconcile(argv, environmentOf(manager, assign)), argv);
    }
    assert.deepEqual(reconcile(argv, {}), argv);
    assert.deepEqual(reconcile(argv, environmentOf('pnpm10', ['test'])), argv);
  });
});

describe('for any flags', () => {
  const command = fc.constantFrom(...Object.keys(COMMANDS));
  const word = fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9,./@ -]{0,8}$/).filter((text) => text !== 'true');
  const request = command.chain((name) =>
    fc.record({
      name: fc.constant(name),
      given: fc
        .subarray(flagsOf(name))
        .chain((flags) => fc.tuple(...flags.map((flag) => fc.tuple(fc.constant(flag), word, fc.boolean())))),
    }),
  );
  const spell = (flag: DeclaredFlag, value: string) =>
    flag.takesValue ? `--${flag.name}=${value}` : `--${flag.name}`;
  const variable = ({ name }: DeclaredFlag) => name.replaceAll('-', '_');
  const noise = fc.dictionary(
    fc.constantFrom(
      'npm_config_confirm',
      'npm_config_dry_run',
      'npm_config_json',
      'npm_config_loglevel',
      'npm_command',
    ),
    fc.constantFrom('true', 'false', '', 'run', 'verbose', 'true\n\ntrue'),
  );
  const event = fc.constantFrom(
    'test',
    'migration:rollback',
    'migration:assign',
    'premigration:rollback',
    '',
  );
  const agent = fc.constantFrom(...Object.values(MANAGERS).map((manager) => manager.agent));

  it('it does not matter which of them npm kept', () => {
    fc.assert(
      fc.property(request, ({ name, given }) => {
        const all = given.map(([flag, value]) => spell(flag, value));
        const typed = given.filter(([, , isKept]) => !isKept).map(([flag, value]) => spell(flag, value));
        const kept = given.filter(([, , isKept]) => isKept);
        const config = kept.map(([flag, value]) => [variable(flag), flag.takesValue ? value : 'true']);
        const env = environmentOf('npm11', ['run', `migration:${name}`], Object.fromEntries(config));
        assert.deepEqual(new Set(reconcile([name, ...typed], env)), new Set([name, ...all]));
      }),
    );
  });

  it('consent is never made up', () => {
    fc.assert(
      fc.property(noise, event, agent, (settings, npm_lifecycle_event, npm_config_user_agent) => {
        const env = { ...settings, npm_lifecycle_event, npm_config_user_agent };
        if (!reconcile(['rollback'], env).includes('--confirm')) return;
        assert.match(settings.npm_config_confirm ?? '', /^true(\n\ntrue)?$/);
        assert.match(settings.npm_command ?? '', /^run(-script)?$/);
        assert.equal(npm_lifecycle_event, 'migration:rollback');
        assert.match(npm_config_user_agent, /^npm\//);
      }),
      { numRuns: 2000 },
    );
  });

  it('a dry run that npm kept is never lost', () => {
    fc.assert(
      fc.property(
        noise,
        event,
        agent,
        request,
        (settings, npm_lifecycle_event, npm_config_user_agent, { given }) => {
          const env = { ...settings, npm_lifecycle_event, npm_config_user_agent, npm_config_dry_run: 'true' };
          const flags = flagsOf('rollback');
          const typed = given
            .filter(([flag]) => flags.some((own) => isDeepStrictEqual(own, flag)))
            .map(([flag, value]) => spell(flag, value));
          const argv = reconcile(['rollback', ...typed, '--', 'word'], env);
          assert.match(parse(argv.filter((each) => each !== 'word')), /"dryRun",true/);
        },
      ),
    );
  });
});
