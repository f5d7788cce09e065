import type { Migration } from './ddl.ts';
import { comment, nameSteps, quoteStandard as quote, type Step } from './ddl-names.ts';
import type { Session, TableName } from './dialect.ts';
import { HARMLESS, waitPatiently } from './postgresql-patience.ts';
import { POLICY } from './postgresql-policy.ts';
import {
  type AskedFunction,
  type GuardedTable,
  listGuarded,
  listLeftFunctions,
  listRoles,
} from './postgresql-rls-catalog.ts';
import type { GrantedRight, UndoRequest, WrittenSecurity } from './row-security.ts';
import { sql } from './sql.ts';

/** See `RowSecurityDialect.planUndo`. The rights go first: in between, nobody is to see more than before. */
export async function planUndo(
  session: Session,
  { written, schemas }: UndoRequest,
  defaultSchema: string,
): Promise<Migration[]> {
  const tables = (await listGuarded(session))
    .map((each) => ({ ...each, did: listDone(each.table, written, defaultSchema) }))
    .filter(({ table, hasPolicy, did }) => (hasPolicy && schemas.includes(table.schema)) || did.policy);
  const left = await listLeftFunctions(session, schemas);
  const isBare = [...tables.map(({ table }) => table), ...left].every(
    ({ schema }) => schema === defaultSchema,
  );
  const place = ({ schema, name }: TableName) => (isBare ? quote(name) : `${quote(schema)}.${quote(name)}`);
  return nameSteps('unsecure', [
    ...(await revoke(session, written.rights, defaultSchema)),
    ...tables.flatMap((each) => dropPolicy(each, place)),
    ...(left.length > 0 ? [dropFunctions(left, place)] : []),
  ]);
}

/** What the migrations did to a table. */
function listDone({ schema, name }: TableName, written: WrittenSecurity, defaultSchema: string) {
  const isIn = (tables: readonly string[]) =>
    tables.includes(`${quote(schema)}.${quote(name)}`) ||
    (schema === defaultSchema && tables.includes(quote(name)));
  return { policy: isIn(written.policies), enabled: isIn(written.enabled), forced: isIn(written.forced) };
}

async function revoke(
  session: Session,
  granted: readonly GrantedRight[],
  defaultSchema: string,
): Promise<Step[]> {
  const roles = await listRoles(session);
  const rights: GrantedRight[] = [];
  for (const right of granted)
    if (roles.includes(right.role) && (await isThere(session, right, defaultSchema))) rights.push(right);
  const revokes = rights.map(({ rights: what, on, role }) => `REVOKE ${what} ON ${on} FROM ${quote(role)};`);
  const about = comment('Takes the rights back that the migrations of row-level security granted.');
  return rights.slice(0, 1).map(({ role }) => ({
    model: role,
    does: 'grants',
    sql: `${about}${revokes.join('\n')}\n`,
  }));
}

/**
 * Switches off what the migrations switched on, or all where they are not known any more. But policies that others have made
 * since would hold no more, so a table with such stays enabled and forced.
 */
function dropPolicy(
  {
    table,
    hasPolicy,
    isKept,
    isEnabled,
    isForced,
    did,
    functions,
  }: GuardedTable & { did: ReturnType<typeof listDone> },
  place: (table: TableName) => string,
): Step[] {
  const name = place(table);
  const staysForced = isKept && (did.enabled || !did.policy);
  const statements = [
    ...(hasPolicy ? [`DROP POLICY ${POLICY} ON ${name}`] : []),
    ...(isForced && !staysForced && (did.forced || !did.policy)
      ? [`ALTER TABLE ${name} NO FORCE ROW LEVEL SECURITY`]
      : []),
    ...(isEnabled && !isKept && (did.enabled || !did.policy)
      ? [`ALTER TABLE ${name} DISABLE ROW LEVEL SECURITY`]
      : []),
    ...functions.map(({ types, ...each }) => `DROP FUNCTION ${place(each)}(${types})`),
  ];
  if (statements.length === 0) return [];
  const isOpen = !isEnabled || statements.some((each) => each.includes(' DISABLE '));
  const text = waitPatiently({
    about: [
      isOpen
        ? `Everybody who may read ${name} sees all of its rows again.`
        : `Takes our policy off ${name}; row-level security stays on, with the policies of others where it has any.`,
      `Locks ${name} for an instant.`,
    ],
    sql: statements.join(';\n      '),
    tables: [name],
    harmless: HARMLESS.accessExclusive,
  });
  return [{ model: table.name.replace(/^_/, ''), does: 'policy', sql: text }];
}

function dropFunctions(left: readonly AskedFunction[], place: (table: TableName) => string): Step {
  const about = comment('Functions of policies that were changed since, which nothing asks any more.');
  const drops = left.map(({ types, ...each }) => `DROP FUNCTION ${place(each)}(${types});`);
  return { model: 'left', does: 'functions', sql: `${about}${drops.join('\n')}\n` };
}

/** A name without a schema is one of the connection's own. */
async function isThere(session: Session, { on }: GrantedRight, defaultSchema: string): Promise<boolean> {
  const [, kind = '', name = ''] = /^(TABLE|SEQUENCE|SCHEMA) (.*)$/.exec(on) ?? [];
  const placed = name.includes('"."') ? name : `${quote(defaultSchema)}.${name}`;
  const found =
    kind === 'SCHEMA'
      ? sql`SELECT to_regnamespace(${name}) IS NOT NULL AS "isThere"`
      : sql`SELECT to_regclass(${placed}) IS NOT NULL AS "isThere"`;
  const rows = await session.query<{ isThere: boolean }>(found);
  return rows[0]?.isThere === true;
}
