import { createHash } from 'node:crypto';
import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { formatCount } from '../../src/report/text.ts';
import { type Check, COUNTS, differsFromDump, holds, isAsDumped, says, USER_ID } from './checks.ts';
import { dumpDatabase } from './database.ts';
import { requireOwners } from './schema-edit.ts';
import type { Workspace } from './workspace.ts';

/** What one step shows and what has to be true after it; a command must end with exit code 0 too. */
export interface Step {
  title: string;
  project: 'first' | 'second';
  /** A command line, literally as typed, or work of the demo itself, which returns what it prints. */
  act: string | ((workspace: Workspace) => string);
  checks: readonly Check[];
}

const STEP = `npm run migration:production-safe ${USER_ID}`;
const OWNED = formatCount(COUNTS.assigned.mine);
const TOTAL = formatCount(COUNTS.assigned.mine + COUNTS.assigned.others);

/** The checklist on the first copy, up to phase 3, and the way back on the second. */
export const STEPS: readonly Step[] = [
  {
    title: 'Make the database of the sample app, as it is after phase 1',
    project: 'first',
    act: 'npx prisma migrate deploy',
    checks: [says('add_optional_user_relations')],
  },
  {
    title: `Fill it with ${TOTAL} rows, nearly all from the years before there were users`,
    project: 'first',
    act: 'npx prisma db seed',
    checks: [holds(COUNTS.seeded)],
  },
  {
    title: 'List the users',
    project: 'first',
    act: 'npm run migration:list-users',
    checks: [says(USER_ID)],
  },
  {
    title: 'Back up, and prove that the backup restores',
    project: 'first',
    act: 'npm run migration:backup --verify',
    checks: [says('Verified: '), holds(COUNTS.seeded)],
  },
  {
    title: 'Rehearse all that follows on copies of it',
    project: 'first',
    act: `npm run migration:rehearse ${USER_ID}`,
    checks: [says('Every part held'), holds(COUNTS.seeded)],
  },
  {
    title: 'Step 1: check, which writes nothing',
    project: 'first',
    act: `${STEP} --step=1`,
    checks: [says(OWNED), holds(COUNTS.seeded)],
  },
  {
    title: 'Take the second copy of the database, for the rollback at the end',
    project: 'second',
    act: takeSecondCopy,
    checks: [holds(COUNTS.seeded), isAsDumped],
  },
  {
    title: 'Step 2: assign',
    project: 'first',
    act: `${STEP} --step=2`,
    checks: [says(OWNED), holds(COUNTS.assigned)],
  },
  {
    title: 'Step 3: verify',
    project: 'first',
    act: `${STEP} --step=3`,
    checks: [says(TOTAL), holds(COUNTS.assigned)],
  },
  {
    title: 'Phase 3: require the owner in prisma/schema.prisma',
    project: 'first',
    act: editSchema,
    checks: [says('The same two lines in Note, Tag, NoteTag, Attachment and ReminderRule.')],
  },
  {
    title: 'Phase 3: let Prisma write the migration and apply it',
    project: 'first',
    act: 'npx prisma migrate dev --name "make-user-fields-required"',
    checks: [says('make_user_fields_required'), holds(COUNTS.required)],
  },
  {
    title: 'Step 3 again: the final verification',
    project: 'first',
    act: `${STEP} --step=3`,
    checks: [says('required'), says(TOTAL), holds(COUNTS.required)],
  },
  {
    title: 'Write the list of models that forUser() keeps users apart by',
    project: 'first',
    act: 'npm run migration:isolation --generate=for-user.ts',
    checks: [says('for-user.ts'), holds(COUNTS.required)],
  },
  {
    title: "Try what one user can do to another's rows, and roll it back",
    project: 'first',
    act: 'npm run migration:isolation --check',
    checks: [says('No leak'), holds(COUNTS.required)],
  },
  {
    title: 'Write the report for the change ticket',
    project: 'first',
    act: 'npm run migration:report',
    checks: [says('migration-report.html'), holds(COUNTS.required)],
  },
  {
    title: 'On the second copy, step 2: assign',
    project: 'second',
    act: `${STEP} --step=2`,
    checks: [says(OWNED), holds(COUNTS.assigned), differsFromDump],
  },
  {
    title: 'On the second copy, roll it back',
    project: 'second',
    act: 'npm run migration:rollback --confirm',
    checks: [says(OWNED), holds(COUNTS.seeded)],
  },
  {
    title: 'Compare the second copy with what it was before step 2',
    project: 'second',
    act: compareWithDump,
    checks: [isAsDumped],
  },
];

/** What was shown, once every check has passed, and how to begin with a database of one's own. */
export const SUMMARY = `\
  assigned  ${OWNED} rows to ${USER_ID}; the ${COUNTS.assigned.others} rows of another user stayed as they were
  verified  ${TOTAL} rows in ${COUNTS.assigned.columns} models, before and after the owner became required
  restored  ${OWNED} rows to no owner; a dump of the database is byte for byte what it was

With the DATABASE_URL of your own database in .env:
  npm run migration:list-users -- --schema <path to your schema.prisma>
  npm run migration:check -- <USER_ID> --schema <path to your schema.prisma>`;

/** The command as it has to be typed for an npm that refuses flags of scripts unless `--` stands before them. */
export function withSeparator(command: string): string {
  return command.replace(/^(npm run \S+) (?=.*--)/, '$1 -- ');
}

function takeSecondCopy({ first, second }: Workspace): string {
  copyFileSync(first.database, second.database);
  writeFileSync(second.dump, dumpDatabase(second.database));
  return `Nothing is assigned yet. A dump of it, every table, index and row:\n${describeDump(readFileSync(second.dump))}`;
}

function compareWithDump({ second }: Workspace): string {
  const before = readFileSync(second.dump);
  const after = Buffer.from(dumpDatabase(second.database));
  const verdict = before.equals(after)
    ? 'Equal, byte for byte. In between, after step 2, the dump was another one.'
    : 'Not equal.';
  return [`before:  ${describeDump(before)}`, `after:   ${describeDump(after)}`, verdict].join('\n');
}

function describeDump(dump: Buffer): string {
  return `${formatCount(dump.length)} bytes, sha256 ${createHash('sha256').update(dump).digest('hex')}`;
}

function editSchema({ first }: Workspace): string {
  const { schema, diff } = requireOwners(readFileSync(first.schema, 'utf8'));
  writeFileSync(first.schema, schema);
  return diff;
}
