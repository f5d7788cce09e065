import * as text from './seed-text.ts';

const DAY_MS = 86_400_000;

/** The three users of the sample: who used it alone, a second one, and one without a name. */
export const USERS = [
  { id: 'cm3owner0000', email: 'ana@example.com', name: 'Ana Duarte', createdAt: '2025-11-03T08:31:00Z' },
  {
    id: 'cm3second0000',
    email: 'benoit@example.com',
    name: 'Benoît Lefèvre',
    createdAt: '2025-11-03T19:04:12Z',
  },
  { id: 'cm3third0000', email: 'third@example.com', name: null, createdAt: '2025-11-05T06:58:47Z' },
];

/** Settings of the installation, which nobody owns. */
export const SETTINGS = [
  { key: 'backup.folder', value: '\\\\nas\\backups\\notebook', updatedAt: '2021-04-06T18:20:00Z' },
  { key: 'locale', value: 'pt-PT', updatedAt: '2021-04-06T18:21:00Z' },
  { key: 'banner', value: '', updatedAt: '2025-11-03T08:40:00Z' },
  { key: 'features', value: '{"accounts":true}', updatedAt: '2025-11-03T08:40:00Z' },
];

// 19,975 rows without an owner, from the years with one user, and 25 of the second user's first week.
const SOLO = { projects: 119, tags: 78, notes: 5992, noteTags: 8992, attachments: 2996, rules: 1798 };
const SECOND = { projects: 1, tags: 2, notes: 8, noteTags: 8, attachments: 4, rules: 2 };
const SHARES = [
  { counts: SOLO, userId: null, firstDay: '2021-04-06', days: 1680, firstTag: 0 },
  { counts: SECOND, userId: 'cm3second0000', firstDay: '2025-11-04', days: 7, firstTag: SOLO.tags },
];
type Share = (typeof SHARES)[number];
type Parents = ReturnType<typeof makeParents>;

// Every date, id and text comes from here, never from the clock: two seeded databases are equal.
const choices = text.createChoices(2021);
let idsMade = 0;

function times<T>(count: number, make: (index: number) => T): T[] {
  return Array.from({ length: count }, (_, index) => make(index));
}

/** Spreads `count` rows over the days of the share, oldest first, at any time of the day. */
function dateOf(share: Share, index: number, count: number): Date {
  const day = Math.floor((index / count) * share.days);
  return new Date(Date.parse(share.firstDay) + day * DAY_MS + choices.below(DAY_MS));
}

function later(date: Date, days: number): Date {
  return new Date(date.getTime() + choices.below(days * DAY_MS));
}

/** Shaped like a cuid: time, counter, machine, chance. */
function idOf(date: Date): string {
  const counter = (idsMade++).toString(36).padStart(4, '0');
  const chance = times(8, () => choices.below(36).toString(36)).join('');
  return `c${date.getTime().toString(36)}${counter}ana1${chance}`;
}

/** Makes the rows that others refer to; every foreign key stays inside the share. */
function makeParents(share: Share) {
  const { counts, userId } = share;
  const projectIds: string[] = [];
  const projects = times(counts.projects, (index) => {
    const createdAt = dateOf(share, index, counts.projects);
    const id = idOf(createdAt);
    // Eight at the top and three below each, parents first: 119 projects are four levels deep.
    const parentId = projectIds[Math.floor((index - 8) / 3)] ?? null;
    projectIds.push(id);
    const archivedAt = choices.chance(15) ? later(createdAt, 10) : null;
    const description = text.writeTextOrNull(choices);
    return { id, name: text.writeProjectName(choices), description, archivedAt, createdAt, parentId, userId };
  });
  const tags = times(counts.tags, (index) => {
    const color = choices.pick(text.TAG_COLORS);
    return { id: idOf(dateOf(share, 0, 1)), name: text.writeTagName(share.firstTag + index), color, userId };
  });
  const notes = times(counts.notes, (index) => {
    const createdAt = dateOf(share, index, counts.notes);
    const updatedAt = choices.chance(40) ? later(createdAt, 10) : createdAt;
    const body = index === 0 ? text.writeLongText() : text.writeTextOrNull(choices);
    const projectId = choices.chance(70) ? (projectIds[choices.below(counts.projects)] ?? null) : null;
    const title = choices.pick(text.NOTE_TITLES);
    return {
      id: idOf(createdAt),
      title,
      body,
      pinned: choices.chance(3),
      createdAt,
      updatedAt,
      projectId,
      userId,
    };
  });
  return { projects, tags, notes };
}

/** Makes what hangs on the notes of the same share; nothing is older than its note. */
function makeChildren({ counts, userId }: Share, { notes, tags }: Parents) {
  const noteAt = (index: number) => notes[index % notes.length] as Parents['notes'][number];
  const anyNote = () => noteAt(choices.below(notes.length));
  const noteTags = times(counts.noteTags, (index) => {
    const note = noteAt(index);
    // A second round through the notes gives each the next tag, so that no pair repeats.
    const round = Math.floor(index / notes.length);
    const tag = tags[((index % notes.length) * 31 + round) % tags.length] as Parents['tags'][number];
    return { noteId: note.id, tagId: tag.id, addedAt: later(note.createdAt, 2), userId };
  });
  const attachments = times(counts.attachments, () => {
    const note = anyNote();
    const altText = choices.chance(50) ? text.writeTextOrNull(choices) : null;
    const checksum = choices.chance(80) ? Uint8Array.from(times(32, () => choices.below(256))) : null;
    // Some sizes are beyond 32 bits.
    const sizeBytes = choices.chance(1) ? 6_442_450_944n : BigInt(choices.below(9_000_000));
    const createdAt = later(note.createdAt, 2);
    return {
      fileName: choices.pick(text.FILE_NAMES),
      altText,
      sizeBytes,
      checksum,
      createdAt,
      noteId: note.id,
      userId,
    };
  });
  const rules = times(counts.rules, () => {
    const note = anyNote();
    const createdAt = later(note.createdAt, 2);
    const nextAt = choices.chance(70) ? later(createdAt, 400) : null;
    const [repeats, message] = [choices.pick(text.REPEAT_RULES), text.writeTextOrNull(choices)];
    return {
      id: idOf(createdAt),
      message,
      repeats,
      leadHours: choices.below(97) / 4,
      isEnabled: choices.chance(85),
      nextAt,
      createdAt,
      noteId: note.id,
      userId,
    };
  });
  return { noteTags, attachments, rules };
}

/** Makes all 20,000 owned rows, one entry a share; calling it twice in a process gives other rows. */
export function makeShares() {
  return SHARES.map((share) => {
    const parents = makeParents(share);
    return { ...parents, ...makeChildren(share, parents) };
  });
}
