import { testClosure } from '../helpers/ddl-closure.ts';

testClosure({ provider: 'postgresql', key: 'uuid', onDelete: 'Restrict' });
testClosure({ provider: 'postgresql', key: 'bigint' });
testClosure({ provider: 'postgresql', key: 'int', onDelete: 'Cascade' });
testClosure({ provider: 'postgresql', key: 'varchar', relationMode: 'prisma' });
