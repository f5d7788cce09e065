import type { Finding } from '../ownership/findings.ts';
import { filtersByOwner, isProtected, type Rules, scopeOf, take, writesOwner } from './by-hand.ts';
import {
  byIdOnly,
  type CallSite,
  clientNotScoped,
  clientUnknown,
  closedModel,
  modelComputed,
  nestedByHand,
  nestedNotScoped,
  parentClient,
  scopedByHand,
  selectionUnknown,
} from './findings.ts';
import { findOperation } from './operations.ts';
import { findReach } from './reach.ts';
import type { Placed } from './scopes.ts';
import type { Value } from './values.ts';

/** A call of an operation. */
export interface Judged {
  delegate: Value & { kind: 'delegate' };
  site: CallSite;
  argument: Placed | null;
}

/** Whether a call on owned rows is scoped. */
export function isScoped(rules: Rules, { client, model }: Judged['delegate']): boolean {
  return client !== null && client.trust !== 'raw' && model !== null && isProtected(rules, model);
}

/** What is to be said of a call; null where it is scoped, or on rows that are everybody's. */
export function judgeCall(rules: Rules, judged: Judged): Finding | null {
  const { delegate, site } = judged;
  const { client, model } = delegate;
  if (client && client.trust !== 'raw') return null;
  if (model === null) return client ? modelComputed(site.receiver) : clientUnknown(site);
  const finding = isProtected(rules, model)
    ? judgeOwned(rules, judged, model)
    : judgeOthers(rules, judged, model);
  if (!finding) return null;
  if (client?.isParent) return parentClient(finding.model);
  if (client || finding.severity === 'info') return finding;
  return finding.code === 'SELECTION_UNKNOWN' ? null : clientUnknown({ ...site, model: finding.model });
}

function judgeOwned(rules: Rules, { site, argument }: Judged, model: string): Finding {
  const scope = scopeOf(rules.map, model);
  if (scope.kind === 'closed') return closedModel(model, scope.reason);
  const kind = findOperation(site.operation);
  if (namesOwner(rules, { site, argument }, model)) {
    const { reached } = findReach(rules, model, { argument, isHeld: true });
    const loose = reached.find(({ isHeld }) => !isHeld);
    return loose ? nestedByHand({ ...site, model: loose.model }, loose.by) : scopedByHand(model);
  }
  return kind?.isByKey && take(rules, argument, 'where') ? byIdOnly(site) : clientNotScoped(site);
}

function namesOwner(rules: Rules, { site, argument }: Omit<Judged, 'delegate'>, model: string): boolean {
  const kind = findOperation(site.operation);
  if (kind?.creates) return writesOwner(rules, model, take(rules, argument, 'data'));
  const isFiltered = filtersByOwner(rules, model, take(rules, argument, 'where'));
  if (site.operation !== 'upsert') return isFiltered;
  return isFiltered && writesOwner(rules, model, take(rules, argument, 'create'));
}

/** A call on users, or on rows that are everybody's: what counts is what it reaches from there. */
function judgeOthers(rules: Rules, { site, argument }: Judged, model: string): Finding | null {
  const isUsers = scopeOf(rules.map, model).kind === 'users';
  const isHeld = isUsers && filtersByOwner(rules, model, take(rules, argument, 'where'));
  const { reached, isWhole } = findReach(rules, model, { argument, isHeld });
  const loose = reached.find((each) => !each.isHeld);
  if (loose) return nestedNotScoped({ ...site, model: loose.model }, loose.by);
  const [held] = reached;
  if (held) return scopedByHand(held.model);
  const relations = Object.values(rules.map.models[model]?.relations ?? {});
  const canReach = relations.some(({ to }) => isProtected(rules, to));
  return !isWhole && canReach ? selectionUnknown({ ...site, model }) : null;
}
