/**
 * What is true of a line of the checklist. done: something that was just read proves it. open: not done yet, or nobody has said
 * so. failed: it was tried, or relied on, and the answer is no. notApplicable: it is for a case that has not come up.
 */
export type LineState = 'done' | 'open' | 'failed' | 'notApplicable';

/** The parts of the checklist. */
type Part =
  | 'Before'
  | 'Phase 1, expand'
  | 'Phase 2, populate'
  | 'Phase 3, require'
  | 'Afterwards'
  | 'If anything goes wrong'
  | 'Success';

/** A line as the checklist has it, whatever is true of it. */
interface LineDefinition {
  part: Part;
  title: string;
  /** Only a person can know it, so it is ticked; this is what the note of a tick should say. */
  note?: string;
}

/** The user's own procedure, line by line; the keys are what is typed for `--tick`. */
export const LINES = {
  backup: { part: 'Before', title: 'Back up the database', note: 'where it is' },
  staging: { part: 'Before', title: 'Try all of this in staging', note: 'what was tried' },
  team: { part: 'Before', title: 'Tell the team', note: 'who was told' },
  'phase1-schema': { part: 'Phase 1, expand', title: 'The schema has owner columns' },
  'phase1-applied': { part: 'Phase 1, expand', title: 'Its migration is applied' },
  users: { part: 'Phase 2, populate', title: 'The user who gets the rows exists' },
  check: { part: 'Phase 2, populate', title: 'Step 1, check' },
  assign: { part: 'Phase 2, populate', title: 'Step 2, assign' },
  verify: { part: 'Phase 2, populate', title: 'Step 3, verify' },
  app: { part: 'Phase 2, populate', title: 'The application works', note: 'what was tried' },
  'phase3-schema': { part: 'Phase 3, require', title: 'The schema requires the owner' },
  'phase3-applied': { part: 'Phase 3, require', title: 'Its migration is applied' },
  'final-verify': { part: 'Phase 3, require', title: 'Step 3 once more' },
  filter: { part: 'Afterwards', title: 'Queries are filtered by user', note: 'how' },
  isolation: { part: 'Afterwards', title: 'Isolation of users is verified', note: 'how' },
  monitor: { part: 'Afterwards', title: 'Issues watched for, logs reviewed', note: 'what was looked at' },
  cleanup: { part: 'Afterwards', title: 'Clean up: no guard is left' },
  rollback: { part: 'If anything goes wrong', title: 'Roll the run back' },
  restore: {
    part: 'If anything goes wrong',
    title: 'Restore from the backup',
    note: 'why, and what was lost',
  },
  'no-loss': { part: 'Success', title: 'No data is lost' },
  'all-assigned': { part: 'Success', title: 'Every row has an owner' },
  performance: { part: 'Success', title: 'Performance is acceptable', note: 'what was measured' },
  'in-order': { part: 'Success', title: 'Each phase only after the last' },
} as const satisfies Record<string, LineDefinition>;

export type LineName = keyof typeof LINES;

/** The lines that `--tick` takes. */
export const TICKED_LINES = (Object.keys(LINES) as LineName[]).filter((line) => 'note' in LINES[line]);

/** What to type to tick a line, with a hint at what its note should say. */
export function tickCommand(line: LineName): string {
  const { note = '' }: LineDefinition = LINES[line];
  return `npm run migration:status -- --tick=${line} --note="${note}"`;
}

/** A line with what is true of it. */
export interface ChecklistLine {
  line: LineName;
  part: Part;
  title: string;
  state: LineState;
  /** What proves it, or what is missing. */
  proof: string;
  /** What to type to get it done; empty where there is nothing to type. */
  remedy: string;
}

/** A line's state, as decided. */
export type Decided = Pick<ChecklistLine, 'state' | 'proof'> & { remedy?: string };

/** What was decided of the lines before. */
export type DecidedLines = ReadonlyMap<LineName, Decided>;

export function isDone(decided: DecidedLines, line: LineName): boolean {
  return decided.get(line)?.state === 'done';
}
