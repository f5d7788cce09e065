import type { ModelClient } from '../../src/database/model-client.ts';

interface Hooked {
  model: string;
  operation: string;
  args: { where?: object; data?: object | object[]; create?: object };
  query: (args: unknown) => Promise<unknown>;
}

/** What nearly everybody writes first, and what it leaks: the control of the tests. */
export function forUserNaively(prisma: ModelClient, userId: string, owned: readonly string[]): ModelClient {
  const extend = prisma.$extends as (extension: object) => ModelClient;
  return extend.call(prisma, {
    query: {
      $allModels: {
        $allOperations({ model, operation, args, query }: Hooked) {
          if (!owned.includes(model)) return query(args);
          if (operation === 'create') return query({ ...args, data: { userId, ...args.data } });
          if (operation === 'createMany' && Array.isArray(args.data))
            return query({ ...args, data: args.data.map((each) => ({ userId, ...each })) });
          if (operation === 'upsert')
            return query({ ...args, where: { ...args.where, userId }, create: { userId, ...args.create } });
          return query({ ...args, where: { ...args.where, userId } });
        },
      },
    },
  });
}
