import type { Column, Session, TableName } from './dialect.ts';
import { FUNCTION_BEGINS, FUNCTION_SUFFIX, POLICY } from './postgresql-policy.ts';
import type { AppRole, SecurityPlan } from './row-security.ts';
import { sql } from './sql.ts';

/** A policy as the catalogue has it; its expressions name tables with their schemas. */
interface ExistingPolicy {
  name: string;
  /** For all commands and all roles, and one that lets through. */
  isWhole: boolean;
  isPermissive: boolean;
  using: string;
  check: string;
}

/** What the catalogue says of a table about to be isolated. */
export interface ExistingTable {
  columns: Column[];
  isEnabled: boolean;
  isForced: boolean;
  policies: ExistingPolicy[];
  /** Functions by which policies ask, by name: their bodies, and whether the role may run them. */
  functions: Record<string, { body: string; mayRun: boolean }>;
  isOwned: boolean;
  mayTruncate: boolean;
  partitions: string[];
  /** Policies hold for the role of this connection: it cannot count. */
  hidesRows: boolean;
  /** Of SELECT, INSERT, UPDATE and DELETE, those that the role may not, on no column. */
  lacks: string[];
  /** Sequences that defaults of the table take numbers from, and the role may not. */
  sequences: TableName[];
  /** The role may not use the table's schema. */
  lacksSchema: boolean;
}

/** Has everything printed with its schema, whatever this connection would leave out. Until the transaction ends. */
export async function printSchemas(session: Session): Promise<void> {
  await session.query(sql`SELECT set_config('search_path', 'pg_catalog', true)`);
}

/** See `RowSecurityDialect.readRole`. */
export async function readRole(session: Session, name: string | null): Promise<AppRole | null> {
  const [role] = await session.query<AppRole>(sql`
    SELECT r.rolname AS name, r.rolsuper OR r.rolbypassrls AS bypasses,
      (SELECT coalesce(json_agg(b.rolname ORDER BY b.rolname), '[]') FROM pg_roles b
        WHERE (b.rolsuper OR b.rolbypassrls) AND b.oid <> r.oid AND pg_has_role(r.oid, b.oid, 'MEMBER')) AS "mayBecome"
      FROM pg_roles r
     WHERE r.rolname = coalesce(${name}, current_user)`);
  return role ?? null;
}

/** The roles that no policy holds for. */
export async function listBypassing(session: Session): Promise<string[]> {
  const rows = await session.query<{ name: string }>(
    sql`SELECT rolname AS name FROM pg_roles WHERE rolsuper OR rolbypassrls ORDER BY rolname`,
  );
  return rows.map(({ name }) => name);
}

