import { strict as assert } from 'node:assert';
import { describe, it } from 'node:test';
import type { Finding } from '../../src/ownership/findings.ts';
import * as findings from '../../src/row-security/findings.ts';

const ROLE = 'and name it: npm run migration:isolation -- --rls --role=NAME';

/** Every finding: its severity, code and model, what it says, and what to do. */
const EXPECTED: Record<keyof typeof findings, [Finding, head: string, message: string, remedy: string]> = {
  columnNotThere: [
    findings.columnNotThere('Note', 'postId'),
    'error COLUMN_MISSING Note',
    'the column "postId" is in the schema but not in the database',
    'Apply the pending migrations: npx prisma migrate deploy',
  ],
  roleBypasses: [
    findings.roleBypasses('postgres'),
    'error RLS_BYPASSED null',
    'the role "postgres" is a superuser or has BYPASSRLS: it sees every row, whatever policies say',
    `Have the app connect as a role without either, ${ROLE}`,
  ],
  roleMayBecome: [
    findings.roleMayBecome('app', ['admin']),
    'warning RLS_MAY_BYPASS null',
    'the role "app" is a member of "admin": by SET ROLE it gets to where no policy holds',
    'Take that away: REVOKE "admin" FROM "app"',
  ],
  roleOwnsTables: [
    findings.roleOwnsTables('app', ['Note', 'Tag']),
    'warning RLS_ROLE_OWNS null',
    'the role "app" owns, or is a member of the owner of, "Note", "Tag": FORCE keeps it to the policies, but it could take them off',
    `Have the app connect as a role of its own, ${ROLE}`,
  ],
  modelWithoutPolicy: [
    findings.modelWithoutPolicy('Note', 'several columns point at User: authorId, editorId'),
    'warning RLS_MODEL_OPEN Note',
    'whose its rows are is not decided (several columns point at User: authorId, editorId), so it gets no policy, and everybody sees all of them',
    'Choose its owner column in ownership.config.json; or, if no column of it leads to a user, say there with "exclude" that they are everybody\'s',
  ],
  modelsLeftOut: [
    findings.modelsLeftOut(['User', 'Country']),
    'info RLS_LEFT_OUT null',
    "no policy for User, Country: users, and rows that are everybody's",
    '',
  ],
  policiesLeft: [
    findings.policiesLeft(['Note']),
    'warning RLS_LEFT_ON null',
    '"Note" has a policy of ours, and is to have none any more: it still holds',
    'Take all policies back, apply that, and write them again: npm run migration:isolation -- --rls --undo',
  ],
  unownedHidden: [
    findings.unownedHidden('Note', 1200),
    'warning RLS_UNOWNED Note',
    '1,200 rows have no owner: with the policy nobody sees them',
    'Assign them first: npm run migration:assign <USER_ID>',
  ],
  crossLinked: [
    findings.crossLinked('Note', 1),
    'warning RLS_CROSS_LINKED Note',
    '1 row points at a row of another owner: the policy lets its owner read it, and no more change it',
    'Decide whose both are. Where users share such rows on purpose, policies of this kind do not fit the model: leave it out with "exclude".',
  ],
  otherPolicies: [
    findings.otherPolicies('Note', ['admins']),
    'warning RLS_OTHER_POLICY Note',
    '"admins" lets rows through besides ours',
    'Read what is let through; drop it where it is not meant.',
  ],
  viewBypasses: [
    findings.viewBypasses('all "notes"', 'postgres', ['Note']),
    'warning RLS_VIEW null',
    'the view "all "notes"" reads "Note" with the rights of "postgres", for whom no policy holds',
    'Let it have the rights of who asks: ALTER VIEW "all ""notes""" SET (security_invoker = true), from PostgreSQL 15 on',
  ],
  copyBypasses: [
    findings.copyBypasses('sums', ['Note']),
    'warning RLS_COPY null',
    'the materialized view "sums" has copies of rows of "Note", which no policy guards',
    "Take the app's rights on it away.",
  ],
  mayTruncate: [
    findings.mayTruncate('app', ['Note', 'Tag']),
    'warning RLS_TRUNCATE null',
    'the role "app" may empty "Note", "Tag" by TRUNCATE, which no policy holds back',
    'Take that away: REVOKE TRUNCATE ON "Note", "Tag" FROM "app"',
  ],
  partitionsOpen: [
    findings.partitionsOpen('app', 'Note', ['Note_2026']),
    'warning RLS_PARTITION Note',
    '"Note_2026" is a part of its table without a policy, which the role "app" may use by itself',
    'Take that away: REVOKE ALL ON "Note_2026" FROM "app"',
  ],
  functionBypasses: [
    findings.functionBypasses('all notes', 'postgres'),
    'warning RLS_DEFINER null',
    'the function "all notes" runs with the rights of "postgres", for whom no policy holds (SECURITY DEFINER)',
    'Read what it lets through; where it need not: ALTER FUNCTION "all notes" SECURITY INVOKER',
  ],
  rightsMissing: [
    findings.rightsMissing('app', ['User']),
    'warning RLS_RIGHTS null',
    'the role "app" may not read "User", which has no policy',
    'Where the app uses them: GRANT SELECT ON "User" TO "app", and what else it needs',
  ],
};

describe('a finding of row-level security', () => {
  for (const [name, [finding, head, message, remedy]] of Object.entries(EXPECTED))
    it(`says the whole of ${name}`, () => {
      const { severity, code, model } = finding;
      assert.deepEqual(
        [`${severity} ${code} ${model}`, finding.message, finding.remedy],
        [head, message, remedy],
      );
    });
});
