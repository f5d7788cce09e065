import { strict as assert } from 'node:assert';
import { after, before, describe, it } from 'node:test';
import { isolate } from '../../src/isolation/index.ts';
import { ALL_PROVIDERS, isMissing } from '../helpers/database.ts';
import { BLOG } from './blog.ts';
import { FILTERS } from './filter-attempts.ts';
import { tryOut } from './matrix.ts';
import { forUserNaively } from './naive.ts';
import { NESTED } from './nested-attempts.ts';
import { OWN } from './own-attempts.ts';
import { READS } from './read-attempts.ts';
import { WRITES } from './write-attempts.ts';
import { type App, openApp, toText } from './world.ts';

const ATTEMPTS = [...READS, ...FILTERS, ...WRITES, ...NESTED];

for (const provider of ALL_PROVIDERS.filter((each) => each !== 'mysql'))
  describe(`as one user on rows of another, on ${provider}`, { skip: isMissing(provider) }, () => {
    let app: App;
    before(async () => {
      app = await openApp(provider, { models: BLOG, shared: ['Category'] });
    });
    after(() => app.close());

    for (const attempt of ATTEMPTS)
      it(`${attempt.name}: tells and changes nothing`, async () => {
        const client = isolate(app.map).forUser(app.client, 'a');
        const { leaks } = await tryOut(app, client, attempt);
        assert.deepEqual(leaks, []);
      });

    for (const { says, ...attempt } of OWN)
      it(`with the own rows ${attempt.name}`, async () => {
        const client = isolate(app.map).forUser(app.client, 'a');
        const { answer, error, leaks } = await tryOut(app, client, attempt);
        assert.deepEqual([error, leaks], [undefined, []]);
        assert.ok(says(answer as never), toText(answer));
      });

    for (const attempt of ATTEMPTS.filter(({ isKnownLeak }) => isKnownLeak))
      it(`${attempt.name}: leaks through the usual extension`, async () => {
        const owned = ['Post', 'Comment', 'Tag', 'Cover', 'Badge'];
        const { leaks } = await tryOut(app, forUserNaively(app.client, 'a', owned), attempt);
        assert.notDeepEqual(leaks, []);
      });
  });
