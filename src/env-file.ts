import { readFileSync, statSync } from 'node:fs';
import { parse } from 'dotenv';

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Reads a `.env` file, an empty one where there is none. `${NAME}` and `${NAME:-default}` are replaced as Prisma's own
 * reader does (dotenv-expand); a plain `$` is text, because passwords have it.
 */
export function readEnvFile(file: string, env: Environment): Record<string, string> {
  if (!statSync(file, { throwIfNoEntry: false })?.isFile()) return {};
  const values = parse(readFileSync(file, 'utf8'));
  const expand = (text: string, open: readonly string[]): string =>
    text.replace(/\\\$|\$\{(\w+)(?::?-([^}]*))?\}/g, (found, name?: string, fallback?: string) => {
      if (name === undefined) return '$';
      const value = env[name] || (open.includes(name) ? '' : expand(values[name] ?? '', [...open, name]));
      return value || (fallback ?? (name in values ? '' : found));
    });
  return Object.fromEntries(Object.entries(values).map(([name, text]) => [name, expand(text, [name])]));
}
