// A remote chat model's facts, for tests that hand over its behaviour.
import type { ModelInfo } from '../src/contracts/model.ts';
import type { Price } from '../src/contracts/money.ts';

export const remoteInfo = (name: string, price: Price): ModelInfo => ({
  id: `up/${name}`,
  provider: 'up',
  name,
  displayName: name,
  kind: 'chat',
  place: { kind: 'remote', host: 'far' },
  state: 'ready',
  error: null,
  contextLength: null,
  parameters: null,
  quantization: null,
  sizeBytes: null,
  licence: null,
  input: ['text'],
  tools: true,
  languages: [],
  price,
  createdAt: 0,
});
