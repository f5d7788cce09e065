import type { Provider } from '../database/database-url.ts';

/** Where a statement can begin: in a migration, in the body of a block or a routine, or in a text that is carried out. */
const BEGIN = '(?:^|;|\\b(?:BEGIN|THEN|ELSE|LOOP|DO|ROW)\\b|\\))\\s*';

const starting = (words: string) => new RegExp(`(?<=${BEGIN})(?:${words})\\b`, 'i');

/** Statements that act on the server, on another database, or on files, whatever database they are carried out in. */
const REACHING: Record<Provider, RegExp[]> = {
  postgresql: [
    // CREATE USER MAPPING is among them: by one a trigger gets to a foreign server.
    starting(
      '(?:CREATE|ALTER|DROP) (?:ROLE|USER|GROUP|DATABASE|TABLESPACE|SUBSCRIPTION)|ALTER SYSTEM|(?:DROP|REASSIGN) OWNED|IMPORT FOREIGN SCHEMA',
    ),
    starting(
      'COMMENT ON (?:DATABASE|ROLE|TABLESPACE)|SECURITY LABEL [^;]*\\bON (?:DATABASE|ROLE|TABLESPACE)',
    ),
    // With no ON it is a membership, which all databases share.
    starting('(?:GRANT|REVOKE) (?:(?!\\bON\\b)[^;])*\\bON (?:DATABASE|TABLESPACE|PARAMETER)'),
    new RegExp(`(?<=${BEGIN})(?:GRANT|REVOKE) (?:(?!\\bON\\b)[^;])*(?=;|$)`, 'i'),
    new RegExp(`(?<=${BEGIN})COPY\\b[^;]*?\\b(?:(?:FROM|TO) PROGRAM\\b|TO '')`, 'i'),
    /\b(?:dblink\w*|lo_export|pg_(?:terminate|cancel)_backend|pg_\w*replication_(?:slot|origin)\w*|pg_(?:reload_conf|rotate_logfile|switch_wal|promote)|pg_file_\w+)(?= ?\()/i,
    /\bLANGUAGE (?:plperlu|plpython[23]?u|pltclu|plsh)\b/i,
  ],
  mysql: [
    starting(
      '(?:CREATE(?: OR REPLACE)?|ALTER|DROP|RENAME) (?:DATABASE|SCHEMA|USER|ROLE|SERVER|TABLESPACE|UNDO|LOGFILE|RESOURCE|INSTANCE)',
    ),
    starting(
      'GRANT|REVOKE|USE(?! (?:INDEX|KEY)\\b)|(?:START|STOP) (?:ALL )?(?:SLAVES?|REPLICAS?|GROUP_REPLICATION)|CHANGE (?:MASTER|REPLICATION)|SET PASSWORD|SET DEFAULT ROLE|LOCK INSTANCE',
    ),
    // Columns may be called like these words.
    starting(
      'FLUSH (?:NO_WRITE_TO_BINLOG |LOCAL )?(?:TABLES?|LOGS|PRIVILEGES|HOSTS|STATUS|BINARY|ENGINE|ERROR|GENERAL|RELAY|SLOW|QUERY|USER_RESOURCES)|RESET (?:MASTER|SLAVE|REPLICA|BINARY|QUERY|PERSIST)|KILL (?:HARD|SOFT|CONNECTION|QUERY|USER|ID|[0-9]+)|PURGE (?:BINARY|MASTER)|(?:UN)?INSTALL (?:PLUGIN|SONAME|COMPONENT)|CLONE (?:LOCAL|INSTANCE)|BACKUP (?:STAGE|LOCK)|(?:SHUTDOWN|RESTART)(?= ?(?:;|$))',
    ),
    /\bSET (?:[^;]*, ?)?(?:(?:GLOBAL|PERSIST|PERSIST_ONLY) \w|@@(?:global|persist|persist_only) ?\. ?\w+ ?:?=)/i,
    /\bINTO (?:OUTFILE|DUMPFILE)\b|\bSONAME\b/i,
    /\bENGINE ?=? ?(?:FEDERATEDX?|CONNECT|SPIDER|S3)\b/i,
  ],
  sqlite: [starting('ATTACH'), starting('VACUUM\\b[^;]*\\bINTO'), /\bload_extension(?= ?\()/i],
};

/** Comments, names between quotes, texts, and the ends of what stands between dollars, which is read as it stands. */
const PIECES: Record<Provider, RegExp> = {
  postgresql:
    /(?<out>--[^\n]*|\/\*[\s\S]*?(?:\*\/|$))|(?<end>\$\w*\$)|[eE](?<escaped>'(?:[^'\\]|''|\\[\s\S])*')|(?<text>'(?:[^']|'')*')|(?<name>"(?:[^"]|"")*")/g,
  mysql:
    /(?<out>--[^\n]*|#[^\n]*|\/\*M?!\d*|\/\*[\s\S]*?(?:\*\/|$)|\*\/)|(?<end>$^)|(?<escaped>"(?:[^"\\]|""|\\[\s\S])*")|(?<text>'(?:[^'\\]|''|\\[\s\S])*')|(?<name>`(?:[^`]|``)*`)/g,
  sqlite:
    /(?<out>--[^\n]*|\/\*[\s\S]*?(?:\*\/|$))|(?<end>$^)|(?<escaped>$^)|(?<text>'(?:[^']|'')*')|(?<name>"(?:[^"]|"")*"|`(?:[^`]|``)*`|\[[^\]]*\])/g,
};

/** Where a text is carried out as a statement, it is read like one. */
const CARRIES_OUT = /\b(?:EXECUTE|PREPARE)\b/i;

/**
 * What a migration does outside of the database that it is applied to, in its own first words; null where nothing was found. It
 * finds what is written there, not what a text is put together of. Pure.
 */
export function findReach(sql: string, provider: Provider): string | null {
  const texts: string[] = [];
  const code = sql
    .replace(PIECES[provider], (...found) => {
      const { out, end, escaped, text } = found.at(-1) as Record<string, string | undefined>;
      if (out !== undefined) return ' ';
      if (end !== undefined) return ' ; ';
      const literal = escaped ?? text;
      if (literal === undefined) return '""';
      texts.push(literal.slice(1, -1));
      return "''";
    })
    .replace(/\s+/g, ' ');
  const read = [code, ...(CARRIES_OUT.test(code) ? texts.map((text) => text.replace(/\s+/g, ' ')) : [])];
  for (const pattern of REACHING[provider])
    for (const each of read) {
      const words = pattern.exec(each)?.[0].trim();
      if (words) return words;
    }
  return null;
}
