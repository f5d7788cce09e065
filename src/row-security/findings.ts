import { quoteStandard } from '../database/ddl-names.ts';
import { countOf, error, info, warning } from '../ownership/findings.ts';

const names = (list: readonly string[]) => list.map(quoteStandard).join(', ');

export const columnNotThere = (model: string, column: string) =>
  error(
    'COLUMN_MISSING',
    model,
    `the column "${column}" is in the schema but not in the database`,
    'Apply the pending migrations: npx prisma migrate deploy',
  );

export const roleBypasses = (role: string) =>
  error(
    'RLS_BYPASSED',
    null,
    `the role "${role}" is a superuser or has BYPASSRLS: it sees every row, whatever policies say`,
    'Have the app connect as a role without either, and name it: npm run migration:isolation -- --rls --role=NAME',
  );

export const roleMayBecome = (role: string, others: readonly string[]) =>
  warning(
    'RLS_MAY_BYPASS',
    null,
    `the role "${role}" is a member of ${names(others)}: by SET ROLE it gets to where no policy holds`,
    `Take that away: REVOKE ${names(others)} FROM ${quoteStandard(role)}`,
  );

export const roleOwnsTables = (role: string, tables: readonly string[]) =>
  warning(
    'RLS_ROLE_OWNS',
    null,
    `the role "${role}" owns, or is a member of the owner of, ${names(tables)}: FORCE keeps it to the policies, but it could take them off`,
    'Have the app connect as a role of its own, and name it: npm run migration:isolation -- --rls --role=NAME',
  );

export const modelWithoutPolicy = (model: string, reason: string) =>
  warning(
    'RLS_MODEL_OPEN',
    model,
    `whose its rows are is not decided (${reason}), so it gets no policy, and everybody sees all of them`,
    'Choose its owner column in ownership.config.json; or, if no column of it leads to a user, say there with "exclude" that they are everybody\'s',
  );

export const modelsLeftOut = (models: readonly string[]) =>
  info('RLS_LEFT_OUT', null, `no policy for ${models.join(', ')}: users, and rows that are everybody's`);

export const policiesLeft = (tables: readonly string[]) =>
  warning(
    'RLS_LEFT_ON',
    null,
    `${names(tables)} ${tables.length === 1 ? 'has' : 'have'} a policy of ours, and ${tables.length === 1 ? 'is' : 'are'} to have none any more: it still holds`,
    'Take all policies back, apply that, and write them again: npm run migration:isolation -- --rls --undo',
  );

export const unownedHidden = (model: string, count: number) =>
  warning(
    'RLS_UNOWNED',
    model,
    `${countOf(count, 'row')} ${count === 1 ? 'has' : 'have'} no owner: with the policy nobody sees ${count === 1 ? 'it' : 'them'}`,
    `Assign ${count === 1 ? 'it' : 'them'} first: npm run migration:assign <USER_ID>`,
  );

export const crossLinked = (model: string, count: number) =>
  warning(
    'RLS_CROSS_LINKED',
    model,
    `${countOf(count, 'row')} ${count === 1 ? 'points' : 'point'} at a row of another owner: the policy lets ${count === 1 ? 'its' : 'their'} owner read ${count === 1 ? 'it' : 'them'}, and no more change ${count === 1 ? 'it' : 'them'}`,
    'Decide whose both are. Where users share such rows on purpose, policies of this kind do not fit the model: leave it out with "exclude".',
  );

export const otherPolicies = (model: string, policies: readonly string[]) =>
  warning(
    'RLS_OTHER_POLICY',
    model,
    `${names(policies)} ${policies.length === 1 ? 'lets' : 'let'} rows through besides ours`,
    'Read what is let through; drop it where it is not meant.',
  );

export const viewBypasses = (view: string, owner: string, reads: readonly string[]) =>
  warning(
    'RLS_VIEW',
    null,
    `the view "${view}" reads ${names(reads)} with the rights of "${owner}", for whom no policy holds`,
    `Let it have the rights of who asks: ALTER VIEW ${quoteStandard(view)} SET (security_invoker = true), from PostgreSQL 15 on`,
  );

export const copyBypasses = (view: string, reads: readonly string[]) =>
  warning(
    'RLS_COPY',
    null,
    `the materialized view "${view}" has copies of rows of ${names(reads)}, which no policy guards`,
    "Take the app's rights on it away.",
  );

export const mayTruncate = (role: string, tables: readonly string[]) =>
  warning(
    'RLS_TRUNCATE',
    null,
    `the role "${role}" may empty ${names(tables)} by TRUNCATE, which no policy holds back`,
    `Take that away: REVOKE TRUNCATE ON ${names(tables)} FROM ${quoteStandard(role)}`,
  );

export const partitionsOpen = (role: string, model: string, tables: readonly string[]) =>
  warning(
    'RLS_PARTITION',
    model,
    `${names(tables)} ${tables.length === 1 ? 'is a part' : 'are parts'} of its table without a policy, which the role "${role}" may use by ${tables.length === 1 ? 'itself' : 'themselves'}`,
    `Take that away: REVOKE ALL ON ${names(tables)} FROM ${quoteStandard(role)}`,
  );

export const functionBypasses = (name: string, owner: string) =>
  warning(
    'RLS_DEFINER',
    null,
    `the function "${name}" runs with the rights of "${owner}", for whom no policy holds (SECURITY DEFINER)`,
    `Read what it lets through; where it need not: ALTER FUNCTION ${quoteStandard(name)} SECURITY INVOKER`,
  );

export const rightsMissing = (role: string, tables: readonly string[]) =>
  warning(
    'RLS_RIGHTS',
    null,
    `the role "${role}" may not read ${names(tables)}, which ${tables.length === 1 ? 'has' : 'have'} no policy`,
    `Where the app uses them: GRANT SELECT ON ${names(tables)} TO ${quoteStandard(role)}, and what else it needs`,
  );
