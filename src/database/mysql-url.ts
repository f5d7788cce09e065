/** What Prisma's URLs for MySQL say (https://www.prisma.io/docs/orm/overview/databases/mysql). */
export function readUrl(url: URL) {
  const socketPath = url.searchParams.get('socket');
  const accept = url.searchParams.get('sslaccept');
  return {
    host: url.hostname.replace(/^\[(.*)\]$/, '$1') || 'localhost',
    port: Number(url.port || 3306),
    user: decodeURIComponent(url.username),
    password: decodeURIComponent(url.password),
    database: decodeURIComponent(url.pathname.slice(1)),
    // The default way to log in of MySQL 8 needs it where there is no TLS.
    allowPublicKeyRetrieval: true,
    ...(socketPath === null ? {} : { socketPath }),
    ...(accept === null ? {} : { ssl: { rejectUnauthorized: accept === 'strict' } }),
  };
}
