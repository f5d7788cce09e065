import { readFileSync } from 'node:fs';
import { cpus, release, totalmem, type } from 'node:os';

/** What the machine is, as far as times depend on it; nothing that names it. */
export function describeMachine(): string[] {
  const [{ model = 'unknown processor' } = {}, ...others] = cpus();
  return [
    `${model.trim()}, ${others.length + 1} cores`,
    `${Math.round(totalmem() / 2 ** 30)} GB of memory`,
    `${findDistribution() ?? type()}, ${type()} ${release()}`,
    `Node ${process.versions.node}`,
  ];
}

function findDistribution(): string | undefined {
  try {
    return /^PRETTY_NAME="?(.*?)"?$/m.exec(readFileSync('/etc/os-release', 'utf8'))?.[1];
  } catch {
    return undefined;
  }
}
