// The chat application over a store of a test's own, with scripted models and one that passes for a local one.
import { createRunLog } from '../src/agent/create-run-log.ts';
import type { RunLog } from '../src/agent/run-log.ts';
import type { ChatService } from '../src/apps/chat/chat-service.ts';
import { createChatService } from '../src/apps/chat/create-chat-service.ts';
import type { Message } from '../src/contracts/conversation.ts';
import { type Identity, localIdentity } from '../src/contracts/identity.ts';
import type { ModelInfo } from '../src/contracts/model.ts';
import { silentLog } from '../src/lib/log.ts';
import { createGateway } from '../src/models/create-gateway.ts';
import { createRegistry, type RegistryOptions } from '../src/models/create-registry.ts';
import {
  countScriptedTokens,
  createScriptedProvider,
} from '../src/models/providers/scripted/scripted-provider.ts';
import type { ModelProvider, ModelRegistry } from '../src/models/registry.ts';
import { createLedger } from '../src/monitoring/create-ledger.ts';
import type { Ledger } from '../src/monitoring/ledger.ts';
import type { Store } from '../src/store/store.ts';

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

export function openChat(store: Store, options: Partial<RegistryOptions> = {}): TestChat {
  const ledger = createLedger({ store, log: silentLog, keepContent: () => true });
  const providers = () => [labProvider(), createScriptedProvider({ contextLength: 400 })];
  const registry = createRegistry({ store, providers, ...options });
  const tokenCounters = { scripted: countScriptedTokens, lab: countScriptedTokens };
  const gateway = createGateway({ registry, ledger, tokenCounters });
  const runs = createRunLog({ store, log: silentLog });
  const chat = createChatService({ store, runs, gateway, registry, ledger, log: silentLog });
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
