import { quoteWord } from '../shell.ts';

/** What was typed with this command and belongs to the next one too. */
export interface TypedFlags {
  schema?: string | undefined;
  models?: readonly string[] | undefined;
  exclude?: readonly string[] | undefined;
}

/** A command to type, in texts where it ends its line or stands in parentheses. */
const COMMAND = /npm run (migration:[\w-]+)([^\n()]*)/g;
const TAKES_MODELS = ['migration:check', 'migration:assign', 'migration:verify', 'migration:production-safe'];

/** Adds the flags that were typed to every command in a text, so that what is shown can be typed as it is. */
export function repeatFlags(text: string, typed: TypedFlags): string {
  return text.replace(COMMAND, (_, script: string, rest: string) => {
    const isUsed = (flag: string) => new RegExp(`\\s--${flag}\\b`).test(rest);
    const flags = [
      ...(typed.schema && !isUsed('schema') ? [`--schema=${quoteWord(typed.schema)}`] : []),
      ...(TAKES_MODELS.includes(script) && typed.models
        ? [`--models=${quoteWord(typed.models.join(','))}`]
        : []),
      ...(TAKES_MODELS.includes(script) && typed.exclude
        ? [`--exclude=${quoteWord(typed.exclude.join(','))}`]
        : []),
    ];
    const separator = flags.length > 0 && !/\s--(\s|$)/.test(rest) ? ' --' : '';
    return `npm run ${script}${rest.trimEnd()}${separator}${flags.map((flag) => ` ${flag}`).join('')}`;
  });
}

/** Adds them to every `remedy` and `message` in a result. */
export function repeatFlagsIn<T>(value: T, typed: TypedFlags): T {
  if (Array.isArray(value)) return value.map((each) => repeatFlagsIn(each, typed)) as T;
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([key, each]) => {
    const isText = (key === 'remedy' || key === 'message') && typeof each === 'string';
    return [key, isText ? repeatFlags(each, typed) : repeatFlagsIn(each, typed)];
  });
  return Object.fromEntries(entries) as T;
}
