// The list of models on the wire of OpenAI: what can answer now, and nothing else.
import { expect, test } from 'vitest';
import { localIdentity } from '../../../contracts/identity.ts';
import type { ModelInfo } from '../../../contracts/model.ts';
import type { ModelRegistry } from '../../../models/registry.ts';
import { createRouter } from '../../route-parts.ts';
import { openAiModelRoutes } from './models.ts';

const model = (id: string, state: ModelInfo['state']) => ({ id, state, createdAt: 1000, provider: 'local' });

test('a model that failed is not listed; one that is ready or on its way into memory is', async () => {
  const list = async () => [
    model('local/a', 'ready'),
    model('local/broken', 'failed'),
    model('local/b', 'loading'),
  ];
  const routes = createRouter();
  routes.use((c, next) => {
    c.set('identity', localIdentity);
    return next();
  });
  routes.route('/', openAiModelRoutes({ registry: { list } as unknown as ModelRegistry }));
  const { data } = (await (await routes.request('/v1/models')).json()) as { data: { id: string }[] };
  expect(data.map(({ id }) => id)).toEqual(['local/a', 'local/b']);
});
