// What a person types for an endpoint, made sound: its address, key, headers and id.
import { AtelierError } from '../contracts/errors.ts';
import { type ProviderInput, type ProviderKind, providerIdSchema } from '../contracts/provider.ts';
import { providerAdapters } from './providers/provider-adapters.ts';

/** First parts of model ids that are no endpoint's. */
const reserved = ['local', 'scripted', 'atelier', 'default', 'auto', 'fast', 'apps', 'agents'];

const invalid = (message: string, data: Record<string, unknown> = {}) =>
  new AtelierError('invalid_request', message, { data });

/** Routes that people paste along with the address. */
const routes =
  /\/(chat\/completions|completions|models|embeddings|responses|messages|api\/(tags|chat|generate|show))$/;

/**
 * The addresses under which the API may be: as typed (less a trailing slash or a pasted route), and, where no path was
 * typed, first with the path that this kind has. Without an address, the one of the kind.
 */
export function addressesOf(
  kind: ProviderKind,
  typed: string | undefined,
  region: string | null,
): [string, ...string[]] {
  const { defaultBaseUrl, path: own, needsRegion } = providerAdapters[kind];
  if (typed === undefined || typed.trim() === '') {
    if (defaultBaseUrl === null) throw invalid('Enter the address, such as http://127.0.0.1:1234/v1.');
    if (needsRegion && region === null) throw invalid('Enter the region, such as eu-west-3.');
    return [defaultBaseUrl.replace('{region}', region ?? '')];
  }
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
  const path = url.pathname.replace(/\/+$/, '').replace(routes, '');
  // Ollama's own routes and its OpenAI wire lie beside each other.
  if (kind === 'ollama') return [`${url.origin}${path.replace(/\/(v1|api)$/, '')}`];
  if (path !== '') return [`${url.origin}${path}`];
  if (own === '') return [url.origin];
  return kind === 'openai-compatible' ? [`${url.origin}${own}`, url.origin] : [`${url.origin}${own}`];
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
