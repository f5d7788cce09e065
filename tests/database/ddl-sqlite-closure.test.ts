import { testClosure } from '../helpers/ddl-closure.ts';

testClosure({ provider: 'sqlite', key: 'text', onDelete: 'Restrict' });
testClosure({ provider: 'sqlite', key: 'int' });
testClosure({ provider: 'sqlite', key: 'bigint', relationMode: 'prisma' });
