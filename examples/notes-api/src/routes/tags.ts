import type { App } from '../app.ts';
import { BY_ID, ID, IDS, NAME } from '../schemas.ts';

const NEW_TAG = {
  type: 'object',
  properties: { name: NAME, color: NAME, noteIds: IDS },
  required: ['name'],
  additionalProperties: false,
} as const;

const PAIR = {
  type: 'object',
  properties: { noteId: ID, tagId: ID },
  required: ['noteId', 'tagId'],
} as const;

const LISTED = { id: true, name: true, color: true, _count: { select: { notes: true } } } as const;

/** Tags, and which notes have them. */
export function tagRoutes(app: App): void {
  app.get('/tags', ({ db }) => db.tag.findMany({ select: LISTED, orderBy: { name: 'asc' } }));

  app.post('/tags', { schema: { body: NEW_TAG } }, async ({ db, body }, reply) => {
    const { noteIds = [], ...fields } = body;
    const notes = { create: noteIds.map((id) => ({ note: { connect: { id } } })) };
    const tag = await db.tag.create({ data: { ...fields, notes }, select: LISTED });
    return reply.code(201).send(tag);
  });

  app.delete('/tags/:id', { schema: { params: BY_ID } }, async ({ db, params }, reply) => {
    await db.tag.delete({ where: { id: params.id }, select: { id: true } });
    return reply.code(204).send();
  });

  app.put('/notes/:noteId/tags/:tagId', { schema: { params: PAIR } }, async ({ db, params }, reply) => {
    const { noteId, tagId } = params;
    await db.noteTag.upsert({
      where: { noteId_tagId: { noteId, tagId } },
      create: { note: { connect: { id: noteId } }, tag: { connect: { id: tagId } } },
      update: {},
      select: { noteId: true },
    });
    return reply.code(204).send();
  });

  app.delete('/notes/:noteId/tags/:tagId', { schema: { params: PAIR } }, async ({ db, params }, reply) => {
    const { noteId, tagId } = params;
    await db.noteTag.delete({ where: { noteId_tagId: { noteId, tagId } }, select: { noteId: true } });
    return reply.code(204).send();
  });
}
