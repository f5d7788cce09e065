import { quoteWord } from './shell.ts';

/** What was typed with this command and belongs to the next one too. */
export interface TypedFlags {
  schema?: string | undefined;
  config?: string | undefined;
  ownerModel?: string | undefined;
  ownerColumn?: Readonly<Record<string, string>> | undefined;
  models?: readonly string[] | undefined;
  exclude?: readonly string[] | undefined;
  /** What step 2 yields to: a run that is carried on without them would not. */
  maxLag?: number | undefined;
  maxLoad?: number | undefined;
  pauseMs?: number | undefined;
  rate?: number | undefined;
  /** A run that is carried on without it would not be proved whole. */
  proof?: boolean | undefined;
}

/** A command to type, in texts where it ends its line or stands in parentheses; quoted words can have parentheses. */
const COMMAND = /npm run (migration:[\w-]+)((?:\\'|'[^'\n]*'|[^\n()])*)/g;
const READS_NO_SCHEMA = [
  'migration:rollback',
  'migration:pause',
  'migration:resume',
  'migration:cancel',
  'migration:cleanup',
  'migration:backup',
  'migration:restore',
];
const TAKES_MODELS = [
  'migration:schema',
  'migration:check',
  'migration:assign',
  'migration:verify',
  'migration:production-safe',
  'migration:rehearse',
];
const TAKES_LIMITS = ['migration:assign'];
const TAKES_EXCLUDE = [
  ...TAKES_MODELS,
  'migration:models',
  'migration:status',
  'migration:report',
  'migration:isolation',
];

/** The flags among a command's options that decide what it works on. */
export function pickFlags(options: TypedFlags): TypedFlags {
  const { schema, config, ownerModel, ownerColumn, models, exclude, maxLag, maxLoad, pauseMs, rate, proof } =
    options;
  return { schema, config, ownerModel, ownerColumn, models, exclude, maxLag, maxLoad, pauseMs, rate, proof };
}

/** The command of a step for a user, with the flags of a run: without them it would work on other models. */
export function stepCommand(step: 'check' | 'assign' | 'verify', userId: string, flags: TypedFlags): string {
  return repeatFlags(`npm run migration:${step} ${quoteWord(userId)}`, flags);
}

/** Adds the flags that were typed to every command in a text, so that what is shown can be typed as it is. */
export function repeatFlags(text: string, typed: TypedFlags): string {
  return text.replace(COMMAND, (_, script: string, rest: string) => {
    const isUsed = (flag: string) => new RegExp(`\\s--${flag}\\b`).test(rest);
    // Rollback goes by the journal alone, unless a phase is taken back.
    const isPhase = script === 'migration:rollback' && isUsed('phase');
    const readsSchema = isPhase || !READS_NO_SCHEMA.includes(script);
    const ownerColumns = Object.entries(typed.ownerColumn ?? {}).map(
      ([model, column]) => `${model}=${column}`,
    );
    const candidates: [name: string, value: string | undefined, isTaken: boolean][] = [
      ['schema', typed.schema, true],
      ['config', typed.config, true],
      ['owner-model', typed.ownerModel, readsSchema],
      ['owner-column', ownerColumns.join(',') || undefined, readsSchema],
      ['models', typed.models?.join(','), isPhase || TAKES_MODELS.includes(script)],
      ['exclude', typed.exclude?.join(','), isPhase || TAKES_EXCLUDE.includes(script)],
      ['max-lag', typed.maxLag?.toString(), TAKES_LIMITS.includes(script)],
      ['max-load', typed.maxLoad?.toString(), TAKES_LIMITS.includes(script)],
      ['pause-ms', typed.pauseMs?.toString(), TAKES_LIMITS.includes(script)],
      ['rate', typed.rate?.toString(), TAKES_LIMITS.includes(script)],
    ];
    const flags = candidates.flatMap(([name, value, isTaken]) =>
      value !== undefined && isTaken && !isUsed(name) ? [`--${name}=${quoteWord(value)}`] : [],
    );
    if (typed.proof && TAKES_LIMITS.includes(script) && !isUsed('proof')) flags.push('--proof');
    const separator = flags.length > 0 && !/\s--(\s|$)/.test(rest) ? ' --' : '';
    return `npm run ${script}${rest.trimEnd()}${separator}${flags.map((flag) => ` ${flag}`).join('')}`;
  });
}

/** The keys of results whose values can have commands in them. */
const TEXTS = ['remedy', 'message', 'next'];

/** Changes every `remedy`, `message` and `next` in a result. */
export function mapTexts<T>(value: T, change: (text: string) => string): T {
  if (Array.isArray(value)) return value.map((each) => mapTexts(each, change)) as T;
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([key, each]) => {
    const isText = TEXTS.includes(key) && typeof each === 'string';
    return [key, isText ? change(each) : mapTexts(each, change)];
  });
  return Object.fromEntries(entries) as T;
}
