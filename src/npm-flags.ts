import { flagGivenTwice, flagValueLost } from './errors.ts';
import { hidePassword } from './hide-password.ts';
import { isManagerName, managerOf } from './package-manager.ts';

/** A flag that the chosen command declares, by its long name without dashes: `batch-size`. */
export interface DeclaredFlag {
  name: string;
  takesValue: boolean;
  /** The flag permits a write, so a forgotten setting must not be able to give it. */
  consent?: boolean;
  /** All values it allows, when they are few: they tell a value that npm cut off from an operand. */
  choices?: readonly string[];
}

/** The flags that permit a write. */
const CONSENTS = ['--confirm', '--write'];

/** An option as commander has it. */
interface DeclaredOption {
  long?: string | undefined;
  required: boolean;
  argChoices?: readonly string[] | undefined;
}

/** The flags of a command. */
export function listDeclared(options: readonly DeclaredOption[]): DeclaredFlag[] {
  return options.map(({ long = '', required, argChoices }) => ({
    name: long.slice(2),
    takesValue: required,
    consent: CONSENTS.includes(long),
    ...(argChoices ? { choices: argChoices } : {}),
  }));
}

const DRY_RUN = 'dry-run';

type Environment = Readonly<Record<string, string | undefined>>;

/** What was asked for, wherever it was found: values by flag name, and the words that belong to no flag. */
interface Request {
  command: string;
  flags: readonly DeclaredFlag[];
  values: ReadonlyMap<string, readonly string[]>;
  others: readonly string[];
  env: Environment;
}

/**
 * Returns the argv for commander: the given one, plus the flags that npm kept to itself, minus the `--` that pnpm
 * and yarn 2+ pass on. `operands` is how many words the command takes besides flags; only errors depend on it.
 * Throws when a flag has two different values or lost its value on the way: nothing is guessed.
 */
export function reconcileArgv(
  argv: readonly string[],
  env: Environment,
  flags: readonly DeclaredFlag[],
  { operands = 1 }: { operands?: number } = {},
): string[] {
  const [command, ...words] = withoutSeparator(argv, env);
  if (command === undefined) return [];
  const typed = readWords(words, flags);
  const retold = readWords(wordsToldToManager(env), flags);
  const values = new Map<string, string[]>();
  const lost: DeclaredFlag[] = [];
  for (const flag of flags) {
    const isBelieved = flag.consent ? isTypedToNpm(command, env) : flag.name === DRY_RUN || isOurScript(env);
    const kept = isBelieved ? keptByNpm(flag, env) : [];
    if (flag.takesValue && kept.some((value) => value === '' || value === 'true')) lost.push(flag);
    const told = isBelieved && !flag.consent ? (retold.values.get(flag.name) ?? []) : [];
    const all = [...(typed.values.get(flag.name) ?? []), ...kept, ...told];
    values.set(
      flag.name,
      flag.takesValue ? [...new Set(all)] : all.filter((value) => value === 'true').slice(0, 1),
    );
  }
  const request: Request = { command, flags, values, others: typed.others, env };
  refuseLostValues(request, lost, operands);
  refuseSecondValues(request);
  // Right after the command, where neither a `--` nor a flag that lacks its value can swallow them.
  const missing = flags.filter(({ name }) => !typed.values.has(name));
  return [command, ...missing.flatMap((flag) => spell(flag, values.get(flag.name))), ...words];
}

/*
 * An .npmrc, the shell, and an outer npm (`npm test`, which starts us) leave the same npm_config_* as a flag typed
 * now. So --dry-run counts always, as it can only prevent a write; consent counts when npm itself was asked to run
 * the script of this very command; every other flag counts when one of our scripts runs.
 */
function isOurScript(env: Environment): boolean {
  return env.npm_lifecycle_event?.startsWith('migration:') ?? false;
}

/** pnpm exports an .npmrc too, and says `run-script` as npm does: only the user agent tells them apart. */
function isTypedToNpm(command: string, env: Environment): boolean {
  const isRun = env.npm_command === 'run' || env.npm_command === 'run-script';
  return isRun && managerOf(env).name === 'npm' && env.npm_lifecycle_event === `migration:${command}`;
}

/** npm, yarn 1 and bun remove the first `--` after the script themselves: one that is left was meant. */
function withoutSeparator(argv: readonly string[], env: Environment): readonly string[] {
  const { name, major } = managerOf(env);
  const isPassedOn = isOurScript(env) && (name === 'pnpm' || (name === 'yarn' && major >= 2));
  const at = isPassedOn ? argv.indexOf('--') : -1;
  return argv.filter((_, index) => index !== at);
}

