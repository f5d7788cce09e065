import type { PrismaClient } from '../prisma/generated/client.ts';

const CHUNK_ROWS = 1000;

/** How many rows each user has of each model. */
export const COUNTS = {
  projects: 200,
  tags: 100,
  notes: 10_000,
  noteTags: 15_000,
  attachments: 5000,
  rules: 2000,
};

/** Fills a database with so many rows of each of these users; those of Ana have the same ids each time. */
export async function fill(prisma: PrismaClient, users: readonly string[]): Promise<void> {
  await prisma.user.createMany({
    data: users.map((id) => ({ id, email: `${id}@example.com`, name: id })),
  });
  for (const userId of users) await fillFor(prisma, { userId, of: userId === 'ana' ? '' : userId });
}

async function fillFor(prisma: PrismaClient, { userId, of }: { userId: string; of: string }): Promise<void> {
  const createdAt = (index: number) => new Date(Date.UTC(2024, 0, 1, 0, index));
  const note = (index: number) => `${of}n${index % COUNTS.notes}`;
  const project = (i: number) => ({ id: `${of}p${i}`, name: `Project ${i}`, userId });
  await inChunks(COUNTS.projects, project, { add: (data) => prisma.project.createMany({ data }) });
  // Of every ten projects, nine are in the tenth.
  for (let parent = 0; parent < COUNTS.projects; parent += 10) {
    const id = { in: Array.from({ length: 9 }, (_, i) => `${of}p${parent + i + 1}`) };
    await prisma.project.updateMany({ where: { id }, data: { parentId: `${of}p${parent}` } });
  }
  const tag = (i: number) => ({ id: `${of}t${i}`, name: `tag ${i}`, userId });
  await inChunks(COUNTS.tags, tag, { add: (data) => prisma.tag.createMany({ data }) });
  const makeNote = (i: number) => ({
    id: note(i),
    title: `Note ${i}`,
    body: `what was written on page ${i} `.repeat(10),
    projectId: `${of}p${i % COUNTS.projects}`,
    createdAt: createdAt(i),
    updatedAt: createdAt(i),
    userId,
  });
  await inChunks(COUNTS.notes, makeNote, { add: (data) => prisma.note.createMany({ data }) });
  const pair = (i: number) => ({
    noteId: note(i),
    tagId: `${of}t${(i + Math.floor(i / COUNTS.notes)) % COUNTS.tags}`,
    userId,
  });
  await inChunks(COUNTS.noteTags, pair, { add: (data) => prisma.noteTag.createMany({ data }) });
  const file = (i: number) => ({ fileName: `${i}.pdf`, sizeBytes: i, noteId: note(i * 2), userId });
  await inChunks(COUNTS.attachments, file, { add: (data) => prisma.attachment.createMany({ data }) });
  const rule = (i: number) => ({ id: `${of}r${i}`, repeats: 'weekly', noteId: note(i * 5), userId });
  await inChunks(COUNTS.rules, rule, { add: (data) => prisma.reminderRule.createMany({ data }) });
}

async function inChunks<T>(
  count: number,
  make: (index: number) => T,
  { add }: { add: (rows: T[]) => PromiseLike<unknown> },
): Promise<void> {
  const rows = Array.from({ length: count }, (_, index) => make(index));
  for (let from = 0; from < count; from += CHUNK_ROWS) await add(rows.slice(from, from + CHUNK_ROWS));
}