/** Null where there is no such table. */
export async function readTable(
  session: Session,
  { schema, name }: TableName,
  role: string,
): Promise<ExistingTable | null> {
  const rows = await session.query<ExistingTable>(sql`
    SELECT c.relrowsecurity AS "isEnabled", c.relforcerowsecurity AS "isForced", row_security_active(c.oid) AS "hidesRows",
      pg_has_role(${role}, c.relowner, 'MEMBER') AS "isOwned", has_table_privilege(${role}, c.oid, 'TRUNCATE') AS "mayTruncate",
      (WITH RECURSIVE part AS (SELECT inhrelid FROM pg_inherits WHERE inhparent = c.oid
          UNION SELECT i.inhrelid FROM pg_inherits i JOIN part ON i.inhparent = part.inhrelid)
        SELECT coalesce(json_agg(p.relname ORDER BY p.relname), '[]') FROM part JOIN pg_class p ON p.oid = part.inhrelid
         WHERE NOT p.relrowsecurity AND has_table_privilege(${role}, p.oid, 'SELECT, INSERT, UPDATE, DELETE, TRUNCATE')) AS partitions,
      NOT has_schema_privilege(${role}, n.oid, 'USAGE') AS "lacksSchema",
      (SELECT coalesce(json_agg(json_build_object('name', a.attname, 'type', format_type(a.atttypid, a.atttypmod))), '[]')
         FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped) AS columns,
      (SELECT coalesce(json_agg(json_build_object('name', p.polname, 'isPermissive', p.polpermissive,
                'isWhole', p.polcmd = '*' AND p.polpermissive AND p.polroles = '{0}',
                'using', coalesce(pg_get_expr(p.polqual, c.oid), ''), 'check', coalesce(pg_get_expr(p.polwithcheck, c.oid), ''))
                ORDER BY p.polname), '[]')
         FROM pg_policy p WHERE p.polrelid = c.oid) AS policies,
      (SELECT coalesce(json_object_agg(f.proname, json_build_object('body', f.prosrc,
                'mayRun', has_function_privilege(${role}, f.oid, 'EXECUTE'))), '{}') FROM pg_proc f
        WHERE f.pronamespace = n.oid AND right(f.proname, ${FUNCTION_SUFFIX.length}::int) = ${FUNCTION_SUFFIX}) AS functions,
      (SELECT coalesce(json_agg(w.privilege ORDER BY w.position), '[]')
         FROM unnest(ARRAY['SELECT', 'INSERT', 'UPDATE', 'DELETE']) WITH ORDINALITY AS w (privilege, position)
        WHERE NOT CASE w.privilege WHEN 'DELETE' THEN has_table_privilege(${role}, c.oid, w.privilege)
                  ELSE has_any_column_privilege(${role}, c.oid, w.privilege) END) AS lacks,
      (SELECT coalesce(json_agg(DISTINCT jsonb_build_object('schema', m.nspname, 'name', s.relname)), '[]')
         FROM pg_attrdef d JOIN pg_depend e ON e.classid = 'pg_attrdef'::regclass AND e.objid = d.oid
          AND e.refclassid = 'pg_class'::regclass
         JOIN pg_class s ON s.oid = e.refobjid JOIN pg_namespace m ON m.oid = s.relnamespace
        WHERE d.adrelid = c.oid
          AND CASE s.relkind WHEN 'S' THEN NOT has_sequence_privilege(${role}, s.oid, 'USAGE') ELSE false END) AS sequences
      FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE n.nspname = ${schema} AND c.relname = ${name} AND c.relkind IN ('r', 'p')`);
  return rows[0] ?? null;
}

/**
 * Views over these tables, directly or by other views, whose owner bypasses policies, and materialized views, which hold what
 * whoever refreshed them could see. A view with `security_invoker` has the rights of who asks.
 */
export function listViews(session: Session, tables: readonly TableName[]): Promise<SecurityPlan['views']> {
  const names = JSON.stringify(tables);
  return session.query(sql`
    WITH RECURSIVE isolated AS (
      SELECT c.oid, c.relname FROM json_to_recordset(${names}::json) AS t (schema text, name text)
        JOIN pg_namespace n ON n.nspname = t.schema JOIN pg_class c ON c.relnamespace = n.oid AND c.relname = t.name
    ), reading AS (
      SELECT w.ev_class AS oid, i.relname FROM isolated i
        JOIN pg_depend d ON d.refclassid = 'pg_class'::regclass AND d.refobjid = i.oid AND d.classid = 'pg_rewrite'::regclass
        JOIN pg_rewrite w ON w.oid = d.objid WHERE w.ev_class <> i.oid
      UNION
      SELECT w.ev_class, r.relname FROM reading r
        JOIN pg_depend d ON d.refclassid = 'pg_class'::regclass AND d.refobjid = r.oid AND d.classid = 'pg_rewrite'::regclass
        JOIN pg_rewrite w ON w.oid = d.objid WHERE w.ev_class <> r.oid
    )
    SELECT v.relname AS view, o.rolname AS owner, v.relkind = 'm' AS "isCopy", json_agg(DISTINCT r.relname) AS reads
      FROM reading r JOIN pg_class v ON v.oid = r.oid JOIN pg_roles o ON o.oid = v.relowner
     WHERE v.relkind = 'm' OR (v.relkind = 'v' AND (o.rolsuper OR o.rolbypassrls)
            AND NOT coalesce(v.reloptions && ARRAY['security_invoker=true', 'security_invoker=on', 'security_invoker=1'], false))
     GROUP BY v.oid, v.relname, o.rolname, v.relkind ORDER BY v.relname`);
}

