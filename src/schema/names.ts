import type { Model } from './parse.ts';

/** What names say: the only place where words are weighed. A name never decides alone; it raises a question for people. */

/** Participles that say who a row comes from; whoever else something was done by is not the owner. */
const MADE = [
  ...[
    'created',
    'owned',
    'added',
    'uploaded',
    'posted',
    'submitted',
    'authored',
    'inserted',
    'registered',
    'written',
  ],
  ...[
    'requested',
    'recorded',
    'logged',
    'entered',
    'generated',
    'initiated',
    'started',
    'opened',
    'invited',
    'sent',
  ],
  ...[
    'imported',
    'issued',
    'performed',
    'proposed',
    'reported',
    'raised',
    'triggered',
    'scheduled',
    'drafted',
  ],
];
/** People who have to do with a row that is not theirs, or who have it for a while. */
const OTHER_ROLES = [
  ...[
    'assigned',
    'assignee',
    'routed',
    'responsible',
    'approver',
    'reviewer',
    'moderator',
    'manager',
    'supervisor',
  ],
  ...[
    'coordinator',
    'handler',
    'operator',
    'editor',
    'invitee',
    'recipient',
    'receiver',
    'referee',
    'redeemer',
    'holder',
  ],
  ...[
    'custodian',
    'delegate',
    'resolver',
    'verifier',
    'grader',
    'grantee',
    'target',
    'banned',
    'blocked',
    'override',
  ],
];
const USER_WORDS = [
  'user',
  'account',
  'member',
  'person',
  'people',
  'profile',
  'customer',
  'author',
  'identity',
  'principal',
];

/** What look-up tables are about: the same few rows for everybody. */
const LOOK_UP_WORDS = [
  ...[
    'type',
    'kind',
    'status',
    'state',
    'enum',
    'genre',
    'category',
    'country',
    'region',
    'currency',
    'language',
  ],
  ...[
    'locale',
    'timezone',
    'unit',
    'priority',
    'severity',
    'role',
    'permission',
    'gender',
    'color',
    'colour',
  ],
];
/** What a program or another system makes, and no person thinks of. */
const GENERATED_WORDS = [
  ...[
    'id',
    'uuid',
    'guid',
    'cuid',
    'ulid',
    'token',
    'hash',
    'secret',
    'checksum',
    'digest',
    'fingerprint',
    'nonce',
  ],
  ...['sha', 'md5', 'signature'],
];
/** What is the same person's, device's or thing's wherever it stands. */
const WORLDWIDE_WORDS = [
  ...[
    'email',
    'mail',
    'phone',
    'mobile',
    'username',
    'login',
    'handle',
    'domain',
    'subdomain',
    'host',
    'hostname',
  ],
  ...['url', 'uri', 'iban', 'isbn', 'vin', 'serial', 'imei', 'address'],
];

const MAKER = '(created|owned|uploaded|posted|added|submitted|authored|inserted|registered)by(user)?';
const OWNER_ID = new RegExp(
  `^((user|owner|author|creator|uploader|poster)(user)?|${MAKER}|(created|app)user)(id|uuid|uid|guid|key|ref|fk)$|^(fk|id)user$|^usersid$`,
);
const OWNER_BY = new RegExp(`^${MAKER}$`);
const OWNER_WORD = /^(owner|creator)$/;
/** Names of people, or of logins, all over; a key only where a text could not stand. */
const NAME_WORD = /^(user|author|uploader|poster)$/;
const USER_ID = /user_?(id|uuid|uid)$/i;

/** "createdByUser", "created_by_user" and "CREATED-BY-USER" as created, by, user. */
function wordsOf(name: string): string[] {
  const words = name.replace(/([a-z\d])([A-Z])/g, '$1 $2').split(/[^\p{L}\p{N}]+/u);
  return words.map((word) => word.toLowerCase()).filter(Boolean);
}

function toPlain(name: string): string {
  return name.replaceAll('_', '').toLowerCase();
}

/** Whether a column's or a relation's name says another role than the owner's: `assignedTo`, `lastUpdatedBy`, `reviewer_id`. */
function isOtherRole(name: string): boolean {
  const words = wordsOf(name);
  if (words.includes('owner')) return false;
  const by = words.lastIndexOf('by');
  if (by > 0) return !MADE.includes(words[by - 1] ?? '');
  return words.some((word) => OTHER_ROLES.includes(word));
}

/** Whether a model's name is one of things that happen to a user who may be unknown: an invitation, a ban. */
function isAboutSomebody(model: string): boolean {
  return wordsOf(model).some((word) => /^(ban|invite|invitation)s?$/.test(word));
}

/** The name that says that a relation to the users is not the owner's; null where none does. */
export function findOtherRole(model: Model, { field, fields }: Model['relations'][number]): string | null {
  const named = [field, ...fields].find(isOtherRole);
  if (named !== undefined) return named;
  const [column = ''] = fields;
  return isAboutSomebody(model.name) && /^user_?id$/i.test(column) ? `${model.name}.${column}` : null;
}

/** How a column without a relation is called: like an owner's key, like an owner, like a person, like any user's key, or else. */
export function judgeColumnName(
  name: string,
  owners: readonly string[],
): 'id' | 'owner' | 'name' | 'user' | null {
  const plain = toPlain(name);
  const isOwners = owners
    .map(toPlain)
    .some((each) => [`${each}id`, `${each.replace(/s$/, '')}id`].includes(plain));
  if (isOwners || OWNER_ID.test(plain) || OWNER_BY.test(plain)) return 'id';
  if (OWNER_WORD.test(plain)) return 'owner';
  if (NAME_WORD.test(plain)) return 'name';
  return USER_ID.test(name) ? 'user' : null;
}

/** Whether a model is called like one that holds users; the last word is what it is. */
export function isUserLike(name: string): boolean {
  const last = wordsOf(name).at(-1) ?? '';
  return USER_WORDS.includes(last) || USER_WORDS.includes(last.replace(/s$/, ''));
}

/** Whether a model is called like a look-up table; the last word is what it is. */
export function isLookUpLike(name: string): boolean {
  const last = wordsOf(name).at(-1) ?? '';
  const singular = [last, last.replace(/s$/, ''), last.replace(/es$/, ''), last.replace(/ies$/, 'y')];
  return singular.some((word) => LOOK_UP_WORDS.includes(word));
}

/** Whether a column's name says that no person chose its values: `sessionToken`, `stripe_customer_id`, `apiKey`. */
export function isGeneratedLike(name: string): boolean {
  const words = wordsOf(name);
  return (
    GENERATED_WORDS.includes(words.at(-1) ?? '') ||
    /(api|access|secret|public|private)key$/.test(words.join(''))
  );
}

/** Whether a column's name says that two users may never have the same value: an e-mail address, a domain. */
export function isWorldwideLike(name: string): boolean {
  return wordsOf(name).some((word) => WORLDWIDE_WORDS.includes(word));
}

/** Whether a column is called like what people tell rows of a look-up table by. */
export function isLabelLike(name: string): boolean {
  return /^(name|code|label|title|slug|key|value|description|iso)$/.test(wordsOf(name).at(-1) ?? '');
}
