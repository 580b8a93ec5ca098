// Accounts from the command line: the first person, others, keys; with a server running and without one.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { startServer } from '../start-server.ts';
import { hasTerminal, openTerminal, runCli } from './run-cli.ts';

const dataDir = mkdtempSync(join(tmpdir(), 'atelier-accounts-'));
afterAll(() => rmSync(dataDir, { recursive: true, force: true }));

const PASSWORD = 'a long enough password';
async function run(args: readonly string[], input?: string): Promise<string> {
  const { code, stdout, stderr } = await runCli(args, { dataDir, ...(input === undefined ? {} : { input }) });
  expect(code, stderr).toBe(0);
  expect(stdout + stderr).not.toContain(PASSWORD);
  return stdout;
}
const fails = async (args: readonly string[], input = '') => {
  const { code, stderr } = await runCli(args, { dataDir, input });
  expect(code).not.toBe(0);
  return stderr;
};

test('the first person turns accounts on, the server then asks who calls, and the command line is let in', async () => {
  expect(await fails(['users', 'add', 'ada@example.org'], 'short\n')).toContain('at least 12 characters');
  expect(await fails(['users', 'add', 'ada@example.org', '--role', 'member'], PASSWORD)).toContain(
    'first person',
  );
  expect(await run(['users', 'add', 'ada@example.org', '--name', 'Ada'], `${PASSWORD}\n`)).toBe(
    'Ada (ada@example.org) may sign in as admin.\n',
  );

  const server = await startServer({ dataDir });
  try {
    const status = async (path: string, headers: Record<string, string> = {}) =>
      (await fetch(new URL(path, server.url), { headers })).status;
    expect(await status('/v1/models')).toBe(401);
    expect(await status('/v1/models', { authorization: 'Bearer sk-anything' })).toBe(401);

    await run(['users', 'add', 'bob@example.org', '--role', 'builder'], `${PASSWORD}\n`);
    const { users } = JSON.parse(await run(['users', 'list', '--json'])) as {
      users: { id: string; email: string; role: string }[];
    };
    expect(users.map(({ email, role }) => [email, role])).toEqual([
      ['ada@example.org', 'admin'],
      ['bob@example.org', 'builder'],
    ]);
    const bob = users[1]?.id ?? '';

    const secret = (await run(['keys', 'add', 'laptop', '--user', bob, '--expires', '30d'])).trim();
    expect(secret).toMatch(/^atl_\w{46}$/);
    expect(await status('/v1/models', { authorization: `Bearer ${secret}` })).toBe(200);
    const listed = await run(['keys', 'list']);
    expect(listed).toContain('laptop');
    expect(listed).not.toContain(secret);
    const { keys } = JSON.parse(await run(['keys', 'list', '--json'])) as { keys: { id: string }[] };
    await run(['keys', 'revoke', keys[0]?.id ?? '']);
    expect(await status('/v1/models', { authorization: `Bearer ${secret}` })).toBe(401);

    await run(['users', 'role', 'bob@example.org', 'auditor']);
    expect(await run(['users', 'list'])).toMatch(/bob@example\.org +bob +auditor +active/);
    expect(await fails(['users', 'disable', 'ada@example.org'])).toContain('the only admin');

    const token = readFileSync(join(dataDir, 'server.token'), 'utf8');
    expect(await status('/atelier/v1/users', { 'x-atelier-machine': token })).toBe(200);
    expect(await fails(['users', 'off'], 'yes\n')).toContain('Nothing was changed.');
    await run(['users', 'off'], 'off\n');
    expect(await status('/v1/models')).toBe(200);
    await run(['users', 'add', 'ada@example.org', '--name', 'Ada'], PASSWORD);
    expect(await status('/v1/models')).toBe(401);
    expect(server.output()).not.toContain(token);
    expect(server.output()).not.toContain(secret);
  } finally {
    expect(await server.stop({ keep: true })).toBe(0);
  }
});

test('with accounts it listens beyond this machine, and warns where nothing encrypts', async () => {
  const server = await startServer({ dataDir, args: ['--host', '0.0.0.0'] });
  try {
    const info = (await (await fetch(new URL('/atelier/v1/session', server.url))).json()) as object;
    expect(info).toEqual({ accounts: true, user: null, beyondLoopback: true, insecure: true });
    expect(server.output()).toContain('Warning: other machines can connect and nothing encrypts');
    expect(await fails(['users', 'off'], 'off\n')).toContain('Other machines can connect');
  } finally {
    await server.stop({ keep: true });
  }
});

test('a password is typed unseen, and twice', async ({ skip }) => {
  if (!hasTerminal) skip('there is no `script` to make a terminal with');
  const terminal = openTerminal(['users', 'password', 'ada@example.org'], { dataDir });
  try {
    let at = await terminal.waitFor('New password for ada@example.org: ');
    terminal.type('another good password\r');
    at = await terminal.waitFor('New password for ada@example.org again: ', at + 1);
    terminal.type('another good password\r');
    await terminal.waitFor('Ada has a new password', at + 1);
    expect(await terminal.ended).toBe(0);
    expect(terminal.screen()).not.toContain('another good');
  } finally {
    terminal.close();
  }
});
