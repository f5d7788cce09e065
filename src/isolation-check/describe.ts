import type { Database } from '../database/dialect.ts';
import { examineGlobalKeys } from '../ownership/examine.ts';
import type { Finding } from '../ownership/findings.ts';
import { modelClosed } from '../ownership/isolation-findings.ts';
import { surveyModels } from '../ownership/survey.ts';
import type { Decision } from '../schema/decide.ts';
import type { PrismaSchema } from '../schema/parse.ts';
import type { CheckReport, WayReport } from './check.ts';
import { countCrossLinks } from './cross-owner.ts';
import * as findings from './findings.ts';
import { keyFieldsOf, listPrivate, type Shape } from './shape.ts';
import type { Judged } from './verdict.ts';

/** What the attempts come to, by way and model. Pure. */
export function describeAttempts({ ways }: CheckReport): Finding[] {
  return ways.flatMap(({ way, attempts }) => [
    ...byModel(attempts.filter(({ verdict }) => verdict === 'LEAK')).map(([model, each]) =>
      findings.isolationLeak(model, way, listOperations(each)),
    ),
    ...byModel(attempts.filter(({ verdict }) => verdict === 'refused')).map(([model, each]) =>
      findings.ownRefused(model, way, listOperations(each)),
    ),
    ...describeUntried(attempts),
  ]);
}

function describeUntried(attempts: WayReport['attempts']): Finding[] {
  const untried = attempts.filter(({ result }) => result === 'notTried' || result === 'notSeen');
  return byModel(untried).flatMap(([model, each]) => {
    const reasons = [...new Set(each.map(({ detail = '' }) => detail))];
    return reasons.map((reason) =>
      findings.notTried(model, reason, listOperations(each.filter(({ detail = '' }) => detail === reason))),
    );
  });
}

function byModel(attempts: readonly Judged[]): [string, Judged[]][] {
  const models = [...new Set(attempts.map(({ model }) => model))];
  return models.map((model) => [model, attempts.filter((each) => each.model === model)]);
}

function listOperations(attempts: readonly Judged[]): string[] {
  return [...new Set(attempts.map(({ operation }) => operation))];
}

/** What the matrix stands on: whose rows are not one user's, and which are linked across owners. Reads every row. */
export async function describeGround(
  database: Database,
  {
    shape,
    decision,
    schema,
    isUnderRls,
  }: { shape: Shape; decision: Decision; schema: PrismaSchema; isUnderRls: boolean },
): Promise<Finding[]> {
  const known = describeModels(shape);
  // This role sees the rows of one user at a time: what it counts says nothing of all.
  if (isUnderRls) return known;
  return database.read(async (session) => {
    const links = await countCrossLinks(session, { shape, schema, database });
    const counted = await surveyModels(session, database, decision);
    return [
      ...links.map(({ model, relation, to, rows }) => findings.crossOwnerLink(model, relation, to, rows)),
      ...counted.flatMap(({ model, unowned }) => (unowned > 0 ? [findings.rowsUnowned(model, unowned)] : [])),
      ...(await examineGlobalKeys(session, database, decision)),
      ...known,
    ];
  });
}

function describeModels(shape: Shape): Finding[] {
  const scopes = Object.entries(shape.map.models);
  return [
    ...listPrivate(shape).flatMap((model) =>
      keyFieldsOf(shape, model).length === 0 ? [findings.keyMissing(model)] : [],
    ),
    ...scopes.flatMap(([model, { scope }]) =>
      scope.kind === 'closed' ? [modelClosed(model, scope.reason)] : [],
    ),
    ...scopes.flatMap(([model, { scope }]) => (scope.kind === 'shared' ? [findings.modelShared(model)] : [])),
  ];
}
