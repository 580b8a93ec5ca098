// The program as tests use it: the real services over a store in a temporary folder, with the scripted models and no
// network. `request` needs no socket; `url()` listens on a free port.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createAccess } from '../src/access/create-access.ts';
import { createSpending } from '../src/access/spending/create-spending.ts';
import { createAgentCore } from '../src/agent/create-agent-core.ts';
import { createRunLog } from '../src/agent/create-run-log.ts';
import type { RunLog } from '../src/agent/run-log.ts';
import { type Listening, listen } from '../src/api/serve.ts';
import { createServer } from '../src/api/server.ts';
import type { ApiServices } from '../src/api/services.ts';
import type { AppDefinition } from '../src/apps/apps.ts';
import { createChatService } from '../src/apps/chat/create-chat-service.ts';
import { createApps } from '../src/apps/create-apps.ts';
import { createPrompts } from '../src/apps/prompts/create-prompts.ts';
import { createServedModels } from '../src/apps/served-models.ts';
import { createJobs } from '../src/jobs/create-jobs.ts';
import type { Jobs } from '../src/jobs/queue.ts';
import { createClassifierModels } from '../src/learning/classifier/classifier-models.ts';
import { createLearning } from '../src/learning/create-learning.ts';
import { createGuardedFetch } from '../src/lib/guarded-fetch.ts';
import { silentLog } from '../src/lib/log.ts';
import { createAnswerCache } from '../src/models/answer-cache.ts';
import { createEndpoints } from '../src/models/create-endpoints.ts';
import { createGateway } from '../src/models/create-gateway.ts';
import { createLibrary } from '../src/models/create-library.ts';
import { createRegistry } from '../src/models/create-registry.ts';
import { createDecider } from '../src/models/decide/create-decider.ts';
import {
  countScriptedTokens,
  createScriptedProvider,
} from '../src/models/providers/scripted/scripted-provider.ts';
import type { ModelProvider } from '../src/models/registry.ts';
import { createLedger } from '../src/monitoring/create-ledger.ts';
import { createKnowledge } from '../src/retrieval/create-knowledge.ts';
import { createFiles } from '../src/retrieval/files.ts';
import { createPassageIndex } from '../src/retrieval/index/create-passage-index.ts';
import { createParserPool } from '../src/retrieval/parse/pool/parser-pool.ts';
import { createStoredFiles } from '../src/retrieval/stored-files.ts';
import { createWordEmbedder } from '../src/retrieval/testing/word-embedder.ts';
import { createBlobKeeper } from '../src/store/blob-keeper.ts';
import { createMeasurements } from '../src/store/measurements.ts';
import { openStore } from '../src/store/open-store.ts';
import { createSealer } from '../src/store/secrets.ts';
import { createSettings } from '../src/store/settings.ts';
import { createStoredResponses } from '../src/store/stored-responses.ts';
import { createUserSettings } from '../src/store/user-settings.ts';
import { createTools } from '../src/tools/create-tools.ts';
import { createMcpServers } from '../src/tools/mcp-servers.ts';
import { createToolSettings } from '../src/tools/tool-settings.ts';

export interface TestApp {
  services: ApiServices;
  runs: RunLog;
  jobs: Jobs;
  request(path: string, init?: RequestInit): Promise<Response>;
  /** A JSON body; the method is POST unless `init` says otherwise. */
  send(path: string, body: unknown, init?: RequestInit): Promise<Response>;
  url(): Promise<string>;
  close(): Promise<void>;
}

const TEST_PORT = 4242;

export interface TestAppOptions {
  providers?: ModelProvider[];
  webDir?: string;
  /** Apps beside those that come with Atelier. */
  apps?: readonly AppDefinition[];
  /** Parts that a test replaces. */
  replace?: Partial<ApiServices>;
}

