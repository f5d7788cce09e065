import type { PrismaClient } from '../prisma/generated/client.ts';
import type { Request } from '../tests/world.ts';

interface Case {
  request: (id: string) => Request;
  /** What must be there before the request; it is not measured. `id` is another one each time. */
  prepare?: (prisma: PrismaClient, id: string) => PromiseLike<unknown>;
}

const get = (url: string): Case => ({ request: () => ({ method: 'GET', url }) });
const addNote = (prisma: PrismaClient, id: string) =>
  prisma.note.create({ data: { id, title: 'new', userId: 'ana' } });

/** Takes back what requests before this one created, through either app: only Prisma's own ids begin so. */
const isNew = { where: { id: { startsWith: 'c' } } };
const removeNotes = (prisma: PrismaClient) => prisma.note.deleteMany(isNew);
const removeTags = (prisma: PrismaClient) => prisma.tag.deleteMany(isNew);
const removeProjects = (prisma: PrismaClient) => prisma.project.deleteMany(isNew);
const removeFiles = (prisma: PrismaClient) => prisma.attachment.deleteMany({ where: { fileName: 'new' } });

/** Requests of Ana, at least one of each route. */
export const REQUESTS: Record<string, Record<string, Case>> = {
  'GET /notes': {
    first: get('/notes'),
    search: get('/notes?q=page%2077'),
    project: get('/notes?projectId=p5'),
    tag: get('/notes?tag=tag%205'),
    'next page': get('/notes?after=n5000'),
  },
  'GET /notes/count': { all: get('/notes/count'), search: get('/notes/count?q=page%2077') },
  'GET /notes/:id': { one: get('/notes/n500') },
  'POST /notes': {
    plain: {
      request: () => ({ method: 'POST', url: '/notes', payload: { title: 'new' } }),
      prepare: removeNotes,
    },
    linked: {
      request: () => ({
        method: 'POST',
        url: '/notes',
        payload: { title: 'new', projectId: 'p5', tagIds: ['t1', 't2'] },
      }),
      prepare: removeNotes,
    },
  },
  'PATCH /notes/:id': {
    title: { request: (id) => ({ method: 'PATCH', url: '/notes/n7', payload: { title: id } }) },
    move: { request: () => ({ method: 'PATCH', url: '/notes/n7', payload: { projectId: 'p6' } }) },
  },
  'DELETE /notes/:id': {
    one: { request: (id) => ({ method: 'DELETE', url: `/notes/${id}` }), prepare: addNote },
  },
  'POST /notes/pin': {
    many: {
      request: () => ({
        method: 'POST',
        url: '/notes/pin',
        payload: { ids: Array.from({ length: 50 }, (_, i) => `n${i}`), pinned: true },
      }),
    },
  },
  'POST /notes/import': {
    many: {
      request: () => ({
        method: 'POST',
        url: '/notes/import',
        payload: { notes: Array.from({ length: 50 }, (_, i) => ({ title: `new ${i}`, projectId: `p${i}` })) },
      }),
      prepare: removeNotes,
    },
  },
  'GET /notes/:id/attachments': { one: get('/notes/n500/attachments') },
  'POST /notes/:id/attachments': {
    one: {
      request: () => ({
        method: 'POST',
        url: '/notes/n7/attachments',
        payload: { fileName: 'new', sizeBytes: 1 },
      }),
      prepare: removeFiles,
    },
  },
  'DELETE /attachments/:id': {
    one: {
      request: (id) => ({ method: 'DELETE', url: `/attachments/${toNumber(id)}` }),
      prepare: (prisma, id) =>
        prisma.attachment.create({
          data: { id: toNumber(id), fileName: 'new', sizeBytes: 1, noteId: 'n7', userId: 'ana' },
        }),
    },
  },
  'GET /projects': { tree: get('/projects') },
  'GET /projects/:id': { one: get('/projects/p10') },
  'POST /projects': {
    child: {
      request: () => ({ method: 'POST', url: '/projects', payload: { name: 'new', parentId: 'p150' } }),
      prepare: removeProjects,
    },
  },
  'PATCH /projects/:id': {
    move: { request: () => ({ method: 'PATCH', url: '/projects/p7', payload: { parentId: 'p20' } }) },
  },
  'DELETE /projects/:id': {
    one: {
      request: (id) => ({ method: 'DELETE', url: `/projects/${id}` }),
      prepare: (prisma, id) => prisma.project.create({ data: { id, name: 'new', userId: 'ana' } }),
    },
  },
  'GET /tags': { all: get('/tags') },
  'POST /tags': {
    linked: {
      request: (id) => ({ method: 'POST', url: '/tags', payload: { name: id, noteIds: ['n1', 'n2'] } }),
      prepare: removeTags,
    },
  },
  'DELETE /tags/:id': {
    one: {
      request: (id) => ({ method: 'DELETE', url: `/tags/${id}` }),
      prepare: (prisma, id) => prisma.tag.create({ data: { id, name: id, userId: 'ana' } }),
    },
  },
  'PUT /notes/:noteId/tags/:tagId': {
    new: {
      request: () => ({ method: 'PUT', url: '/notes/n7/tags/t99' }),
      prepare: (prisma) => prisma.noteTag.deleteMany({ where: { noteId: 'n7', tagId: 't99' } }),
    },
    again: { request: () => ({ method: 'PUT', url: '/notes/n7/tags/t7' }) },
  },
  'DELETE /notes/:noteId/tags/:tagId': {
    one: {
      request: () => ({ method: 'DELETE', url: '/notes/n7/tags/t98' }),
      prepare: (prisma) => prisma.noteTag.create({ data: { noteId: 'n7', tagId: 't98', userId: 'ana' } }),
    },
  },
  'GET /me': { self: get('/me') },
  'GET /users': { all: get('/users') },
  'GET /users/:id': { self: get('/users/ana') },
  'GET /statistics': { all: get('/statistics') },
  'GET /admin/totals': { all: get('/admin/totals') },
};

function toNumber(id: string): number {
  return 1_000_000 + Number(id.replace(/\D/g, ''));
}
