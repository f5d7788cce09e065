/** SQL with bound values: Prisma's own template tag, under the names used here. `raw` is for constants only. */
export { empty, join, raw, Sql, sqltag as sql } from '@prisma/client/runtime/client';
