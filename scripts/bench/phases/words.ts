/** Where the second part of the report begins. */
export const PHASES_HEADING = '## Phases 1 and 3';

/** What is measured, above the figures. */
export const PHASES_INTRODUCTION = `Written by \`npm run bench -- --phases\`: the migrations that make the owner column, and that make it required, while another
process updates 200 random rows a second. Both ways have the same schema, with \`onDelete: Restrict\` in both phases.`;

/** What the columns mean, and what is as it is on purpose. */
export const PHASES_NOTES = `- **Prisma's own SQL** is what \`prisma migrate diff\` writes in the same run. **\`migration:schema --sql\`** is what the toolkit writes.
  Files are applied as \`prisma migrate deploy\` does: over one connection, one after the other, each sent whole.
- **The table** is the one above, without the owner column. Each way takes a fresh copy through phase 1 and then phase 3. In between, and
  not measured, every row gets its owner by one \`UPDATE\`, and \`VACUUM ANALYZE\` and a checkpoint follow.
- Each way has three rounds, in turn. Of times and stalls, the worst of the three counts; statements are added up.
- **time** is that of the SQL alone. **stall** is what a statement of the app took from the time when it was due, over 8 connections,
  while a phase or a file was applied.
- Prisma's own SQL keeps the app waiting for as long as it reads the table, so its stall grows with the rows. Ours is that of a commit, and
  of sharing the machine: on a small table the two are alike, and no stall can be told from that of the app alone.`;
