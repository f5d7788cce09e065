/** Prisma's own way to write and apply the migration of a phase, as the checklist has it. */
export const MIGRATE_DEV = {
  1: 'npx prisma migrate dev --name "add-optional-user-relations"',
  3: 'npx prisma migrate dev --name "make-user-fields-required"',
} as const;
