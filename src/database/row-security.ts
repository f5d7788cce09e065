import type { Migration } from './ddl.ts';
import type { Session, TableName } from './dialect.ts';

/** A foreign key that policies follow. Names are the database's. */
export interface PolicyLink {
  /** Where it points. */
  table: TableName;
  columns: string[];
  references: string[];
  /** A row without it is one as well. */
  isOptional: boolean;
  /** What is asked of the other table comes back to this one, which PostgreSQL refuses in a policy: a function asks. */
  isCircular: boolean;
}

/** A table whose rows are to be seen by their owners alone. */
export interface IsolatedTable {
  /** The Prisma model, or the name of a many-to-many relation. */
  model: string;
  table: TableName;
  /** The owner column; null where rows belong to the owners of those that they hang on. */
  owner: string | null;
  /** A row is seen where all of these are. */
  parents: PolicyLink[];
  /** What is written may point at nothing else than rows that are seen. */
  links: PolicyLink[];
}

/** The role that an application connects as. */
export interface AppRole {
  name: string;
  /** It is a superuser or has BYPASSRLS: no policy holds for it. */
  bypasses: boolean;
  /** Such roles that it is a member of, so that it may become one by SET ROLE. */
  mayBecome: string[];
}

/** How a table stands, before the migrations. */
export interface TableSecurity extends IsolatedTable {
  /** `differs`: there is a policy of ours, and it, or what it needs, is another one. */
  state: 'missing' | 'differs' | 'same';
  /** Rows without an owner, and rows that point at one of another owner; null where policies hide rows from this connection. */
  unowned: number | null;
  crossLinked: number | null;
  /** Further policies, which let through what they say besides. */
  others: string[];
  /** The role owns the table, or is a member of the role that does. */
  isOwned: boolean;
  /** The role may empty it, whoever's the rows are. */
  mayTruncate: boolean;
  /** Tables that are parts of it, which have no policy, and which the role may use by themselves. */
  partitions: string[];
}

/** What is to be isolated, and for whom; `open` are tables that get no policy. */
export interface SecurityRequest {
  tables: readonly IsolatedTable[];
  open: readonly TableName[];
  role: AppRole;
}

/** What a database lacks of row-level security, and the migrations that add it. */
export interface SecurityPlan {
  /** None where anything is missing. */
  tables: TableSecurity[];
  /** Tables, and columns that policies name, which are not in the database. */
  missing: { model: string; table: TableName; column: string | null }[];
  migrations: Migration[];
  /** Views that read such tables with the rights of an owner who bypasses policies, and copies of rows. */
  views: { view: string; owner: string; reads: string[]; isCopy: boolean }[];
  /** Tables with a policy of ours that are to have none: whose models were left out since. */
  left: string[];
  /** Functions that the role may run with the rights of an owner who bypasses policies. */
  definers: { name: string; owner: string }[];
  /** Open tables that the role may not read: nothing is granted on them. */
  unreadable: string[];
  /** Roles that no policy holds for. */
  bypassing: string[];
}

/** Writes policies, by which the database itself keeps the rows of users apart. None of it is applied here. */
export interface RowSecurityDialect {
  /** `null` is the role of the connection. Null where there is no such role. */
  readRole(session: Session, name: string | null): Promise<AppRole | null>;
  /** Plans what is missing for these tables, in their order, and the rights that the role lacks on them. */
  plan(session: Session, request: SecurityRequest): Promise<SecurityPlan>;
  /** Plans to take back what earlier migrations say they did, and every policy of ours in these schemas. */
  planUndo(session: Session, request: UndoRequest): Promise<Migration[]>;
}

/** What is to be taken back. */
export interface UndoRequest {
  written: WrittenSecurity;
  /** Those of the project's models: in others there may be policies of another project. */
  schemas: readonly string[];
}

/** What migrations did, as their statements say it; tables are as they are written. */
export interface WrittenSecurity {
  rights: GrantedRight[];
  /** Tables that got a policy of ours. */
  policies: string[];
  /** Tables on which row-level security was switched on, and those on which it was forced. */
  enabled: string[];
  forced: string[];
}

/** A right that a migration granted, as its statement says it between GRANT, ON, and TO; `on` is as it is written. */
export interface GrantedRight {
  rights: string;
  on: string;
  role: string;
}
