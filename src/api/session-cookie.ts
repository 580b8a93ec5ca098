// The cookie of a session: no script reads it, no foreign page sends it along, and over https it is bound to this host.
import type { Context } from 'hono';
import { deleteCookie, getCookie, setCookie } from 'hono/cookie';
import { SESSION_LONGEST_MS } from '../access/sessions.ts';
import type { ApiEnv } from './services.ts';

/** Browsers share the cookies of a host among its ports, and several Ateliers may run on this machine. */
function place(c: Context<ApiEnv>): { name: string; secure: boolean } {
  const { secure, port } = c.get('connection');
  return { name: secure ? '__Host-atelier_session' : `atelier_session_${port}`, secure };
}

export function readSessionToken(c: Context<ApiEnv>): string | undefined {
  return c.req.header('cookie') === undefined ? undefined : getCookie(c, place(c).name);
}

/** How long it is good for, the store knows; the browser keeps it for as long as that can be. */
export function writeSessionToken(c: Context<ApiEnv>, token: string): void {
  const { name, secure } = place(c);
  setCookie(c, name, token, {
    httpOnly: true,
    sameSite: 'Lax',
    path: '/',
    secure,
    maxAge: SESSION_LONGEST_MS / 1000,
  });
}

export function clearSessionToken(c: Context<ApiEnv>): void {
  const { name, secure } = place(c);
  deleteCookie(c, name, { path: '/', secure });
}
