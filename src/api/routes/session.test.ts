// Turning accounts on, signing in and out, sessions and passwords, as a browser does it.
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createTestApp, type TestApp } from '../../../test/create-test-app.ts';
import type { Session, SessionInfo, User } from '../../contracts/access.ts';

const own = { origin: 'http://localhost:4242' };
const PASSWORD = 'a long enough password';
const first = { name: 'Alix', email: 'Alix@Example.org', password: PASSWORD };

let app: TestApp;
beforeEach(async () => {
  app = await createTestApp();
});
afterEach(() => app.close());

/** A browser: it keeps the cookie and sends where its page comes from. */
function browser(headers: Record<string, string> = {}) {
  let cookie = '';
  return {
    async send(method: string, path: string, body?: unknown): Promise<Response> {
      const response = await app.request(`/atelier/v1/${path}`, {
        method,
        headers: { ...own, 'content-type': 'application/json', ...headers, ...(cookie ? { cookie } : {}) },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      for (const line of response.headers.getSetCookie()) cookie = line.split(';')[0] ?? '';
      return response;
    },
    async info(): Promise<SessionInfo> {
      return (await (await this.send('GET', 'session')).json()) as SessionInfo;
    },
    cookie: () => cookie,
    signIn(email = 'alix@example.org', password = PASSWORD) {
      return this.send('POST', 'session', { email, password });
    },
  };
}

async function on() {
  const page = browser();
  const claimed = await page.send('POST', 'accounts', first);
  expect(claimed.status).toBe(201);
  return page;
}

describe('turning accounts on', () => {
  test('before it, whoever is here is the one user; then it is they who sign in', async () => {
    const page = browser();
    expect(await page.info()).toEqual({
      accounts: false,
      user: expect.objectContaining({ id: 'local', email: null, role: 'admin' }),
      beyondLoopback: false,
      insecure: false,
    });
    const before = (await (
      await page.send('POST', 'conversations', { model: 'scripted/echo', title: 'mine' })
    ).json()) as {
      id: string;
    };
    const claimed = await page.send('POST', 'accounts', first);
    expect(await claimed.json()).toMatchObject({ accounts: true, user: { id: 'local', name: 'Alix' } });
    // Signed in at once, and what was there before is theirs.
    expect((await page.send('GET', `conversations/${before.id}`)).status).toBe(200);
    expect((await browser().send('GET', `conversations/${before.id}`)).status).toBe(401);
    expect(await browser().info()).toMatchObject({ accounts: true, user: null });
  });

  test('only once, only from this machine, and only with a password that is long enough', async () => {
    const short = await browser().send('POST', 'accounts', { ...first, password: 'short' });
    expect(short.status).toBe(400);
    expect(await short.text()).toContain('at least 12 characters');
    const twice = await Promise.all([1, 2].map(() => browser().send('POST', 'accounts', first)));
    expect(twice.map(({ status }) => status).sort()).toEqual([201, 409]);
    expect((await browser().send('POST', 'accounts', first)).status).toBe(409);
  });

  test('they go off again by a word, and sessions end', async () => {
    const page = await on();
    expect((await page.send('POST', 'accounts/off', { confirm: 'yes' })).status).toBe(400);
    expect((await page.send('POST', 'accounts/off', { confirm: 'off' })).status).toBe(204);
    expect(await browser().info()).toMatchObject({ accounts: false, user: { id: 'local' } });
    expect((await page.signIn()).status).toBe(409);
  });
});

describe('signing in', () => {
  test('the cookie is for this host alone, unseen by scripts, and opens what is the person’s', async () => {
    await on();
    const page = browser();
    const signedIn = await page.signIn('ALIX@example.org ');
    expect(await signedIn.json()).toMatchObject({ user: { name: 'Alix', email: 'alix@example.org' } });
    const cookie = signedIn.headers.get('set-cookie') ?? '';
    expect(cookie).toMatch(/^atelier_session_4242=[\w-]{43}; Max-Age=\d+; Path=\/; HttpOnly; SameSite=Lax$/);
    expect((await page.send('GET', 'conversations')).status).toBe(200);
    expect((await page.send('DELETE', 'session')).status).toBe(204);
    const again = await app.request('/atelier/v1/conversations', {
      headers: { cookie: cookie.split(';')[0] ?? '' },
    });
    expect(again.status, 'the session has ended, and not only the cookie').toBe(401);
  });

  test('who is nobody cannot send much', async () => {
    await on();
    const response = await browser().signIn('alix@example.org', 'x'.repeat(70_000));
    expect(response.status).toBe(413);
    expect(await response.text()).toContain('64 kB');
  });

  test('a wrong address and a wrong password are answered alike', async () => {
    await on();
    const wrong = await browser().signIn('alix@example.org', 'not the password');
    const unknown = await browser().signIn('nobody@example.org', 'not the password');
    const none = await browser().signIn('no address\0 at all', 'not the password');
    const texts = await Promise.all([wrong, unknown, none].map((response) => response.text()));
    expect([wrong.status, unknown.status, none.status]).toEqual([401, 401, 401]);
    expect(new Set(texts).size).toBe(1);
  });

  test('an account takes ten tries, also at once, and says how long to wait', async () => {
    await on();
    const tries = await Promise.all(
      Array.from({ length: 14 }, () => browser().signIn('alix@example.org', 'guess')),
    );
    const count = (status: number) => tries.filter((response) => response.status === status).length;
    expect([count(401), count(429)]).toEqual([10, 4]);
    const right = await browser().signIn();
    expect(right.status, 'the right password has to wait too').toBe(429);
    expect(Number(right.headers.get('retry-after'))).toBeGreaterThan(800);
    expect((await browser().signIn('other@example.org')).status, 'others need not').toBe(401);
  });

  test('a change with the cookie needs to come from the page', async () => {
    const page = await on();
    const cookie = page.cookie();
    const body = JSON.stringify({ theme: 'dark' });
    const change = (headers: Record<string, string>) =>
      app.request('/atelier/v1/settings', {
        method: 'PATCH',
        headers: { cookie, 'content-type': 'application/json', ...headers },
        body,
      });
    expect((await change({})).status).toBe(403);
    expect((await change({ origin: 'https://evil.example' })).status).toBe(403);
    expect((await change({ 'sec-fetch-site': 'same-site' })).status).toBe(403);
    expect((await change(own)).status).toBe(200);
  });
});

describe('sessions and passwords', () => {
  const sessionsOf = async (page: ReturnType<typeof browser>) =>
    ((await (await page.send('GET', 'sessions')).json()) as { sessions: Session[] }).sessions;

  test('are listed, and ended from elsewhere', async () => {
    const page = await on();
    const phone = browser({ 'user-agent': 'Phone' });
    await phone.signIn();
    const listed = await sessionsOf(page);
    expect(listed.map(({ client, current }) => [client, current])).toEqual([
      ['Phone', false],
      ['', true],
    ]);
    expect((await page.send('DELETE', `sessions/${listed[0]?.id}`)).status).toBe(204);
    expect((await phone.info()).user).toBeNull();
    expect((await page.send('DELETE', `sessions/${listed[0]?.id}`)).status).toBe(404);
  });

  test('a page that is open learns nothing more once its session has ended', async () => {
    const page = await on();
    const phone = browser();
    await phone.signIn();
    const events = await phone.send('GET', 'events');
    const [listed] = await sessionsOf(page);
    await page.send('DELETE', `sessions/${listed?.id}`);
    // It ends, and with it the reading.
    expect(await events.text()).toContain('first-run-changed');
    expect((await phone.send('GET', 'events')).status).toBe(401);
  });

  test('a new password ends the other sessions and keeps this one', async () => {
    const page = await on();
    const phone = browser();
    await phone.signIn();
    const next = 'another password of mine';
    const change = (current: string) => page.send('PUT', 'password', { current, password: next });
    expect((await change('wrong')).status).toBe(401);
    expect((await change(PASSWORD)).status).toBe(204);
    expect((await phone.info()).user).toBeNull();
    expect((await page.info()).user).toMatchObject({ name: 'Alix' });
    expect((await browser().signIn()).status).toBe(401);
    expect((await browser().signIn('alix@example.org', next)).status).toBe(200);
  });

  test('a role, a closed account and a new password count at once', async () => {
    const page = await on();
    const added = await page.send('POST', 'users', {
      name: 'Mia',
      email: 'mia@example.org',
      password: PASSWORD,
    });
    const { id } = (await added.json()) as User;
    const mia = browser();
    expect(await (await mia.signIn('mia@example.org')).json()).toMatchObject({ user: { role: 'member' } });
    expect((await mia.send('GET', 'users')).status).toBe(403);
    await page.send('PATCH', `users/${id}`, { role: 'auditor' });
    expect((await mia.send('GET', 'users')).status).toBe(200);
    expect((await mia.send('POST', 'conversations', { model: 'scripted/echo' })).status).toBe(403);
    await page.send('PATCH', `users/${id}`, { disabled: true });
    expect((await mia.info()).user).toBeNull();
    expect((await mia.signIn('mia@example.org')).status).toBe(401);
    await page.send('PATCH', `users/${id}`, { disabled: false, password: 'a new one for Mia' });
    expect((await mia.info()).user, 'the old session does not come back').toBeNull();
    expect((await mia.signIn('mia@example.org', 'a new one for Mia')).status).toBe(200);
    expect((await page.send('DELETE', `users/${id}`)).status).toBe(204);
    expect((await mia.info()).user).toBeNull();
    const again = { name: 'Mia', email: 'mia@example.org', password: PASSWORD };
    expect((await page.send('POST', 'users', again)).status, 'the address is free again').toBe(201);
  });

  test('the last admin cannot go, and an address has one person', async () => {
    const page = await on();
    for (const change of [{ role: 'member' }, { disabled: true }]) {
      const refused = await page.send('PATCH', 'users/local', change);
      expect(refused.status).toBe(409);
      expect(await refused.text()).toContain('the only admin');
    }
    expect((await page.send('DELETE', 'users/local')).status).toBe(409);
    const taken = await page.send('POST', 'users', { ...first, name: 'Other' });
    expect(taken.status).toBe(409);
    expect(await taken.text()).toContain('alix@example.org');
    await page.send('POST', 'users', {
      name: 'B',
      email: 'b@example.org',
      role: 'admin',
      password: PASSWORD,
    });
    expect((await page.send('PATCH', 'users/local', { role: 'builder' })).status).toBe(200);
  });

  test('what was changed stands in the record, with who did it', async () => {
    const page = await on();
    await page.send('POST', 'users', { name: 'M', email: 'm@example.org', password: PASSWORD });
    await page.send('PATCH', 'settings', { theme: 'dark' });
    await page.send('PUT', 'aliases/fast', { model: 'scripted/echo' });
    await page.send('GET', 'traces/export');
    const { entries } = (await (await page.send('GET', 'audit?limit=20')).json()) as {
      entries: { action: string; userId: string; target: string; data: object }[];
    };
    expect(entries.map(({ action }) => action)).toEqual([
      'traces.export',
      'alias.set',
      'settings.change',
      'account.create',
      'session.create',
      'account.on',
    ]);
    expect(entries.every(({ userId }) => userId === 'local')).toBe(true);
    expect(entries[2]?.data).toEqual({ theme: 'dark' });
  });
});
