// `atelier keys`: keys for programs, shown once.
import type { ApiKey } from '../../../contracts/access.ts';
import { openClient } from '../api-client.ts';
import { type Command, clientConfig, flag, text, UsageError, words } from '../command.ts';
import { findPerson } from '../find-person.ts';
import { printJson, printTable } from '../output.ts';

const path = '/atelier/v1/keys';

const listIn = (values: Record<string, unknown>, name: string): string[] | null =>
  text(values, name)
    ?.split(',')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '') ?? null;

/** `30d`, `12h`, or a date. @throws UsageError */
function expiryIn(values: Record<string, unknown>, now: number): number | null {
  const given = text(values, 'expires');
  if (given === undefined) return null;
  const [, count, unit] = /^(\d{1,5})([dh])$/.exec(given) ?? [];
  if (count !== undefined) return now + Number(count) * (unit === 'd' ? 86_400_000 : 3_600_000);
  const at = /^\d{4}-\d{2}-\d{2}/.test(given) ? Date.parse(given) : Number.NaN;
  if (Number.isNaN(at))
    throw new UsageError(`--expires takes days or hours such as 30d or 12h, or a date, not "${given}".`);
  return at;
}

function stateOf({ revokedAt, expiresAt }: ApiKey): string {
  if (revokedAt !== null) return 'revoked';
  if (expiresAt === null) return 'active';
  return `${expiresAt <= Date.now() ? 'expired' : 'until'} ${new Date(expiresAt).toISOString().slice(0, 10)}`;
}

function table(keys: readonly ApiKey[]): void {
  printTable(
    ['ID', 'KEY', 'NAME', 'PERSON', 'STATE', 'LAST USED', 'LIMITED TO'],
    keys.map((key) => [
      key.id,
      `${key.prefix}...`,
      key.name,
      key.userId,
      stateOf(key),
      key.lastUsedAt === null ? null : new Date(key.lastUsedAt).toISOString().slice(0, 10),
      [...(key.models ?? []), ...(key.apps ?? [])].join(', ') || null,
    ]),
  );
}

export const keys: Command = {
  help: `atelier keys list             every key, never its secret
atelier keys add NAME         a new key; its secret is printed this once
atelier keys revoke ID        it opens nothing any more

  --user EMAIL    for add: whose calls they are; an id does too
  --models LIST   for add: ids, aliases, or provider/* for all of one; commas between
  --apps LIST     for add: names of apps and agents; commas between
  --expires TIME  for add: 30d, 12h or a date
  --json          machine-readable output
`,
  options: {
    user: { type: 'string' },
    models: { type: 'string' },
    apps: { type: 'string' },
    expires: { type: 'string' },
  },
  async run({ values, positionals, env }) {
    const [verb, ...rest] = positionals;
    if (verb !== 'list' && verb !== 'add' && verb !== 'revoke')
      throw new UsageError('atelier keys takes list, add NAME or revoke ID.');
    const needs = { list: [], add: ['a name'], revoke: ['the id of a key'] }[verb];
    const [name = ''] = words(rest, `atelier keys ${verb}`, ...needs);
    const expiresAt = expiryIn(values, Date.now());
    const person = text(values, 'user');
    const json = flag(values, 'json') ?? false;
    const client = await openClient(clientConfig(values, env));
    try {
      if (verb === 'list') {
        const found = await client.json<{ keys: ApiKey[] }>('GET', path);
        if (json) printJson(found);
        else table(found.keys);
      } else if (verb === 'add') {
        const made = await client.json<{ key: ApiKey; secret: string }>('POST', path, {
          name,
          models: listIn(values, 'models'),
          apps: listIn(values, 'apps'),
          expiresAt,
          ...(person === undefined ? {} : { userId: (await findPerson(client, person)).id }),
        });
        if (json) printJson(made);
        else {
          // Alone on the output, so that a script can take it; what a person needs to know goes beside it.
          process.stderr.write(`The key "${made.key.name}" (${made.key.id}), shown this once:\n`);
          process.stdout.write(`${made.secret}\n`);
        }
      } else {
        const key = await client.json<ApiKey>('DELETE', `${path}/${encodeURIComponent(name)}`);
        if (json) printJson(key);
        else process.stdout.write(`The key "${key.name}" (${key.prefix}...) opens nothing any more.\n`);
      }
    } finally {
      await client.close();
    }
    return 0;
  },
};
