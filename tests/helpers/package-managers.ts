/** The package managers that were run to record what follows: what they say of themselves to a script. */
export const MANAGERS = {
  npm6: { agent: 'npm/6.14.18 node/v20.20.2 linux x64' },
  npm8: { agent: 'npm/8.19.4 node/v20.20.2 linux x64 workspaces/false', command: 'run-script' },
  npm10: { agent: 'npm/10.9.9 node/v20.20.2 linux x64 workspaces/false', command: 'run-script' },
  npm11: { agent: 'npm/11.19.1 node/v20.20.2 linux x64 workspaces/false', command: 'run' },
  npm12: { agent: 'npm/12.2.0 node/v22.23.3 linux x64 workspaces/false', command: 'run' },
  pnpm10: { agent: 'pnpm/10.34.9 npm/? node/v20.20.2 linux x64', command: 'run-script' },
  pnpm12: { agent: 'pnpm/12.21.0 npm/? node/? linux x64', command: 'run-script' },
  yarn1: { agent: 'yarn/1.22.22 npm/? node/v20.20.2 linux x64' },
  yarn3: { agent: 'yarn/3.8.7 npm/? node/v20.20.2 linux x64' },
  yarn4: { agent: 'yarn/4.18.1 npm/? node/v20.20.2 linux x64' },
  bun: { agent: 'bun/1.4.5 npm/? node/v26.3.0 linux x64', command: 'run-script' },
} as const;

export type Manager = keyof typeof MANAGERS;

/** What one manager made of one command line. */
export interface Arrival {
  typed: string;
  manager: Manager;
  /** Null when the manager refused the command line and ran nothing. */
  argv: string[] | null;
  env: Record<string, string>;
}

/** The variables that a manager's run of a script sets, with more `npm_config_*` by their short names. */
export function environmentOf(
  manager: Manager,
  words: readonly string[],
  config: Record<string, string> = {},
) {
  const { agent, ...rest } = MANAGERS[manager];
  const env: Record<string, string> = {
    npm_config_user_agent: agent,
    npm_lifecycle_event: words.find((word) => word.startsWith('migration:')) ?? '',
  };
  if ('command' in rest) env.npm_command = rest.command;
  // These two record the words after the manager's name; npm 6 also writes out its whole configuration.
  if (manager === 'npm6')
    Object.assign(env, { npm_config_dry_run: '', npm_config_json: '', npm_config_user: '' });
  if (manager === 'npm6' || manager === 'yarn1') env.npm_config_argv = JSON.stringify({ original: words });
  for (const [name, value] of Object.entries(config)) env[`npm_config_${name}`] = value;
  return env;
}

/** Every recorded arrival. */
export function recordedArrivals(): Arrival[] {
  return RECORDED.trim()
    .split(/^\$ /m)
    .slice(1)
    .flatMap((block) => {
      const [typed = '', ...lines] = block.trim().split('\n');
      return lines.flatMap((line) => arrivalsOf(typed, line));
    });
}

function arrivalsOf(typed: string, line: string): Arrival[] {
  const [, managers = '', argv = '', config = ''] = /^([^:]+): ([^|]*?)(?: \| (.*))?$/.exec(line) ?? [];
  const values = config
    .split(' ')
    .filter(Boolean)
    .map((pair) => pair.replaceAll('\\n', '\n').split('='));
  return (managers.split(' ') as Manager[]).map((manager) => ({
    typed,
    manager,
    argv: argv === 'refused' ? null : argv.split(' '),
    env: environmentOf(manager, ['run', ...typed.split(' ')], Object.fromEntries(values)),
  }));
}

/*
 * All recorded on Linux with the versions above (npm 11.19.1 and 11.21.2 agree): `<manager> run <what follows $>`,
 * then for each manager the argv of the program, and behind "|" the npm_config_* that the flags made.
 */
