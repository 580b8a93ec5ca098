// A model that is asked about without being asked itself: its tokens are counted, or it is to be loaded or let go. Calls
// of the gateway look at the key's scope on their own.
import type { Identity } from '../contracts/identity.ts';
import { checkScope } from '../models/check-scope.ts';
import type { ModelRegistry } from '../models/registry.ts';

/** @returns its id; @throws AtelierError forbidden, and what the registry throws */
export async function allowedModel(
  registry: Pick<ModelRegistry, 'resolve'>,
  identity: Identity,
  asked: string,
): Promise<string> {
  const resolved = await registry.resolve(asked);
  checkScope({ identity, source: 'api' }, { asked, candidates: [resolved] });
  return resolved.info.id;
}
