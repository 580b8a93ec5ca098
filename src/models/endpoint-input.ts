// What a person types for an endpoint, made sound: its address, key, headers and id.
import { AtelierError } from '../contracts/errors.ts';
import { type ProviderInput, providerIdSchema } from '../contracts/provider.ts';

/** First parts of model ids that are no endpoint's. */
const reserved = ['local', 'scripted', 'atelier', 'default', 'auto', 'fast', 'apps', 'agents'];

const invalid = (message: string, data: Record<string, unknown> = {}) =>
  new AtelierError('invalid_request', message, { data });

/**
 * The addresses under which the API may be: as typed (less a trailing slash or a pasted route), and, where no path was
 * typed, first with /v1.
 */
export function addressesOf(typed: string): [string, ...string[]] {
  const url = URL.parse(typed.trim());
  if (!url || (url.protocol !== 'http:' && url.protocol !== 'https:')) {
    throw invalid('The address must start with http:// or https://, such as http://127.0.0.1:1234/v1.');
  }
  if (url.username !== '' || url.password !== '') {
    throw invalid(
      'The address carries a name or password. Leave them out and put the key into the key field.',
    );
  }
  if (url.search !== '' || url.hash !== '')
    throw invalid('The address has a part after ? or #. Leave it out.');
  const path = url.pathname
    .replace(/\/+$/, '')
    .replace(/\/(chat\/completions|completions|models|embeddings)$/, '');
  return path === '' ? [`${url.origin}/v1`, url.origin] : [`${url.origin}${path}`];
}

/** @throws AtelierError invalid_request, which never repeats the key */
export function checkKey(key: string | null): string | null {
  const trimmed = key?.trim() ?? '';
  if (trimmed === '') return null;
  if (!/^[\x21-\x7e]+$/.test(trimmed))
    throw invalid('The key has a space, a line break or a letter that no key has. Paste it again.');
  return trimmed;
}

export function checkHeaders(headers: NonNullable<ProviderInput['headers']>): Record<string, string> {
  for (const [name, value] of Object.entries(headers)) {
    if (!/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/.test(name))
      throw invalid(`“${name}” is no name of a header.`, { header: name });
    if (!/^[\x20-\x7e\t]*$/.test(value))
      throw invalid(`The value of the header ${name} has a character that no header may have.`, {
        header: name,
      });
  }
  return headers;
}

function slugOf(name: string): string {
  const slug = name
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 32);
  return slug === '' ? 'endpoint' : slug;
}

/** @throws AtelierError conflict when an id that was asked for is taken */
export function freeId(asked: string | undefined, name: string, taken: readonly string[]): string {
  const used = new Set([...reserved, ...taken]);
  if (asked !== undefined) {
    if (used.has(asked))
      throw new AtelierError('conflict', `The id ${asked} is taken. Choose another one.`, {
        data: { id: asked },
      });
    return providerIdSchema.parse(asked);
  }
  const slug = slugOf(name);
  if (!used.has(slug)) return slug;
  let number = 2;
  while (used.has(`${slug}-${number}`)) number += 1;
  return `${slug}-${number}`;
}