const RECORDED = String.raw`
$ migration:production-safe cm3owner0000 --step=2
npm6 npm8 npm10 npm11: production-safe cm3owner0000 | step=2
npm12: refused
pnpm10 pnpm12 yarn1 yarn3 yarn4 bun: production-safe cm3owner0000 --step=2
$ migration:production-safe -- cm3owner0000 --step=2
npm6 npm8 npm10 npm11 npm12 yarn1 bun: production-safe cm3owner0000 --step=2
pnpm10 pnpm12 yarn3 yarn4: production-safe -- cm3owner0000 --step=2
$ migration:production-safe cm3owner0000 -- --step=2
npm6 npm8 npm10 npm11 npm12 yarn1: production-safe cm3owner0000 --step=2
pnpm10 pnpm12 yarn3 yarn4 bun: production-safe cm3owner0000 -- --step=2
$ migration:production-safe cm3owner0000 --step 2
npm6 npm8 npm10 npm11: production-safe cm3owner0000 2 | step=true
npm12: refused
pnpm10 pnpm12 yarn1 yarn3 yarn4 bun: production-safe cm3owner0000 --step 2
$ migration:production-safe --step 2 cm3owner0000
npm6 npm8 npm10 npm11: production-safe 2 cm3owner0000 | step=true
npm12: refused
pnpm10 pnpm12 yarn1 yarn3 yarn4 bun: production-safe --step 2 cm3owner0000
$ migration:production-safe -- cm3owner0000 --step 2
npm6 npm8 npm10 npm11 npm12 yarn1 bun: production-safe cm3owner0000 --step 2
pnpm10 pnpm12 yarn3 yarn4: production-safe -- cm3owner0000 --step 2
$ migration:production-safe cm3owner0000 --step
npm6 npm8 npm10 npm11: production-safe cm3owner0000 | step=true
npm12: refused
pnpm10 pnpm12 yarn1 yarn3 yarn4 bun: production-safe cm3owner0000 --step
$ migration:production-safe cm3owner0000 --step=2 --step=2
npm6: production-safe cm3owner0000
npm8 npm10 npm11: production-safe cm3owner0000 | step=2\n\n2
npm12: refused
pnpm10 pnpm12 yarn1 yarn3 yarn4 bun: production-safe cm3owner0000 --step=2 --step=2
$ migration:production-safe cm3owner0000 --step=2 --step=3
npm6: production-safe cm3owner0000
npm8 npm10 npm11: production-safe cm3owner0000 | step=2\n\n3
npm12: refused
pnpm10 pnpm12 yarn1 yarn3 yarn4 bun: production-safe cm3owner0000 --step=2 --step=3
$ migration:assign cm3owner0000
npm6 npm8 npm10 npm11 npm12 pnpm10 pnpm12 yarn1 yarn3 yarn4 bun: production-safe --step=2 cm3owner0000
$ migration:assign -- cm3owner0000
npm6 npm8 npm10 npm11 npm12 yarn1 bun: production-safe --step=2 cm3owner0000
pnpm10 pnpm12 yarn3 yarn4: production-safe --step=2 -- cm3owner0000
$ migration:assign cm3owner0000 --step=3
npm6 npm8 npm10 npm11: production-safe --step=2 cm3owner0000 | step=3
npm12: refused
pnpm10 pnpm12 yarn1 yarn3 yarn4 bun: production-safe --step=2 cm3owner0000 --step=3
$ migration:assign cm3owner0000 --step=2
npm6 npm8 npm10 npm11: production-safe --step=2 cm3owner0000 | step=2
npm12: refused
pnpm10 pnpm12 yarn1 yarn3 yarn4 bun: production-safe --step=2 cm3owner0000 --step=2
$ migration:assign cm3owner0000 --step 3
npm6 npm8 npm10 npm11: production-safe --step=2 cm3owner0000 3 | step=true
npm12: refused
pnpm10 pnpm12 yarn1 yarn3 yarn4 bun: production-safe --step=2 cm3owner0000 --step 3
$ migration:assign cm3owner0000 --dry-run
npm6 npm8 npm10 npm11 npm12: production-safe --step=2 cm3owner0000 | dry_run=true
pnpm10 pnpm12 yarn1 yarn3 yarn4 bun: production-safe --step=2 cm3owner0000 --dry-run
$ migration:assign -- cm3owner0000 --dry-run
npm6 npm8 npm10 npm11 npm12 yarn1 bun: production-safe --step=2 cm3owner0000 --dry-run
pnpm10 pnpm12 yarn3 yarn4: production-safe --step=2 -- cm3owner0000 --dry-run
$ migration:assign cm3owner0000 --dry-run=true
npm6 npm8 npm10 npm11 npm12: production-safe --step=2 cm3owner0000 | dry_run=true
pnpm10 pnpm12 yarn1 yarn3 yarn4 bun: production-safe --step=2 cm3owner0000 --dry-run=true
$ migration:assign cm3owner0000 --dry-run=false
npm6 npm8 npm10 npm11 npm12: production-safe --step=2 cm3owner0000
pnpm10 pnpm12 yarn1 yarn3 yarn4 bun: production-safe --step=2 cm3owner0000 --dry-run=false
$ migration:assign cm3owner0000 --dry-run=0
npm6 npm8 npm10 npm11 npm12: production-safe --step=2 cm3owner0000 0 | dry_run=true
pnpm10 pnpm12 yarn1 yarn3 yarn4 bun: production-safe --step=2 cm3owner0000 --dry-run=0
$ migration:assign cm3owner0000 --dry-run false
npm6 npm8 npm10 npm11 npm12: production-safe --step=2 cm3owner0000
pnpm10 pnpm12 yarn1 yarn3 yarn4 bun: production-safe --step=2 cm3owner0000 --dry-run false
$ migration:assign cm3owner0000 --no-dry-run
npm6 npm8 npm10 npm11 npm12: production-safe --step=2 cm3owner0000
pnpm10 pnpm12 yarn1 yarn3 yarn4 bun: production-safe --step=2 cm3owner0000 --no-dry-run
$ migration:assign cm3owner0000 --dry-run --no-dry-run
npm6 npm8 npm10 npm11 npm12: production-safe --step=2 cm3owner0000
pnpm10 pnpm12 yarn1 yarn3 yarn4 bun: production-safe --step=2 cm3owner0000 --dry-run --no-dry-run
$ migration:assign cm3owner0000 --dry-run --dry-run
npm6 npm8 npm10 npm11 npm12: production-safe --step=2 cm3owner0000 | dry_run=true
pnpm10 pnpm12 yarn1 yarn3 yarn4 bun: production-safe --step=2 cm3owner0000 --dry-run --dry-run
$ migration:assign --dry-run cm3owner0000
npm6 npm8 npm10 npm11 npm12: production-safe --step=2 cm3owner0000 | dry_run=true
pnpm10 pnpm12 yarn1 yarn3 yarn4 bun: production-safe --step=2 --dry-run cm3owner0000
$ migration:assign cm3owner0000 --dry
npm6 npm8 npm10 npm11: production-safe --step=2 cm3owner0000 | dry_run=true
npm12: refused
pnpm10 pnpm12 yarn1 yarn3 yarn4 bun: production-safe --step=2 cm3owner0000 --dry
$ migration:assign cm3owner0000 --batch-size=500
npm6 npm8 npm10 npm11: production-safe --step=2 cm3owner0000 | batch_size=500
npm12: refused
pnpm10 pnpm12 yarn1 yarn3 yarn4 bun: production-safe --step=2 cm3owner0000 --batch-size=500
$ migration:assign cm3owner0000 --batch-size 500
npm6 npm8 npm10 npm11: production-safe --step=2 cm3owner0000 500 | batch_size=true
npm12: refused
pnpm10 pnpm12 yarn1 yarn3 yarn4 bun: production-safe --step=2 cm3owner0000 --batch-size 500
$ migration:assign cm3owner0000 --batch-size=500 --batch-size=500
npm6: production-safe --step=2 cm3owner0000
npm8 npm10 npm11: production-safe --step=2 cm3owner0000 | batch_size=500\n\n500
npm12: refused
pnpm10 pnpm12 yarn1 yarn3 yarn4 bun: production-safe --step=2 cm3owner0000 --batch-size=500 --batch-size=500
$ migration:assign cm3owner0000 --batch-size 500 --models A
npm6 npm8 npm10 npm11: production-safe --step=2 cm3owner0000 500 A | batch_size=true models=true
npm12: refused
pnpm10 pnpm12 yarn1 yarn3 yarn4 bun: production-safe --step=2 cm3owner0000 --batch-size 500 --models A
$ migration:assign cm3owner0000 --models=A,B
npm6 npm8 npm10 npm11: production-safe --step=2 cm3owner0000 | models=A,B
npm12: refused
pnpm10 pnpm12 yarn1 yarn3 yarn4 bun: production-safe --step=2 cm3owner0000 --models=A,B
$ migration:assign cm3owner0000 --models A
npm6 npm8 npm10 npm11: production-safe --step=2 cm3owner0000 A | models=true
npm12: refused
pnpm10 pnpm12 yarn1 yarn3 yarn4 bun: production-safe --step=2 cm3owner0000 --models A
$ migration:assign cm3owner0000 --models=A --models=B
npm6: production-safe --step=2 cm3owner0000
npm8 npm10 npm11: production-safe --step=2 cm3owner0000 | models=A\n\nB
npm12: refused
pnpm10 pnpm12 yarn1 yarn3 yarn4 bun: production-safe --step=2 cm3owner0000 --models=A --models=B
$ migration:assign cm3owner0000 --models=
npm6 npm8 npm10 npm11: production-safe --step=2 cm3owner0000 | models=
npm12: refused
pnpm10 pnpm12 yarn1 yarn3 yarn4 bun: production-safe --step=2 cm3owner0000 --models=
$ migration:assign cm3owner0000 --models
npm6 npm8 npm10 npm11: production-safe --step=2 cm3owner0000 | models=true
npm12: refused
pnpm10 pnpm12 yarn1 yarn3 yarn4 bun: production-safe --step=2 cm3owner0000 --models
$ migration:assign cm3owner0000 --no-models
npm6 npm8 npm10 npm11: production-safe --step=2 cm3owner0000 | models=
npm12: refused
pnpm10 pnpm12 yarn1 yarn3 yarn4 bun: production-safe --step=2 cm3owner0000 --no-models
$ migration:assign cm3owner0000 --models=null
npm6 npm8 npm10 npm11: production-safe --step=2 cm3owner0000 | models=
npm12: refused
pnpm10 pnpm12 yarn1 yarn3 yarn4 bun: production-safe --step=2 cm3owner0000 --models=null
$ migration:assign cm3owner0000 --json
npm6 npm8 npm10 npm11 npm12: production-safe --step=2 cm3owner0000 | json=true
pnpm10 pnpm12 yarn1 yarn3 yarn4 bun: production-safe --step=2 cm3owner0000 --json
$ migration:assign cm3owner0000 --js
npm6 npm8 npm10 npm11: production-safe --step=2 cm3owner0000 | json=true
npm12: refused
pnpm10 pnpm12 yarn1 yarn3 yarn4 bun: production-safe --step=2 cm3owner0000 --js
$ migration:assign cm3owner0000 --verbose
npm6 npm8 npm10 npm11 npm12: production-safe --step=2 cm3owner0000 | loglevel=verbose
pnpm10 pnpm12 yarn1 yarn3 yarn4 bun: production-safe --step=2 cm3owner0000 --verbose
$ migration:assign cm3owner0000 --schema=x
npm6 npm8 npm10 npm11: production-safe --step=2 cm3owner0000 | schema=x
npm12: refused
pnpm10 pnpm12 yarn1 yarn3 yarn4 bun: production-safe --step=2 cm3owner0000 --schema=x
$ migration:assign cm3owner0000 --schema x
npm6 npm8 npm10 npm11: production-safe --step=2 cm3owner0000 x | schema=true
npm12: refused
pnpm10 pnpm12 yarn1 yarn3 yarn4 bun: production-safe --step=2 cm3owner0000 --schema x
$ migration:assign cm3owner0000 --help
npm6 npm8 npm10 npm11 npm12: refused
pnpm10 pnpm12 yarn1 yarn3 yarn4 bun: production-safe --step=2 cm3owner0000 --help
$ migration:rollback --confirm
npm6 npm8 npm10 npm11: rollback | confirm=true
npm12: refused
pnpm10 pnpm12 yarn1 yarn3 yarn4 bun: rollback --confirm
$ migration:rollback -- --confirm
npm6 npm8 npm10 npm11 npm12 yarn1 bun: rollback --confirm
pnpm10 pnpm12 yarn3 yarn4: rollback -- --confirm
$ migration:rollback --confirm=true
npm6 npm8 npm10 npm11: rollback | confirm=true
npm12: refused
pnpm10 pnpm12 yarn1 yarn3 yarn4 bun: rollback --confirm=true
$ migration:rollback --confirm=
npm6 npm8 npm10 npm11: rollback | confirm=
npm12: refused
pnpm10 pnpm12 yarn1 yarn3 yarn4 bun: rollback --confirm=
$ migration:rollback --confirm false
npm6 npm8 npm10 npm11: rollback | confirm=
npm12: refused
pnpm10 pnpm12 yarn1 yarn3 yarn4 bun: rollback --confirm false
$ migration:rollback --no-confirm
npm6 npm8 npm10 npm11: rollback | confirm=
npm12: refused
pnpm10 pnpm12 yarn1 yarn3 yarn4 bun: rollback --no-confirm
$ migration:rollback --confirm --confirm
npm6: rollback
npm8 npm10 npm11: rollback | confirm=true\n\ntrue
npm12: refused
pnpm10 pnpm12 yarn1 yarn3 yarn4 bun: rollback --confirm --confirm
$ migration:rollback --confirm --no-confirm
npm6: rollback
npm8 npm10 npm11: rollback | confirm=true\n\n
npm12: refused
pnpm10 pnpm12 yarn1 yarn3 yarn4 bun: rollback --confirm --no-confirm
$ migration:rollback --confirm --run=7f3a
npm6 npm8 npm10 npm11: rollback | confirm=true run=7f3a
npm12: refused
pnpm10 pnpm12 yarn1 yarn3 yarn4 bun: rollback --confirm --run=7f3a
$ migration:rollback --confirm --run 7f3a
npm6 npm8 npm10 npm11: rollback 7f3a | confirm=true run=true
npm12: refused
pnpm10 pnpm12 yarn1 yarn3 yarn4 bun: rollback --confirm --run 7f3a
$ migration:rollback --run 7f3a --confirm
npm6 npm8 npm10 npm11: rollback 7f3a | confirm=true run=true
npm12: refused
pnpm10 pnpm12 yarn1 yarn3 yarn4 bun: rollback --run 7f3a --confirm
$ migration:rollback -- --confirm --run 7f3a
npm6 npm8 npm10 npm11 npm12 yarn1 bun: rollback --confirm --run 7f3a
pnpm10 pnpm12 yarn3 yarn4: rollback -- --confirm --run 7f3a
$ migration:rollback --confirm --run
npm6 npm8 npm10 npm11: rollback | confirm=true run=true
npm12: refused
pnpm10 pnpm12 yarn1 yarn3 yarn4 bun: rollback --confirm --run
$ migration:rollback --confirm --dry-run
npm6 npm8 npm10 npm11: rollback | confirm=true dry_run=true
npm12: refused
pnpm10 pnpm12 yarn1 yarn3 yarn4 bun: rollback --confirm --dry-run
$ migration:rollback --confirm --dry-run --json
npm6 npm8 npm10 npm11: rollback | confirm=true dry_run=true json=true
npm12: refused
pnpm10 pnpm12 yarn1 yarn3 yarn4 bun: rollback --confirm --dry-run --json
$ migration:list-users --search=ana
npm6 npm8 npm10 npm11: list-users | search=ana
npm12: refused
pnpm10 pnpm12 yarn1 yarn3 yarn4 bun: list-users --search=ana
$ migration:list-users --search ana
npm6 npm8 npm10 npm11: list-users ana | search=true
npm12: refused
pnpm10 pnpm12 yarn1 yarn3 yarn4 bun: list-users --search ana
$ migration:list-users -- --search ana
npm6 npm8 npm10 npm11 npm12 yarn1 bun: list-users --search ana
pnpm10 pnpm12 yarn3 yarn4: list-users -- --search ana
$ migration:list-users --limit=5
npm6 npm8 npm10 npm11: list-users | limit=5
npm12: refused
pnpm10 pnpm12 yarn1 yarn3 yarn4 bun: list-users --limit=5
$ migration:list-users --limit 5
npm6 npm8 npm10 npm11: list-users 5 | limit=true
npm12: refused
pnpm10 pnpm12 yarn1 yarn3 yarn4 bun: list-users --limit 5
$ migration:list-users --json
npm6 npm8 npm10 npm11 npm12: list-users | json=true
pnpm10 pnpm12 yarn1 yarn3 yarn4 bun: list-users --json
$ migration:list-users -- --json
npm6 npm8 npm10 npm11 npm12 yarn1 bun: list-users --json
pnpm10 pnpm12 yarn3 yarn4: list-users -- --json
$ migration:list-users --search=ana --limit=5 --json
npm6 npm8 npm10 npm11: list-users | json=true limit=5 search=ana
npm12: refused
pnpm10 pnpm12 yarn1 yarn3 yarn4 bun: list-users --search=ana --limit=5 --json
$ migration:list-users --search=true
npm6 npm8 npm10 npm11: list-users | search=true
npm12: refused
pnpm10 pnpm12 yarn1 yarn3 yarn4 bun: list-users --search=true
$ migration:status --json
npm6 npm8 npm10 npm11 npm12: status | json=true
pnpm10 pnpm12 yarn1 yarn3 yarn4 bun: status --json
$ migration:status --verbose
npm6 npm8 npm10 npm11 npm12: status | loglevel=verbose
pnpm10 pnpm12 yarn1 yarn3 yarn4 bun: status --verbose
`;
