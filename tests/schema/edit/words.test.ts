import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  splitWords,
  toCamel,
  toPascal,
  toPlural,
  toSingular,
  toSnake,
} from '../../../src/schema/edit/words.ts';

const plural = (name: string) => toCamel(toPlural(splitWords(name)));
const singular = (name: string) => toCamel(toSingular(splitWords(name)));

describe('toPlural', () => {
  const pairs =
    'Note notes, Category categories, Box boxes, Diary diaries, Day days, News news, Person people, Child children, Status statuses, Address addresses, Class classes, Batch batches, Wish wishes, Quiz quizzes, Analysis analyses, Alias aliases, Canvas canvases, Lens lenses, Movie movies, Photo photos, Hero heroes, Bus buses, Index indexes, Metadata metadata, Series series, Settings settings, Notes notes, sales_order salesOrders, SMSMessage smsMessages, NoteTag noteTags, Größe größes, URL urls, Web3Wallet web3Wallets';
  for (const pair of pairs.split(', ')) {
    const [one = '', many = ''] = pair.split(' ');
    it(`makes ${many} of ${one}`, () => assert.equal(plural(one), many));
  }
});

describe('toSingular', () => {
  const pairs =
    'User user, Users user, users user, AppUser appUser, auth_users authUser, People person, Account account, Address address, Addresses address, Staff staff, Boss boss, Companies company, Status status, Customer customer';
  for (const pair of pairs.split(', ')) {
    const [many = '', one = ''] = pair.split(' ');
    it(`makes ${one} of ${many}`, () => assert.equal(singular(many), one));
  }
});

describe('splitWords', () => {
  it('splits names of any spelling, and the words are spelled back', () => {
    for (const name of ['noteTag', 'NoteTag', 'note_tag', 'Note-Tag'])
      assert.equal(toSnake(splitWords(name)), 'note_tag');
    assert.equal(toPascal(splitWords('note_tag')), 'NoteTag');
    assert.equal(toPascal(splitWords('SMSMessage')), 'SMSMessage');
    assert.equal(toCamel(splitWords('user_id')), 'userId');
    assert.equal(toCamel([]), '');
  });
});
