import { MIGRATE_DEV } from '../migrations/migrate-dev.ts';
import type { Evidence } from './evidence.ts';
import type { Decided } from './lines.ts';
import { countOf, listNames } from './words.ts';

/** Whether the schema has an owner column in every model that is to have one. */
export function decidePhase1Schema({ models, ambiguous }: Evidence): Decided {
  if (ambiguous.length > 0)
    return {
      state: 'failed',
      proof: `several columns could be the owner's in ${listNames(ambiguous)}`,
      remedy: 'npm run migration:models',
    };
  if (models.length === 0)
    return {
      state: 'open',
      proof: 'no model has an owner column',
      remedy: 'npm run migration:schema -- --phase=1',
    };
  return {
    state: 'done',
    proof: `${countOf(models.length, 'model')}: ${listNames(models.map(({ model }) => model))}`,
  };
}

/** Whether the database has what the schema says of a phase, and the migrations that brought it there. */
export function decideMigrated(evidence: Evidence, phase: 1 | 3): Decided {
  const { models, migrations } = evidence;
  const isThere = (model: Evidence['models'][number]) =>
    phase === 1 ? model.phase !== 'missing' : model.phase === 'required';
  const missing = models.filter((model) => !isThere(model)).map(({ model }) => model);
  if (models.length === 0) return { state: 'open', proof: 'no model has an owner column' };
  if (missing.length === 0) return { state: 'done', proof: describeApplied(evidence, phase) };
  if (phase === 3 && models.some(({ isRequiredInSchema }) => !isRequiredInSchema))
    return { state: 'open', proof: 'the schema does not require it yet' };
  const [failed] = migrations.failed;
  if (failed !== undefined)
    return {
      state: 'failed',
      proof: `migration ${failed} failed`,
      remedy: `npx prisma migrate resolve --rolled-back ${failed}`,
    };
  const what = phase === 1 ? 'no owner column' : 'NULL is allowed';
  return {
    state: 'open',
    proof: `${what} in ${listNames(missing)}`,
    remedy: migrations.pending.length > 0 ? 'npx prisma migrate deploy' : MIGRATE_DEV[phase],
  };
}

function describeApplied({ models, migrations }: Evidence, phase: 1 | 3): string {
  const names = models.map(({ addedBy, requiredBy }) => (phase === 1 ? addedBy : requiredBy));
  const applied = [...new Set(names)].filter((name) => name !== null && migrations.applied.includes(name));
  const where = `in ${countOf(models.length, 'table')}`;
  return applied.length > 0 ? `${where}, by ${listNames(applied as string[])}` : where;
}

/** Whether the schema says that every row has an owner. */
export function decidePhase3Schema({ models }: Evidence, isVerified: boolean): Decided {
  const optional = models.filter(({ isRequiredInSchema }) => !isRequiredInSchema).map(({ model }) => model);
  if (models.length === 0) return { state: 'open', proof: 'after phase 2' };
  if (optional.length === 0) return { state: 'done', proof: countOf(models.length, 'model') };
  if (!isVerified) return { state: 'open', proof: 'after step 3' };
  return {
    state: 'open',
    proof: `optional in ${listNames(optional)}`,
    remedy: 'npm run migration:schema -- --phase=3',
  };
}