export async function createTestApp({
  providers,
  webDir,
  apps: definitions = [],
  replace,
}: TestAppOptions = {}): Promise<TestApp> {
  const dataDir = await mkdtemp(join(tmpdir(), 'atelier-api-'));
  const store = await openStore({ dataDir, log: silentLog });
  const access = await createAccess({
    store,
    log: replace?.log ?? silentLog,
    passwordCost: { N: 16, r: 1, p: 1 },
  });
  const settings = await createSettings(store);
  const userSettings = createUserSettings({ store, settings });
  const ledger = createLedger({ store, log: silentLog, keepContent: () => true, flushMs: 5 });
  const scripted = createScriptedProvider();
  const served = createServedModels();
  const classifierModels = createClassifierModels({ store });
  const endpoints = createEndpoints({ store, sealer: createSealer({ dataDir }), log: silentLog });
  const jobs = createJobs({ store, log: silentLog });
  const library = createLibrary({ store, jobs, log: silentLog, dataDir, firstModel: null, env: {} });
  const registry = createRegistry({
    store,
    providers: async () => [
      ...(await endpoints.providers()),
      ...served.providers,
      classifierModels.provider,
      ...(providers ?? [scripted]),
    ],
    changes: [library.onChange, endpoints.onChange, served.onChange, classifierModels.onChange],
  });
  const spending = await createSpending({ store, log: silentLog });
  const gateway = createGateway({
    registry,
    ledger,
    admit: spending.admit,
    answers: createAnswerCache({ store, log: silentLog }),
    tokenCounters: { scripted: countScriptedTokens },
  });
  const guarded = createGuardedFetch();
  const parsers = createParserPool({ processes: 1 });
  const index = createPassageIndex({ store, log: silentLog });
  const embedder = createWordEmbedder();
  const knowledge = createKnowledge({
    store,
    jobs,
    ledger,
    parsers,
    index,
    embedder,
    guarded,
    log: silentLog,
  });
  const runs = createRunLog({ store, log: silentLog, flushMs: 5 });
  const toolSettings = await createToolSettings({ store, log: silentLog });
  const tools = await createTools({
    dataDir,
    version: '0.0.0-test',
    log: silentLog,
    guarded,
    isEnabled: (name) => toolSettings.isEnabled(name),
  });
  toolSettings.onChange(tools.registry.changed);
  const sealer = createSealer({ dataDir });
  const mcpServers = createMcpServers({ store, sealer, source: tools.mcp, log: silentLog });
  const { agents } = createAgentCore({
    store,
    runs,
    gateway,
    registry,
    ledger,
    tools,
    approvalRule: (name) => toolSettings.approvalRule(name),
    knowledge,
    log: silentLog,
  });
  const decider = classifierModels.decider(createDecider({ gateway, registry, ledger }), registry);
  const blobs = createBlobKeeper({ store, log: silentLog });
  const apps = createApps({
    store,
    jobs,
    gateway,
    registry,
    decider,
    ledger,
    sandbox: tools.sandbox,
    log: silentLog,
    blobs,
    sources: [{ definitions: () => definitions, faults: () => [], onChange: () => () => {} }],
  });
  served.connect({ apps, agents, runs, aliases: registry.aliases });
  const chat = createChatService({ store, runs, gateway, registry, ledger, log: silentLog });
  const learning = createLearning({
    store,
    jobs,
    log: silentLog,
    dataDir,
    gateway,
    registry,
    ledger,
    library,
    decider,
    embedder,
    blobs,
    measurements: createMeasurements(store),
    userSettings,
  });
  classifierModels.connect(learning.classifiers);
  const services: ApiServices = {
    config: { port: TEST_PORT, host: null },
    version: '0.0.0-test',
    startedAt: Date.now(),
    log: silentLog,
    store,
    access,
    spending,
    settings,
    userSettings,
    ledger,
    registry,
    gateway,
    jobs,
    endpoints,
    library,
    decider,
    knowledge,
    files: createFiles({ store, blobs }),
    storedFiles: createStoredFiles({ store }),
    responses: createStoredResponses({ store }),
    apps,
    prompts: createPrompts({ store }),
    agents,
    tools,
    toolSettings,
    mcpServers,
    runs,
    chat,
    learning,
    webDir: webDir ?? join(dataDir, 'no-page'),
    ...replace,
  };
  const server = createServer(services);
  let listening: Listening | null = null;
  const request = async (path: string, init?: RequestInit) =>
    server.request(new Request(new URL(path, `http://localhost:${TEST_PORT}`), init));
  return {
    services,
    runs,
    jobs,
    request,
    send: (path, body, init) =>
      request(path, {
        method: 'POST',
        body: JSON.stringify(body),
        ...init,
        headers: { 'content-type': 'application/json', ...init?.headers },
      }),
    async url() {
      listening ??= await listen({ ...services, config: { port: 0, host: null } });
      return listening.url;
    },
    async close() {
      await listening?.close();
      await runs.close(2000);
      await agents.close();
      await tools.close();
      await chat.close();
      await learning.close();
      await apps.close();
      await jobs.stop();
      await knowledge.close();
      await index.close();
      await parsers.close();
      await guarded.close();
      await ledger.close();
      await spending.close();
      await access.close();
      await store.close();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}
