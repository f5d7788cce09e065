import fc from 'fast-check';
import type { IsolationMap, RelationMap } from '../../src/isolation/map.ts';
import { ownerOf, type Row, type World } from './world.ts';

/** Rows in the order in which they can be inserted, and many-to-many links between them. */
export interface RandomWorld {
  rows: [model: string, rows: Row[]][];
  links: [model: string, id: string, data: object][];
}

const USERS = ['a', 'b'] as const;
const MARKS = { a: 'A!', b: 'B!' };

/** As many rows of each user; any row may hang on, and be linked to, any other, as in an app that had no users. */
export function randomWorlds(): fc.Arbitrary<RandomWorld> {
  const posts = USERS.flatMap((user) =>
    ['p1', 'p2', 'p3'].map((name) => ({ user, id: `${MARKS[user]}${name}` })),
  );
  const postIds = posts.map(({ id }) => id);
  const of = (count: number, values: readonly (string | null)[]) =>
    fc.array(fc.constantFrom(...values), { minLength: count, maxLength: count });
  const unique = (values: readonly string[], count: number) =>
    fc.shuffledSubarray([...values], { minLength: count, maxLength: count });
  return fc
    .record({
      parents: of(6, [...postIds, null, null]),
      categories: of(6, ['news', 'free', null]),
      slots: unique(['s1', 's2', 's3', 's4', 'n1', 'n2', 'n3', 'n4'], 6),
      comments: of(8, [...postIds, null]),
      commenters: of(8, ['a', 'b', null]),
      revisions: of(4, postIds),
      covers: unique([...postIds, 'n1', 'n2'], 4),
      shown: unique([...postIds, 'n1', 'n2'], 2),
      tagged: fc.array(
        fc.tuple(fc.constantFrom(...postIds), fc.constantFrom('A!t1', 'A!t2', 'B!t1', 'B!t2')),
        { maxLength: 5 },
      ),
      related: fc.array(fc.tuple(fc.constantFrom(...postIds), fc.constantFrom(...postIds)), { maxLength: 5 }),
    })
    .map((random): RandomWorld => {
      const orNull = (id: string | undefined) => (id === undefined || id.startsWith('n') ? null : id);
      const both = (count: number, make: (user: 'a' | 'b', index: number) => Row) =>
        Array.from({ length: count * 2 }, (_, index) => make(USERS[index % 2] as 'a' | 'b', index));
      // A tree: a row hangs on one that was there before.
      const parentOf = (index: number) => {
        const parent = random.parents[index] ?? null;
        return parent !== null && postIds.indexOf(parent) < index ? parent : null;
      };
      const rows: RandomWorld['rows'] = [
        ['User', both(1, (id) => ({ id, email: `${MARKS[id]}mail`, name: MARKS[id] }))],
        ['Slot', ['s1', 's2', 's3', 's4'].map((id) => ({ id }))],
        ['Category', ['news', 'free'].map((id) => ({ id, name: id }))],
        ...posts.map(({ user, id }, index): [string, Row[]] => [
          'Post',
          [
            {
              id,
              slug: id,
              title: `${MARKS[user]}${index % 3}`,
              likes: index,
              parentId: parentOf(index),
              categoryId: random.categories[index] ?? null,
              slotId: orNull(random.slots[index]),
              userId: user,
            },
          ],
        ]),
        [
          'Comment',
          both(4, (_, index) => {
            const userId = random.commenters[index] ?? null;
            const mark = userId === 'a' ? 'A!' : 'B!';
            return {
              id: `${mark}c${index}`,
              body: `${mark}${index % 3}`,
              postId: random.comments[index] ?? null,
              userId,
            };
          }),
        ],
        [
          'Revision',
          random.revisions.map((postId, index) => ({
            id: `${postId?.slice(0, 2)}r${index}`,
            text: `${postId?.slice(0, 2)}${index % 3}`,
            postId,
          })),
        ],
        [
          'Tag',
          both(2, (userId, index) => ({
            id: `${MARKS[userId]}t${(index >> 1) + 1}`,
            label: `${MARKS[userId]}${index}`,
            userId,
          })),
        ],
        [
          'Cover',
          both(2, (userId, index) => ({
            id: `${MARKS[userId]}v${index}`,
            file: `${MARKS[userId]}${index}`,
            postId: orNull(random.covers[index]),
            userId,
          })),
        ],
        ['Badge', both(1, (userId) => ({ id: `${MARKS[userId]}g`, text: MARKS[userId], userId }))],
      ];
      return {
        rows,
        links: [
          ...random.tagged.map(([post, tag]): [string, string, object] => [
            'Post',
            post,
            { tags: { connect: { id: tag } } },
          ]),
          ...random.related.map(([post, other]): [string, string, object] => [
            'Post',
            post,
            { related: { connect: { id: other } } },
          ]),
          ...random.shown.flatMap((post, index): [string, string, object][] =>
            orNull(post)
              ? [['Category', index === 0 ? 'news' : 'free', { shown: { connect: { id: post } } }]]
              : [],
          ),
        ],
      };
    });
}

/** The filter by hand: the same world without the rows of others, and without what pointed at them. */
export function reduceTo(userId: string, map: IsolationMap, world: World): RandomWorld {
  const isSeen = (name: string, row: Row) =>
    map.models[name]?.scope.kind === 'users' ||
    [userId, undefined].includes(ownerOf(map, world, name, row) as string | undefined);
  const seen = (name: string) => (world[name] ?? []).filter((row) => isSeen(name, row));
  const has = (name: string, id: unknown) => seen(name).some((row) => row.id === id);
  const links: RandomWorld['links'] = [];
  const strip = (name: string) =>
    seen(name).map((row) => {
      const { relations, scope } = map.models[name] as IsolationMap['models'][string];
      const bare: Row = { ...row };
      for (const [key, relation] of Object.entries(relations)) {
        const [field] = relation.fields ?? [];
        if (Array.isArray(row[key])) {
          delete bare[key];
          const ids = (row[key] as { id: string }[]).filter(({ id }) => has(relation.to, id));
          if (ids.length > 0)
            links.push([name, String(row.id), { [key]: { connect: ids.map(({ id }) => ({ id })) } }]);
        } else if (field !== undefined && !(scope.kind === 'owned' && scope.field === field)) {
          const isKept = has(relation.to, row[field]);
          if (!isKept) bare[field] = null;
          else if (isCircular(relation)) {
            bare[field] = null;
            links.push([name, String(row.id), { [key]: { connect: { id: row[field] } } }]);
          }
        }
      }
      return bare;
    });
  const order = ['User', 'Slot', 'Category', 'Post', 'Comment', 'Revision', 'Tag', 'Cover', 'Badge'];
  return { rows: order.map((name): [string, Row[]] => [name, strip(name)]), links };
}

/** Rows of its kind are inserted before, or together with, those that they point at. */
function isCircular({ to, opposite }: RelationMap): boolean {
  return opposite === 'children' || (to === 'Post' && opposite === 'shownIn');
}
