/** Names as people write them: one row, many rows, camelCase and snake_case. */

/** Nouns that are the same for one and for many. */
const UNCOUNTED =
  /^(news|series|species|media|data|metadata|staff|equipment|information|software|hardware|feedback|furniture|money)$/;
const IRREGULAR = [
  'person people, child children, man men, woman women, foot feet, mouse mice, criterion criteria',
  'leaf leaves, shelf shelves, half halves, life lives, movie movies, cookie cookies, quiz quizzes',
  'hero heroes, echo echoes, potato potatoes, tomato tomatoes',
].flatMap((line) => line.split(', ').map((pair) => pair.split(' ')));
/** Words for one that end like words for many. */
const ENDS_IN_S = /(ss|us|is)$|^(alias|atlas|bias|canvas|gas|lens)$/;

/** "SMSMessage", "smsMessage" and "SMS_Message" as two words, in their own letters. */
export function splitWords(name: string): string[] {
  const words = name
    .replace(/([\p{Ll}\d])(\p{Lu})/gu, '$1 $2')
    .replace(/(\p{Lu})(\p{Lu}\p{Ll})/gu, '$1 $2')
    .split(/[^\p{L}\p{N}]+/u);
  return words.filter((word) => word !== '');
}

export function toPascal(words: readonly string[]): string {
  return words.map((word) => word.slice(0, 1).toUpperCase() + word.slice(1)).join('');
}

export function toCamel([first = '', ...others]: readonly string[]): string {
  return first.toLowerCase() + toPascal(others.map((word) => word.toLowerCase()));
}

export function toSnake(words: readonly string[]): string {
  return words.join('_').toLowerCase();
}

/** Many of what the last word names; it stays where it says many already. */
export function toPlural(words: readonly string[]): string[] {
  return changeLast(words, (word) => (toOne(word) === word ? toMany(word) : word));
}

/** One of what the last word names. */
export function toSingular(words: readonly string[]): string[] {
  return changeLast(words, toOne);
}

function changeLast(words: readonly string[], change: (word: string) => string): string[] {
  const last = words.at(-1);
  return last === undefined ? [] : [...words.slice(0, -1), change(last.toLowerCase())];
}

function toMany(word: string): string {
  const irregular = IRREGULAR.find(([one]) => one === word)?.[1];
  if (irregular !== undefined) return irregular;
  if (UNCOUNTED.test(word)) return word;
  if (/[^aeiou]y$/.test(word)) return `${word.slice(0, -1)}ies`;
  if (/[^aeiou]is$/.test(word)) return `${word.slice(0, -2)}es`;
  return /(s|x|z|ch|sh)$/.test(word) ? `${word}es` : `${word}s`;
}

function toOne(word: string): string {
  const irregular = IRREGULAR.find(([, many]) => many === word)?.[0];
  if (irregular !== undefined) return irregular;
  if (UNCOUNTED.test(word) || ENDS_IN_S.test(word) || !word.endsWith('s')) return word;
  if (/[^aeiou]ies$/.test(word) && word.length > 4) return `${word.slice(0, -3)}y`;
  return /(ss|x|ch|sh|alias|canvas)es$/.test(word) ? word.slice(0, -2) : word.slice(0, -1);
}
