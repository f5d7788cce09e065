/** Every error that an operator can meet, by what it is about; a test pins each full text. */
export * from './errors/backup.ts';
export * from './errors/checklist.ts';
export * from './errors/cleanup.ts';
export * from './errors/database.ts';
export * from './errors/files.ts';
export * from './errors/guard.ts';
export * from './errors/init.ts';
export * from './errors/isolation.ts';
export * from './errors/phases.ts';
export * from './errors/proof.ts';
export * from './errors/report.ts';
export * from './errors/rehearsal.ts';
export * from './errors/restore.ts';
export * from './errors/schema.ts';
export * from './errors/settings.ts';
export * from './errors/throttle.ts';
export { ToolkitError } from './errors/toolkit-error.ts';
export * from './errors/writing.ts';
