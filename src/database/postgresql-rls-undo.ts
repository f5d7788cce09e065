import type { Migration } from './ddl.ts';
import { comment, nameSteps, quoteStandard as quote, type Step } from './ddl-names.ts';
import type { Session, TableName } from './dialect.ts';
import { HARMLESS, waitPatiently } from './postgresql-patience.ts';
import { POLICY } from './postgresql-policy.ts';
import { listPolicied, listRoles, type PoliciedTable } from './postgresql-rls-catalog.ts';
import type { GrantedRight } from './row-security.ts';
import { sql } from './sql.ts';

/** See `RowSecurityDialect.planUndo`. The rights go first: in between, nobody is to see more than before. */
export async function planUndo(
  session: Session,
  granted: readonly GrantedRight[],
  defaultSchema: string,
): Promise<Migration[]> {
  const tables = await listPolicied(session);
  const isBare = tables.every(({ table }) => table.schema === defaultSchema);
  const place = ({ schema, name }: TableName) => (isBare ? quote(name) : `${quote(schema)}.${quote(name)}`);
  const roles = await listRoles(session);
  const rights: GrantedRight[] = [];
  for (const right of granted)
    if (roles.includes(right.role) && (await isThere(session, right, defaultSchema))) rights.push(right);
  const revokes = rights.map(({ rights: what, on, role }) => `REVOKE ${what} ON ${on} FROM ${quote(role)};`);
  const [role] = rights.map((each) => each.role);
  const about = comment('Takes the rights back that the migrations of row-level security granted.');
  const steps: Step[] = tables.length === 0 ? [] : tables.map((each) => dropPolicy(each, place));
  if (role !== undefined && tables.length > 0)
    steps.unshift({ model: role, does: 'grants', sql: `${about}${revokes.join('\n')}\n` });
  return nameSteps('unsecure', steps);
}

/** A table with policies of others stays enabled and forced, as they would hold no more. */
function dropPolicy({ table, isKept, functions }: PoliciedTable, place: (table: TableName) => string): Step {
  const name = place(table);
  const statements = [
    `DROP POLICY ${POLICY} ON ${name}`,
    ...(isKept
      ? []
      : [
          `ALTER TABLE ${name} NO FORCE ROW LEVEL SECURITY`,
          `ALTER TABLE ${name} DISABLE ROW LEVEL SECURITY`,
        ]),
    ...functions.map(({ types, ...each }) => `DROP FUNCTION ${place(each)}(${types})`),
  ];
  const text = waitPatiently({
    about: [
      isKept
        ? `Takes our policy off ${name}; its other policies stay, and row-level security with them.`
        : `Everybody who may read ${name} sees all of its rows again.`,
      `Locks ${name} for an instant.`,
    ],
    sql: statements.join(';\n      '),
    tables: [name],
    harmless: HARMLESS.accessExclusive,
  });
  return { model: table.name.replace(/^_/, ''), does: 'policy', sql: text };
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
