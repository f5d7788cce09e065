import type { Prisma } from '../prisma/generated/client.ts';

/** Ana, whose rows nobody else may see, and Ben, who tries. */
export const USERS = [
  { id: 'ana', email: 'ana@example.com', name: 'Ana', createdAt: day(1) },
  { id: 'ben', email: 'ben@example.com', name: 'Ben', createdAt: day(2) },
  { id: 'root', email: 'root@example.com', name: 'Root', createdAt: day(3) },
] satisfies Prisma.UserCreateManyInput[];

type Owner = 'ana' | 'ben' | null;

/** Rows of one owner in every model; what they say begins with `word`, and so do their ids. */
export function makeRows(owner: Owner, word: string, number: number) {
  const of = { userId: owner, createdAt: day(number) };
  const note = (index: number) => ({
    id: `${word}-note-${index}`,
    title: `${word} title ${index}`,
    body: `${word} body`,
    updatedAt: day(number + index),
    projectId: index === 1 ? `${word}-project` : null,
    ...of,
  });
  return {
    project: [
      { id: `${word}-project`, name: `${word} project`, ...of },
      { id: `${word}-child`, name: `${word} child`, parentId: `${word}-project`, ...of },
      { id: `${word}-empty`, name: `${word} empty`, ...of },
    ],
    tag: [1, 2].map((index) => ({
      id: `${word}-tag-${index}`,
      name: `${word} tag ${index}`,
      userId: owner,
    })),
    note: [1, 2, 3].map(note),
    noteTag: [{ noteId: `${word}-note-1`, tagId: `${word}-tag-1`, userId: owner, addedAt: day(number) }],
    attachment: [attachment(number * 100, { word, noteId: `${word}-note-1`, ...of })],
    reminderRule: [
      {
        id: `${word}-rule`,
        message: `${word} message`,
        repeats: `${word} repeats`,
        noteId: `${word}-note-1`,
        ...of,
      },
    ],
  };
}

/**
 * Rows of Ana that hang on rows of Ben, from the years when everybody worked in one notebook: hidden in whatever Ben is shown.
 * They hang on rows of their own, since the app must not delete those.
 */
export function makeCrossed() {
  const of = { userId: 'ana', createdAt: day(9) } as const;
  return {
    project: [{ id: 'ana-crossed', name: 'ana crossed', parentId: 'ben-project', ...of }],
    note: [
      {
        id: 'ana-note-crossed',
        title: 'ana crossed',
        body: '',
        updatedAt: day(9),
        projectId: 'ben-project',
        ...of,
      },
    ],
    noteTag: [{ noteId: 'ben-note-1', tagId: 'ana-tag-1', userId: 'ana', addedAt: day(9) }],
    attachment: [attachment(901, { word: 'ana', noteId: 'ben-note-1', ...of })],
    reminderRule: [
      { id: 'ana-rule-crossed', message: 'ana', repeats: 'ana repeats', noteId: 'ben-note-1', ...of },
    ],
  };
}

function attachment(
  id: number,
  { word, ...of }: { word: string; noteId: string; userId: Owner; createdAt: Date },
) {
  return {
    id,
    fileName: `${word}.txt`,
    altText: `${word} file`,
    sizeBytes: 12n,
    checksum: Buffer.from(word),
    ...of,
  };
}

function day(number: number): Date {
  return new Date(Date.UTC(2024, 0, number));
}
