import * as errors from '../../src/errors/schema.ts';
import { type ExpectedTexts, NOTHING } from './expected.ts';

/** What is said of a project and its schema. */
export const SCHEMA_ERRORS: ExpectedTexts<typeof errors> = {
  schemaNotFound: {
    error: errors.schemaNotFound(['prisma/schema.prisma', 'schema.prisma'], ['db/a b.prisma', 'x']),
    code: 'SCHEMA_NOT_FOUND',
    message: `there is no Prisma schema at prisma/schema.prisma, schema.prisma; there are some at db/a b.prisma, x.${NOTHING}`,
    remedy: `Name the file or folder, here and in every command:
  npm run migration:models -- --schema='db/a b.prisma'`,
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
    message: `Prisma cannot read the schema.
schema.prisma:4: Type "Nope" is not known.${NOTHING}`,
    remedy: `Correct the schema; Prisma checks it with:
  npx prisma validate`,
  },
  schemaUnreadable: {
    error: errors.schemaUnreadable('the parser did not come to an end'),
    code: 'SCHEMA_UNREADABLE',
    message: `Prisma's parser gave no answer for the schema: the parser did not come to an end. It is no Prisma schema, or has thousands of errors.${NOTHING}`,
    remedy: `Name the right file or folder with --schema; Prisma checks it with:
  npx prisma validate`,
  },
  ownerModelMissing: {
    error: errors.ownerModelMissing(['Note', 'Account'], ['Account']),
    code: 'OWNER_MODEL_MISSING',
    message: `no model is called or mapped "User" or "Users"; candidates are Account.${NOTHING}`,
    remedy: `The toolkit does not guess. Name the model that holds the users, or add one to the schema and migrate:
  npm run migration:models -- --owner-model=Account`,
  },
  ownerModelAmbiguous: {
    error: errors.ownerModelAmbiguous(['User', 'Account']),
    code: 'OWNER_MODEL_AMBIGUOUS',
    message: `several models could hold the users: User, Account.${NOTHING}`,
    remedy: `The toolkit does not guess. Name one, with the flag or as "ownerModel" in ownership.config.json:
  npm run migration:models -- --owner-model=User`,
  },
  ownerKeyUnsupported: {
    error: errors.ownerKeyUnsupported('User', ['tenant', 'id']),
    code: 'OWNER_KEY_UNSUPPORTED',
    message: `the model User has the composite key (tenant, id); one column must tell users apart.${NOTHING}`,
    remedy: 'Give User a single @id.',
  },
  schemaTooLarge: {
    error: errors.schemaTooLarge(10000000, 4000000),
    code: 'SCHEMA_TOO_LARGE',
    message: `the schema has 10.0 million characters; no more than 4.0 million characters are read.${NOTHING}`,
    remedy: 'Name the right file or folder with --schema.',
  },
  configFileNotFound: {
    error: errors.configFileNotFound('nope.ts'),
    code: 'CONFIG_FILE_NOT_FOUND',
    message: `there is no Prisma config file at nope.ts.${NOTHING}`,
    remedy: 'Name the right one with --config.',
  },
  configFileFailed: {
    error: errors.configFileFailed('prisma.config.ts', 'X is not set'),
    code: 'CONFIG_FILE_FAILED',
    message: `the Prisma config file prisma.config.ts cannot be loaded: X is not set.${NOTHING}`,
    remedy:
      'Correct it, set what it needs, or do without it: name the schema with --schema, and set DATABASE_URL.',
  },
  configFileEndless: {
    error: errors.configFileEndless('prisma.config.ts', 10),
    code: 'CONFIG_FILE_ENDLESS',
    message: `the Prisma config file prisma.config.ts did not come to an end within 10 seconds.${NOTHING}`,
    remedy: 'Correct it, or do without it: name the schema with --schema, and set DATABASE_URL.',
  },
  prisma8Unsupported: {
    error: errors.prisma8Unsupported('prisma 8.0.0'),
    code: 'PRISMA_8',
    message: `this is a project of Prisma 8 (prisma 8.0.0), whose schema and config have another shape; Prisma 4 to 7 can be read.${NOTHING}`,
    remedy: 'Migrate ownership before moving to Prisma 8.',
  },
  schemasAmbiguous: {
    error: errors.schemasAmbiguous(['a.prisma', 'b.prisma']),
    code: 'SCHEMAS_AMBIGUOUS',
    message: `several schemas could be meant: a.prisma, b.prisma.${NOTHING}`,
    remedy: `Name the file or folder, here and in every command:
  npm run migration:models -- --schema=a.prisma`,
  },
};
