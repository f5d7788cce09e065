import type { Prisma } from '../../prisma/generated/client.ts';
import type { App } from '../app.ts';
import { notFound } from '../not-found.ts';
import { BY_ID, ID, NAME, TEXT } from '../schemas.ts';

const NEW_PROJECT = {
  type: 'object',
  properties: { name: NAME, description: TEXT, parentId: ID },
  required: ['name'],
  additionalProperties: false,
} as const;

const CHANGE = {
  type: 'object',
  properties: { name: NAME, parentId: { ...ID, nullable: true } },
  minProperties: 1,
  additionalProperties: false,
} as const;

const COUNTS = { _count: { select: { notes: true, children: true } } } as const;
const LISTED = { id: true, name: true, ...COUNTS } satisfies Prisma.ProjectSelect;

/** Projects, which nest. */
export function projectRoutes(app: App): void {
  app.get('/projects', ({ db }) =>
    db.project.findMany({
      where: { parentId: null },
      select: { ...LISTED, children: { select: LISTED, orderBy: { id: 'asc' } } },
      orderBy: { id: 'asc' },
    }),
  );

  app.get('/projects/:id', { schema: { params: BY_ID } }, async ({ db, params }) => {
    const project = await db.project.findUnique({
      where: { id: params.id },
      select: {
        ...LISTED,
        parent: { select: { id: true, name: true } },
        children: { select: LISTED, orderBy: { id: 'asc' } },
        notes: { select: { id: true, title: true, _count: true }, orderBy: { id: 'asc' } },
      },
    });
    if (!project) throw notFound();
    return project;
  });

  app.post('/projects', { schema: { body: NEW_PROJECT } }, async ({ db, body }, reply) => {
    const { parentId, ...fields } = body;
    const parent = parentId === undefined ? {} : { parent: { connect: { id: parentId } } };
    const project = await db.project.create({ data: { ...fields, ...parent }, select: LISTED });
    return reply.code(201).send(project);
  });

  app.patch('/projects/:id', { schema: { params: BY_ID, body: CHANGE } }, ({ db, params, body }) =>
    db.project.update({ where: { id: params.id }, data: body, select: LISTED }),
  );

  app.delete('/projects/:id', { schema: { params: BY_ID } }, async ({ db, params }, reply) => {
    // Its notes stay, without a project: that is what the foreign key says.
    await db.project.delete({ where: { id: params.id }, select: { id: true } });
    return reply.code(204).send();
  });
}
