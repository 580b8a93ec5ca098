// `atelier users`: who may sign in. The first person who is added turns accounts on.
import type { SessionInfo, User } from '../../../contracts/access.ts';
import { AtelierError } from '../../../contracts/errors.ts';
import { type ApiClient, openClient } from '../api-client.ts';
import { type Command, clientConfig, flag, text, UsageError, words } from '../command.ts';
import { findPerson } from '../find-person.ts';
import { printable, printJson, printTable } from '../output.ts';
import { readSecret, readWord } from '../read-secret.ts';

const path = '/atelier/v1/users';
const OFF = 'off';

async function add(client: ApiClient, email: string, values: Record<string, unknown>): Promise<User> {
  const name = text(values, 'name') ?? email.split('@')[0] ?? email;
  const { accounts } = await client.json<SessionInfo>('GET', '/atelier/v1/session');
  const role = text(values, 'role') ?? (accounts ? 'member' : 'admin');
  if (!accounts && role !== 'admin')
    throw new UsageError('The first person is the admin who can let others in: leave --role out.');
  const password = await readSecret(`Password for ${email}`);
  if (accounts) return client.json<User>('POST', path, { name, email, role, password });
  const { user } = await client.json<SessionInfo>('POST', '/atelier/v1/accounts', { name, email, password });
  if (user === null) throw new AtelierError('internal', 'Accounts are on, and nobody is in them.');
  return user;
}

async function turnOff(client: ApiClient): Promise<void> {
  process.stderr.write(
    'Without accounts, whoever uses this machine is its one user and sees what the first person has. People and keys stay.\n',
  );
  if ((await readWord(`Type ${OFF} to go on`)).trim() !== OFF)
    throw new AtelierError('cancelled', 'Nothing was changed.');
  await client.json('POST', '/atelier/v1/accounts/off', { confirm: OFF });
}

type Verb = (
  client: ApiClient,
  name: string,
  word: string,
  values: Record<string, unknown>,
) => Promise<unknown>;

const change = (client: ApiClient, name: string, body: unknown) =>
  findPerson(client, name).then(({ id }) => client.json<User>('PATCH', `${path}/${id}`, body));

/** What each verb needs after it, and what it does. */
const verbs: Record<string, { needs: string[]; run: Verb }> = {
  list: { needs: [], run: (client) => client.json<{ users: User[] }>('GET', path) },
  add: { needs: ['an email'], run: (client, email, _, values) => add(client, email, values) },
  role: {
    needs: ['an email', 'admin, builder, member or auditor'],
    run: (client, name, role) => change(client, name, { role }),
  },
  disable: { needs: ['an email'], run: (client, name) => change(client, name, { disabled: true }) },
  enable: { needs: ['an email'], run: (client, name) => change(client, name, { disabled: false }) },
  password: {
    needs: ['an email'],
    async run(client, name) {
      const { id, email } = await findPerson(client, name);
      const password = await readSecret(`New password for ${email ?? id}`);
      return client.json<User>('PATCH', `${path}/${id}`, { password });
    },
  },
  remove: {
    needs: ['an email'],
    async run(client, name) {
      const found = await findPerson(client, name);
      await client.json('DELETE', `${path}/${found.id}`);
      return found;
    },
  },
  off: { needs: [], run: (client) => turnOff(client) },
};

const done: Record<string, (user: User) => string> = {
  add: ({ name, email, role }) => `${name} (${email}) may sign in as ${role}.`,
  role: ({ name, role }) => `${name} is ${role} now.`,
  disable: ({ name }) => `${name} cannot sign in any more; sessions have ended and keys open nothing.`,
  enable: ({ name }) => `${name} may sign in again.`,
  password: ({ name }) => `${name} has a new password; sessions have ended.`,
  remove: ({ name }) => `${name} was removed; what they made stays.`,
};

function print(verb: string, result: unknown): void {
  if (verb === 'off') process.stdout.write('Accounts are off.\n');
  else if (verb === 'list') {
    const { users } = result as { users: User[] };
    const day = (at: number | null) => (at === null ? null : new Date(at).toISOString().slice(0, 10));
    printTable(
      ['EMAIL', 'NAME', 'ROLE', 'STATE', 'LAST SEEN', 'ID'],
      users.map((user) => [
        user.email,
        user.name,
        user.role,
        user.disabledAt === null ? 'active' : 'disabled',
        day(user.lastSeenAt),
        user.id,
      ]),
    );
  } else process.stdout.write(`${printable(done[verb]?.(result as User) ?? 'Done.')}\n`);
}

export const users: Command = {
  help: `atelier users list                 who may sign in
atelier users add EMAIL            a person; the first one turns accounts on, as admin
atelier users role EMAIL ROLE      admin, builder, member or auditor
atelier users disable EMAIL        no sign-in, no keys; enable EMAIL undoes it
atelier users password EMAIL       a new password; sessions end
atelier users remove EMAIL         sessions end and keys are revoked; what they made stays
atelier users off                  accounts off again; asks for a word

  --name NAME   for add; else what stands before the @
  --role ROLE   for add; else member
  --json        machine-readable output

A password is typed at a prompt, or is the first line of a pipe; it is never an argument.
`,
  options: { name: { type: 'string' }, role: { type: 'string' } },
  async run({ values, positionals, env }) {
    const [verb = '', ...rest] = positionals;
    const chosen = Object.hasOwn(verbs, verb) ? verbs[verb] : undefined;
    if (chosen === undefined)
      throw new UsageError(`atelier users takes ${Object.keys(verbs).join(', ')}, not "${verb}".`);
    const [name = '', word = ''] = words(rest, `atelier users ${verb}`, ...chosen.needs);
    const client = await openClient(clientConfig(values, env));
    try {
      const result = await chosen.run(client, name, word, values);
      if (flag(values, 'json') ?? false) printJson(result ?? { accounts: false });
      else print(verb, result);
    } finally {
      await client.close();
    }
    return 0;
  },
};
