// Which apps and agents a call has come through. An app may use an agent and an agent an app, as models; one that comes
// back to itself would go round for ever.
import { AsyncLocalStorage } from 'node:async_hooks';
import { AtelierError } from '../../contracts/errors.ts';
import { iterateWithin } from '../../lib/async-scope.ts';

const chain = new AsyncLocalStorage<readonly string[]>();

export function loopError(ids: readonly string[]): AtelierError {
  const [first] = ids;
  return new AtelierError(
    'invalid_request',
    `${first} would answer itself (${ids.join(' -> ')}). Give it another model than one that leads back to it.`,
    { data: { chain: ids } },
  );
}

/** @throws AtelierError invalid_request, when `id` is already answering further up */
export function throughServed<T>(id: string, make: () => AsyncIterable<T>): AsyncIterable<T> {
  const above = chain.getStore() ?? [];
  const from = above.indexOf(id);
  if (from >= 0) throw loopError([...above.slice(from), id]);
  return iterateWithin(chain, [...above, id], make);
}
