import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { schemaNotFound } from '../errors.ts';
import type { SchemaFile } from './normalise.ts';

/** Where Prisma looks for a schema when nobody says where it is, in this order. */
const DEFAULT_PLACES = ['prisma/schema.prisma', 'schema.prisma', 'prisma/schema', 'prisma'];

/** A schema as it lies on disk. */
export interface LocatedSchema {
  /** The file or folder, as it was named or found. */
  path: string;
  /** Where a relative SQLite path in an older Prisma's URL starts. */
  folder: string;
  files: SchemaFile[];
}

/**
 * Reads the schema file, or every `.prisma` file of a schema folder, nested ones included.
 * Throws SCHEMA_NOT_FOUND with the places that were tried.
 */
export function locateSchema(cwd: string, named: string | undefined): LocatedSchema {
  const places = named === undefined ? DEFAULT_PLACES : [named];
  for (const place of places) {
    const path = resolve(cwd, place);
    if (!existsSync(path)) continue;
    const isFolder = statSync(path).isDirectory();
    const files = isFolder ? listSchemaFiles(path) : [path];
    if (files.length === 0) continue;
    return {
      path: place,
      folder: isFolder ? path : dirname(path),
      files: files.map((file) => [relative(cwd, file), readFileSync(file, 'utf8')]),
    };
  }
  throw schemaNotFound(places);
}

function listSchemaFiles(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.prisma'))
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((file) => !file.includes('node_modules'))
    .sort();
}
