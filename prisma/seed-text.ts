/** A source of choices whose sequence depends on its seed only, so that two seeded databases are equal. */
export interface Choices {
  /** A whole number from 0 to `limit - 1`. */
  below(limit: number): number;
  /** One element of a list that is not empty. */
  pick<T>(list: List<T>): T;
  /** True in about `percent` of 100 calls. */
  chance(percent: number): boolean;
}

/** The generator mulberry32: small, fast, the same everywhere, and not for secrets. */
export function createChoices(seed: number): Choices {
  let state = seed;
  const below = (limit: number) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * limit);
  };
  return {
    below,
    pick: (list) => list[below(list.length)] ?? list[0],
    chance: (percent) => below(100) < percent,
  };
}

/** A list that `Choices.pick` accepts: it has at least one element. */
type List<T> = readonly [T, ...T[]];

// The words below are the point of the sample: whatever a person can type has to come through unchanged.

const PROJECT_NAMES: List<string> = [
  'Maison',
  'Jardin d’hiver',
  'Ana’s thesis — "final" version',
  'Receitas da avó',
  'Umzug nach Köln',
  'Trip 2024 🏔️',
  "Don't forget!",
  'C:\\Users\\Ana\\Documents',
  '読書ノート',
  'ميزانية البيت',
];

/** Titles of notes; one is empty, and one is the word NULL. */
export const NOTE_TITLES: List<string> = [
  'Courses',
  'Réunion de copropriété',
  'Ideas for "the talk"',
  "Mum's birthday",
  'São João: o que levar',
  'Rückruf Zahnärztin',
  'Call O’Neill re: invoice #1043',
  'regex: ^\\d{4}-\\d{2}$',
  'Recette du soir 🍲',
  '👩‍👩‍👧‍👦 family call',
  'Cafe\u0301 with a combining accent',
  'رسالة إلى جدتي',
  'רשימת קניות',
  '買い物リスト',
  'TODO -- not a comment; really',
  "Robert'); DROP TABLE Students;--",
  '  leading and trailing spaces  ',
  '%_% and other wildcards',
  'NULL',
  '',
];

const PARAGRAPHS: List<string> = [
  'Milk, bread, two lemons, coffee (the good one), and something for Sunday.',
  'Pensé à rappeler le plombier : « ça goutte encore sous l’évier ». Devis à 240 €.',
  'She said: "It\'s not the price, it\'s the principle." I wrote it down word for word.',
  'Backup is on \\\\nas\\photos\\2019 — path ends with a backslash: D:\\',
  '- [ ] passport\n- [x] tickets\n- [ ] adapter (UK)\n\t- the *grey* one',
  'Windows line ends\r\nsurvive\r\nin here.',
  'O comboio sai às 7h42; não esquecer a mala de mão e o carregador.',
  'اللقاء يوم الخميس الساعة ٥ مساءً في المقهى القديم. لا تنس المفاتيح!',
  'פגישה ביום שלישי (room 4b) — להביא את המסמכים.',
  '明日の朝、図書館に本を返す。帰りに牛乳。',
  'Feeling 🙂 then 😴 then 🎉. Flag test: 🇵🇹 🇫🇷 🏴‍☠️',
  "Snippet: SELECT 'it''s' AS \"quoted\", `x` FROM t WHERE a LIKE '50\\%' -- ok?",
  '{"mode":"dark","path":"C:\\\\tmp\\\\ü.json","tags":["a\\"b",null]}',
  '$1 $HOME %s {{name}} :id ?',
  'Zero\u200bwidth, soft\u00adhyphen, non\u00a0breaking, and a line\u2028separator.',
  'A very ordinary sentence, because most notes are very ordinary.',
];

/** Names of files as a browser or a telephone hands them over. */
export const FILE_NAMES: List<string> = [
  'IMG_2041.HEIC',
  'facture n°12.pdf',
  'scan "final" (2).pdf',
  "Ana's CV.docx",
  'C:\\fakepath\\relevé.xlsx',
  'صورة.jpg',
  '議事録.txt',
  'voice 🎙️ memo.m4a',
];

const TAG_TOPICS: List<string> = [
  'café',
  'santé',
  'idées 💡',
  "kids'",
  'Straße',
  '"quotes"',
  'back\\slash',
  'money',
  'سفر',
  '料理',
];

/** Colours of tags: some have none, and an old version of the app wrote an empty one. */
export const TAG_COLORS: List<string | null> = [null, '', '#d9480f', '#2b8a3e', 'teal'];

/** How a reminder repeats, as the app stores it. */
export const REPEAT_RULES: List<string> = [
  'once',
  'FREQ=DAILY',
  'FREQ=WEEKLY;BYDAY=MO,TH',
  "it's complicated",
];

/** Names may repeat; about one in five carries a number. */
export function writeProjectName(choices: Choices): string {
  const name = choices.pick(PROJECT_NAMES);
  return choices.chance(20) ? `${name} ${choices.below(9) + 2}` : name;
}

/** The name of tag `index`; no two are equal, as the schema demands. */
export function writeTagName(index: number): string {
  const topic = TAG_TOPICS[index % TAG_TOPICS.length] ?? TAG_TOPICS[0];
  const level = Math.floor(index / TAG_TOPICS.length);
  return level === 0 ? topic : `${topic}/${level}`;
}

/** Up to three paragraphs, or one of the two kinds of nothing: about 6 % NULL and 4 % empty. */
export function writeTextOrNull(choices: Choices): string | null {
  if (choices.chance(6)) return null;
  if (choices.chance(4)) return '';
  return Array.from({ length: choices.below(3) + 1 }, () => choices.pick(PARAGRAPHS)).join('\n\n');
}

/** A note of about 150,000 characters, longer than a SQLite page and than most buffers. */
export function writeLongText(): string {
  const line = (index: number) => `${index + 1}. ${PARAGRAPHS[index % PARAGRAPHS.length]}`;
  return Array.from({ length: 2400 }, (_, index) => line(index)).join('\n');
}
