/** The library under the command line: `withDatabase` opens, the verbs do what the commands of their names do. */
export { loadConfig } from './config.ts';
export { withDatabase } from './database/connect.ts';
export { parseDatabaseUrl } from './database/database-url.ts';
export { ToolkitError } from './errors.ts';
export { assign } from './ownership/assign.ts';
export { check } from './ownership/check.ts';
export { planAssignment, selectModels } from './ownership/plan.ts';
export { rollback } from './ownership/rollback.ts';
export { planRollback, previewRollback } from './ownership/rollback-plan.ts';
export { verify } from './ownership/verify.ts';
export { takeWriterLock } from './ownership/writer.ts';
export { decideOwnership } from './schema/decide.ts';
export { parseSchema } from './schema/parse.ts';
