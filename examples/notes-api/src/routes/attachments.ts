import type { App } from '../app.ts';
import { notFound } from '../not-found.ts';
import { BY_ID, NAME, TEXT } from '../schemas.ts';

const NUMBERED = {
  type: 'object',
  properties: { id: { type: 'integer' } },
  required: ['id'],
} as const;

const NEW_ATTACHMENT = {
  type: 'object',
  properties: { fileName: NAME, altText: TEXT, sizeBytes: { type: 'integer', minimum: 0 } },
  required: ['fileName', 'sizeBytes'],
  additionalProperties: false,
} as const;

const LISTED = { id: true, fileName: true, altText: true, sizeBytes: true } as const;

/** The files of a note. */
export function attachmentRoutes(app: App): void {
  app.get('/notes/:id/attachments', { schema: { params: BY_ID } }, async ({ db, params }) => {
    const orderBy = { id: 'asc' } as const;
    const found = await db.note
      .findUnique({ where: { id: params.id } })
      .attachments({ select: LISTED, orderBy });
    if (!found) throw notFound();
    return found.map(toJson);
  });

  app.post(
    '/notes/:id/attachments',
    { schema: { params: BY_ID, body: NEW_ATTACHMENT } },
    async ({ db, params, body }, reply) => {
      const data = { ...body, note: { connect: { id: params.id } } };
      const attachment = await db.attachment.create({ data, select: LISTED });
      return reply.code(201).send(toJson(attachment));
    },
  );

  app.delete('/attachments/:id', { schema: { params: NUMBERED } }, async ({ db, params }, reply) => {
    await db.attachment.delete({ where: { id: params.id }, select: { id: true } });
    return reply.code(204).send();
  });
}

/** JSON has no 64-bit integers; a file is never so large. */
function toJson<T extends { sizeBytes: bigint }>(
  attachment: T,
): Omit<T, 'sizeBytes'> & { sizeBytes: number } {
  return { ...attachment, sizeBytes: Number(attachment.sizeBytes) };
}
