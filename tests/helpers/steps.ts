import { loadConfig } from '../../src/config.ts';
import { withDatabase } from '../../src/database/connect.ts';
import type { Database, Session } from '../../src/database/dialect.ts';
import { type AssignResult, assign } from '../../src/ownership/assign.ts';
import { check } from '../../src/ownership/check.ts';
import { hasErrors } from '../../src/ownership/findings.ts';
import { planAssignment } from '../../src/ownership/plan.ts';
import { type RollbackResult, rollback } from '../../src/ownership/rollback.ts';
import { planRollback } from '../../src/ownership/rollback-plan.ts';
import { type VerifyResult, verify } from '../../src/ownership/verify.ts';
import { type Operator, takeWriterLock } from '../../src/ownership/writer.ts';
import type { TestDatabase } from './database.ts';

/**
 * Where a process dies: at its n-th writing transaction, before it, inside it with all its statements done, or right
 * after its commit.
 */
interface Death {
  write: number;
  when: 'before' | 'inside' | 'after';
}

/** How the operator's process ends before its work is done. */
export interface Interruption {
  /** Ctrl-C during the n-th writing transaction; 0 is before the first. */
  abortAt?: number;
  death?: Death;
  /** Called before each writing transaction: what the application does then, or another way to die. */
  beforeWrite?: () => Promise<void>;
  /** Called in each writing transaction, before its own statements: what the connection has to suffer. */
  atBegin?: (session: Session) => Promise<void>;
}

/** Thrown where the process would be gone. */
export class Died extends Error {}

/** Numbers that no process has: those of Linux end at 2^22. */
let processes = 2 ** 22;

/** Step 2 as a process of its own would do it, whose predecessors are all dead. Throws `Died`. */
export function runAssign(
  target: TestDatabase,
  options: { userId: string; batchSize: number } & Interruption,
): Promise<AssignResult> {
  return withProcess(target, options, async (database, { operator, signal }) => {
    const { decision, schema } = await configOf(target);
    await takeWriterLock(database, operator);
    const checked = await check(database, decision, options.userId);
    if (hasErrors(checked.findings)) throw new Error(`refused: ${JSON.stringify(checked.findings)}`);
    const plan = planAssignment(checked, options.batchSize);
    return assign(database, plan, {
      owner: checked.owner,
      ownerModel: decision.owner.model.name,
      operator,
      toolVersion: '0.0.0-test',
      fingerprint: schema.fingerprint,
      flags: {},
      signal,
      onProgress: () => undefined,
    });
  });
}

/** Rollback of the last run as a process of its own would do it. Throws `Died`. */
export function runRollback(target: TestDatabase, options: Interruption = {}): Promise<RollbackResult> {
  return withProcess(target, options, async (database, process) => {
    await takeWriterLock(database, process.operator);
    return rollback(database, await planRollback(database, undefined), process);
  });
}

/** Step 3. */
export async function runVerify(target: TestDatabase, userId: string): Promise<VerifyResult> {
  const { url, decision } = await configOf(target);
  return withDatabase(url, (database) => verify(database, decision, userId));
}

function configOf({ url, folder, schemaPath }: TestDatabase) {
  return loadConfig({ env: { DATABASE_URL: url }, cwd: folder, schema: schemaPath });
}

async function withProcess<T>(
  target: TestDatabase,
  interruption: Interruption,
  work: (database: Database, process: { operator: Operator; signal: AbortSignal }) => Promise<T>,
): Promise<T> {
  processes += 1;
  const operator = { command: 'test', host: 'test-host', pid: processes, isAlive: () => false };
  const interrupt = new AbortController();
  if (interruption.abortAt === 0) interrupt.abort();
  const { url } = await configOf(target);
  return withDatabase(url, (database) =>
    work(withInterruption(database, interruption, interrupt), { operator, signal: interrupt.signal }),
  );
}

/** A database that does what the interruption says at one of its writing transactions. */
function withInterruption(
  database: Database,
  { abortAt, death, beforeWrite, atBegin }: Interruption,
  interrupt: AbortController,
): Database {
  let writes = 0;
  let isDead = false;
  return {
    ...database,
    write: async (inside) => {
      const work = async (session: Session) => {
        await atBegin?.(session);
        return inside(session);
      };
      if (isDead) throw new Died();
      writes += 1;
      if (abortAt === writes) interrupt.abort();
      await beforeWrite?.();
      if (death?.write !== writes) return database.write(work);
      isDead = true;
      if (death.when === 'inside') {
        return database.write(async (session) => {
          await work(session);
          throw new Died();
        });
      }
      if (death.when === 'after') await database.write(work);
      throw new Died();
    },
  };
}
