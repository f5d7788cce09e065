import type { Database } from '../database/dialect.ts';
import type { AppRole, RowSecurityDialect, SecurityPlan, WrittenSecurity } from '../database/row-security.ts';
import { roleUnknown, rowSecurityUnsupported } from '../errors.ts';
import type { FileChange } from '../files.ts';
import { listMigrations, type StoredMigration } from '../migrations/folder.ts';
import { type Finding, hasErrors, tableMissing } from '../ownership/findings.ts';
import { tableOf } from '../ownership/target.ts';
import { planPhaseMigrations } from '../phases/migrations.ts';
import type { PhaseProject } from '../phases/plan.ts';
import { type Model, readDataModel } from '../schema/parse.ts';
import * as findings from './findings.ts';
import { type LeftOut, listIsolatedTables } from './tables.ts';

/** What is to be written for row-level security. An error among the findings forbids it. */
export interface RowSecurityPlan extends Pick<SecurityPlan, 'tables' | 'bypassing'> {
  role: AppRole;
  changes: FileChange[];
  findings: Finding[];
}

/** Our folders, whose names begin with a time. */
const SECURED = /^\d{14}_row_level_security(_|$)/;
const UNSECURED = /^\d{14}_undo_row_level_security(_|$)/;

/** The database's policies. Throws RLS_UNSUPPORTED where it has none, before anything else is looked at. */
function requireRowSecurity({ dialect }: Database): RowSecurityDialect {
  if (!dialect.rowSecurity) throw rowSecurityUnsupported(dialect.provider);
  return dialect.rowSecurity;
}

/**
 * Plans policies for every table whose rows have owners, and the rights that the role lacks on them, as migrations: what is
 * there already is left alone. `role` is null for the one of the connection. Writes nothing. Throws RLS_UNSUPPORTED,
 * ROLE_UNKNOWN, and as `planPhaseMigrations`.
 */
export async function planRowSecurity(
  project: PhaseProject,
  database: Database,
  role: string | null,
): Promise<RowSecurityPlan> {
  const rowSecurity = requireRowSecurity(database);
  const { defaultSchema } = database.url;
  const dataModel = readDataModel(project.located.files);
  const { tables, leftOut } = listIsolatedTables({ ...project, dataModel, defaultSchema });
  const isLeftOut = ({ name }: Model) => leftOut.some(({ model }) => model === name);
  const open = project.schema.models.filter(isLeftOut).map((model) => tableOf(model, defaultSchema));
  const read = await database.read(async (session) => {
    const appRole = await rowSecurity.readRole(session, role);
    if (!appRole) throw roleUnknown(role ?? '');
    return { appRole, plan: await rowSecurity.plan(session, { tables, open, role: appRole }) };
  });
  const { migrations, missing, views, left, definers, unreadable, tables: secured, bypassing } = read.plan;
  const found = [
    ...describeMissing(missing),
    ...describeRole(read.appRole, read.plan),
    ...secured.flatMap((table) => describeTable(table, read.appRole)),
    ...describeLeftOut(leftOut),
    ...(left.length > 0 ? [findings.policiesLeft(left)] : []),
    ...views.map(({ view, owner, reads, isCopy }) =>
      isCopy ? findings.copyBypasses(view, reads) : findings.viewBypasses(view, owner, reads),
    ),
    ...definers.map(({ name, owner }) => findings.functionBypasses(name, owner)),
    ...(unreadable.length > 0 ? [findings.rightsMissing(read.appRole.name, unreadable)] : []),
  ];
  const changes = hasErrors(found)
    ? []
    : await planPhaseMigrations(project, database, { columns: migrations, write: async () => migrations });
  return { tables: secured, bypassing, role: read.appRole, changes, findings: found };
}

/** Plans to take all of it back: policies that are in the database, and what the project's migrations did besides. */
export async function planUndoRowSecurity(
  project: PhaseProject,
  database: Database,
): Promise<Pick<RowSecurityPlan, 'changes'>> {
  const rowSecurity = requireRowSecurity(database);
  const { defaultSchema } = database.url;
  const written = listWritten(listMigrations(project.located.migrations));
  const schemas = [...new Set(project.schema.models.map((model) => tableOf(model, defaultSchema).schema))];
  const migrations = await database.read((session) => rowSecurity.planUndo(session, { written, schemas }));
  return {
    changes: await planPhaseMigrations(project, database, {
      columns: migrations,
      write: async () => migrations,
    }),
  };
}

/** What the migrations since the last undoing did. */
function listWritten(stored: readonly StoredMigration[]): WrittenSecurity {
  const last = stored.findLastIndex(({ name }) => UNSECURED.test(name));
  const secured = stored.slice(last + 1).filter(({ name }) => SECURED.test(name));
  const match = (pattern: RegExp) => secured.flatMap(({ sql }) => [...sql.matchAll(pattern)]);
  const tables = (pattern: RegExp) => match(pattern).map(([, table = '']) => table);
  return {
    rights: match(/^GRANT (.+?) ON (.+) TO "((?:[^"]|"")*)";$/gm).map(
      ([, rights = '', on = '', role = '']) => ({ rights, on, role: role.replaceAll('""', '"') }),
    ),
    policies: tables(/^ *CREATE POLICY ownership_isolation ON (".+")$/gm),
    enabled: tables(/^ *ALTER TABLE (".+") ENABLE ROW LEVEL SECURITY;?$/gm),
    forced: tables(/^ *ALTER TABLE (".+") FORCE ROW LEVEL SECURITY;?$/gm),
  };
}

function describeMissing(missing: SecurityPlan['missing']): Finding[] {
  return missing.map(({ model, table, column }) =>
    column === null ? tableMissing(model, table.name) : findings.columnNotThere(model, column),
  );
}

function describeRole({ name, bypasses, mayBecome }: AppRole, { tables }: SecurityPlan): Finding[] {
  if (bypasses) return [findings.roleBypasses(name)];
  const own = tables.filter(({ isOwned }) => isOwned).map(({ table }) => table.name);
  // An owner may do that anyway.
  const emptied = tables.filter((each) => each.mayTruncate && !each.isOwned).map(({ table }) => table.name);
  return [
    ...(mayBecome.length > 0 ? [findings.roleMayBecome(name, mayBecome)] : []),
    ...(own.length > 0 ? [findings.roleOwnsTables(name, own)] : []),
    ...(emptied.length > 0 ? [findings.mayTruncate(name, emptied)] : []),
  ];
}

function describeTable(
  { model, unowned, crossLinked, others, partitions }: SecurityPlan['tables'][number],
  role: AppRole,
): Finding[] {
  return [
    ...(unowned !== null && unowned > 0 ? [findings.unownedHidden(model, unowned)] : []),
    ...(crossLinked !== null && crossLinked > 0 ? [findings.crossLinked(model, crossLinked)] : []),
    ...(others.length > 0 ? [findings.otherPolicies(model, others)] : []),
    ...(partitions.length > 0 ? [findings.partitionsOpen(role.name, model, partitions)] : []),
  ];
}

function describeLeftOut(leftOut: readonly LeftOut[]): Finding[] {
  const known = leftOut.filter(({ why }) => why !== 'closed').map(({ model }) => model);
  return [
    ...leftOut
      .filter(({ why }) => why === 'closed')
      .map(({ model, reason }) => findings.modelWithoutPolicy(model, reason)),
    ...(known.length > 0 ? [findings.modelsLeftOut(known)] : []),
  ];
}
