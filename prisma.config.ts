import { join } from 'node:path';
import { config } from 'dotenv';
import { defineConfig } from 'prisma/config';
import { useOfflineEngine } from './scripts/offline-engine.ts';

// Prisma 7 no longer reads .env itself.
config({ path: join(__dirname, '.env'), quiet: true });
useOfflineEngine(process.env);

export default defineConfig({
  schema: 'prisma/schema.prisma',
  migrations: { path: 'prisma/migrations', seed: 'ts-node prisma/seed.ts' },
  // Prisma and the app take a relative path from the working directory, which is this folder for every npm script.
  datasource: { url: process.env.DATABASE_URL ?? 'file:./prisma/app.db' },
});
