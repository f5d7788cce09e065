import type { Prisma } from '../../prisma/generated/client.ts';
import type { App } from '../app.ts';
import { notFound } from '../not-found.ts';
import { BY_ID } from '../schemas.ts';

const LATEST_NOTES = {
  select: { id: true, title: true },
  orderBy: [{ updatedAt: 'desc' }, { id: 'asc' }],
  take: 5,
} satisfies Prisma.User$notesArgs;

/** Users are seen by everybody, by name: what hangs on them is not. */
export function userRoutes(app: App): void {
  app.get('/me', async ({ db, userId }) => {
    const user = await db.user.findUniqueOrThrow({
      where: { id: userId },
      include: {
        notes: LATEST_NOTES,
        projects: { select: { id: true, name: true, _count: { select: { notes: true } } } },
      },
    });
    return user;
  });

  app.get('/users', ({ db }) =>
    db.user.findMany({
      select: { id: true, name: true, _count: { select: { notes: true } } },
      orderBy: { id: 'asc' },
    }),
  );

  app.get('/users/:id', { schema: { params: BY_ID } }, async ({ db, params }) => {
    const user = await db.user.findUnique({
      where: { id: params.id },
      select: {
        id: true,
        name: true,
        notes: LATEST_NOTES,
        _count: { select: { notes: true, projects: true } },
      },
    });
    if (!user) throw notFound();
    return user;
  });

  app.get('/statistics', async ({ db }) => {
    const [notes, byProject, files, reminders] = await Promise.all([
      db.note.aggregate({ _count: { _all: true, projectId: true }, _max: { updatedAt: true } }),
      db.note.groupBy({ by: ['projectId'], _count: { _all: true }, orderBy: { projectId: 'asc' } }),
      db.attachment.aggregate({ _count: { _all: true }, _sum: { sizeBytes: true } }),
      db.reminderRule.groupBy({ by: ['repeats'], _count: { _all: true }, orderBy: { repeats: 'asc' } }),
    ]);
    return {
      notes: notes._count._all,
      filed: notes._count.projectId,
      lastChange: notes._max.updatedAt,
      byProject: byProject.map(({ projectId, _count }) => ({ projectId, notes: _count._all })),
      attachments: files._count._all,
      sizeBytes: Number(files._sum.sizeBytes ?? 0),
      reminders: reminders.map(({ repeats, _count }) => ({ repeats, rules: _count._all })),
    };
  });
}
