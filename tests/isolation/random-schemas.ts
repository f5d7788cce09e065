import { BLOG } from './blog.ts';
import { CLUB } from './club.ts';
import type { RandomSchema } from './random-world.ts';

export const RANDOM_SCHEMAS: Record<string, RandomSchema> = {
  'a blog': {
    models: BLOG,
    shared: ['Category'],
    counts: {
      User: 1,
      Slot: 4,
      Post: 3,
      Category: 2,
      Comment: 4,
      Revision: 2,
      Tag: 2,
      Cover: 2,
      Badge: 1,
      Quote: 1,
    },
    texts: {
      User: 'name',
      Post: 'title',
      Comment: 'body',
      Revision: 'text',
      Tag: 'label',
      Cover: 'file',
      Badge: 'text',
      Quote: 'text',
      Category: 'name',
      Slot: 'id',
    },
    uniques: { User: 'email', Post: 'slug' },
  },
  'a club': {
    models: CLUB,
    shared: [],
    counts: { Team: 2, User: 1, Folder: 3, Picture: 2, Page: 2, Mark: 2, Note: 2 },
    texts: {
      Team: 'name',
      User: 'name',
      Folder: 'name',
      Picture: 'file',
      Page: 'text',
      Mark: 'text',
      Note: 'text',
    },
    uniques: {},
  },
};
