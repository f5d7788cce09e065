import type { Request } from './world.ts';

/** A request of somebody that is about rows of Ana. `own` is the word that the ids of the one who asks begin with. */
export type Attempt = (own: string) => Request;

const get =
  (url: string): Attempt =>
  () => ({ method: 'GET', url });
const send =
  (method: Request['method'], url: string, payload?: object): Attempt =>
  () => ({ method, url, ...(payload && { payload }) });

/** Of each route, every way to get at rows of Ana through it. A route that is not in here fails the tests. */
export const ATTEMPTS: Record<string, Record<string, Attempt>> = {
  'GET /notes': {
    'lists everything': get('/notes'),
    'searches titles': get('/notes?q=ana%20title'),
    'searches bodies': get('/notes?q=ana%20body'),
    'filters by project': get('/notes?projectId=ana-project'),
    'filters by tag': get('/notes?tag=ana%20tag%201'),
    'filters by what is pinned': get('/notes?pinned=false'),
    'goes on after a note': get('/notes?after=ana-note-3'),
  },
  'GET /notes/count': {
    'counts everything': get('/notes/count'),
    'counts what is found': get('/notes/count?q=ana'),
    'counts a project': get('/notes/count?projectId=ana-project'),
    'counts a tag': get('/notes/count?tag=ana%20tag%201'),
  },
  'GET /notes/:id': {
    'reads a note': get('/notes/ana-note-1'),
    'reads what hangs on an own note': get('/notes/ben-note-1'),
  },
  'POST /notes': {
    'files a new note in a project': send('POST', '/notes', { title: 'new', projectId: 'ana-project' }),
    'tags a new note': send('POST', '/notes', { title: 'new', tagIds: ['ana-tag-1'] }),
  },
  'PATCH /notes/:id': {
    'changes a note': send('PATCH', '/notes/ana-note-1', { title: 'changed' }),
    'takes a note out of its project': send('PATCH', '/notes/ana-note-1', { projectId: null }),
    'moves a note to a project': (own) => ({
      method: 'PATCH',
      url: `/notes/${own}-note-2`,
      payload: { projectId: 'ana-project' },
    }),
    'takes a note into an own project': (own) => ({
      method: 'PATCH',
      url: '/notes/ana-note-2',
      payload: { projectId: `${own}-project` },
    }),
  },
  'DELETE /notes/:id': {
    'deletes a note': send('DELETE', '/notes/ana-note-1'),
  },
  'POST /notes/pin': {
    'pins notes': send('POST', '/notes/pin', { ids: ['ana-note-1', 'ana-note-2'], pinned: true }),
    'pins notes among own ones': (own) => ({
      method: 'POST',
      url: '/notes/pin',
      payload: { ids: [`${own}-note-3`, 'ana-note-2'], pinned: true },
    }),
  },
  'POST /notes/import': {
    'imports into the notebook of another': send('POST', '/notes/import', {
      notes: [{ title: 'new', userId: 'ana' }],
    }),
    'imports into a project': send('POST', '/notes/import', {
      notes: [{ title: 'new' }, { title: 'new', projectId: 'ana-project' }],
    }),
  },
  'GET /notes/:id/attachments': {
    'lists the attachments of a note': get('/notes/ana-note-1/attachments'),
    'lists those of an own note': get('/notes/ben-note-1/attachments'),
  },
  'POST /notes/:id/attachments': {
    'attaches a file to a note': send('POST', '/notes/ana-note-1/attachments', {
      fileName: 'new',
      sizeBytes: 1,
    }),
  },
  'DELETE /attachments/:id': {
    'deletes an attachment': send('DELETE', '/attachments/200'),
    'deletes one from an own note': send('DELETE', '/attachments/901'),
  },
  'GET /projects': {
    'lists the tree': get('/projects'),
  },
  'GET /projects/:id': {
    'reads a project': get('/projects/ana-project'),
    'reads what hangs on an own project': get('/projects/ben-project'),
  },
  'POST /projects': {
    'puts a new project into a project': send('POST', '/projects', { name: 'new', parentId: 'ana-project' }),
  },
  'PATCH /projects/:id': {
    'changes a project': send('PATCH', '/projects/ana-project', { name: 'changed' }),
    'moves a project into a project': (own) => ({
      method: 'PATCH',
      url: `/projects/${own}-empty`,
      payload: { parentId: 'ana-project' },
    }),
    'takes a project into an own one': (own) => ({
      method: 'PATCH',
      url: '/projects/ana-empty',
      payload: { parentId: `${own}-project` },
    }),
  },
  'DELETE /projects/:id': {
    'deletes a project': send('DELETE', '/projects/ana-project'),
  },
  'GET /tags': {
    'lists tags with their counts': get('/tags'),
  },
  'POST /tags': {
    'gives a new tag to a note': send('POST', '/tags', { name: 'new', noteIds: ['ana-note-1'] }),
  },
  'DELETE /tags/:id': {
    'deletes a tag': send('DELETE', '/tags/ana-tag-1'),
  },
  'PUT /notes/:noteId/tags/:tagId': {
    'tags a note': send('PUT', '/notes/ana-note-2/tags/ana-tag-2'),
    'gives an own tag to a note': (own) => ({
      method: 'PUT',
      url: `/notes/ana-note-2/tags/${own}-tag-1`,
    }),
    'gives a tag to an own note': (own) => ({
      method: 'PUT',
      url: `/notes/${own}-note-2/tags/ana-tag-2`,
    }),
    'tags what has the tag': send('PUT', '/notes/ana-note-1/tags/ana-tag-1'),
  },
  'DELETE /notes/:noteId/tags/:tagId': {
    'takes a tag from a note': send('DELETE', '/notes/ana-note-1/tags/ana-tag-1'),
    'takes one from an own note': send('DELETE', '/notes/ben-note-1/tags/ana-tag-1'),
  },
  'GET /me': {
    'counts what hangs on own projects': get('/me'),
  },
  'GET /users': {
    'counts the notes of users': get('/users'),
  },
  'GET /users/:id': {
    'reads the notes of a user': get('/users/ana'),
  },
  'GET /statistics': {
    'sums everything up': get('/statistics'),
  },
};

/** Routes on which isolation says nothing, and what is true of them instead: each has a test of its own. */
export const OTHER_ROUTES: Record<string, string> = {
  'GET /admin/totals': 'is for the administrator alone',
};
