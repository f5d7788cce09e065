import { createSchemasApp } from '../helpers/ddl-apps.ts';
import { testClosure, testOddApp } from '../helpers/ddl-closure.ts';

testOddApp({ provider: 'postgresql', key: 'uuid', onDelete: 'Restrict' });
testOddApp({ provider: 'postgresql', key: 'bigint' });
testOddApp({ provider: 'postgresql', key: 'int', onDelete: 'Cascade' });
testOddApp({ provider: 'postgresql', key: 'varchar', relationMode: 'prisma' });
testClosure('phases on postgresql, in several schemas', {
  provider: 'postgresql',
  app: createSchemasApp(),
  assign: `UPDATE a.note SET "userId" = 'u1'; UPDATE "b c".note SET "userId" = 'u1'`,
});
