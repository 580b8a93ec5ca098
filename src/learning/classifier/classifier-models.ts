// Classifiers as models, `classifiers/{name}`: in the registry like any other, so that an alias or an app's choice may name
// one, and asked by the decision call. They need the gateway, which needs the registry, so they are connected last.
import type { Classifier } from '../../contracts/classifier.ts';
import type { ModelInfo } from '../../contracts/model.ts';
import { createEmitter } from '../../lib/emitter.ts';
import type { Decider } from '../../models/decider.ts';
import type { ModelProvider, ModelRegistry } from '../../models/registry.ts';
import type { Store } from '../../store/store.ts';
import { createClassifierRows } from './classifier-rows.ts';
import type { Classifiers } from './classifiers.ts';

export interface ClassifierModels {
  provider: ModelProvider;
  /** Gives a decision to the classifier whose model was asked, and any other to `decider`. */
  decider(decider: Decider, registry: Pick<ModelRegistry, 'resolve'>): Decider;
  connect(classifiers: Pick<Classifiers, 'decide' | 'onChange'>): void;
  onChange(listener: () => void): () => void;
}

const infoOf = ({ name, createdAt }: Classifier): ModelInfo => ({
  id: `classifiers/${name}`,
  provider: 'classifiers',
  name,
  displayName: name,
  kind: 'classifier',
  place: { kind: 'local', host: null },
  state: 'ready',
  error: null,
  contextLength: null,
  parameters: null,
  quantization: null,
  sizeBytes: null,
  licence: null,
  input: ['text'],
  tools: false,
  languages: [],
  price: { kind: 'none' },
  createdAt,
});

export function createClassifierModels({ store }: { store: Store }): ClassifierModels {
  const rows = createClassifierRows(store);
  const changes = createEmitter<void>((error) => process.emitWarning(String(error)));
  let connected: Pick<Classifiers, 'decide'> | null = null;
  return {
    provider: {
      id: 'classifiers',
      list: async () => (await rows.list()).map(infoOf),
      async resolve(name) {
        const found = await rows.find(name);
        return found === null ? null : { info: infoOf(found.classifier), language: null, embedding: null };
      },
    },
    decider: (decider, registry) => ({
      async decide(input, context, signal) {
        const { info } = await registry.resolve(input.model);
        return info.kind === 'classifier' && connected !== null
          ? connected.decide(info.name, input, context, signal)
          : decider.decide(input, context, signal);
      },
      weigh: (input, context, signal) => decider.weigh(input, context, signal),
    }),
    connect(classifiers) {
      connected = classifiers;
      classifiers.onChange(() => changes.emit());
    },
    onChange: changes.on,
  };
}
