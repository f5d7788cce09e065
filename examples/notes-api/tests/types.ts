import type { PrismaClient } from '../prisma/generated/client.ts';
import { forUser } from '../src/for-user.ts';

// Nothing here runs: it is compiled with the app, and does not compile where a scoped client has other types.
type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : never;
const isSame = <A, B>(_: Same<A, B>) => undefined;

/** A scoped client is typed as the client that it is made from. */
export async function typesOfScopedClient(prisma: PrismaClient): Promise<void> {
  const scoped = forUser(prisma, 'ana');
  isSame<typeof scoped, PrismaClient>(true);
  const titles = await scoped.note.findMany({ select: { title: true } });
  isSame<typeof titles, { title: string }[]>(true);
  const whole = { where: { id: 'x' }, include: { project: true, _count: true } };
  const [note, unscoped] = [await scoped.note.findUnique(whole), await prisma.note.findUnique(whole)];
  isSame<typeof note, typeof unscoped>(true);
  const count = await scoped.$transaction((tx) => tx.note.count());
  isSame<typeof count, number>(true);
  // @ts-expect-error there is no such field
  await scoped.note.findMany({ where: { titel: 'x' } });
  // @ts-expect-error there is no such model
  await scoped.notes.findMany();
  // An extended client can be scoped as well, and keeps what it was extended by.
  const extended = forUser(
    prisma.$extends({ model: { note: { first: () => Promise.resolve('one') } } }),
    'ana',
  );
  isSame<ReturnType<typeof extended.note.first>, Promise<string>>(true);
}
