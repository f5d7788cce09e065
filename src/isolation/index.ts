/** What an application imports as `prisma-ownership/isolation`: it needs nothing of the command line. */
export { type IsolationCode, IsolationError } from './error.ts';
export { isolate } from './for-user.ts';
export type { IsolationMap, ModelMap, RelationMap, Scope } from './map.ts';
export type { UserId } from './scope.ts';
export { withUser } from './with-user.ts';
