import { schemaEmpty } from '../../src/errors/schema.ts';
import * as errors from '../../src/errors/settings.ts';
import { CAUSE, type ExpectedTexts, NOTHING } from './expected.ts';

const FORMS =
  'Its form is postgresql://user:password@host:5432/database, mysql:// likewise, or file:./path/to/the.db; .env.example of prisma-ownership has them, too.';

/** What is said of the settings and the command line. */
export const SETTINGS_ERRORS: ExpectedTexts<typeof errors> = {
  configurationInvalid: {
    error: errors.configurationInvalid([errors.databaseUrlMissing(), schemaEmpty('schema.prisma')]),
    code: 'CONFIGURATION',
    message: `several settings are wrong:
- DATABASE_URL is set neither in the environment nor in a .env file.
- the schema schema.prisma has no model.${NOTHING}`,
    remedy: `Set it there. ${FORMS}
Name the right file or folder with --schema.`,
  },
  databaseUrlMissing: {
    error: errors.databaseUrlMissing(),
    code: 'DATABASE_URL_MISSING',
    message: `DATABASE_URL is set neither in the environment nor in a .env file.${NOTHING}`,
    remedy: `Set it there. ${FORMS}`,
  },
  databaseUrlInvalid: {
    error: errors.databaseUrlInvalid('DATABASE_URL (from .env)', 'it names no database after the host'),
    code: 'DATABASE_URL_INVALID',
    message: `DATABASE_URL (from .env) cannot be used: it names no database after the host.${NOTHING}`,
    remedy: `Correct it. ${FORMS}`,
  },
  providerDiffers: {
    error: errors.providerDiffers('sqlite', 'postgresql', 'schema.prisma'),
    code: 'PROVIDER_DIFFERS',
    message: `DATABASE_URL is for sqlite, but the datasource in schema.prisma says postgresql.${NOTHING}`,
    remedy: 'Point DATABASE_URL at the database of this schema, or name the right schema with --schema.',
  },
  usageInvalid: {
    error: errors.usageInvalid('no command is given.', 'npm run migration:list-users'),
    code: 'USAGE',
    message: `no command is given.${NOTHING}`,
    remedy: 'An example:\n  npm run migration:list-users',
  },
  surplusArguments: {
    error: errors.surplusArguments(['1', 'two'], 'npm run migration:status'),
    code: 'SURPLUS_ARGUMENT',
    message: `"1", "two" are 2 arguments too many.${NOTHING}`,
    remedy: `A flag's value is joined with "=", and on npm flags come after "--". An example:
  npm run migration:status`,
  },
  noOwnedModel: {
    error: errors.noOwnedModel('User'),
    code: 'NO_OWNED_MODEL',
    message: `no chosen model has a relation to User, so there is nothing to assign.${NOTHING}`,
    remedy: `Phase 1 adds it. To see what it would change in the schema:
  npm run migration:schema -- --phase=1`,
  },
  modelUnknown: {
    error: errors.modelUnknown('--models', 'Notes', ['Note', 'Tag'], 'Note'),
    code: 'MODEL_UNKNOWN',
    message: `--models names "Notes", which is not one of the models. Did you mean "Note"?${NOTHING}`,
    remedy: 'Models: Note, Tag',
  },
  flagGivenTwice: {
    error: errors.flagGivenTwice(
      'step',
      ['1', '2'],
      ['npx prisma-ownership x --step=1', 'npx prisma-ownership x --step=2'],
    ),
    code: 'FLAG_GIVEN_TWICE',
    message: `"--step" is given more than once, as "1" and "2".${NOTHING}`,
    remedy: `Type the one that is meant:
  npx prisma-ownership x --step=1
  npx prisma-ownership x --step=2`,
  },
  flagValueLost: {
    error: errors.flagValueLost(['step'], ['2'], {
      commands: ['npm run migration:production-safe -- ana --step=2'],
      help: 'npm run migration:production-safe -- --help',
    }),
    code: 'FLAG_VALUE_LOST',
    message: `npm passed "--step" on without a value; the surplus word is "2".${NOTHING}`,
    remedy: `Type "--" after the script's name and join each value to its flag with "=":
  npm run migration:production-safe -- ana --step=2`,
  },
  settingsInvalid: {
    error: errors.settingsInvalid('ownership.config.json', ['it is not JSON', 'it must be an object']),
    code: 'SETTINGS_INVALID',
    message: `ownership.config.json cannot be used: it is not JSON; it must be an object.${NOTHING}`,
    remedy: 'Correct it; the README shows its form under "Settings".',
  },
  ownerModelLeftOut: {
    error: errors.ownerModelLeftOut('User'),
    code: 'OWNER_MODEL_LEFT_OUT',
    message: `the settings leave out User, which is the owner model: no row of it is ever assigned.${NOTHING}`,
    remedy: 'Take User out of "exclude" and "nullMeans" in ownership.config.json, or out of --exclude.',
  },
  ownerColumnUnusable: {
    error: errors.ownerColumnUnusable('Post', 'title', 'it is of type DateTime'),
    code: 'OWNER_COLUMN_UNUSABLE',
    message: `the settings name "title" of Post as its owner column, which it cannot be: it is of type DateTime.${NOTHING}`,
    remedy: 'Correct ownership.config.json or --owner-column.',
  },
  settingsContradict: {
    error: errors.settingsContradict('Post'),
    code: 'SETTINGS_CONTRADICT',
    message: `ownership.config.json says more than one thing of Post: a model has an owner column, or is excluded, or NULL is meant.${NOTHING}`,
    remedy: 'Keep Post in one of "ownerColumns", "exclude" and "nullMeans".',
  },
  providerUnsupported: {
    error: errors.providerUnsupported('mongodb', 'schema.prisma'),
    code: 'PROVIDER_UNSUPPORTED',
    message: `the datasource in schema.prisma is MongoDB ("mongodb"), which is not supported: there are sqlite, postgresql and mysql.${NOTHING}`,
    remedy: `The models can be looked at all the same:
  npm run migration:models`,
  },
  ownerColumnUnknown: {
    error: errors.ownerColumnUnknown('Post', 'autorId', 'authorId'),
    code: 'OWNER_COLUMN_UNKNOWN',
    message: `the settings name the owner column "autorId" of Post, which has no such field. Did you mean "authorId"?${NOTHING}`,
    remedy: 'Correct ownership.config.json or --owner-column.',
  },
  environmentUnset: {
    error: errors.environmentUnset('POSTGRES_URL', 'schema.prisma'),
    code: 'ENVIRONMENT_UNSET',
    message: `schema.prisma takes the database's URL from POSTGRES_URL, which is set neither in the environment nor in a .env file.${NOTHING}`,
    remedy: 'Set POSTGRES_URL there, or DATABASE_URL in the environment, which goes before it.',
  },
  fileNotReadable: {
    error: errors.fileNotReadable('/app/.env', 'EACCES', CAUSE),
    code: 'FILE_NOT_READABLE',
    message: `/app/.env cannot be read: EACCES.${NOTHING}`,
    remedy: 'Allow it to this user.',
    hasCause: true,
  },
  flagsContradict: {
    error: errors.flagsContradict('Post'),
    code: 'FLAGS_CONTRADICT',
    message: `--owner-column chooses a column of Post, and --exclude leaves Post out.${NOTHING}`,
    remedy: 'Type one of them.',
  },
  noModelChosen: {
    error: errors.noModelChosen(['Note', 'Tag']),
    code: 'NO_MODEL_CHOSEN',
    message: `without Note, Tag there is no model left to assign.${NOTHING}`,
    remedy: 'Leave out less. To see all models:\n  npm run migration:models',
  },
  modelNotOwned: {
    error: errors.modelNotOwned('Log', 'left out: old', ['Note', 'Tag']),
    code: 'MODEL_NOT_OWNED',
    message: `--models names "Log", which takes no part: left out: old.${NOTHING}`,
    remedy: 'Models that do: Note, Tag. To see all: npm run migration:models',
  },
  ownerModelIsView: {
    error: errors.ownerModelIsView('Users'),
    code: 'OWNER_MODEL_IS_VIEW',
    message: `the owner model Users is a view, in which nothing can be owned.${NOTHING}`,
    remedy: 'Name the model of the table behind it. To see all:\n  npm run migration:models',
  },
};
