// The chat application over a store of a test's own, with scripted models and one that passes for a local one.
import type { Agents } from '../src/agent/agents.ts';
import { createGroundedAnswers } from '../src/agent/answers/create-grounded-answers.ts';
import { knowledgeOf } from '../src/agent/answers/testing/found.ts';
import { createAgentCore } from '../src/agent/create-agent-core.ts';
import { createRunLog } from '../src/agent/create-run-log.ts';
import type { RunLog } from '../src/agent/run-log.ts';
import type { ChatService } from '../src/apps/chat/chat-service.ts';
import { type ChatServiceOptions, createChatService } from '../src/apps/chat/create-chat-service.ts';
import type { Message } from '../src/contracts/conversation.ts';
import { type Identity, localIdentity } from '../src/contracts/identity.ts';
import type { SearchHit } from '../src/contracts/knowledge.ts';
import type { ModelInfo } from '../src/contracts/model.ts';
import { silentLog } from '../src/lib/log.ts';
import { createGateway } from '../src/models/create-gateway.ts';
import { createRegistry, type RegistryOptions } from '../src/models/create-registry.ts';
import { createDecider } from '../src/models/decide/create-decider.ts';
import type { Gateway } from '../src/models/gateway.ts';
import {
  countScriptedTokens,
  createScriptedProvider,
} from '../src/models/providers/scripted/scripted-provider.ts';
import type { ModelProvider, ModelRegistry } from '../src/models/registry.ts';
import { createLedger } from '../src/monitoring/create-ledger.ts';
import type { Ledger } from '../src/monitoring/ledger.ts';
import type { Knowledge } from '../src/retrieval/knowledge.ts';
import { createMeasurements } from '../src/store/measurements.ts';
import type { Store } from '../src/store/store.ts';
import { createTools } from '../src/tools/create-tools.ts';

export interface TestChat {
  chat: ChatService;
  runs: RunLog;
  ledger: Ledger;
  registry: ModelRegistry;
  /** The answer once it is no longer being written. */
  settled(messageId: string, who?: Identity): Promise<Message>;
  close(): Promise<void>;
}

/** The scripted model under another name: `lab/script` runs here, as far as anybody can tell. */
export function labProvider(change: Partial<ModelInfo> = {}): ModelProvider {
  const scripted = createScriptedProvider();
  const own = (info: ModelInfo): ModelInfo => ({
    ...info,
    id: `lab/${info.name}`,
    provider: 'lab',
    place: { kind: 'local', host: null },
    ...change,
  });
  return {
    id: 'lab',
    list: async () => (await scripted.list()).map(own),
    async resolve(name) {
      const found = await scripted.resolve(name);
      return found && { ...found, info: own(found.info) };
    },
  };
}

interface ChatCore {
  store: Store;
  gateway: Gateway;
  registry: ModelRegistry;
  ledger: Ledger;
  runs: RunLog;
}

export function openChat(
  store: Store,
  options: Partial<RegistryOptions> = {},
  work: (core: ChatCore) => Pick<ChatServiceOptions, 'agents' | 'runner' | 'answers'> = () => ({}),
): TestChat {
  const ledger = createLedger({ store, log: silentLog, keepContent: () => true });
  const providers = () => [labProvider(), createScriptedProvider({ contextLength: 400 })];
  const registry = createRegistry({ store, providers, ...options });
  const tokenCounters = { scripted: countScriptedTokens, lab: countScriptedTokens };
  const gateway = createGateway({ registry, ledger, tokenCounters });
  const runs = createRunLog({ store, log: silentLog });
  const core = { store, gateway, registry, ledger, runs };
  const chat = createChatService({ ...core, ...work(core), log: silentLog });
  return {
    chat,
    runs,
    ledger,
    registry,
    async settled(messageId, who = localIdentity) {
      const find = async () => {
        const row = await store.db
          .selectFrom('messages')
          .select(['conversation_id', 'run_id'])
          .where('id', '=', messageId)
          .executeTakeFirstOrThrow();
        const { messages } = await chat.get(who, row.conversation_id);
        return { runId: row.run_id, message: messages.find(({ id }) => id === messageId) };
      };
      const { runId } = await find();
      if (runId !== null) for await (const _ of runs.watch(runId, who.userId, 0));
      const { message } = await find();
      if (message === undefined) throw new Error(`no message ${messageId}`);
      return message;
    },
    async close() {
      await runs.close(5000);
      await chat.close();
      await ledger.close();
    },
  };
}

export interface WorkingChat extends TestChat {
  agents: Agents;
}

/** With agents, the real tools, and a knowledge that finds the same passages for every question. */
export async function openWorkingChat(
  store: Store,
  dataDir: string,
  hits: readonly SearchHit[] = [],
): Promise<WorkingChat> {
  const tools = await createTools({ dataDir, version: 'test', log: silentLog, isEnabled: () => true });
  const opened: { agents?: Agents } = {};
  const chat = openChat(store, {}, (core) => {
    const { gateway, registry, ledger } = core;
    const knowledge = knowledgeOf(hits) as unknown as Knowledge;
    const { agents, runner } = createAgentCore({
      ...core,
      tools,
      approvalRule: () => undefined,
      knowledge,
      log: silentLog,
      retryMs: 1,
    });
    opened.agents = agents;
    const answers = createGroundedAnswers({
      ...core,
      knowledge,
      decider: createDecider({ gateway, registry, ledger }),
      measurements: createMeasurements(store),
      log: silentLog,
    });
    return { agents, runner, answers };
  });
  return {
    ...chat,
    agents: opened.agents as Agents,
    async close() {
      await chat.close();
      await opened.agents?.close();
      await tools.close();
    },
  };
}
