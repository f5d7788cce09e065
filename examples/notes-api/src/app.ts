import type { JsonSchemaToTsProvider } from '@fastify/type-provider-json-schema-to-ts';
import Fastify, { type FastifyBaseLogger, type FastifyInstance, type RawServerDefault } from 'fastify';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { PrismaClient } from '../prisma/generated/client.ts';
import { answerError } from './errors.ts';
import { adminRoutes } from './routes/admin.ts';
import { attachmentRoutes } from './routes/attachments.ts';
import { noteRoutes } from './routes/notes.ts';
import { projectRoutes } from './routes/projects.ts';
import { tagRoutes } from './routes/tags.ts';
import { userRoutes } from './routes/users.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** Who asks. */
    userId: string;
    /** The client that every handler uses; there is no other one in the app. */
    db: PrismaClient;
  }
}

/** A server whose handlers know their input from its JSON schemas. */
export type App = FastifyInstance<
  RawServerDefault,
  IncomingMessage,
  ServerResponse,
  FastifyBaseLogger,
  JsonSchemaToTsProvider
>;

export interface AppOptions {
  /** The client of one user: this is where isolation comes in. */
  clientFor: (userId: string) => PrismaClient;
  /** Who may see the totals of the whole installation. */
  adminId?: string;
  /** Is shown every route before it is added. */
  onRoute?: (route: { method: string; url: string }) => void;
}

/** Builds the server, which does not listen yet. */
export function buildApp({ clientFor, adminId, onRoute }: AppOptions): App {
  const app = Fastify({
    // What is not in a schema is refused, rather than left out without a word.
    ajv: { customOptions: { removeAdditional: false } },
    exposeHeadRoutes: false,
  }).withTypeProvider<JsonSchemaToTsProvider>();
  if (onRoute) app.addHook('onRoute', ({ method, url }) => onRoute({ method: String(method), url }));
  app.decorateRequest('userId', '');
  app.decorateRequest('db');
  app.setErrorHandler(answerError);

  // NOT authentication: whoever knows an id is that user. A real app takes the id from a session or a signed token.
  app.addHook('onRequest', async (request, reply) => {
    const userId = request.headers['x-user-id'];
    const isGiven = typeof userId === 'string' && userId !== '';
    const db = isGiven ? clientFor(userId) : null;
    const user = await db?.user.findUnique({ where: { id: String(userId) }, select: { id: true } });
    if (!db || !user) return reply.code(401).send({ error: 'who are you? x-user-id names no user' });
    request.userId = user.id;
    request.db = db;
  });

  noteRoutes(app);
  attachmentRoutes(app);
  projectRoutes(app);
  tagRoutes(app);
  userRoutes(app);
  adminRoutes(app, adminId);
  return app;
}
