import { comment, nameSteps, quoteStandard as quote, type Step } from './ddl-names.ts';
import type { Session, TableName } from './dialect.ts';
import { HARMLESS, waitPatiently } from './postgresql-patience.ts';
import {
  createFunction,
  normaliseExpression,
  POLICY,
  type Place,
  type PolicySql,
  writePolicy,
} from './postgresql-policy.ts';
import {
  type ExistingTable,
  listBypassing,
  listDefiners,
  listGuarded,
  listUnreadable,
  listViews,
  printSchemas,
  readRole,
  readTable,
} from './postgresql-rls-catalog.ts';
import { countCrossLinked, countUnowned } from './postgresql-rls-count.ts';
import { planUndo } from './postgresql-rls-undo.ts';
import type {
  IsolatedTable,
  RowSecurityDialect,
  SecurityPlan,
  SecurityRequest,
  TableSecurity,
} from './row-security.ts';

/** PostgreSQL's row-level security: https://www.postgresql.org/docs/current/ddl-rowsecurity.html */
export function createPostgresqlRowSecurity(defaultSchema: string): RowSecurityDialect {
  return {
    readRole,
    plan: (session, request) => planSecurity(session, request, defaultSchema),
    planUndo: (session, request) => planUndo(session, request, defaultSchema),
  };
}

const withSchema: Place = ({ schema, name }) => `${quote(schema)}.${quote(name)}`;

/** Tables of the connection's own schema are named without it, so that the files serve every environment. */
function placeFor(tables: readonly IsolatedTable[], defaultSchema: string): Place {
  const all = tables.flatMap(({ table, parents, links }) => [
    table,
    ...[...parents, ...links].map((each) => each.table),
  ]);
  return all.every(({ schema }) => schema === defaultSchema) ? ({ name }) => quote(name) : withSchema;
}

async function planSecurity(
  session: Session,
  { tables, open, role }: SecurityRequest,
  defaultSchema: string,
): Promise<SecurityPlan> {
  await printSchemas(session);
  const read: { isolated: IsolatedTable; existing: ExistingTable | null }[] = [];
  for (const isolated of tables)
    read.push({ isolated, existing: await readTable(session, isolated.table, role.name) });
  const missing = read.flatMap(({ isolated, existing }) => listMissing(isolated, existing));
  const found =
    missing.length > 0
      ? []
      : read.flatMap(({ existing, ...each }) => (existing ? [{ ...each, existing }] : []));
  const place = placeFor(tables, defaultSchema);
  const steps: Step[] = [];
  const grants: string[] = [];
  const secured: TableSecurity[] = [];
  for (const { isolated, existing } of found) {
    const { state, statements } = compare(isolated, existing, { place, role: role.name });
    secured.push({ ...isolated, state, ...(await describeTable(session, { isolated, existing, tables })) });
    if (statements.length > 0) steps.push(toStep(isolated, statements, place));
    grants.push(...writeGrants(isolated.table, existing, { role: role.name, place, defaultSchema }));
  }
  if (grants.length > 0) steps.push(grant([...new Set(grants)], role.name));
  return {
    tables: secured,
    missing,
    migrations: nameSteps('secure', steps),
    views: await listViews(
      session,
      secured.map(({ table }) => table),
    ),
    left: await listLeft(
      session,
      tables.map(({ table }) => table),
      open,
    ),
    definers: await listDefiners(session, role.name),
    unreadable: await listUnreadable(session, open, role.name),
    bypassing: await listBypassing(session),
  };
}

/** The table, or the columns that its policy names. */
function listMissing(
  { model, table, owner, parents, links }: IsolatedTable,
  existing: ExistingTable | null,
): SecurityPlan['missing'] {
  if (!existing) return [{ model, table, column: null }];
  const named = [
    ...(owner === null ? [] : [owner]),
    ...[...parents, ...links].flatMap(({ columns }) => columns),
  ];
  return [...new Set(named)]
    .filter((column) => existing.columns.every(({ name }) => name !== column))
    .map((column) => ({ model, table, column }));
}

async function listLeft(
  session: Session,
  tables: readonly TableName[],
  open: readonly TableName[],
): Promise<string[]> {
  const schemas = [...tables, ...open].map(({ schema }) => schema);
  const isWanted = (table: TableName) =>
    tables.some(({ schema, name }) => schema === table.schema && name === table.name);
  return (await listGuarded(session))
    .filter(({ table, hasPolicy }) => hasPolicy && schemas.includes(table.schema) && !isWanted(table))
    .map(({ table }) => table.name);
}

