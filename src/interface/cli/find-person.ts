// A person by what one types at the command line: their email, or their id.
import type { User } from '../../contracts/access.ts';
import { AtelierError } from '../../contracts/errors.ts';
import type { ApiClient } from './api-client.ts';

const path = '/atelier/v1/users';

/** @throws AtelierError not_found, with those there are */
export async function findPerson(client: ApiClient, name: string): Promise<User> {
  const { users } = await client.json<{ users: User[] }>('GET', path);
  const found = users.find((user) => user.id === name || user.email === name.toLowerCase());
  if (found !== undefined) return found;
  const known = users.map(({ email }) => email).filter((email) => email !== null);
  throw new AtelierError(
    'not_found',
    `There is nobody with the email ${name}.${known.length > 0 ? ` There are ${known.join(', ')}.` : ''}`,
    { data: { name, known } },
  );
}
