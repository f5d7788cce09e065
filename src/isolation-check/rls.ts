import type { ModelClient } from '../database/model-client.ts';
import { getDmmf, listPrivate, type Shape } from './shape.ts';

/**
 * What row-level security does for the role that DATABASE_URL names. tried: it holds for it, so attempts are made. none: no table
 * has it. bypassed: tables have it, and this role is above it.
 */
export interface RlsState {
  state: 'tried' | 'none' | 'bypassed';
  reason: string | null;
}

interface TableState {
  name: string;
  enabled: boolean;
  active: boolean;
}

/** Asks the database. The tables are named as Prisma names them. */
export async function readRls(client: ModelClient, shape: Shape, defaultSchema: string): Promise<RlsState> {
  if (shape.provider !== 'postgresql')
    return {
      state: 'none',
      reason: `${shape.provider === 'mysql' ? 'MySQL' : 'SQLite'} has no row-level security`,
    };
  const states = await readTables(client, shape, defaultSchema);
  if (states.every(({ enabled }) => !enabled))
    return { state: 'none', reason: 'no table of these models has row-level security' };
  if (states.some(({ active }) => active)) {
    const without = states.filter(({ active }) => !active).map(({ name }) => name);
    return {
      state: 'tried',
      reason: without.length > 0 ? `it does not hold for ${without.join(', ')}` : null,
    };
  }
  return { state: 'bypassed', reason: await readBypass(client) };
}

async function readTables(client: ModelClient, shape: Shape, defaultSchema: string): Promise<TableState[]> {
  const states: TableState[] = [];
  for (const model of listPrivate(shape)) {
    const { name, dbName, schema } = getDmmf(shape, model);
    const found = (await client.$queryRawUnsafe(
      `SELECT c.relrowsecurity AS enabled, row_security_active(c.oid) AS active
         FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = $1 AND c.relname = $2`,
      schema ?? defaultSchema,
      dbName ?? name,
    )) as Omit<TableState, 'name'>[];
    states.push(...found.map((each) => ({ name: model, ...each })));
  }
  return states;
}

async function readBypass(client: ModelClient): Promise<string> {
  const [role] = (await client.$queryRawUnsafe(
    'SELECT rolname AS name, rolsuper AS super, rolbypassrls AS bypass FROM pg_roles WHERE rolname = current_user',
  )) as { name: string; super: boolean; bypass: boolean }[];
  const why = role?.super
    ? 'is a superuser'
    : role?.bypass
      ? 'has BYPASSRLS'
      : 'owns the tables, which do not FORCE it';
  return `the role ${role?.name} ${why}, so row-level security does not hold for it: set DATABASE_URL to the role of the application`;
}

/** Whether the server takes no writes, as a replica does not. */
export async function isReadOnly(client: ModelClient, provider: Shape['provider']): Promise<boolean> {
  if (provider === 'sqlite') return false;
  const sql =
    provider === 'postgresql'
      ? "SELECT current_setting('transaction_read_only') AS state"
      : 'SELECT @@global.read_only AS state';
  const [row] = (await client.$queryRawUnsafe(sql)) as { state: unknown }[];
  return ['on', '1', 'ON'].includes(String(row?.state));
}
