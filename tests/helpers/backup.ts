import assert from 'node:assert/strict';
import { type DatabaseUrl, parseDatabaseUrl } from '../../src/database/database-url.ts';
import type { TestDatabase } from './database.ts';

/** The URL of a test database, taken apart. */
export function openUrl({ url, folder }: Pick<TestDatabase, 'url' | 'folder'>): DatabaseUrl {
  const parsed = parseDatabaseUrl(url, [folder]);
  assert.ok(typeof parsed !== 'string', String(parsed));
  return parsed;
}
