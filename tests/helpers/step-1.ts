import type { Finding } from '../../src/ownership/findings.ts';
import type { TestDatabase } from './database.ts';
import { runOn } from './life-cycle.ts';

/** What step 1 finds for Ana, and how it ends. */
export async function runStep1(
  database: TestDatabase,
  ...flags: string[]
): Promise<{ code: number | null; findings: Finding[] }> {
  const { code, stdout, stderr } = await runOn(database, ['production-safe', '--step=1', ...flags, 'ana']);
  try {
    return { code, findings: JSON.parse(stdout).findings };
  } catch {
    throw new Error(`step 1 ended with ${code}: ${stdout}${stderr}`);
  }
}

/** The findings of step 1 in short: "warning NO_OWNER_INDEX Note". */
export async function listFindings(database: TestDatabase, ...flags: string[]): Promise<string[]> {
  const { findings } = await runStep1(database, ...flags);
  return findings.map(({ severity, code, model }) => `${severity} ${code} ${model}`);
}

/** The only finding with a code, and the SQL of its remedy, line by line. */
export async function findOne(
  database: TestDatabase,
  code: string,
): Promise<Finding & { sql: readonly string[] }> {
  const { findings } = await runStep1(database);
  const [finding, ...others] = findings.filter((each) => each.code === code);
  if (!finding || others.length > 0)
    throw new Error(`${code} is not there once: ${JSON.stringify(findings)}`);
  const [, ...sql] = finding.remedy.split('\n');
  return { ...finding, sql };
}
