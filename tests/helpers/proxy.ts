import { connect, createServer, type Socket } from 'node:net';

/**
 * Where the connection is cut: in the middle of a statement, of which the server gets half or all; or at the COMMIT of
 * a transaction, before the server gets it, or when it has answered and the answer is not passed on.
 */
export interface Cut {
  where: 'half a statement' | 'a whole statement' | 'before COMMIT' | 'after COMMIT';
  /** Words of a statement: of the one to cut, or of one in the transaction whose COMMIT is meant. */
  words: RegExp;
  /** Which statement or transaction of those that have the words; the first when it is left out. */
  nth?: number;
}

/** A proxy before a database server, which can cut a connection. */
export interface CuttingProxy {
  /** Of a database, by way of the proxy. */
  through: (url: string) => string;
  /** Plans the next cut. One is made at most; connections opened afterwards go through. */
  cut: (planned: Cut) => void;
  hasCut: () => boolean;
  close: () => Promise<void>;
}

/** Starts one on a free port. */
export async function startProxy(server: string): Promise<CuttingProxy> {
  const { hostname, port, protocol } = new URL(server);
  const isPostgresql = protocol.startsWith('postgres');
  const readMessages = isPostgresql ? createPostgresqlReader : createMysqlReader;
  const upstreamPort = Number(port || (isPostgresql ? 5432 : 3306));
  const sockets = new Set<Socket>();
  let planned: Cut | null = null;
  let left = 0;
  let hasCut = false;

  const forward = (client: Socket): void => {
    const upstream = connect(upstreamPort, hostname);
    const both = [client, upstream];
    for (const socket of both) {
      sockets.add(socket.setNoDelay());
      socket.on('error', () => undefined);
      socket.once('close', () => {
        sockets.delete(socket);
        for (const each of both) each.destroy();
      });
    }
    const drop = () => {
      planned = null;
      hasCut = true;
      // What was written for the server still reaches it, and then the end of the stream.
      client.destroy();
      upstream.destroySoon();
    };
    let isAnswerHeld = false;
    upstream.on('data', (chunk) => (isAnswerHeld ? drop() : client.write(chunk)));
    const read = readMessages();
    let transaction: string[] = [];
    /** Whether this message is the planned place. */
    const isMeant = (statement: string): boolean => {
      const isCommit = /^COMMIT\b/.test(statement);
      const looked = isCommit ? transaction : [statement];
      const atCommit = planned?.where.endsWith('COMMIT') === true;
      const found =
        planned !== null && atCommit === isCommit && looked.some((each) => planned?.words.test(each));
      transaction = isCommit ? [] : [...transaction, statement];
      if (found) left -= 1;
      return found && left === 0;
    };
    client.on('data', (chunk) => {
      if (isAnswerHeld) return;
      const where = read(chunk).some(isMeant) ? planned?.where : undefined;
      if (where === 'before COMMIT') return drop();
      upstream.write(where === 'half a statement' ? chunk.subarray(0, chunk.length / 2) : chunk);
      if (where === 'after COMMIT') isAnswerHeld = true;
      else if (where) drop();
    });
  };

  const listener = createServer(forward);
  await new Promise<void>((resolve, reject) => {
    listener.once('error', reject).listen(0, '127.0.0.1', resolve);
  });
  const own = (listener.address() as { port: number }).port;
  return {
    through: (url) => {
      const changed = new URL(url);
      changed.hostname = '127.0.0.1';
      changed.port = String(own);
      return changed.href;
    },
    cut: (next) => {
      planned = next;
      left = next.nth ?? 1;
      hasCut = false;
    },
    hasCut: () => hasCut,
    close: () =>
      new Promise((resolve) => {
        listener.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}

/** Takes what a client sends, piece by piece, and returns the statements that are complete by then. */
type Reader = (chunk: Buffer) => string[];

/** https://www.postgresql.org/docs/current/protocol-message-formats.html */
function createPostgresqlReader(): Reader {
  let rest = Buffer.alloc(0);
  let hasStarted = false;
  return (chunk) => {
    rest = Buffer.concat([rest, chunk]);
    const statements: string[] = [];
    for (;;) {
      // The first message has no letter before its length.
      const at = hasStarted ? 1 : 0;
      if (rest.length < at + 4 || rest.length < at + rest.readUInt32BE(at)) return statements;
      const end = at + rest.readUInt32BE(at);
      const [letter, body] = [rest.toString('latin1', 0, at), rest.toString('utf8', at + 4, end)];
      rest = rest.subarray(end);
      hasStarted = true;
      // Query; Parse, where a name that we do not use is before the text; Bind has the values.
      if (letter === 'Q') statements.push(body);
      if (letter === 'P' || letter === 'B') statements.push(body.replace(/^\0/, ''));
    }
  };
}

const COM_QUERY = 3;

/** https://mariadb.com/kb/en/0-packet/ */
function createMysqlReader(): Reader {
  let rest = Buffer.alloc(0);
  return (chunk) => {
    rest = Buffer.concat([rest, chunk]);
    const statements: string[] = [];
    for (;;) {
      if (rest.length < 4 || rest.length < 4 + rest.readUIntLE(0, 3)) return statements;
      const end = 4 + rest.readUIntLE(0, 3);
      if (rest[4] === COM_QUERY) statements.push(rest.toString('utf8', 5, end));
      rest = rest.subarray(end);
    }
  };
}
