import { defineConfig } from 'prisma/config';
import { useOfflineEngine } from '../../scripts/offline-engine.ts';

// So that nothing is downloaded but packages, as in this repository's own config. An app of yours does not need it.
useOfflineEngine(process.env);

export default defineConfig({
  schema: 'prisma/schema.prisma',
  migrations: { path: 'prisma/migrations' },
  datasource: { url: process.env.DATABASE_URL ?? 'file:./prisma/notes.db' },
});