/** Functions of SECURITY DEFINER that the role may run, besides those of extensions and of triggers. */
export function listDefiners(session: Session, role: string): Promise<SecurityPlan['definers']> {
  return session.query(sql`
    SELECT DISTINCT f.proname AS name, o.rolname AS owner
      FROM pg_proc f JOIN pg_roles o ON o.oid = f.proowner JOIN pg_namespace n ON n.oid = f.pronamespace
     WHERE f.prosecdef AND (o.rolsuper OR o.rolbypassrls) AND f.prorettype <> 'trigger'::regtype
       AND n.nspname NOT IN ('pg_catalog', 'information_schema')
       AND has_schema_privilege(${role}, n.oid, 'USAGE') AND has_function_privilege(${role}, f.oid, 'EXECUTE')
       AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.classid = 'pg_proc'::regclass AND d.objid = f.oid AND d.deptype = 'e')
     ORDER BY 1`);
}

/** The names of those of these tables that the role may not read. */
export async function listUnreadable(
  session: Session,
  tables: readonly TableName[],
  role: string,
): Promise<string[]> {
  const rows = await session.query<{ name: string }>(sql`
    SELECT c.relname AS name FROM json_to_recordset(${JSON.stringify(tables)}::json) AS t (schema text, name text)
      JOIN pg_namespace n ON n.nspname = t.schema JOIN pg_class c ON c.relnamespace = n.oid AND c.relname = t.name
     WHERE NOT (has_schema_privilege(${role}, n.oid, 'USAGE') AND has_table_privilege(${role}, c.oid, 'SELECT')) ORDER BY 1`);
  return rows.map(({ name }) => name);
}

/** A function that policies ask, as DROP FUNCTION takes it. */
export interface AskedFunction {
  schema: string;
  name: string;
  types: string;
}

/** A table with row-level security, or with a policy of ours, by which it may have to be found. */
export interface GuardedTable {
  table: TableName;
  hasPolicy: boolean;
  /** It has policies of others. */
  isKept: boolean;
  isEnabled: boolean;
  isForced: boolean;
  /** Functions that our policy asks. */
  functions: AskedFunction[];
}

/** Every table with row-level security, whoever made it. */
export function listGuarded(session: Session): Promise<GuardedTable[]> {
  return session.query(sql`
    SELECT json_build_object('schema', n.nspname, 'name', c.relname) AS table, p.oid IS NOT NULL AS "hasPolicy",
      c.relrowsecurity AS "isEnabled", c.relforcerowsecurity AS "isForced",
      EXISTS (SELECT 1 FROM pg_policy o WHERE o.polrelid = c.oid AND o.polname <> ${POLICY}) AS "isKept",
      (SELECT coalesce(json_agg(DISTINCT jsonb_build_object('schema', m.nspname, 'name', f.proname,
                'types', pg_get_function_identity_arguments(f.oid))), '[]')
         FROM pg_depend d JOIN pg_proc f ON f.oid = d.refobjid JOIN pg_namespace m ON m.oid = f.pronamespace
        WHERE d.classid = 'pg_policy'::regclass AND d.objid = p.oid AND d.refclassid = 'pg_proc'::regclass
          AND right(f.proname, ${FUNCTION_SUFFIX.length}::int) = ${FUNCTION_SUFFIX}) AS functions
      FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
      LEFT JOIN pg_policy p ON p.polrelid = c.oid AND p.polname = ${POLICY}
     WHERE p.oid IS NOT NULL OR c.relrowsecurity OR c.relforcerowsecurity ORDER BY c.relname`);
}

/** Functions of ours in these schemas that no policy asks any more, since somebody changed it. */
export function listLeftFunctions(session: Session, schemas: readonly string[]): Promise<AskedFunction[]> {
  return session.query(sql`
    SELECT m.nspname AS schema, f.proname AS name, pg_get_function_identity_arguments(f.oid) AS types
      FROM pg_proc f JOIN pg_namespace m ON m.oid = f.pronamespace
     WHERE m.nspname IN (SELECT json_array_elements_text(${JSON.stringify(schemas)}::json))
       AND right(f.proname, ${FUNCTION_SUFFIX.length}::int) = ${FUNCTION_SUFFIX}
       AND starts_with(f.prosrc, ${FUNCTION_BEGINS})
       AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.refclassid = 'pg_proc'::regclass AND d.refobjid = f.oid)
     ORDER BY f.proname`);
}

/** A right can be taken back only from a role that is there. */
export async function listRoles(session: Session): Promise<string[]> {
  const rows = await session.query<{ name: string }>(sql`SELECT rolname AS name FROM pg_roles`);
  return rows.map(({ name }) => name);
}
