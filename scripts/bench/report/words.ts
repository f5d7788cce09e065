/** What is measured, and how to do it again. */
export const INTRODUCTION = `# Benchmarks

Written by \`npm run bench\`. Ways to fill the owner column of one table, while another process updates 200 random rows a second.

## To repeat it

    npm run bench                            # 10,000, 100,000 and 1,000,000 rows, on every database that answers
    npm run bench -- --large                 # 2,000,000 rows too
    npm run bench -- --rows 10000 --databases sqlite --out other.md
    npm run bench -- --phases                # the migrations of phases 1 and 3 instead, on PostgreSQL
    npm run bench -- --proof --rows 100000   # instead what step 2 costs with --proof

It starts a PostgreSQL of its own, or uses \`BENCH_POSTGRES_URL\`; MariaDB or MySQL is the one at \`BENCH_MYSQL_URL\`, or
\`mysql://root@127.0.0.1:3306\`; SQLite is a temporary file. It creates databases called \`prisma_ownership_bench_...\` and drops
them again. Leave the machine alone meanwhile: compare the ratios, and the last line of each table with the others.`;

/** What the columns mean, and what is as it is on purpose. */
export const NOTES = `## What is measured

- **The table**: a key like a cuid, in no order; a title; a body of about 200 bytes; \`updatedAt\`; a foreign key \`userId\`, which is
  NULL in every row. About 270 bytes a row. It has no index on \`userId\` but the one that MariaDB and MySQL make for a foreign key.
  Every way starts with the same table, freshly copied, analysed and written to the disk.
- **step 2**: \`production-safe --step=2\`, with its journal. Its time is the \`elapsedMs\` of its answer, which leaves out step 1's checks
  before it. **one \`UPDATE\`**: \`UPDATE "Note" SET "userId" = ...\` through the database's driver. **\`updateMany\`**: Prisma's
  client; it sets \`updatedAt\` too. **the script of Prisma's guide**: one interactive transaction with \`findMany\` and an \`update\` for
  each row (https://www.prisma.io/docs/orm/prisma-migrate/workflows/data-migration). **\`LIMIT 1000\` in a loop**: updates of 1000 rows
  that have no owner, each committed, until there is none; it may take 20 times as long as one \`UPDATE\`, but a minute at least and ten
  minutes at most.
- **time** is that of the work alone; **whole process** includes the start of Node, and step 1's checks.
- **stall**: what a statement of the app took from the time when it was due, over 8 connections (SQLite: one, which waits 5 s for the
  lock, as Prisma's adapter does). The statements are those of the whole process. "nothing but the app" says what this machine
  does by itself.
- **app statements failed**: of all that were due meanwhile; a row that is not found counts as failed.
- **log**, **table growth**: the app's own updates are in them. MariaDB's log is that of the whole server, and its files grow in
  pieces of some megabytes. SQLite's log is used again from its start, so that its size says how much was waiting at most.
- **peak memory**: of the process. All are compiled, as the package is; \`npm run migration:...\` in this repository runs under ts-node,
  which takes about 90 MB more.`;