/** Reads words as commander does: a flag that takes a value takes the next word, whatever that looks like. */
function readWords(words: readonly string[], flags: readonly DeclaredFlag[]) {
  const values = new Map<string, string[]>();
  const rest = [...words];
  const others: string[] = [];
  for (let word = rest.shift(); word !== undefined && word !== '--'; word = rest.shift()) {
    const [name, ...joined] = word.split('=');
    const flag = flags.find((each) => name === `--${each.name}`);
    if (!flag) others.push(word);
    else {
      const value = joined.length > 0 ? joined.join('=') : flag.takesValue ? rest.shift() : 'true';
      values.set(flag.name, [...(values.get(flag.name) ?? []), ...(value === undefined ? [] : [value])]);
    }
  }
  return { values, others: [...others, ...rest] };
}

/**
 * npm records `--batch-size` as npm_config_batch_size and joins the values of a repeated flag by an empty line.
 * A shell may write NPM_CONFIG_DRY_RUN: npm obeys that and passes it on as it is.
 */
function keptByNpm(flag: DeclaredFlag, env: Environment): string[] {
  const read = (name: string) =>
    Object.entries(env)
      .filter(([key]) => key.toLowerCase() === `npm_config_${name.replaceAll('-', '_')}`)
      .flatMap(([, value]) => value?.split('\n\n') ?? []);
  const values = read(flag.name);
  // npm takes --verbose for its own --loglevel=verbose.
  if (flag.name === 'verbose' && read('loglevel').includes('verbose')) values.push('true');
  if (flag.takesValue) return values;
  // npm records `--no-x` and `--x=false` as '' or not at all; only a shell gives a dry run as `1`.
  const isGiven =
    flag.name === DRY_RUN
      ? values.some((value) => value !== '' && value !== 'false')
      : values.length > 0 && values.every((value) => value === 'true');
  return isGiven ? ['true'] : [];
}

/** npm 6 loses a flag given twice, yarn 1 one before the script's name; both record the words as typed. */
function wordsToldToManager(env: Environment): string[] {
  try {
    const { original } = JSON.parse(env.npm_config_argv ?? '{}') as { original?: unknown };
    return Array.isArray(original) ? original.filter((word) => typeof word === 'string') : [];
  } catch {
    return [];
  }
}

function spell(flag: DeclaredFlag, values: readonly string[] = []): string[] {
  return values.map((value) => (flag.takesValue ? `--${flag.name}=${value}` : `--${flag.name}`));
}

/** npm kept the flag, and left its value among the words or dropped it: which word was meant is for people to say. */
function refuseLostValues(request: Request, lost: readonly DeclaredFlag[], operands: number): void {
  const [flag] = lost;
  if (!flag) return;
  const surplus = request.others.length > operands ? request.others : [];
  const candidates = surplus.filter((word) => lost.length === 1 && (flag.choices?.includes(word) ?? true));
  // The last word first: flags are mostly typed last.
  const commands = [...new Set(candidates)].reverse().map((word) => {
    const others = request.others.filter((_, index) => index !== request.others.lastIndexOf(word));
    return commandLine({ ...request, others }, flag, word);
  });
  const help = `${programFor(request)} --help`;
  throw flagValueLost(
    lost.map(({ name }) => name),
    (candidates.length > 0 ? candidates : surplus).map(hidePassword),
    { commands, help },
  );
}

/** commander would take the last value in silence. */
function refuseSecondValues(request: Request): void {
  const flag = request.flags.find(({ name }) => (request.values.get(name) ?? []).length > 1);
  if (!flag) return;
  const values = request.values.get(flag.name) ?? [];
  const commands = values.map((value) => commandLine(request, flag, value));
  throw flagGivenTwice(flag.name, values.map(hidePassword), commands);
}

/** The request as a command to type, with `value` for `flag`. */
function commandLine(request: Request, flag: DeclaredFlag, value: string): string {
  const values = new Map(request.values).set(flag.name, [value]);
  const flags = request.flags.flatMap((each) => spell(each, values.get(each.name)));
  const isDashed = request.others.some((word) => word.startsWith('-'));
  const words = isDashed ? [...flags, '--', ...request.others] : [...request.others, ...flags];
  return [programFor(request), ...words.map((each) => quote(hidePassword(each)))].join(' ');
}

/** Every command has the script of its name, so a fixed `--step` of another script is no obstacle. */
function programFor({ command, env }: Request): string {
  if (!isOurScript(env)) return `npx prisma-ownership ${command}`;
  const { name } = managerOf(env);
  return isManagerName(name) && name !== 'npm'
    ? `${name} run migration:${command}`
    : `npm run migration:${command} --`;
}

function quote(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `"${word.replace(/["\\$`]/g, '\\$&')}"`;
}
