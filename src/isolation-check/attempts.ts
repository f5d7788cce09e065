import { listLinkAttempts } from './attempts-link.ts';
import { listOwnAttempts } from './attempts-own.ts';
import { listRawAttempts } from './attempts-raw.ts';
import { listWayAttempts } from './attempts-way.ts';
import type { Attempt } from './plan.ts';
import { keyFieldsOf, listPrivate, type Shape } from './shape.ts';

/**
 * Every attempt on the rows of every model that are one user's: each operation of the isolation library's table, each relation
 * that leads to them, each way to link them, and raw SQL. Pure: what an attempt does, it says only once it is given rows.
 */
export function listAttempts(shape: Shape): Attempt[] {
  return listPrivate(shape).flatMap((model) => {
    if (keyFieldsOf(shape, model).length === 0) return [];
    return [
      ...listOwnAttempts(shape, model),
      ...listWayAttempts(shape, model),
      ...listLinkAttempts(shape, model),
      ...listRawAttempts(shape, model),
    ];
  });
}
