import { isolate } from '../isolation/for-user.ts';
import type { IsolationMap } from '../isolation/map.ts';
import type { ModelClient } from '../database/model-client.ts';
import type { Way } from './way.ts';

type Common = Pick<Way, 'provider' | 'isUnderRls'>;

/** The client that nothing scopes. By name `rls`, what row-level security alone holds back. */
export function plainWay(client: ModelClient, name: 'rls' | null, common: Common): Way {
  return { ...common, name, scopeTo: () => client, unscoped: client };
}

/** The client that `forUser` of the isolation library makes of it. */
export function extensionWay(client: ModelClient, map: IsolationMap, common: Common): Way {
  const { forUser } = isolate(map);
  return { ...common, name: 'extension', scopeTo: (userId) => forUser(client, userId), unscoped: client };
}
