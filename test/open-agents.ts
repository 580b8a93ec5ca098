// Agents over a store of a test's own, with scripted models, real tools and the folder of the store for their files.
// `lab/script` is the scripted model as a local one, whose steps are constrained choices.
import { join } from 'node:path';
import type { Agents, WorkOrder } from '../src/agent/agents.ts';
import { ASSISTANT } from '../src/agent/builtin-agents.ts';
import { createAgentCore } from '../src/agent/create-agent-core.ts';
import type { AgentRunners } from '../src/agent/create-agent-runner.ts';
import { createRunLog } from '../src/agent/create-run-log.ts';
import type { RunLog } from '../src/agent/run-log.ts';
import { localIdentity as me } from '../src/contracts/identity.ts';
import type { LoggedEvent, Run, RunEvent } from '../src/contracts/run.ts';
import { silentLog } from '../src/lib/log.ts';
import { createGateway } from '../src/models/create-gateway.ts';
import { createRegistry } from '../src/models/create-registry.ts';
import {
  countScriptedTokens,
  createScriptedProvider,
} from '../src/models/providers/scripted/scripted-provider.ts';
import type { ModelProvider, ModelRegistry } from '../src/models/registry.ts';
import { createLedger } from '../src/monitoring/create-ledger.ts';
import type { Ledger } from '../src/monitoring/ledger.ts';
import type { Knowledge } from '../src/retrieval/knowledge.ts';
import type { Store } from '../src/store/store.ts';
import { createTools, type Tools } from '../src/tools/create-tools.ts';
import { createToolSettings, type ToolSettings } from '../src/tools/tool-settings.ts';
import { labProvider } from './open-chat.ts';

export interface TestAgents {
  agents: Agents;
  runner: AgentRunners;
  runs: RunLog;
  tools: Tools;
  settings: ToolSettings;
  ledger: Ledger;
  registry: ModelRegistry;
  /** Starts a run of the assistant, or of another agent, with a script. */
  ask(
    script: string,
    more?: Partial<WorkOrder['agent']> & { model?: string; knowledge?: string[] },
  ): Promise<Run>;
  /** Every event of a run up to its end. */
  events(runId: string): Promise<LoggedEvent[]>;
  /** Resolves with the first event of a type. */
  first<T extends RunEvent['type']>(runId: string, type: T): Promise<Extract<RunEvent, { type: T }>>;
  close(): Promise<void>;
}

export const user = (text: string) => ({ role: 'user' as const, content: [{ type: 'text' as const, text }] });

export async function openAgents(
  store: Store,
  dataDir: string,
  options: { knowledge?: Knowledge; providers?: ModelProvider[]; contextLength?: number } = {},
): Promise<TestAgents> {
  const ledger = createLedger({ store, log: silentLog, keepContent: () => true, flushMs: 5 });
  const { knowledge = null, contextLength, providers = [] } = options;
  const scripted = createScriptedProvider(contextLength === undefined ? {} : { contextLength });
  const registry = createRegistry({ store, providers: () => [...providers, labProvider(), scripted] });
  const gateway = createGateway({
    registry,
    ledger,
    tokenCounters: { scripted: countScriptedTokens, lab: countScriptedTokens },
  });
  const runs = createRunLog({ store, log: silentLog, flushMs: 5 });
  const settings = await createToolSettings({ store, log: silentLog });
  const tools = await createTools({
    dataDir,
    version: 'test',
    log: silentLog,
    isEnabled: (name) => settings.isEnabled(name),
  });
  settings.onChange(tools.registry.changed);
  const { agents, runner } = createAgentCore({
    store,
    runs,
    gateway,
    registry,
    ledger,
    tools,
    approvalRule: settings.approvalRule,
    knowledge,
    log: silentLog,
    retryMs: 1,
  });
  const events = async (runId: string) => {
    const found: LoggedEvent[] = [];
    for await (const event of runs.watch(runId, me.userId, 0)) found.push(event);
    return found;
  };
  return {
    agents,
    runner,
    runs,
    tools,
    settings,
    ledger,
    registry,
    async ask(script, { model = 'scripted/script', knowledge: collections = [], ...more } = {}) {
      const agent = { ...(await agents.get(me, ASSISTANT)), ...more };
      return agents.start(me, {
        agent,
        prompt: [user(script)],
        model,
        knowledge: collections,
        source: 'page',
      });
    },
    events,
    async first(runId, type) {
      for await (const { event } of runs.watch(runId, me.userId, 0))
        if (event.type === type) return event as never;
      throw new Error(`the run ended without ${type}`);
    },
    async close() {
      await runs.close(5000);
      await agents.close();
      await tools.close();
      await ledger.close();
    },
  };
}

export const filesOf = (dataDir: string, runId: string) => join(dataDir, 'runs', runId, 'files');
