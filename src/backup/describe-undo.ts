import type { DatabaseUrl } from '../database/database-url.ts';
import { quoteStandard } from '../database/ddl-names.ts';
import { journalDatabaseOf, quote } from '../database/mysql-sql.ts';
import { quoteWord } from '../shell.ts';

/** What SQLite may have beside a file, and the journal's file with the same. */
const SUFFIXES = [
  '',
  '-wal',
  '-shm',
  '-ownership-migration',
  '-ownership-migration-wal',
  '-ownership-migration-shm',
];

/** The name that a restored database gets when the kept one takes its place again: as that one's, with another mark. */
export function nameRestored(kept: string): string {
  const at = Math.max(kept.lastIndexOf('_before_restore_'), kept.lastIndexOf('.before-restore-'));
  return kept.slice(0, at + 1) + kept.slice(at + '_before_'.length).replace(/^restore/, 'restored');
}

/** Statements for a connection to another database. Pure. */
export function undoOnPostgresql({ name }: DatabaseUrl, kept: string): string {
  const [current, restored, old] = [name, nameRestored(kept), kept].map(quoteStandard);
  return `ALTER DATABASE ${current} RENAME TO ${restored}; ALTER DATABASE ${old} RENAME TO ${current};`;
}

/** A command that moves the files, each with what SQLite has beside it: a log of another file must not stay. Pure. */
export function undoOnSqlite({ url }: DatabaseUrl, kept: string): string {
  const [current, restored, old] = [url, nameRestored(kept), kept].map(quoteWord);
  const move = (from = '', to = '') => `[ ! -e ${from}"$s" ] || mv ${from}"$s" ${to}"$s"`;
  return `for s in ${SUFFIXES.map((suffix) => suffix || "''").join(' ')}; do ${move(current, restored)}; ${move(old, current)}; done`;
}

/** Has a client of MySQL's carry out what `recordUndo` has recorded. It logs in as clients do by themselves. Pure. */
export function undoOnMysql({ url, name }: DatabaseUrl, kept: string, client: string): string {
  const { hostname, port, username } = new URL(url);
  const user = decodeURIComponent(username);
  const login = [
    `--host=${hostname}`,
    `--port=${port || 3306}`,
    `--user=${user}`,
    '--default-character-set=utf8mb4',
  ];
  const run = [client, ...login].map(quoteWord).join(' ');
  const query = `SELECT way_back FROM ${quote(journalDatabaseOf(kept)).sql}.ownership_restore`;
  return `${run} --batch --raw --skip-column-names --execute=${quoteWord(query)} | ${run} --database=${quoteWord(name)}`;
}
