type Environment = Readonly<Record<string, string | undefined>>;

/** How each package manager runs an installed program. */
export const PROGRAM_RUNNERS = { npm: 'npx', pnpm: 'pnpm exec', yarn: 'yarn run', bun: 'bunx' } as const;
export type ManagerName = keyof typeof PROGRAM_RUNNERS;

/** The package manager that started us, by what it says of itself; an empty name where none did. */
export function managerOf(env: Environment): { name: string; major: number } {
  const [, name = '', major = ''] = /^(\w+)\/(\d+)/.exec(env.npm_config_user_agent ?? '') ?? [];
  return { name, major: Number(major) };
}

/** Whether a name is that of a package manager that we know. */
export function isManagerName(name: string): name is ManagerName {
  return Object.hasOwn(PROGRAM_RUNNERS, name);
}

/**
 * Whether we were started as a program and not as a script: `npx prisma-ownership models`. Then there may be no scripts.
 * Recorded from npm 11, pnpm 10, yarn 1 and 4, and bun: they leave the script's name out, or give their own or ours.
 */
export function isStartedAsProgram(env: Environment): boolean {
  const { npm_lifecycle_event: script = '' } = env;
  return isManagerName(managerOf(env).name) && ['', 'npx', 'bunx', 'prisma-ownership'].includes(script);
}
