import { testOddApp } from '../helpers/ddl-closure.ts';

testOddApp({ provider: 'sqlite', key: 'text', onDelete: 'Restrict' });
testOddApp({ provider: 'sqlite', key: 'int' });
testOddApp({ provider: 'sqlite', key: 'bigint', relationMode: 'prisma' });
