import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { listMigrations } from '../../src/migrations/folder.ts';
import { type ColumnHistory, findColumnHistory } from '../../src/migrations/history.ts';
import { assignAll, createOddApp, type KEYS } from './ddl-apps.ts';
import { createDdlProject, type DdlApp, type DdlProject } from './ddl-project.ts';
import type { Snapshot } from './snapshot.ts';

interface Case {
  provider: 'sqlite' | 'postgresql';
  key: keyof typeof KEYS;
  onDelete?: 'Restrict' | 'Cascade';
  relationMode?: 'prisma';
}

/** The odd app on a database. */
export function testOddApp(shape: Case): void {
  const { provider, key, onDelete = 'the default', relationMode } = shape;
  const title = `phases on ${provider}, ${key} keys, onDelete ${relationMode ?? onDelete}`;
  testClosure(title, { provider, app: createOddApp(shape), assign: assignAll(key) });
}

/** Goes through all phases and back, with the real Prisma; `assign` gives every row an owner. */
export function testClosure(
  title: string,
  { provider, app, assign }: { provider: Case['provider']; app: DdlApp; assign: string },
): void {
  describe(title, () => {
    let project: DdlProject;
    let atFirst: Snapshot;
    let assigned: Snapshot;
    before(async () => {
      project = await createDdlProject(provider, app);
      atFirst = await project.snapshot();
    });
    after(() => project?.drop());

    /** The text of the migrations tells what they did. */
    const assertHistory = (expected: Partial<Record<keyof ColumnHistory, RegExp>>) => {
      const migrations = listMigrations(join(project.folder, 'migrations'));
      for (const place of app.owned)
        for (const [key, name] of Object.entries(findColumnHistory(migrations, place))) {
          const pattern = expected[key as keyof ColumnHistory];
          if (pattern) assert.match(String(name), pattern);
          else assert.equal(name, null, `${key} of ${place.table}`);
        }
    };

    it('phase 1 leaves what Prisma would, and every row and object', async () => {
      await project.write('addOwners');
      await project.deploy();
      const { objects, tables } = await project.snapshot();
      assert.deepEqual(withoutOwners(tables), atFirst.tables);
      assertKept(objects, atFirst.objects);
      assertHistory({ addedBy: /_add_optional_user_relations/ });
      await project.run(assign);
      assigned = await project.snapshot();
    });

    it('phase 3 leaves what Prisma would, and every row and object', async () => {
      await project.write('requireOwners');
      await project.deploy();
      const { objects, tables } = await project.snapshot();
      assert.deepEqual(tables, assigned.tables);
      assertKept(objects, assigned.objects);
      assertHistory({ addedBy: /_add_optional_user_relations/, requiredBy: /_make_user_fields_required/ });
    });

    it('the inverse of phase 3 leads back', async () => {
      await project.write('relaxOwners');
      await project.deploy();
      assertSame(await project.snapshot(), assigned);
      assertHistory({
        addedBy: /_add_optional_user_relations/,
        relaxedBy: /_undo_make_user_fields_required/,
      });
    });

    it('the inverse of phase 1 leads back to the start', async () => {
      await project.write('removeOwners', 3);
      await project.deploy();
      assertSame(await project.snapshot(), atFirst);
      assertHistory({ removedBy: /_undo_add_optional_user_relations/ });
    });
  });
}

/** The same rows and objects; blanks and quotes of a definition may change. */
export function assertSame(found: Snapshot, expected: Snapshot): void {
  assert.deepEqual(found.tables, expected.tables);
  assert.deepEqual(found.objects.map(normalise).sort(), expected.objects.map(normalise).sort());
}

/** What is not a table, a column, or something of an owner column is there as before. */
function assertKept(found: readonly string[], expected: readonly string[]): void {
  const others = (objects: readonly string[]) =>
    objects
      .filter((object) => !/"(?:type|kind)":"(?:table|column)"|user|_fkey|owner/i.test(object))
      .map(normalise);
  for (const object of others(expected)) assert.ok(others(found).includes(object), `${object} is gone`);
}

function normalise(object: string): string {
  return object.replace(/\s|\\[nt"]|["[\]]/g, '');
}

/** The owner column is the last one. */
function withoutOwners(tables: Snapshot['tables']): Snapshot['tables'] {
  const cut = Object.entries(tables).map(([name, { columns, lines }]) => {
    const at = columns.findIndex((column) => ['userId', 'user id', 'user'].includes(column));
    if (at < 0) return [name, { columns, lines }];
    const keep = <T>(values: T[]) => values.filter((_, i) => i !== at);
    return [
      name,
      {
        columns: keep(columns),
        lines: lines.map((line) => JSON.stringify(keep(JSON.parse(line) as string[]))).sort(),
      },
    ];
  });
  return Object.fromEntries(cut);
}
