import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { IsolationError } from 'prisma-ownership/isolation';
import { Prisma } from '../prisma/generated/client.ts';

/** A row that is not there, and a row of another user: nobody may be able to tell which. */
const NOT_FOUND = { status: 404, error: 'not found' };

const PRISMA: Record<string, { status: number; error: string }> = {
  P2002: { status: 409, error: 'there is one like this already' },
  P2003: NOT_FOUND,
  P2025: NOT_FOUND,
};

/** Answers with the right status, and with nothing that a database or a library said. */
export function answerError(error: FastifyError, request: FastifyRequest, reply: FastifyReply): void {
  const { status, error: text } = describeError(error);
  if (status === 500) request.log.error(error);
  reply.code(status).send({ error: text });
}

function describeError(error: FastifyError): { status: number; error: string } {
  if (error.validation) return { status: 400, error: error.message };
  if (error.statusCode !== undefined && error.statusCode < 500)
    return { status: error.statusCode, error: error.message };
  if (error instanceof IsolationError) {
    if (error.code === 'LINK_NOT_OWN') return NOT_FOUND;
    if (error.code === 'OWNER_FORGED') return { status: 403, error: 'the owner cannot be chosen' };
  }
  if (error instanceof Prisma.PrismaClientValidationError) return { status: 400, error: 'no such field' };
  const known = error instanceof Prisma.PrismaClientKnownRequestError ? PRISMA[error.code] : undefined;
  return known ?? { status: 500, error: 'something went wrong' };
}
