import * as errors from '../../src/errors/settings.ts';
import { type ExpectedTexts, NOTHING } from './expected.ts';

/** What is said of the settings and the command line. */
export const SETTINGS_ERRORS: ExpectedTexts<typeof errors> = {
  configurationInvalid: {
    error: errors.configurationInvalid([errors.databaseUrlMissing(), errors.schemaEmpty('schema.prisma')]),
    code: 'CONFIGURATION',
    message: `several settings are wrong:
- DATABASE_URL is set neither in the environment nor in a .env file.
- the schema schema.prisma has no model.${NOTHING}`,
    remedy: `Set it; .env.example shows the form for each database. For the sample:
  cp .env.example .env
Name the right file or folder with --schema.`,
  },
  databaseUrlMissing: {
    error: errors.databaseUrlMissing(),
    code: 'DATABASE_URL_MISSING',
    message: `DATABASE_URL is set neither in the environment nor in a .env file.${NOTHING}`,
    remedy: 'Set it; .env.example shows the form for each database. For the sample:\n  cp .env.example .env',
  },
  databaseUrlInvalid: {
    error: errors.databaseUrlInvalid('.env', 'it names no database after the host'),
    code: 'DATABASE_URL_INVALID',
    message: `DATABASE_URL (from .env) cannot be used: it names no database after the host.${NOTHING}`,
    remedy: 'Correct it; .env.example shows the form for each database.',
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
  schemaNotFound: {
    error: errors.schemaNotFound(['prisma/schema.prisma', 'schema.prisma']),
    code: 'SCHEMA_NOT_FOUND',
    message: `there is no Prisma schema at prisma/schema.prisma, schema.prisma.${NOTHING}`,
    remedy: `Name the file or folder:
  npm run migration:list-users -- --schema=path/to/schema.prisma`,
  },
  schemaEmpty: {
    error: errors.schemaEmpty('schema.prisma'),
    code: 'SCHEMA_EMPTY',
    message: `the schema schema.prisma has no model.${NOTHING}`,
    remedy: 'Name the right file or folder with --schema.',
  },
  schemaInvalid: {
    error: errors.schemaInvalid('schema.prisma:4: Type "Nope" is not known.'),
    code: 'SCHEMA_INVALID',
    message: `Prisma cannot read the schema.\nschema.prisma:4: Type "Nope" is not known.${NOTHING}`,
    remedy: 'Correct the schema; Prisma checks it with:\n  npx prisma validate',
  },
  ownerModelMissing: {
    error: errors.ownerModelMissing(['Note', 'Tag']),
    code: 'OWNER_MODEL_MISSING',
    message: `no model is called or mapped "User" or "Users"; the schema has Note, Tag.${NOTHING}`,
    remedy: 'Phase 1 begins with a model for the users: add it to the schema, and migrate.',
  },
  ownerModelAmbiguous: {
    error: errors.ownerModelAmbiguous(['User', 'Account']),
    code: 'OWNER_MODEL_AMBIGUOUS',
    message: `several models could hold the users: User, Account.${NOTHING}`,
    remedy: 'The toolkit does not guess. Rename or remap all but one of them.',
  },
  ownerKeyUnsupported: {
    error: errors.ownerKeyUnsupported('User', ['tenant', 'id']),
    code: 'OWNER_KEY_UNSUPPORTED',
    message: `the model User has the composite key (tenant, id); one column must tell users apart.${NOTHING}`,
    remedy: 'Give User a single @id.',
  },
  noOwnedModel: {
    error: errors.noOwnedModel('User'),
    code: 'NO_OWNED_MODEL',
    message: `no chosen model has a relation to User, so there is nothing to assign.${NOTHING}`,
    remedy: `Phase 1 adds it: in each model, userId String? and a relation to the owner model. Then:
  npx prisma migrate dev --name "add-optional-user-relations"`,
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
};