async function describeTable(
  session: Session,
  {
    isolated,
    existing,
    tables,
  }: { isolated: IsolatedTable; existing: ExistingTable; tables: readonly IsolatedTable[] },
): Promise<
  Pick<TableSecurity, 'unowned' | 'crossLinked' | 'others' | 'isOwned' | 'mayTruncate' | 'partitions'>
> {
  const { hidesRows, policies, isOwned, mayTruncate, partitions } = existing;
  const others = policies.filter(({ name, isPermissive }) => name !== POLICY && isPermissive);
  return {
    unowned: hidesRows ? null : await countUnowned(session, isolated),
    crossLinked: hidesRows ? null : await countCrossLinked(session, isolated, tables),
    others: others.map(({ name }) => name),
    isOwned,
    mayTruncate,
    partitions,
  };
}

/** What a table lacks, as statements in their order. */
function compare(
  isolated: IsolatedTable,
  { columns, isEnabled, isForced, policies, functions }: ExistingTable,
  { place, role }: { place: Place; role: string },
): { state: TableSecurity['state']; statements: string[] } {
  const name = place(isolated.table);
  const wanted = writePolicy(isolated, columns, place);
  const found = policies.find((policy) => policy.name === POLICY);
  const printed = writePolicy(isolated, columns, withSchema);
  const isSame =
    found?.isWhole === true &&
    normaliseExpression(found.using) === normaliseExpression(printed.using) &&
    normaliseExpression(found.check) === normaliseExpression(printed.check);
  const changed = wanted.functions.filter(({ name: asked, body }) => {
    const there = functions[asked];
    return there?.body !== body || !there.mayRun;
  });
  const statements = [
    ...changed.flatMap((each) => createFunction(each, role)),
    ...(isEnabled ? [] : [`ALTER TABLE ${name} ENABLE ROW LEVEL SECURITY`]),
    ...(isForced ? [] : [`ALTER TABLE ${name} FORCE ROW LEVEL SECURITY`]),
    ...(found && !isSame ? [`DROP POLICY ${POLICY} ON ${name}`] : []),
    ...(isSame ? [] : [createPolicy(name, wanted)]),
  ];
  const state = statements.length === 0 ? 'same' : found ? 'differs' : 'missing';
  return { state, statements };
}

function createPolicy(name: string, { using, check }: PolicySql): string {
  return `CREATE POLICY ${POLICY} ON ${name}\n        USING (${using})\n        WITH CHECK (${check})`;
}

function toStep({ model, table, owner }: IsolatedTable, statements: readonly string[], place: Place): Step {
  const name = place(table);
  const rule =
    owner === null
      ? `A row of ${name} is seen and written by who may see the rows that it hangs on.`
      : `A row of ${name} is seen and written by the user in app.user_id alone; without that setting by nobody.`;
  const text = waitPatiently({
    about: [`${rule} Also by the owner of the table, as it is forced.`, `Locks ${name} for an instant.`],
    sql: statements.join(';\n      '),
    tables: [name],
    harmless: HARMLESS.accessExclusive,
  });
  return { model, does: 'policy', sql: text };
}

/** The rights that the role lacks to use the table, one on each line: what takes them back reads them there. */
function writeGrants(
  table: TableName,
  { lacks, lacksSchema, sequences }: ExistingTable,
  { role, place, defaultSchema }: { role: string; place: Place; defaultSchema: string },
): string[] {
  const to = `TO ${quote(role)};`;
  const placed = (each: TableName) => (each.schema === defaultSchema ? place(each) : withSchema(each));
  return [
    ...(lacksSchema ? [`GRANT USAGE ON SCHEMA ${quote(table.schema)} ${to}`] : []),
    ...(lacks.length > 0 ? [`GRANT ${lacks.join(', ')} ON TABLE ${place(table)} ${to}`] : []),
    ...sequences.map((each) => `GRANT USAGE ON SEQUENCE ${placed(each)} ${to}`),
  ];
}

/** After the policies, so that the role never sees more than it is to. */
function grant(grants: readonly string[], role: string): Step {
  const about = comment(`Lets ${quote(role)} use the tables that have policies now. The role has to exist.`);
  return { model: role, does: 'grants', sql: `${about}${grants.join('\n')}\n` };
}
