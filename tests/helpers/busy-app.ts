import { setImmediate as nextTurn } from 'node:timers/promises';
import BetterSqlite3 from 'better-sqlite3';
import { Client } from 'pg';
import type { TestDatabase } from './database.ts';
import { connectMysql } from './mysql-database.ts';
import { OTHER, OWNER } from './notebook.ts';

/** What the application wants a note to be; `owner` is null where it never gave one. */
interface WantedNote {
  title: string;
  owner: string | null;
}

/** An application that writes all the time, as fast as it can. */
export interface BusyApp {
  /** Stops it; throws the error of the statement that failed, if any did. */
  stop: () => Promise<{ statements: number; notes: Map<number, WantedNote> }>;
}

/** So many notes come without an owner, from an old version of the app; more would keep step 2 busy for ever. */
const MAX_UNOWNED = 300;

/** Starts it on the notes that are there. It inserts, edits, deletes and gives away notes until it is stopped. */
export async function startBusyApp(database: TestDatabase): Promise<BusyApp> {
  const { execute, close } = await connect(database);
  const rows = await database.query('SELECT id, title, "userId" FROM "Note"');
  const notes = new Map(
    rows.map(({ id, title, userId }) => [
      Number(id),
      { title: String(title), owner: userId === null ? null : String(userId) },
    ]),
  );
  let isStopped = false;
  let statements = 0;
  let unowned = 0;
  let nextId = Math.max(0, ...notes.keys()) + 1;
  const insert = async () => {
    unowned += 1;
    const owner = unowned <= MAX_UNOWNED ? null : unowned % 2 === 0 ? OTHER : OWNER;
    const id = nextId++;
    const title = `new ${id}`;
    await execute(
      `INSERT INTO "Note" (id, title, "userId") VALUES (${id}, '${title}', ${owner ? `'${owner}'` : 'NULL'})`,
    );
    notes.set(id, { title, owner });
  };
  const acts: ((id: number, note: WantedNote) => Promise<void>)[] = [
    insert,
    async (id) => {
      await execute(`DELETE FROM "Note" WHERE id = ${id}`);
      notes.delete(id);
    },
    async (id, note) => {
      note.title = `edit ${statements}`;
      await execute(`UPDATE "Note" SET title = '${note.title}' WHERE id = ${id}`);
    },
    async (id, note) => {
      await execute(`UPDATE "Note" SET "userId" = '${OTHER}' WHERE id = ${id}`);
      note.owner = OTHER;
    },
  ];
  const work = (async () => {
    while (!isStopped) {
      const id = 1 + Math.floor(Math.random() * (nextId - 1));
      const note = notes.get(id);
      const act = acts[Math.floor(Math.random() * acts.length)];
      if (note) await act?.(id, note);
      statements += 1;
      await nextTurn();
    }
  })().finally(close);
  // Until it is stopped nobody waits for it.
  work.catch(() => undefined);
  return {
    stop: async () => {
      isStopped = true;
      await work;
      return { statements, notes };
    },
  };
}

async function connect(
  database: TestDatabase,
): Promise<{ execute: (sql: string) => Promise<unknown>; close: () => unknown }> {
  if (database.provider === 'sqlite') {
    const db = new BetterSqlite3(database.url.slice('file:'.length));
    return { execute: async (sql) => db.exec(sql), close: () => db.close() };
  }
  if (database.provider === 'mysql') {
    const { query, close } = await connectMysql(database.url);
    return { execute: query, close };
  }
  const client = new Client({ connectionString: database.url });
  await client.connect();
  return { execute: (sql) => client.query(sql), close: () => client.end() };
}
