/** What a handler throws for a row that is not there for this user. */
export function notFound(): Error {
  return Object.assign(new Error('not found'), { statusCode: 404 });
}
