import type { FromSchema } from 'json-schema-to-ts';
import type { Prisma } from '../../prisma/generated/client.ts';
import type { App } from '../app.ts';
import { notFound } from '../not-found.ts';
import { BY_ID, ID, IDS, NAME, TEXT } from '../schemas.ts';

const FILTER = {
  type: 'object',
  properties: {
    q: NAME,
    tag: NAME,
    projectId: ID,
    pinned: { type: 'boolean' },
    after: ID,
    take: { type: 'integer', minimum: 1, maximum: 100, default: 20 },
  },
  additionalProperties: false,
} as const;

const NEW_NOTE = {
  type: 'object',
  properties: { title: NAME, body: TEXT, projectId: ID, tagIds: IDS },
  required: ['title'],
  additionalProperties: false,
} as const;

const CHANGE = {
  type: 'object',
  properties: {
    title: NAME,
    body: { ...TEXT, nullable: true },
    pinned: { type: 'boolean' },
    projectId: { ...ID, nullable: true },
  },
  minProperties: 1,
  additionalProperties: false,
} as const;

const PINS = {
  type: 'object',
  properties: { ids: IDS, pinned: { type: 'boolean' } },
  required: ['ids', 'pinned'],
  additionalProperties: false,
} as const;

/** Whatever a note has: what people exported is taken back as it is. */
const IMPORT = {
  type: 'object',
  properties: {
    notes: {
      type: 'array',
      maxItems: 1000,
      items: { type: 'object', properties: { title: NAME }, required: ['title'] },
    },
  },
  required: ['notes'],
  additionalProperties: false,
} as const;

const LISTED = {
  id: true,
  title: true,
  pinned: true,
  updatedAt: true,
  project: { select: { id: true, name: true } },
  _count: { select: { tags: true, attachments: true } },
} satisfies Prisma.NoteSelect;

const WHOLE = {
  ...LISTED,
  body: true,
  createdAt: true,
  tags: { select: { tag: { select: { id: true, name: true, color: true } } }, orderBy: { tagId: 'asc' } },
  attachments: { select: { id: true, fileName: true, altText: true }, orderBy: { id: 'asc' } },
  reminderRules: { select: { id: true, message: true, repeats: true, nextAt: true } },
} satisfies Prisma.NoteSelect;

/** Lists, searches, counts and changes notes. */
export function noteRoutes(app: App): void {
  app.get('/notes', { schema: { querystring: FILTER } }, async ({ db, query }) => {
    const where = toWhere(query);
    const [notes, total] = await Promise.all([
      db.note.findMany({
        where,
        select: LISTED,
        orderBy: [{ updatedAt: 'desc' }, { id: 'asc' }],
        take: query.take,
        ...(query.after && { cursor: { id: query.after }, skip: 1 }),
      }),
      db.note.count({ where }),
    ]);
    return { total, notes };
  });

  app.get('/notes/count', { schema: { querystring: FILTER } }, async ({ db, query }) => ({
    count: await db.note.count({ where: toWhere(query) }),
  }));

  app.get('/notes/:id', { schema: { params: BY_ID } }, async ({ db, params }) => {
    const note = await db.note.findUnique({ where: { id: params.id }, select: WHOLE });
    if (!note) throw notFound();
    return { ...note, tags: note.tags.map(({ tag }) => tag) };
  });

  app.post('/notes', { schema: { body: NEW_NOTE } }, async ({ db, body }, reply) => {
    const { tagIds = [], ...fields } = body;
    const tags = { create: tagIds.map((tagId) => ({ tagId })) };
    const note = await db.note.create({ data: { ...fields, tags }, select: LISTED });
    return reply.code(201).send(note);
  });

  app.patch('/notes/:id', { schema: { params: BY_ID, body: CHANGE } }, ({ db, params, body }) =>
    db.note.update({ where: { id: params.id }, data: body, select: LISTED }),
  );

  app.delete('/notes/:id', { schema: { params: BY_ID } }, async ({ db, params }, reply) => {
    await db.note.delete({ where: { id: params.id }, select: { id: true } });
    return reply.code(204).send();
  });

  app.post('/notes/pin', { schema: { body: PINS } }, async ({ db, body }) => {
    const { count } = await db.note.updateMany({
      where: { id: { in: [...body.ids] } },
      data: { pinned: body.pinned },
    });
    return { changed: count };
  });

  app.post('/notes/import', { schema: { body: IMPORT } }, async ({ db, body }, reply) => {
    const data = body.notes as Prisma.NoteCreateManyInput[];
    const { count } = await db.note.createMany({ data });
    return reply.code(201).send({ imported: count });
  });
}

function toWhere({ q, tag, projectId, pinned }: FromSchema<typeof FILTER>): Prisma.NoteWhereInput {
  return {
    projectId,
    pinned,
    ...(q && { OR: [{ title: { contains: q } }, { body: { contains: q } }] }),
    ...(tag && { tags: { some: { tag: { name: tag } } } }),
  };
}
