// Signing in and out, the sessions of whoever asks, and turning accounts on and off.
import { createRoute, z } from '@hono/zod-openapi';
import type { Context } from 'hono';
import type { Visitor } from '../../access/sessions.ts';
import {
  type Claim,
  claimSchema,
  type PasswordChange,
  passwordChangeSchema,
  type SessionInfo,
  type SignIn,
  sessionInfoSchema,
  sessionSchema,
  signInSchema,
  type User,
} from '../../contracts/access.ts';
import { AtelierError } from '../../contracts/errors.ts';
import type { Identity } from '../../contracts/identity.ts';
import { isLoopback } from '../../lib/address-list.ts';
import { type Reach, reachOf } from '../reach.ts';
import { createRouter, idParam, jsonBody, jsonContent, noContent } from '../route-parts.ts';
import type { ApiEnv, ApiServices } from '../services.ts';
import { clearSessionToken, writeSessionToken } from '../session-cookie.ts';

const tags = ['access'];
const LONGEST_CLIENT = 200;

export const visitorOf = (c: Context<ApiEnv>): Visitor => ({
  address: c.get('connection').address,
  client: (c.req.header('user-agent') ?? '').slice(0, LONGEST_CLIENT),
});

export function sessionRoutes({ access, config }: Pick<ApiServices, 'access' | 'config'>) {
  const reach = reachOf(config);
  const info = (user: User | null): SessionInfo => ({
    accounts: access.accountsOn(),
    user,
    beyondLoopback: reach.beyondLoopback,
    insecure: reach.insecure,
  });
  const session = jsonContent(sessionInfoSchema, 'Who is signed in, and how the server is reached');

  return createRouter()
    .openapi(
      createRoute({
        method: 'get',
        path: '/atelier/v1/session',
        tags,
        summary: 'Whether people sign in here, and who is signed in',
        responses: { 200: session },
      }),
      async (c) => {
        // Unset when nobody is known.
        const who: Identity | undefined = c.get('identity');
        return c.json(info(who === undefined ? null : await access.people.get(who.userId)), 200);
      },
    )
    .openapi(
      createRoute({
        method: 'post',
        path: '/atelier/v1/session',
        tags,
        summary: 'Sign in; the answer sets the cookie of the session',
        request: { body: jsonBody(signInSchema) },
        responses: { 200: session },
      }),
      async (c) => {
        if (!access.accountsOn())
          throw new AtelierError('conflict', 'Accounts are off: nobody needs to sign in here.');
        const { token, user } = await access.sessions.signIn(c.req.valid('json') as SignIn, visitorOf(c));
        writeSessionToken(c, token);
        return c.json(info(user), 200);
      },
    )
    .openapi(
      createRoute({
        method: 'delete',
        path: '/atelier/v1/session',
        tags,
        summary: 'Sign out',
        responses: { 204: noContent },
      }),
      async (c) => {
        const id = c.get('sessionId');
        if (id !== undefined) await access.sessions.end(c.get('identity'), id);
        clearSessionToken(c);
        return c.body(null, 204);
      },
    )
    .openapi(
      createRoute({
        method: 'post',
        path: '/atelier/v1/accounts',
        tags,
        summary: 'Turn accounts on; whoever does is the first admin, and is signed in',
        request: { body: jsonBody(claimSchema) },
        responses: { 201: session },
      }),
      async (c) => {
        if (!isLoopback(c.get('connection').address))
          throw new AtelierError(
            'forbidden',
            'Accounts are turned on from the machine that Atelier runs on.',
          );
        const user = await access.people.claim(c.req.valid('json') as Claim);
        const { token } = await access.sessions.open(user, visitorOf(c));
        writeSessionToken(c, token);
        return c.json(info(user), 201);
      },
    )
    .openapi(
      createRoute({
        method: 'post',
        path: '/atelier/v1/accounts/off',
        tags,
        summary: 'Turn accounts off: whoever is on this machine is then its one user',
        request: { body: jsonBody(z.object({ confirm: z.literal('off') })) },
        responses: { 204: noContent },
      }),
      async (c) => {
        requireLoopbackOnly(reach);
        await access.people.turnOff(c.get('identity'));
        clearSessionToken(c);
        return c.body(null, 204);
      },
    )
    .openapi(
      createRoute({
        method: 'get',
        path: '/atelier/v1/sessions',
        tags,
        summary: 'Where one is signed in',
        responses: { 200: jsonContent(z.object({ sessions: z.array(sessionSchema) }), 'Newest first') },
      }),
      async (c) =>
        c.json(
          {
            sessions: await access.sessions.list(c.get('identity').userId, c.get('sessionId') ?? null),
          },
          200,
        ),
    )
    .openapi(
      createRoute({
        method: 'delete',
        path: '/atelier/v1/sessions/{id}',
        tags,
        summary: 'End one of one’s sessions',
        request: { params: idParam },
        responses: { 204: noContent },
      }),
      async (c) => {
        await access.sessions.end(c.get('identity'), c.req.valid('param').id);
        return c.body(null, 204);
      },
    )
    .openapi(
      createRoute({
        method: 'put',
        path: '/atelier/v1/password',
        tags,
        summary: 'Change one’s password; one’s other sessions end',
        request: { body: jsonBody(passwordChangeSchema) },
        responses: { 204: noContent },
      }),
      async (c) => {
        const input = c.req.valid('json') as PasswordChange;
        await access.sessions.changePassword(c.get('identity'), input, visitorOf(c), c.get('sessionId'));
        return c.body(null, 204);
      },
    );
}

function requireLoopbackOnly({ beyondLoopback }: Reach): void {
  if (!beyondLoopback) return;
  throw new AtelierError(
    'conflict',
    'Other machines can connect to this server, and without accounts they could do everything. Start it without --host and --public-url first.',
  );
}
