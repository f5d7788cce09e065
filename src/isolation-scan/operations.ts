/** What an operation of Prisma does with its arguments. */
export interface OperationKind {
  /** It takes one row by a key. */
  isByKey?: true;
  /** `data` is written: nothing is looked for. */
  creates?: true;
  /** It returns one row, whose relations can be followed by calls. */
  returnsOne?: true;
  /** Other libraries have an operation of that name too. */
  isCommon?: true;
}

/** Every operation of a model. */
const OPERATIONS: Readonly<Record<string, OperationKind>> = {
  findUnique: { isByKey: true, returnsOne: true },
  findUniqueOrThrow: { isByKey: true, returnsOne: true },
  findFirst: { returnsOne: true },
  findFirstOrThrow: { returnsOne: true },
  findMany: {},
  count: { isCommon: true },
  aggregate: { isCommon: true },
  groupBy: { isCommon: true },
  create: { creates: true, returnsOne: true, isCommon: true },
  createMany: { creates: true },
  createManyAndReturn: { creates: true },
  update: { isByKey: true, returnsOne: true, isCommon: true },
  updateMany: {},
  updateManyAndReturn: {},
  upsert: { isByKey: true, returnsOne: true, isCommon: true },
  delete: { isByKey: true, returnsOne: true, isCommon: true },
  deleteMany: {},
};

/** Operations of a client that take SQL. */
export const RAW_OPERATIONS = [
  '$queryRaw',
  '$executeRaw',
  '$queryRawUnsafe',
  '$executeRawUnsafe',
  '$queryRawTyped',
];

/** What the arguments of an operation have in them. */
export const ARGUMENTS = ['where', 'data', 'select', 'include', 'create', 'by', '_count', '_sum', 'orderBy'];

/** An operation by its name. */
export function findOperation(name: string | null): OperationKind | null {
  return name !== null && Object.hasOwn(OPERATIONS, name) ? (OPERATIONS[name] ?? null) : null;
}
