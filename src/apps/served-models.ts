// Apps and agents as models, `apps/{name}` and `agents/{name}`, for whatever calls models: OpenAI's wire, a chat, another
// agent. Their own calls hang below, in the same trace, and are counted there. Agents of the house are models; which of
// that name answers, and as whom, is decided when somebody calls.
import type { LanguageModelV4 } from '@ai-sdk/provider';
import type { Agents } from '../agent/agents.ts';
import type { Agent } from '../contracts/agent.ts';
import type { AppInfo } from '../contracts/app.ts';
import type { ModelInfo } from '../contracts/model.ts';
import { createEmitter } from '../lib/emitter.ts';
import type { CallContext } from '../models/model-call.ts';
import type { ModelProvider } from '../models/registry.ts';
import type { Apps } from './apps.ts';
import { checkAgentLoop } from './served/agent-loop.ts';
import type { Served } from './served/served.ts';
import { type AgentParts, servedAgent } from './served/served-agent.ts';
import { servedApp } from './served/served-app.ts';
import { createServedModel } from './served/served-language-model.ts';

export interface ServedParts {
  apps: Pick<Apps, 'list' | 'get' | 'stream' | 'onChange'>;
  agents: Pick<Agents, 'house' | 'get' | 'start' | 'onChange'>;
  runs: AgentParts['runs'];
  aliases(): Promise<Record<string, string>>;
}

export interface ServedModels {
  providers: readonly [ModelProvider, ModelProvider];
  /** Apps and agents call models, so they are made after the registry. Until then there are none. */
  connect(parts: ServedParts): void;
  onChange(listener: () => void): () => void;
}

export function createServedModels({ now = Date.now }: { now?: () => number } = {}): ServedModels {
  let parts: ServedParts | null = null;
  const changes = createEmitter<void>((error) => process.emitWarning(String(error)));
  const startedAt = now();

  const info = (
    provider: 'apps' | 'agents',
    name: string,
    displayName: string,
    createdAt: number,
  ): ModelInfo => ({
    id: `${provider}/${name}`,
    provider,
    name,
    displayName,
    kind: 'chat',
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
  const ofApp = ({ name, title }: AppInfo) => info('apps', name, title.en, startedAt);
  const ofAgent = ({ name, title, createdAt }: Agent) => info('agents', name, title, createdAt);

  /** A model that is looked up again at each call, as whoever calls. */
  const model = (id: string, find: (context: CallContext) => Promise<Served>) => ({
    language: null,
    embedding: null,
    bind: (context: CallContext): LanguageModelV4 => createServedModel(id, context, () => find(context)),
  });

  const apps: ModelProvider = {
    id: 'apps',
    list: async () => parts?.apps.list().map(ofApp) ?? [],
    async resolve(name) {
      const { apps: known } = parts ?? {};
      const found = known?.list().find((app) => app.name === name);
      if (known === undefined || found === undefined) return null;
      return { info: ofApp(found), ...model(`apps/${name}`, async () => servedApp(known, name)) };
    },
  };

  const agents: ModelProvider = {
    id: 'agents',
    list: async () => (await parts?.agents.house())?.map(ofAgent) ?? [],
    async resolve(name) {
      if (parts === null) return null;
      const own = parts;
      const [agent] = await own.agents.house(name);
      if (agent === undefined) return null;
      const find = async (context: CallContext) => {
        await checkAgentLoop(own, context.identity, name);
        return servedAgent(own, context.identity, name);
      };
      return { info: ofAgent(agent), ...model(`agents/${agent.name}`, find) };
    },
  };

  return {
    providers: [apps, agents],
    connect(made) {
      parts = made;
      made.apps.onChange(() => changes.emit());
      made.agents.onChange(({ what }) => {
        if (what === 'agents') changes.emit();
      });
      changes.emit();
    },
    onChange: changes.on,
  };
}
