import { isManagerName, isStartedAsProgram, managerOf, PROGRAM_RUNNERS } from '../package-manager.ts';

/** A command to type, as all texts have it: for npm of any version. */
const COMMAND = /npm run migration:([\w-]+)((?:\\'|'[^'\n]*'|[^\n()])*)/g;
/** Scripts with a step of their own, for a program that has none. */
const STEPS: Record<string, string> = { check: '1', assign: '2', verify: '3' };

/** Spells the commands in a text as the operator has just typed one: with another package manager, or as a program. */
export function spellCommands(text: string, env: Readonly<Record<string, string | undefined>>): string {
  const { name } = managerOf(env);
  const isProgram = isStartedAsProgram(env);
  if (!isManagerName(name) || (name === 'npm' && !isProgram)) return text;
  return text.replace(COMMAND, (_, script: string, rest: string) => {
    // Only npm wants flags behind "--".
    const words = rest.replace(' -- ', ' ');
    if (!isProgram) return `${name} run migration:${script}${words}`;
    const step = STEPS[script];
    const command = step === undefined ? `${script}${words}` : `production-safe${words} --step=${step}`;
    return `${PROGRAM_RUNNERS[name]} prisma-ownership ${command}`;
  });
}
