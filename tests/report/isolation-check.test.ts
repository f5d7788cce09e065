import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { CheckAnswer } from '../../src/commands/isolation-results.ts';
import { isolationLeak } from '../../src/isolation-check/findings.ts';
import {
  countAttempts,
  judge,
  type Judged,
  type On,
  type Result,
} from '../../src/isolation-check/verdict.ts';
import { renderCheck } from '../../src/report/isolation-check.ts';
import { createPainter } from '../../src/report/text.ts';

const paint = createPainter({ write: () => undefined }, {});

function attempt(operation: string, kind: Judged['kind'], on: On, result: Result): Judged {
  return judge({ model: 'Post', operation, kind, on, result });
}

const DENIED = [
  attempt('findUnique', 'read', 'foreign', 'denied'),
  attempt('findUnique', 'read', 'own', 'allowed'),
  attempt('count', 'count', 'foreign', 'denied'),
];
const LEAKING = [
  ...DENIED,
  attempt('findMany', 'read', 'foreign', 'allowed'),
  attempt('delete', 'delete', 'foreign', 'notTried'),
];

function answer(client: Judged[] | null, findings: CheckAnswer['findings'] = []): CheckAnswer {
  const ways: CheckAnswer['ways'] = [
    { way: 'extension', state: 'tried', reason: null, attempts: DENIED, counts: countAttempts(DENIED) },
    {
      way: 'rls',
      state: 'none',
      reason: 'SQLite has no row-level security',
      attempts: [],
      counts: countAttempts([]),
    },
    ...(client
      ? [
          {
            way: 'client',
            state: 'tried',
            reason: null,
            attempts: client,
            counts: countAttempts(client),
          } as const,
        ]
      : []),
  ];
  const counts = countAttempts(ways.flatMap(({ attempts }) => attempts));
  const isTried = client === null || client.some(({ result }) => result !== 'notTried');
  return {
    command: 'isolation',
    check: true,
    ok: counts.leaks === 0 && isTried,
    database: { provider: 'sqlite', name: 'app.db' },
    copied: false,
    users: [{ model: 'Post', a: 'ana', b: 'ben' }],
    ways,
    counts,
    findings,
  };
}

const LEGEND = `Numbers: what one user tried on rows of another and was denied. LEAK: what was not. ?: what could not be tried.
Own: what the same operations did with rows of the user, of how many.`;
const LIBRARY = `Through the isolation library
  model  read  count  own
  Post   1     1      1 of 1

Through row-level security
  not tried: SQLite has no row-level security
`;

describe('the isolation check as text', () => {
  it('says that there is no leak, and what else can be checked', () =>
    assert.equal(
      renderCheck(answer(null), paint),
      `${LIBRARY}
${LEGEND}

No leak in 3 attempts.
Nothing was changed: every attempt was rolled back.
To check the application's own client as well:
  npm run migration:isolation -- --check --client=src/for-user.ts`,
    ));

  it('spells each leak out, with what to do', () =>
    assert.equal(
      renderCheck(answer(LEAKING, [isolationLeak('Post', 'client', ['findMany'])]), paint),
      `${LIBRARY}
Through the application's own client
  model  read       count  delete  own
  Post   1, 1 LEAK  1      1 ?     1 of 1

${LEGEND}

error: Post: through the application's own client, one user gets at rows of another by 1 operation: findMany [ISOLATION_LEAK]
  Scope it with forUser() of prisma-ownership/isolation, from a list of the models: npm run migration:isolation -- --generate=src/for-user.ts

1 leak in 7 attempts.
Nothing was changed: every attempt was rolled back.`,
    ));

  it('says what could not be tried, and where nothing could', () => {
    const some = renderCheck(answer([...DENIED, attempt('delete', 'delete', 'foreign', 'notTried')]), paint);
    assert.match(some, /^No leak in 6 attempts; 1 more could not be tried or seen\.$/m);
    const none = renderCheck(answer([attempt('delete', 'delete', 'foreign', 'notTried')]), paint);
    assert.match(
      none,
      /^Nothing could be tried on rows of another user through the application's own client\.$/m,
    );
    assert.match(
      renderCheck({ ...answer(null), copied: true }, paint),
      /^Nothing was changed: the attempts were made on a copy/m,
    );
  });
});
